"""The complaint admin's verbs: open, ask, classify, redact, forward, reject, and take back."""

import hashlib
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import FILED_KINDS, Audience, CaseState, Party, Phase
from feedback.models import Case, CaseMessage, CaseParty, Merge, Moderation, Service
from feedback.rules.personal import cleaned, contacts, preview
from feedback.services.cases import people
from feedback.services.cases.appeals import refuse_while_it_waits
from feedback.services.cases.clocks import Clocks
from feedback.services.cases.guards import check_version, locked, refuse, verb
from feedback.services.cases.steps import advance
from feedback.services.cases.telling import tell_reporter
from feedback.workflow import Action, next_state
from kepegawaian.accounts.models import User
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit

REASON = _("Tuliskan alasannya.")


def _handled(actor: Any, case: Case, version: int | None = None) -> Case:
    case = locked(case)
    demand(permissions.can_handle(actor, case))
    check_version(case, version)
    return case


@verb
def open_case(*, actor: Any, case: Case) -> Case:
    """Begin to verify; opening it twice is opening it once."""
    case = _handled(actor, case)
    if case.state == CaseState.VERIFYING:
        return case
    if case.held:
        raise refuse(_("Laporan ini masih menunggu pemeriksaan kiriman."), rule="held")
    advance(case, Action.OPEN, party=Party.ADMIN, actor=actor)
    return case


@verb
def ask(*, actor: Any, case: Case, question: str, version: int | None = None) -> Case:
    """Ask the reporter to complete the case. Until he answers no clock of the office runs."""
    case = _handled(actor, case, version)
    require_fields([("question", question, _("Tuliskan apa yang perlu dilengkapi."))])
    next_state(case.state, Action.ASK)
    clocks = Clocks(case)
    clocks.pause(question)
    advance(case, Action.ASK, party=Party.ADMIN, actor=actor, clocks=clocks)
    CaseMessage.objects.create(
        case=case, party=Party.ADMIN, author=actor, audience=Audience.REPORTER, text=cleaned(question)
    )
    tell_reporter(notifications.Asked, case, due=case.due_on)
    return case


@verb
def classify(
    *,
    actor: Any,
    case: Case,
    kind: str | None = None,
    unit: Unit | None = None,
    service: Service | None = None,
    secret: bool | None = None,
    version: int | None = None,
) -> Case:
    """Correct kind, unit, service, or make it secret. The day of receipt stays; the final limit is that of the new
    kind. What becomes secret leaves the public at once; only the reporter may make it public again."""
    case = _handled(actor, case, version)
    if kind is not None and kind != case.kind and not {kind, case.kind} <= set(FILED_KINDS):
        raise refuse(_("Pilih jenis laporan."), field="kind")
    wanted = {"kind": kind, "unit": unit or (service.unit if service else None), "service": service}
    changes: dict[str, Any] = {
        name: value for name, value in wanted.items() if value is not None and value != getattr(case, name)
    }
    before = {name: str(getattr(case, name) or "") for name in changes}
    for name, value in changes.items():
        setattr(case, name, value)
    if secret and not case.secret:
        changes |= {"secret": True, "published_at": None}
    if not changes:
        return case
    clocks = Clocks(case)
    final = next((row for row in clocks.rows if row.phase == Phase.FINAL), None)
    if final is not None and ("kind" in changes or "unit" in changes):
        clocks.restart(Phase.FINAL, final.started_on)
    advance(
        case, Action.CLASSIFY, party=Party.ADMIN, actor=actor, clocks=clocks, data={"before": before}, **changes
    )
    return case


@verb
def accuse(*, actor: Any, case: Case, name: str = "", nip: str = "", unit: Unit | None = None) -> CaseParty:
    """Write down whom the case accuses: from then on neither he nor the people of that unit see it."""
    case = _handled(actor, case)
    user = User.objects.filter(nip=nip.strip()).first() if nip.strip() else None
    if not (name.strip() or user or unit):
        raise refuse(_("Sebutkan nama, NIP, atau unit yang dilaporkan."), field="name")
    party = CaseParty.objects.create(case=case, name=name.strip(), user=user, unit=unit, added_by=actor)
    case.accused.append(party)
    values: dict[str, Any] = {}
    if case.officer is not None and not permissions.can_answer(case.officer, case):
        values["officer"] = people.liaison_for(case, case.holder_unit) if case.holder_unit else None
    advance(case, Action.REASSIGN, party=Party.ADMIN, actor=actor, data={"party": party.pk}, **values)
    return party


@verb
def withdraw_party(*, actor: Any, case: Case, party: CaseParty, reason: str) -> CaseParty:
    """Whom the case does not accuse after all: from now on he may see it again, as his roles show it."""
    case = _handled(actor, case)
    require_fields([("reason", reason, REASON)])
    row = CaseParty.objects.select_for_update(of=("self",)).get(pk=party.pk, case=case)
    if row.withdrawn_at is not None:
        raise StateChanged(_("Catatan ini sudah ditarik."))
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    case.accused = [other for other in case.accused if other.pk != row.pk]
    advance(case, Action.WITHDRAW, party=Party.ADMIN, actor=actor, note=reason, data={"party": row.pk})
    return row


@verb
def redact(*, actor: Any, case: Case, title: str, text: str, reason: str = Moderation.Reason.PERSONAL) -> Case:
    """Set what the public reads instead of the original: who reviews it may let contacts stand, never a NIK or
    NIP. Only the hash is kept of what stood there before."""
    case = _handled(actor, case)
    require_fields([("title", title, _("Isi judulnya.")), ("text", text, _("Isi teksnya."))])
    if case.published_text:
        _moderated(case, Moderation.Act.REDACT, reason, actor, before=case.published_text)
    values: dict[str, Any] = {
        "published_title": preview(title, keep=contacts(title))[:150],
        "published_text": preview(text, keep=contacts(text)),
    }
    advance(case, Action.REDACT, party=Party.ADMIN, actor=actor, **values)
    return case


