"""Discussion that stays civil: comments, flags, hiding, moderation with reasons, objections, the public count."""

import hashlib
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from feedback import notifications_forums as notices
from feedback.enums import CommentState, FlagReason, ProposalState, Undecided
from feedback.models import Appeal, Comment, Flag, Moderation, Process, Proposal, current_setting
from feedback.permissions_forums import (
    can_decide_appeal,
    can_flag,
    can_manage,
    can_moderate,
    can_take_part,
    is_shown,
)
from feedback.rules.forums import seconds_to_wait
from feedback.rules.personal import cleaned
from feedback.services.forums import follow_by_taking_part
from feedback.services.forums_common import allows, lock_person, locked, refuse, verb
from kepegawaian.audit.services import record
from kepegawaian.lib.access import Denied
from kepegawaian.lib.exceptions import PermissionRefused, StateChanged, demand
from kepegawaian.lib.verbs import require_fields

Subject = Proposal | Comment
Act, Reason = Moderation.Act, Moderation.Reason
OF_FLAG = {
    FlagReason.SPAM: Reason.SPAM,
    FlagReason.OFFENSIVE: Reason.OFFENSIVE,
    FlagReason.MISPLACED: Reason.OTHER,
}
AUTOMATIC = gettext_lazy("Disembunyikan otomatis karena beberapa warga melaporkannya; menunggu moderator.")
NOT_AUTHOR = Denied(gettext_lazy("Hanya penulisnya yang boleh mengajukan keberatan."))
TYPES: dict[str, type[Any]] = {"usulan": Proposal, "komentar": Comment}
LABELS = {model._meta.label_lower: model for model in TYPES.values()}


# --- Comments -------------------------------------------------------------------------------------
@verb
def comment(
    *, actor: Any, process: Process, text: str, proposal: Proposal | None = None, parent: Comment | None = None
) -> Comment:
    """By a citizen while comments are open, by an organiser at any time; an answer hangs under the first level."""
    process = Process.objects.select_related("unit").get(pk=process.pk)
    demand(can_take_part(actor))
    official = bool(can_manage(actor, process))
    lock_person(actor)
    proposal = Proposal.objects.filter(pk=proposal.pk).first() if proposal else None
    parent = Comment.objects.select_related("parent").filter(pk=parent.pk).first() if parent else None
    text = cleaned(text)
    _check_place(process, proposal, parent)
    require_fields([("text", text, _("Tuliskan komentarnya."))])
    if not official:
        _check_moment(actor, process)
    top = parent.parent or parent if parent else None
    last = Comment.objects.filter(process=process, proposal=proposal, parent=top, author=actor).last()
    if last is not None and last.text == text:
        return last
    waits = process.pre_moderation and not official
    written = Comment.objects.create(
        process=process,
        proposal=proposal,
        parent=top,
        author=actor,
        official=official,
        text=text,
        state=CommentState.PENDING if waits else CommentState.SHOWN,
    )
    follow_by_taking_part(actor, process)
    notices.tell_reply(written)
    record("feedback.commented", written, actor=actor, data={"forum": process.slug})
    return written


def _check_place(process: Process, proposal: Proposal | None, parent: Comment | None) -> None:
    if process.published_at is None:
        raise refuse(_("Forum ini belum terbit."))
    if proposal is not None and (proposal.process_id != process.pk or proposal.state != ProposalState.OPEN):
        raise refuse(_("Usulan ini tidak terbuka lagi."))
    if parent is not None:
        same_place = parent.process_id == process.pk and parent.proposal_id == (proposal and proposal.pk)
        if not same_place or parent.state != CommentState.SHOWN:
            raise refuse(_("Komentar yang Anda balas sudah tidak ada."))


def _check_moment(actor: Any, process: Process) -> None:
    if not allows(process).comments:
        raise refuse(_("Komentar untuk forum ini sedang ditutup."))
    last = Comment.objects.filter(author=actor, process=process).order_by("-at").first()
    seconds = seconds_to_wait(last.at if last else None, timezone.now(), process.slow_seconds)
    if seconds:
        message = ngettext(
            "Tunggu %(count)d detik sebelum berkomentar lagi.",
            "Tunggu %(count)d detik sebelum berkomentar lagi.",
            seconds,
        )
        raise refuse(message % {"count": seconds}, field="text")


