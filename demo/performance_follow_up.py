"""What came of last year's results: the line in the record, credit points, talent boxes, coaching, a proposal."""

import datetime
import random
import uuid
from collections.abc import Collection, Sequence
from decimal import Decimal

from evaluations.enums import CoachingKind, EvaluationState, PeriodKind, Potential, Predikat
from evaluations.models import Evaluation
from evaluations.rules.follow_up import coaching_due
from evaluations.selectors.credits import entries_of, has_conversion, standing_of
from evaluations.services import coaching, credits, credits_approval, follow_up
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.employees.enums import PositionKind
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.units.models import RoleAssignment

PEOPLE, OFFICIALS, COACHED = 60, 25, 3
"""Enough to look at; every conversion is put on paper by a worker, which takes a moment each."""


def load(rng: random.Random, shown: Collection[uuid.UUID] = ()) -> None:
    """`shown`: people whom somebody who signs in will look for; they come first."""
    row = RoleAssignment.objects.filter(role=Role.HR_CENTRAL, unit=None).select_related("user").first()
    if row is None:
        return
    hr = row.user
    results = sorted(_results(), key=lambda one: one.participant.employee_id not in shown)
    for evaluation in results[:PEOPLE]:
        follow_up.follow_result(evaluation, replaced=None, actor=None)
    officials = [one for one in results if _functional(one)][:OFFICIALS]
    _points(officials, hr, rng)
    looking = {one.participant.assessor_id for one in results if one.participant.employee_id in shown}
    for number, one in enumerate(officials):  # who signs in as an assessor finds all of his people waiting
        waits = number % 2 == 0 or one.participant.assessor_id in looking
        _establish(one.participant.employee, hr, approved=not waits)
    _boxes(results[:PEOPLE], hr, rng)
    _coach([one for one in results if coaching_due(Predikat(one.predikat))][:COACHED], hr)


def _results() -> list[Evaluation]:
    rows = Evaluation.objects.filter(
        state=EvaluationState.FINAL, period__kind=PeriodKind.YEAR, period__cycle__year=today().year - 1
    )
    related = ("participant__employee__user", "participant__assessor", "participant__cycle", "period__cycle")
    return list(rows.select_related(*related).order_by("id"))


def _functional(evaluation: Evaluation) -> bool:
    return evaluation.participant.employee.current_position_kind == PositionKind.FUNCTIONAL


def _points(results: Sequence[Evaluation], hr: User, rng: random.Random) -> None:
    """What was brought along, where the record tells the *jenjang*, and last year's conversion."""
    for evaluation in results:
        employee = evaluation.participant.employee
        on = datetime.date(today().year - 1, 1, 1)
        span = standing_of(employee, on=on).span
        if span is not None and span.jenjang is not None and employee.user_id != hr.pk:
            value = Decimal(rng.randrange(4, 120)) / 4
            source = f"PAK {on.year - 1}"
            credits.enter_integrasi(actor=hr, employee=employee, on=on, source=source, value=value)
        credits.follow_result(evaluation, replaced=None, actor=None)


def _establish(employee: Employee, hr: User, *, approved: bool) -> None:
    """What the assessor has established is on paper; the rest waits for him."""
    if employee.user_id == hr.pk or not has_conversion(employee):
        return
    waiting = credits_approval.ask(actor=hr, employee=employee)
    newest = entries_of(employee).last()
    if approved and waiting.approver is not None and newest is not None:
        credits_approval.approve(actor=waiting.approver.user, employee=employee, seen=newest.pk)


def _boxes(results: Sequence[Evaluation], hr: User, rng: random.Random) -> None:
    for evaluation in results:
        participant = evaluation.participant
        if participant.employee.user_id != hr.pk and rng.random() < 0.6:
            potential = rng.choices(list(Potential), weights=[2, 5, 3])[0]
            reason = f"Pemetaan kompetensi {participant.cycle.year}"
            follow_up.place_talent(actor=hr, participant=participant, potential=potential, reason=reason)


def _coach(results: Sequence[Evaluation], hr: User) -> None:
    for evaluation in results:
        participant = evaluation.participant
        coach = participant.assessor
        if coach is None or participant.employee.user_id == hr.pk:
            continue
        coaching.open_coaching(
            actor=hr,
            participant=participant,
            evaluation=evaluation,
            kind=CoachingKind.BIMBINGAN,
            coach=coach,
            goal="Laporan bulanan selesai tepat waktu dan sesuai bukti dukung",
            starts_on=today(),
            ends_on=today() + datetime.timedelta(days=90),
        )
        text = "Pelatihan penyusunan laporan kinerja"
        follow_up.propose(actor=coach.user or hr, participant=participant, kind="training", text=text)
