"""Who takes part in a year: the filter that HR chose, who is excused and why, and how many that makes."""

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from evaluations.models import Cycle
from evaluations.selectors.proposing import LINE, POST, parameters
from kepegawaian.employees.enums import AsnStatus, LegalState
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit

STATUSES = (AsnStatus.PNS, AsnStatus.CPNS, AsnStatus.PPPK, AsnStatus.PPPK_PART_TIME)
"""*Pegawai ASN*; elected officials are none."""
STATES = (LegalState.ACTIVE, LegalState.STUDY)
"""Study leave agrees its plan in dialogue with the assessor (reference section 2, BKN on 6/2022)."""
NOT_SUBJECT = {
    LegalState.STATE_OFFICIAL: _("Diangkat menjadi pejabat negara, tidak menyusun SKP (PermenPANRB 8/2021)"),
    LegalState.SUSPENDED: _("Diberhentikan sementara, tidak menyusun SKP (PermenPANRB 8/2021)"),
    LegalState.CLTN: _("Cuti di luar tanggungan negara, tidak menyusun SKP (PermenPANRB 8/2021)"),
    LegalState.MPP: _("Masa persiapan pensiun, tidak menyusun SKP (PermenPANRB 8/2021)"),
}
"""Reference section 2: excused, with the reason on the list of participants."""

PEOPLE = f"""
SELECT person.id AS employee_id, person.status, person.legal_state, person.current_golongan AS rank,
    post.unit_id, unit.path, post.heads_id, name.name AS position, name.kind AS position_kind,
    CASE WHEN person.legal_state = ANY(%(states)s) THEN ''
        ELSE coalesce(%(reasons)s::jsonb ->> person.legal_state, '') END AS excused
FROM employees_employee person
JOIN {POST.format(person="person.id")}
JOIN units_unit unit ON unit.id = post.unit_id
JOIN employees_position name ON name.id = post.position_id
WHERE person.status = ANY(%(statuses)s) AND person.legal_state = ANY(%(listed)s)
    AND (%(units)s::text[] = '{{}}' OR unit.path LIKE ANY(%(units)s::text[]))
    AND NOT unit.path LIKE ANY(%(without)s::text[])
"""  # noqa: S608
"""Everybody of the filter with a definitive post on the date, excused ones too."""
_COUNTS = f"""
WITH chosen AS MATERIALIZED ({PEOPLE}),
batch AS MATERIALIZED (SELECT employee_id, unit_id, path FROM chosen WHERE excused = ''), {LINE}
SELECT chosen.status, chosen.excused, count(*), count(*) FILTER (WHERE proposal.assessor_id IS NULL)
FROM chosen LEFT JOIN proposal ON proposal.employee_id = chosen.employee_id
GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608
_WITHOUT_POST = f"""
SELECT count(*) FROM employees_employee person
LEFT JOIN {POST.format(person="person.id")}
WHERE person.status = ANY(%(statuses)s) AND person.legal_state = ANY(%(states)s) AND post.id IS NULL
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Population:
    """The filter as it is kept with the cycle. Units are ids; none means the whole government."""

    statuses: Sequence[str] = tuple(str(status) for status in STATUSES)
    states: Sequence[str] = tuple(str(state) for state in STATES)
    units: Sequence[str] = ()
    without: Sequence[str] = ()

    @classmethod
    def of(cls, cycle: Cycle) -> "Population":
        known = {name: tuple(cycle.population[name]) for name in cls.__slots__ if name in cycle.population}
        return cls(**known)

    def stored(self) -> dict[str, list[str]]:
        return {name: [str(each) for each in getattr(self, name)] for name in self.__slots__}

    def parameters(self, cycle: Cycle) -> dict[str, Any]:
        """What `PEOPLE` is given; people and posts as of today, within the year of the cycle."""
        said = {str(state): excuse(state) for state in NOT_SUBJECT if state not in self.states}
        return {
            **parameters(as_of(cycle)),
            "statuses": list(self.statuses),
            "states": list(self.states),
            "listed": [*self.states, *said],
            "reasons": json.dumps(said),
            "units": _below(self.units),
            "without": _below(self.without),
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """What opening the year would make."""

    taking_part: Mapping[str, int] = field(default_factory=dict)
    """Of each status."""
    excused: Mapping[str, int] = field(default_factory=dict)
    """For each reason."""
    without_assessor: int = 0
    without_post: int = 0
    """In service, but without a definitive post: not taken along until they have one."""

    @property
    def total(self) -> int:
        return sum(self.taking_part.values())


def excuse(state: LegalState) -> str:
    """In the government's language: it is kept with the participant and read by everybody."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(NOT_SUBJECT[state])


def as_of(cycle: Cycle) -> datetime.date:
    """Today, or the nearest day of the cycle's year."""
    return min(max(today(), datetime.date(cycle.year, 1, 1)), datetime.date(cycle.year, 12, 31))


def preview(cycle: Cycle) -> Preview:
    """In two statements, whatever the size."""
    given = Population.of(cycle).parameters(cycle)
    taking: dict[str, int] = {}
    excused: dict[str, int] = {}
    without_assessor = 0
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, given)
        for status, reason, people, vacant in cursor.fetchall():
            if reason:
                excused[reason] = excused.get(reason, 0) + people
            else:
                taking[status] = taking.get(status, 0) + people
                without_assessor += vacant
        cursor.execute(_WITHOUT_POST, given)
        [without_post] = cursor.fetchone()
    return Preview(taking, excused, without_assessor, without_post)


def _below(units: Sequence[str]) -> list[str]:
    paths = Unit.objects.filter(pk__in=[uuid.UUID(str(key)) for key in units]).values_list("path", flat=True)
    return [f"{path}%" for path in paths] if units else []
