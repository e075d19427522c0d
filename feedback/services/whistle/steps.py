"""What the verbs of the protected channel share: the locked report, a step of the log, a word in the mailbox."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from feedback.enums import WhistleState
from feedback.models import WhistleFile, WhistleMessage, WhistleReport, WhistleStep, current_setting
from feedback.rules import whistle as rules
from feedback.rules.personal import cleaned
from feedback.services.cases.clocks import calendar_of
from feedback.services.cases.filing import MAX_FILE_MB, MAX_FILES
from feedback.services.cases.guards import refuse
from feedback.workflow_whistle import MOVES, WhistleAction, next_state
from kepegawaian.documents.services import store_file
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, StateChanged

ENDED = (WhistleState.CLOSED, WhistleState.REJECTED)


def locked(report: WhistleReport, version: int | None = None) -> WhistleReport:
    """The report as it is now, its row locked. `version`: that of the page which the officer has read."""
    rows = WhistleReport.objects.select_related("unit", "officer").filter(pk=report.pk)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise ApplicationError(_("Laporan ini tidak ditemukan."), status=404)
    if version is not None and version != found.version:
        raise StateChanged(_("Laporan ini berubah sejak Anda membukanya. Baca lagi sebelum meneruskan."))
    return found


def deadline(report: WhistleReport) -> datetime.date | None:
    """From the receipt, or from the day on which an ended report was opened again."""
    setting = current_setting()
    again = report.steps.filter(action=WhistleAction.REOPEN).order_by("-version").first()
    start = again.on if again is not None else report.received_on
    return rules.due_on(
        report.state,
        start,
        check_days=setting.whistle_check_days,
        working_days=setting.whistle_days,
        calendar=calendar_of(None, start, setting),
    )


def advance(
    report: WhistleReport, action: WhistleAction, *, actor: Any, reason: str = "", **values: Any
) -> WhistleStep:
    """Carry the action out on a locked report. `values`: more columns to save."""
    origin = WhistleState(report.state)
    target = next_state(origin, action) if action in MOVES else origin
    for name, value in values.items():
        setattr(report, name, value)
    report.state, report.version = target, report.version + 1
    step = WhistleStep.objects.create(
        report=report,
        version=report.version,
        action=action,
        actor=actor,
        from_state=origin,
        to_state=target,
        reason=cleaned(reason)[:2000],
    )
    report.closed_on = today() if target in ENDED else None
    if action in MOVES:
        report.due_on = deadline(report)
    report.save(update_fields=["state", "version", "closed_on", "due_on", *values])
    return step


def say(report: WhistleReport, text: str, *, author: Any = None, internal: bool = False) -> WhistleMessage:
    """A word in the mailbox of a locked report; without an author it is the reporter's."""
    last = report.messages.aggregate(last=Max("sequence"))["last"] or 0
    return WhistleMessage.objects.create(
        report=report, sequence=last + 1, author=author, internal=internal, text=cleaned(text)
    )


def keep_files(report: WhistleReport, uploads: Iterable[UploadedFile]) -> None:
    """Scrubbed, nobody's, and without their names, which may say who made them."""
    uploads, known = list(uploads), report.files.count()
    if len(uploads) > MAX_FILES:
        raise refuse(_("Paling banyak %(limit)d berkas.") % {"limit": MAX_FILES}, field="files", rule="files")
    for number, upload in enumerate(uploads, start=known + 1):
        upload.name = f"lampiran-{number}"
        stored = store_file(
            upload=upload, subject=report, actor=None, max_mb=MAX_FILE_MB, scrub=True, untraced=True
        )
        WhistleFile.objects.create(report=report, stored=stored)
