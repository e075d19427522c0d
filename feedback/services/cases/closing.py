"""The reporter's verbs, and what follows from his silence."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import Audience, CaseKind, CaseState, Party
from feedback.models import Case, CaseMessage, Rating, Watch, current_setting
from feedback.permissions import Reporting
from feedback.rules.personal import cleaned, preview
from feedback.services.cases import objections, people
from feedback.services.cases.answering import discard_open
from feedback.services.cases.clocks import Clocks
from feedback.services.cases.filing import add_files
from feedback.services.cases.guards import locked, refuse, verb
from feedback.services.cases.steps import advance
from feedback.services.cases.telling import tell_reporter
from feedback.workflow import Action, actions_from
from kepegawaian.documents.services import Incoming
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.exceptions import PermissionRefused, StateChanged, demand
from kepegawaian.lib.verbs import require_fields

REASON = _("Tuliskan alasannya.")
HIGHEST = 5
_RATEABLE = (CaseState.ANSWERED, CaseState.CLOSED, CaseState.REFERRED, CaseState.REJECTED)
TOO_OFTEN = Denied(_("Laporan ini baru saja diminta dibuka kembali. Coba lagi beberapa hari lagi."))


def _reported(by: Reporting, case: Case) -> Case:
    case = locked(case)
    demand(permissions.can_report(by, case))
    return case


def _act(case: Case, action: Action, by: Reporting, **more: Any) -> None:
    advance(case, action, party=Party.REPORTER, actor=by.officer, for_reporter=by.officer is not None, **more)


def _say(case: Case, by: Reporting, text: str, *, public: bool, files: Iterable[Incoming] = ()) -> CaseMessage:
    """What the reporter writes. It is published as its preview, and only on a case that is public."""
    audience = Audience.PUBLIC if public and case.is_public else Audience.REPORTER
    row = CaseMessage.objects.create(
        case=case,
        party=Party.REPORTER,
        audience=audience,
        text=cleaned(text),
        published_text=preview(text) if audience == Audience.PUBLIC else "",
    )
    add_files(case, files, party=Party.REPORTER, actor=by.officer, message=row)
    return row


@verb
def complete(*, by: Reporting, case: Case, text: str, files: Iterable[Incoming] = ()) -> Case:
    """Answer what was asked: the clocks of the office run again."""
    case = _reported(by, case)
    require_fields([("text", text, _("Tuliskan yang diminta."))])
    _act(case, Action.COMPLETE, by)
    _say(case, by, text, public=False, files=files)
    return case


@verb
def reply(
    *, by: Reporting, case: Case, text: str, public: bool = False, files: Iterable[Incoming] = ()
) -> CaseMessage:
    """A word of the reporter at any time; on a case that waits for it, use `complete`. An answered case waits for
    his silence anew."""
    case = _reported(by, case)
    require_fields([("text", text, _("Tuliskan pesannya."))])
    row = _say(case, by, text, public=public, files=files)
    clocks = Clocks(case)
    clocks.hear()
    _act(case, Action.MESSAGE, by, clocks=clocks, public_text=row.published_text)
    told = case.officer or people.admin_for(case)
    notifications.tell(notifications.Watched, case, [told], occasion=case.version)
    return row


@verb
def accept_answer(*, by: Reporting, case: Case) -> Case:
    """The reporter is content. Doing it twice changes nothing."""
    case = _reported(by, case)
    if case.state == CaseState.CLOSED:
        return case
    _act(case, Action.CLOSE, by)
    return case


@verb
def object_to_answer(
    *,
    by: Reporting,
    case: Case,
    reason: str,
    ground: str = "",
    public: bool = False,
    files: Iterable[Incoming] = (),
) -> Case:
    """Not answered yet: back to the unit, with a final limit that starts anew. Of a request for information it is
    the objection to the superior of the PPID: once, with its `ground`, also where nobody has answered in time."""
    case = _reported(by, case)
    asked = case.kind == CaseKind.REQUEST
    if asked:
        objections.check_objection(case, ground)
    require_fields([("reason", reason, REASON)])
    if asked and case.state != CaseState.ANSWERED:
        _act(case, Action.OBJECT_LATE, by, clocks=objections.clocks_of_late_objection(case))
    else:
        _act(case, Action.OBJECT, by)
    message = _say(case, by, reason, public=public, files=files)
    if asked:
        objections.keep_objection(case, message, ground)
    return case


def can_reopen(case: Case) -> Answer:
    """Once within the days of the setting."""
    again = reopens_from(case)
    return TOO_OFTEN if again is not None and timezone.now() < again else ALLOWED


def reopens_from(case: Case) -> datetime.datetime | None:
    """When it may be asked again; None where nobody has asked yet."""
    last, days = case.reopened_at, current_setting().reopen_days
    return last + datetime.timedelta(days=days) if last is not None else None


@verb
def reopen(*, by: Reporting, case: Case, reason: str) -> Case:
    """Ask for a closed case to be taken up again; the admin decides."""
    case = _reported(by, case)
    require_fields([("reason", reason, REASON)])
    if isinstance(answer := can_reopen(case), Denied):
        raise PermissionRefused(answer)
    _act(case, Action.REOPEN, by)
    _say(case, by, reason, public=False)
    return case


@verb
def cancel(*, by: Reporting, case: Case, reason: str = "") -> Case:
    """Withdraw what nobody has answered yet."""
    case = _reported(by, case)
    if case.state == CaseState.CANCELLED:
        return case
    officer = case.officer
    discard_open(case)
    _act(case, Action.CANCEL, by, note=cleaned(reason))
    notifications.tell(notifications.Watched, case, [officer], occasion=case.version)
    return case


def can_uncancel(case: Case) -> bool:
    """What the office ended, the office alone takes back."""
    return Action.UNDO in actions_from(case.state, Party.REPORTER)


@verb
def uncancel(*, by: Reporting, case: Case) -> Case:
    """The reporter wants it dealt with after all: verified again, as when the admin undoes it. The reference sets
    no time for it (1.5). Doing it twice changes nothing."""
    case = _reported(by, case)
    if case.state == CaseState.VERIFYING:
        return case
    if not can_uncancel(case):
        raise StateChanged(_("Hanya laporan yang Anda batalkan sendiri yang dapat dihidupkan lagi di sini."))
    _act(case, Action.UNDO, by)
    return case


@verb
def rate(*, by: Reporting, case: Case, score: int, text: str = "") -> Rating:
    """One to five, once a case; rating again changes the score."""
    case = _reported(by, case)
    if case.state not in _RATEABLE:
        raise refuse(_("Laporan ini dapat dinilai setelah dijawab."), rule="state")
    if not 1 <= score <= HIGHEST:
        raise refuse(_("Beri nilai 1 sampai 5."), field="score", rule="score")
    row, created = Rating.objects.update_or_create(
        case=case, defaults={"score": score, "text": cleaned(text)[:1000], "at": timezone.now()}
    )
    if created:
        _act(case, Action.RATE, by, data={"score": score})
    return row


# --- Reopened -------------------------------------------------------------------------------------
@verb
def resume(*, actor: Any, case: Case, note: str = "") -> Case:
    """Grant a reopening: the same unit goes on."""
    case = locked(case)
    demand(permissions.can_note(actor, case))
    if case.holder_unit is None:
        raise refuse(_("Pilih unit yang menangani laporan ini."), field="unit", rule="unit")
    party = permissions.party_of(actor, case) or Party.ADMIN
    advance(case, Action.RESUME, party=party, actor=actor, note=note)
    tell_reporter(notifications.Forwarded, case, unit=case.holder_unit.name, due=case.due_on)
    return case


@verb
def keep_closed(*, actor: Any, case: Case, reason: str) -> Case:
    """Refuse a reopening, with a reason that the reporter reads."""
    case = locked(case)
    demand(permissions.can_handle(actor, case))
    require_fields([("reason", reason, REASON)])
    advance(case, Action.KEEP_CLOSED, party=Party.ADMIN, actor=actor, note=cleaned(reason))
    _tell_finished(case, cleaned(reason))
    return case


def _tell_finished(case: Case, reason: str = "") -> None:
    reopens = case.state == CaseState.CLOSED and bool(can_reopen(case))
    tell_reporter(notifications.Finished, case, reason=reason, agency="", reopens=reopens)


# --- Silence --------------------------------------------------------------------------------------
def by_the_clock(case: Case, action: Action, on: datetime.date) -> bool:
    """Close by silence, or for incompleteness, when the day after the last one has come. Asked again under the
    lock: the reporter may have answered a moment ago."""
    return _by_the_clock(case=case, action=action, on=on)


@verb
def _by_the_clock(*, case: Case, action: Action, on: datetime.date) -> bool:
    case = locked(case)
    wanted = CaseState.ANSWERED if action == Action.SILENCE else CaseState.INCOMPLETE
    if case.state != wanted or case.due_on is None or on <= case.due_on:
        return False
    advance(case, action, party=Party.SYSTEM)
    _tell_finished(case)
    return True


# --- Watching -------------------------------------------------------------------------------------
@verb
def watch(*, user: Any, case: Case, on: bool = True) -> bool:
    """Be told of a case that one may see anyway; whether one is told from now on."""
    seen = case.is_public or Case.objects.visible_to(user).filter(pk=case.pk).exists()
    if not on or not seen:
        Watch.objects.filter(case=case, user=user).delete()
        return False
    Watch.objects.get_or_create(case=case, user=user)
    return True
