"""In which *jenjang* somebody was when, from the posts and ranks of the record and what HR entered."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluations.enums import Jenjang
from evaluations.rules.credits import MONTHS, Appointment, jenjang_named, months_held

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Post:
    """A definitive post. `jenjang` None: the record does not say it."""

    first: datetime.date
    last: datetime.date | None
    functional: bool
    jenjang: Jenjang | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    first: datetime.date
    last: datetime.date | None
    golongan: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What HR wrote down; it holds against the record as long as that post is held."""

    since: datetime.date
    jenjang: Jenjang


@dataclass(frozen=True, slots=True)
class Span:
    """`jenjang` None: a functional post of which nobody has said the *jenjang* yet."""

    first: datetime.date
    last: datetime.date | None
    jenjang: Jenjang | None
    golongan: str


def jenjang_of(level: str, name: str) -> Jenjang | None:
    """Of the level of a post, else of the end of its name: "Guru Ahli Pertama", "Perawat Mahir". No guess."""
    found = jenjang_named(level)
    words = name.split()
    for number in (2, 1):
        found = found or (jenjang_named(" ".join(words[-number:])) if len(words) >= number else None)
    return found


def spans(posts: Sequence[Post], ranks: Sequence[Rank], entered: Sequence[Entered]) -> tuple[Span, ...]:
    """The functional service in order, one span for each *jenjang* and rank."""
    rows: list[Post | Rank] = [*posts, *ranks]
    turns = {row.first for row in rows} | {row.since for row in entered}
    turns |= {row.last + DAY for row in rows if row.last is not None}
    days = sorted(turns)
    found: list[Span] = []
    for number, day in enumerate(days):
        until = days[number + 1] - DAY if number + 1 < len(days) else None
        span = _span(day, until, posts, ranks, entered)
        if span is None:
            continue
        before = found[-1] if found else None
        if before is not None and _same(before, span):
            found[-1] = Span(before.first, span.last, span.jenjang, span.golongan)
        else:
            found.append(span)
    return tuple(found)


def _span(
    day: datetime.date,
    until: datetime.date | None,
    posts: Iterable[Post],
    ranks: Iterable[Rank],
    entered: Iterable[Entered],
) -> Span | None:
    post = next((row for row in posts if _holds(row, day)), None)
    if post is None or not post.functional:
        return None
    rank = next((row for row in ranks if _holds(row, day)), None)
    said = [row for row in entered if row.since <= day]
    last = said[-1] if said else None
    here = last is not None and last.since >= post.first
    jenjang = last.jenjang if last is not None and (here or post.jenjang is None) else post.jenjang
    return Span(day, until, jenjang, rank.golongan if rank else "")


def _holds(row: Post | Rank, day: datetime.date) -> bool:
    return row.first <= day and (row.last is None or day <= row.last)


def _same(one: Span, other: Span) -> bool:
    touching = one.last is not None and one.last + DAY == other.first
    return touching and (one.jenjang, one.golongan) == (other.jenjang, other.golongan)


def appointments(found: Iterable[Span]) -> list[Appointment]:
    """What the running total is counted by; spans of an unknown *jenjang* are left out."""
    return [Appointment(span.first, span.jenjang, span.golongan) for span in found if span.jenjang is not None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole months, one after the other, in one *jenjang*; `golongan` at their end."""

    jenjang: Jenjang
    golongan: str
    months: tuple[int, ...]
    year: int

    @property
    def start(self) -> datetime.date:
        return datetime.date(self.year, self.months[0], 1)

    @property
    def end(self) -> datetime.date:
        last = self.months[-1]
        return datetime.date(self.year + last // MONTHS, last % MONTHS + 1, 1) - DAY


def pieces(
    found: Iterable[Span],
    first: datetime.date,
    last: datetime.date,
    *,
    issued: Iterable[int] = (),
) -> list[Piece]:
    """The months of first..last (of one year) to convert: by *jenjang*, without those already converted."""
    rows: dict[Jenjang, dict[int, str]] = {}
    taken = frozenset(issued)
    for jenjang, stretch in _by_jenjang(found):
        begin = max(stretch[0].first, first)
        end = last if stretch[-1].last is None else min(stretch[-1].last, last)
        for month in sorted(months_held(first.year, begin, end) - taken):
            rows.setdefault(jenjang, {})[month] = _golongan_at(stretch, first.year, month)
    made = []
    for jenjang, months in rows.items():
        for run in _runs(sorted(months)):
            made.append(Piece(jenjang, months[run[-1]], run, first.year))
    return sorted(made, key=lambda piece: piece.start)


def _by_jenjang(found: Iterable[Span]) -> list[tuple[Jenjang, list[Span]]]:
    """Spans that follow one another in one *jenjang*: a promotion in rank breaks no month."""
    stretches: list[tuple[Jenjang, list[Span]]] = []
    for span in found:
        if span.jenjang is None:
            continue
        if stretches:
            jenjang, rows = stretches[-1]
            before = rows[-1].last
            if jenjang is span.jenjang and before is not None and before + DAY == span.first:
                rows.append(span)
                continue
        stretches.append((span.jenjang, [span]))
    return stretches


def _golongan_at(stretch: Sequence[Span], year: int, month: int) -> str:
    end = datetime.date(year + month // MONTHS, month % MONTHS + 1, 1) - DAY
    return next((span.golongan for span in reversed(stretch) if span.first <= end), "")


def _runs(months: Sequence[int]) -> list[tuple[int, ...]]:
    runs: list[list[int]] = []
    for month in months:
        if runs and runs[-1][-1] + 1 == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return [tuple(run) for run in runs]
