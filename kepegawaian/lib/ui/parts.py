"""Values that pages hand to the components. Plain data, made by views or table declarations."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from django.utils.functional import Promise

Text = str | Promise
Amount = int | float | Decimal
TONES = ("success", "wait", "danger", "info", "neutral")


class Status(Protocol):
    """What `{% status %}` takes: an enum member with a label, an icon and a tone."""

    @property
    def label(self) -> Text: ...
    @property
    def icon(self) -> str: ...
    @property
    def tone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a timeline. `state` is done, current or coming.

    Done: `who` and `when`, with the outcome's `tone` and `icon`. Current: `who` holds it, `since`,
    `due` (its clock) and `reminder` (the day of the next one). Coming: title and who, if known.
    """

    title: Text
    state: str
    who: Text = ""
    when: datetime.datetime | datetime.date | None = None
    note: str = ""
    tone: str = "success"
    icon: str = "check-circle"
    since: datetime.date | None = None
    due: datetime.date | None = None
    late: bool = False
    reminder: datetime.date | None = None

    STATES = ("done", "current", "coming")


@dataclass(frozen=True, slots=True)
class Because:
    """One line of a derivation: what, how much, by which rule and article; `url` opens its source.

    An article that is not `verified` is marked: its text was not seen yet.
    """

    label: Text
    amount: Amount | Text
    rule: Text = ""
    article: str = ""
    url: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Tab:
    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart with its number; `url` opens the people or cases behind it."""

    label: Text
    value: Amount
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart: widths are shares, in hundredths, of `whole`, the end of the scale, or of the largest value."""

    title: Text
    bars: Sequence[Bar]
    unit: Text = ""
    whole: Amount = 0

    @property
    def rows(self) -> list[tuple[Bar, float]]:
        full = float(self.whole) or max((float(bar.value) for bar in self.bars), default=0.0)
        return [(bar, round(float(bar.value) / full * 100, 2) if full else 0.0) for bar in self.bars]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force; `url` is the same list without it."""

    label: Text
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Chips:
    items: Iterable[Chip] = field(default_factory=tuple)
    clear_url: str = ""
