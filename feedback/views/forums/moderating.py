"""The moderators' queue: what waits for its first look, what was hidden or flagged, objections."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from feedback import permissions_forums as permissions
from feedback.enums import CommentState, FlagReason, ProposalState, Undecided
from feedback.forms_forum_office import DecideAppealForm, ModerationForm
from feedback.models import Appeal, Comment, Flag, Moderation, Process, Proposal
from feedback.services import forums_talk
from feedback.views.forums.common import find_subject, kind_of
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.units.models import Unit

SHOWN = 100


def own_forums(user: Any) -> Any:
    return Process.objects.filter(unit__in=Unit.objects.in_scope(user, Right.MANAGE_FORUMS)).values("pk")


def waiting_subjects(user: Any) -> list[Proposal | Comment]:
    """Oldest first: what is pending, what was flagged, what the flags hid and nobody has looked at yet."""
    forums = own_forums(user)
    automatic = Moderation.objects.filter(actor=None, act=Moderation.Act.HIDE).values("subject_id")
    flagged = Flag.objects.filter(dismissed_at=None)
    decided = Moderation.objects.exclude(actor=None).values("subject_id")
    found: list[Proposal | Comment] = []
    for model, hidden in ((Proposal, ProposalState.HIDDEN), (Comment, CommentState.HIDDEN)):
        field = "proposal" if model is Proposal else "comment"
        rows = model._default_manager.filter(process__in=forums).select_related("process", "author")
        pending = rows.filter(state="pending")
        raised = rows.filter(pk__in=flagged.exclude(**{field: None}).values(field)).exclude(state=hidden)
        unseen = rows.filter(state=hidden, pk__in=automatic).exclude(pk__in=decided)
        for part in (pending, raised, unseen):
            found += list(part.order_by("id")[:SHOWN])
    return sorted({row.pk: row for row in found}.values(), key=lambda row: row.pk)


def waiting_appeals(user: Any) -> list[tuple[Appeal, Proposal | Comment]]:
    """Objections about forums of the organiser's units."""
    units = Unit.objects.in_scope(user, Right.MANAGE_FORUMS).values("pk")
    rows = Appeal.objects.filter(
        state=Undecided.WAITING,
        moderation__unit__in=units,
        moderation__subject_type__in=list(forums_talk.LABELS),
    )
    pairs = [
        (row, forums_talk.subject_of(row.moderation)) for row in rows.select_related("moderation").order_by("id")
    ]
    return [(row, subject) for row, subject in pairs if subject is not None]


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_organise_anywhere(request.user))
    subjects = [(row, kind_of(row)) for row in waiting_subjects(request.user)]
    context = {"subjects": subjects, "appeals": waiting_appeals(request.user)}
    return render(request, "feedback/forum/office/queue.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    """The text, what citizens say against it, and the decision."""
    subject = find_subject(request, kind, pk, managed=True)
    form = ModerationForm(request.POST or None)
    if request.method == "POST" and carried_out(form, lambda data: _moderate(request, subject, data)):
        done(request, _("Keputusan dicatat."))
        return redirect("feedback:forum_queue")
    flags = list(subject.raised.select_related("by").order_by("at"))
    context = {
        "form": form,
        "subject": subject,
        "kind": kind,
        "process": subject.process,
        "flags": [(row, FlagReason(row.reason)) for row in flags],
        "history": _history(subject),
        "may": permissions.can_moderate(request.user, subject),
    }
    return render(request, "feedback/forum/office/moderate.html", context, status=422 if form.errors else 200)


def _moderate(request: HttpRequest, subject: Proposal | Comment, data: dict[str, Any]) -> None:
    if data["outcome"] == ModerationForm.SHOW:
        forums_talk.show(actor=request.user, subject=subject, explanation=data["explanation"])
    else:
        forums_talk.hide(
            actor=request.user, subject=subject, reason=data["reason"], explanation=data["explanation"]
        )


def _history(subject: Proposal | Comment) -> list[tuple[Moderation, Any, Any]]:
    rows = Moderation.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return [(row, Moderation.Act(row.act), Moderation.Reason(row.reason)) for row in rows.select_related("actor")]


@require_http_methods(["GET", "POST"])
def decide_appeal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    filed = get_object_or_404(Appeal.objects.select_related("moderation__actor"), pk=pk)
    subject = forums_talk.subject_of(filed.moderation)
    if subject is None or not permissions.can_manage(request.user, subject.process):
        raise Http404
    form = DecideAppealForm(request.POST or None)
    if request.method == "POST" and carried_out(form, lambda data: forums_talk.decide_appeal(
        actor=request.user, appeal=filed, granted=data["outcome"] == "granted", decision=data["decision"]
    )):  # fmt: skip
        done(request, _("Keputusan atas keberatan dicatat; penulis diberi tahu."))
        return redirect("feedback:forum_queue")
    row = filed.moderation
    context = {
        "form": form,
        "appeal": filed,
        "subject": subject,
        "process": subject.process,
        "act": Moderation.Act(row.act),
        "reason": Moderation.Reason(row.reason),
        "may": permissions.can_decide_appeal(request.user, row, subject),
    }
    return render(request, "feedback/forum/office/decide_appeal.html", context, status=422 if form.errors else 200)