def publication(case: Case) -> dict[str, Any]:
    """Columns that publish a verified case, unless it is secret: reviewed text, or the one without findings."""
    if case.secret or case.held:
        return {}
    return {
        "published_title": case.published_title or preview(case.title)[:150],
        "published_text": case.published_text or preview(case.text),
        "published_at": case.published_at or timezone.now(),
    }


@verb
def assign(
    *,
    actor: Any,
    case: Case,
    unit: Unit,
    officer: User | None = None,
    public_text: str = "",
    note: str = "",
    version: int | None = None,
) -> Case:
    """Forward to the competent unit and its liaison. A case that is not secret is published with it."""
    case = _handled(actor, case, version)
    case.holder_unit = unit
    if officer is None:
        officer = people.liaison_for(case, unit)
    else:
        demand(permissions.can_answer(officer, case))
    case.officer = officer
    values = {"holder_unit": unit, "officer": officer, "unit": case.unit or unit, **publication(case)}
    case.unit = values["unit"]
    advance(
        case, Action.ASSIGN, party=Party.ADMIN, actor=actor, public_text=cleaned(public_text), note=note, **values
    )
    tell_reporter(notifications.Forwarded, case, unit=unit.name, due=case.due_on)
    return case


@verb
def refer_outside(*, actor: Any, case: Case, agency: str, reason: str, version: int | None = None) -> Case:
    """Not ours: say to the reporter whose it is."""
    case = _handled(actor, case, version)
    require_fields([("agency", agency, _("Sebutkan instansi tujuan.")), ("reason", reason, REASON)])
    values = {"outside": agency.strip()[:200], **publication(case)}
    advance(case, Action.REFER, party=Party.ADMIN, actor=actor, public_text=cleaned(reason), **values)
    tell_reporter(notifications.Finished, case, reason=cleaned(reason), agency=case.outside)
    return case


@verb
def reject(*, actor: Any, case: Case, reason: str, explanation: str, version: int | None = None) -> Case:
    """`reason`: a code of `Moderation.Reason`, counted in the open; the explanation goes to the reporter."""
    case = _handled(actor, case, version)
    require_fields([("explanation", explanation, REASON)])
    _known_reason(reason)
    advance(case, Action.REJECT, party=Party.ADMIN, actor=actor, note=explanation, data={"reason": reason})
    _moderated(case, Moderation.Act.REJECT, reason, actor, explanation=explanation)
    tell_reporter(notifications.Finished, case, reason=cleaned(explanation), agency="", appeals=True)
    return case


@verb
def mark_spam(*, actor: Any, case: Case, version: int | None = None) -> Case:
    case = _handled(actor, case, version)
    advance(case, Action.SPAM, party=Party.ADMIN, actor=actor, published_at=None)
    _moderated(case, Moderation.Act.SPAM, Moderation.Reason.SPAM, actor)
    return case


@verb
def undo(*, actor: Any, case: Case, reason: str) -> Case:
    """Take back a rejection, spam, a referral, a joining, a cancellation or a closing for incompleteness."""
    case = _handled(actor, case)
    require_fields([("reason", reason, REASON)])
    refuse_while_it_waits(case, case.pk)
    if case.state == CaseState.DUPLICATE:
        rows = Merge.objects.filter(duplicate=case, undone_at=None)
        rows.update(undone_by=actor, undone_at=timezone.now())
    values: dict[str, Any] = {"merged_into": None, "outside": ""}
    advance(case, Action.UNDO, party=Party.ADMIN, actor=actor, note=reason, **values)
    tell_reporter(notifications.Resumed, case, due=case.due_on)
    return case


def _known_reason(reason: str) -> None:
    if reason not in Moderation.Reason.values:
        raise refuse(_("Pilih alasannya."), field="reason")


def _moderated(
    case: Case, act: str, reason: str, actor: Any, *, explanation: str = "", before: str = ""
) -> Moderation:
    return Moderation.objects.create(
        subject_type=case._meta.label_lower,
        subject_id=case.pk,
        unit=case.unit,
        act=act,
        reason=reason,
        explanation=explanation[:500],
        text_sha256=hashlib.sha256(before.encode()).hexdigest() if before else "",
        actor=actor,
    )


@verb
def hide_message(*, actor: Any, message: CaseMessage, reason: str, explanation: str) -> CaseMessage:
    """Take a message out of what everybody reads; its author is told why and may object."""
    case = _handled(actor, message.case)
    require_fields([("explanation", explanation, REASON)])
    _known_reason(reason)
    message = CaseMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.hidden_at is not None:
        return message
    message.hidden_at, message.hidden_by, message.hidden_reason = timezone.now(), actor, explanation[:300]
    message.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    Moderation.objects.create(
        subject_type=message._meta.label_lower,
        subject_id=message.pk,
        unit=case.unit,
        act=Moderation.Act.HIDE,
        reason=reason,
        explanation=explanation[:500],
        text_sha256=hashlib.sha256(message.text.encode()).hexdigest(),
        actor=actor,
    )
    advance(case, Action.HIDE, party=Party.ADMIN, actor=actor, data={"message": message.pk, "reason": reason})
    if message.party == Party.REPORTER:
        tell_reporter(notifications.Moderated, case, reason=cleaned(explanation))
    return message
