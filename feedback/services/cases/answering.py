"""The unit's verbs: accept, return, re-route, write, draft the answer, have it checked, publish it."""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import AnswerState, Audience, CaseState, Outcome, Party, Phase
from feedback.models import Case, CaseAnswer, CaseMessage, Mention, current_setting
from feedback.rules.personal import cleaned, preview
from feedback.services.cases import objections, people
from feedback.services.cases.clocks import Clocks
from feedback.services.cases.filing import add_files
from feedback.services.cases.guards import check_version, locked, refuse, verb
from feedback.services.cases.steps import ITEM_CHECK, advance, wait
from feedback.services.cases.telling import tell_reporter
from feedback.workflow import Action
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit
from kepegawaian.work.services import close_item, open_item

REASON = _("Tuliskan alasannya.")
EMPTY = _("Tuliskan pesannya.")
NO_ANSWER = _("Belum ada jawaban yang siap diterbitkan.")
_OPEN = (AnswerState.DRAFT, AnswerState.CHECKING, AnswerState.RETURNED)


def _held(actor: Any, case: Case, version: int | None = None) -> Case:
    case = locked(case)
    demand(permissions.can_answer(actor, case))
    check_version(case, version)
    return case


@verb
def accept(*, actor: Any, case: Case, version: int | None = None) -> Case:
    """Take the case on; the one who does becomes its officer. Doing it twice changes nothing."""
    case = _held(actor, case, version if case.state == CaseState.ASSIGNED else None)
    if case.state == CaseState.IN_PROCESS and case.officer_id == actor.pk:
        return case
    advance(case, Action.ACCEPT, party=Party.LIAISON, actor=actor, officer=actor)
    return case


@verb
def return_case(*, actor: Any, case: Case, reason: str, version: int | None = None) -> Case:
    """Not this unit's: back to the admin with the reason."""
    case = _held(actor, case, version)
    require_fields([("reason", reason, REASON)])
    advance(case, Action.RETURN, party=Party.LIAISON, actor=actor, note=reason, holder_unit=None, officer=None)
    notifications.tell(
        notifications.Waiting, case, [people.admin_for(case)], occasion=case.version, due=case.due_on
    )
    return case


@verb
def reroute(*, actor: Any, case: Case, unit: Unit, reason: str, officer: User | None = None) -> Case:
    """To another unit although it was accepted: by its liaison, the admin or the leader."""
    case = locked(case)
    demand(permissions.can_reassign(actor, case))
    require_fields([("reason", reason, REASON)])
    if case.holder_unit_id == unit.pk:
        raise refuse(_("Laporan ini sudah dipegang unit itu."), field="unit", rule="unit")
    party = permissions.party_of(actor, case) or Party.LIAISON
    officer = officer or people.liaison_for(case, unit)
    case.holder_unit = unit
    if officer is not None:
        demand(permissions.can_answer(officer, case))
    discard_open(case)
    advance(case, Action.REROUTE, party=party, actor=actor, note=reason, holder_unit=unit, officer=officer)
    tell_reporter(notifications.Forwarded, case, unit=unit.name, due=case.due_on)
    return case


@verb
def reassign(*, actor: Any, case: Case, officer: User, note: str = "") -> Case:
    """Give a case to another officer of the unit that holds it."""
    case = locked(case)
    demand(permissions.can_reassign(actor, case))
    if case.holder_unit is None:
        raise StateChanged(_("Laporan ini belum diteruskan ke unit."))
    demand(permissions.can_answer(officer, case))
    if case.officer_id == officer.pk:
        return case
    party = permissions.party_of(actor, case) or Party.LIAISON
    data = {"from": str(case.officer_id or ""), "to": str(officer.pk)}
    advance(case, Action.REASSIGN, party=party, actor=actor, note=note, data=data, officer=officer)
    wait(case, by=actor)
    return case


