"""The officers' verbs. Each asks again whether this officer may still see the report; the log of the report is the
only one they write to."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback import permissions_whistle as permissions
from feedback.enums import WhistleOutcome
from feedback.models import WhistleMessage, WhistleParty, WhistleRead, WhistleReport
from feedback.services.cases.guards import refuse, verb
from feedback.services.whistle.filing import add_party
from feedback.services.whistle.steps import advance, locked, say
from feedback.workflow_whistle import OPEN_STATES, WhistleAction
from kepegawaian.accounts.models import User
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.readonly import allow_writes
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit

REASON, WORD = _("Tuliskan alasannya."), _("Tuliskan kabar bagi pelapor.")


def note_reading(report: WhistleReport, reader: Any, what: str = WhistleRead.What.REPORT) -> None:
    """Every opening by an officer; allowed while a page is read."""
    with allow_writes():
        WhistleRead.objects.create(report=report, reader=reader, what=what)


def _held(actor: Any, report: WhistleReport, version: int | None) -> WhistleReport:
    report = locked(report, version)
    demand(permissions.can_handle(actor, report))
    return report


@verb
def take(*, actor: Any, report: WhistleReport, version: int | None = None) -> WhistleReport:
    """Begin to verify a report that nobody has taken."""
    report = locked(report, version)
    demand(permissions.can_see(actor, report))
    advance(report, WhistleAction.TAKE, actor=actor, officer=actor)
    return report


@verb
def ask(*, actor: Any, report: WhistleReport, text: str, version: int | None = None) -> WhistleMessage:
    """A word to the reporter, read behind number and PIN."""
    report = _held(actor, report, version)
    require_fields([("text", text, _("Tulis pesan."))])
    return say(report, text, author=actor)


@verb
def note(*, actor: Any, report: WhistleReport, text: str, version: int | None = None) -> WhistleMessage:
    """For the officers of the channel alone."""
    report = _held(actor, report, version)
    require_fields([("text", text, _("Tulis catatan."))])
    return say(report, text, author=actor, internal=True)


@verb
def classify(
    *,
    actor: Any,
    report: WhistleReport,
    name: str = "",
    nip: str = "",
    position: str = "",
    unit: Unit | None = None,
    version: int | None = None,
) -> WhistleParty:
    """Write down whom the report accuses. Who is named by it, or belongs to that unit, does not see it from now
    on, the actor included; somebody else then holds it."""
    report = _held(actor, report, version)
    user = User.objects.filter(nip=nip.strip()).first() if nip.strip() else None
    if nip.strip() and user is None:
        raise refuse(_("Tidak ada pegawai dengan NIP ini."), field="nip")
    if not (name.strip() or user or unit):
        raise refuse(_("Sebutkan nama, NIP, atau unit yang dilaporkan."), field="name")
    party = add_party(report, name=name or (user.name if user else ""), position=position, user=user, unit=unit)
    values: dict[str, Any] = {}
    if not permissions.can_see(actor, report):
        values["officer"] = _next_officer(report)
    advance(report, WhistleAction.CLASSIFY, actor=actor, **values)
    return party


def _next_officer(report: WhistleReport) -> User | None:
    """Whoever holds the fewest; None where nobody is left who may."""
    able = permissions.officers_for(report)
    held = WhistleReport.objects.filter(state__in=OPEN_STATES)
    return min(able, key=lambda user: held.filter(officer=user).count(), default=None)


@verb
def admit(*, actor: Any, report: WhistleReport, reason: str, version: int | None = None) -> WhistleReport:
    """It says whom, what and with which evidence: to research."""
    report = _held(actor, report, version)
    require_fields([("reason", reason, REASON)])
    advance(report, WhistleAction.ADMIT, actor=actor, reason=reason)
    return report


@verb
def examine(*, actor: Any, report: WhistleReport, reason: str, version: int | None = None) -> WhistleReport:
    report = _held(actor, report, version)
    require_fields([("reason", reason, REASON)])
    advance(report, WhistleAction.EXAMINE, actor=actor, reason=reason)
    return report


@verb
def close(
    *,
    actor: Any,
    report: WhistleReport,
    outcome: str,
    reason: str,
    word: str,
    agency: str = "",
    version: int | None = None,
) -> WhistleReport:
    """Proven, not proven, or referred to `agency`. `reason` stays with the officers, `word` goes to the
    reporter."""
    report = _held(actor, report, version)
    if outcome not in WhistleOutcome.values:
        raise refuse(_("Pilih hasilnya."), field="outcome")
    wanted = [("reason", reason, REASON), ("word", word, WORD)]
    if outcome == WhistleOutcome.REFERRED:
        wanted.append(("agency", agency, _("Sebutkan instansi tujuan.")))
    require_fields(wanted)
    named = agency.strip()[:200] if outcome == WhistleOutcome.REFERRED else ""
    advance(report, WhistleAction.CLOSE, actor=actor, reason=reason, outcome=outcome, agency=named)
    say(report, word, author=actor)
    return report


@verb
def reject(
    *, actor: Any, report: WhistleReport, reason: str, word: str, version: int | None = None
) -> WhistleReport:
    """What cannot be examined, at any stage; the reporter may complete it in the mailbox."""
    report = _held(actor, report, version)
    require_fields([("reason", reason, REASON), ("word", word, WORD)])
    advance(report, WhistleAction.REJECT, actor=actor, reason=reason)
    say(report, word, author=actor)
    return report


@verb
def reopen(*, actor: Any, report: WhistleReport, reason: str, version: int | None = None) -> WhistleReport:
    """An ended report, for what became known since; back to verification."""
    report = _held(actor, report, version)
    require_fields([("reason", reason, REASON)])
    advance(report, WhistleAction.REOPEN, actor=actor, reason=reason, outcome="", agency="")
    return report


@verb
def reassign(
    *, actor: Any, report: WhistleReport, officer: User, reason: str, version: int | None = None
) -> WhistleReport:
    """To another officer who may handle it, or to oneself."""
    report = locked(report, version)
    demand(permissions.can_see(actor, report))
    require_fields([("reason", reason, REASON)])
    if officer not in permissions.officers_for(report):
        raise refuse(_("Petugas ini tidak boleh menangani laporan ini."), field="officer", rule="conflict")
    if officer.pk != report.officer_id:
        advance(report, WhistleAction.REASSIGN, actor=actor, reason=reason, officer=officer)
    return report
