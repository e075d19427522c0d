"""The days off of a year as iCalendar, for people's own calendars. Loaded by who asks for one: the library takes
2 MB."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from kepegawaian.calendars.models import Holiday
from kepegawaian.lib.ui.region import region


def year_calendar(year: int, holidays: Iterable[Holiday]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Portal Kepegawaian//Kalender//ID")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{_('Hari libur')} {year} {region().short_name}")
    for holiday in holidays:
        calendar.add_component(_event(holiday))
    return bytes(calendar.to_ical())


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
