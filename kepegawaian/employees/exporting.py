"""The staff list as a sheet: exactly the people the filters give, least data."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from kepegawaian.employees import permissions
from kepegawaian.employees.enums import AsnStatus, LegalState, PositionKind
from kepegawaian.employees.filters import PeopleFilter
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.work.sheets import SheetExport


def _label(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


# In every language the headings that the import knows, so that a sheet may come back.
COLUMNS: list[tuple[str, Callable[[Employee], str]]] = [
    ("NIP BARU", lambda person: person.current_nip),
    ("NAMA", lambda person: person.name),
    ("GELAR DEPAN", lambda person: person.title_front),
    ("GELAR BELAKANG", lambda person: person.title_back),
    ("STATUS ASN", lambda person: _label(AsnStatus, person.status)),
    ("KEDUDUKAN HUKUM", lambda person: _label(LegalState, person.legal_state)),
    ("GOLONGAN", lambda person: person.current_golongan),
    ("JABATAN", lambda person: person.current_position),
    ("JENIS JABATAN", lambda person: _label(PositionKind, person.current_position_kind)),
    ("UNIT KERJA", lambda person: person.current_unit.name if person.current_unit else ""),
]


def selection(query: str, user: Any) -> EmployeeQuerySet:
    """The people of the list at `?query`, for the person who asks for the sheet."""
    people = PeopleFilter(QueryDict(query), user=user).found().select_related("current_unit")
    fields = ("name", "title_front", "title_back", "status", "legal_state")
    mirrors = ("current_nip", "current_golongan", "current_position", "current_position_kind")
    return people.only(*fields, *mirrors, "current_unit__name")


PEOPLE = SheetExport(
    job="employees.export",
    verb="employees.exported",
    subject="employees.employee",
    stem="pegawai",
    title=pgettext_lazy("list", "Pegawai"),
    columns=COLUMNS,
    selection=selection,
    may=permissions.can_export,
)
