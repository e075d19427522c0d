"""Who can stand in: people in service of one's own office, found by name or number, never listed whole."""

from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.employees.reporting import office_of


def colleagues_of(employee: Employee) -> EmployeeQuerySet:
    unit = employee.current_unit
    if unit is None:
        return Employee.objects.none()
    people = Employee.objects.active().filter(current_path__startswith=office_of(unit).path)
    return people.exclude(pk=employee.pk)
