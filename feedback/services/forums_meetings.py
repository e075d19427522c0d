"""Meetings: announced, moved, called off; seats and a queue for them; who came; minutes and the close."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from feedback import notifications_forums as notices
from feedback.enums import MeetingMode
from feedback.models import (
    AgendaItem,
    Meeting,
    MeetingPoint,
    OfficialAnswer,
    Process,
    Registration,
    Signatory,
)
from feedback.permissions_forums import can_manage, can_take_part
from feedback.rules.personal import cleaned
from feedback.services.forums import follow_by_taking_part
from feedback.services.forums_common import locked, refuse, verb
from feedback.services.forums_order import keep_order
from feedback.services.forums_polls import close_all
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.ids import uuid7
from kepegawaian.work.jobs import enqueue

FACTS = (*("title", "text", "mode", "address", "hints", "link", "starts_at", "ends_at", "registration", "seats"),)
MOVED = ("starts_at", "ends_at", "address", "link", "mode")
"""What people who plan to come must hear of."""
MINUTED = ("opened_by", "chair", "minutes", "organisations", "attendees", "decided_by_vote", "minutes_visible")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
MINUTES_JOB = "feedback.minutes"


# --- Announcing -----------------------------------------------------------------------------------
@verb
def save_meeting(
    *,
    actor: Any,
    process: Process,
    facts: Mapping[str, Any],
    agenda: Sequence[Mapping[str, Any]] = (),
    meeting: Meeting | None = None,
) -> Meeting:
    """A new meeting, or another time and place for one; whoever has a seat or follows is told of either. The same
    again is the same meeting."""
    process = locked(Process, process.pk, "unit")
    demand(can_manage(actor, process))
    values = {name: facts[name] for name in FACTS}
    _check_place(values)
    moved = False
    if meeting is None:
        twin = Meeting.objects.filter(process=process, cancelled_at=None, closed_at=None, **values).first()
        if twin is not None:
            return twin
        meeting = Meeting.objects.create(process=process, **values)
    else:
        meeting = _open(meeting)
        if meeting.process_id != process.pk:
            raise refuse(_("Pertemuan ini milik forum lain."))
        moved = any(getattr(meeting, name) != values[name] for name in MOVED)
        _check_seats(meeting, values["seats"])
        for name, value in values.items():
            setattr(meeting, name, value)
        meeting.sequence += 1
        meeting.changed_at = timezone.now()
        meeting.save(update_fields=[*values, "sequence", "changed_at"])
        meeting.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=order, **item) for order, item in enumerate(agenda, start=1)
    )
    fill_seats(meeting)
    if process.published_at and (moved or meeting.sequence == 0):
        notices.tell_meeting(meeting, "moved" if moved else "announced")
    record("feedback.meeting_saved", meeting, actor=actor, data={"start": meeting.starts_at, "moved": moved})
    return meeting


def _check_place(values: Mapping[str, Any]) -> None:
    if values["mode"] != MeetingMode.ONLINE and not values["address"]:
        raise refuse(_("Tuliskan alamat pertemuan."), field="address")
    if values["mode"] != MeetingMode.IN_PERSON and not values["link"]:
        raise refuse(_("Tuliskan tautan pertemuan daring."), field="link")
    if values["ends_at"] <= values["starts_at"]:
        raise refuse(_("Waktu selesai harus sesudah waktu mulai."), field="ends_at")


def _check_seats(meeting: Meeting, seats: int | None) -> None:
    """Who came unannounced has a seat beyond their number; that alone forbids no other change."""
    taken = meeting.registrations.filter(cancelled_at=None, waiting=False).count()
    if seats is not None and seats != meeting.seats and seats < taken:
        raise refuse(_("Kursi yang sudah terisi: %(count)d.") % {"count": taken}, field="seats")


def _open(meeting: Meeting, *related: str) -> Meeting:
    found: Meeting = locked(Meeting, meeting.pk, "process__unit", *related)
    if found.cancelled_at:
        raise StateChanged(_("Pertemuan ini sudah dibatalkan."))
    if found.closed_at:
        raise StateChanged(_("Pertemuan ini sudah ditutup dengan berita acara."))
    return found


@verb
def cancel_meeting(*, actor: Any, meeting: Meeting, reason: str) -> Meeting:
    meeting = _open(meeting)
    demand(can_manage(actor, meeting.process))
    if not reason.strip():
        raise refuse(_("Tuliskan alasannya."), field="reason")
    close_all(meeting, actor)
    meeting.cancelled_at, meeting.cancel_reason = timezone.now(), reason.strip()
    meeting.sequence += 1
    meeting.changed_at = meeting.cancelled_at
    meeting.save(update_fields=["cancelled_at", "cancel_reason", "sequence", "changed_at"])
    notices.tell_meeting(meeting, "cancelled")
    record("feedback.meeting_cancelled", meeting, actor=actor, data={"reason": reason})
    return meeting


# --- Seats ----------------------------------------------------------------------------------------
def code_of(registration: Registration) -> str:
    """The code on the ticket. It follows from our secret and the row, so that only its digest need be kept;
    after a change of the secret the earlier one still gives it."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        code = _code(registration.pk, secret)
        if constant_time_compare(digest(code), registration.code_digest):
            return code
    return ""


