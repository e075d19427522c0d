"""Filters of the lists of leave: forms whose `requests()` narrows a list that is already in scope."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.forms import DateField, PlainSelect
from kepegawaian.units.fields import UnitField
from leave.enums import WAITING, RequestState
from leave.models import LeaveRequest

Requests = QuerySet[LeaveRequest]
WAITING_CODE = "waiting"
YEARS_BACK = 5
_SORTS = {
    "start": ("start", "id"),
    "-start": ("-start", "-id"),
    "name": ("employee__name", "employee_id", "-id"),
    "-name": ("-employee__name", "employee_id", "-id"),
    "days": ("charged_days", "id"),
    "-days": ("-charged_days", "-id"),
}


def _state_choices(*, drafts: bool) -> list[tuple[str, Any]]:
    states = [state for state in RequestState if drafts or state != RequestState.DRAFT]
    waiting = (WAITING_CODE, _("Sedang menunggu"))
    return [("", _("Semua")), waiting, *((state.value, state.label) for state in states)]


def _of_state(found: Requests, chosen: str) -> Requests:
    if chosen == WAITING_CODE:
        return found.filter(state__in=WAITING)
    return found.filter(state=chosen) if chosen else found


def _touching(found: Requests, start: datetime.date | None, end: datetime.date | None) -> Requests:
    """Requests with at least a day between the two dates."""
    if start:
        found = found.filter(end__gte=start)
    return found.filter(start__lte=end) if end else found


class OwnFilter(forms.Form):
    """My requests: by state and by the year in which they fall."""

    state = forms.ChoiceField(label=_("Status"), required=False, widget=PlainSelect)
    year = forms.TypedChoiceField(
        label=_("Tahun"), required=False, widget=PlainSelect, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = _state_choices(drafts=True)  # type: ignore[attr-defined]
        years = range(today().year + 1, today().year - YEARS_BACK, -1)
        self.fields["year"].choices = [("", _("Semua")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]

    def requests(self, found: Requests) -> Requests:
        if not self.is_valid():
            return found.none()
        found = _of_state(found, self.cleaned_data["state"])
        if year := self.cleaned_data["year"]:
            found = _touching(found, datetime.date(year, 1, 1), datetime.date(year, 12, 31))
        return found


class OfficeFilter(forms.Form):
    """Requests in the scope of an officer: whose, in which unit and below it, when, in which state."""

    q = forms.CharField(label=_("Nama atau NIP"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("Status"), required=False, widget=PlainSelect)
    unit = UnitField(label=_("Unit"), required=False, closed=True, max_length=200)
    start = DateField(label=_("Cuti dari tanggal"), required=False)
    end = DateField(label=_("Cuti sampai tanggal"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = _state_choices(drafts=False)  # type: ignore[attr-defined]

    def requests(self, found: Requests, *, sort: str = "") -> Requests:
        """What fits, in the order asked for; nothing when the filter itself is wrong."""
        return self.narrowed(found).order_by(*self.order(sort))

    @staticmethod
    def order(sort: str) -> tuple[str, ...]:
        return _SORTS.get(sort, ("-id",))

    def narrowed(self, found: Requests) -> Requests:
        if not self.is_valid():
            return found.none()
        asked = self.cleaned_data
        found = _of_state(found, asked["state"])
        found = _touching(found, asked["start"], asked["end"])
        if asked["q"]:
            found = found.filter(_person(asked["q"].strip()))
        if asked["unit"]:
            found = found.filter(employee__current_path__startswith=asked["unit"].path)
        return found


def _person(text: str, prefix: str = "employee__") -> Q:
    digits = text.replace(" ", "")
    if digits.isdigit():
        return Q(**{f"{prefix}current_nip__startswith": digits})
    return Q(**{f"{prefix}name__icontains": text})


class PersonFilter(forms.Form):
    """People for the pages of the personnel office."""

    q = forms.CharField(label=_("Nama atau NIP"), required=False, max_length=100)
    unit = UnitField(label=_("Unit"), required=False, closed=True, max_length=200)

    def people(self, found: QuerySet[Employee]) -> QuerySet[Employee]:
        if not self.is_valid():
            return found.none()
        if text := self.cleaned_data["q"].strip():
            found = found.filter(_person(text, prefix=""))
        if unit := self.cleaned_data["unit"]:
            found = found.filter(current_path__startswith=unit.path)
        return found


class OpeningFilter(PersonFilter):
    """`entered`: whether any of the years before go-live is known of the person."""

    entered = forms.ChoiceField(
        label=_("Saldo awal"),
        required=False,
        choices=[("", _("Semua")), ("no", _("Belum diisi")), ("yes", _("Sudah diisi"))],
    )

    def people(self, found: QuerySet[Employee]) -> QuerySet[Employee]:
        found = super().people(found)
        chosen = self.cleaned_data.get("entered", "")
        return found.filter(Q(entered=chosen == "yes")) if chosen else found


class UnitFilter(forms.Form):
    unit = UnitField(label=_("Unit"), required=False, closed=True, max_length=200)
