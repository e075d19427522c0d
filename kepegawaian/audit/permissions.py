"""Who may read the trail: inspectors. Nobody may change it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.registry import is_inspector
from kepegawaian.lib.access import ALLOWED, Answer, Denied


def can_read(user: Any) -> Answer:
    return ALLOWED if is_inspector(user) else Denied(_("Jejak hanya dibaca oleh inspektorat dan admin."))
