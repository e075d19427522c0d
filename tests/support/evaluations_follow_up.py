"""Follow-up and credit points in the world of tests: last year's result of `employee`, and all that came of it."""

import datetime
from decimal import Decimal

from evaluations.enums import CreditKind, EvaluationState, Predikat
from evaluations.models import (
    Coaching,
    CreditApproval,
    CreditEntry,
    ImprovementChain,
    Plan,
    Recommendation,
    TalentPlacement,
)
from kepegawaian.employees.models import Employee
from tests.evaluations.factories import join, make_cycle, make_evaluation, make_plan

ON = datetime.date(2025, 12, 31)


def objects(world) -> dict:
    """What they name belongs to the year before the running one, which is over and rated."""
    gov, cycle = world.gov, make_cycle(2025)
    last = join(cycle, gov.employee, gov.section_head)
    plan = make_plan(last)
    evaluation = make_evaluation(
        last, cycle.periods.get(kind="year"), state=EvaluationState.FINAL, predikat=Predikat.KURANG
    )
    by, start, end = gov.section_head.user, datetime.date(2026, 1, 20), datetime.date(2026, 7, 20)
    coaching = Coaching.objects.create(
        participant=last,
        kind="bimbingan",
        coach=gov.section_head,
        goal="Laporan tepat waktu",
        starts_on=start,
        ends_on=end,
        opened_by=by,
    )
    chain = ImprovementChain.objects.create(
        participant=last, evaluation=evaluation, starts_on=start, ends_on=end, opened_by=gov.hr.user
    )
    proposal = Recommendation.objects.create(participant=last, kind="training", text="Diklat", proposed_by=by)
    entry = credit(gov.employee, gov.hr.user)
    CreditApproval.objects.create(employee=gov.employee, asked_by=gov.hr.user, approver=gov.section_head)
    found = {f"evaluations:{name}": {"pk": last.pk} for name in OF_PARTICIPANT}
    found |= {f"evaluations:{name}": {"pk": coaching.pk} for name in OF_COACHING}
    found |= {f"evaluations:{name}": {"employee": gov.employee.pk} for name in OF_EMPLOYEE}
    found |= {f"evaluations:{name}": {"code": "plan", "pk": plan.pk} for name in ("paper", "paper_issue")}
    found |= {f"evaluations:{name}": {"code": "skp22"} for name in ("export", "export_later")}
    found |= {f"evaluations_api:{name}": {"participant": last.pk} for name in OF_API}
    found["evaluations_api:credits"] = {"employee": gov.employee.pk}
    found["evaluations_api:export"] = {"code": "skp22"}
    return found | {
        "evaluations:chain": {"pk": chain.pk},
        "evaluations:recommendation_answer": {"pk": proposal.pk},
        "evaluations:credit_reverse": {"pk": entry.pk},
    }


OF_PARTICIPANT = ("follow_up", "propose", "chain_open", "coaching_new", "talent_place")
OF_API = ("follow-up", "coaching", "recommendations")
OF_COACHING = ("coaching", "coaching_session", "coaching_competency", "coaching_review", "coaching_close")
OF_EMPLOYEE = (
    "credits",
    "credits_convert",
    "credits_integrasi",
    "credits_education",
    "credits_jenjang",
    "credits_ask",
    "credits_approve",
    "credits_give_back",
)


def credit(employee, by) -> CreditEntry:
    return CreditEntry.objects.create(
        employee=employee,
        kind=CreditKind.EDUCATION,
        jenjang="ahli_pertama",
        golongan="III/a",
        start=ON,
        end=ON,
        value=Decimal("12.5"),
        source="PAK 2025",
        entered_by=by,
    )


# --- More of everything -----------------------------------------------------------------------------
def grow_follow_up(world, count: int) -> None:
    """Many movements, proposals, coachings with sessions, and people with and without a box."""
    gov = world.gov
    plan = Plan.objects.filter(participant__employee=gov.employee, participant__cycle__year=2025).get()
    last, by = plan.participant, gov.section_head.user
    for _ in range(count):
        credit(gov.employee, gov.hr.user)
        row = Coaching.objects.create(
            participant=last,
            kind="konseling",
            coach=gov.section_head,
            goal="Lagi",
            starts_on=ON,
            ends_on=ON,
            opened_by=by,
        )
        first = last.coaching.order_by("id").first()
        first.sessions.create(held_on=ON, notes="Membahas laporan", written_by=by)
        first.checks.create(competency="Menulis", score=4, reason="Rapi", written_by=by)
        Recommendation.objects.create(participant=row.participant, kind="award", text="Teladan", proposed_by=by)
    _grow_talent(world, count)


def _grow_talent(world, count: int) -> None:
    """Of the colleagues that `grow_people` made: half of them have a box of last year, the others wait for one."""
    gov = world.gov
    cycle = Plan.objects.filter(participant__cycle__year=2025).first().participant.cycle
    taken = cycle.participants.values("employee_id")
    people = Employee.objects.filter(current_unit=gov.section).exclude(pk__in=taken)[: 2 * count]
    for number, person in enumerate(people):
        if person == gov.section_head:
            continue
        one = join(cycle, person, gov.section_head)
        make_plan(one, results=1)
        rated = make_evaluation(one, cycle.periods.get(kind="year"), state=EvaluationState.FINAL)
        if number % 2:
            TalentPlacement.objects.create(
                cycle=cycle,
                employee=person,
                evaluation=rated,
                potential="medium",
                box=5,
                reason="Uji kompetensi",
                placed_by=gov.hr.user,
            )


GROWTH = (grow_follow_up,)
