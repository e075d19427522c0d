"""Photos for everybody: an officer offers one, if need be a copy with parts made unreadable; another one looks."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import Audience, Party
from feedback.models import Case, CaseFile
from feedback.services.cases import people
from feedback.services.cases.filing import MAX_FILE_MB
from feedback.services.cases.guards import locked, refuse, verb
from feedback.services.cases.steps import advance
from feedback.workflow import Action
from kepegawaian.documents.files import PICTURES
from kepegawaian.documents.services import store_file
from kepegawaian.lib.access import Answer
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.work.services import close_items, open_item

ITEM = "feedback.photo"


def _locked_file(case: Case, file: CaseFile) -> CaseFile:
    rows = CaseFile.objects.select_for_update(of=("self",)).select_related("stored", "message", "offered")
    return rows.get(pk=file.pk, case=case)


def _party(actor: Any, case: Case, answer: Answer) -> Party:
    demand(answer)
    return permissions.party_of(actor, case) or Party.ADMIN


@verb
def offer_photo(*, actor: Any, file: CaseFile, redacted: UploadedFile | None = None) -> CaseFile:
    """By the admin or the unit that holds the case. `redacted` takes the place of the original for everybody."""
    case = locked(file.case)
    party = _party(actor, case, permissions.can_note(actor, case))
    row = _locked_file(case, file)
    if row.offered_id is not None:
        raise StateChanged(_("Foto ini sudah diusulkan."))
    if not case.is_public:
        raise refuse(_("Foto hanya terbit bersama laporan yang terbit."), rule="secret")
    internal = row.message is not None and row.message.audience == Audience.INTERNAL
    if not row.is_photo or internal:
        raise refuse(_("Hanya foto dari laporan atau pesannya yang dapat terbit."), rule="photo")
    copy = None
    if redacted is not None:
        copy = store_file(
            upload=redacted, subject=case, actor=actor, allowed=PICTURES, max_mb=MAX_FILE_MB, scrub=True
        )
    row.offered, row.offered_by, row.offered_at = copy or row.stored, actor, timezone.now()
    row.save(update_fields=["offered", "offered_by", "offered_at"])
    advance(case, Action.OFFER_FILE, party=party, actor=actor, data={"file": row.pk, "redacted": copy is not None})
    open_item(
        kind=ITEM,
        subject=row,
        holder=_second(case, row, actor),
        title=case.number,
        url=notifications.moderation_url(case),
        context={"state": case.state, "kind": case.kind},
    )
    return row


def _second(case: Case, row: CaseFile, actor: Any) -> Any:
    """The officer of the case or an admin, whoever did not offer it."""
    able = [user for user in (case.officer, *people.admins_for(case)) if user is not None and user != actor]
    return next((user for user in able if permissions.can_check_photo(user, case, row)), None)


@verb
def check_photo(*, actor: Any, file: CaseFile, ok: bool, note: str = "") -> CaseFile:
    """The second eye: everybody may see exactly this version, or nobody."""
    case = locked(file.case)
    row = _locked_file(case, file)
    party = _party(actor, case, permissions.can_check_photo(actor, case, row))
    if not row.waits:
        raise StateChanged(_("Foto ini sudah diperiksa."))
    if not ok:
        require_fields([("note", note, _("Tulis apa yang belum boleh terlihat."))])
        row.offered, row.offered_by, row.offered_at = None, None, None
    elif not case.is_public:
        raise refuse(_("Foto hanya terbit bersama laporan yang terbit."), rule="secret")
    else:
        row.published_at, row.published_by = timezone.now(), actor
    row.save(update_fields=["offered", "offered_by", "offered_at", "published_at", "published_by"])
    close_items(subject=row, by=actor)
    action = Action.SHOW_FILE if ok else Action.KEEP_FILE
    advance(case, action, party=party, actor=actor, note=note, data={"file": row.pk})
    return row


@verb
def withdraw_photo(*, actor: Any, file: CaseFile, reason: str) -> CaseFile:
    """Out of everybody's sight at once, or back from the one who should look."""
    case = locked(file.case)
    party = _party(actor, case, permissions.can_note(actor, case))
    require_fields([("reason", reason, _("Tuliskan alasannya."))])
    row = _locked_file(case, file)
    if row.offered_id is None:
        raise StateChanged(_("Foto ini tidak terbit dan tidak diusulkan."))
    row.offered = row.offered_by = row.offered_at = row.published_at = row.published_by = None
    row.save(update_fields=["offered", "offered_by", "offered_at", "published_at", "published_by"])
    close_items(subject=row, by=actor)
    advance(case, Action.HIDE_FILE, party=party, actor=actor, note=reason, data={"file": row.pk})
    return row
