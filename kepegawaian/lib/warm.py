"""What every page reads, read once before the web processes part, so that they hold it together: texts, names of
days and months, addresses. By themselves two processes took 7 MB each for it."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from kepegawaian.lib.ui import formatting


def warm_up() -> None:
    """In every language; asks neither database nor cache."""
    now = timezone.localtime()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("home")
            formatting.day(now)
            formatting.month_name(now.year, now.month)
