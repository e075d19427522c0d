"""Who may do what in forums: citizens with a confirmed e-mail take part, organisers manage those of their unit."""

from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from feedback.enums import CommentState, ProposalOrigin, ProposalState, Verdict
from feedback.models import (
    Amendment,
    Comment,
    Meeting,
    Moderation,
    Process,
    Proposal,
    Registration,
    VerifiedPerson,
)
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import Unit, covers, has_right

SIGN_IN = Denied(_("Masuk atau daftar dahulu untuk ikut serta."))
NOT_CONFIRMED = Denied(_("Konfirmasi surel Anda dahulu untuk ikut serta."))
REVOKED = Denied(_("Keikutsertaan akun ini di forum dihentikan oleh penyelenggara."))
NOT_ORGANISER = Denied(_("Hanya penyelenggara forum dari unit ini yang boleh melakukan ini."))
NOT_AUTHOR = Denied(_("Hanya pengusul sendiri yang boleh melakukan ini."))
NOT_OWN_CONTENT = Denied(_("Tidak seorang pun memoderasi tulisannya sendiri."))
NOT_SAME_MODERATOR = Denied(_("Keberatan diputuskan oleh orang lain daripada yang memoderasi."))
NIK_NEEDED = Denied(_("Forum ini meminta NIK Anda diperiksa petugas sebelum Anda mendukung usulan."))
OTHER_AREA = Denied(_("Forum ini untuk warga wilayah lain."))
ANSWERED = Denied(_("Usulan ini sudah dijawab dan tidak dapat diubah lagi."))
NOT_ITS_WRITER = Denied(_("Hanya penulisnya yang dapat menarik usul perubahan."))
NOT_OWN_AMENDMENT = Denied(_("Usul perubahan Anda sendiri diputus oleh orang lain."))
NOT_OWN_FLAG = Denied(_("Anda tidak dapat melaporkan tulisan Anda sendiri."))


def can_organise_anywhere(user: Any) -> Answer:
    return ALLOWED if has_right(user, Right.MANAGE_FORUMS) else NOT_ORGANISER


def can_organise(user: Any, unit: Unit) -> Answer:
    return ALLOWED if covers(user, Right.MANAGE_FORUMS, unit.path) else NOT_ORGANISER


def can_manage(user: Any, process: Process) -> Answer:
    return can_organise(user, process.unit)


# --- Taking part ----------------------------------------------------------------------------------
def has_confirmed_email(user: Any) -> bool:
    """Asked once a request and kept on the user object."""
    if not hasattr(user, "_confirmed_email"):
        user._confirmed_email = EmailAddress.objects.filter(user_id=user.pk, verified=True).exists()
    return bool(user._confirmed_email)


def person_of(user: Any) -> VerifiedPerson | None:
    if not hasattr(user, "_forum_person"):
        user._forum_person = VerifiedPerson.objects.select_related("area").filter(user_id=user.pk).first()
    person: VerifiedPerson | None = user._forum_person
    return person


def can_take_part(user: Any) -> Answer:
    """Propose, comment, flag, come to meetings."""
    if not user.is_authenticated or not user.is_active:
        return SIGN_IN
    if not has_confirmed_email(user):
        return NOT_CONFIRMED
    person = person_of(user)
    return REVOKED if person is not None and person.revoked_at else ALLOWED


def can_vote(user: Any, process: Process) -> Answer:
    """One vote a verified person. How much verifying a forum asks for is its organiser's choice."""
    answer = can_take_part(user)
    if not answer or process.voters == Process.Voters.EMAIL:
        return answer
    person = person_of(user)
    if person is None or person.nik_digest is None:
        return NIK_NEEDED
    if process.area is not None and not (person.area and person.area.path.startswith(process.area.path)):
        return OTHER_AREA
    return ALLOWED


# --- Proposals and comments -----------------------------------------------------------------------
def is_answered(proposal: Proposal, *, finally_only: bool = False) -> bool:
    rows = proposal.answers.exclude(published_at=None)
    return bool(rows.exclude(verdict=Verdict.EVALUATING).exists() if finally_only else rows.exists())


def can_edit(user: Any, proposal: Proposal) -> Answer:
    """The author; whether there still is time is a rule and said by the verb."""
    if not user.is_authenticated or proposal.author_id != user.pk:
        return NOT_AUTHOR
    return ANSWERED if is_answered(proposal) else can_take_part(user)


def is_open(proposal: Proposal) -> bool:
    """Neither answered nor merged, hidden or withdrawn: its words may still become better."""
    return proposal.state == ProposalState.OPEN and not is_answered(proposal)


def can_decide_amendment(user: Any, amendment: Amendment) -> Answer:
    """The author of the proposal, about the words of others. About his own, and where an office or a meeting
    proposed, the organisers."""
    if amendment.author_id == user.pk:
        return NOT_OWN_AMENDMENT
    proposal = amendment.proposal
    citizens = proposal.origin in (ProposalOrigin.CITIZEN, ProposalOrigin.GROUP)
    if citizens and proposal.author_id != amendment.author_id:
        return can_take_part(user) if proposal.author_id == user.pk else NOT_AUTHOR
    return can_manage(user, proposal.process)


def can_withdraw_amendment(user: Any, amendment: Amendment) -> Answer:
    return ALLOWED if amendment.author_id == user.pk else NOT_ITS_WRITER


def can_see_amendment(user: Any, amendment: Amendment) -> bool:
    """Taken over, it is part of the versions. Until then nobody else reads words that no moderator looks at."""
    if not user.is_authenticated:
        return False
    involved = user.pk in (amendment.author_id, amendment.proposal.author_id)
    return involved or bool(can_manage(user, amendment.proposal.process))


def can_see(user: Any, proposal: Proposal) -> bool:
    """Shown ones for everybody; hidden, waiting and withdrawn ones for the author and the organisers."""
    if proposal.process.published_at is None:
        return bool(can_manage(user, proposal.process))
    if proposal.state in (ProposalState.OPEN, ProposalState.MERGED):
        return True
    own = user.is_authenticated and proposal.author_id == user.pk
    return own or bool(can_manage(user, proposal.process))


def can_moderate(user: Any, subject: Proposal | Comment) -> Answer:
    if subject.author_id == user.pk:
        return NOT_OWN_CONTENT
    return can_manage(user, subject.process)


def can_flag(user: Any, subject: Proposal | Comment) -> Answer:
    if user.is_authenticated and subject.author_id == user.pk:
        return NOT_OWN_FLAG
    return can_take_part(user)


def is_shown(subject: Proposal | Comment) -> bool:
    return subject.state in (ProposalState.OPEN, ProposalState.MERGED, CommentState.SHOWN)


def can_decide_appeal(user: Any, moderation: Moderation, subject: Proposal | Comment) -> Answer:
    """Second eyes: neither who moderated nor who wrote it."""
    if moderation.actor_id == user.pk:
        return NOT_SAME_MODERATOR
    return can_moderate(user, subject)


# --- Meetings -------------------------------------------------------------------------------------
def can_read_minutes(user: Any, meeting: Meeting) -> bool:
    """The paper with everybody's name: the organisers, and those who were there."""
    if can_manage(user, meeting.process):
        return True
    there = Registration.objects.filter(meeting=meeting, user_id=user.pk, attended_at__isnull=False)
    return bool(user.is_authenticated and there.exists())


def may_read_meeting_file(user: Any, meeting_id: Any) -> bool:
    meeting = Meeting.objects.select_related("process__unit").filter(pk=meeting_id).first()
    return meeting is not None and can_read_minutes(user, meeting)
