"""The parts of "my performance" and of a person's page, by year: each part of the app brings its own.

    register_section(Section("objection", "evaluations/ratings/_section.html", of_participant, reads, order=50))

`reads(reader, slot)` names the querysets that a section needs; those of all sections are read in one statement,
and a name that two sections share is one read (`selectors/person_year.py` has the shared ones). The statement is
compiled once for all who read with the same eyes, so people and dates stand in it as slots: "participant",
"employee", "cycle", "plan" (the one in force), "user" (who reads; `reader` goes to `visible_to` in his place).
`concerns(request, participant)` may leave a section out, reads and all.
`context(request, participant, facts)` gives what the template needs from the rows read, or None where there is
nothing for this reader. The participant comes with its cycle, employee, unit, assessor and plan. The template
begins with its own `{% card %}`. Orders: plan 10, progress 20, feedback 30, evaluations 40, objection 50,
follow-up 60, credits 70.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from evaluations.models import Participant
from evaluations.permissions.common import is_person
from evaluations.selectors.readers import Reader
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.together import Together

Drawn = tuple[str, dict[str, Any]]
Reads = Mapping[str, QuerySet[Any]]
Facts = Mapping[str, list[Any]]


def no_reads(reader: Reader, slot: Slots) -> Reads:
    return {}


def everybody(request: HttpRequest, participant: Participant) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    template: str
    context: Callable[[HttpRequest, Participant, Facts], dict[str, Any] | None]
    reads: Callable[[Reader, Slots], Reads] = no_reads
    order: int = 100
    concerns: Callable[[HttpRequest, Participant], bool] = everybody


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Called from a part's `hooks.<part>.register`."""
    _sections[section.code] = section


def sections(request: HttpRequest, participant: Participant) -> list[Drawn]:
    """(template, context) of each section that has something to show, in order."""
    ordered = sorted(_sections.values(), key=lambda section: (section.order, section.code))
    ordered = [section for section in ordered if section.concerns(request, participant)]
    reader = Reader(request.user, own=is_person(request.user, participant.employee))
    names, statement = _reading(reader, tuple(ordered))
    found = statement.all(
        user=request.user.pk,
        participant=participant.pk,
        employee=participant.employee_id,
        cycle=participant.cycle_id,
        plan=participant.plan_id,
    )
    facts = dict(zip(names, found, strict=True))
    made = ((section.template, section.context(request, participant, facts)) for section in ordered)
    return [(template, context) for template, context in made if context is not None]


@lru_cache(maxsize=512)
def _reading(reader: Reader, parts: tuple[Section, ...]) -> tuple[tuple[str, ...], Together]:
    """Putting the statement together takes ten times as long as asking it."""
    asked: dict[str, QuerySet[Any]] = {}
    for section in parts:
        asked |= section.reads(reader, Slots())
    return tuple(asked), Together(lambda slot: asked.values())
