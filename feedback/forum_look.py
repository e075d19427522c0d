"""How the states of forums look: word, icon and tone, the same on every page."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.enums import CommentState, MeetingMode, Progress, ProposalState, Undecided, Verdict
from feedback.models import Meeting, MeetingPoint, Process
from feedback.rules.forums import Standing, numbered, standing
from kepegawaian.lib.dates import today


@dataclass(frozen=True, slots=True)
class Shown:
    """What `{% status %}` takes."""

    label: str | Promise
    icon: str
    tone: str


_STANDING = {
    Standing.COMING: Shown(_("Akan datang"), "calendar", "neutral"),
    Standing.OPEN: Shown(_("Sedang berlangsung"), "chat-bubble-left-right", "success"),
    Standing.FINISHED: Shown(_("Selesai"), "check-circle", "info"),
}
DRAFT = Shown(_("Belum terbit"), "pencil", "wait")
_PROPOSAL = {
    ProposalState.PENDING: ("clock", "wait"),
    ProposalState.OPEN: ("check-circle", "success"),
    ProposalState.MERGED: ("document-duplicate", "neutral"),
    ProposalState.WITHDRAWN: ("arrow-uturn-left", "neutral"),
    ProposalState.HIDDEN: ("eye-slash", "danger"),
}
_COMMENT = {
    CommentState.PENDING: ("clock", "wait"),
    CommentState.SHOWN: ("check-circle", "success"),
    CommentState.HIDDEN: ("eye-slash", "danger"),
}
_VERDICT = {
    Verdict.EVALUATING: ("clock", "wait"),
    Verdict.ACCEPTED: ("check-circle", "success"),
    Verdict.PARTLY: ("check-badge", "success"),
    Verdict.RESERVE: ("pause-circle", "info"),
    Verdict.REJECTED: ("x-circle", "danger"),
}
_PROGRESS = {
    Progress.PLANNED: ("calendar", "neutral"),
    Progress.RUNNING: ("arrow-path", "wait"),
    Progress.DONE: ("check-circle", "success"),
    Progress.DROPPED: ("minus-circle", "danger"),
}
_UNDECIDED = {
    Undecided.WAITING: ("clock", "wait"),
    Undecided.GRANTED: ("check-circle", "success"),
    Undecided.REFUSED: ("x-circle", "danger"),
}
CANCELLED = Shown(_("Dibatalkan"), "x-circle", "danger")
MINUTED = Shown(_("Selesai, dengan berita acara"), "document-check", "info")
PAST = Shown(_("Menunggu berita acara"), "clock", "wait")
AHEAD = Shown(_("Akan datang"), "calendar", "success")


def of_process(process: Process) -> Shown:
    if process.published_at is None:
        return DRAFT
    return _STANDING[standing(process.starts_on, process.ends_on, today())]


def of_proposal(state: str) -> Shown:
    member = ProposalState(state)
    return Shown(member.label, *_PROPOSAL[member])


def of_comment(state: str) -> Shown:
    member = CommentState(state)
    return Shown(member.label, *_COMMENT[member])


def of_verdict(verdict: str) -> Shown:
    member = Verdict(verdict)
    return Shown(member.label, *_VERDICT[member])


def overtaking(point: MeetingPoint) -> str:
    """What stands beside a decision that departs from the order of votes."""
    if not point.overtakes:
        return ""
    return str(_("Mengubah urutan dukungan: mendahului usulan nomor %s.")) % numbered(point.overtakes)


def of_progress(state: str) -> Shown:
    member = Progress(state)
    return Shown(member.label, *_PROGRESS[member])


def of_appeal(state: str) -> Shown:
    member = Undecided(state)
    return Shown(member.label, *_UNDECIDED[member])


def of_meeting(meeting: Meeting) -> Shown:
    if meeting.cancelled_at:
        return CANCELLED
    if meeting.closed_at:
        return MINUTED
    return AHEAD if meeting.ends_at > timezone.now() else PAST


def of_mode(mode: str) -> Shown:
    member = MeetingMode(mode)
    icons = {MeetingMode.IN_PERSON: "map-pin", MeetingMode.ONLINE: "computer-desktop", MeetingMode.HYBRID: "users"}
    return Shown(member.label, icons[member], "neutral")
