"""Against floods of reports, without ever shutting out people who share an address: proof of work (ALTCHA), a
trap, the time it took, and counters. What does not convince waits for a person instead of being refused.

The proof follows the protocol of ALTCHA v2 (PBKDF2/SHA-256): `static/js/report.js` solves it in the browser.
"""

import datetime
import hashlib
import hmac
import json
from dataclasses import dataclass

import altcha
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.models import FeedbackSetting, ReviewEntry, SpentChallenge, current_setting
from feedback.services import rates
from feedback.services.cases.filing import pin_keys
from kepegawaian.lib.inserting import insert_together

ALGORITHM = "PBKDF2/SHA-256"
LIFETIME = datetime.timedelta(hours=2)
FLOOD_FACTOR = 50
"""So many times one network's share within an hour, from anywhere, makes proofs dearer for everybody."""
FILING_HOUR, FILING_DAY, FILING_ALL, STAGING = "filing-hour", "filing-day", "filing-all", "staging"
FILES_EACH = 5
STALE = _("Pemeriksaan keamanan sudah kedaluwarsa. Tekan Kirim sekali lagi; isian Anda tetap ada.")
Why = ReviewEntry.Why


@dataclass(frozen=True, slots=True)
class Verdict:
    """`held`: a `ReviewEntry.Why` where a person must look first. `again`: why the proof must be done anew."""

    held: str = ""
    again: str | Promise = ""


def _secret() -> bytes:
    return hmac.new(pin_keys()[0], b"feedback.altcha", hashlib.sha256).digest()


def is_busy(network: str, setting: FeedbackSetting) -> bool:
    """Whether this network, or all together, filed more than their share."""
    hour, day, everybody = rates.seen_together(_counters(network))
    return (
        hour >= setting.complaints_an_hour
        or day >= setting.complaints_a_day
        or everybody >= setting.complaints_an_hour * FLOOD_FACTOR
    )


def _counters(network: str) -> tuple[rates.Counter, ...]:
    return (
        rates.Counter(FILING_HOUR, (network,)),
        rates.Counter(FILING_DAY, (network,), rates.DAY),
        rates.Counter(FILING_ALL),
    )


def cost_for(network: str, setting: FeedbackSetting) -> int:
    return setting.work_cost_busy if is_busy(network, setting) else setting.work_cost


def new_challenge(network: str, setting: FeedbackSetting | None = None) -> str:
    """As JSON for the page; dearer where there is much traffic. Nothing is stored until it was spent."""
    return challenge_of(cost_for(network, setting or current_setting()))


def challenge_of(cost: int) -> str:
    challenge = altcha.create_challenge(
        ALGORITHM,
        cost,
        expires_at=timezone.now() + LIFETIME,
        hmac_secret=_secret(),
    )
    return json.dumps(challenge.to_dict())


def judge(
    *, proof: str, trap: str, seconds: float, network: str, setting: FeedbackSetting | None = None
) -> Verdict:
    """What to do with a report that is about to be filed. A good proof is spent by asking."""
    setting = setting or current_setting()
    if trap.strip():
        return Verdict(held=Why.HONEYPOT)
    if seconds < setting.seconds_to_fill:
        return Verdict(held=Why.TOO_FAST)
    wanted = cost_for(network, setting)
    if not proof:
        return Verdict(held=Why.BUSY if wanted > setting.work_cost else Why.NO_PROOF)
    cost = spend(proof)
    if cost is None:
        return Verdict(again=STALE)
    return Verdict(held=Why.BUSY if cost < wanted else "")


@dataclass(frozen=True, slots=True)
class Proof:
    """One that is right and fresh. What is remembered of it is `digest`, of the challenge and not of the solution:
    one challenge has many."""

    cost: int
    digest: str


def read_proof(text: str) -> Proof | None:
    """None for a proof that is wrong or too old; whether it was used before is the caller's to find out."""
    try:
        payload = altcha.Payload.from_base64(text[:4000])
        result = altcha.verify_solution(payload, _secret())
        cost, signature = payload.challenge.parameters.cost, str(payload.challenge.signature)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None
    if not result.verified or payload.challenge.parameters.algorithm != ALGORITHM:
        return None
    return Proof(int(cost), hashlib.sha256(signature.encode()).hexdigest())


def spend(text: str) -> int | None:
    """The cost of a proof that is right, fresh and was not used before, which it is from now on; else None."""
    proof = read_proof(text)
    if proof is None:
        return None
    try:
        with transaction.atomic():
            insert_together([SpentChallenge(digest=proof.digest, expires_at=timezone.now() + LIFETIME)])
    except IntegrityError:
        return None
    return proof.cost


def count_filing(network: str) -> None:
    rates.hit_together(_counters(network))


def may_stage(network: str, files: int) -> bool:
    """Files that were uploaded but not sent fill the disk; the limit is far above what one network needs."""
    return rates.hit(STAGING, network, by=files) <= current_setting().replies_an_hour * FILES_EACH


def forget_spent() -> int:
    removed, _by_model = SpentChallenge.objects.filter(expires_at__lt=timezone.now()).delete()
    return removed
