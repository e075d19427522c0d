"""What goes over from one year to the next, and what lapses (leave reference R2-R7, both readings of R5)."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from leave.rules.buckets import Bucket, BucketKind, new_bucket
from leave.rules.entitlement import OwnRight, Period, total_limit
from leave.rules.law import AnnualLeaveLaw, Rule
from leave.rules.text import Figure, Refusal, Sentence, Step, step


class CarryMode(StrEnum):
    """How the remainder of two years before is read (R5)."""

    STRICT = "strict"
    LENIENT = "lenient"


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What the ledger says of a year. Reserved days count as taken (R10)."""

    year: int
    own: int
    taken: int = 0
    """Every day of annual leave charged to the year, from any bucket."""
    taken_own: int = 0
    postponed: int = 0
    c1_left: int = 0
    """What is left of that year's own bucket C1, for the lenient reading."""

    @property
    def left(self) -> int:
        return max(0, self.own - self.taken_own - self.postponed)

    @property
    def unused(self) -> bool:
        """A year without a right is not an unused one (R6)."""
        return self.own > 0 and self.taken == 0 and self.postponed == 0


@dataclass(frozen=True, slots=True)
class OpeningYear:
    """A year before go-live as HR entered it. Without it the year is unknown, never "unused"."""

    year: int
    left: int
    """Days of that year not used by the eve of go-live; for N-2 what is then still left of its carry."""
    postponed: int = 0
    unused: bool = False


Facts = YearFacts | OpeningYear


@dataclass(frozen=True, slots=True)
class Carry:
    """What `year` receives. `confirmed` is False while a year that decides about it is unknown."""

    year: int
    p: Figure
    c2: Figure
    c1: Figure
    confirmed: bool = True

    @property
    def total(self) -> int:
        return self.p.days + self.c2.days + self.c1.days

    def figure(self, kind: BucketKind) -> Figure:
        return {BucketKind.P: self.p, BucketKind.C2: self.c2, BucketKind.C1: self.c1}[kind]


CARRIED = (BucketKind.P, BucketKind.C2, BucketKind.C1)
_YEARS_BACK = {BucketKind.P: 1, BucketKind.C1: 1, BucketKind.C2: 2}


def year_facts(year: int, buckets: Iterable[Bucket], *, taken: int) -> YearFacts:
    """Facts from the buckets of a year; `taken` counts the days of leave that fall in it, from any bucket."""
    of_year = {bucket.kind: bucket for bucket in buckets if bucket.year == year}
    own, c1 = of_year.get(BucketKind.O), of_year.get(BucketKind.C1)
    return YearFacts(
        year,
        own=own.granted if own else 0,
        taken=taken,
        taken_own=own.used if own else 0,
        postponed=own.postponed if own else 0,
        c1_left=c1.unspent if c1 else 0,
    )


def carry_into(
    year: int,
    facts: Mapping[int, Facts],
    *,
    mode: CarryMode,
    law: AnnualLeaveLaw,
    contract: Period | None = None,
) -> Carry:
    """P, C2 and C1 of `year` with the steps that gave them. `law` is the one in force on 1 January of `year`.

    `contract` is the current contract of a PPPK; its term limits the total (leave reference 3).
    """
    last = facts.get(year - 1)
    if last is None:
        nothing = Figure(0, (step(_("Tahun %(year)s belum dipastikan"), 0, Rule.OPENING, law, year=year - 1),))
        return Carry(year, nothing, nothing, nothing, confirmed=False)
    p = _postponed(last, law)
    c1 = _last_year(last, law)
    c2 = _year_before(last, facts.get(year - 2), mode, law)
    p, c2, c1 = _trim(p, c2, c1, law, total_limit(law, contract))
    return Carry(year, p, c2, c1, confirmed=_is_known(last, facts.get(year - 2), mode))


