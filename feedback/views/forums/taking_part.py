"""What citizens do in forums: propose, change, withdraw, support, comment, flag, object, follow."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback import permissions_forums as permissions
from feedback.forms_forums import (
    AppealForm,
    CommentForm,
    EditProposalForm,
    FlagForm,
    FollowForm,
    ProposalForm,
    wording,
)
from feedback.models import Comment, Follow, Moderation, Process, Proposal, Registration
from feedback.notifications_forums import process_url, proposal_url, subject_url
from feedback.rules.personal import cleaned, find_personal
from feedback.services import forums, forums_proposals, forums_talk
from feedback.views.forums.common import find_subject, frame, staged, told, visible_process, visible_proposal
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out


# --- Proposals ------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """First a look at what everybody will read and at what is alike already; then it is sent."""
    process = visible_process(request, slug)
    demand(permissions.can_take_part(request.user))
    form, token, good = staged(request, ProposalForm)
    written: list[Proposal] = []
    if request.POST.get("action") == "send" and good and carried_out(form, lambda data: written.append(
        forums_proposals.propose(actor=request.user, process=process, facts=data, files=form.uploads)
    )):  # fmt: skip
        if process.pre_moderation:
            done(request, _("Usulan terkirim. Tampil sesudah diperiksa penyelenggara."))
        else:
            done(request, _("Usulan terkirim dan sudah tampil."))
        return redirect("feedback:forum_proposal", written[0].pk)
    context = frame(request, process) | {"form": form, "token": token.text, **_checked(process, form)}
    return render(request, "feedback/forum/propose.html", context, status=422 if form.errors else 200)


def _checked(process: Process, form: ProposalForm) -> dict[str, Any]:
    if not form.is_bound or not form.is_valid():
        return {"checked": False}
    title, text = form.cleaned_data["title"], form.cleaned_data["text"]
    return {
        "checked": True,
        "similar": forums_proposals.similar(process, title=title, text=text),
        "personal": bool(find_personal(cleaned(f"{title}\n{text}"))),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_proposal(request, pk)
    demand(permissions.can_edit(request.user, found))
    form, token, good = staged(request, EditProposalForm, initial=wording(found), proposal=found)
    if request.method == "POST" and good and carried_out(form, lambda data: forums_proposals.edit_proposal(
        actor=request.user, proposal=found, facts=data, version=data["version"],
        files=form.uploads, dropped=data.get("dropped", ()),
    )):  # fmt: skip
        done(request, _("Perubahan disimpan; versi sebelumnya tetap dapat dibaca."))
        return redirect(proposal_url(found))
    context = {"proposal": found, "process": found.process, "form": form, "token": token.text}
    context["deadline"] = forums_proposals.edit_deadline(found)
    return render(request, "feedback/forum/edit.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_proposal(request, pk)
    demand(permissions.can_edit(request.user, found))
    if request.method == "POST":
        return told(request, proposal_url(found), lambda: _withdraw(request, found))
    return render(request, "feedback/forum/withdraw.html", {"proposal": found, "process": found.process})


def _withdraw(request: HttpRequest, found: Proposal) -> None:
    forums_proposals.withdraw(actor=request.user, proposal=found)
    done(request, _("Usulan ditarik."))


@require_POST
def support(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One button that gives the vote or takes it back, as `value` says."""
    found = visible_proposal(request, pk)
    take_back = request.POST.get("value") == "0"

    def vote() -> None:
        if take_back:
            forums_proposals.unsupport(actor=request.user, proposal=found)
            messages.success(request, _("Dukungan Anda ditarik kembali."))
        else:
            forums_proposals.support(actor=request.user, proposal=found)
            messages.success(request, _("Dukungan Anda tercatat. Hanya Anda yang mengetahuinya."))

    back = proposal_url(found)
    if request.POST.get("from") == "list":
        back = f"{process_url(found.process)}usulan/"
    return told(request, back, vote)


