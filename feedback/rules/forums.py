"""What a forum allows when (reference 5.3). Dates are inclusive; of phases that overlap each opens its own."""

import datetime
import math
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Protocol, TypeVar

from feedback.enums import PhaseKind

FEWEST_OPTIONS, MOST_OPTIONS, LONGEST_OPTION = 2, 6, 150
"""Of a poll of a meeting; the last in letters."""
MOST_NUMBERS = 8


@dataclass(frozen=True, slots=True)
class Allows:
    """What may be done now."""

    proposals: bool = False
    supports: bool = False
    comments: bool = False


class PhaseLike(Protocol):
    starts_on: datetime.date
    ends_on: datetime.date
    proposals: bool
    supports: bool
    comments: bool


class Ranked(Protocol):
    number: int
    supports: int


P = TypeVar("P", bound=PhaseLike)
R = TypeVar("R", bound=Ranked)


class Standing(StrEnum):
    COMING = "coming"
    OPEN = "open"
    FINISHED = "finished"


PHASES: dict[PhaseKind, Allows] = {
    PhaseKind.INFORMATION: Allows(comments=True),
    PhaseKind.DIAGNOSIS: Allows(comments=True),
    PhaseKind.PROPOSALS: Allows(proposals=True, comments=True),
    PhaseKind.PRIORITISATION: Allows(supports=True, comments=True),
    PhaseKind.DECISION: Allows(),
    PhaseKind.EVALUATION: Allows(),
    PhaseKind.MONITORING: Allows(comments=True),
}
"""What each kind of phase opens unless its organiser decides otherwise. Nobody votes while others still propose,
and nothing moves while the meeting decides."""


def standing(starts_on: datetime.date, ends_on: datetime.date, on: datetime.date) -> Standing:
    if on < starts_on:
        return Standing.COMING
    return Standing.FINISHED if on > ends_on else Standing.OPEN


def open_phases(phases: Iterable[P], on: datetime.date) -> list[P]:
    return [phase for phase in phases if phase.starts_on <= on <= phase.ends_on]


def allowed(phases: Iterable[PhaseLike], on: datetime.date) -> Allows:
    running = open_phases(phases, on)
    return Allows(
        proposals=any(phase.proposals for phase in running),
        supports=any(phase.supports for phase in running),
        comments=any(phase.comments for phase in running),
    )


def counts_shown(phases: Iterable[PhaseLike], on: datetime.date, *, hidden: bool) -> bool:
    """Hidden counts appear when the last phase of support is over, and then for good."""
    return not hidden or all(phase.ends_on < on for phase in phases if phase.supports)


def next_opening(phases: Iterable[PhaseLike], on: datetime.date, what: str) -> datetime.date | None:
    """The next day from which `what` ("proposals", "supports" or "comments") is open again, if it ever is."""
    return min(
        (phase.starts_on for phase in phases if getattr(phase, what) and phase.starts_on > on), default=None
    )


def seconds_to_wait(last: datetime.datetime | None, now: datetime.datetime, gap: int) -> int:
    """Slow mode: how long until the same person may comment again."""
    if last is None:
        return 0
    return max(0, math.ceil(gap - (now - last).total_seconds()))


def editable_until(created: datetime.datetime, minutes: int) -> datetime.datetime:
    return created + datetime.timedelta(minutes=minutes)


def ranking(proposals: Iterable[R]) -> list[R]:
    """Most supports first; with equal ones the proposal that came first (the tie rule that ships)."""
    return sorted(proposals, key=lambda proposal: (-proposal.supports, proposal.number))


def overtaken(proposals: Iterable[Ranked], accepted: Container[int]) -> dict[int, list[int]]:
    """Where a meeting departs from the order of votes: of each accepted number those that rank above it and are
    not accepted."""
    passed: list[int] = []
    found: dict[int, list[int]] = {}
    for proposal in ranking(proposals):
        if proposal.number not in accepted:
            passed.append(proposal.number)
        elif passed:
            found[proposal.number] = list(passed)
    return found


def numbered(numbers: Sequence[int]) -> str:
    """Numbers of proposals within a sentence; of many the first and how many more."""
    shown = ", ".join(map(str, numbers[:MOST_NUMBERS]))
    return f"{shown}, +{len(numbers) - MOST_NUMBERS}" if len(numbers) > MOST_NUMBERS else shown


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """A phase of a template: begins `after` days into the process and lasts `days`."""

    kind: PhaseKind
    title: str
    text: str
    after: int
    days: int

    def dates(self, start: datetime.date) -> tuple[datetime.date, datetime.date]:
        first = start + datetime.timedelta(days=self.after)
        return first, first + datetime.timedelta(days=self.days - 1)


def last_day(phases: Sequence[PhaseDraft], start: datetime.date) -> datetime.date:
    return max(phase.dates(start)[1] for phase in phases)


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """How a text became another, word by word: ("same" | "gone" | "new", words)."""
    before, after = _pieces(old), _pieces(new)
    found: list[tuple[str, str]] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("same", "".join(before[i1:i2])))
            continue
        found += [
            (kind, text)
            for kind, text in (("gone", "".join(before[i1:i2])), ("new", "".join(after[j1:j2])))
            if text
        ]
    return found


def _pieces(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def ordinal(number: int) -> str:
    """KESATU, KEDUA, ... as the points of a *berita acara* are counted."""
    words = ("SATU", "DUA", "TIGA", "EMPAT", "LIMA", "ENAM", "TUJUH", "DELAPAN", "SEMBILAN", "SEPULUH")
    if number <= len(words):
        return f"KE{words[number - 1]}"
    if number < 20:
        return "KESEBELAS" if number == 11 else f"KE{words[number - 11]} BELAS"
    tens, ones = divmod(number, 10)
    if number < 100:
        return f"KE{words[tens - 1]} PULUH{' ' + words[ones - 1] if ones else ''}"
    return f"KE-{number}"


def leading(votes: Sequence[int]) -> list[int]:
    """The places with the most votes: one, several in a tie, none where nobody voted."""
    most = max(votes, default=0)
    return [place for place, count in enumerate(votes) if most and count == most]