def _code(key: Any, secret: str | bytes | None = None) -> str:
    raw = salted_hmac("feedback.ticket", str(key), secret=secret, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in raw[:CODE_LENGTH])


def digest(code: str) -> str:
    """Of what may be typed from paper: small letters, spaces, O for 0, I and L for 1."""
    plain = "".join(code.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))
    return salted_hmac("feedback.ticket.digest", plain, secret="ticket", algorithm="sha256").hexdigest()  # noqa: S106


@verb
def register(*, actor: Any, meeting: Meeting, facts: Mapping[str, Any]) -> Registration:
    """A seat, or a place in the queue when all are taken; again is the same seat."""
    meeting = _open(meeting)
    demand(can_take_part(actor))
    known = meeting.registrations.filter(user=actor, cancelled_at=None).first()
    if known is not None:
        return known
    if meeting.process.published_at is None or not meeting.registration:
        raise refuse(_("Pertemuan ini tanpa pendaftaran."))
    if timezone.now() >= meeting.ends_at:
        raise refuse(_("Pertemuan ini sudah selesai."))
    row = _seat(meeting, user=actor, email=actor.email or "", **_who(facts))
    follow_by_taking_part(actor, meeting.process)
    record("feedback.meeting_registered", row, actor=actor, data={"waiting": row.waiting})
    return row


def _who(facts: Mapping[str, Any]) -> dict[str, str]:
    return {name: cleaned(facts.get(name) or "") for name in ("name", "address", "element")}


def _seat(meeting: Meeting, **facts: Any) -> Registration:
    taken = meeting.registrations.filter(cancelled_at=None, waiting=False).count()
    row = Registration(meeting=meeting, **facts)
    row.waiting = not row.walked_in and meeting.seats is not None and taken >= meeting.seats
    row.code_digest = digest(_code(row.pk))
    row.save(force_insert=True)
    return row


@verb
def give_up_seat(*, actor: Any, meeting: Meeting) -> None:
    """The seat goes to the first in the queue, who is told."""
    meeting = _open(meeting)
    row = meeting.registrations.filter(user=actor, cancelled_at=None, attended_at=None).first()
    if row is None:
        return
    row.cancelled_at = timezone.now()
    row.save(update_fields=["cancelled_at"])
    record("feedback.meeting_given_up", row, actor=actor)
    fill_seats(meeting)


def fill_seats(meeting: Meeting) -> None:
    """Move people up from the queue as far as there are seats; inside the lock of the meeting."""
    queue = list(
        meeting.registrations.filter(cancelled_at=None, waiting=True)
        .select_related("user")
        .order_by("registered_at", "id")
    )
    if not queue:
        return
    taken = meeting.registrations.filter(cancelled_at=None, waiting=False).count()
    free = len(queue) if meeting.seats is None else max(0, meeting.seats - taken)
    for row in queue[:free]:
        row.waiting = False
        row.save(update_fields=["waiting"])
        notices.tell_seat(row)


@verb
def walk_in(*, actor: Any, meeting: Meeting, facts: Mapping[str, Any]) -> Registration:
    """Somebody who came unannounced, written down at the door as present; the same `key` in the facts is the same
    person."""
    meeting = _open(meeting)
    demand(can_manage(actor, meeting.process))
    key = facts.get("key") or uuid7()
    if known := Registration.objects.filter(pk=key).first():
        if known.meeting_id == meeting.pk:
            return known
        key = uuid7()
    row = _seat(meeting, pk=key, walked_in=True, attended_at=timezone.now(), **_who(facts))
    record("feedback.meeting_walked_in", row, actor=actor)
    return row


@verb
def mark_present(*, actor: Any, registration: Registration, present: bool = True) -> Registration:
    """By the code on the ticket or in the list; somebody from the queue who came is present all the same."""
    meeting = _open(registration.meeting)
    demand(can_manage(actor, meeting.process))
    row: Registration = locked(Registration, registration.pk)
    if row.cancelled_at:
        raise refuse(_("Pendaftaran ini sudah dibatalkan."))
    if bool(row.attended_at) != present:
        row.attended_at = timezone.now() if present else None
        row.waiting = False if present else row.waiting
        row.save(update_fields=["attended_at", "waiting"])
        record("feedback.meeting_attended", row, actor=actor, data={"present": present})
    return row


