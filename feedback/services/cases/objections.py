"""What was decided on a request for public information, the objection against it and the dispute after that
(UU 14/2008; reference 6.2). Flow, clocks and words are those of every report; here is what the law adds."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import REFUSALS, AnswerState, CaseKind, CaseState, ObjectionGround, Outcome, Party, Phase
from feedback.models import Case, CaseAnswer, CaseClock, CaseMessage, InformationObjection, RefusalGround
from feedback.permissions import Reporting
from feedback.rules import clocks as rules
from feedback.rules.personal import cleaned
from feedback.services.cases import people
from feedback.services.cases.clocks import Clocks
from feedback.services.cases.guards import locked, refuse, verb
from feedback.services.cases.requests import BEFORE_THE_ANSWER
from feedback.services.cases.steps import advance
from feedback.workflow import Action
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.verbs import require_fields

NO_OUTCOME = _("Pilih putusan atas permintaan ini.")
NO_REASON = _("Tuliskan alasan putusannya.")
NO_ARTICLE = _("Tuliskan pasal pengecualian yang menjadi dasar penolakan.")
NO_REFUSAL_GROUND = _("Pilih dasar penolakan dari daftar.")
NO_GROUND = _("Pilih alasan keberatan Anda.")
TOO_EARLY = _("Sengketa diajukan setelah keberatan ditanggapi, atau batas tanggapannya lewat.")
ONCE = _("Keberatan diajukan satu kali. Sesudah ditanggapi, sengketa dapat diajukan ke Komisi Informasi.")


# --- The decision ---------------------------------------------------------------------------------
def grounds() -> QuerySet[RefusalGround]:
    """Those an officer may choose now."""
    return RefusalGround.objects.filter(active=True)


def check_outcome(case: Case, outcome: str, reason: str, basis: str, ground: str = "") -> dict[str, Any]:
    """The columns of a draft; nothing for other reports, and nothing yet is good for a draft."""
    words = {"outcome_reason": cleaned(reason), "outcome_basis": cleaned(basis)}
    if not outcome:
        return {"outcome": "", **words, "refusal_ground": None}
    if case.kind != CaseKind.REQUEST:
        raise refuse(_("Hanya permintaan informasi publik yang mendapat putusan."), field="outcome", rule="kind")
    if outcome not in Outcome.values:
        raise refuse(NO_OUTCOME, field="outcome")
    wanted = [("outcome_reason", reason, NO_REASON)] if outcome != Outcome.GRANTED else []
    wanted += [("outcome_basis", basis, NO_ARTICLE)] if outcome == Outcome.REFUSED else []
    require_fields(wanted)
    return {"outcome": outcome, **words, "refusal_ground": _chosen(outcome, ground)}


def _chosen(outcome: str, ground: str) -> RefusalGround | None:
    """Of a refusal it is asked for where the agency keeps any; of one in part it may be none of them, as something
    else may be the cause."""
    if outcome not in REFUSALS:
        return None
    found = grounds().filter(code=ground).first() if ground else None
    if found is None and (ground or (outcome == Outcome.REFUSED and grounds().exists())):
        raise refuse(NO_REFUSAL_GROUND, field="outcome_ground")
    return found


def demand_outcome(case: Case, row: CaseAnswer) -> None:
    """A request is not answered without a decision."""
    if case.kind == CaseKind.REQUEST and not row.outcome:
        raise refuse(NO_OUTCOME, field="outcome")


def decisions_of(case: Case) -> list[CaseAnswer]:
    """What was decided, the oldest first."""
    rows = CaseAnswer.objects.filter(case=case, state=AnswerState.PUBLISHED).exclude(outcome="")
    return list(rows.select_related("message", "refusal_ground").order_by("id"))


# --- The objection --------------------------------------------------------------------------------
def objection_of(case: Case) -> InformationObjection | None:
    if case.kind != CaseKind.REQUEST:
        return None
    return InformationObjection.objects.filter(case=case).first()


def last_day_to_object(case: Case, clocks: Clocks) -> datetime.date | None:
    """Of an objection because nobody answered: counted from the end of the limit that has passed. None where the
    office still has time, where that day is over, or for other reports."""
    if case.kind != CaseKind.REQUEST or case.state not in BEFORE_THE_ANSWER or case.held:
        return None
    row, limit = clocks.running(Phase.FINAL), clocks.limit(Phase.SILENCE)
    if row is None or row.due_on is None or limit is None or not rules.passed(row.due_on, clocks.on):
        return None
    last = rules.deadline(row.due_on, limit, clocks.calendar).due_on
    return None if rules.passed(last, clocks.on) else last


def can_object(case: Case, objection: InformationObjection | None) -> bool:
    """Whoever asked may, once: against the answer, or because the limit has passed without one."""
    if objection is not None or case.held:
        return False
    return case.state == CaseState.ANSWERED or last_day_to_object(case, Clocks(case)) is not None


def check_objection(case: Case, ground: str) -> None:
    if ground not in ObjectionGround.values:
        raise refuse(NO_GROUND, field="ground")
    if objection_of(case) is not None:
        raise refuse(ONCE, rule="once")


def clocks_of_late_objection(case: Case) -> Clocks:
    """The limit that nobody kept ends, that of the superior begins."""
    clocks = Clocks(case)
    if last_day_to_object(case, clocks) is None:
        raise refuse(_("Keberatan diajukan setelah dijawab, atau setelah batas jawabannya lewat."), rule="state")
    clocks.stop([Phase.FINAL])
    clocks.start(Phase.OBJECTION, clocks.on)
    return clocks


def _clock_of(case: Case) -> CaseClock | None:
    return case.clocks.filter(phase=Phase.OBJECTION, stopped_on=None).first()


def keep_objection(case: Case, message: CaseMessage, ground: str) -> InformationObjection:
    """The superior of the PPID is told: the leader of the unit that holds the request."""
    row = InformationObjection.objects.create(case=case, ground=ground, message=message, filed_on=today())
    clock, superiors = _clock_of(case), people.leaders_of(case, government=False)
    due = clock.due_on if clock is not None else None
    told = {"ground": ObjectionGround(ground), "due": due}
    notifications.tell(notifications.Objected, case, superiors, occasion=row.pk, **told)
    return row


def keep_answer(case: Case, row: CaseAnswer) -> None:
    """The answer that was just published is the superior's where an objection waits for one."""
    found = objection_of(case)
    if found is not None and found.answer_id is None:
        found.answer, found.answered_on = row, today()
        found.save(update_fields=["answer", "answered_on"])


