"""How numbers, dates and spans are written, in the active language (Indonesian or English)."""

import datetime
from decimal import Decimal
from functools import cache
from typing import Literal

from babel.dates import get_day_names, get_month_names
from django.conf import settings
from django.template.defaultfilters import linebreaks_filter, linebreaksbr
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from kepegawaian.lib.dates import today

Number = int | float | Decimal
NIP_GROUPS = (8, 6, 1, 3)
MINUTE, HOUR = 60, 3600


@cache
def _months(language: str, width: Literal["abbreviated", "wide"]) -> dict[int, str]:
    return dict(get_month_names(width, locale=language))


@cache
def _days(language: str) -> dict[int, str]:
    return dict(get_day_names("abbreviated", locale=language))


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


def _as_date(value: datetime.date | datetime.datetime) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def nip(value: object) -> str:
    """Eighteen digits grouped 8-6-1-3; anything else comes back as it is."""
    digits = str(value or "").strip()
    if len(digits) != sum(NIP_GROUPS) or not digits.isdigit():
        return digits
    parts, start = [], 0
    for width in NIP_GROUPS:
        parts.append(digits[start : start + width])
        start += width
    return " ".join(parts)


def day(value: datetime.date | None, *, weekday: bool = True, year: bool = True) -> str:
    """Reads "Sen, 16 Mar 2026"; without weekday "16 Mar 2026"; without year "16 Mar"."""
    if value is None:
        return ""
    date, language = _as_date(value), _language()
    text = f"{date.day} {_months(language, 'abbreviated')[date.month]}"
    if year:
        text = f"{text} {date.year}"
    return f"{_days(language)[date.weekday()]}, {text}" if weekday else text


def long_day(value: datetime.date | None) -> str:
    """Reads "16 Maret 2026", for headings and letters."""
    if value is None:
        return ""
    date = _as_date(value)
    return f"{date.day} {_months(_language(), 'wide')[date.month]} {date.year}"


def month_name(year: int, month: int) -> str:
    return f"{_months(_language(), 'wide')[month]} {year}"


def weekday_names() -> list[str]:
    """Monday to Sunday, abbreviated."""
    return [_days(_language())[index] for index in range(7)]


def moment(value: datetime.datetime | None) -> str:
    """Reads "16 Mar 2026, 14.05" in the active time zone; English writes the time with a colon."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    separator = ":" if _language() == "en" else "."
    return f"{day(local, weekday=False)}, {local:%H}{separator}{local:%M}"


def span(start: datetime.date | None, end: datetime.date | None) -> str:
    """A range with equal parts said once: "16–27 Mar 2026", "30 Mar – 3 Apr 2026"."""
    if start is None or end is None:
        return day(start or end, weekday=False)
    first, last = _as_date(start), _as_date(end)
    if first == last:
        return day(first, weekday=False)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, weekday=False)}"
    return f"{day(first, weekday=False, year=first.year != last.year)} – {day(last, weekday=False)}"


def number(value: Number | str | None, cap: int | None = None) -> str:
    """Grouped by thousands: "1.000" (English "1,000"); above `cap` it reads "1.000+"."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = Decimal(value)
    if cap is not None and value > cap:
        return f"{number(cap)}+"
    text = f"{value:,}"
    if _language() == "id":
        text = text.translate(str.maketrans(",.", ".,"))
    return text


def days(value: Number | None, kind: str = "kerja") -> str:
    """Reads "5 hari kerja", "5 hari kalender" or, with an empty kind, "5 hari"."""
    if value is None:
        return ""
    texts = {
        "kerja": ngettext("%(n)s hari kerja", "%(n)s hari kerja", int(value)),
        "kalender": ngettext("%(n)s hari kalender", "%(n)s hari kalender", int(value)),
        "": ngettext("%(n)s hari", "%(n)s hari", int(value)),
    }
    return texts[kind] % {"n": number(value)}


def _clock_ago(seconds: float) -> str:
    if seconds < MINUTE:
        return gettext("baru saja")
    if seconds < HOUR:
        minutes = int(seconds // MINUTE)
        return ngettext("%(n)d menit lalu", "%(n)d menit lalu", minutes) % {"n": minutes}
    hours = int(seconds // HOUR)
    return ngettext("%(n)d jam lalu", "%(n)d jam lalu", hours) % {"n": hours}


def _days_ago(count: int) -> str:
    if count < 14:
        return ngettext("%(n)d hari lalu", "%(n)d hari lalu", count) % {"n": count}
    if count < 60:
        return ngettext("%(n)d minggu lalu", "%(n)d minggu lalu", count // 7) % {"n": count // 7}
    if count < 730:
        return ngettext("%(n)d bulan lalu", "%(n)d bulan lalu", count // 30) % {"n": count // 30}
    return ngettext("%(n)d tahun lalu", "%(n)d tahun lalu", count // 365) % {"n": count // 365}


def since(value: datetime.date | datetime.datetime | None) -> str:
    """How long ago or how soon: "baru saja", "2 jam lalu", "kemarin", "3 hari lalu", "3 hari lagi"."""
    if value is None:
        return ""
    distance = (today() - _as_date(value)).days
    if isinstance(value, datetime.datetime) and distance == 0:
        now = timezone.now() if timezone.is_aware(value) else datetime.datetime.now()  # noqa: DTZ005
        return _clock_ago(max((now - value).total_seconds(), 0))
    near = {0: gettext("hari ini"), 1: gettext("kemarin"), -1: gettext("besok")}
    if distance in near:
        return near[distance]
    if distance < 0:
        return ngettext("%(n)d hari lagi", "%(n)d hari lagi", -distance) % {"n": -distance}
    return _days_ago(distance)


def initials(name: str) -> str:
    """Two letters of a name without its titles: "Dr. Siti Aminah, S.H." gives "SA"."""
    words = [word for word in name.split(",")[0].split() if not word.endswith(".") and word[:1].isalpha()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()


def typed(text: str | None) -> SafeString:
    """What people wrote, line by line. It stays in the portal's own language, which a page in another says."""
    return _in_own_language("span", linebreaksbr(text)) if text else SafeString("")


def paragraphs(text: str | None) -> SafeString:
    """`typed` for longer texts: an empty line begins a paragraph."""
    return _in_own_language("div", linebreaks_filter(text)) if text else SafeString("")


def _in_own_language(element: str, words: SafeString) -> SafeString:
    own = settings.LANGUAGE_CODE
    return words if get_language() == own else format_html('<{0} lang="{1}">{2}</{0}>', element, own, words)
