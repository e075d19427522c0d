"""What the addresses of the API name that no page names: of the running year, and of the one before it."""

from evaluations.models import (
    Coaching,
    CreditEntry,
    Evidence,
    FeedbackInvitation,
    ImprovementChain,
    Participant,
    Plan,
    PlanTemplate,
    Recommendation,
)

CYCLE = ("detail", "calendar", "preview", "open", "close")
PARTICIPANT = ("detail", "assessor", "assessor-line")
COACHING = ("detail", "sessions", "competencies", "close", "review")
CHAIN = ("detail", "finding", "test", "decision")
CREDITS = ("ask", "approve", "give-back", "convert", "integrasi", "education", "jenjang")


def objects(world) -> dict:
    """After all other parts: what it names they have made."""
    gov, me = world.gov, world.me
    last = Participant.objects.get(cycle__year=2025, employee=gov.employee)
    plan = Plan.objects.filter(participant=me).order_by("id").first()
    coaching, chain = Coaching.objects.get(participant=last), ImprovementChain.objects.get(participant=last)
    asked = FeedbackInvitation.objects.filter(giver=gov.employee).first()
    place = {"unit": gov.section.pk, "period": world.quarter.pk}
    found = {f"evaluations_api:cycle-{name}": {"pk": world.cycle.pk} for name in CYCLE}
    found |= {f"evaluations_api:participant-{name}": {"pk": me.pk} for name in PARTICIPANT}
    found |= {f"evaluations_api:coaching-plan-{name}": {"pk": coaching.pk} for name in COACHING}
    found |= {
        f"evaluations_api:chain-{name}": {"pk": chain.pk} for name in ("detail", "finding", "test", "decision")
    }
    found |= {f"evaluations_api:credits-{name}": {"employee": gov.employee.pk} for name in CREDITS}
    found |= {f"evaluations_api:{name}": {"participant": last.pk} for name in ("chain-open", "talent-place")}
    found |= {f"evaluations_api:{name}": place for name in ("organisation", "distribution")}
    return found | {
        "evaluations_api:credit-reverse": {"pk": CreditEntry.objects.get(employee=gov.employee).pk},
        "evaluations_api:evidence": {"pk": Evidence.objects.first().pk},
        "evaluations_api:evidence-add": {"participant": me.pk},
        "evaluations_api:feedback-decline": {"pk": asked.pk},
        "evaluations_api:paper": {"code": "plan", "pk": last.plan_id},
        "evaluations_api:plan-template": {"pk": PlanTemplate.objects.get().pk},
        "evaluations_api:recommendation-answer": {"pk": Recommendation.objects.get(participant=last).pk},
        **{f"evaluations_api:plan-{name}": {"pk": plan.pk} for name in ("approach", "share")},
        "evaluations_api:plan-move": {"pk": plan.pk, "line": plan.results.first().pk},
    }
