"""Who sees and enters credit points, who follows a result up, and who exports."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.enums import ApprovalState, CoachingState, RecommendationState
from evaluations.models import Coaching, CreditApproval, ImprovementChain, Participant, Recommendation
from evaluations.models.credits import assessed_now
from evaluations.permissions.common import (
    NOT_ASSESSOR,
    NOT_MANAGER,
    NOT_ONESELF,
    NOT_VISIBLE,
    NOT_YOURS,
    can_manage,
    is_person,
)
from evaluations.selectors.line import superior_of_assessor, superiors_of_assessors
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import covers, has_right, within

NOT_IN_LINE = Denied(_("Hanya pejabat penilai, atasannya, dan pengelola kinerja yang boleh melakukan ini."))
NOT_PLACER = Denied(_("Potensi dicatat oleh atasan pejabat penilai pegawai ini atau pengelola kinerja."))
NOT_REVIEWER = Denied(_("Ulasan pembinaan dibaca oleh atasan pejabat penilai dan pengelola kinerja saja."))
NOT_COACH = Denied(_("Hanya pembina dan pengelola kinerja yang boleh melakukan ini."))
COACHING_OVER = Denied(_("Pembinaan ini sudah ditutup."))
CHAIN_OVER = Denied(_("Masa perbaikan ini sudah selesai."))
ANSWERED = Denied(_("Usul ini sudah dijawab."))
REVIEWED = Denied(_("Pembinaan ini sudah diulas."))
NOT_ASKED = Denied(_("Tidak ada angka kredit pegawai ini yang menunggu penetapan."))
NOT_DECIDER = Denied(_("Usul dijawab pengelola kinerja."))


# --- Credit points --------------------------------------------------------------------------------
def can_view_credits(user: Any, employee: Employee) -> Answer:
    """The person, who assesses him now or is asked to establish his sum, whose role covers him; the same as
    `CreditEntry.objects.visible_to`."""
    if is_person(user, employee) or covers(user, Right.VIEW_PERFORMANCE, employee.current_path):
        return ALLOWED
    if assessed_now(user).filter(employee=employee).exists():
        return ALLOWED
    return ALLOWED if CreditApproval.objects.waiting_for(user).filter(employee=employee).exists() else NOT_VISIBLE


def can_enter_credits(user: Any, employee: Employee) -> Answer:
    """HR of the person's unit; nobody writes points for himself."""
    if is_person(user, employee):
        return NOT_ONESELF
    return ALLOWED if covers(user, Right.MANAGE_PERFORMANCE, employee.current_path) else NOT_MANAGER


def can_ask_credits(user: Any, employee: Employee) -> Answer:
    """Who has a part in it: the person, who assesses him now, HR. Who only reads asks for nothing."""
    if is_person(user, employee) or covers(user, Right.MANAGE_PERFORMANCE, employee.current_path):
        return ALLOWED
    return ALLOWED if assessed_now(user).filter(employee=employee).exists() else NOT_MANAGER


def can_approve_credits(user: Any, approval: CreditApproval | None) -> Answer:
    """Who assesses him signs his sum (reference 11), never the person himself."""
    if approval is None or approval.state != ApprovalState.WAITING:
        return NOT_ASKED
    if is_person(user, approval.employee):
        return NOT_ONESELF
    return ALLOWED if is_person(user, approval.approver) and user.is_active else NOT_ASSESSOR


def can_export(user: Any) -> Answer:
    """HR only; which rows is a matter of scope."""
    return ALLOWED if has_right(user, Right.MANAGE_PERFORMANCE) else NOT_MANAGER


# --- Follow-up ------------------------------------------------------------------------------------
def can_see_follow_up(user: Any, participant: Participant) -> Answer:
    """The person, the assessor, the line of superiors, HR; and a coach, of what he coaches."""
    if is_person(user, participant.employee) or is_person(user, participant.assessor):
        return ALLOWED
    below = within(participant.path, headed_paths(user))
    if below or covers(user, Right.MANAGE_PERFORMANCE, participant.path):
        return ALLOWED
    coaching = Coaching.objects.filter(participant=participant, coach__user_id=user.pk)
    return ALLOWED if coaching.exists() else NOT_VISIBLE


def can_follow_up(user: Any, participant: Participant) -> Answer:
    """Open coaching, propose training or an award: the assessor, his superior, HR."""
    if is_person(user, participant.employee):
        return NOT_ONESELF
    if is_person(user, participant.assessor) or can_manage(user, participant):
        return ALLOWED
    return ALLOWED if is_person(user, superior_of_assessor(participant)) else NOT_IN_LINE


def can_coach(user: Any, coaching: Coaching) -> Answer:
    """Sessions, form B.1.9, the outcome."""
    if coaching.state != CoachingState.RUNNING:
        return COACHING_OVER
    if is_person(user, coaching.participant.employee):
        return NOT_ONESELF
    return ALLOWED if is_person(user, coaching.coach) or can_manage(user, coaching.participant) else NOT_COACH


def can_review(user: Any, coaching: Coaching) -> Answer:
    """Form B.1.8 is the coached person's own, once."""
    if not is_person(user, coaching.participant.employee):
        return NOT_YOURS
    return REVIEWED if hasattr(coaching, "review") else ALLOWED


def can_read_review(user: Any, coaching: Coaching) -> Answer:
    """Who wrote it, the assessor's superior for whom it is meant, HR. Not the assessor, not the coach."""
    participant = coaching.participant
    if is_person(user, participant.employee):
        return ALLOWED
    if is_person(user, coaching.coach) or is_person(user, participant.assessor):
        return NOT_REVIEWER
    superior = is_person(user, superior_of_assessor(participant))
    return ALLOWED if superior or can_manage(user, participant) else NOT_REVIEWER


def can_run_chain(user: Any, chain: ImprovementChain) -> Answer:
    if chain.closed_at is not None:
        return CHAIN_OVER
    return can_manage(user, chain.participant)


def can_answer(user: Any, recommendation: Recommendation) -> Answer:
    """HR; nobody answers what he proposed."""
    if recommendation.state != RecommendationState.PROPOSED:
        return ANSWERED
    if recommendation.proposed_by_id == user.pk:
        return NOT_DECIDER
    return ALLOWED if can_manage(user, recommendation.participant) else NOT_DECIDER


def can_place_talent(user: Any, participant: Participant) -> Answer:
    """Record the potential: HR, or the assessor's superior."""
    if is_person(user, participant.employee):
        return NOT_ONESELF
    if can_manage(user, participant):
        return ALLOWED
    return ALLOWED if is_person(user, superior_of_assessor(participant)) else NOT_PLACER


def may_place_talent(user: Any, people: Sequence[Participant]) -> set[uuid.UUID]:
    """Of the people of one year those whose potential `user` may record: `can_place_talent` for a page of them."""
    others = [one for one in people if not is_person(user, one.employee)]
    managed = {one.pk for one in others if can_manage(user, one)}
    above = superiors_of_assessors([one for one in others if one.pk not in managed])
    return managed | {key for key, superior in above.items() if is_person(user, superior)}


def can_see_talent(user: Any) -> Answer:
    """The grid: HR, and leaders of the people below them. Not for everybody who may look at results."""
    if has_right(user, Right.MANAGE_PERFORMANCE) or headed_paths(user):
        return ALLOWED
    return NOT_MANAGER