@verb
def set_delegates(*, actor: Any, meeting: Meeting, chosen: Sequence[Any]) -> int:
    """Who speaks for the meeting at the next level (annex IV); they must have been there."""
    meeting = _open(meeting)
    demand(can_manage(actor, meeting.process))
    there = meeting.registrations.filter(attended_at__isnull=False)
    if there.filter(pk__in=chosen).count() != len(set(chosen)):
        raise refuse(_("Utusan dipilih dari yang hadir."))
    meeting.registrations.filter(delegate=True).exclude(pk__in=chosen).update(delegate=False)
    meeting.registrations.filter(pk__in=chosen).update(delegate=True)
    record("feedback.meeting_delegates", meeting, actor=actor, data={"count": len(set(chosen))})
    return len(set(chosen))


# --- Minutes --------------------------------------------------------------------------------------
@verb
def save_minutes(
    *,
    actor: Any,
    meeting: Meeting,
    facts: Mapping[str, Any],
    points: Sequence[Mapping[str, Any]],
    signatories: Sequence[Mapping[str, Any]],
) -> Meeting:
    """What is written so far; may be saved as often as needed until the close."""
    meeting = _open(meeting)
    demand(can_manage(actor, meeting.process))
    for name in MINUTED:
        setattr(meeting, name, facts[name])
    meeting.save(update_fields=list(MINUTED))
    for number, point in enumerate(points, start=1):
        _check_point(meeting, point, number)
    meeting.points.all().delete()
    meeting.signatories.all().delete()
    for order, point in enumerate(points, start=1):
        MeetingPoint.objects.create(meeting=meeting, order=order, **point)
    Signatory.objects.bulk_create(
        Signatory(meeting=meeting, order=order, **person) for order, person in enumerate(signatories, start=1)
    )
    record("feedback.minutes_saved", meeting, actor=actor, data={"points": len(points)})
    return meeting


def _check_point(meeting: Meeting, point: Mapping[str, Any], number: int) -> None:
    """The field of a refusal is that of the form as it is drawn anew."""
    proposal, row = point.get("proposal"), f"points-{number - 1}"
    if proposal is not None and proposal.process_id != meeting.process_id:
        words = _("Pokok %(number)d: usulan ini milik forum lain.") % {"number": number}
        raise refuse(words, field=f"{row}-proposal")
    if proposal is not None and not point.get("verdict"):
        words = _("Pokok %(number)d: tuliskan keputusan atas usulannya.") % {"number": number}
        raise refuse(words, field=f"{row}-verdict")
    if point.get("verdict") in ("rejected", "partly", "reserve") and not (point.get("reason") or "").strip():
        words = _("Pokok %(number)d: tuliskan alasan keputusannya.") % {"number": number}
        raise refuse(words, field=f"{row}-reason")


@verb
def close_meeting(*, actor: Any, meeting: Meeting) -> Meeting:
    """From now on nobody changes what was minuted; where it departs from the order of votes it says why. A worker
    issues the *berita acara*; what the meeting decided of proposals stands ready as drafts of their answers."""
    meeting = _open(meeting)
    demand(can_manage(actor, meeting.process))
    if not meeting.minutes.strip() or meeting.attendees is None:
        raise refuse(_("Isi notulen dan jumlah hadir sebelum menutup pertemuan."), field="minutes")
    if meeting.starts_at > timezone.now():
        raise refuse(_("Pertemuan ini belum dimulai."))
    if not meeting.signatories.exists():
        raise refuse(_("Tuliskan paling sedikit satu penanda tangan berita acara."))
    keep_order(meeting)
    _draft_answers(actor, meeting)
    close_all(meeting, actor)
    meeting.closed_at, meeting.closed_by = timezone.now(), actor
    meeting.changed_at = meeting.closed_at
    meeting.save(update_fields=["closed_at", "closed_by", "changed_at"])
    enqueue(MINUTES_JOB, owner=actor, arguments={"meeting": str(meeting.pk)})
    if meeting.minutes_visible and meeting.process.published_at:
        notices.tell_minutes(meeting)
    record("feedback.meeting_closed", meeting, actor=actor, data={"attendees": meeting.attendees})
    return meeting


def _draft_answers(actor: Any, meeting: Meeting) -> None:
    decided = meeting.points.exclude(proposal=None).exclude(verdict="").select_related("proposal")
    answered = set(
        OfficialAnswer.objects.filter(proposal__points__meeting=meeting).values_list("proposal", flat=True)
    )
    agreed = _("Disepakati dalam %(meeting)s.") % {"meeting": meeting.title}
    done: set[Any] = set()
    for point in decided:
        if point.proposal_id in answered | done or point.proposal is None:
            continue
        done.add(point.proposal_id)
        OfficialAnswer.objects.create(
            proposal=point.proposal, verdict=point.verdict, reason=point.reason or agreed, drafted_by=actor
        )


def running(meeting: Meeting, now: datetime.datetime | None = None) -> bool:
    now = now or timezone.now()
    return meeting.cancelled_at is None and meeting.closed_at is None and meeting.starts_at <= now
