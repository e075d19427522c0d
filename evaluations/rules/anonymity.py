"""Anonymous feedback that stays so (performance reference 6: how is the agency's choice).

A group is shown only from a number of different givers on, a hidden group never alone, and all texts of a period
at once when it closes: what is added between two looks is a whole group or nothing. Rows carry a random id, no
giver and no time; those who gave are counted from the invitations. A text once shown is not taken back singly.
"""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluations.enums import FeedbackRelation
from evaluations.rules.clocks import PeriodSpan, period_of
from evaluations.rules.policy import DEFAULT


@dataclass(frozen=True, slots=True)
class Group:
    """What one relation gave about one person in one period: by how many people, and ids of the texts."""

    relation: FeedbackRelation
    givers: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts that may be shown together; `relation` None: of several groups, not told which."""

    relation: FeedbackRelation | None
    givers: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """`withheld`: relations of which nothing is told, not even a number."""

    batches: tuple[Batch, ...]
    withheld: frozenset[FeedbackRelation]


def accepts(closes_on: datetime.date, today: datetime.date) -> bool:
    """Feedback goes into a period up to and on its closing day; later it belongs to the next one."""
    return today <= closes_on


def is_published(closes_on: datetime.date, today: datetime.date) -> bool:
    """From the day after; never while anything may still be added."""
    return not accepts(closes_on, today)


def next_closing(today: datetime.date, closings: Iterable[datetime.date]) -> datetime.date | None:
    """Of the period that feedback written today belongs to; None after the last one."""
    return min((day for day in closings if accepts(day, today)), default=None)


def release(
    groups: Sequence[Group],
    *,
    threshold: int = DEFAULT.feedback_threshold,
    merge: bool = DEFAULT.merge_small_groups,
    salt: str = "",
) -> Release:
    """What a closed period shows. `salt` names person and period, so that the order says nothing elsewhere.

    Groups below the threshold hide, with the next smallest while all hidden ones together are too few: so none
    hides alone. With `merge` these are shown together without their relation, otherwise not at all.
    """
    given = [group for group in groups if group.givers]
    hidden = _hidden(given, threshold)
    batches = [
        Batch(group.relation, group.givers, shuffled(group.ids, salt=salt))
        for group in given
        if group not in hidden
    ]
    number = sum(group.givers for group in hidden)
    if merge and len(hidden) > 1 and number >= threshold:
        ids = [one for group in hidden for one in group.ids]
        return Release((*batches, Batch(None, number, shuffled(ids, salt=salt))), frozenset())
    return Release(tuple(batches), frozenset(group.relation for group in hidden))


def _hidden(given: Sequence[Group], threshold: int) -> list[Group]:
    small = [group for group in given if group.givers < threshold]
    rest = sorted(
        (group for group in given if group.givers >= threshold), key=lambda group: (group.givers, group.relation)
    )
    while small and rest and sum(group.givers for group in small) < threshold:
        small.append(rest.pop(0))
    return small


def shuffled(ids: Iterable[str], *, salt: str) -> tuple[str, ...]:
    """In the order of a digest: the same at every look, and nothing of the order in which they came."""
    return tuple(sorted(ids, key=lambda one: hashlib.sha256(f"{salt}:{one}".encode()).digest()))


def coarse_date(day: datetime.date, spans: Iterable[PeriodSpan]) -> datetime.date | None:
    """The last day of its period: all that pages, exports and the API tell of when; None outside the cycle."""
    span = period_of(day, spans)
    return span.end if span else None
