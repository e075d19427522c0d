"""Meetings as iCalendar. Loaded by who asks for one: the library takes 2 MB."""

from collections.abc import Iterable

from icalendar import Calendar, Event

from feedback.models import Meeting
from feedback.notifications_forums import meeting_url
from kepegawaian.notifications.delivery import absolute


def calendar_of(meetings: Iterable[Meeting], name: str) -> bytes:
    """`meetings` with their process."""
    calendar = Calendar()
    calendar.add("prodid", "-//Portal Kepegawaian//Forum//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting) -> Event:
    """`sequence` rises with every change, so that calendars move what they have."""
    event = Event()
    event.add("uid", f"{meeting.pk}@portal-kepegawaian")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("description", f"{meeting.process.title}\n{meeting.text}".strip())
    event.add("location", meeting.address or meeting.link)
    event.add("url", absolute(meeting_url(meeting)))
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    return event
