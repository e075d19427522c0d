"""Forms of progress, evidence and feedback. They see that it can be read; the verbs say the rest."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from evaluations.enums import Value
from evaluations.models import Participant, PlanResult
from evaluations.rules.behaviour import guides_on
from evaluations.services import execution, feedback
from kepegawaian.documents.files import OFFICE, accept_attribute
from kepegawaian.employees.fields import PersonField
from kepegawaian.employees.models import Employee
from kepegawaian.lib.ui.formatting import typed
from kepegawaian.lib.ui.forms import Textarea, needed_when_said

ROWS = {"rows": 2}
MOST_PERCENT = 999


class ProgressForm(forms.Form):
    """All indicators of a plan in one form. `form_id`: fields stand beside forms of their own (evidence), so they
    name the form that they belong to."""

    def __init__(self, *args: Any, indicators: Iterable[uuid.UUID], form_id: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = list(indicators)
        attrs = {"form": form_id} if form_id else {}
        for origin in self.indicators:
            self.fields[f"text_{origin}"] = forms.CharField(
                label=_("Realisasi"),
                max_length=2000,
                required=False,
                widget=Textarea(attrs={**ROWS, **attrs}),
            )
            self.fields[f"percent_{origin}"] = forms.IntegerField(
                label=_("Capaian (%)"),
                min_value=0,
                max_value=MOST_PERCENT,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", **attrs}),
            )

    def entries(self) -> list[execution.Entry]:
        """Of the indicators that were sent; a page may hold only some of them."""
        return [
            execution.Entry(origin, self.cleaned_data[f"text_{origin}"], self.cleaned_data[f"percent_{origin}"])
            for origin in self.indicators
            if f"text_{origin}" in self.data
        ]


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas"),
        required=False,
        widget=forms.FileInput(attrs={"accept": accept_attribute(OFFICE)}),
        help_text=_("Foto, PDF, Word, atau Excel."),
    )
    url = forms.URLField(label=_("Atau tautan"), required=False, max_length=500, assume_scheme="https")
    label = forms.CharField(label=_("Keterangan"), required=False, max_length=150)


class AskForm(forms.Form):
    """Whom to ask: peers and subordinates by a tick, anybody else of the government by NIP."""

    people = forms.MultipleChoiceField(
        label=_("Rekan kerja dan bawahan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    leader = PersonField(
        label=_("Ketua tim kerja"),
        required=False,
        max_length=200,
        widget=forms.TextInput,
        help_text=_("NIP atau nama lengkap orang lain yang mengenal pekerjaan ini."),
    )
    question = forms.CharField(
        label=_("Yang ingin diketahui"),
        required=False,
        max_length=500,
        widget=Textarea(attrs=ROWS),
    )

    def __init__(self, *args: Any, near: Sequence[tuple[Participant, Any]], office: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.employee_id), f"{row.employee.full_name} · {one.label}") for row, one in near]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]
        self.fields["leader"].people = office  # type: ignore[attr-defined]

    def givers(self) -> list[Employee]:
        found = Employee.objects.filter(pk__in=self.cleaned_data["people"]).select_related("user")
        leader = self.cleaned_data["leader"]
        return [*found.order_by("name", "id"), *([leader] if leader else [])]


class GiveForm(forms.Form):
    """Words about the whole, about each value and about each result; one of them is enough."""

    text = forms.CharField(
        label=_("Umpan balik"),
        required=False,
        max_length=2000,
        widget=Textarea(attrs={"rows": 4}),
        help_text=_("Tulis kejadian dan akibatnya, bukan sifat orangnya. Boleh juga hanya per nilai atau hasil."),
    )

    def __init__(self, *args: Any, results: Iterable[PlanResult], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed_when_said(self.fields["text"])
        self.results = list(results)
        guides = guides_on().guides
        for value in Value:
            self._add(f"value_{value}", value.label, " · ".join(str(guide) for guide in guides[value]))
        for result in self.results:
            self._add(f"result_{result.origin}", typed(result.text))

    def _add(self, name: str, label: Any, hint: str = "") -> None:
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=2000, help_text=hint, widget=Textarea(attrs=ROWS)
        )

    @property
    def of_values(self) -> list[Any]:
        return [self[f"value_{value}"] for value in Value]

    @property
    def of_results(self) -> list[Any]:
        return [self[f"result_{result.origin}"] for result in self.results]

    def entries(self) -> list[feedback.Entry]:
        said = self.cleaned_data
        found = [feedback.Entry(said["text"])]
        found += [feedback.Entry(said[f"value_{value}"], value=value.value) for value in Value]
        found += [feedback.Entry(said[f"result_{one.origin}"], result=str(one.origin)) for one in self.results]
        return [entry for entry in found if entry.text]


class TeamTextForm(forms.Form):
    people = forms.ModelMultipleChoiceField(
        label=_("Untuk"), queryset=Participant.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(label=_("Umpan balik"), max_length=2000, widget=Textarea(attrs={"rows": 4}))

    def __init__(
        self, *args: Any, page: Iterable[Participant], team: QuerySet[Participant], **kwargs: Any
    ) -> None:
        """`page`: whom one may tick here; `team`: to whom it may go, whichever page they stand on by now."""
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = team
        field.choices = [(str(row.pk), row.employee.full_name) for row in page]

    def chosen(self) -> list[Participant]:
        return list(self.cleaned_data["people"])
