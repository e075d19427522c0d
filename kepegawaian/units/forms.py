"""What HR types about units. The verbs check; the forms only give shape."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.forms import DateField
from kepegawaian.units.fields import UnitField
from kepegawaian.units.models import Unit


class AsOfForm(forms.Form):
    """How the tree is looked at: on which date, and with closed units or without."""

    pada = DateField(label=_("Keadaan pada"), required=False)
    tutup = forms.BooleanField(label=_("Tampilkan unit yang sudah ditutup"), required=False)


class DatedForm(forms.Form):
    """A change that holds from a date on, with what it rests on."""

    on = DateField(label=_("Berlaku mulai"))
    decree = forms.CharField(
        label=_("Dasar"), required=False, max_length=120, help_text=_("Nomor peraturan atau keputusan.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class RenameForm(DatedForm):
    name = forms.CharField(label=_("Nama baru"), max_length=200)
    field_order = ("name", "on", "decree")


class MoveForm(DatedForm):
    parent = UnitField(label=_("Unit induk yang baru"))
    field_order = ("parent", "on", "decree")


class CloseForm(DatedForm):
    """The first day on which the unit no longer exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Tidak ada lagi mulai")


class ReopenForm(DatedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Ada lagi mulai")


FACTS = ("short_name", "kind", "function", "timezone", "code")


class FactsForm(forms.ModelForm):
    """What of a unit has no history."""

    class Meta:
        model = Unit
        fields = FACTS

    def _post_clean(self) -> None:
        """The verb writes and checks; a form that fills the instance would hide what changed."""


class CreateForm(forms.ModelForm):
    parent = UnitField(label=_("Unit induk"), required=False)
    opened_on = DateField(label=_("Dibuka"), help_text=_("Tanggal mulai ada menurut dasar hukumnya."))
    decree = forms.CharField(label=_("Dasar"), required=False, max_length=120)
    field_order = ("name", "parent", "opened_on", "decree")

    class Meta:
        model = Unit
        fields = ("name", *FACTS)

    def _post_clean(self) -> None:
        """The verb writes and checks."""
