"""The shape of what HR types about days; the verbs check the rest."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kepegawaian.calendars.models import Holiday, PatternKind
from kepegawaian.calendars.services import HOLIDAY_FIELDS
from kepegawaian.lib.ui.forms import DateField

WEEKDAYS = (
    (0, _("Senin")),
    (1, _("Selasa")),
    (2, _("Rabu")),
    (3, _("Kamis")),
    (4, _("Jumat")),
    (5, _("Sabtu")),
    (6, _("Minggu")),
)


class HolidayForm(forms.ModelForm):
    class Meta:
        model = Holiday
        fields = HOLIDAY_FIELDS
        field_classes = {"date": DateField}
        help_texts = {
            "confirmed": _("Centang bila SKB atau Keppres sudah Anda lihat sendiri."),
            "source": _("Nomor SKB, Keppres, atau keputusan kepala daerah."),
        }

    def _post_clean(self) -> None:
        """The verb validates the row; doing it here as well would change the row before the verb sees it."""


class PatternForm(forms.Form):
    kind = forms.ChoiceField(label=_("Pola kerja"), choices=PatternKind.choices, widget=forms.RadioSelect)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Hari kerja"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Hanya untuk hari kerja lain, atau sebagai pengganti bila jadwal bergilir belum terbit."),
    )
    valid_from = DateField(label=_("Berlaku sejak"))
    valid_to = DateField(label=_("Berlaku sampai"), required=False, help_text=_("Kosongkan bila seterusnya."))
    decree = forms.CharField(label=_("Dasar"), required=False, max_length=120)


class UnitSearch(forms.Form):
    q = forms.CharField(label=_("Cari unit"), required=False, max_length=100)


def add_refusals(form: forms.BaseForm, refused: Any) -> None:
    """Put the problems of a refused verb beside their fields."""
    for problem in refused.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))
