"""Feedback as it may be shown: by name at once, anonymous groups after their period has closed and large enough.

Whatever draws, exports or prints feedback asks here; nothing else reads anonymous rows.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from evaluations.enums import FeedbackRelation, Value
from evaluations.models import Feedback, FeedbackInvitation, Participant, PlanResult
from evaluations.models.cycles import EvaluationSetting, Period, current_setting
from evaluations.rules import anonymity
from evaluations.rules.policy import DEFAULT
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import Text


@dataclass(frozen=True, slots=True)
class Said:
    """A text as shown. `result` names the work result it is about, as the plan has it."""

    text: str
    value: str = ""
    result: str = ""
    giver: str = ""
    given_at: Any = None
    same_text: int = 1
    """About so many people this giver wrote the very same in the period."""

    @property
    def about(self) -> Text:
        if self.value in Value.values:
            return Value(self.value).label
        return self.result


@dataclass(frozen=True, slots=True)
class Batch:
    """`relation` None: of several small groups together, not told which. `givers`: 0 for feedback by name."""

    period: Period
    relation: FeedbackRelation | None
    givers: int
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    named: tuple[Batch, ...] = ()
    anonymous: tuple[Batch, ...] = ()
    withheld: tuple[tuple[Period, frozenset[FeedbackRelation]], ...] = field(default=())
    """Periods with groups too small to be shown; how many gave is not told."""

    def __bool__(self) -> bool:
        return bool(self.named or self.anonymous)


def is_anonymous(relation: str, setting: EvaluationSetting | None = None) -> bool:
    """Whether feedback of that relation is given without a name, as the agency sets it."""
    setting = setting or current_setting()
    return setting.feedback_anonymous and relation in DEFAULT.anonymous_relations


def feedback_shown(participant: Participant, periods: Sequence[Period]) -> Shown:
    """Four statements whatever there is. The caller has seen to it that the reader may see the person."""
    by_key = {period.pk: period for period in periods}
    rows = list(Feedback.objects.filter(participant=participant, period__in=by_key).select_related("giver"))
    if not rows:
        return Shown()
    results = _result_texts(participant, {row.result for row in rows if row.result is not None})
    anonymous = [row for row in rows if row.anonymous]
    batches, withheld = _released(participant, by_key, anonymous, results) if anonymous else ([], [])
    named = [row for row in rows if not row.anonymous]
    return Shown(tuple(_named(by_key, named, results)), tuple(batches), tuple(withheld))


def _named(by_key: dict[Any, Period], rows: list[Feedback], results: dict[Any, str]) -> list[Batch]:
    groups: dict[tuple[Any, str], list[Feedback]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (by_key[row.period_id].start, row.given_at)):
        groups[row.period_id, row.relation].append(row)
    same = _same_texts(rows)
    return [
        Batch(
            by_key[period],
            FeedbackRelation(relation),
            0,
            tuple(_said(row, results, same.get((row.giver_id, row.period_id, row.text), 1)) for row in group),
        )
        for (period, relation), group in groups.items()
    ]


def _same_texts(rows: list[Feedback]) -> dict[Any, int]:
    """Bulk texts: how many people the same giver wrote the same about in the same period."""
    if not rows:
        return {}
    condition = Q()
    for giver, period in {(row.giver_id, row.period_id) for row in rows}:
        condition |= Q(giver=giver, period=period)
    counted = Feedback.objects.filter(condition, text__in={row.text for row in rows})
    grouped = counted.values_list("giver", "period", "text").annotate(n=Count("participant", distinct=True))
    return {(giver, period, text): n for giver, period, text, n in grouped}


def _released(
    participant: Participant, by_key: dict[Any, Period], rows: list[Feedback], results: dict[Any, str]
) -> tuple[list[Batch], list[tuple[Period, frozenset[FeedbackRelation]]]]:
    setting = current_setting()
    givers = _givers(participant, by_key)
    batches, withheld = [], []
    for period in by_key.values():
        texts = {str(row.pk): row for row in rows if row.period_id == period.pk}
        ids: dict[str, list[str]] = defaultdict(list)
        for key, row in texts.items():
            ids[row.relation].append(key)
        groups = [
            anonymity.Group(FeedbackRelation(name), givers.get((period.pk, name), 0), tuple(keys))
            for name, keys in sorted(ids.items())
        ]
        salt = f"{participant.pk}:{period.pk}"
        found = anonymity.release(groups, threshold=setting.feedback_threshold, salt=salt)
        for batch in found.batches:
            said = tuple(_said(texts[key], results) for key in batch.ids)
            batches.append(Batch(period, batch.relation, batch.givers, said))
        if found.withheld:
            withheld.append((period, found.withheld))
    return batches, withheld


def _givers(participant: Participant, periods: Iterable[Any]) -> dict[tuple[Any, str], int]:
    """(period, relation) -> how many gave without a name: those who gave, less those who did so by name."""
    gave = FeedbackInvitation.objects.filter(participant=participant, period__in=list(periods), given=True)
    by_name = Feedback.objects.filter(participant=participant, anonymous=False).values("giver", "period")
    counts: dict[tuple[Any, str], int] = defaultdict(int)
    named = {(row["period"], row["giver"]) for row in by_name}
    for period, relation, giver in gave.values_list("period", "relation", "giver"):
        counts[period, relation] += (period, giver) not in named
    return counts


def _said(row: Feedback, results: dict[Any, str], same: int = 1) -> Said:
    return Said(
        text=row.text,
        value=row.value,
        result=results.get(row.result, ""),
        giver=row.giver.full_name if row.giver else "",
        given_at=row.given_at,
        same_text=same,
    )


def _result_texts(participant: Participant, origins: set[uuid.UUID]) -> dict[Any, str]:
    if not origins:
        return {}
    rows = PlanResult.objects.filter(plan__participant=participant, origin__in=origins).order_by("id")
    return dict(rows.values_list("origin", "text"))


# --- Who gives ------------------------------------------------------------------------------------
def relation_of(giver: Employee, participant: Participant) -> FeedbackRelation | None:
    """Of a giver who comes uninvited; None for strangers, whom the person or the assessor may ask."""
    if giver.pk == participant.employee_id:
        return FeedbackRelation.SELF
    if giver.pk == participant.assessor_id:
        return FeedbackRelation.SUPERIOR
    own = Participant.objects.filter(cycle_id=participant.cycle_id, employee=giver, left_on=None).first()
    if own is None:
        return None
    if own.assessor_id == participant.employee_id:
        return FeedbackRelation.SUBORDINATE
    same_assessor = own.assessor_id is not None and own.assessor_id == participant.assessor_id
    same_unit = own.unit_id is not None and own.unit_id == participant.unit_id
    return FeedbackRelation.PEER if same_assessor or same_unit else None


def colleagues(participant: Participant, *, limit: int = 60) -> list[tuple[Participant, FeedbackRelation]]:
    """Whom one may ask by a tick: peers and subordinates, by name."""
    near = Q(assessor_id=participant.employee_id)
    if participant.unit_id:
        near |= Q(unit_id=participant.unit_id)
    if participant.assessor_id:
        near |= Q(assessor_id=participant.assessor_id)
    rows = Participant.objects.taking_part().filter(near, cycle_id=participant.cycle_id)
    rows = rows.exclude(pk=participant.pk)
    if participant.assessor_id:
        rows = rows.exclude(employee_id=participant.assessor_id)
    found = rows.filter(employee__user__isnull=False).select_related("employee").order_by("employee__name", "id")
    return [
        (
            row,
            FeedbackRelation.SUBORDINATE if row.assessor_id == participant.employee_id else FeedbackRelation.PEER,
        )
        for row in found[:limit]
    ]
