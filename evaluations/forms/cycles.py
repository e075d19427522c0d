"""Forms of the year, of assessors, and the filters of the monitor."""

import datetime
import uuid
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from evaluations.enums import Approach, CycleState, DeadlineKind, PeriodKind
from evaluations.models import Cycle, Deadline, Participant
from evaluations.selectors import monitor, participants
from evaluations.services.cycles import FIRST_YEAR, field_of
from evaluations.services.cycles_population import NOT_SUBJECT, STATES, STATUSES, Population
from kepegawaian.employees.enums import AsnStatus, LegalState
from kepegawaian.employees.fields import PersonField
from kepegawaian.employees.models import Employee, PositionHolding
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.forms import DateField, Textarea, needed_when_said
from kepegawaian.units.fields import SuggestInput, UnitField


def officials() -> EmployeeQuerySet:
    """Who may be found by name as an assessor: everybody who heads a unit today."""
    heads = (
        PositionHolding.objects.standing().in_force(today()).filter(employee=OuterRef("pk"), heads__isnull=False)
    )
    return Employee.objects.active().filter(Exists(heads))


KINDS = [(kind.value, kind.label) for kind in (PeriodKind.QUARTER, PeriodKind.MONTH)]


class PopulationForm(forms.Form):
    """Who takes part, in which form plans are written, and until the opening by months or quarters."""

    period_kind = forms.ChoiceField(
        label=_("Evaluasi periodik"),
        required=False,
        choices=KINDS,
        help_text=_("Mengganti jenisnya mengusulkan kalender dari awal."),
    )
    approach = forms.ChoiceField(
        label=_("Pendekatan SKP"),
        required=False,
        choices=[("", _("Pegawai memilih sendiri")), *Approach.choices],
    )
    statuses = forms.MultipleChoiceField(
        label=_("Status ASN yang ikut"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(status.value, status.label) for status in STATUSES],
        initial=[status.value for status in STATUSES],
    )
    states = forms.MultipleChoiceField(
        label=_("Kedudukan hukum yang ikut"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(state.value, state.label) for state in (*STATES, *NOT_SUBJECT)],
        initial=[state.value for state in STATES],
        help_text=_("Yang tidak dipilih dicatat sebagai tidak wajib ikut, dengan alasannya (PermenPANRB 8/2021)."),
    )
    unit = UnitField(label=_("Hanya unit ini dan di bawahnya"), required=False, max_length=200)
    without = UnitField(label=_("Kecuali unit ini dan di bawahnya"), required=False, max_length=200)

    @classmethod
    def of(cls, cycle: Cycle, data: Any = None) -> "PopulationForm":
        chosen = Population.of(cycle)
        initial = {
            "period_kind": cycle.period_kind,
            "approach": cycle.approach,
            "statuses": chosen.statuses,
            "states": chosen.states,
            "unit": uuid.UUID(chosen.units[0]) if chosen.units else None,
            "without": uuid.UUID(chosen.without[0]) if chosen.without else None,
        }
        form = cls(data, initial=initial)
        needed_when_said(form.fields["period_kind"])
        if cycle.state != CycleState.PREPARING:
            del form.fields["period_kind"]
        return form

    def population(self) -> Population:
        values = self.cleaned_data
        return Population(
            statuses=[AsnStatus(status) for status in values["statuses"]],
            states=[LegalState(state) for state in values["states"]],
            units=[str(values["unit"].pk)] if values["unit"] else [],
            without=[str(values["without"].pk)] if values["without"] else [],
        )


class PrepareForm(forms.Form):
    year = forms.IntegerField(label=_("Tahun"), min_value=FIRST_YEAR, max_value=9999)
    period_kind = forms.ChoiceField(
        label=_("Evaluasi periodik"),
        choices=KINDS,
        help_text=_("Satu SKP untuk setahun; evaluasi periodik di dalamnya tiap bulan atau tiap triwulan."),
    )