def _is_known(last: Facts, before: Facts | None, mode: CarryMode) -> bool:
    """Whether the year before the last one still has a say while it is unknown."""
    if before is not None:
        return True
    if mode is CarryMode.STRICT:
        return not last.unused
    return isinstance(last, YearFacts)


def _postponed(last: Facts, law: AnnualLeaveLaw) -> Figure:
    label = _("Hak %(year)s yang ditangguhkan, dipindahkan penuh")
    return Figure(last.postponed, (step(label, last.postponed, Rule.R4, law, year=last.year),))


def _last_year(last: Facts, law: AnnualLeaveLaw) -> Figure:
    days = min(law.carry_max, last.left)
    steps = [*_remainder_steps(last, law)]
    if days < last.left:
        label = _("Sisa %(left)s hari tahun %(year)s, dibatasi %(limit)s hari")
    else:
        label = _("Sisa %(left)s hari tahun %(year)s dipindahkan")
    steps.append(step(label, days, Rule.R2, law, left=last.left, year=last.year, limit=law.carry_max))
    return Figure(days, tuple(steps))


def _remainder_steps(last: Facts, law: AnnualLeaveLaw) -> Iterable[Step]:
    if isinstance(last, OpeningYear):
        yield step(_("Sisa hak %(year)s menurut saldo awal"), last.left, Rule.OPENING, law, year=last.year)
        return
    yield step(_("Hak cuti tahunan %(year)s"), last.own, Rule.R1, law, year=last.year)
    if last.taken_own:
        yield step(_("Dipakai dari hak %(year)s"), -last.taken_own, Rule.R8, law, year=last.year)
    if last.postponed:
        yield step(_("Ditangguhkan dari hak %(year)s"), -last.postponed, Rule.R4, law, year=last.year)


def _year_before(last: Facts, before: Facts | None, mode: CarryMode, law: AnnualLeaveLaw) -> Figure:
    if mode is CarryMode.LENIENT:
        return _year_before_lenient(last, before, law)
    names = {"before": last.year - 1, "last": last.year}
    if before is not None and last.unused and before.unused:
        label = _("Tahun %(before)s dan %(last)s sama sekali tidak dipakai")
        return Figure(law.carry_max, (step(label, law.carry_max, Rule.R3, law, **names),))
    if before is None and last.unused:
        return Figure(0, (step(_("Tahun %(before)s belum dipastikan"), 0, Rule.OPENING, law, **names),))
    label = _("Tahun %(before)s dan %(last)s tidak keduanya utuh, sisa %(before)s tidak dipindahkan")
    return Figure(0, (step(label, 0, Rule.R5, law, **names),))


def _year_before_lenient(last: Facts, before: Facts | None, law: AnnualLeaveLaw) -> Figure:
    still_there = last.c1_left if isinstance(last, YearFacts) else _left(before)
    days = min(law.carry_max, still_there)
    label = _("Sisa %(before)s yang masih ada pada akhir %(last)s")
    return Figure(days, (step(label, days, Rule.R5, law, before=last.year - 1, last=last.year),))


def _left(facts: Facts | None) -> int:
    return facts.left if facts is not None else 0


def _trim(p: Figure, c2: Figure, c1: Figure, law: AnnualLeaveLaw, total: int) -> tuple[Figure, Figure, Figure]:
    """Cut to the limit: C2 first, then C1; P only where a PPPK's contract term leaves no room (R3, R4)."""
    over = max(0, p.days + c2.days + c1.days - (total - law.own_days))
    kept = []
    for figure in (c2, c1, p):
        cut = min(over, figure.days)
        over -= cut
        kept.append(_cut(figure, cut, law, total))
    return kept[2], kept[0], kept[1]


def _cut(figure: Figure, cut: int, law: AnnualLeaveLaw, total: int) -> Figure:
    if not cut:
        return figure
    rule = Rule.CONTRACT if total < law.total_max else Rule.R3
    label = _("Dipotong %(cut)s hari karena hak setahun paling banyak %(total)s hari")
    if rule is Rule.CONTRACT:
        label = _("Dipotong %(cut)s hari: masa perjanjian kerja membatasi hak setahun %(total)s hari")
    days = figure.days - cut
    return Figure(days, (*figure.steps, step(label, days, rule, law, cut=cut, total=total)))


