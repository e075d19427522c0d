"""What a program asks for: the parameters of GET requests (reference 2.4) and how they become rows."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from feedback.enums import FINAL_STATES, OPEN_STATES
from feedback.open311.errors import bad, unknown
from feedback.rules.numbers import parse_number

SPAN = datetime.timedelta(days=90)
MOST = 1000
PAGE_SIZE = 50
LAST_PAGE = 10_000
STATES = {"open": OPEN_STATES, "closed": FINAL_STATES}
_LOST_PLUS = re.compile(r" (\d{2}:?\d{2})$")


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of ids overrides every other filter (reference 2.4): none of them is read then, so none can be wrong,
    and there is no `window`. An id that cannot be one of ours is left out of `numbers`."""

    numbers: tuple[str, ...]
    services: tuple[str, ...]
    states: tuple[str, ...]
    window: tuple[datetime.datetime, datetime.datetime] | None
    first: int
    last: int
    extended: bool


def check_jurisdiction(parameters: Mapping[str, str]) -> None:
    """There is one; whoever names another is at the wrong door."""
    named = parameters.get("jurisdiction_id", "").strip().lower()
    if named and named.removeprefix("www.") != settings.OPEN311_JURISDICTION.lower():
        raise unknown(_("jurisdiction_id ini tidak dilayani di sini."))


def wants_extensions(parameters: Mapping[str, str]) -> bool:
    return parameters.get("extensions", "").strip().lower() == "true"


def read(parameters: Mapping[str, str]) -> Asked:
    ids = listed(parameters, "service_request_id")
    first, last = _page(parameters)
    return Asked(
        numbers=tuple(filter(None, map(parse_number, ids))),
        services=() if ids else listed(parameters, "service_code"),
        states=() if ids else tuple(str(state) for word in _statuses(parameters) for state in STATES[word]),
        window=None if ids else _window(parameters),
        first=first,
        last=last,
        extended=wants_extensions(parameters),
    )


def listed(parameters: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The parts of a comma list, each once; an empty parameter equals an absent one."""
    parts = (part.strip() for part in parameters.get(name, "").split(","))
    return tuple(dict.fromkeys(filter(None, parts)))


def _statuses(parameters: Mapping[str, str]) -> Iterable[str]:
    words = tuple(word.lower() for word in listed(parameters, "status"))
    for word in words:
        if word not in STATES:
            raise bad(_("status harus open atau closed, bukan %(status)s.") % {"status": word[:40]})
    return words


def parse_moment(text: str) -> datetime.datetime | None:
    """A date, or a date and time, with or without zone (then the government's). None when it is neither."""
    text = _LOST_PLUS.sub(r"+\1", text.strip())  # a plus sign that was not quoted arrives as a blank
    try:
        found = parse_datetime(text)
        if found is None and (day := parse_date(text)):
            found = datetime.datetime.combine(day, datetime.time())
        if found is not None and timezone.is_naive(found):
            found = timezone.make_aware(found, timezone.get_default_timezone())
        return found.astimezone(datetime.UTC) if found is not None else None
    except (ValueError, OverflowError):
        return None


def _moment(parameters: Mapping[str, str], name: str) -> datetime.datetime | None:
    text = parameters.get(name, "").strip()
    if not text:
        return None
    found = parse_moment(text)
    if found is None:
        raise bad(_("%(name)s bukan waktu ISO 8601.") % {"name": name})
    return found


def _window(parameters: Mapping[str, str]) -> tuple[datetime.datetime, datetime.datetime]:
    start, end = _moment(parameters, "start_date"), _moment(parameters, "end_date")
    try:
        end = end or (start + SPAN if start else timezone.now())
        start = start or end - SPAN
    except OverflowError:
        raise bad(_("Waktu ini di luar kalender.")) from None
    if end < start:
        raise bad(_("end_date mendahului start_date."))
    if end - start > SPAN:
        raise bad(_("Rentang start_date sampai end_date paling lama 90 hari."))
    return start, end


def _page(parameters: Mapping[str, str]) -> tuple[int, int]:
    """The first thousand, unless pages were asked for."""
    if not parameters.get("page", "").strip() and not parameters.get("page_size", "").strip():
        return 0, MOST
    page = _count(parameters, "page", default=1, most=LAST_PAGE)
    size = min(_count(parameters, "page_size", default=PAGE_SIZE, most=10**6), MOST)
    return (page - 1) * size, page * size


def _count(parameters: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = parameters.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 7 or not 1 <= int(text) <= most:
        raise bad(_("%(name)s harus bilangan mulai dari 1.") % {"name": name})
    return int(text)
