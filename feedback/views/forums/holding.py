"""Organisers and meetings: announce, move, call off; who came; minutes and the close."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback import permissions_forums as permissions
from feedback.forms_forum_office import (
    AgendaFormSet,
    CodeForm,
    MeetingForm,
    MinutesForm,
    PointFormSet,
    ReasonForm,
    SignatoryFormSet,
)
from feedback.forms_forums import DoorForm
from feedback.models import Meeting, Process, Registration
from feedback.notifications_forums import meeting_url
from feedback.rules.forum_templates import TEMPLATES
from feedback.services import forums_meetings
from feedback.services.forums_common import refuse
from feedback.views.forums.common import managed_meeting, managed_process
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out, show_refusal

POINT = ("text", "raised_by", "proposal", "verdict", "reason", "owner_unit", "due_on")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    process = managed_process(request, pk)
    agenda = [{"title": title} for title in TEMPLATES[process.kind].agenda]
    return _meeting_page(request, process, None, agenda)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = managed_meeting(request, pk)
    agenda = [dict(row) for row in found.agenda.values("title", "minutes", "speaker")]
    return _meeting_page(request, found.process, found, agenda)


def _meeting_page(
    request: HttpRequest, process: Process, found: Meeting | None, agenda: list[dict[str, Any]]
) -> HttpResponse:
    form = MeetingForm(request.POST or None, instance=found or Meeting(process=process))
    formset: Any = AgendaFormSet(request.POST or None, initial=agenda, prefix="agenda")
    saved: list[Meeting] = []
    if request.method == "POST" and formset.is_valid() and carried_out(form, lambda data: saved.append(
        forums_meetings.save_meeting(
            actor=request.user, process=process, facts=data, agenda=formset.rows(), meeting=found
        )
    )):  # fmt: skip
        done(request, _("Pertemuan disimpan."))
        return redirect(meeting_url(saved[0]))
    wrong = form.is_bound
    context = {"form": form, "formset": formset, "process": process, "meeting": found}
    return render(request, "feedback/forum/office/meeting.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = managed_meeting(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and carried_out(form, lambda data: forums_meetings.cancel_meeting(
        actor=request.user, meeting=found, reason=data["reason"]
    )):  # fmt: skip
        done(request, _("Pertemuan dibatalkan; peserta diberi tahu."))
        return redirect(meeting_url(found))
    context = {"form": form, "meeting": found, "process": found.process}
    return render(request, "feedback/forum/office/cancel.html", context, status=422 if form.errors else 200)


# --- Who came -------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The list at the door: tick who is there, write down who comes unannounced, choose the delegates."""
    found = managed_meeting(request, pk)
    walk_in_form = DoorForm(request.POST if request.POST.get("action") == "walk_in" else None)
    code_form = CodeForm(request.POST if request.POST.get("action") == "code" else None)
    if request.method == "POST":
        try:
            if _at_the_door(request, found, walk_in_form, code_form):
                return redirect("feedback:forum_attendance", pk)
        except PermissionRefused:
            raise
        except ApplicationError as error:
            messages.warning(request, str(error))
            return redirect("feedback:forum_attendance", pk)
    rows = list(found.registrations.filter(cancelled_at=None).order_by("waiting", "registered_at"))
    context = {
        "meeting": found,
        "process": found.process,
        "rows": rows,
        "present": sum(row.attended_at is not None for row in rows),
        "walk_in_form": walk_in_form,
        "code_form": code_form,
        "open": found.closed_at is None and found.cancelled_at is None,
    }
    wrong = bool(walk_in_form.errors or code_form.errors)
    return render(request, "feedback/forum/office/attendance.html", context, status=422 if wrong else 200)


def _at_the_door(request: HttpRequest, found: Meeting, walk_in_form: DoorForm, code_form: CodeForm) -> bool:
    action = request.POST.get("action", "")
    if action == "walk_in":
        return carried_out(
            walk_in_form,
            lambda data: forums_meetings.walk_in(actor=request.user, meeting=found, facts=data),
        )
    if action == "code":
        return carried_out(code_form, lambda data: _present_by_code(request, found, data["code"]))
    if action == "delegates":
        chosen = [key for text in request.POST.getlist("id") if (key := as_uuid(text))]
        forums_meetings.set_delegates(actor=request.user, meeting=found, chosen=chosen)
        return True
    kind, _dash, text = action.partition(":")
    if kind in ("present", "absent") and (key := as_uuid(text)):
        row = found.registrations.select_related("meeting").filter(pk=key).first()
        if row is not None:
            forums_meetings.mark_present(actor=request.user, registration=row, present=kind == "present")
    return True