# --- Flags ----------------------------------------------------------------------------------------
@verb
def flag(*, actor: Any, subject: Subject, reason: str, text: str = "") -> Flag:
    """One a person. Enough of them hide it until a moderator looks; the organisers' own words stay visible."""
    subject = locked(type(subject), subject.pk, "process__unit")
    demand(can_flag(actor, subject))
    of = {"comment": subject} if isinstance(subject, Comment) else {"proposal": subject}
    known = Flag.objects.filter(by=actor, **of).first()
    if known is not None:
        return known
    if not is_shown(subject):
        raise refuse(_("Tulisan ini sudah tidak tampil."))
    raised = Flag.objects.create(by=actor, reason=FlagReason(reason), text=cleaned(text), **of)
    count = open_flags(subject).count()
    _set_flags(subject, count)
    record("feedback.flagged", subject, actor=actor, data={"reason": str(reason)})
    if count >= current_setting().flags_to_hide and _may_be_hidden(subject):
        worst = open_flags(subject).values_list("reason").annotate(times=Count("pk")).order_by("-times", "reason")
        _moderate(None, subject, Act.HIDE, OF_FLAG[FlagReason(worst[0][0])], str(AUTOMATIC))
    return raised


def open_flags(subject: Subject) -> Any:
    return subject.raised.filter(dismissed_at=None)


def _may_be_hidden(subject: Subject) -> bool:
    """By flags alone: neither the organisers' own words nor a proposal that stands under another one."""
    if isinstance(subject, Comment):
        return not subject.official
    return subject.state == ProposalState.OPEN and subject.origin not in ("office", "meeting")


def _set_flags(subject: Subject, count: int) -> None:
    if isinstance(subject, Comment):
        subject.flags = count
        subject.save(update_fields=["flags"])


# --- Moderation -----------------------------------------------------------------------------------
@verb
def hide(*, actor: Any, subject: Subject, reason: str, explanation: str) -> Moderation:
    """Take something out of sight; for what waits for its first look: do not let it appear."""
    subject = locked(type(subject), subject.pk, "process__unit")
    demand(can_moderate(actor, subject))
    if subject.state == ProposalState.WITHDRAWN:
        raise refuse(_("Usulan ini tidak terbuka lagi."))
    require_fields([("explanation", cleaned(explanation), _("Tuliskan penjelasan untuk penulisnya."))])
    latest = last_moderation(subject)
    if subject.state == CommentState.HIDDEN and latest is not None and latest.actor_id:
        raise StateChanged(_("Tulisan ini sudah dimoderasi orang lain. Muat ulang halaman."))
    act = Act.REFUSE if subject.state == CommentState.PENDING else Act.HIDE
    return _moderate(actor, subject, act, Reason(reason), explanation)


@verb
def show(*, actor: Any, subject: Subject, explanation: str = "") -> Moderation | None:
    """Let something appear, again or for the first time; what was flagged so far is settled by it."""
    subject = locked(type(subject), subject.pk, "process__unit")
    demand(can_moderate(actor, subject))
    was_pending = subject.state == CommentState.PENDING
    if not was_pending and subject.state != CommentState.HIDDEN and not open_flags(subject).exists():
        raise StateChanged(_("Tulisan ini sudah dimoderasi orang lain. Muat ulang halaman."))
    return _show(actor, subject, explanation)


def _show(actor: Any, subject: Subject, explanation: str) -> Moderation | None:
    """A moderation row only where something comes back: letting pass is no moderation. What its author withdrew or
    the office merged stays so; its flags are settled all the same."""
    was_hidden = subject.state == CommentState.HIDDEN
    open_flags(subject).update(dismissed_at=timezone.now())
    if was_hidden or subject.state == CommentState.PENDING:
        subject.state = _as_shown(subject)
        subject.save(update_fields=["state"])
    _set_flags(subject, 0)
    if not was_hidden:
        record("feedback.let_pass", subject, actor=actor)
        if isinstance(subject, Comment):
            notices.tell_reply(subject)
        return None
    return _log(actor, subject, Act.RESTORE, Reason.OTHER, explanation)


