"""Polls of a meeting: the organiser opens and closes them, who takes part chooses on the page of the meeting."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from feedback import permissions_forums as permissions
from feedback.forms_forum_office import PollForm
from feedback.models import Meeting, Poll
from feedback.notifications_forums import meeting_url
from feedback.services import forums_polls
from feedback.views.forums.common import managed_meeting, told
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out


def _way_to(meeting: Meeting) -> str:
    return f"{meeting_url(meeting)}#jajak"


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = managed_meeting(request, pk)
    form = PollForm(request.POST or None)
    if request.method == "POST" and carried_out(form, lambda data: forums_polls.open_poll(
        actor=request.user, meeting=found, question=data["question"], options=data["options"]
    )):  # fmt: skip
        done(request, _("Jajak pendapat dibuka."))
        return redirect(_way_to(found))
    context = {"form": form, "meeting": found, "process": found.process}
    return render(request, "feedback/forum/office/poll.html", context, status=422 if form.errors else 200)


def _found(pk: uuid.UUID) -> Poll:
    found: Poll = get_object_or_404(Poll.objects.select_related("meeting__process__unit"), pk=pk)
    return found


@never_cache
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _found(pk)
    if not permissions.can_manage(request.user, found.meeting.process):
        raise Http404
    if request.method == "POST":
        forums_polls.close_poll(actor=request.user, poll=found)
        done(request, _("Jajak pendapat ditutup; hasilnya tetap."))
        return redirect(_way_to(found.meeting))
    context = {"poll": found, "meeting": found.meeting, "process": found.meeting.process}
    return render(request, "feedback/forum/office/poll_close.html", context)


@require_POST
def vote(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One button gives the ballot or changes it, another takes it back."""
    found = _found(pk)
    process = found.meeting.process
    if process.published_at is None and not permissions.can_manage(request.user, process):
        raise Http404
    if request.POST.get("action") == "withdraw":
        return told(request, _way_to(found.meeting), lambda: _withdraw(request, found))
    return told(request, _way_to(found.meeting), lambda: _give(request, found))


def _withdraw(request: HttpRequest, found: Poll) -> None:
    forums_polls.take_back(actor=request.user, poll=found)
    done(request, _("Suara Anda ditarik kembali."))


def _give(request: HttpRequest, found: Poll) -> None:
    options = {str(option.pk): option for option in found.options.all()}
    forums_polls.choose(actor=request.user, poll=found, option=options.get(request.POST.get("option", "")))
    done(request, _("Suara Anda tercatat. Hanya Anda yang mengetahuinya."))
