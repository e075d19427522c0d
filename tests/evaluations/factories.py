"""A government with a running cycle, and short ways to plans and evaluations, past the verbs: for tests of what
comes after them. Tests of the verbs themselves use the verbs."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from evaluations.enums import (
    Aspect,
    AssessorSource,
    CycleState,
    EvaluationState,
    PeriodKind,
    PlanState,
    Predikat,
    Rating,
    ResultKind,
)
from evaluations.models import (
    AssessorAssignment,
    Cycle,
    Evaluation,
    EvaluationStep,
    Indicator,
    Participant,
    Period,
    Plan,
    PlanResult,
    PlanStep,
    Posting,
)
from kepegawaian.employees.models import Employee
from tests.employees.factories import Government, make_government
from tests.support.remembered import remembered

YEAR = 2026
JANUARY_1, DECEMBER_31 = datetime.date(YEAR, 1, 1), datetime.date(YEAR, 12, 31)


def make_cycle(year: int = YEAR, **kwargs) -> Cycle:
    """An open cycle with four quarters and the year."""
    facts = {"state": CycleState.OPEN, "opened_at": timezone.now(), **kwargs}
    cycle = Cycle.objects.create(year=year, **facts)
    spans = [((1, 1), (3, 31)), ((4, 1), (6, 30)), ((7, 1), (9, 30)), ((10, 1), (12, 31))]
    for number, (first, last) in enumerate(spans, start=1):
        start, end = datetime.date(year, *first), datetime.date(year, *last)
        Period.objects.create(cycle=cycle, kind=PeriodKind.QUARTER, number=number, start=start, end=end)
    start, end = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    Period.objects.create(cycle=cycle, kind=PeriodKind.YEAR, number=0, start=start, end=end)
    return cycle


def join(cycle: Cycle, employee: Employee, assessor: Employee | None) -> Participant:
    """A participant with one posting and, given an assessor, one assignment, both since the first day."""
    start = datetime.date(cycle.year, 1, 1)
    unit = employee.current_unit
    participant = Participant.objects.create(
        cycle=cycle,
        employee=employee,
        unit=unit,
        path=employee.current_path,
        position=employee.current_position,
        assessor=assessor,
        joined_on=start,
    )
    Posting.objects.create(
        participant=participant,
        unit=unit,
        position=employee.current_position,
        position_kind=employee.current_position_kind,
        rank=employee.current_golongan,
        valid_from=start,
    )
    if assessor is not None:
        AssessorAssignment.objects.create(
            participant=participant, assessor=assessor, source=AssessorSource.PROPOSED, valid_from=start
        )
    return participant


def make_plan(participant: Participant, *, state: str = PlanState.AGREED, results: int = 2) -> Plan:
    """A quantitative plan with `results` main results of one indicator each, in `state`, and its log."""
    posting = participant.postings.latest("number")
    plan = Plan.objects.create(participant=participant, posting=posting)
    for number in range(1, results + 1):
        result = PlanResult.objects.create(
            plan=plan,
            origin=uuid.uuid4(),
            kind=ResultKind.MAIN,
            number=number,
            text=f"Tersedianya laporan layanan {number}",
            intervened_text="Meningkatnya mutu layanan",
        )
        Indicator.objects.create(
            result=result,
            origin=uuid.uuid4(),
            number=1,
            aspect=Aspect.KUANTITAS,
            text="Jumlah laporan yang selesai",
            target="12 laporan",
        )
    if state != PlanState.DRAFT:
        move_plan(plan, state)
    Participant.objects.filter(pk=participant.pk).update(plan=plan)
    participant.plan = plan
    return plan


def move_plan(plan: Plan, state: str) -> None:
    """Along the table to `state`, with a step each, as the database wants it."""
    path = {
        PlanState.SUBMITTED: [PlanState.SUBMITTED],
        PlanState.RETURNED: [PlanState.SUBMITTED, PlanState.RETURNED],
        PlanState.AGREED: [PlanState.SUBMITTED, PlanState.AGREED],
    }[PlanState(state)]
    for target in path:
        origin, plan.state, plan.version = plan.state, target, plan.version + 1
        if target == PlanState.SUBMITTED:
            plan.submitted_at = timezone.now()
        if target == PlanState.AGREED:
            plan.agreed_at, plan.assessor = timezone.now(), plan.participant.assessor
        PlanStep.objects.create(
            plan=plan, action="submit", from_state=origin, to_state=target, version=plan.version
        )
        plan.save()


def make_evaluation(
    participant: Participant,
    period: Period,
    *,
    state: str = EvaluationState.OPEN,
    predikat: Predikat = Predikat.BAIK,
) -> Evaluation:
    """For the participant's plan, rated so that `predikat` comes out, in `state`."""
    ratings = {
        Predikat.SANGAT_BAIK: (Rating.ABOVE, Rating.ABOVE),
        Predikat.BAIK: (Rating.EXPECTED, Rating.EXPECTED),
        Predikat.BUTUH_PERBAIKAN: (Rating.BELOW, Rating.EXPECTED),
        Predikat.KURANG: (Rating.EXPECTED, Rating.BELOW),
        Predikat.SANGAT_KURANG: (Rating.BELOW, Rating.BELOW),
    }[predikat]
    evaluation = Evaluation.objects.create(
        participant=participant, period=period, plan=participant.plan, assessor=participant.assessor
    )
    states = [EvaluationState.OPEN, EvaluationState.ASSESSED, EvaluationState.FINAL]
    for target in states[1 : states.index(EvaluationState(state)) + 1]:
        origin, evaluation.state, evaluation.version = evaluation.state, target, evaluation.version + 1
        evaluation.results_rating, evaluation.behaviour_rating = ratings
        evaluation.results_reason = "Target tercapai menurut bukti"
        evaluation.behaviour_reason = "Menurut umpan balik rekan"
        evaluation.predikat, evaluation.assessed_at = predikat, timezone.now()
        if target == EvaluationState.FINAL:
            evaluation.signed_at = timezone.now()
        EvaluationStep.objects.create(
            evaluation=evaluation, action="assess", from_state=origin, to_state=target, version=evaluation.version
        )
        evaluation.save()
    return evaluation


@dataclass
class PerformanceWorld:
    """A small government in which the section's staff are assessed by its head, who is by the office's head."""

    gov: Government
    cycle: Cycle
    people: dict[uuid.UUID, Participant] = field(default_factory=dict)

    def of(self, employee: Employee) -> Participant:
        return self.people[employee.pk]

    @property
    def me(self) -> Participant:
        """An ordinary member of staff."""
        return self.of(self.gov.employee)

    @property
    def quarter(self) -> Period:
        return self.cycle.periods.get(kind=PeriodKind.QUARTER, number=1)

    @property
    def year(self) -> Period:
        return self.cycle.periods.get(kind=PeriodKind.YEAR)


@remembered
def make_world(**kwargs) -> PerformanceWorld:
    """`make_government` with an open cycle and everybody in it. `kwargs` go to `make_government`."""
    gov = make_government(**kwargs)
    world = PerformanceWorld(gov, make_cycle())
    line: Sequence[tuple[Employee, Employee | None]] = [
        (gov.secretary, None),
        (gov.office_head, gov.secretary),
        (gov.section_head, gov.office_head),
        (gov.second_section_head, gov.office_head),
        *((person, gov.section_head) for person in gov.staff),
        *((person, gov.second_section_head) for person in gov.second_staff),
    ]
    for employee, assessor in line:
        world.people[employee.pk] = join(world.cycle, employee, assessor)
    return world
