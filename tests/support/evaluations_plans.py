"""Plans in the world of tests: the employee's agreed one with a comment, its next version as a draft, an example.

Parts that come later find the agreed plan at `world.me.plan`.
"""

import uuid

from evaluations.models import Indicator, Participant, Plan, PlanComment, PlanResult, PlanTemplate
from evaluations.services import plans as verbs
from tests.evaluations.factories import make_plan

OF_AGREED = ("plan", "plan_answer", "plan_change", "plan_comment", "plan_link", "plan_share", "plan_withdraw")
OF_DRAFT = ("plan_discard", "plan_edit", "plan_save", "plan_submit")
ACTIONS = ("detail", "lines", "link", "submit", "withdraw", "return", "give-back", "agree", "change", "comments")


def objects(world) -> dict:
    me, user = world.me, world.gov.employee.user
    plan = make_plan(me)
    draft = verbs.change(actor=user, plan=plan, reason="Anggaran berubah")
    above = world.cycle.participants.get(employee=world.gov.section_head)
    make_plan(above)
    comment = verbs.comment(
        actor=world.gov.section_head.user, plan=plan, text="Angkanya dari mana?", asks_change=True
    )
    example = verbs.share(actor=user, plan=plan, title="Penata layanan")
    found = {f"evaluations:{name}": {"pk": plan.pk} for name in OF_AGREED}
    found |= {f"evaluations:{name}": {"pk": draft.pk} for name in OF_DRAFT}
    found |= {f"evaluations:{name}": {"pk": me.pk} for name in ("person", "plan_start")}
    found |= {f"evaluations_api:plan-{name}": {"pk": plan.pk} for name in ACTIONS}
    found["evaluations:plan_settle"] = {"pk": comment.pk}
    found["evaluations:plan_unshare"] = {"pk": example.pk}
    found["evaluations_api:plan-remove"] = {"pk": draft.pk, "line": draft.results.first().pk}
    found["evaluations_api:plan-settle"] = {"pk": plan.pk, "comment": comment.pk}
    return found


def grow_plans(world, count: int) -> None:
    """More lines in the draft, more words about the agreed plan, more examples and earlier versions of others."""
    me = Participant.objects.get(cycle__year=2026, employee=world.gov.employee)
    plan, draft = Plan.objects.get(participant=me, state="agreed"), Plan.objects.get(participant=me, state="draft")
    first = draft.results.count() + 1
    results = [
        PlanResult(plan=draft, origin=uuid.uuid4(), number=first + number, text=f"Tersusunnya laporan {number}")
        for number in range(min(count, 4))
    ]
    PlanResult.objects.bulk_create(results)
    Indicator.objects.bulk_create(
        Indicator(result=row, origin=uuid.uuid4(), number=1, text="Jumlah laporan", target="12 laporan")
        for row in results
    )
    author = world.gov.section_head.user
    PlanComment.objects.bulk_create(
        PlanComment(participant=me, plan=plan, text="Sudah jelas", author=author) for _ in range(count)
    )
    example = PlanTemplate.objects.first()
    facts = {name: getattr(example, name) for name in ("position", "approach", "content", "shared_by_id", "path")}
    PlanTemplate.objects.bulk_create(PlanTemplate(title=f"Contoh {n}", **facts) for n in range(count))


GROWTH = (grow_plans,)
