"""Who stands above whom: the assessor's own superior, as objections and final documents name him."""

from django.db.models import F

from evaluations.models import Participant
from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import superior_of
from kepegawaian.lib.dates import today


def assessor_of(employee: Employee) -> Employee | None:
    """Who assesses the person now: in the newest year that HR has not closed, else in the last one."""
    rows = Participant.objects.filter(employee=employee, left_on=None, assessor__isnull=False)
    open_first = F("cycle__closed_at").desc(nulls_first=True)
    row = rows.select_related("assessor__current_unit").order_by(open_first, "-cycle__year").first()
    return row.assessor if row else None


def superior_of_assessor(participant: Participant) -> Employee | None:
    """*Atasan pejabat penilai*: the assessor's own assessor in the same cycle (corrected where HR corrected it),
    else his superior in the reporting line. None at the very top. Never the assessed person himself."""
    assessor = participant.assessor
    if assessor is None:
        return None
    own = Participant.objects.filter(cycle_id=participant.cycle_id, employee=assessor, left_on=None)
    row = own.select_related("assessor__user").first()
    if row is not None and row.assessor is not None:
        found: Employee | None = row.assessor
    else:
        holder = superior_of(assessor, today())
        found = holder.employee if holder else None
    return None if found is None or found.pk == participant.employee_id else found
