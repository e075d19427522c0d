"""Where a rule stands and how it speaks: citations, sentences, and suggestions that are never more than that."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from django.utils import dateformat, formats
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.exceptions import Text

T = TypeVar("T")


class Mark(StrEnum):
    """Of the performance reference: seen in a source, known without one, or contested."""

    VERIFIED = "V"
    KNOWN = "K"
    DOUBTFUL = "?"


@dataclass(frozen=True, slots=True)
class Citation:
    regulation: Text
    place: str = ""
    mark: Mark = Mark.VERIFIED

    @property
    def verified(self) -> bool:
        return self.mark is Mark.VERIFIED

    def __str__(self) -> str:
        return f"{self.regulation} {self.place}".strip()


LOCAL_POLICY = Citation(_("Kebijakan pengelolaan kinerja pemerintah daerah"), mark=Mark.KNOWN)
"""For what the law leaves open and a government decides for itself."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A translatable template with its values, put together in the language of the moment it is shown."""

    template: Text
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.template) % {name: _shown(value) for name, value in self.params.items()}


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return formats.number_format(value.normalize())
    return dateformat.format(value, "j F Y") if isinstance(value, datetime.date) else str(value)


@dataclass(frozen=True, slots=True)
class Suggestion(Generic[T]):
    """What counting would give. A person judges; pages show it as a suggestion with its reason."""

    value: T
    reason: Sentence
    citation: Citation


class Dated(Protocol):
    @property
    def effective_from(self) -> datetime.date: ...


D = TypeVar("D", bound=Dated)


class NoRuleError(LookupError):
    """No row of the table is in force on that date."""


def in_force(rows: Iterable[D], on: datetime.date | None) -> D:
    """The newest row that had begun on that date; None asks for the newest of all. Raises NoRuleError."""
    begun = [row for row in rows if on is None or row.effective_from <= on]
    if not begun:
        raise NoRuleError(f"no rule on {on}")
    return max(begun, key=lambda row: row.effective_from)
