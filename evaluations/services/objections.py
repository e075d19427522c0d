"""*Keberatan* (PP 30/2019 Ps 59, reference section 10): filed once, both sides heard, kept or changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import OPEN_OBJECTIONS, EvaluationState, ObjectionState, Rating
from evaluations.links_ratings import objection_url
from evaluations.models import Evaluation, EvaluationStep, Objection, Participant, ResultMark, ValueNote
from evaluations.models.cycles import current_setting
from evaluations.notifications import ratings as notices
from evaluations.notifications.common import performance_office
from evaluations.permissions.common import is_person
from evaluations.permissions.ratings import (
    able,
    can_decide_objection,
    can_name_decider,
    can_object,
    can_state,
    can_withdraw_objection,
)
from evaluations.registry import tell_result_change
from evaluations.rules import matrix
from evaluations.rules.clocks import OBJECTION, Window, decision_due, objection_window
from evaluations.selectors.duties import able as can_act
from evaluations.selectors.line import superior_over
from evaluations.selectors.ratings import statements_of
from evaluations.services.common import locked_evaluation, refused, verb
from evaluations.services.ratings_steps import log
from evaluations.workflow import Action, next_state
from kepegawaian.audit import services as audit
from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import superior_of
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.notifications.services import notify_together
from kepegawaian.work.services import close_items, open_item

ITEM = "evaluations.objection"


@dataclass(frozen=True, slots=True)
class Ruling:
    """Both ratings as they shall be; the same ones keep the result. `reason` is told to both sides."""

    results_rating: str
    behaviour_rating: str
    reason: str
    results_reason: str = ""
    behaviour_reason: str = ""


def window_of(evaluation: Evaluation) -> Window | None:
    """From the day of receipt; None before it was read."""
    if evaluation.received_at is None:
        return None
    return objection_window(timezone.localdate(evaluation.received_at), current_setting().objection_days)


@verb
def file_objection(*, actor: Any, evaluation: Evaluation, reasons: str) -> Objection:
    """Within the days after receipt; the assessor's superior is asked to hear both sides."""
    evaluation = locked_evaluation(evaluation)
    demand(can_object(actor, evaluation))
    window = window_of(evaluation)
    if window is None or not window.is_open(today()):
        text = _("Keberatan hanya dapat diajukan dalam %(days)s hari sejak hasil diterima.")
        days = current_setting().objection_days
        raise refused(text % {"days": days}, rule="objection_window", citation=OBJECTION)
    require_fields([("reasons", reasons.strip(), _("Tuliskan alasan keberatan Anda."))])
    decider, capacity = decider_of(evaluation)
    objection = Objection.objects.create(
        evaluation=evaluation,
        reasons=reasons.strip(),
        decider=decider,
        capacity=capacity,
        last_day=window.last,
        due_on=decision_due(today(), current_setting().objection_target_days),
    )
    audit.record("evaluations.objection_filed", objection, actor=actor, data={"evaluation": str(evaluation.pk)})
    _wait(objection)
    notify_together(notices.objected(objection))
    return objection


@verb
def withdraw_objection(*, actor: Any, objection: Objection) -> Objection:
    objection = _locked(objection)
    demand(can_withdraw_objection(actor, objection))
    _move(objection, Action.WITHDRAW, actor=actor)
    objection.save()
    close_items(subject=objection, by=actor)
    notify_together([notices.withdrawn(objection)])
    return objection


@verb
def state_side(*, actor: Any, objection: Objection, text: str) -> EvaluationStep:
    """What the person or the assessor says, in his own words: who decides hears both sides (PP 30/2019 Ps 59).
    In the log, where nobody rewrites it; more may be added until the decision, the same words only once."""
    objection = _locked(objection)
    demand(can_state(actor, objection))
    require_fields([("text", text.strip(), _("Tuliskan keterangan Anda."))])
    evaluation = objection.evaluation
    said: EvaluationStep | None = statements_of(evaluation).filter(actor=actor, note=text.strip()).first()
    if said is not None:
        return said
    audit.record("evaluations.objection_stated", objection, actor=actor, data={"evaluation": str(evaluation.pk)})
    made: EvaluationStep = EvaluationStep.objects.create(
        evaluation=evaluation,
        action=Action.STATE,
        from_state=evaluation.state,
        to_state=evaluation.state,
        actor=actor,
        capacity=evaluation.capacity if is_person(actor, evaluation.assessor) else "",
        note=text.strip(),
        version=evaluation.version,
    )
    return made


