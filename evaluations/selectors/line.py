"""Who stands above whom: the assessor's own superior, as objections and final documents name him."""

import uuid
from collections.abc import Sequence

from django.db.models import F

from evaluations.models import Evaluation, Participant
from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import superior_of
from kepegawaian.lib.dates import today


def part_now(employee: Employee) -> Participant | None:
    """That names who assesses the person now: of the newest year that HR has not closed, else of the last one."""
    rows = Participant.objects.filter(employee=employee, left_on=None, assessor__isnull=False)
    open_first = F("cycle__closed_at").desc(nulls_first=True)
    return (
        rows.select_related("assessor__user", "assessor__current_unit")
        .order_by(open_first, "-cycle__year")
        .first()
    )


def superior_of_assessor(participant: Participant) -> Employee | None:
    """*Atasan pejabat penilai*: the assessor's own assessor in the same cycle (corrected where HR corrected it),
    else his superior in the reporting line. None at the very top. Never the assessed person himself."""
    return superiors_of_assessors([participant])[participant.pk]


def superior_over(evaluation: Evaluation) -> Employee | None:
    """The superior of whom the objection is against: of who signed, whoever assesses the person since; where the
    signer has nobody above him any more, of today's assessor."""
    participant, signer = evaluation.participant, evaluation.assessor
    if signer is None or signer.pk == participant.assessor_id:
        return superior_of_assessor(participant)
    own = Participant.objects.filter(cycle_id=participant.cycle_id, employee=signer, left_on=None)
    row = own.select_related("assessor__user").first()
    holder = superior_of(signer, today()) if row is None or row.assessor is None else None
    found = row.assessor if row is not None and row.assessor is not None else holder and holder.employee
    return found if found and found.pk != participant.employee_id else superior_of_assessor(participant)


def superiors_of_assessors(people: Sequence[Participant]) -> dict[uuid.UUID, Employee | None]:
    """The same for several of one cycle: one statement, and one for each assessor whom nobody assesses there."""
    assessors = {one.assessor_id: one.assessor for one in people if one.assessor is not None}
    if not assessors:
        return {one.pk: None for one in people}
    own = Participant.objects.filter(cycle_id=people[0].cycle_id, employee__in=assessors, left_on=None)
    rows = own.select_related("assessor__user")
    above: dict[uuid.UUID | None, Employee | None] = {row.employee_id: row.assessor for row in rows}
    for key, assessor in assessors.items():
        if above.get(key) is None:
            holder = superior_of(assessor, today())
            above[key] = holder.employee if holder else None
    found = {one.pk: above.get(one.assessor_id) for one in people}
    return {
        one.pk: None if (superior := found[one.pk]) is None or superior.pk == one.employee_id else superior
        for one in people
    }
