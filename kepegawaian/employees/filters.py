"""What the staff list can be narrowed and sorted by; the same for the page, the export and shared addresses."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Case, Q, Value, When
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.employees import rules, search
from kepegawaian.employees.enums import AsnStatus, LegalState, PositionKind
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet, headed_paths
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.ui.forms import PlainSelect
from kepegawaian.units.models import Unit, scope_paths

WORKING, EVERYBODY = "", "semua"
GOLONGAN = [
    (f"{golongan.scheme.value}-{golongan.code}", f"{golongan.scheme.label} {golongan.name}")
    for golongan in (*rules.PNS_GOLONGAN, *rules.PPPK_GOLONGAN)
]
SORTS = {
    "nama": ("name", "id"),
    "nip": ("current_nip", "id"),
    "unit": ("current_path", "name", "id"),
    "jabatan": ("current_position", "name", "id"),
    "golongan": ("-current_rank_order", "name", "id"),
}
LEVELS = 2
"""The unit filter offers the units this far below what the person sees; deeper ones come from their own page."""
MOST = 100
"""Where a level has more (the schools of an office of education), it is not offered."""
_UNIT = ("path", "depth", "name", "short_name")
_UPPER_UNITS: Prepared[Unit] = Prepared(
    lambda slot: Unit.objects.filter(Q(depth__lte=LEVELS) | Q(pk=slot("chosen")), closed_on=None).only(*_UNIT)
)


def reversed_order(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The same order backwards, so that the same index serves both."""
    return tuple(field[1:] if field.startswith("-") else f"-{field}" for field in fields)


def ordering(sort: str) -> tuple[str, ...]:
    """The columns for `?sort=`: a key of SORTS, with "-" for the other direction; anything else is by name."""
    fields = SORTS.get(sort.removeprefix("-"), SORTS["nama"])
    return reversed_order(fields) if sort.startswith("-") and sort[1:] in SORTS else fields


class PeopleFilter(forms.Form):
    """`?q=&unit=&status=&golongan=&jenis=&keadaan=`; unknown values count as not chosen."""

    q = forms.CharField(label=_("Cari nama, NIP, atau jabatan"), required=False, max_length=100)
    unit = forms.ChoiceField(label=_("Unit"), required=False, widget=PlainSelect)
    status = forms.ChoiceField(label=_("Status"), required=False, widget=PlainSelect)
    golongan = forms.ChoiceField(label=_("Golongan"), required=False, widget=PlainSelect)
    jenis = forms.ChoiceField(label=_("Jenis jabatan"), required=False, widget=PlainSelect)
    keadaan = forms.ChoiceField(label=_("Kedudukan hukum"), required=False, widget=PlainSelect)

    def __init__(self, data: Mapping[str, Any], *, user: Any) -> None:
        super().__init__(data if isinstance(data, MultiValueDict) else dict(data))
        self.user = user
        self.fields["q"].widget.input_type = "search"
        self._choose("status", AsnStatus.choices)
        self._choose("golongan", GOLONGAN)
        self._choose("jenis", PositionKind.choices)
        states = [(WORKING, _("Bekerja")), (EVERYBODY, _("Semua")), *LegalState.choices]
        self.fields["keadaan"].choices = states  # type: ignore[attr-defined]
        self._units = self._offered_units()
        self._choose("unit", [(str(unit.pk), unit.short_name or unit.name) for unit in self._units])
        self.is_valid()

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = [("", _("Semua")), *choices]  # type: ignore[attr-defined]

    def _offered_units(self) -> list[Unit]:
        """The upper levels of what the person sees, and the unit chosen now, in one statement."""
        paths = scope_paths(self.user, Right.VIEW_RECORDS)
        chosen = as_uuid(self.data.get("unit", ""))
        if paths is None:
            return _UPPER_UNITS.all(chosen=chosen)
        visible = Q(pk__in=[])
        for path in {*paths, *headed_paths(self.user)}:
            depth = len(path) // Unit.steplen
            visible |= Q(path__startswith=path, depth__lte=depth + LEVELS - 1)
        first = Case(When(pk=chosen, then=0), default=1) if chosen else Value(1)
        rows = Unit.objects.filter(visible | Q(pk=chosen), closed_on=None).order_by(first, "depth", "path")
        return _not_too_many(list(rows.only(*_UNIT)[: MOST + 1]), chosen)

    def chosen(self, name: str) -> str:
        """What was chosen and is a choice, else empty."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def words(self) -> str:
        return self.chosen("q").strip()

    def narrowed(self) -> EmployeeQuerySet:
        """The people the person may see, as filtered, without the search words."""
        people = Employee.objects.visible_to(self.user)
        if self.chosen("keadaan") == WORKING:
            people = people.active()
        elif self.chosen("keadaan") != EVERYBODY:
            people = people.filter(legal_state=self.chosen("keadaan"))
        if unit := next((unit for unit in self._units if str(unit.pk) == self.chosen("unit")), None):
            people = people.filter(current_path__startswith=unit.path)
        if status := self.chosen("status"):
            people = people.filter(status=status)
        if golongan := self.chosen("golongan"):
            scheme, code = golongan.split("-")
            people = people.filter(current_scheme=scheme, current_rank_order=int(code))
        if kind := self.chosen("jenis"):
            people = people.filter(current_position_kind=kind)
        return people

    def found(self) -> EmployeeQuerySet:
        """As filtered and searched, in the order asked for. The export gives exactly these."""
        people, order = self.narrowed(), ordering(self.data.get("sort", ""))
        if not self.words:
            return people.order_by(*order)
        people = search.matching(people, self.words)
        return people.order_by(*(search.unindexed(order) if self.few else order))

    @cached_property
    def few(self) -> bool:
        """Whether the words find people by name or NIP: so few that reading and sorting them all is quicker than
        walking through everybody in order."""
        return bool(self.words) and (search.is_nip(self.words) or search.names_match(self.words))


def _not_too_many(units: list[Unit], chosen: uuid.UUID | None) -> list[Unit]:
    """Without the deepest level of those that would not end, in the order of the tree."""
    if len(units) > MOST:
        deepest = units[-1].depth
        units = [unit for unit in units if unit.depth < deepest or unit.pk == chosen]
    return sorted(units, key=lambda unit: unit.path)