# --- Discussion -----------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, slug: str, pk: uuid.UUID | None = None) -> HttpResponse:
    """On a forum or on one of its proposals. The page of its own keeps what was typed when it is refused."""
    process = visible_process(request, slug)
    subject = get_object_or_404(Proposal, pk=pk, process=process) if pk else None
    parent = _parent(request, process, subject)
    form = CommentForm(request.POST or None, initial={"parent": parent.pk if parent else None})
    written: list[Comment] = []
    if request.method == "POST" and carried_out(form, lambda data: written.append(forums_talk.comment(
        actor=request.user, process=process, text=data["text"], proposal=subject, parent=parent
    ))):  # fmt: skip
        waiting = written[0].state == "pending"
        done(request, _("Komentar terkirim; tampil sesudah diperiksa.") if waiting else _("Komentar terkirim."))
        return redirect(subject_url(written[0]))
    context = frame(request, process) | {"form": form, "proposal": subject, "parent": parent}
    return render(request, "feedback/forum/comment.html", context, status=422 if form.errors else 200)


def _parent(request: HttpRequest, process: Process, subject: Proposal | None) -> Comment | None:
    asked = request.POST.get("parent") or request.GET.get("balas")
    key = as_uuid(asked)
    if key is None:
        return None
    return Comment.objects.shown().filter(pk=key, process=process, proposal=subject).first()


@never_cache
@require_http_methods(["GET", "POST"])
def flag(request: HttpRequest, kind: str, pk: uuid.UUID) -> HttpResponse:
    subject = find_subject(request, kind, pk, managed=False)
    demand(permissions.can_flag(request.user, subject))
    form = FlagForm(request.POST or None)
    if request.method == "POST" and carried_out(form, lambda data: forums_talk.flag(
        actor=request.user, subject=subject, reason=data["reason"], text=data["text"]
    )):  # fmt: skip
        done(request, _("Terima kasih. Penyelenggara akan memeriksanya."))
        return redirect(process_url(subject.process))
    context = {"form": form, "subject": subject, "process": subject.process, "back": subject_url(subject)}
    return render(request, "feedback/forum/flag.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was decided about one's own text, and the form to object to it; nobody else finds it."""
    own = get_object_or_404(Moderation.objects.select_related("appeal"), pk=pk)
    subject = forums_talk.subject_of(own)
    if subject is None or subject.author_id != request.user.pk:
        raise Http404
    filed = getattr(own, "appeal", None)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and filed is None and carried_out(form, lambda data: forums_talk.appeal(
        actor=request.user, moderation=own, text=data["text"]
    )):  # fmt: skip
        done(request, _("Keberatan terkirim. Moderator lain akan memutuskannya."))
        return redirect("feedback:forum_appeal", pk)
    context = {"form": form, "moderation": own, "subject": subject, "filed": filed, "process": subject.process}
    context["act"], context["reason"] = Moderation.Act(own.act), Moderation.Reason(own.reason)
    return render(request, "feedback/forum/appeal.html", context, status=422 if form.errors else 200)


# --- Following ------------------------------------------------------------------------------------
@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    process = visible_process(request, slug)
    form = FollowForm(request.POST)
    if form.is_valid():
        forums.choose_level(user=request.user, process=process, level=form.cleaned_data["level"])
        done(request, _("Pilihan kabar disimpan."))
    return redirect(process_url(process))


@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """All that is mine in forums: proposals, seats, what was moderated, what I follow."""
    user: Any = request.user
    own = Proposal.objects.filter(author=user).select_related("process").order_by("-id")[:50]
    comments = Comment.objects.filter(author=user).exclude(state="shown").order_by("-id")[:50]
    subjects = [row.pk for row in own if row.state == "hidden"] + [row.pk for row in comments]
    decisions = Moderation.objects.filter(subject_id__in=subjects).exclude(act="restore").select_related("appeal")
    seats = Registration.objects.filter(user=user, cancelled_at=None).select_related("meeting__process")
    context = {
        "proposals": list(own),
        "reworded": [row.proposal for row in forums_proposals.changed_since_supported(user)[:20]],
        "decisions": [(row, Moderation.Act(row.act), Moderation.Reason(row.reason)) for row in decisions],
        "seats": list(seats.order_by("-meeting__starts_at")[:20]),
        "follows": list(Follow.objects.filter(user=user).select_related("process").order_by("process__title")),
        "takes_part": permissions.can_take_part(user),
        "waiting": sum(row.state == "pending" for row in comments),
    }
    return render(request, "feedback/forum/mine.html", context)
