"""Papers and pictures of proposals: kept as those of reports are, made anew without traces of their maker."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Proposal, ProposalFile
from feedback.permissions_forums import can_moderate
from feedback.services.cases.filing import MAX_FILE_MB, MAX_FILES
from feedback.services.forums_common import locked, refuse, verb
from kepegawaian.audit.services import record
from kepegawaian.documents.services import Incoming, keep_together
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.inserting import insert_together
from kepegawaian.lib.verbs import require_fields


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