class CalendarForm(forms.Form):
    """One date for each deadline of the year."""

    def __init__(self, cycle: Cycle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deadlines = list(cycle.deadlines.select_related("period").order_by("due_on", "kind"))
        for row in self.deadlines:
            kind = DeadlineKind(row.kind).label
            label = f"{row.period}: {kind}" if row.period else kind
            field = DateField(label=label, initial=row.due_on)
            field.widget.attrs["aria-label"] = label
            self.fields[field_of(row)] = field

    def plan_fields(self) -> list[forms.BoundField]:
        return [self[field_of(row)] for row in self.deadlines if row.period is None]

    def period_rows(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField | None]]]]:
        """Each period with one date for every kind, for a table."""
        by_period: dict[Any, dict[str, Deadline]] = {}
        dated = [(row.period, row) for row in self.deadlines if row.period is not None]
        for period, row in sorted(dated, key=lambda pair: (pair[0].end, -pair[0].number)):
            by_period.setdefault(period, {})[row.kind] = row
        kinds = [kind for kind in DeadlineKind if kind not in (DeadlineKind.PLAN_SUBMIT, DeadlineKind.PLAN_AGREE)]
        return [
            (period, [(kind.label, self[field_of(found[kind])] if kind in found else None) for kind in kinds])
            for period, found in by_period.items()
        ]

    def dates(self) -> dict[uuid.UUID, datetime.date]:
        return {row.pk: self.cleaned_data[field_of(row)] for row in self.deadlines}


class AssessorForm(forms.Form):
    """By the person: whom, and why. It holds from today on."""

    assessor = PersonField(
        label=_("Pejabat penilai yang benar"),
        max_length=200,
        widget=SuggestInput(reverse_lazy("evaluations:assessor_suggest")),
        help_text=_("Ketik nama pejabat atau NIP lengkap, lalu pilih dari saran."),
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=500,
        widget=Textarea(attrs={"rows": 2}),
        help_text=_("Misalnya: atasan di sistem belum diperbarui sesudah mutasi."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assessor"]
        assert isinstance(field, PersonField)
        field.people = officials()


class HrAssessorForm(AssessorForm):
    """By HR: from a date on."""

    valid_from = DateField(label=_("Berlaku sejak"), required=False, help_text=_("Kosong: mulai hari ini."))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), required=False, max_length=500)


class PeopleFilter(forms.Form):
    """Participants of a year: who, where, how far."""

    q = forms.CharField(label=_("Nama atau NIP"), required=False, max_length=100)
    what = forms.ChoiceField(label=_("Keadaan"), required=False)
    unit = UnitField(label=_("Unit"), required=False, closed=True, max_length=200)
    tahun = forms.IntegerField(required=False, widget=forms.HiddenInput)
    periode = forms.CharField(required=False, widget=forms.HiddenInput)
    SORTS = {
        "name": ("employee__name", "id"),
        "-name": ("-employee__name", "id"),
        "unit": ("path", "id"),
        "-unit": ("-path", "id"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, words) for code, (words, _rows) in (participants.WHAT | participants.OUTSIDE).items()]
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Semua yang ikut")), *known, (participants.LATE, _("Terlambat"))]

    def people(self, look: monitor.Look, paths: Any, *, sort: str = "") -> QuerySet[Participant]:
        """What fits, in the order asked for; nothing when the filter itself is wrong."""
        if not self.is_valid():
            return Participant.objects.none()
        asked = self.cleaned_data
        found = participants.people(look, paths, asked["what"])
        if text := asked["q"].strip():
            digits = text.replace(" ", "")
            of_name = (
                Q(employee__current_nip__startswith=digits)
                if digits.isdigit()
                else Q(employee__name__icontains=text)
            )
            found = found.filter(of_name)
        if asked["unit"]:
            found = found.filter(path__startswith=asked["unit"].path)
        return found.order_by(*self.SORTS.get(sort, self.SORTS["name"]))


class RemindForm(forms.Form):
    """Which deadline the chosen people are reminded of."""

    deadline = forms.ModelChoiceField(label=_("Ingatkan tentang"), queryset=Deadline.objects.none())

    def __init__(self, look: monitor.Look, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["deadline"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Deadline.objects.filter(pk__in=[row.pk for row in look.calendar])
        field.choices = [(row.pk, DeadlineKind(row.kind).label) for row in look.calendar]
