"""The way in by number and PIN: five free tries, then longer and longer waits; unknown numbers answer alike."""

import datetime
import hashlib
import hmac

from django.db import connection
from django.utils import timezone

from feedback.models import Case, RateKey
from feedback.rules import numbers
from feedback.services.cases.filing import pin_keys

REMEMBERED = datetime.timedelta(hours=24)
_FAILED = """
INSERT INTO feedback_ratekey (key, count, expires_at) VALUES (%(key)s, 1, %(expires)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN feedback_ratekey.expires_at < %(now)s THEN 1 ELSE feedback_ratekey.count + 1 END,
    expires_at = EXCLUDED.expires_at
RETURNING count
"""


def daily_key(purpose: str, *parts: str) -> str:
    """A name for a counter that leads back to nobody: keyed, and another one every day."""
    text = "\x1f".join((purpose, f"{timezone.localdate():%Y%m%d}", *parts))
    return hmac.new(pin_keys()[0], text.encode(), hashlib.sha256).hexdigest()


def pin_wait(number: str, origin: str) -> int:
    """Seconds until the next try for this number from this network; 0 means now."""
    row = RateKey.objects.filter(key=daily_key("pin", number, origin), expires_at__gt=timezone.now()).first()
    if row is None or row.blocked_until is None:
        return 0
    return max(int((row.blocked_until - timezone.now()).total_seconds()) + 1, 0)


def open_by_pin(number: str, pin: str, origin: str) -> Case | None:
    """The case, where number and PIN belong together and no wait is due; a part opens with the PIN of the report
    it was split from. `origin`: the network, as the caller names it. Wrong numbers, cases without PIN and wrong
    PINs cost the same time and count the same."""
    known = numbers.parse_number(number) or ""
    if pin_wait(known, origin):
        return None
    case = Case.objects.filter(number=known).select_related("unit", "holder_unit", "service", "split_from").first()
    first = case.first if case is not None else None
    bound, digest = (first.number, first.pin_digest) if first is not None else (known, "")
    if numbers.pin_matches(pin, bound, digest, pin_keys()) and case is not None:
        RateKey.objects.filter(key=daily_key("pin", known, origin)).delete()
        return case
    _count_failure(known, origin)
    return None


def _count_failure(number: str, origin: str) -> None:
    key, now = daily_key("pin", number, origin), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, {"key": key, "expires": now + REMEMBERED, "now": now})
        failures: int = cursor.fetchone()[0]
    wait = numbers.delay_after(failures)
    if wait:
        RateKey.objects.filter(key=key).update(blocked_until=now + wait)


def forget_expired() -> int:
    """Counters whose window is over; how many there were."""
    removed, _by_model = RateKey.objects.filter(expires_at__lt=timezone.now()).delete()
    return removed