# --- The dispute ----------------------------------------------------------------------------------
def can_dispute(case: Case, objection: InformationObjection | None) -> bool:
    """After the superior has answered, or has let his limit pass."""
    if objection is None or objection.answer_id is not None:
        return objection is not None
    clock = _clock_of(case)
    return clock is not None and rules.passed(clock.due_on, today())


@verb
def record_dispute(*, by: Reporting, case: Case, on: datetime.date, number: str = "") -> InformationObjection:
    """Taken to the Komisi Informasi on that day; saying it again corrects day and register number."""
    case = locked(case)
    demand(permissions.can_report(by, case))
    row = objection_of(case)
    if row is None or not can_dispute(case, row):
        raise refuse(TOO_EARLY, rule="state")
    first = row.answered_on or row.filed_on
    if not first <= on <= today():
        raise refuse(_("Tanggal sengketa: sejak keberatan ditanggapi, paling lambat hari ini."), field="on")
    number = cleaned(number)[:100]
    if (row.disputed_on, row.dispute_number) == (on, number):
        return row
    row.disputed_on, row.dispute_number = on, number
    row.save(update_fields=["disputed_on", "dispute_number"])
    data = {"on": on, "number": number}
    for_him = by.officer is not None
    advance(case, Action.DISPUTE, party=Party.REPORTER, actor=by.officer, for_reporter=for_him, data=data)
    told = [*people.leaders_of(case, government=False), case.officer or people.admin_for(case)]
    notifications.tell(notifications.Disputed, case, told, occasion=case.version, day=on)
    return row