@verb
def name_decider(*, actor: Any, objection: Objection, decider: Employee, reason: str) -> Objection:
    """HR gives it to somebody, since nobody above the assessor can decide (he has no superior here, as under a
    head of region). No article names a stand-in, so the reason is kept and both sides read it."""
    objection = _locked(objection)
    demand(can_name_decider(actor, objection))
    evaluation = objection.evaluation
    neutral = decider.pk not in (evaluation.participant.employee_id, evaluation.assessor_id) and able(decider)
    whom = _("Pilih pejabat lain yang punya akun; bukan pegawai ini dan bukan pejabat penilainya.")
    why = _("Tuliskan alasan penunjukan; kedua pihak membacanya.")
    require_fields([("decider", neutral, whom), ("reason", reason.strip(), why)])
    if (objection.decider_id, objection.naming_reason) == (decider.pk, reason.strip()):
        return objection
    objection.named_by, objection.named_at, objection.naming_reason = actor, timezone.now(), reason.strip()
    _give(objection, decider, decider.current_position, actor=actor, reason=objection.naming_reason)
    return objection


@verb
def hear(*, actor: Any, objection: Objection, employee: str, assessor: str) -> Objection:
    """What the person and the assessor said, written down by who decides. May be completed until the decision."""
    objection = _locked(objection)
    demand(can_decide_objection(actor, objection))
    both = _("Tuliskan keterangan kedua pihak (PP 30/2019 Pasal 59).")
    require_fields([("employee", employee.strip(), both), ("assessor", assessor.strip(), both)])
    _move(objection, Action.HEAR, actor=actor)
    objection.employee_heard, objection.assessor_heard = employee.strip(), assessor.strip()
    objection.heard_at = timezone.now()
    objection.save()
    return objection


@verb
def decide_objection(*, actor: Any, objection: Objection, ruling: Ruling) -> Evaluation:
    """The evaluation that counts from now on: the same one, or a new one that replaces it. This is final."""
    objection = _locked(objection)
    demand(can_decide_objection(actor, objection))
    choose, why = _("Pilih salah satu rating."), _("Tuliskan alasan putusan; kedua pihak membacanya.")
    require_fields(
        [
            ("results_rating", ruling.results_rating in Rating.values, choose),
            ("behaviour_rating", ruling.behaviour_rating in Rating.values, choose),
            ("reason", ruling.reason.strip(), why),
        ]
    )
    original = objection.evaluation
    same = (ruling.results_rating, ruling.behaviour_rating) == (original.results_rating, original.behaviour_rating)
    _move(objection, Action.KEEP if same else Action.ALTER, actor=actor)
    objection.decision_reason, objection.decided_at = ruling.reason.strip(), timezone.now()
    objection.save()
    close_items(subject=objection, by=actor)
    counting = original if same else _replace(original, objection, ruling, actor=actor)
    notify_together([notices.decided(objection, changed=not same)])
    if not same:
        tell_result_change(counting, replaced=original, actor=actor)
    return counting


def _replace(original: Evaluation, objection: Objection, ruling: Ruling, *, actor: Any) -> Evaluation:
    """The original stays readable as replaced; the new one goes through the states in the same act. The assessor
    of the person stays who he is: the log, the objection and the papers name who decided."""
    decided = {"actor": actor, "note": objection.decision_reason, "capacity": objection.capacity}
    origin, original.state = original.state, next_state(EvaluationState(original.state), Action.REPLACE)
    log(original, Action.REPLACE, origin, **decided)
    original.save()
    results, behaviour = Rating(ruling.results_rating), Rating(ruling.behaviour_rating)
    row = Evaluation.objects.create(
        participant=original.participant,
        period=original.period,
        plan=original.plan,
        assessor=original.assessor,
        capacity=original.capacity,
        results_rating=results,
        behaviour_rating=behaviour,
        results_reason=ruling.results_reason.strip() or original.results_reason,
        behaviour_reason=ruling.behaviour_reason.strip() or original.behaviour_reason,
        predikat=matrix.predikat(results, behaviour, on=original.period.end),
        recommendation=original.recommendation,
        replaces=original,
        assessed_at=timezone.now(),
    )
    _copy_remarks(original, row)
    for action in (Action.ASSESS, Action.SIGN):
        origin, row.state = row.state, next_state(EvaluationState(row.state), action)
        row.signed_at = timezone.now() if action == Action.SIGN else None
        log(row, action, origin, **decided, objection=str(objection.pk))
        row.save()
    return row


def _copy_remarks(original: Evaluation, row: Evaluation) -> None:
    ResultMark.objects.bulk_create(
        ResultMark(evaluation=row, result=mark.result, mark=mark.mark, feedback=mark.feedback)
        for mark in original.marks.all()
    )
    ValueNote.objects.bulk_create(
        ValueNote(evaluation=row, value=note.value, mark=note.mark, text=note.text)
        for note in original.value_notes.all()
    )


