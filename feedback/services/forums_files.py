"""Papers and pictures of proposals and meetings: kept as those of reports are, made anew without traces of their
maker."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Meeting, MeetingFile, Proposal, ProposalFile
from feedback.permissions_forums import can_manage, can_moderate
from feedback.services.cases.filing import MAX_FILE_MB, MAX_FILES
from feedback.services.forums_common import locked, refuse, verb
from kepegawaian.audit.services import record
from kepegawaian.documents.models import StoredFile
from kepegawaian.documents.services import Incoming, keep_together
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.inserting import insert_together
from kepegawaian.lib.verbs import require_fields

MAX_MEETING_FILES = 20


def attach(proposal: Proposal, files: Iterable[Incoming], actor: Any) -> int:
    """In the transaction of the verb that locked the proposal or made it; how many were added."""
    files = list(files)
    there = proposal.files.filter(removed_at=None).count() if files else 0
    if there + len(files) > MAX_FILES:
        raise refuse(_("Paling banyak %(limit)d berkas.") % {"limit": MAX_FILES}, field="files", rule="files")
    stored = keep_together(files=files, subject=proposal, actor=actor, max_mb=MAX_FILE_MB)
    insert_together(ProposalFile(proposal=proposal, stored=row) for row in stored)
    return len(files)


def detach(proposal: Proposal, files: Iterable[ProposalFile], actor: Any, reason: str = "") -> None:
    wanted = [row.pk for row in files]
    rows = proposal.files.filter(pk__in=wanted, removed_at=None)
    if wanted and rows.update(removed_at=timezone.now(), removed_by=actor, removed_reason=reason):
        data = {"files": [str(key) for key in wanted], "reason": reason}
        record("feedback.proposal_file_removed", proposal, actor=actor, data=data)


@verb
def remove_file(*, actor: Any, file: ProposalFile, reason: str) -> None:
    """By the organisers, at any time, as one file may show what nobody should see; doing it twice is doing it
    once. The file itself goes to nobody any more."""
    proposal = locked(Proposal, file.proposal_id, "process__unit")
    demand(can_moderate(actor, proposal))
    require_fields([("reason", reason, _("Tuliskan alasannya."))])
    detach(proposal, [file], actor, reason.strip()[:300])


# --- Meetings -------------------------------------------------------------------------------------
@verb
def add_meeting_files(*, actor: Any, meeting: Meeting, files: Iterable[Incoming], title: str = "") -> int:
    """Before the meeting its material, afterwards its pictures; how many were added. `title`: what all of them
    are. Those that a form kept and that are there already are not added again."""
    meeting = locked(Meeting, meeting.pk, "process__unit")
    demand(can_manage(actor, meeting.process))
    sent = list(files)
    if not sent:
        raise refuse(_("Pilih berkasnya."), field="files", rule="files")
    there = list(meeting.files.filter(removed_at=None).values_list("stored__sha256", flat=True))
    files = [file for file in sent if not (isinstance(file, StoredFile) and file.sha256 in there)]
    if len(there) + len(files) > MAX_MEETING_FILES:
        raise refuse(
            _("Paling banyak %(limit)d berkas.") % {"limit": MAX_MEETING_FILES}, field="files", rule="files"
        )
    if not files:
        return 0
    # of the forum: the general address of files gives those of a meeting to readers of its minutes
    stored = keep_together(files=files, subject=meeting.process, actor=actor, max_mb=MAX_FILE_MB)
    title = title.strip()[:150]
    insert_together(MeetingFile(meeting=meeting, stored=row, title=title, added_by=actor) for row in stored)
    record("feedback.meeting_files_added", meeting, actor=actor, data={"number": len(files), "title": title})
    return len(files)


@verb
def remove_meeting_file(*, actor: Any, file: MeetingFile) -> None:
    """Doing it twice is doing it once."""
    _show_meeting_file(actor, file, shown=False)


@verb
def restore_meeting_file(*, actor: Any, file: MeetingFile) -> None:
    """What was taken away comes back, also beyond the limit."""
    _show_meeting_file(actor, file, shown=True)


def _show_meeting_file(actor: Any, file: MeetingFile, *, shown: bool) -> None:
    meeting = locked(Meeting, file.meeting_id, "process__unit")
    demand(can_manage(actor, meeting.process))
    at, by = (None, None) if shown else (timezone.now(), actor)
    if MeetingFile.objects.filter(pk=file.pk, removed_at__isnull=not shown).update(removed_at=at, removed_by=by):
        code = "feedback.meeting_file_restored" if shown else "feedback.meeting_file_removed"
        record(code, meeting, actor=actor, data={"file": str(file.pk)})
