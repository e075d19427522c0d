"""Meetings as iCalendar. Loaded by who asks for one: the library takes 2 MB."""

from collections.abc import Iterable

from icalendar import Event

from feedback.models import Meeting
from feedback.notifications_forums import meeting_url
from kepegawaian.calendars.ical import calendar_file
from kepegawaian.notifications.delivery import absolute


def calendar_of(meetings: Iterable[Meeting], name: str) -> bytes:
    """`meetings` with their process."""
    return calendar_file("Forum", name, map(_event, meetings), method="PUBLISH")


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
