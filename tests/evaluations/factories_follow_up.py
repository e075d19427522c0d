"""Functional officials, years with periods of every kind, results as if signed, told to whoever follows."""

import datetime

from django.db import transaction

from evaluations.enums import EvaluationState, PeriodKind, Predikat
from evaluations.models import CreditApproval, Cycle, Evaluation, EvaluationStep, Participant, Period
from evaluations.registry import tell_result_change
from evaluations.selectors.credits import entries_of
from evaluations.services import credits_approval
from kepegawaian.employees.enums import PositionKind
from kepegawaian.employees.models import Employee
from tests.employees.factories import EmployeeFactory, Government
from tests.evaluations.factories import join, make_cycle, make_evaluation, make_plan


def official(
    gov: Government, position: str = "Analis Kebijakan Ahli Pertama", golongan: str = "III/a", **kwargs
) -> Employee:
    """A functional official of the first section since 2020, unless `since` says otherwise."""
    return EmployeeFactory(
        unit=gov.section, position=position, position_kind=PositionKind.FUNCTIONAL, golongan=golongan, **kwargs
    )


def year_of(year: int) -> Cycle:
    """The cycle of that year, made where there is none."""
    return Cycle.objects.filter(year=year).first() or make_cycle(year)


def month_of(cycle: Cycle, number: int) -> Period:
    """Beside the quarters that `make_cycle` gives: for conversions of a part of the year."""
    start = datetime.date(cycle.year, number, 1)
    end = datetime.date(cycle.year + number // 12, number % 12 + 1, 1) - datetime.timedelta(days=1)
    return Period.objects.get_or_create(
        cycle=cycle, kind=PeriodKind.MONTH, number=number, defaults={"start": start, "end": end}
    )[0]


def part_of(gov: Government, employee: Employee, year: int) -> Participant:
    """The person's part in that year, with an agreed plan."""
    cycle = year_of(year)
    found = Participant.objects.filter(cycle=cycle, employee=employee).first()
    assessor = gov.office_head if employee == gov.section_head else gov.section_head
    found = found or join(cycle, employee, assessor)
    if found.plan is None:
        make_plan(found)
    return found


def rated(
    gov: Government, employee: Employee, year: int, predikat: Predikat, *, month: int = 0, told: bool = True
) -> Evaluation:
    """A final evaluation of the year, or of one month of it; told as the verb of signing tells it."""
    participant = part_of(gov, employee, year)
    cycle = participant.cycle
    period = month_of(cycle, month) if month else cycle.periods.get(kind=PeriodKind.YEAR)
    evaluation = make_evaluation(participant, period, state=EvaluationState.FINAL, predikat=predikat)
    if told:
        with transaction.atomic():
            tell_result_change(evaluation, replaced=None, actor=gov.section_head.user)
    return evaluation


def established(gov: Government, employee: Employee, *, by: Employee | None = None) -> CreditApproval:
    """The sum of points, asked for by HR and approved by the assessor."""
    credits_approval.ask(actor=gov.hr.user, employee=employee)
    newest = entries_of(employee).last()
    assert newest is not None
    actor = (by or gov.section_head).user
    return credits_approval.approve(actor=actor, employee=employee, seen=newest.pk)


def altered(gov: Government, original: Evaluation, predikat: Predikat) -> Evaluation:
    """What an objection puts in the place of a result, told as the verb of deciding tells it."""
    with transaction.atomic():
        original.refresh_from_db()
        EvaluationStep.objects.create(
            evaluation=original,
            action="replace",
            from_state=original.state,
            to_state=EvaluationState.REPLACED,
            version=original.version + 1,
        )
        original.state, original.version = EvaluationState.REPLACED, original.version + 1
        original.save(update_fields=["state", "version"])
        made = make_evaluation(
            original.participant, original.period, state=EvaluationState.FINAL, predikat=predikat
        )
        tell_result_change(made, replaced=original, actor=gov.office_head.user)
    return made
