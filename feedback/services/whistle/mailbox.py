"""The reporter's way back: by number and PIN to what the officers wrote, and to answer."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from feedback.models import WhistleMessage, WhistleReport
from feedback.rules import numbers
from feedback.services.cases.filing import LONGEST, pin_keys
from feedback.services.cases.guards import refuse, verb
from feedback.services.whistle import limits
from feedback.services.whistle.steps import keep_files, locked, say
from kepegawaian.lib.verbs import require_fields


def open_mailbox(number: str, pin: str, origin: str) -> WhistleReport | None:
    """The report, where number and PIN belong together and no wait is due. Wrong numbers and wrong PINs cost the
    same and count the same."""
    known = numbers.parse_number(number, numbers.WHISTLE) or ""
    if limits.wait_for(known, origin):
        return None
    report = WhistleReport.objects.filter(number=known).first()
    digest = report.pin_digest if report is not None else ""
    if numbers.pin_matches(pin, known, digest, pin_keys()) and report is not None:
        limits.forgive(known, origin)
        return report
    limits.count_failure(known, origin)
    return None


@verb
def reply(*, report: WhistleReport, text: str, files: Iterable[UploadedFile] = ()) -> WhistleMessage:
    """A word of the reporter, whatever the state. The same words again are the page loaded again."""
    report, files = locked(report), list(files)
    require_fields([("text", text, _("Tulis pesan."))])
    if len(text) > LONGEST:
        raise refuse(_("Isi laporan paling panjang %(limit)d huruf.") % {"limit": LONGEST}, field="text")
    last = report.messages.order_by("-sequence").first()
    message = say(report, text) if last is None or last.author_id or last.text != text.strip() else last
    keep_files(report, files)
    return message
