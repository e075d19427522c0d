"""The parts of "my performance" and of a person's page, by year: each part of the app brings its own.

    register_section(Section("objection", "evaluations/ratings/_section.html", of_participant, order=50))

`context(request, participant)` gives what the template needs, or None where there is nothing for this reader. The
participant comes with its cycle, employee, unit and assessor. The template begins with its own `{% card %}`.
Orders: plan 10, progress 20, feedback 30, evaluations 40, objection 50, follow-up 60, credits 70.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from evaluations.models import Participant

Drawn = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    template: str
    context: Callable[[HttpRequest, Participant], dict[str, Any] | None]
    order: int = 100


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Called from a part's `hooks.<part>.register`."""
    _sections[section.code] = section


def sections(request: HttpRequest, participant: Participant) -> list[Drawn]:
    """(template, context) of each section that has something to show, in order."""
    ordered = sorted(_sections.values(), key=lambda section: (section.order, section.code))
    made = ((section.template, section.context(request, participant)) for section in ordered)
    return [(template, context) for template, context in made if context is not None]
