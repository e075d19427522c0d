"""A person's own working days, and the last day of something."""

import calendar
import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kepegawaian.calendars.models import PatternKind
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui import formatting
from kepegawaian.lib.ui.forms import DateField

WEEKDAYS = [
    (0, _("Senin")),
    (1, _("Selasa")),
    (2, _("Rabu")),
    (3, _("Kamis")),
    (4, _("Jumat")),
    (5, _("Sabtu")),
    (6, _("Minggu")),
]


class EndForm(forms.Form):
    on = DateField(label=_("Hari terakhir"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class PatternForm(forms.Form):
    kind = forms.ChoiceField(label=_("Pola kerja"), choices=PatternKind.choices)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Hari kerja"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Hanya untuk pola lain, atau cadangan pegawai bergilir tanpa jadwal."),
    )
    valid_from = DateField(label=_("Mulai"))
    valid_to = DateField(label=_("Sampai"), required=False)
    decree = forms.CharField(label=_("Dasar"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = today


class RosterForm(forms.Form):
    """The duties of one month, a tick a day. A night shift stands on the day it begins."""

    dates = forms.TypedMultipleChoiceField(
        label=_("Hari dinas"),
        required=False,
        coerce=datetime.date.fromisoformat,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Dinas malam dicentang pada tanggal mulainya. Tanpa centang: tidak ada jadwal bulan ini."),
    )
    order_number = forms.CharField(label=_("Nomor surat perintah"), required=False, max_length=120)

    def __init__(self, *args: Any, month: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month = month
        length = calendar.monthrange(month.year, month.month)[1]
        self.days = [month.replace(day=day) for day in range(1, length + 1)]
        self.fields["dates"].choices = [  # type: ignore[attr-defined]
            (day.isoformat(), formatting.day(day, year=False)) for day in self.days
        ]

    def weeks(self) -> list[list[tuple[datetime.date, Any] | None]]:
        """The month as a calendar page: weeks from Monday, each day with its tick box."""
        cells: list[tuple[datetime.date, Any] | None] = [None] * self.days[0].weekday()
        cells += list(zip(self.days, self["dates"], strict=True))
        cells += [None] * (-len(cells) % 7)
        return [cells[start : start + 7] for start in range(0, len(cells), 7)]
