"""The shape of what officers and respondents type; the verbs check the rest."""

import itertools
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback import permissions_surveys as permissions
from feedback.enums import Progress, SurveyKind, SurveyState
from feedback.models import FollowUpPlan, Question, Service, Survey, Weight, in_language
from feedback.services.survey_answers import AT_MOST, Given
from feedback.services.survey_plans import PlanFacts
from feedback.services.surveys import SurveyFacts
from kepegawaian.accounts.models import User
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.forms import DateField, RadioCards, Textarea
from kepegawaian.units.fields import UnitField

SLOTS = (("08-12", _("Pukul 08.00–12.00")), ("13-17", _("Pukul 13.00–17.00")))
SEXES = (("L", _("Laki-laki")), ("P", _("Perempuan")))
EDUCATION = tuple((level, level) for level in ("SD", "SMP", "SMA", "S1", "S2", "S3"))
OCCUPATIONS = (
    ("pns", "PNS"),
    ("tni", "TNI"),
    ("polri", "POLRI"),
    ("swasta", _("Pegawai swasta")),
    ("wirausaha", _("Wirausaha")),
    ("lainnya", pgettext_lazy("kind", "Lainnya")),
)
"""The respondent's form of the regulation (reference 4.1); all of it may be left out."""
ABOUT_LABELS = {
    "sex": (_("Jenis kelamin"), SEXES),
    "education": (_("Pendidikan terakhir"), EDUCATION),
    "occupation": (_("Pekerjaan"), OCCUPATIONS),
    "slot": (_("Waktu dilayani"), SLOTS),
}
KEEP = ("", _("Tidak diisi"))


# --- Respondents ----------------------------------------------------------------------------------
class ScaleField(forms.TypedChoiceField):
    """One tap. Left out it is None: how many may be, the verb knows."""

    widget = RadioCards

    def __init__(self, question: Question) -> None:
        values = range(question.lowest, question.highest + 1)
        words = [in_language(*label) for label in question.labels] or [str(value) for value in values]
        super().__init__(
            label=question.text,
            choices=list(zip(values, words, strict=True)),
            coerce=int,
            empty_value=None,
        )

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class AnswerForm(forms.Form):
    """The questions of a survey, then what may be told about oneself (never asked of staff)."""

    use_required_attribute = False

    def __init__(self, survey: Survey, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scales = [question.slug for question in questions]
        for question in questions:
            self.fields[question.slug] = ScaleField(question)
        if survey.kind != SurveyKind.STAFF:
            self._ask_about(survey)
        self.fields["comment"] = forms.CharField(
            label=_("Saran"),
            required=False,
            max_length=1000,
            widget=Textarea({"rows": 3}),
            help_text=_("Jangan menulis nama atau nomor siapa pun."),
        )

    def _ask_about(self, survey: Survey) -> None:
        if survey.service_id is None:
            services = Service.objects.active().filter(unit=survey.unit_id)
            self.fields["service"] = forms.ModelChoiceField(
                services, label=_("Layanan yang diterima"), required=False, empty_label=KEEP[1]
            )
        for name, (label, choices) in ABOUT_LABELS.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=[KEEP, *choices], required=False)

    @property
    def questions(self) -> list[Any]:
        return [self[slug] for slug in self.scales]

    @property
    def others(self) -> list[Any]:
        return [bound for bound in self if bound.name not in self.scales]

    def given(self) -> Given:
        values = self.cleaned_data
        return Given(
            values={slug: values[slug] for slug in self.scales if values.get(slug) is not None},
            about={name: values.get(name, "") for name in ABOUT_LABELS},
            comment=values["comment"],
            service=values.get("service"),
        )


