"""One participant, or one plan with its lines, that the reader may see. People are read beside it and hung on it:
joining all of them took PostgreSQL longer to plan (5 ms) than to read."""

import uuid
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet, Subquery

from evaluations.models import Participant, Plan
from evaluations.selectors.plans import hang, line_reads
from evaluations.selectors.readers import Reader
from kepegawaian.employees.models import Employee
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.together import Together


def participant_seen(user: Any, pk: uuid.UUID) -> Participant | None:
    """With its plan; one statement."""
    found = _participant(Reader(user, own=False)).all(user=user.pk, one=pk)
    return _hung(*found)


def participant_and_years(user: Any, pk: uuid.UUID) -> tuple[Participant | None, list[tuple[uuid.UUID, int]]]:
    """The same, and every part of that person that the reader may see with its year, the newest first."""
    *found, years = _participant_and_years(Reader(user, own=False)).all(user=user.pk, one=pk)
    return _hung(*found), years


def plan_seen(user: Any, pk: uuid.UUID) -> Plan | None:
    """With its lines; one statement."""
    plans, participants, employees, assessors, *lines = _plan(Reader(user, own=False)).all(user=user.pk, one=pk)
    for plan in plans:
        plan.participant = _hung(participants, employees, assessors)
        hang(plan, *lines)
    return plans[0] if plans else None


def _hung(
    participants: list[Participant], employees: list[Employee], assessors: list[Employee]
) -> Participant | None:
    for participant in participants:
        participant.employee = employees[0]
        if assessors:
            participant.assessor = assessors[0]
    return participants[0] if participants else None


@lru_cache(maxsize=512)
def _participant(reader: Reader) -> Together:
    return Together(lambda slot: _reads(reader, slot))


@lru_cache(maxsize=512)
def _participant_and_years(reader: Reader) -> Together:
    def build(slot: Slots) -> tuple[QuerySet[Any, Any], ...]:
        one = Participant.objects.filter(pk=slot("one")).order_by()
        parts = Participant.objects.visible_to(reader).filter(employee=Subquery(one.values("employee")))
        return *_reads(reader, slot), parts.order_by("-cycle__year").values_list("pk", "cycle__year")

    return Together(build)


@lru_cache(maxsize=512)
def _plan(reader: Reader) -> Together:
    def build(slot: Slots) -> tuple[QuerySet[Any, Any], ...]:
        plans = Plan.objects.visible_to(reader).filter(pk=slot("one")).select_related("posting__unit")
        participant = Subquery(Plan.objects.filter(pk=slot("one")).order_by().values("participant"))
        one = Participant.objects.filter(pk=participant)
        return plans, one.select_related("cycle", "unit"), *_people(one), *line_reads(slot("one"))

    return Together(build)


def _reads(reader: Reader, slot: Slots) -> tuple[QuerySet[Any, Any], ...]:
    one = Participant.objects.filter(pk=slot("one"))
    seen = Participant.objects.visible_to(reader).filter(pk=slot("one"))
    return seen.select_related("cycle", "unit", "plan"), *_people(one)


def _people(one: QuerySet[Participant]) -> tuple[QuerySet[Employee], QuerySet[Employee]]:
    """The person and the assessor, with their accounts."""
    people, one = Employee.objects.select_related("user").order_by(), one.order_by()
    return (
        people.filter(pk=Subquery(one.values("employee"))),
        people.filter(pk=Subquery(one.values("assessor"))),
    )
