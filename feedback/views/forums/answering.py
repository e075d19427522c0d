"""Organisers and proposals: the office's note, merging, official answers, proposals of offices; and results."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from feedback import permissions_forums as permissions
from feedback.forms_forum_office import AnswerForm, MergeForm, NoteForm, ProgressForm, ResultForm
from feedback.forms_forums import OfficialProposalForm
from feedback.models import OfficialAnswer, Process, Proposal, Result
from feedback.notifications_forums import proposal_url
from feedback.services import forums_answers, forums_proposals
from feedback.services.forums_answers import ANSWER, RESULT
from feedback.views.forums.common import managed_process, managed_proposal, staged
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For an office, or what came up in a meeting."""
    process = managed_process(request, pk)
    form, token, good = staged(request, OfficialProposalForm, process=process)
    made: list[Proposal] = []
    if request.method == "POST" and good and carried_out(form, lambda data: made.append(
        forums_proposals.propose_officially(
            actor=request.user, process=process, facts=data, meeting=data["meeting"], files=form.uploads
        )
    )):  # fmt: skip
        done(request, _("Usulan dicatat."))
        return redirect(proposal_url(made[0]))
    context = {"form": form, "process": process, "token": token.text}
    return render(request, "feedback/forum/office/propose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep as a draft, or publish at once; what is published nobody changes."""
    found = managed_proposal(request, pk)
    draft = found.answers.filter(published_at=None).first()
    initial = {name: getattr(draft, name) for name in ANSWER} if draft else None
    form = AnswerForm(request.POST or None, initial=initial)
    publishes = request.POST.get("action") == "publish"
    if request.method == "POST" and carried_out(form, lambda data: _answer(request, found, data, publishes)):
        done(request, _("Jawaban terbit dan tidak dapat diubah lagi.") if publishes else _("Konsep disimpan."))
        return redirect(proposal_url(found))
    context = {
        "form": form,
        "proposal": found,
        "process": found.process,
        "draft": draft,
        "published": list(found.answers.exclude(published_at=None)),
    }
    return render(request, "feedback/forum/office/answer.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, found: Proposal, data: dict[str, Any], publishes: bool) -> None:
    draft = forums_answers.draft_answer(actor=request.user, proposal=found, facts=data)
    if publishes:
        forums_answers.publish_answer(actor=request.user, answer=draft)


@require_http_methods(["GET", "POST"])
def publish_all(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    process = managed_process(request, pk)
    drafts = OfficialAnswer.objects.filter(proposal__process=process, published_at=None)
    refusal = ""
    if request.method == "POST":
        try:
            count = forums_answers.publish_all(actor=request.user, process=process)
        except ApplicationError as error:
            refusal = str(error)
        else:
            done(
                request,
                ngettext("%(count)d jawaban terbit.", "%(count)d jawaban terbit.", count) % {"count": count},
            )
            return redirect("feedback:forum_manage", pk)
    context = {"process": process, "drafts": list(drafts.select_related("proposal")), "refusal": refusal}
    return render(request, "feedback/forum/office/publish_all.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the office thinks of it before the vote, and merging with another one."""
    found = managed_proposal(request, pk)
    merges = request.POST.get("action") == "merge"
    form = NoteForm(request.POST if request.POST and not merges else None, instance=found)
    merge_form = MergeForm(request.POST if merges else None, proposal=found, auto_id="merge_%s")
    if request.method == "POST" and _noted(request, found, form, merge_form, merges):
        done(request, _("Usulan digabung.") if merges else _("Catatan disimpan."))
        return redirect(proposal_url(found))
    wrong = bool(form.errors or merge_form.errors)
    context = {"form": form, "merge_form": merge_form, "proposal": found, "process": found.process}
    return render(request, "feedback/forum/office/note.html", context, status=422 if wrong else 200)


def _noted(request: HttpRequest, found: Proposal, form: NoteForm, merge_form: MergeForm, merges: bool) -> bool:
    if merges:
        return carried_out(
            merge_form,
            lambda data: forums_proposals.merge_proposals(actor=request.user, main=data["main"], duplicate=found),
        )
    return carried_out(
        form, lambda data: forums_proposals.note_office(actor=request.user, proposal=found, facts=data)
    )


# --- Results --------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new_result(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _result_page(request, managed_process(request, pk), None)


@require_http_methods(["GET", "POST"])
def edit_result(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _managed_result(request, pk)
    return _result_page(request, found.process, found)


def _managed_result(request: HttpRequest, pk: uuid.UUID) -> Result:
    found = get_object_or_404(Result.objects.select_related("process__unit", "owner_unit"), pk=pk)
    if not permissions.can_manage(request.user, found.process):
        raise Http404
    return found


def _result_page(request: HttpRequest, process: Process, found: Result | None) -> HttpResponse:
    initial: dict[str, Any] = {"owner_unit": process.unit}
    if found is not None:
        initial = {name: getattr(found, name) for name in RESULT}
        initial |= {"proposals": found.proposals.all(), "meetings": found.meetings.all()}
    form = ResultForm(request.POST or None, initial=initial, process=process, result=found)
    saved: list[Result] = []
    if request.method == "POST" and carried_out(form, lambda data: saved.append(forums_answers.save_result(
        actor=request.user, process=process, facts=data, result=found
    ))):  # fmt: skip
        done(request, _("Hasil disimpan."))
        return redirect("feedback:forum_result", saved[0].pk)
    context = {"form": form, "process": process, "result": found}
    return render(request, "feedback/forum/office/result.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _managed_result(request, pk)
    form = ProgressForm(request.POST or None, initial={"percent": found.percent, "state": found.state})
    if request.method == "POST" and carried_out(
        form, lambda data: forums_answers.report_progress(actor=request.user, result=found, **data)
    ):
        done(request, _("Kemajuan dicatat; peserta diberi tahu."))
        return redirect("feedback:forum_result", pk)
    context = {"form": form, "process": found.process, "result": found}
    return render(request, "feedback/forum/office/progress.html", context, status=422 if form.errors else 200)
