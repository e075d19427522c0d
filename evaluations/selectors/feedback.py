"""Feedback as it may be shown: by name at once, anonymous groups after their period has closed and large enough.

Whatever draws, exports or prints feedback asks here; nothing else reads anonymous rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from evaluations.enums import FeedbackRelation, Value
from evaluations.models import Feedback, FeedbackInvitation, Participant, PlanResult
from evaluations.models.cycles import EvaluationSetting, Period, current_setting
from evaluations.rules import anonymity
from evaluations.rules.policy import DEFAULT
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.together import read_together


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
    """One statement whatever there is. The caller has seen to it that the reader may see the person."""
    by_key = {period.pk: period for period in periods}
    given = Feedback.objects.filter(participant=participant, period__in=by_key)
    about = PlanResult.objects.filter(
        plan__participant=participant, origin__in=given.filter(result__isnull=False).values("result")
    )
    rows, texts, settings, gave, by_name = read_together(
        given.select_related("giver").annotate(same=_same_texts()),
        about.order_by("id").values_list("origin", "text"),
        EvaluationSetting.objects.all(),
        FeedbackInvitation.objects.filter(participant=participant, period__in=by_key, given=True).values_list(
            "period", "relation", "giver"
        ),
        given.filter(anonymous=False).values_list("period", "giver"),
    )
    if not rows:
        return Shown()
    results, named = dict(texts), [row for row in rows if not row.anonymous]
    setting = settings[0] if settings else EvaluationSetting()
    released = _Released(participant, setting, _givers(gave, by_name))
    batches, withheld = released.of(by_key, [row for row in rows if row.anonymous], results)
    return Shown(tuple(_named(by_key, named, results)), tuple(batches), tuple(withheld))


def _same_texts() -> Subquery:
    """Bulk texts: about how many people the same giver wrote the same in the same period; nothing for nobody."""
    alike = Feedback.objects.filter(giver=OuterRef("giver"), period=OuterRef("period"), text=OuterRef("text"))
    counted = alike.order_by().values("text").annotate(n=Count("participant", distinct=True))
    return Subquery(counted.values("n"))


def _place(row: Feedback) -> tuple[bool, bool, str]:
    """Of texts given at one moment: about values first, then results, then the whole. Their keys tell no order."""
    return not row.value, row.result is None, row.text


def _named(by_key: dict[Any, Period], rows: list[Any], results: dict[Any, str]) -> list[Batch]:
    groups: dict[tuple[Any, str], list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (by_key[row.period_id].start, row.given_at, *_place(row))):
        groups[row.period_id, row.relation].append(row)
    return [
        Batch(
            by_key[period],
            FeedbackRelation(relation),
            0,
            tuple(_said(row, results, row.same or 1) for row in group),
        )
        for (period, relation), group in groups.items()
    ]


@dataclass(frozen=True, slots=True)
class _Released:
    """Anonymous feedback in groups that are large enough. `givers`: (period, relation) -> how many."""

    participant: Participant
    setting: EvaluationSetting
    givers: dict[tuple[Any, str], int]

    def of(
        self, by_key: dict[Any, Period], rows: list[Feedback], results: dict[Any, str]
    ) -> tuple[list[Batch], list[tuple[Period, frozenset[FeedbackRelation]]]]:
        batches, withheld = [], []
        for period in by_key.values() if rows else ():
            texts = {str(row.pk): row for row in rows if row.period_id == period.pk}
            found = self._release(period, texts)
            for batch in found.batches:
                said = tuple(_said(texts[key], results) for key in batch.ids)
                batches.append(Batch(period, batch.relation, batch.givers, said))
            if found.withheld:
                withheld.append((period, found.withheld))
        return batches, withheld

    def _release(self, period: Period, texts: dict[str, Feedback]) -> anonymity.Release:
        ids: dict[str, list[str]] = defaultdict(list)
        for key, row in texts.items():
            ids[row.relation].append(key)
        groups = [
            anonymity.Group(FeedbackRelation(name), self.givers.get((period.pk, name), 0), tuple(keys))
            for name, keys in sorted(ids.items())
        ]
        salt = f"{self.participant.pk}:{period.pk}"
        return anonymity.release(groups, threshold=_threshold(period, self.setting), salt=salt)


def _threshold(period: Period, setting: EvaluationSetting) -> int:
    """What was promised to who wrote in the period, or what is stricter today: lowering it shows nothing more."""
    return max(period.feedback_threshold or 0, setting.feedback_threshold)


def _givers(
    gave: Iterable[tuple[Any, str, Any]], by_name: Iterable[tuple[Any, Any]]
) -> dict[tuple[Any, str], int]:
    """How many gave without a name: those who gave, less those who did so by name. By period of one person, or by
    person of one period: the first of each tuple."""
    counts: dict[tuple[Any, str], int] = defaultdict(int)
    named = set(by_name)
    for period, relation, giver in gave:
        counts[period, relation] += (period, giver) not in named
    return counts


def who_can_read(period: Period, people: Collection[Any]) -> set[Any]:
    """Which of these participants find anonymous feedback of the closed period; four statements for all."""
    given = Feedback.objects.filter(period=period, participant__in=people)
    groups = given.filter(anonymous=True).values_list("participant", "relation").distinct()
    gave = FeedbackInvitation.objects.filter(period=period, participant__in=people, given=True)
    counts = _givers(
        gave.values_list("participant", "relation", "giver"),
        given.filter(anonymous=False).values_list("participant", "giver"),
    )
    found: dict[Any, list[anonymity.Group]] = defaultdict(list)
    for participant, relation in groups:
        number = counts.get((participant, relation), 0)
        found[participant].append(anonymity.Group(FeedbackRelation(relation), number, ()))
    threshold = _threshold(period, current_setting())
    return {key for key, rows in found.items() if anonymity.release(rows, threshold=threshold).batches}


def _said(row: Feedback, results: dict[Any, str], same: int = 1) -> Said:
    return Said(
        text=row.text,
        value=row.value,
        result=results.get(row.result, ""),
        giver=row.giver.full_name if row.giver else "",
        given_at=row.given_at,
        same_text=same,
    )


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