# --- Officers -------------------------------------------------------------------------------------
class ServiceField(forms.ChoiceField):
    """Gives a `Service` of those `offered`, or None. By unit where they are of several."""

    default_error_messages = {"invalid_choice": _("Pilih layanan dari daftar.")}

    def __init__(self, *, nothing: Text, **kwargs: Any) -> None:
        super().__init__(label=_("Layanan"), required=False, **kwargs)
        self.nothing = nothing
        self.offered: dict[str, Service] = {}

    def offer(self, services: QuerySet[Service]) -> None:
        rows = services.select_related("unit").order_by("unit__name", "unit", "order", "name_id")
        self.offered = {row.code: row for row in rows}
        groups = [
            (unit.name, [(row.code, row.name) for row in members])
            for unit, members in itertools.groupby(self.offered.values(), key=attrgetter("unit"))
        ]
        plain = groups[0][1] if len(groups) == 1 else groups
        self.choices = [("", self.nothing), *plain]

    def clean(self, value: Any) -> Service | None:
        return self.offered.get(super().clean(value))


class SurveyForm(forms.Form):
    """`actor` chooses among what he may ask. Staff are asked about no service, and only the SKM has a weight."""

    kind = forms.ChoiceField(label=_("Jenis survei"), choices=SurveyKind.choices)
    title = forms.CharField(label=_("Judul"), max_length=150)
    unit = UnitField(label=_("Unit"), max_length=200)
    service = ServiceField(nothing=_("Unit sebagai keseluruhan"), help_text=_("Satu layanan dari unit di atas."))
    period_start = DateField(label=_("Dibuka mulai"))
    period_end = DateField(label=_("Sampai"))
    population = forms.IntegerField(
        label=_("Jumlah pengguna layanan dalam periode"),
        required=False,
        min_value=1,
        max_value=100_000_000,
        help_text=_("Untuk menghitung jumlah responden paling sedikit (tabel Krejcie dan Morgan)."),
    )
    weight = forms.ChoiceField(
        label=_("Bobot tiap unsur"),
        required=False,
        choices=Weight.choices,
        help_text=_("Hanya untuk survei kepuasan masyarakat (SKM)."),
        widget=RadioCards(
            hints={
                Weight.EXACT: _("Nilai tertinggi 100,00. Dianjurkan."),
                Weight.ROUNDED: _("Nilai tertinggi 99,00; hanya untuk menyamai lembar kerja lama."),
            }
        ),
    )
    introduction = forms.CharField(
        label=_("Pengantar bagi responden"), required=False, max_length=1000, widget=Textarea({"rows": 3})
    )
    method = forms.CharField(
        label=_("Metode"),
        required=False,
        max_length=2000,
        widget=Textarea({"rows": 3}),
        help_text=_("Cara memilih responden dan mengumpulkan jawaban. Wajib sebelum hasil diumumkan."),
    )

    def __init__(self, actor: Any, *args: Any, survey: Survey | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        kinds = permissions.kinds_of(actor) if survey is None else [SurveyKind(survey.kind)]
        if survey is None:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        else:
            del self.fields["kind"], self.fields["unit"]
        if SurveyKind.SKM not in kinds:
            del self.fields["weight"]
        if kinds == [SurveyKind.STAFF]:
            del self.fields["service"], self.fields["population"]
        else:
            self.fields["service"].offer(self._services(actor))  # type: ignore[attr-defined]

    def _services(self, actor: Any) -> QuerySet[Service]:
        """Of the unit; before one is chosen, of all units whose surveys the person keeps."""
        if self.survey is None:
            return permissions.services_of(actor)
        kept = Q(pk=self.survey.service_id)  # also where it was closed meanwhile
        return Service.objects.filter(kept | Q(active=True), unit=self.survey.unit_id)

    def facts(self) -> SurveyFacts:
        values = dict(self.cleaned_data)
        if self.survey is not None:
            values |= {"kind": self.survey.kind, "unit": self.survey.unit}
        return SurveyFacts(**values)


def initial_of(survey: Survey) -> dict[str, Any]:
    names = ("title", "period_start", "period_end", "population", "weight", "introduction", "method")
    code = survey.service.code if survey.service else ""
    return {name: getattr(survey, name) for name in names} | {"service": code}


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = ("element_id", "element_en", "text_id", "text_en")
        widgets = {name: Textarea({"rows": 2}) for name in ("text_id", "text_en")}


QuestionFormSet = forms.modelformset_factory(Question, form=QuestionForm, extra=0)


class TokenForm(forms.Form):
    count = forms.IntegerField(label=_("Jumlah kode"), min_value=1, max_value=AT_MOST, initial=20)
    service = ServiceField(nothing=_("Dipilih responden sendiri"))
    group = forms.CharField(
        label=_("Kelompok pegawai"),
        max_length=60,
        help_text=_("Kelompok dengan sedikit jawaban tidak ditampilkan sendiri."),
    )

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if survey.kind != SurveyKind.STAFF:
            del self.fields["group"]
        if survey.kind == SurveyKind.STAFF or survey.service_id is not None:
            del self.fields["service"]
        else:
            self.fields["service"].offer(Service.objects.active().filter(unit=survey.unit_id))  # type: ignore[attr-defined]


class MethodForm(forms.Form):
    method = forms.CharField(label=_("Metode"), max_length=2000, widget=Textarea({"rows": 4}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=500, widget=Textarea({"rows": 3}))


class PlanForm(forms.Form):
    element = forms.ChoiceField(label=_("Unsur"))
    activity = forms.CharField(label=_("Kegiatan"), max_length=1000, widget=Textarea({"rows": 3}))
    due_on = DateField(label=_("Paling lambat selesai"))
    owner_unit = UnitField(label=_("Unit penanggung jawab"), max_length=200)
    owner = forms.CharField(
        label=_("NIP penanggung jawab"),
        required=False,
        max_length=24,
        help_text=_("Ia menerima rencana ini di kotak masuknya."),
    )

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {question.slug: question.element for question in survey.questions.order_by("order")}
        lowest = [slug for slug in survey.result.get("lowest", []) if slug in names]
        ordered = lowest + [slug for slug in names if slug not in lowest]
        self.fields["element"].choices = [(slug, names[slug]) for slug in ordered]  # type: ignore[attr-defined]

    def clean_owner(self) -> User | None:
        number = "".join(self.cleaned_data["owner"].split())
        if not number:
            return None
        found: User | None = User.objects.filter(nip=number, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Tidak ada akun dengan NIP ini."))
        return found

    def facts(self) -> PlanFacts:
        return PlanFacts(**self.cleaned_data)


def initial_of_plan(plan: FollowUpPlan) -> dict[str, Any]:
    number = plan.owner.nip if plan.owner else ""
    return {
        "element": plan.element,
        "activity": plan.activity,
        "due_on": plan.due_on,
        "owner_unit": plan.owner_unit,
        "owner": number,
    }


class ProgressForm(forms.Form):
    state = forms.ChoiceField(label=_("Keadaan"), choices=Progress.choices, widget=RadioCards)
    progress = forms.CharField(label=_("Kemajuan"), required=False, max_length=2000, widget=Textarea({"rows": 4}))


class SurveyFilter(forms.Form):
    """Of the officers' list."""

    q = forms.CharField(label=_("Cari judul"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Jenis"), required=False)
    state = forms.ChoiceField(label=_("Keadaan"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Semua")), *SurveyKind.choices]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("Semua")), *SurveyState.choices]  # type: ignore[attr-defined]

    def surveys(self, found: Any) -> Any:
        if not self.is_valid():
            return found.none()
        for name in ("kind", "state"):
            if value := self.cleaned_data[name]:
                found = found.filter(**{name: value})
        words = self.cleaned_data["q"].strip()
        return found.filter(title__icontains=words) if words else found


class PublishedFilter(forms.Form):
    """Of the public list; by words in title or unit, as one types them on a phone."""

    q = forms.CharField(label=_("Cari unit atau judul"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Jenis"), required=False)
    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Semua")), *SurveyKind.choices]  # type: ignore[attr-defined]

    def surveys(self, found: Any) -> Any:
        if not self.is_valid():
            return found.none()
        chosen = self.cleaned_data
        if chosen["kind"]:
            found = found.filter(kind=chosen["kind"])
        if chosen["unit"]:
            found = found.filter(unit=chosen["unit"])
        words = chosen["q"].strip()
        by_words = found.filter(title__icontains=words) | found.filter(unit__name__icontains=words)
        return by_words if words else found
