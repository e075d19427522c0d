"""How a person wants to be told, one question per category."""

from typing import Any

from django import forms

from kepegawaian.notifications.base import categories
from kepegawaian.notifications.models import Preference


class PreferenceForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Preference.Mode.choices)
        for category in categories():
            self.fields[category.code] = forms.ChoiceField(
                label=category.label,  # type: ignore[arg-type]
                help_text=category.hint,  # type: ignore[arg-type]
                choices=[(mode, labels[mode]) for mode in category.modes],
                widget=forms.RadioSelect,
            )
