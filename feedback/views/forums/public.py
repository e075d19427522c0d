"""What everybody may read of forums: list, forum, proposals, results, the count of moderation."""

import uuid
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import permissions_forums as permissions
from feedback.enums import ProposalState, Verdict
from feedback.forms_forums import CommentForm, FollowForm, ProposalFilter
from feedback.models import Comment, Moderation, Process, Proposal, Result
from feedback.services import forums, forums_amendments, forums_proposals, forums_talk
from feedback.views.forums.common import (
    frame,
    public_page,
    talk_of,
    visible_process,
    visible_proposal,
    with_answers,
)
from kepegawaian.lib.dates import today
from kepegawaian.lib.together import read_together
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.parts import Tab

SHOWN = 5


@public_page
def forum_list(request: HttpRequest) -> HttpResponse:
    """Running ones first, then those to come, then what is over."""
    now = today()
    rows = Process.objects.published().select_related("unit")
    asked = request.GET.get("waktu", "")
    if asked == "selesai":
        rows = rows.filter(ends_on__lt=now)
    else:
        rows = rows.filter(ends_on__gte=now).order_by("starts_on", "title")
    shown = Count("proposals", filter=Q(proposals__state=ProposalState.OPEN))
    page = paginate(rows.annotate(number_of_proposals=shown), request)
    tabs = [
        Tab(_("Berlangsung dan akan datang"), request.path, asked != "selesai"),
        Tab(_("Selesai"), "?waktu=selesai", asked == "selesai"),
    ]
    return render(request, "feedback/forum/list.html", {"page": page, "tabs": tabs})


@public_page
def forum(request: HttpRequest, slug: str) -> HttpResponse:
    process = visible_process(request, slug)
    context = frame(request, process)
    shown = with_answers(process.proposals.filter(state=ProposalState.OPEN)).select_related("author")
    ordered = forums_proposals.by_support(shown) if context["counts"] else shown.order_by("-number")
    now = timezone.now()
    context |= {
        "proposals": list(ordered[:SHOWN]),
        "meetings": list(process.meetings.filter(ends_at__gte=now, cancelled_at=None)[:SHOWN]),
        "past_meetings": list(process.meetings.filter(ends_at__lt=now).order_by("-starts_at")[:SHOWN]),
        "results": list(process.results.filter(parent=None).select_related("owner_unit")[:SHOWN]),
        "page": paginate(talk_of(process, None), request),
        "comment_form": CommentForm(auto_id="new_%s"),
        "follow_form": FollowForm(initial={"level": forums.level_of(request.user, process)}),
    }
    return render(request, "feedback/forum/forum.html", context)


@public_page
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    process = visible_process(request, slug)
    context = frame(request, process)
    form = ProposalFilter(request.GET, counts=context["counts"])
    rows = _filtered(process.proposals.filter(state=ProposalState.OPEN), form, context["counts"])
    page = paginate(with_answers(rows).select_related("author"), request)
    mine = forums_proposals.supported_ids(request.user, process)
    context |= {"page": page, "form": form, "mine": mine}
    return render(request, "feedback/forum/proposals.html", context)


def _filtered(rows: QuerySet[Proposal], form: ProposalFilter, counts: bool) -> QuerySet[Proposal]:
    """Unknown choices filter nothing; the order by support exists only where counts are shown."""
    form.is_valid()
    data = form.cleaned_data
    if words := data.get("q"):
        rows = rows.filter(Q(title__icontains=words) | Q(text__icontains=words) | Q(location__icontains=words))
    answer = data.get("jawaban")
    if answer == "belum":
        rows = rows.exclude(answers__published_at__isnull=False)
    elif answer in Verdict.values:
        rows = rows.filter(answers__verdict=answer, answers__published_at__isnull=False)
    if data.get("urut") == "dukungan" and counts:
        return forums_proposals.by_support(rows)
    return rows.order_by("number" if data.get("urut") == "nomor" else "-number")


@public_page
def proposal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_proposal(request, pk)
    context = frame(request, found.process)
    own = request.user.is_authenticated and found.author_id == request.user.pk
    answers = found.published_answers  # type: ignore[attr-defined]
    final = any(answer.verdict != Verdict.EVALUATING for answer in answers)
    discussed = found.points.filter(meeting__closed_at__isnull=False, meeting__minutes_visible=True)
    files, results, points, amendments = read_together(
        found.files.filter(removed_at=None).select_related("stored"),
        found.results.all(),
        discussed.exclude(verdict="").select_related("meeting"),
        forums_amendments.waiting_for(request.user, found, manages=context["manages"]),
    )
    context |= {
        "proposal": found,
        "own": own,
        "editable": own and not answers and not forums_proposals.why_not_edit(found),
        "deadline": forums_proposals.edit_deadline(found),
        "vote": forums_proposals.vote_of(request.user, found),
        "files": list(enumerate(files, start=1)),
        "amendable": final is False and not answers and forums_amendments.is_amendable(found),
        "amendments": amendments,
        "may_vote": permissions.can_vote(request.user, found.process),
        "votable": context["open"].supports and found.state == ProposalState.OPEN and not final,
        "results": results,
        "points": points,
        "page": paginate(talk_of(found.process, found), request),
        "comment_form": CommentForm(auto_id="new_%s"),
        "moderation": forums_talk.last_moderation(found) if found.state == ProposalState.HIDDEN else None,
    }
    return render(request, "feedback/forum/proposal.html", context)


@public_page
def versions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_proposal(request, pk)
    rows = list(found.versions.order_by("-version"))
    suggested = set(found.amendments.exclude(version=None).values_list("version", flat=True))
    older = [*rows[1:], None]
    shown = [(row, before, row.version in suggested) for row, before in zip(rows, older, strict=True)]
    context = {"proposal": found, "versions": shown}
    return render(request, "feedback/forum/versions.html", context)


@public_page
def results(request: HttpRequest, slug: str) -> HttpResponse:
    process = visible_process(request, slug)
    rows = (
        process.results.filter(parent=None).select_related("owner_unit").prefetch_related("children__owner_unit")
    )
    context = frame(request, process) | {"page": paginate(rows, request)}
    return render(request, "feedback/forum/results.html", context)


@public_page
def result(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Result.objects.select_related("process__unit", "owner_unit", "parent"), pk=pk)
    process = visible_process(request, found.process.slug)
    context: dict[str, Any] = {
        "process": process,
        "result": found,
        "updates": list(found.updates.order_by("-at")),
        "children": list(found.children.select_related("owner_unit")),
        "proposals": list(found.proposals.filter(state=ProposalState.OPEN)),
        "meetings": list(found.meetings.all()),
        "manages": bool(permissions.can_manage(request.user, process)),
    }
    return render(request, "feedback/forum/result.html", context)


@public_page
def moderation(request: HttpRequest) -> HttpResponse:
    """How often what was hidden and why, month by month (reference 7)."""
    rows = [
        {**row, "act": Moderation.Act(row["act"]).label, "reason": Moderation.Reason(row["reason"]).label}
        for row in forums_talk.monthly_counts()
    ]
    hidden = Comment.objects.filter(state="hidden").count() + Proposal.objects.filter(state="hidden").count()
    return render(request, "feedback/forum/moderation_counts.html", {"rows": rows, "hidden": hidden})
