"""Calendar files for people's own calendars, and the days off of a year as one. Loaded by who asks for one: the
library takes 2 MB."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from kepegawaian.calendars.models import Holiday
from kepegawaian.lib.ui.region import region


def calendar_file(product: str, name: str, events: Iterable[Event], *, method: str = "") -> bytes:
    """`method`: what programs do with it (RFC 5546), such as "PUBLISH"."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Portal Kepegawaian//{product}//ID")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def year_calendar(year: int, holidays: Iterable[Holiday]) -> bytes:
    name = f"{_('Hari libur')} {year} {region().short_name}"
    return calendar_file("Kalender", name, map(_event, holidays))


def _event(holiday: Holiday) -> Event:
    event = Event()
    event.add("uid", f"{holiday.pk}@portal-kepegawaian")
    event.add("dtstamp", holiday.changed_at)
    event.add("dtstart", holiday.date)
    event.add("dtend", holiday.date + datetime.timedelta(days=1))
    event.add("summary", holiday.name)
    event.add("categories", [str(holiday.get_kind_display())])
    event.add("status", "CONFIRMED" if holiday.confirmed else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event
