"""How often a network did something of late. Keys are those of `access.daily_key`: they lead back to nobody."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from feedback.models import RateKey
from feedback.services.cases.access import daily_key
from kepegawaian.lib.prepared import Prepared

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
_HIT = """
INSERT INTO feedback_ratekey (key, count, expires_at)
SELECT given.key, %(by)s, given.expires
FROM unnest(%(keys)s::text[], %(expires)s::timestamptz[]) AS given (key, expires) ORDER BY given.key
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN feedback_ratekey.expires_at < %(now)s THEN %(by)s ELSE feedback_ratekey.count + %(by)s END,
    expires_at = CASE WHEN feedback_ratekey.expires_at < %(now)s THEN EXCLUDED.expires_at
        ELSE feedback_ratekey.expires_at END
RETURNING count
"""
_SEEN: Prepared[tuple[str, int]] = Prepared(
    lambda slot: RateKey.objects.filter(key__in=slot.any("keys", "text"), expires_at__gt=slot("now")).values_list(
        "key", "count"
    )
)


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted, of whom (nobody: of all together), in a window of that length."""

    purpose: str
    who: tuple[str, ...] = ()
    window: datetime.timedelta = HOUR

    @property
    def key(self) -> str:
        return daily_key(self.purpose, *self.who)


def hit(purpose: str, *who: str, window: datetime.timedelta = HOUR, by: int = 1) -> int:
    """Count once more; how often it was within the window that runs."""
    return _hit([Counter(purpose, who, window)], by)[0]


def hit_together(counters: Iterable[Counter]) -> None:
    """Each once more, in one statement."""
    _hit(counters, 1)


def _hit(counters: Iterable[Counter], by: int) -> list[int]:
    """In the order of the keys, so that two that count at the same moment cannot wait for each other."""
    now = timezone.now()
    given = {counter.key: now + counter.window for counter in counters}
    with connection.cursor() as cursor:
        cursor.execute(_HIT, {"keys": list(given), "by": by, "expires": list(given.values()), "now": now})
        return [row[0] for row in cursor.fetchall()]


def seen_together(counters: Iterable[Counter]) -> list[int]:
    """How often each was within the window that runs, without counting, in one statement."""
    keys = [counter.key for counter in counters]
    found = dict(_SEEN.all(keys=keys, now=timezone.now()))
    return [found.get(key, 0) for key in keys]
