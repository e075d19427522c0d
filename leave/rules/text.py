"""Sentences that rules hand to pages and the API: refusals, warnings, and the steps behind a number."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils import dateformat

from kepegawaian.lib.exceptions import Problem, Text
from leave.rules.law import AnnualLeaveLaw, Citation, Rule


@dataclass(frozen=True, slots=True)
class Sentence:
    """A translatable template with its values, put together in the language of the moment it is shown."""

    template: Text
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.template) % {name: _shown(value) for name, value in self.params.items()}


def _shown(value: object) -> str:
    return dateformat.format(value, "j F Y") if isinstance(value, datetime.date) else str(value)


class Level(StrEnum):
    REFUSAL = "refusal"
    WARNING = "warning"
    """Shown, but the request may go on."""


@dataclass(frozen=True, slots=True)
class Refusal:
    rule: Rule
    citation: Citation
    sentence: Sentence
    level: Level = Level.REFUSAL
    field: str = ""
    """The form field it belongs to; empty for the request as a whole."""

    @property
    def message(self) -> str:
        return str(self.sentence)

    @property
    def article(self) -> str:
        return str(self.citation)

    @property
    def verified(self) -> bool:
        return self.citation.verified

    @property
    def refuses(self) -> bool:
        return self.level is Level.REFUSAL

    @property
    def problem(self) -> Problem:
        return Problem(
            self.message, rule=self.rule.value, article=self.article, field=self.field, verified=self.verified
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation: what it is, how many days, and by which rule."""

    label: Sentence
    days: int
    rule: Rule
    citation: Citation


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of days with the steps that gave it, the last one being the number itself."""

    days: int
    steps: tuple[Step, ...] = ()


def step(label: Text, days: int, rule: Rule, law: AnnualLeaveLaw, **params: object) -> Step:
    return Step(Sentence(label, params), days, rule, law.cite(rule))
