"""Limits of the protected channel: keys in Valkey that expire by themselves, in no table and in no log.

`origin` is what `feedback.untraced` made of the address: a keyed hash, another one every day.
"""

import time

from django.core.cache import cache

from feedback.models import FeedbackSetting, current_setting
from feedback.rules import numbers
from feedback.services import defence
from feedback.services.cases.access import daily_key
from feedback.services.cases.filing import MAX_FILES
from feedback.services.defence import FLOOD_FACTOR, STALE, Verdict, Why

HOUR, DAY = 3600, 24 * 3600
FILING, FILING_ALL, FILES, FAILED, BLOCKED, SPENT = "filing", "filing-all", "files", "failed", "blocked", "spent"


def _key(purpose: str, *who: str) -> str:
    return f"untraced:{daily_key(f'untraced-{purpose}', *who)}"


def hit(purpose: str, *who: str, seconds: int = HOUR, by: int = 1) -> int:
    """Count once more; how often it was within the window that runs."""
    key = _key(purpose, *who)
    if cache.add(key, by, seconds):
        return by
    try:
        return int(cache.incr(key, by))
    except ValueError:  # it expired in between
        cache.add(key, by, seconds)
        return by


def seen(purpose: str, *who: str) -> int:
    return int(cache.get(_key(purpose, *who)) or 0)


# --- Floods ---------------------------------------------------------------------------------------
def cost_for(origin: str, setting: FeedbackSetting) -> int:
    """Dearer beyond one network's share, or when very many come from anywhere; nobody is shut out."""
    share = setting.complaints_an_hour
    busy = seen(FILING, origin) >= share or seen(FILING_ALL) >= share * FLOOD_FACTOR
    return setting.work_cost_busy if busy else setting.work_cost


def new_challenge(origin: str) -> str:
    return defence.challenge_of(cost_for(origin, current_setting()))


def judge(*, proof: str, trap: str, seconds: float, origin: str) -> Verdict:
    """As `defence.judge` does for complaints; a good proof is spent by asking."""
    setting = current_setting()
    if trap.strip():
        return Verdict(held=Why.HONEYPOT)
    if seconds < setting.seconds_to_fill:
        return Verdict(held=Why.TOO_FAST)
    if not proof:
        return Verdict(held=Why.NO_PROOF)
    found = defence.read_proof(proof)
    if found is None or not cache.add(
        f"untraced:{SPENT}:{found.digest}", 1, int(defence.LIFETIME.total_seconds())
    ):
        return Verdict(again=STALE)
    return Verdict(held=Why.BUSY if found.cost < cost_for(origin, setting) else "")


def count_filing(origin: str) -> None:
    hit(FILING, origin)
    hit(FILING_ALL)


def may_bring(origin: str, files: int) -> bool:
    """So that nobody fills the disk; far above what one person hands in."""
    return not files or hit(FILES, origin, by=files) <= current_setting().replies_an_hour * MAX_FILES


# --- PINs -----------------------------------------------------------------------------------------
def wait_for(number: str, origin: str) -> int:
    """Seconds until the next try for this number from this network; 0 means now."""
    until = float(cache.get(_key(BLOCKED, number, origin)) or 0)
    return max(int(until - time.time()) + 1, 0) if until else 0


def count_failure(number: str, origin: str) -> None:
    failures = hit(FAILED, number, origin, seconds=DAY)
    wait = int(numbers.delay_after(failures).total_seconds())
    if wait:
        cache.set(_key(BLOCKED, number, origin), time.time() + wait, wait + 1)


def forgive(number: str, origin: str) -> None:
    cache.delete_many([_key(FAILED, number, origin), _key(BLOCKED, number, origin)])