# --- Words in between -----------------------------------------------------------------------------
@verb
def message(
    *,
    actor: Any,
    case: Case,
    text: str,
    audience: str = Audience.REPORTER,
    files: Iterable[UploadedFile] = (),
    keep: Collection[str] = (),
) -> CaseMessage:
    """To the reporter, or for everybody to read. The first word of the unit that holds the case ends the clock of
    its first answer, which begins anew with each forwarding (reference 1.5); after the answer the days of silence
    count anew. `keep`: contacts of the office that everybody reads."""
    case = locked(case)
    demand(permissions.can_note(actor, case))
    require_fields([("text", text, EMPTY)])
    if audience == Audience.INTERNAL:
        raise refuse(_("Catatan internal ditulis sebagai catatan."), rule="audience")
    if case.secret:
        audience = Audience.REPORTER
    party = permissions.party_of(actor, case) or Party.LIAISON
    row = _write(case, actor, text, audience, party, keep=keep)
    add_files(case, files, party=party, actor=actor, message=row)
    clocks = Clocks(case)
    clocks.hear()
    values: dict[str, Any] = {}
    if party == Party.LIAISON:
        clocks.stop([Phase.FIRST])
        values["first_answered_at"] = case.first_answered_at or timezone.now()
    shown = row.published_text
    advance(case, Action.MESSAGE, party=party, actor=actor, clocks=clocks, public_text=shown, **values)
    tell_reporter(notifications.Wrote, case, text="" if case.secret else cleaned(text))
    return row


def _write(
    case: Case,
    actor: Any,
    text: str,
    audience: str,
    party: Party,
    *,
    official: bool = False,
    keep: Collection[str] = (),
) -> CaseMessage:
    return CaseMessage.objects.create(
        case=case,
        party=party,
        author=actor,
        unit=case.holder_unit,
        audience=audience,
        text=cleaned(text),
        published_text=preview(text, keep=keep) if audience == Audience.PUBLIC else "",
        official=official,
    )


@verb
def note(*, actor: Any, case: Case, text: str, mentions: Iterable[User] = ()) -> CaseMessage:
    """Among officers. Who is called by it must be allowed to see the case."""
    case = locked(case)
    demand(permissions.can_note(actor, case))
    require_fields([("text", text, EMPTY)])
    party = permissions.party_of(actor, case) or Party.LIAISON
    row = _write(case, actor, text, Audience.INTERNAL, party)
    called = [user for user in mentions if Case.objects.visible_to(user).filter(pk=case.pk).exists()]
    Mention.objects.bulk_create([Mention(message=row, user=user) for user in called])
    notifications.tell(notifications.Mentioned, case, called, occasion=row.pk)
    return row


# --- The official answer --------------------------------------------------------------------------
@verb
def draft_answer(
    *,
    actor: Any,
    case: Case,
    text: str,
    outcome: str = "",
    outcome_reason: str = "",
    outcome_basis: str = "",
    outcome_ground: str = "",
) -> CaseAnswer:
    """Write or change the draft; whoever changes a returned one becomes its author. The outcome is that of a
    request for information; it may be left for later, until the draft is handed in. `outcome_ground`: the code of
    a `RefusalGround`."""
    case = _held(actor, case)
    demand(permissions.can_draft(actor, case))
    require_fields([("text", text, _("Tuliskan jawabannya."))])
    decided = objections.check_outcome(case, outcome, outcome_reason, outcome_basis, outcome_ground)
    row = _open_answer(case)
    if row is None:
        return CaseAnswer.objects.create(
            case=case, text=cleaned(text), drafted_by=actor, unit=case.holder_unit, **decided
        )
    if row.state == AnswerState.CHECKING:
        raise StateChanged(_("Jawaban ini sedang diperiksa. Tunggu hasilnya."))
    row.text, row.drafted_by, row.drafted_at = cleaned(text), actor, timezone.now()
    row.state, row.checked_by, row.checked_at = AnswerState.DRAFT, None, None
    for name, value in decided.items():
        setattr(row, name, value)
    row.save(update_fields=["text", "drafted_by", "drafted_at", "state", "checked_by", "checked_at", *decided])
    return row


@verb
def submit_answer(*, actor: Any, case: Case, keep: Collection[str] = ()) -> CaseAnswer:
    """Ask for the second eye; where a setting does without it, publish at once. On an objection the superior
    decides in any case. `keep`: contacts of the office that the public reads too, said by who publishes."""
    case = _held(actor, case)
    row = _answer_in(case, AnswerState.DRAFT, AnswerState.CHECKING)
    if row.state == AnswerState.CHECKING:
        return row
    objections.demand_outcome(case, row)
    if not current_setting().second_eye and not permissions.awaits_superior(case):
        return _publish(case, row, actor, keep)
    row.state = AnswerState.CHECKING
    row.save(update_fields=["state"])
    checker = _checker(case, row)
    open_item(
        kind=ITEM_CHECK,
        subject=case,
        holder=checker,
        title=case.number if case.secret else f"{case.number} {case.title}",
        url=notifications.case_url(case),
        due_on=case.due_on,
        context={"state": case.state, "kind": case.kind},
    )
    notifications.tell(notifications.CheckAnswer, case, [checker], occasion=row.pk)
    return row


