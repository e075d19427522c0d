"""The parts of "my performance" and of a person's page, by year: each part of the app brings its own.

    register_section(Section("objection", "evaluations/ratings/_section.html", of_participant, reads, order=50))

`reads(request, participant)` names the querysets that a section needs; those of all sections are read in one
statement, and a name that two sections share is one read (`selectors/person_year.py` has the shared ones).
`context(request, participant, facts)` gives what the template needs from the rows read, or None where there is
nothing for this reader. The participant comes with its cycle, employee, unit, assessor and plan. The template
begins with its own `{% card %}`. Orders: plan 10, progress 20, feedback 30, evaluations 40, objection 50,
follow-up 60, credits 70.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from evaluations.models import Participant
from kepegawaian.lib.together import read_together

Drawn = tuple[str, dict[str, Any]]
Reads = Mapping[str, QuerySet[Any]]
Facts = Mapping[str, list[Any]]


def no_reads(request: HttpRequest, participant: Participant) -> Reads:
    return {}


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    template: str
    context: Callable[[HttpRequest, Participant, Facts], dict[str, Any] | None]
    reads: Callable[[HttpRequest, Participant], Reads] = no_reads
    order: int = 100


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Called from a part's `hooks.<part>.register`."""
    _sections[section.code] = section


def sections(request: HttpRequest, participant: Participant) -> list[Drawn]:
    """(template, context) of each section that has something to show, in order."""
    ordered = sorted(_sections.values(), key=lambda section: (section.order, section.code))
    asked: dict[str, QuerySet[Any]] = {}
    for section in ordered:
        asked |= section.reads(request, participant)
    facts = dict(zip(asked, read_together(*asked.values()), strict=True))
    made = ((section.template, section.context(request, participant, facts)) for section in ordered)
    return [(template, context) for template, context in made if context is not None]
