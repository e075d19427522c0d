"""The *berita acara* of a meeting as a numbered PDF, and a copy for everybody without names, addresses and photos.

Both come from the same data by one template (reference 5.1, 5.2). Made by a worker after the close.
"""

import uuid
from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from feedback import forum_look
from feedback.enums import TAKEN_UP, MeetingMode, ProposalOrigin, Verdict
from feedback.models import Meeting, MeetingFile, MeetingPoint, Proposal
from feedback.poll_look import DrawnPoll, drawn_polls
from feedback.rules.forums import counts_shown, ordinal
from feedback.rules.personal import preview
from feedback.services.forums_common import locked, phases_of, verb
from kepegawaian.documents.files import PDF, PICTURES
from kepegawaian.documents.pdf import photo_svg, qr_svg, render_pdf
from kepegawaian.documents.services import issue_document, store_content
from kepegawaian.lib.ui.formatting import long_day, number
from kepegawaian.notifications.delivery import absolute
from kepegawaian.work.jobs import JobRun

KIND = "feedback.minutes"
TEMPLATE = "feedback/pdf/minutes.typ"
NUMBER = "{sequence:03d}/BA/{unit}/{month}/{year}"
LEFT_OUT = (Verdict.RESERVE, Verdict.REJECTED)
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def write_minutes(run: JobRun) -> dict[str, Any]:
    """The job: issue the paper of a closed meeting, once however often it runs."""
    meeting = Meeting.objects.get(pk=uuid.UUID(run.arguments["meeting"]))
    with translation.override("id"):
        meeting = issue_minutes(meeting=meeting)
    return {"document": str(meeting.document_id or "")}


@verb
def issue_minutes(*, meeting: Meeting) -> Meeting:
    meeting = locked(Meeting, meeting.pk, "process__unit", "document", "closed_by")
    if meeting.closed_at is None or meeting.document_id:
        return meeting
    data = minutes_data(meeting)
    meeting.document = issue_document(
        kind=KIND,
        subject=meeting,
        unit=meeting.process.unit,
        facts=public_facts(meeting),
        template=TEMPLATE,
        data=data,
        number_template=NUMBER,
        actor=meeting.closed_by,
    )
    document = meeting.document
    url = absolute(reverse("documents:verify", args=[document.token]))
    public = {**data, "number": document.number, "verify_url": url, "qr": qr_svg(url), "attendance": []}
    public |= {
        "public": True,
        "delegates": [],
        "photos": [],
        "date_text": long_day(timezone.localdate(document.issued_at)),
    }
    meeting.public_copy = store_content(
        content=render_pdf(TEMPLATE, public),
        name=f"{document.number.replace('/', '-')}-salinan.pdf",
        mime=PDF,
        subject=meeting,
        actor=meeting.closed_by,
    )
    meeting.save(update_fields=["document", "public_copy"])
    return meeting


def public_facts(meeting: Meeting) -> dict[str, str]:
    return {
        "Berita acara": meeting.title,
        "Forum": meeting.process.title,
        "Tanggal": long_day(timezone.localdate(meeting.starts_at)),
        "Jumlah hadir": str(meeting.attendees),
    }


def minutes_data(meeting: Meeting) -> dict[str, Any]:
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    present = list(meeting.registrations.filter(attended_at__isnull=False).order_by("attended_at"))
    points = list(meeting.points.select_related("proposal", "owner_unit"))
    hidden = meeting.process.counts_hidden
    counted = counts_shown(phases_of(meeting.process), timezone.localdate(meeting.closed_at), hidden=hidden)
    return {
        "public": False,
        "title": f"Berita Acara {meeting.title}",
        "forum": meeting.process.title,
        "place": settings.REGION_SHORT_NAME,
        "held": {
            "weekday": WEEKDAYS[start.weekday()],
            "day": long_day(start.date()),
            "hours": f"{start:%H.%M}–{end:%H.%M}",
            "where": _place(meeting),
        },
        "opened_by": meeting.opened_by,
        "chair": meeting.chair,
        "agenda": [item.title for item in meeting.agenda.all()],
        "minutes": [line for line in meeting.minutes.splitlines() if line.strip()],
        "organisations": "; ".join(line.strip() for line in meeting.organisations.splitlines() if line.strip()),
        "attendees": meeting.attendees,
        "by_vote": meeting.decided_by_vote,
        "points": [_point(point, order) for order, point in enumerate(points, start=1)],
        "signatories": [{"name": row.name, "role": row.role} for row in meeting.signatories.all()],
        "attendance": [[row.name, row.address, row.element] for row in present],
        "elements": _elements(present),
        "accepted": [_proposal(point, counted) for point in points if _decided(point, TAKEN_UP)],
        "others": [_proposal(point, counted) for point in points if _decided(point, LEFT_OUT)],
        "delegates": [[row.name, row.address, row.element] for row in present if row.delegate],
        "delegate_count": sum(row.delegate for row in present),
        "polls": [_poll(row) for row in drawn_polls(AnonymousUser(), meeting)],
        "photos": [_photo(row) for row in pictures_of(meeting)],
    }


def pictures_of(meeting: Meeting) -> "QuerySet[MeetingFile]":
    """Who judges public services looks for them beside the attendance list (reference 5.1)."""
    rows = meeting.files.filter(removed_at=None, stored__mime__in=PICTURES)
    return rows.select_related("stored").order_by("at", "id")


def _photo(row: MeetingFile) -> dict[str, str]:
    with row.stored.file.open("rb") as kept:
        return {"svg": photo_svg(kept.read()), "title": row.title}


def _poll(row: DrawnPoll) -> dict[str, Any]:
    counted = [[preview(option.text), str(option.votes)] for option in row.options]
    return {"question": preview(row.poll.question), "options": counted, "outcome": row.outcome}


def _place(meeting: Meeting) -> str:
    if meeting.mode == MeetingMode.ONLINE:
        return "daring"
    return f"{meeting.address} dan daring" if meeting.mode == MeetingMode.HYBRID else meeting.address


def _elements(present: list[Any]) -> list[list[str]]:
    """How many of each kind of participant came: what may be told to everybody."""
    counted = Counter(row.element or "Lainnya" for row in present)
    return [[element, str(count)] for element, count in sorted(counted.items())]


def _point(point: MeetingPoint, order: int) -> dict[str, str]:
    return {
        "word": ordinal(order),
        "text": point.text,
        "raised_by": point.raised_by,
        "verdict": str(Verdict(point.verdict).label) if point.verdict else "",
        "reason": point.reason,
        "owner": str(point.owner_unit or ""),
        "due": long_day(point.due_on),
    }


def _decided(point: MeetingPoint, verdicts: tuple[Verdict, ...]) -> bool:
    return point.proposal is not None and point.verdict in verdicts


def _proposal(point: MeetingPoint, counted: bool) -> dict[str, str]:
    proposal = point.proposal
    if proposal is None:
        raise ValueError("a point without a proposal is in no annex")
    return {
        "number": str(proposal.number),
        "proposer": proposer(proposal),
        "work": preview(proposal.title),
        "location": proposal.location,
        "volume": proposal.volume,
        "cost": number(proposal.estimate.quantize(1)) if proposal.estimate is not None else "",
        "supports": str(proposal.supports) if counted else "",
        "verdict": str(Verdict(point.verdict).label),
        "remark": point.reason or proposal.office_note,
        "order": forum_look.overtaking(point),
    }


def proposer(proposal: Proposal) -> str:
    """A group, an office or a meeting by its name; of a citizen only that it is one: papers go far."""
    if proposal.group_name:
        return proposal.group_name
    return str(ProposalOrigin(proposal.origin).label)
