"""What an import would do with a row of a sheet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.looks import Looks

_LOOK = {
    "new": ("success", "plus-circle"),
    "changed": ("info", "pencil-square"),
    "unchanged": ("neutral", "check"),
    "refused": ("danger", "x-circle"),
}


class RowVerdict(Looks, models.TextChoices, looks=_LOOK):
    NEW = "new", _("Baru")
    CHANGED = "changed", _("Berubah")
    UNCHANGED = "unchanged", _("Tetap")
    REFUSED = "refused", _("Ditolak")
