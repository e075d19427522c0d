"""Better words for a proposal: suggested, read beside the present ones, decided; and the files of proposals."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from feedback import permissions_forums as permissions
from feedback.enums import AmendmentState
from feedback.forms_forums import AmendmentForm, DecideAmendmentForm, RemoveFileForm, wording
from feedback.models import Amendment, ProposalFile
from feedback.notifications_forums import amendment_url, proposal_url
from feedback.services import forums_amendments, forums_files
from feedback.views.forums.common import told, visible_proposal
from kepegawaian.documents.downloads import download
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out


@never_cache
@require_http_methods(["GET", "POST"])
def suggest(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_proposal(request, pk)
    demand(permissions.can_take_part(request.user))
    form = AmendmentForm(request.POST or None, initial=wording(found))
    made: list[Amendment] = []
    if request.method == "POST" and carried_out(form, lambda data: made.append(
        forums_amendments.suggest(actor=request.user, proposal=found, facts=data, version=data["version"])
    )):  # fmt: skip
        done(request, _("Usul perubahan terkirim."))
        return redirect(amendment_url(made[0]))
    context = {"form": form, "proposal": found, "process": found.process}
    context["amendable"] = forums_amendments.is_amendable(found)
    return render(request, "feedback/forum/amend.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def amendment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What would change, for its author, the author of the proposal and the organisers."""
    rows = Amendment.objects.select_related("author", "proposal__process__unit", "proposal__author", "decided_by")
    found = get_object_or_404(rows, pk=pk)
    if not permissions.can_see_amendment(request.user, found):
        raise Http404
    if request.POST.get("action") == "withdraw":
        return told(request, proposal_url(found.proposal), lambda: _withdraw(request, found))
    form = DecideAmendmentForm(request.POST or None)
    accepted = request.POST.get("action") == "accept"
    if request.method == "POST" and carried_out(form, lambda data: forums_amendments.decide(
        actor=request.user, amendment=found, accepted=accepted, reason=data["reason"]
    )):  # fmt: skip
        done(request, _("Perubahan diambil; pendukung diberi tahu.") if accepted else _("Keputusan disimpan."))
        return redirect(proposal_url(found.proposal))
    context = {
        "amendment": found,
        "proposal": found.proposal,
        "process": found.proposal.process,
        "base": found.proposal.versions.get(version=found.base_version),
        "shown": AmendmentState(found.state),
        "waiting": found.state == AmendmentState.WAITING,
        "decides": bool(permissions.can_decide_amendment(request.user, found)),
        "own": found.author_id == request.user.pk,
        "form": form,
    }
    return render(request, "feedback/forum/amendment.html", context, status=422 if form.errors else 200)


def _withdraw(request: HttpRequest, found: Amendment) -> None:
    forums_amendments.withdraw_amendment(actor=request.user, amendment=found)
    done(request, _("Usul perubahan ditarik."))


# --- Files ----------------------------------------------------------------------------------------
@login_not_required
@require_safe
def file(request: HttpRequest, pk: uuid.UUID, file: uuid.UUID) -> FileResponse:
    """For whoever sees the proposal, as a download that runs nothing."""
    found = visible_proposal(request, pk)
    row = get_object_or_404(found.files.filter(removed_at=None).select_related("stored"), pk=file)
    return download(row.stored, f"usulan-{found.number}-{row.stored.name}")


@never_cache
@require_http_methods(["GET", "POST"])
def remove_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(ProposalFile.objects.select_related("stored", "proposal__process__unit"), pk=pk)
    proposal = row.proposal
    if not permissions.can_manage(request.user, proposal.process) or row.removed_at is not None:
        raise Http404
    form = RemoveFileForm(request.POST or None)
    if request.method == "POST" and carried_out(form, lambda data: forums_files.remove_file(
        actor=request.user, file=row, reason=data["reason"]
    )):  # fmt: skip
        done(request, _("Lampiran dihapus dari usulan."))
        return redirect(proposal_url(proposal))
    context = {"form": form, "proposal": proposal, "process": proposal.process}
    return render(request, "feedback/forum/office/remove_file.html", context, status=422 if form.errors else 200)