def _checker(case: Case, row: CaseAnswer) -> User | None:
    """Another liaison of the unit, else its leader, else an admin; on an objection a leader before all."""
    liaisons = [user for _depth, user in people.holders(Role.COMPLAINT_LIAISON, case.holder_unit)]
    leaders = [user for above in (False, True) for user in people.leaders_of(case, government=above)]
    candidates = [*liaisons, *leaders, *people.admins_for(case)]
    return next((user for user in candidates if permissions.can_check(user, case, row)), None)


@verb
def check_answer(*, actor: Any, case: Case, ok: bool, note: str = "", keep: Collection[str] = ()) -> CaseAnswer:
    """The second eye: good, and it is published, with the contacts to `keep`; or back to who wrote it, with what
    is missing."""
    case = locked(case)
    row = _open_answer(case)
    if row is None:
        raise StateChanged(NO_ANSWER)
    demand(permissions.can_check(actor, case, row))
    if not ok:
        require_fields([("note", note, _("Tuliskan apa yang perlu diperbaiki."))])
    row.checked_by, row.checked_at, row.note = actor, timezone.now(), note[:1000]
    close_item(kind=ITEM_CHECK, subject=case, by=actor)
    if ok:
        return _publish(case, row, row.drafted_by, keep)
    row.state = AnswerState.RETURNED
    row.save(update_fields=["checked_by", "checked_at", "note", "state"])
    notifications.tell(notifications.AnswerReturned, case, [row.drafted_by], occasion=f"{row.pk}:{row.checked_at}")
    return row


def _publish(case: Case, row: CaseAnswer, author: Any, keep: Collection[str]) -> CaseAnswer:
    """Everybody reads it, of a secret case the reporter alone."""
    audience = Audience.REPORTER if case.secret else Audience.PUBLIC
    words = _write(case, author, row.text, audience, Party.LIAISON, official=True, keep=keep)
    row.state, row.message = AnswerState.PUBLISHED, words
    row.save()
    advance(
        case,
        Action.ANSWER,
        party=Party.LIAISON,
        actor=author,
        public_text=words.published_text,
        data={"answer": row.pk, "checked_by": str(row.checked_by_id or ""), "outcome": row.outcome},
    )
    objections.keep_answer(case, row)
    tell_reporter(notifications.Answered, case, due=case.due_on, **_decided(case, row))
    _tell_joined(case, case, row)
    return row


def _tell_joined(case: Case, main: Case, row: CaseAnswer) -> None:
    """The reporters of what was joined into it, directly or by way of another, read the same answer."""
    for joined in Case.objects.filter(merged_into=case):
        tell_reporter(notifications.Answered, joined, occasion=f"main:{row.pk}", main=main.number)
        _tell_joined(joined, main, row)


def _decided(case: Case, row: CaseAnswer) -> dict[str, Any]:
    """What the message says of a decision; of a secret case nothing, as mail leaves the house."""
    if not row.outcome or case.secret:
        return {}
    return {
        "outcome": Outcome(row.outcome),
        "reason": row.outcome_reason,
        "basis": row.outcome_basis,
        "phase": Phase(case.due_phase) if case.due_phase else None,
    }


def _open_answer(case: Case) -> CaseAnswer | None:
    rows = CaseAnswer.objects.select_for_update(of=("self",)).filter(case=case, state__in=_OPEN)
    return rows.select_related("drafted_by").first()


def _answer_in(case: Case, *states: AnswerState) -> CaseAnswer:
    row = _open_answer(case)
    if row is None or row.state not in states:
        raise StateChanged(NO_ANSWER)
    return row


def discard_open(case: Case) -> None:
    """What was written and not published yet; nobody is to check it any more."""
    CaseAnswer.objects.filter(case=case, state__in=_OPEN).update(state=AnswerState.DISCARDED)
