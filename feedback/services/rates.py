"""How often a network did something of late. Keys are those of `access.daily_key`: they lead back to nobody."""

import datetime

from django.db import connection
from django.utils import timezone

from feedback.models import RateKey
from feedback.services.cases.access import daily_key

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
_HIT = """
INSERT INTO feedback_ratekey (key, count, expires_at) VALUES (%(key)s, %(by)s, %(expires)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN feedback_ratekey.expires_at < %(now)s THEN %(by)s ELSE feedback_ratekey.count + %(by)s END,
    expires_at = CASE WHEN feedback_ratekey.expires_at < %(now)s THEN %(expires)s
        ELSE feedback_ratekey.expires_at END
RETURNING count
"""


def hit(purpose: str, *who: str, window: datetime.timedelta = HOUR, by: int = 1) -> int:
    """Count once more; how often it was within the window that runs."""
    now = timezone.now()
    key = daily_key(purpose, *who)
    with connection.cursor() as cursor:
        cursor.execute(_HIT, {"key": key, "by": by, "expires": now + window, "now": now})
        count: int = cursor.fetchone()[0]
    return count


def seen(purpose: str, *who: str) -> int:
    """How often it was within the window that runs, without counting."""
    key = daily_key(purpose, *who)
    found = RateKey.objects.filter(key=key, expires_at__gt=timezone.now()).values_list("count", flat=True).first()
    return found or 0
