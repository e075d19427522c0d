"""What officers type on the desk of citizens' reports: filters, a citizen's report, several cases, templates."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.enums import CaseKind, CaseState, Channel
from feedback.forms_desk_acts import PeopleField, officers_of, unique
from feedback.forms_reports import ReportForm
from feedback.models import Case, Watch
from feedback.rules.numbers import parse_number
from feedback.services import desk
from feedback.services.cases import Contact, Filing
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.forms import PlainSelect, Textarea
from kepegawaian.units.fields import UnitField
from kepegawaian.units.models import Unit

WAITING, HELD, ALL = "menunggu", "ditinjau", "semua"
SOON_DAYS = 3
SORTS = {
    "due": ("due_on", "id"),
    "-due": ("-due_on", "-id"),
    "received": ("received_at", "id"),
    "-received": ("-received_at", "-id"),
}
_OFFICER_CHANNELS = (Channel.DESK, Channel.PHONE, Channel.LETTER)


# --- The list -------------------------------------------------------------------------------------
class DeskFilter(forms.Form):
    q = forms.CharField(label=_("Nomor atau kata"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("Keadaan"), required=False, widget=PlainSelect)
    kind = forms.ChoiceField(
        label=_("Jenis"), required=False, choices=[("", _("Semua")), *CaseKind.choices], widget=PlainSelect
    )
    unit = UnitField(label=_("Unit"), required=False, help_text="")
    due = forms.ChoiceField(
        label=_("Batas waktu"),
        required=False,
        choices=[("", _("Semua")), ("lewat", _("Terlambat")), ("segera", _("Tiga hari ini"))],
        widget=PlainSelect,
    )
    whose = forms.ChoiceField(
        label=_("Petugas"),
        required=False,
        choices=[("", _("Semua")), ("saya", _("Saya")), ("tanpa", _("Belum ada")), ("dipantau", _("Saya pantau"))],
        widget=PlainSelect,
    )
    secret = forms.ChoiceField(
        label=_("Kerahasiaan"),
        required=False,
        choices=[("", _("Semua")), ("ya", _("Rahasia")), ("tidak", _("Terbuka"))],
        widget=PlainSelect,
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        own = [(WAITING, _("Menunggu saya"))]
        if desk.may_see_secret(user):
            own.append((HELD, _("Kiriman yang perlu dilihat")))
        else:
            del self.fields["secret"]
        choices = [("", _("Masih berjalan")), *own, (ALL, _("Semua")), *CaseState.choices]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]

    def cases(self, rows: QuerySet[Case], sort: str = "") -> QuerySet[Case]:
        """Those that fit, what runs out first on top; what is over stands by its age, the newest first."""
        asked = self.asked(sort)
        return asked.of(rows, self.user, asked.words)

    def asked(self, sort: str = "") -> "Asked":
        self.is_valid()
        data: dict[str, Any] = getattr(self, "cleaned_data", {})
        words = data.get("q", "").strip()
        number = parse_number(words) or (words.upper() if words.upper().startswith("PGD-") else "")
        unit = data.get("unit")
        return Asked(
            **{name: data.get(name, "") for name in ("state", "kind", "due", "whose", "secret")},
            below=unit.path if unit else "",
            number=number,
            searched=bool(words) and not number,
            sort=sort if sort in SORTS else "",
            words=words,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the filters ask for. Two that differ in their words alone are equal: they make the same statement."""

    state: str
    kind: str
    due: str
    whose: str
    secret: str
    below: str
    """The path of a unit."""
    number: str
    """Of a case, or how it begins."""
    searched: bool
    sort: str
    words: str = field(compare=False)

    def of(self, rows: QuerySet[Case], user: Any, words: Any) -> QuerySet[Case]:
        """`words`: those that are looked for, or their place in a statement that is kept."""
        rows = rows.filter(self._state(user), self._due(), self._whose(user))
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.below:
            below = Unit.objects.filter(path__startswith=self.below).values("pk")
            rows = rows.filter(Q(unit__in=below) | Q(holder_unit__in=below))
        if self.secret:
            rows = rows.filter(secret=self.secret == "ya")  # noqa: S105 - a choice of the filter
        if self.number:
            rows = rows.filter(number__startswith=self.number)
        elif self.searched:
            rows = rows.matching(words)  # type: ignore[attr-defined]
        over = self.state == ALL or self.state in CaseState.values
        # By the day, which has no index of its own: walking the keys for a rare word would read a million cases.
        newest = SORTS["-received"] if self.number or self.searched else ("-id",)
        return rows.order_by(*SORTS.get(self.sort, newest if over else SORTS["due"]))

    def _state(self, user: Any) -> Q:
        if self.state == WAITING:
            return desk.waiting_for(user)
        if self.state == HELD:
            return Q(held=True)
        if self.state == ALL:
            return Q()
        return Q(state=self.state) if self.state else desk.is_open()

    def _due(self) -> Q:
        soon = Q(due_on__gte=today(), due_on__lte=today() + datetime.timedelta(days=SOON_DAYS))
        return {"lewat": desk.is_overdue(), "segera": desk.is_open() & soon}.get(self.due, Q())

    def _whose(self, user: Any) -> Q:
        watched = Watch.objects.filter(user_id=user.pk).values("case_id")
        found = {"saya": Q(officer_id=user.pk), "tanpa": Q(officer=None), "dipantau": Q(pk__in=watched)}
        return found.get(self.whose, Q())