def _present_by_code(request: HttpRequest, found: Meeting, code: str) -> None:
    row = found.registrations.select_related("meeting").filter(code_digest=forums_meetings.digest(code)).first()
    if row is None:
        raise refuse(_("Tidak ada tiket dengan kode ini untuk pertemuan ini."), field="code")
    forums_meetings.mark_present(actor=request.user, registration=row)


@never_cache
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR on a ticket leads: the officer at the door confirms; nobody else finds the page."""
    rows = Registration.objects.select_related("meeting__process__unit")
    row = rows.filter(code_digest=forums_meetings.digest(code)).first()
    if row is None or not permissions.can_manage(request.user, row.meeting.process):
        raise Http404
    if request.method == "POST":
        try:
            forums_meetings.mark_present(actor=request.user, registration=row)
        except ApplicationError as error:
            messages.warning(request, str(error))
        else:
            done(request, _("%(name)s tercatat hadir.") % {"name": row.name})
        return redirect("feedback:forum_attendance", row.meeting_id)
    context = {"row": row, "meeting": row.meeting, "process": row.meeting.process}
    return render(request, "feedback/forum/office/check_in.html", context)


# --- Minutes --------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Saved as often as needed; the close freezes them and issues the *berita acara*."""
    found = managed_meeting(request, pk)
    if found.closed_at and request.method == "GET":
        return redirect(meeting_url(found))
    form = MinutesForm(request.POST or None, instance=found, initial=_first_count(found))
    kept = [{name: getattr(point, name) for name in POINT} for point in found.points.select_related("proposal")]
    points = PointFormSet(
        request.POST or None, initial=kept, prefix="points", form_kwargs={"process": found.process}
    )
    people = list(found.signatories.values("name", "role"))
    signatories = SignatoryFormSet(request.POST or None, initial=people, prefix="signatories")
    closes = request.POST.get("action") == "close"
    if request.method == "POST" and _kept(request, found, form, points, signatories, closes):
        text = _("Pertemuan ditutup; berita acara sedang dibuat.") if closes else _("Notulen disimpan.")
        done(request, text)
        return redirect(meeting_url(found) if closes else request.path)
    context = {
        "form": form,
        "points": points,
        "signatories": signatories,
        "meeting": Meeting.objects.get(pk=pk),
        "process": found.process,
    }
    status = 422 if form.is_bound else 200
    return render(request, "feedback/forum/office/minutes.html", context, status=status)


def _first_count(found: Meeting) -> dict[str, Any]:
    if found.attendees is not None:
        return {}
    return {"attendees": found.registrations.filter(attended_at__isnull=False).count()}


def _kept(
    request: HttpRequest, found: Meeting, form: MinutesForm, points: Any, signatories: Any, closes: bool
) -> bool:
    """Saving and closing are one act: a close that is refused saves nothing and loses nothing typed."""
    valid = [form.is_valid(), points.is_valid(), signatories.is_valid()]
    if not all(valid):
        return False
    try:
        with transaction.atomic():
            saved = forums_meetings.save_minutes(
                actor=request.user,
                meeting=found,
                facts=form.cleaned_data,
                points=points.rows(),
                signatories=signatories.rows(),
            )
            if closes:
                forums_meetings.close_meeting(actor=request.user, meeting=saved)
    except PermissionRefused:
        raise
    except ApplicationError as error:
        show_refusal(form, error)
        _show_beside(points.kept(), error)
        return False
    return True


def _show_beside(rows: list[Form], error: ApplicationError) -> None:
    """What concerns one point stands in its row as well."""
    sentences = {problem.field: str(problem.message) for problem in error.problems}
    for at, row in enumerate(rows):
        for name in row.fields:
            if sentence := sentences.get(f"points-{at}-{name}"):
                row.add_error(name, sentence)