# --- Who decides ----------------------------------------------------------------------------------
def decider_of(evaluation: Evaluation) -> tuple[Employee | None, str]:
    """The superior of the assessor, or who stands in for him today; and as what. None at the very top."""
    participant = evaluation.participant
    superior, signer = superior_over(evaluation), evaluation.assessor or participant.assessor
    if superior is None or superior.pk in (participant.employee_id, evaluation.assessor_id):
        return None, ""
    holder = superior_of(signer, today()) if signer else None
    if holder is not None and holder.principal is not None and holder.principal.pk == superior.pk:
        parties = (participant.employee_id, evaluation.assessor_id)
        superior = superior if holder.employee.pk in parties else holder.employee
        return superior, holder.title[:120] if superior == holder.employee else superior.current_position[:120]
    return superior, superior.current_position[:120]


def hand_over_objections(participants: Sequence[Participant], *, actor: Any = None) -> int:
    """Open objections of these people, and of those whom they assess, go to today's superior of the assessor."""
    about = Q(evaluation__participant__in=participants)
    about |= Q(evaluation__participant__assessor__in=[one.employee_id for one in participants])
    rows = Objection.objects.filter(about, state__in=OPEN_OBJECTIONS)
    moved = 0
    for objection in rows.select_related(*_RELATED).select_for_update(of=("self",)):
        decider, capacity = decider_of(objection.evaluation)
        if decider is not None and decider.pk != objection.decider_id:
            objection.named_by, objection.named_at, objection.naming_reason = None, None, ""
            _give(objection, decider, capacity, actor=actor)
            moved += 1
    return moved


@verb
def pass_on() -> int:
    """Every night: who was to decide and can act no more leaves it to who would be asked today, else to HR, who
    names somebody; how many moved."""
    stuck = Objection.objects.filter(state__in=OPEN_OBJECTIONS, decider__isnull=False)
    moved = 0
    for objection in stuck.exclude(can_act("decider")).select_related("evaluation__participant"):
        objection = _locked(objection)
        if objection.state not in OPEN_OBJECTIONS or able(objection.decider):
            continue
        decider, capacity = decider_of(objection.evaluation)
        if able(decider) and decider is not None:
            objection.named_by, objection.named_at, objection.naming_reason = None, None, ""
            _give(objection, decider, capacity)
            moved += 1
        else:
            _wait(objection)
    return moved


def _give(objection: Objection, decider: Employee, capacity: str, *, actor: Any = None, reason: str = "") -> None:
    objection.decider, objection.capacity = decider, capacity[:120]
    objection.version += 1
    objection.save()
    verb = "evaluations.objection_named" if reason else "evaluations.objection_handed_over"
    data = {"to": str(decider.pk), "reason": reason} if reason else {"to": str(decider.pk)}
    audit.record(verb, objection, actor=actor, data=data)
    _wait(objection)
    notify_together(notices.objected(objection)[:1])


# --- What the verbs share -------------------------------------------------------------------------
_RELATED = ("evaluation__participant__employee__user", "evaluation__participant__assessor__user")


def _locked(objection: Objection) -> Objection:
    """Participant, evaluation, objection: in the order in which every verb locks."""
    evaluation = locked_evaluation(objection.evaluation)
    rows = Objection.objects.select_related("decider__user").select_for_update(of=("self",))
    found = rows.get(pk=objection.pk)
    found.evaluation = evaluation
    return found


def _move(objection: Objection, action: Action, *, actor: Any) -> None:
    origin, objection.state = objection.state, next_state(ObjectionState(objection.state), action)
    objection.version += 1
    data = {"states": [str(origin), str(objection.state)], "version": objection.version}
    audit.record(f"evaluations.objection_{action}", objection, actor=actor, data=data)


def _wait(objection: Objection) -> None:
    """For who decides; where nobody can, for HR, who then names somebody."""
    evaluation, decider = objection.evaluation, objection.decider
    holder = decider.user if decider is not None and able(decider) else None
    open_item(
        kind=ITEM,
        subject=objection,
        holder=holder or _office(evaluation),
        title=evaluation.participant.employee.full_name,
        url=objection_url(evaluation),
        due_on=objection.due_on,
        context={"line": str(evaluation.period), "unnamed": holder is None},
    )


def _office(evaluation: Evaluation) -> Any:
    sides = {one.user_id for one in (evaluation.participant.employee, evaluation.assessor) if one is not None}
    return next((user for user in performance_office() if user.pk not in sides), None)
