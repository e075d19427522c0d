"""The one place that says which day it is."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def today(zone: str | None = None) -> datetime.date:
    """The calendar date now, in `zone` (an IANA name such as a unit's "Asia/Makassar") or the active one."""
    return timezone.localdate(timezone=ZoneInfo(zone) if zone else None)


def year_end(year: int) -> datetime.date:
    return datetime.date(year, 12, 31)