def opening_buckets(own: OwnRight, carry: Carry) -> list[Bucket]:
    """The buckets with which a year begins, in order of use; empty ones are left out."""
    year = carry.year
    buckets = [
        new_bucket(kind, year, year - _YEARS_BACK[kind], carry.figure(kind).days)
        for kind in CARRIED
        if carry.figure(kind).days
    ]
    if own.days:
        buckets.append(new_bucket(BucketKind.O, year, year, own.days, own.usable_from))
    return buckets


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """A bucket at the end of its year: `carried` of what is left goes on, the rest lapses."""

    bucket: Bucket
    carried: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class Closing:
    year: int
    lines: tuple[ClosingLine, ...]
    carry: Carry


def close_year(
    year: int,
    buckets: Iterable[Bucket],
    facts: Mapping[int, Facts],
    *,
    mode: CarryMode,
    law: AnnualLeaveLaw,
    contract: Period | None = None,
) -> Closing:
    """Empty every bucket that lapses at the end of `year` and compute the carry into the next one.

    `law` and `contract` are those of 1 January of the next year. Once the lines are posted, closing again
    gives none, so a late or a repeated run has the same result.
    """
    carry = carry_into(year + 1, facts, mode=mode, law=law, contract=contract)
    goes_on = {BucketKind.O: carry.c1.days, BucketKind.C1: carry.c2.days}
    end = datetime.date(year, 12, 31)
    lines = []
    for bucket in buckets:
        if bucket.lapses_on <= end and bucket.left > 0:
            carried = min(bucket.left, goes_on.get(bucket.kind, 0)) if bucket.year == year else 0
            lines.append(ClosingLine(bucket, carried, bucket.left - carried))
    return Closing(year, tuple(lines), carry)


@dataclass(frozen=True, slots=True)
class CarryChange:
    """What has to be posted so that a year's carry is as computed; `short` days were already used up."""

    kind: BucketKind
    origin: int
    days: int
    short: int = 0


def carry_changes(buckets: Iterable[Bucket], carry: Carry) -> tuple[CarryChange, ...]:
    """New movements after a fact of an earlier year changed; nothing is edited and no bucket goes below zero."""
    posted = {bucket.kind: bucket for bucket in buckets if bucket.year == carry.year}
    changes = []
    for kind in CARRIED:
        bucket = posted.get(kind)
        wanted = carry.figure(kind).days - (bucket.granted if bucket else 0)
        days = max(wanted, -bucket.left) if bucket else wanted
        if wanted:
            changes.append(CarryChange(kind, carry.year - _YEARS_BACK[kind], days, short=days - wanted))
    return tuple(changes)


def check_opening(opening: OpeningYear, law: AnnualLeaveLaw) -> Sequence[Refusal]:
    """What cannot be true of a year that HR enters for the time before go-live."""
    params = {"year": opening.year, "left": opening.left, "postponed": opening.postponed, "own": law.own_days}
    refusals = []
    if min(opening.left, opening.postponed) < 0 or opening.left + opening.postponed > law.own_days:
        label = _("Sisa dan hari yang ditangguhkan tahun %(year)s bersama-sama paling banyak %(own)s hari.")
        refusals.append(Refusal(Rule.R1, law.cite(Rule.R1), Sentence(label, params), field="left"))
    if opening.unused and (opening.postponed or opening.left < law.carry_max):
        label = _("Tahun %(year)s tidak mungkin sama sekali tidak dipakai dengan sisa %(left)s hari.")
        refusals.append(Refusal(Rule.R3, law.cite(Rule.R3), Sentence(label, params), field="unused"))
    return tuple(refusals)
