"""A page of people with their plan and their evaluation of a period: 25 out of 100,000."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import QuerySet

from evaluations.enums import EvaluationState, Predikat, Rating
from evaluations.models import Evaluation, Participant, Period, Posting
from evaluations.selectors.monitor import MOVED
from evaluations.selectors.ratings import held_at
from kepegawaian.employees.models import Employee
from kepegawaian.employees.rules import full_name
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.together import Together


@dataclass(frozen=True, slots=True)
class Rated:
    """The evaluation that counts."""

    pk: uuid.UUID
    state: EvaluationState
    readable: bool
    """Drafts are for their assessor alone, and one's own evaluation is once it is signed. Else without ratings."""
    results: Rating | None
    behaviour: Rating | None
    predikat: Predikat | None
    """Before it is signed it is the assessor's own."""
    late: bool
    signed_at: datetime.datetime | None
    rater: str
    """Whose it is, as he is written; "" in lists of today."""


@dataclass(frozen=True, slots=True)
class Line:
    pk: uuid.UUID
    name: str
    nip: str
    unit: str | None
    excused_reason: str
    left_on: datetime.date | None
    plan_state: str | None
    plan_late: bool | None
    submitted_at: datetime.datetime | None
    agreed_at: datetime.datetime | None
    moved: bool
    """To another post within the year; no date binds its plan."""
    assessor: str
    """As it is written; no assessor: ""."""
    rated: Rated | None


_NAME = ("name", "title_front", "title_back")
_PLAN = ("plan__state", "plan__late", "plan__submitted_at", "plan__agreed_at")
_COLUMNS = (
    "pk",
    "employee__user",
    "assessor_id",
    "employee__current_nip",
    "unit__name",
    "excused_reason",
    "left_on",
)


def _parts(slot: Slots, *, then: bool) -> tuple[QuerySet[Any, Any], ...]:
    """Hung on each other instead of joined: planning the joins took the database longer than reading them."""
    shown = Participant.objects.filter(pk__in=slot.any("people", "uuid")).order_by()
    rated = Evaluation.objects.filter(participant__in=slot.any("people", "uuid"), period=slot("period"))
    rated = rated.exclude(state=EvaluationState.REPLACED).order_by()
    sitting = shown.values("assessor")
    assessors = Employee.objects.filter(pk__in=sitting.union(rated.values("assessor")) if then else sitting)
    ratings = ("pk", "state", "results_rating", "behaviour_rating", "predikat", "late", "signed_at", "assessor_id")
    former = Posting.objects.filter(held_at(slot("end")), participant__in=slot.any("people", "uuid"))
    return (
        shown.values_list(*_COLUMNS, *_PLAN, MOVED, *(f"employee__{part}" for part in _NAME)),
        rated.values_list("participant_id", *ratings),
        assessors.order_by().values_list("pk", *_NAME),
        *([former.order_by().values_list("participant_id", "unit__name")] if then else []),
    )


_NOW, _THEN = Together(partial(_parts, then=False)), Together(partial(_parts, then=True))


def lines_of(keys: list[uuid.UUID], period: Period, reader: Any) -> list[Line]:
    """With the unit and the assessor of today; in any order, one statement."""
    return _lines(_NOW.all(people=keys, period=period.pk), reader)


def lines_then(keys: list[uuid.UUID], period: Period, reader: Any) -> list[Line]:
    """With the unit in which each was when the period ended, and who rated him there; one statement."""
    *parts, former = _THEN.all(people=keys, period=period.pk, end=period.end)
    units = dict(former)
    return [
        replace(line, unit=units.get(line.pk, line.unit), assessor=_rater(line) or line.assessor)
        for line in _lines(parts, reader)
    ]


def _rater(line: Line) -> str:
    return line.rated.rater if line.rated else ""


def _lines(parts: Sequence[list[Any]], reader: Any) -> list[Line]:
    people, ratings, assessors = parts
    own = {key for key, user, *_more in people if user == reader.pk}
    names = {key: full_name(*name) for key, *name in assessors}
    rated = {key: _rated(*row, rater=names.get(rater, ""), own=key in own) for key, *row, rater in ratings}
    return [
        Line(
            *(key, full_name(*name), nip, unit, excused, left),
            *(state, late, submitted, agreed, moved),
            *(names.get(assessor, ""), rated.get(key)),
        )
        for key, _user, assessor, nip, unit, excused, left, state, late, submitted, agreed, moved, *name in people
    ]


def _rated(
    pk: uuid.UUID,
    state: str,
    results: str,
    behaviour: str,
    predikat: str,
    late: bool,
    signed_at: Any,
    *,
    rater: str,
    own: bool,
) -> Rated:
    told = state == EvaluationState.FINAL or (state == EvaluationState.ASSESSED and not own)
    return Rated(
        pk,
        EvaluationState(state),
        told,
        Rating(results) if told and results else None,
        Rating(behaviour) if told and behaviour else None,
        Predikat(predikat) if told and predikat else None,
        late,
        signed_at,
        rater,
    )
