"""Living through the past: what the portal's verbs stamp with "now" gets the moment at which it happened."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


@contextmanager
def moment(at: datetime.datetime) -> Iterator[None]:
    """`at` is aware. Inside, `timezone.now()` and with it `today()` and every default of a model say it."""

    class Then(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return at.astimezone(tz)

    with mock.patch.object(timezone, "datetime", Then):
        yield


def ago(days: float, *, hour: int = 10, minute: int = 0) -> datetime.datetime:
    """So many days back, at that time of the portal's clock; never later than now."""
    now = timezone.now()
    day = (now.astimezone(ZoneInfo(settings.TIME_ZONE)) - datetime.timedelta(days=days)).replace(
        hour=hour, minute=minute, second=0, microsecond=0
    )
    return min(day, now)
