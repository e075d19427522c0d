"""The chain over the trail: finished events are sealed in batches, and anybody can check that none was touched.

    seal n = sha256(seal n-1, digests of the events of batch n in the order of their ids)

A digest covers the payload, so erasing a payload lawfully leaves the chain whole. What the chain cannot show by
itself is that its end was cut off; for that, each seal is written to the log, which is kept elsewhere, and
`verify` takes a seal known from there.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from django.db import connection, transaction

from kepegawaian.audit.models import Event, Seal
from kepegawaian.audit.services import digest_of

logger = structlog.get_logger("audit")
BATCH = 2000
LOCK = 0x6B657067  # "kepg": one sealer at a time in one database
START = "0" * 64


@dataclass
class Report:
    """What `verify` found. `problems` names each broken row or seal."""

    events: int = 0
    seals: int = 0
    unsealed: int = 0
    erased: int = 0
    problems: list[str] = field(default_factory=list)


def seal() -> int:
    """Seal what is not sealed yet; how many events were. Does nothing while another worker seals."""
    total = 0
    while count := _seal_batch():
        total += count
        if count < BATCH:
            break
    return total


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    rows = list(Event.objects.filter(seal=None).order_by("id").values_list("id", "digest")[:BATCH])
    if not rows:
        return 0
    last = Seal.objects.order_by("-number").first()
    made = Seal.objects.create(
        number=last.number + 1 if last else 1,
        events=len(rows),
        digest=chained(last.digest if last else START, (digest for _id, digest in rows)),
    )
    Event.objects.filter(id__in=[key for key, _digest in rows]).update(seal=made)
    logger.info("sealed", number=made.number, events=made.events, digest=made.digest)
    return len(rows)


def chained(previous: str, digests: Iterable[str]) -> str:
    whole = hashlib.sha256(previous.encode())
    for digest in digests:
        whole.update(digest.encode())
    return whole.hexdigest()


def verify(known: tuple[int, str] | None = None) -> Report:
    """Recompute every digest and the chain. `known` is a seal's number and digest as the log has it."""
    report = Report()
    previous, number = START, 0
    for made in Seal.objects.order_by("number").iterator():
        number += 1
        if made.number != number:
            report.problems.append(f"seal {number} is missing, {made.number} follows")
            number = made.number
        previous = _verify_seal(made, previous, report)
        if known and known[0] == made.number and known[1] != made.digest:
            report.problems.append(f"seal {made.number} is not the one that was logged")
    if known and known[0] > number:
        report.problems.append(f"seal {known[0]} was logged but the chain ends at {number}")
    for event in Event.objects.filter(seal=None).order_by("id").iterator():
        report.unsealed += 1
        _verify_event(event, report)
    return report


def _verify_seal(made: Seal, previous: str, report: Report) -> str:
    digests = []
    for event in Event.objects.filter(seal=made).order_by("id").iterator():
        _verify_event(event, report)
        digests.append(event.digest)
    report.seals += 1
    if len(digests) != made.events:
        report.problems.append(f"seal {made.number}: {made.events} events were sealed, {len(digests)} are there")
    elif chained(previous, digests) != made.digest:
        report.problems.append(f"seal {made.number}: its digest does not follow from its events")
    return made.digest


def _verify_event(event: Event, report: Report) -> None:
    report.events += 1
    if event.erased_at is not None:
        report.erased += 1
        if event.data is not None:
            report.problems.append(f"event {event.pk}: marked as erased, yet it has a payload")
    elif digest_of(event) != event.digest:
        report.problems.append(f"event {event.pk}: its content does not match its digest")