def _as_shown(subject: Subject) -> str:
    if isinstance(subject, Comment):
        return CommentState.SHOWN
    return ProposalState.MERGED if subject.merged_into_id else ProposalState.OPEN


def _moderate(actor: Any, subject: Subject, act: str, reason: str, explanation: str) -> Moderation:
    subject.state = CommentState.HIDDEN if isinstance(subject, Comment) else ProposalState.HIDDEN
    subject.save(update_fields=["state"])
    return _log(actor, subject, act, reason, explanation)


def _log(actor: Any, subject: Subject, act: str, reason: str, explanation: str) -> Moderation:
    row = Moderation.objects.create(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        unit=subject.process.unit,
        act=act,
        reason=reason,
        explanation=cleaned(explanation)[:500],
        text_sha256=hashlib.sha256(subject.text.encode()).hexdigest(),
        actor=actor,
    )
    notices.tell_moderation(row, subject)
    record("feedback.moderated", subject, actor=actor, data={"act": str(act), "reason": str(reason)})
    return row


def last_moderation(subject: Subject) -> Moderation | None:
    rows = Moderation.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return rows.exclude(act=Act.RESTORE).first()


def subject_of(moderation: Moderation) -> Subject | None:
    """The proposal or comment that was moderated; None for what belongs to no forum."""
    model = LABELS.get(moderation.subject_type)
    if model is None:
        return None
    rows = model._default_manager.select_related("process__unit", "author")
    found: Subject | None = rows.filter(pk=moderation.subject_id).first()
    return found


# --- Objections -----------------------------------------------------------------------------------
@verb
def appeal(*, actor: Any, moderation: Moderation, text: str) -> Appeal:
    """Once a decision, by the author of what is hidden because of it."""
    subject = subject_of(moderation)
    if subject is None or subject.author_id != actor.pk:
        raise PermissionRefused(NOT_AUTHOR)
    subject = locked(type(subject), subject.pk, "process__unit")
    latest = last_moderation(subject)
    if subject.state != CommentState.HIDDEN or latest is None or latest.pk != moderation.pk:
        raise StateChanged(_("Tulisan Anda sudah tampil kembali; tidak ada yang perlu dikeberatani."))
    require_fields([("text", cleaned(text), _("Tuliskan keberatan Anda."))])
    filed = Appeal.objects.create(moderation=moderation, text=cleaned(text))
    record("feedback.appealed", filed, actor=actor)
    return filed


@verb
def decide_appeal(*, actor: Any, appeal: Appeal, granted: bool, decision: str) -> Appeal:
    """By somebody other than the moderator; granting shows the text again."""
    appeal = locked(Appeal, appeal.pk, "moderation")
    subject = subject_of(appeal.moderation)
    if subject is None:
        raise refuse(_("Yang Anda cari sudah tidak ada."))
    demand(can_decide_appeal(actor, appeal.moderation, subject))
    if appeal.state != Undecided.WAITING:
        raise StateChanged(_("Keberatan ini sudah diputuskan."))
    require_fields([("decision", cleaned(decision), _("Tuliskan pertimbangan keputusan."))])
    appeal.state = Undecided.GRANTED if granted else Undecided.REFUSED
    appeal.decided_by, appeal.decided_at, appeal.decision = actor, timezone.now(), cleaned(decision)
    appeal.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    notices.tell_appeal(appeal, subject)
    record("feedback.appeal_decided", appeal, actor=actor, data={"granted": granted})
    if granted:
        subject = locked(type(subject), subject.pk, "process__unit")
        if subject.state == CommentState.HIDDEN:
            _show(actor, subject, decision)
    return appeal


# --- The public count -----------------------------------------------------------------------------
def monthly_counts() -> list[dict[str, Any]]:
    """Month, act, reason and how often, newest month first; of forums alone."""
    rows = Moderation.objects.filter(subject_type__in=LABELS).annotate(month=TruncMonth("at"))
    counted = rows.order_by("-month", "act", "reason").values("month", "act", "reason")
    return [dict(row) for row in counted.annotate(times=Count("pk"))]
