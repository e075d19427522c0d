"""Who may do what to an SKP (reference 3 and 5). Each denial says why."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.enums import EDITABLE, PlanState
from evaluations.models import Participant, Plan, PlanComment, PlanTemplate
from evaluations.permissions.common import CLOSED_CYCLE, NOT_VISIBLE, NOT_YOURS, is_assessor, is_own, is_person
from kepegawaian.lib.access import ALLOWED, Answer, Denied

NOT_EDITABLE = Denied(_("SKP ini sudah diajukan sehingga isinya terkunci. Tarik dahulu untuk mengubahnya."))
NOT_WAITING = Denied(_("SKP ini tidak sedang menunggu persetujuan."))
NOT_AGREED = Denied(_("Hanya SKP yang sudah disepakati yang diganti dengan versi baru."))
POST_ENDED = Denied(_("Jabatan ini sudah berakhir. Susun SKP untuk jabatan yang baru."))
EVER_SUBMITTED = Denied(_("SKP yang pernah diajukan atau ditanggapi tidak dihapus; riwayatnya disimpan."))
STILL_DRAFT = Denied(_("Draf belum dibicarakan. Ajukan dahulu."))
NOT_TO_SETTLE = Denied(_("Tanggapan ini sudah selesai."))
NOT_A_PARTY = Denied(_("Hanya pegawai dan pejabat penilainya yang membicarakan SKP ini."))


def _while_open(answer: Answer, participant: Participant) -> Answer:
    return CLOSED_CYCLE if answer and participant.cycle.closed_at is not None else answer


def is_party(user: Any, participant: Participant) -> bool:
    """The person or the assessor."""
    return is_person(user, participant.employee) or is_person(user, participant.assessor)


def can_view(user: Any, plan: Plan) -> Answer:
    visible = Plan.objects.visible_to(user).filter(pk=plan.pk).exists()
    return ALLOWED if visible else NOT_VISIBLE


def can_start(user: Any, participant: Participant) -> Answer:
    return _while_open(is_own(user, participant), participant)


def can_edit(user: Any, plan: Plan) -> Answer:
    answer = can_start(user, plan.participant)
    return NOT_EDITABLE if answer and plan.state not in EDITABLE else answer


def can_submit(user: Any, plan: Plan) -> Answer:
    return can_start(user, plan.participant)


def can_withdraw(user: Any, plan: Plan) -> Answer:
    """Before the assessor acts."""
    answer = can_start(user, plan.participant)
    return NOT_WAITING if answer and plan.state != PlanState.SUBMITTED else answer


def can_discard(user: Any, plan: Plan) -> Answer:
    """Only what nobody else has ever seen."""
    answer = can_edit(user, plan)
    if answer and (plan.steps.exists() or plan.comments.exists()):
        return EVER_SUBMITTED
    return answer


def may_assess(user: Any, plan: Plan) -> Answer:
    return _while_open(is_assessor(user, plan.participant), plan.participant)


def can_answer(user: Any, plan: Plan) -> Answer:
    """Agree or return, and until then write special expectations."""
    answer = may_assess(user, plan)
    return NOT_WAITING if answer and plan.state != PlanState.SUBMITTED else answer


def can_change(user: Any, plan: Plan) -> Answer:
    """Employee or assessor begin a new version for cause (reference 5)."""
    participant = plan.participant
    own = is_person(user, participant.employee)
    answer = can_start(user, participant) if own else may_assess(user, plan)
    if answer and plan.state != PlanState.AGREED:
        return NOT_AGREED
    return POST_ENDED if answer and plan.posting.valid_to is not None else answer


def can_link(user: Any, plan: Plan) -> Answer:
    """Say which result of the superior is served; changes nothing of what was agreed."""
    if plan.state == PlanState.SUPERSEDED or not is_party(user, plan.participant):
        return NOT_A_PARTY
    return can_edit(user, plan) if plan.state in EDITABLE else _while_open(ALLOWED, plan.participant)


def can_talk(user: Any, plan: Plan) -> Answer:
    if not is_party(user, plan.participant):
        return NOT_A_PARTY
    if plan.state == PlanState.DRAFT and not plan.steps.exists():
        return STILL_DRAFT
    return _while_open(ALLOWED, plan.participant)


def can_settle(user: Any, comment: PlanComment) -> Answer:
    """Either of the two closes a point; who and when is kept."""
    if not is_party(user, comment.participant):
        return NOT_A_PARTY
    return NOT_TO_SETTLE if comment.settled_at is not None else ALLOWED


def can_share(user: Any, plan: Plan) -> Answer:
    if not is_person(user, plan.participant.employee):
        return NOT_YOURS
    return ALLOWED if plan.agreed_at is not None else NOT_AGREED


def can_unshare(user: Any, template: PlanTemplate) -> Answer:
    return ALLOWED if is_person(user, template.shared_by) else NOT_YOURS