# --- On behalf of a citizen -----------------------------------------------------------------------
class CounterForm(ReportForm):
    """The citizen's form in an officer's hands: with the channel, and what a form on paper asks besides."""

    channel = forms.ChoiceField(
        label=_("Saluran"),
        choices=[(row.value, row.label) for row in _OFFICER_CHANNELS],
        initial=Channel.DESK,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(label=_("Alamat"), required=False, max_length=300)
    nik = forms.CharField(
        label=_("NIK"),
        required=False,
        max_length=16,
        help_text=_("Disimpan tersandi; kosongkan bila tidak perlu."),
    )

    def clean_nik(self) -> str:
        value: str = "".join(self.cleaned_data["nik"].split())
        if value and not (value.isascii() and value.isdigit() and len(value) == 16):
            raise forms.ValidationError(_("NIK terdiri dari 16 angka."))
        return value

    def filing(self, *, language: str) -> Filing:
        data = self.cleaned_data
        contact = Contact(data["name"], data["email"], data["phone"], data["address"], data["nik"])
        return replace(super().filing(language=language), channel=data["channel"], contact=contact)


# --- Several cases, templates ---------------------------------------------------------------------
class BulkForwardForm(forms.Form):
    unit = UnitField(label=_("Unit yang berwenang"))


class BulkAssignForm(forms.Form):
    officer = PeopleField(label=_("Petugas baru"))

    def __init__(self, rows: Iterable[Case], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {row.holder_unit_id: row for row in rows if row.holder_unit is not None}
        self.fields["officer"].offer(unique(user for row in units.values() for user in officers_of(row)))  # type: ignore[attr-defined]


class TemplateForm(forms.Form):
    title = forms.CharField(label=_("Judul"), max_length=120)
    text = forms.CharField(
        label=_("Isi"),
        max_length=4000,
        widget=Textarea({"rows": 9}),
        help_text=_("{nomor}, {unit}, dan {judul} diganti dengan milik laporannya."),
    )
    unit = UnitField(label=_("Unit"), required=False, help_text=_("Kosong: bagi semua unit."))
    kind = forms.ChoiceField(
        label=_("Jenis laporan"), required=False, choices=[("", _("Semua jenis")), *CaseKind.choices]
    )
    active = forms.BooleanField(label=_("Dipakai"), required=False, initial=True)
