"""Who assesses, signs, reads, sets a unit's result, explains a pattern, objects and decides on objections."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.enums import OPEN_OBJECTIONS, EvaluationState
from evaluations.models import Evaluation, Objection, Participant, Period
from evaluations.permissions.common import (
    NOT_ONESELF,
    NOT_SUPERIOR,
    NOT_YOURS,
    assesses,
    can_manage_everywhere,
    is_person,
)
from evaluations.selectors.duties import Duty
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.employees.reporting import head_of, sitting_head, superior_of
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit, covers, has_right, within

NOT_LEADER_ABOVE = Denied(
    _("Capaian organisasi ditetapkan pimpinan satu tingkat di atas unit (SE MenPANRB 3/2023).")
)
NOT_LEADER = Denied(_("Halaman ini untuk pimpinan unit dan pengelola kinerja."))
NOT_FINAL = Denied(_("Evaluasi ini belum ditandatangani."))
ALREADY_READ = Denied(_("Evaluasi ini sudah Anda baca."))
NOT_READ = Denied(_("Baca dahulu hasil evaluasi ini; keberatan diajukan sesudahnya."))
ONCE = Denied(_("Keberatan atas evaluasi ini sudah diajukan; cukup satu kali."))
DECISION_IS_FINAL = Denied(_("Ini putusan atas keberatan, dan putusan itu final (PP 30/2019 Pasal 59)."))
NOT_OPEN = Denied(_("Keberatan ini sudah selesai."))
NOT_A_PARTY = Denied(_("Pihak dalam keberatan tidak menunjuk pejabat yang memutusnya."))
PARTIES_ONLY = Denied(_("Keterangan tertulis ditulis pegawai yang dinilai dan pejabat yang menilainya."))
HAS_DECIDER = Denied(_("Keberatan ini menunggu atasan pejabat penilai; tidak perlu penunjukan."))


# --- Evaluation -----------------------------------------------------------------------------------
def can_assess(user: Any, participant: Participant, duty: Duty) -> Answer:
    """In the period that the duty is of."""
    return assesses(user, participant, duty.assessor)


def can_receive(user: Any, evaluation: Evaluation) -> Answer:
    """To say that one has read it."""
    if not is_person(user, evaluation.participant.employee):
        return NOT_YOURS
    if evaluation.state != EvaluationState.FINAL:
        return NOT_FINAL
    return ALREADY_READ if evaluation.received_at else ALLOWED


# --- Units ----------------------------------------------------------------------------------------
def can_set_organisation(user: Any, unit: Unit, period: Period) -> Answer:
    """The assessor of who heads the unit; where nobody of the cycle does, the superior by the reporting line.
    The head never sets the result of the own unit; above the very top HR of the whole government records it."""
    head = unit_head(unit, period)
    if head is not None and is_person(user, head.employee):
        return NOT_ONESELF
    leader = head.assessor if head is not None and head.assessor is not None else _leader_by_line(unit)
    if leader is None:
        return ALLOWED if covers(user, Right.MANAGE_PERFORMANCE, unit.path) else NOT_LEADER_ABOVE
    return ALLOWED if is_person(user, leader) and user.is_active else NOT_LEADER_ABOVE


def unit_head(unit: Unit, period: Period) -> Participant | None:
    rows = Participant.objects.filter(cycle_id=period.cycle_id, heads=unit, left_on=None)
    return rows.select_related("employee", "assessor").first()


def _leader_by_line(unit: Unit) -> Any:
    sitting = sitting_head(unit, today())
    if sitting is not None:
        holder = superior_of(sitting.principal or sitting.employee, today())
    else:
        parent = Unit.objects.filter(path=unit.path[: -Unit.steplen]).first()
        holder = head_of(parent, today()) if parent is not None else None
    return holder.employee if holder is not None else None


def can_view_unit(user: Any, unit: Unit) -> Answer:
    """The pattern of a unit: those who head it or a unit above it, and the scope of a role."""
    if covers(user, Right.VIEW_PERFORMANCE, unit.path):
        return ALLOWED
    return ALLOWED if within(unit.path, headed_paths(user)) else NOT_LEADER


def can_explain(user: Any, unit: Unit, period: Period) -> Answer:
    """Why the pattern differs: who heads the unit or one above it, or set its result."""
    if within(unit.path, headed_paths(user)):
        return ALLOWED
    return can_set_organisation(user, unit, period)


def can_calibrate(user: Any) -> Answer:
    return ALLOWED if headed_paths(user) or has_right(user, Right.VIEW_PERFORMANCE) else NOT_LEADER


# --- Objection ------------------------------------------------------------------------------------
def can_object(user: Any, evaluation: Evaluation) -> Answer:
    """The assessed person, once, after reading, never against a decision; the days are a rule of the verb."""
    if not is_person(user, evaluation.participant.employee):
        return NOT_YOURS
    if evaluation.replaces_id is not None:
        return DECISION_IS_FINAL
    if Objection.objects.filter(evaluation=evaluation).exists():
        return ONCE
    if evaluation.state != EvaluationState.FINAL:
        return NOT_FINAL
    return ALLOWED if evaluation.received_at else NOT_READ


def can_state(user: Any, objection: Objection) -> Answer:
    """In one's own words: the assessed person, and who signed."""
    evaluation = objection.evaluation
    if not (is_person(user, evaluation.participant.employee) or is_person(user, evaluation.assessor)):
        return PARTIES_ONLY
    return ALLOWED if objection.state in OPEN_OBJECTIONS and user.is_active else NOT_OPEN


def can_read_statements(user: Any, objection: Objection) -> Answer:
    """What the two parties wrote themselves: they, and who decides."""
    evaluation = objection.evaluation
    readers = (evaluation.participant.employee, evaluation.assessor, objection.decider)
    return ALLOWED if any(is_person(user, one) for one in readers) else PARTIES_ONLY


def can_withdraw_objection(user: Any, objection: Objection) -> Answer:
    if not is_person(user, objection.evaluation.participant.employee):
        return NOT_YOURS
    return ALLOWED if objection.state in OPEN_OBJECTIONS else NOT_OPEN


def can_decide_objection(user: Any, objection: Objection) -> Answer:
    """Who it waits for: the superior of the assessor. Never the person, nor who signed."""
    evaluation = objection.evaluation
    if is_person(user, evaluation.participant.employee) or is_person(user, evaluation.assessor):
        return NOT_SUPERIOR
    if not is_person(user, objection.decider) or not user.is_active:
        return NOT_SUPERIOR
    return ALLOWED if objection.state in OPEN_OBJECTIONS else NOT_OPEN


def can_name_decider(user: Any, objection: Objection) -> Answer:
    """HR of the whole government, where nobody above the assessor can decide, or anew where it named somebody."""
    evaluation = objection.evaluation
    if is_person(user, evaluation.participant.employee) or is_person(user, evaluation.assessor):
        return NOT_A_PARTY
    if objection.state not in OPEN_OBJECTIONS:
        return NOT_OPEN
    if able(objection.decider) and objection.named_by_id is None:
        return HAS_DECIDER
    return can_manage_everywhere(user)


def able(decider: Employee | None) -> bool:
    """Whether he can act here: with a live account."""
    return decider is not None and decider.user is not None and bool(decider.user.is_active)


def can_view_objection(user: Any, evaluation_id: uuid.UUID) -> bool:
    """Whoever may see the evaluation, and who decides."""
    if Evaluation.objects.visible_to(user).filter(pk=evaluation_id).exists():
        return True
    return Objection.objects.filter(evaluation_id=evaluation_id, decider__user_id=user.pk).exists()
