"""Who can stand in: people of one's own office, found by name or number, never listed whole."""

import re
from dataclasses import dataclass

from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import office_of

AT_MOST = 8
_NUMBER = re.compile(r"\b(\d{18})\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A colleague, and the text that names this one alone."""

    employee: Employee
    text: str


def written(employee: Employee) -> str:
    """Name and number, so that the text of the field says who is meant."""
    return f"{employee.full_name} ({employee.current_nip})"


def find_colleagues(employee: Employee, text: str) -> list[Found]:
    """At most eight people of the same office. A NIP in the text decides alone; of names an exact one does."""
    unit = employee.current_unit
    if unit is None or len(text.strip()) < 3:
        return []
    people = (
        Employee.objects.active().filter(current_path__startswith=office_of(unit).path).exclude(pk=employee.pk)
    )
    if number := _NUMBER.search(text.replace(" ", "") if text.replace(" ", "").isdigit() else text):
        matching = people.filter(current_nip=number[1])
    else:
        matching = people.filter(name__icontains=text.strip())
    found = [Found(person, written(person)) for person in matching.order_by("name", "id")[:AT_MOST]]
    exact = [one for one in found if text.strip().lower() in (one.employee.name.lower(), one.text.lower())]
    return exact if len(exact) == 1 else found
