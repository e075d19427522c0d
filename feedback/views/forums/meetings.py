"""Meetings as citizens see them: page, seat and ticket, calendar file, minutes."""

import base64
import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from feedback import permissions_forums as permissions
from feedback.enums import Verdict
from feedback.forms_forums import SeatForm
from feedback.models import AgendaItem, Meeting, MeetingFile, Registration
from feedback.notifications_forums import meeting_url
from feedback.poll_look import drawn_polls
from feedback.services import forums_meetings
from feedback.views.forums.common import public_page, told, visible_meeting
from kepegawaian.documents.downloads import download
from kepegawaian.documents.pdf import qr_svg
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.together import Together
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.notifications.delivery import absolute

_LISTS = Together(
    lambda slot: (
        AgendaItem.objects.filter(meeting=slot("meeting")),
        MeetingFile.objects.filter(meeting=slot("meeting"), removed_at=None).select_related("stored"),
    )
)


@public_page
def meeting(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_meeting(request, pk)
    manages = bool(permissions.can_manage(request.user, found.process))
    published = found.closed_at is not None and (found.minutes_visible or manages)
    polls = drawn_polls(request.user, found)
    agenda, files = _LISTS.all(meeting=found.pk)
    context: dict[str, Any] = {
        "meeting": found,
        "process": found.process,
        "agenda": agenda,
        "manages": manages,
        "free": _free(found),
        "over": found.ends_at < timezone.now(),
        "seat": _seat_of(request, found),
        "takes_part": permissions.can_take_part(request.user),
        "may_vote": permissions.can_vote(request.user, found.process),
        "polls": polls,
        "voting": any(poll.open for poll in polls),
        "published": published,
        "points": list(found.points.select_related("proposal", "owner_unit")) if published else [],
        "verdicts": dict(Verdict.choices),
        "files": files,
        "signatories": list(found.signatories.all()) if published else [],
        "full_paper": published and found.document and permissions.can_read_minutes(request.user, found),
    }
    return render(request, "feedback/forum/meeting.html", context)


def _free(found: Meeting) -> int | None:
    """Seats left; None where there is no limit."""
    if found.seats is None:
        return None
    taken = found.registrations.filter(cancelled_at=None, waiting=False).count()
    return max(0, found.seats - taken)


def _seat_of(request: HttpRequest, found: Meeting) -> Registration | None:
    if not request.user.is_authenticated:
        return None
    row: Registration | None = found.registrations.filter(user=request.user, cancelled_at=None).first()
    return row


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_meeting(request, pk)
    demand(permissions.can_take_part(request.user))
    form = SeatForm(request.POST or None, initial={"name": request.user.name})  # type: ignore[union-attr]
    rows: list[Registration] = []
    if request.method == "POST" and carried_out(
        form, lambda data: rows.append(forums_meetings.register(actor=request.user, meeting=found, facts=data))
    ):
        waiting = rows[0].waiting
        done(request, _("Anda di daftar tunggu.") if waiting else _("Anda terdaftar. Simpan tiket ini."))
        return redirect("feedback:forum_ticket", pk)
    context = {"form": form, "meeting": found, "process": found.process, "free": _free(found)}
    return render(request, "feedback/forum/register.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def ticket(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Code and QR of the own seat; the officer at the door opens the address in it."""
    found = visible_meeting(request, pk)
    seat = _seat_of(request, found)
    if seat is None:
        raise Http404
    code = forums_meetings.code_of(seat)
    url = absolute(reverse("feedback:forum_check_in", args=[code])) if code else ""
    drawn = base64.b64encode(qr_svg(url).encode()).decode() if url else ""
    grouped = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
    context = {"meeting": found, "process": found.process, "seat": seat, "code": grouped, "qr": drawn}
    return render(request, "feedback/forum/ticket.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def give_up(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_meeting(request, pk)
    seat = _seat_of(request, found)
    if seat is None:
        raise Http404
    if request.method == "POST":
        return told(request, meeting_url(found), lambda: _give_up(request, found))
    return render(
        request, "feedback/forum/give_up.html", {"meeting": found, "process": found.process, "seat": seat}
    )


def _give_up(request: HttpRequest, found: Meeting) -> None:
    forums_meetings.give_up_seat(actor=request.user, meeting=found)
    done(request, _("Pendaftaran dibatalkan; tempatnya untuk orang lain."))


@login_not_required
@require_safe
def file(request: HttpRequest, pk: uuid.UUID, file: uuid.UUID) -> FileResponse:
    """For whoever sees the meeting."""
    found = visible_meeting(request, pk)
    row = get_object_or_404(found.files.filter(removed_at=None).select_related("stored"), pk=file)
    return download(row.stored, row.stored.name)


@public_page
def minutes_file(request: HttpRequest, pk: uuid.UUID) -> FileResponse:
    """The copy for everybody, without names and addresses."""
    found = get_object_or_404(Meeting.objects.select_related("process__unit", "public_copy"), pk=pk)
    hidden = found.process.published_at is None or not found.minutes_visible
    if found.public_copy is None or (hidden and not permissions.can_manage(request.user, found.process)):
        raise Http404
    return download(found.public_copy)
