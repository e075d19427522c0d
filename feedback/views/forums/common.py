"""What the pages of forums share: caching for those without an account, which forum, which proposal, refusals."""

import functools
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from feedback import permissions_forums as permissions
from feedback.forms_reports import StagingForm
from feedback.models import Comment, Meeting, OfficialAnswer, Process, Proposal
from feedback.rules.forums import Allows, counts_shown, next_opening, open_phases
from feedback.services.forums_common import allows, phases_of
from feedback.services.forums_talk import TYPES
from feedback.views.reports.common import FormToken, network, new_token, token_of
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused

FRESH_SECONDS = 60
View = Callable[..., HttpResponseBase]
F = TypeVar("F", bound=StagingForm)


def public_page(view: View) -> View:
    """For everybody. Without an account caches may keep the page for a minute; with one it is the person's."""

    @login_not_required
    @require_safe
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        else:
            response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        patch_vary_headers(response, ("Cookie",))
        return response

    return wrapper


def told(request: HttpRequest, back: str, verb: Callable[[], Any]) -> HttpResponse:
    """Carry out a verb of one click. What it refuses is said on the page it came from."""
    try:
        verb()
    except PermissionRefused as error:
        messages.warning(request, str(error.message))
    except ApplicationError as error:
        messages.warning(request, str(error))
    return redirect(back)


def visible_process(request: HttpRequest, slug: str) -> Process:
    rows = Process.objects.visible_to(request.user).select_related("unit", "area")
    found: Process = get_object_or_404(rows, slug=slug)
    return found


def managed_process(request: HttpRequest, pk: uuid.UUID) -> Process:
    """Of the organiser's own units; others' forums are not found here."""
    found: Process = get_object_or_404(Process.objects.select_related("unit", "area"), pk=pk)
    if not permissions.can_manage(request.user, found):
        raise Http404
    return found


def with_answers(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Each with `published_answers`, the last of which holds."""
    published = OfficialAnswer.objects.exclude(published_at=None).order_by("published_at")
    return proposals.prefetch_related(Prefetch("answers", published, to_attr="published_answers"))


def visible_proposal(request: HttpRequest, pk: uuid.UUID) -> Proposal:
    rows = Proposal.objects.select_related("process__unit", "process__area", "author", "meeting", "merged_into")
    found: Proposal = get_object_or_404(with_answers(rows), pk=pk)
    if not permissions.can_see(request.user, found):
        raise Http404
    return found


def managed_proposal(request: HttpRequest, pk: uuid.UUID) -> Proposal:
    found: Proposal = get_object_or_404(Proposal.objects.select_related("process__unit", "author"), pk=pk)
    if not permissions.can_manage(request.user, found.process):
        raise Http404
    return found


def visible_meeting(request: HttpRequest, pk: uuid.UUID) -> Meeting:
    rows = Meeting.objects.select_related("process__unit", "document", "public_copy")
    found: Meeting = get_object_or_404(rows, pk=pk)
    if found.process.published_at is None and not permissions.can_manage(request.user, found.process):
        raise Http404
    return found


def managed_meeting(request: HttpRequest, pk: uuid.UUID) -> Meeting:
    found = visible_meeting(request, pk)
    if not permissions.can_manage(request.user, found.process):
        raise Http404
    return found


def find_subject(request: HttpRequest, kind: str, pk: uuid.UUID, *, managed: bool) -> Proposal | Comment:
    """What is flagged (shown to everybody) or moderated (by its organisers)."""
    if kind not in TYPES:
        raise Http404
    rows = TYPES[kind]._default_manager.select_related("process__unit", "author")
    found: Proposal | Comment = get_object_or_404(rows, pk=pk)
    if managed:
        if not permissions.can_manage(request.user, found.process):
            raise Http404
    elif found.process.published_at is None or not permissions.is_shown(found):
        raise Http404
    return found


def staged(request: HttpRequest, form: type[F], **more: Any) -> tuple[F, FormToken, bool]:
    """A form whose files stay while it is looked at or corrected, its token, and whether all files were taken."""
    token = token_of(request) if request.method == "POST" else new_token()
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    made = form(*data, key=token.key, network=network(request), **more)
    return made, token, made.keep_files() if request.method == "POST" else True


def kind_of(subject: Proposal | Comment) -> str:
    return "usulan" if isinstance(subject, Proposal) else "komentar"


def frame(request: HttpRequest, process: Process) -> dict[str, Any]:
    """What every page of a forum shows: where it stands, what is open, who looks at it."""
    phases, now = phases_of(process), today()
    open_now: Allows = allows(process)
    return {
        "process": process,
        "phases": phases,
        "running": open_phases(phases, now),
        "open": open_now,
        "counts": counts_shown(phases, now, hidden=process.counts_hidden),
        "next_support": next_opening(phases, now, "supports"),
        "next_proposals": next_opening(phases, now, "proposals"),
        "manages": bool(permissions.can_manage(request.user, process)),
        "takes_part": permissions.can_take_part(request.user),
    }


def talk_of(process: Process, proposal: Proposal | None) -> QuerySet[Comment]:
    """First-level comments, oldest first, each with its answers as `shown_replies`. One that was hidden keeps its
    place while somebody answered it."""
    replies = Comment.objects.shown().select_related("author").order_by("id")
    rows = Comment.objects.filter(process=process, proposal=proposal, parent=None).select_related("author")
    visible = rows.shown() | rows.filter(replies__state="shown")  # type: ignore[attr-defined]
    return (
        visible.distinct().order_by("id").prefetch_related(Prefetch("replies", replies, to_attr="shown_replies"))
    )
