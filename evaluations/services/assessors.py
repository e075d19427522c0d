"""Who assesses whom: corrected by the person or HR with date and reason, and whatever waits moves along.

A wrong assessor is the most common blockage of all (reference section 15), so nobody waits for a confirmation: the
employee's own correction holds at once and is told to both assessors and to HR, who may undo it.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from evaluations.enums import AssessorSource, PlanState
from evaluations.models import AssessorAssignment, Participant, PlanStep
from evaluations.notifications.cycles import tell_of_assessor
from evaluations.permissions.common import can_manage, is_own
from evaluations.rules.sources import Citation, Mark
from evaluations.selectors.proposing import Proposed, proposed
from evaluations.services import credits_approval
from evaluations.services.common import locked_participant, refused, require_open, verb
from evaluations.services.ratings import hand_over_evaluations
from evaluations.workflow import Action
from kepegawaian.audit.services import record
from kepegawaian.employees.enums import ACTIVE_STATES
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.work.models import WorkItem

DAY = datetime.timedelta(days=1)
ROLES = Citation("PermenPANRB 6/2022", mark=Mark.KNOWN)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a row of the history names, since when, and on whose word."""

    assessor: Employee | None
    capacity: str
    source: AssessorSource
    valid_from: datetime.date
    reason: str = ""
    by: Any = None


@verb
def correct_own_assessor(*, actor: Any, participant: Participant, assessor: Employee, reason: str) -> Participant:
    """By the assessed person: from today on."""
    participant = locked_participant(participant)
    demand(is_own(actor, participant))
    _check(participant, assessor, reason)
    capacity = assessor.current_position[:120]
    choice = Choice(assessor, capacity, AssessorSource.EMPLOYEE, today(), reason, actor)
    return put_in_force(participant, choice)


@verb
def set_assessor(
    *,
    actor: Any,
    participant: Participant,
    assessor: Employee,
    reason: str,
    valid_from: datetime.date | None = None,
) -> Participant:
    """By HR of the person's unit, from a date on: a past one of the year, today, or one to come."""
    participant = locked_participant(participant)
    demand(can_manage(actor, participant))
    _check(participant, assessor, reason)
    since = valid_from or today()
    if not participant.joined_on <= since <= datetime.date(participant.cycle.year + 1, 12, 31):
        sentence = _("Pejabat penilai berlaku paling awal sejak pegawai ikut tahun kinerja ini.")
        raise refused(sentence, rule="assessor-since", field="valid_from")
    choice = Choice(assessor, assessor.current_position[:120], AssessorSource.HR, since, reason, actor)
    return put_in_force(participant, choice)


@verb
def follow_line(*, actor: Any, participant: Participant, reason: str = "") -> Participant:
    """By HR: undo corrections; from today the reporting line names the assessor again, and goes on doing so."""
    participant = locked_participant(participant)
    demand(can_manage(actor, participant))
    require_open(participant)
    found = proposed(today(), [participant.employee_id]).get(participant.employee_id)
    return put_in_force(participant, by_line(found, today(), reason, actor))


def by_line(found: Proposed | None, on: datetime.date, reason: str = "", by: Any = None) -> Choice:
    assessor = Employee.objects.select_related("user").get(pk=found.assessor_id) if found else None
    return Choice(assessor, found.capacity if found else "", AssessorSource.PROPOSED, on, reason, by)


def _check(participant: Participant, assessor: Employee, reason: str) -> None:
    require_open(participant)
    require_fields([("reason", reason.strip(), _("Tuliskan alasannya."))])
    if assessor.pk == participant.employee_id:
        raise refused(
            _("Tidak seorang pun menilai dirinya sendiri."), rule="not-oneself", citation=ROLES, field="assessor"
        )
    able = assessor.legal_state in ACTIVE_STATES and assessor.user is not None and assessor.user.is_active
    if not able:
        sentence = _("%(name)s tidak aktif atau belum mempunyai akun, jadi belum dapat menilai.")
        raise refused(sentence % {"name": assessor.full_name}, rule="assessor-able", field="assessor")
    if participant.assessor_id == assessor.pk:
        raise refused(_("Pejabat ini sudah menjadi penilainya."), rule="assessor-new", field="assessor")
    other_way = Participant.objects.filter(
        cycle_id=participant.cycle_id, employee=assessor, assessor_id=participant.employee_id
    )
    if other_way.exists():
        sentence = _("%(name)s dinilai oleh pegawai ini sendiri, jadi tidak dapat menjadi penilainya.")
        raise refused(sentence % {"name": assessor.full_name}, rule="not-mutual", citation=ROLES, field="assessor")


def put_in_force(participant: Participant, choice: Choice) -> Participant:
    """Write the row of the history, and where it holds today already, the mirror, what waits, and who is told.

    The participant is locked by the caller."""
    until = _make_room(participant, choice)
    if choice.assessor is not None:
        AssessorAssignment.objects.create(
            participant=participant,
            assessor=choice.assessor,
            capacity=choice.capacity,
            source=choice.source,
            reason=choice.reason[:500],
            by=choice.by,
            valid_from=choice.valid_from,
            valid_to=until,
        )
    record(
        "evaluations.assessor_changed",
        participant,
        actor=choice.by,
        data={
            "from": participant.assessor_id,
            "to": choice.assessor and choice.assessor.pk,
            "source": str(choice.source),
            "since": choice.valid_from,
            "reason": choice.reason,
        },
    )
    if choice.valid_from <= today():
        take_over(participant, choice)
    return participant


def _make_room(participant: Participant, choice: Choice) -> datetime.date | None:
    """The last day of the choice: whom HR has named for later stays, unless HR itself chooses anew. What holds now
    ends the day before; what the choice leaves no day goes, and stays in the trail."""
    rows, since = participant.assignments, choice.valid_from
    by_hr = choice.by is not None and choice.source != AssessorSource.EMPLOYEE
    later = (
        None
        if by_hr
        else rows.filter(valid_from__gt=since, source=AssessorSource.HR).order_by("valid_from").first()
    )
    over = rows.filter(valid_from__gte=since)
    (over.filter(valid_from__lt=later.valid_from) if later else over).delete()
    rows.filter(Q(valid_to=None) | Q(valid_to__gte=since), valid_from__lt=since).update(valid_to=since - DAY)
    return later.valid_from - DAY if later else None


def take_over(participant: Participant, choice: Choice) -> None:
    """From now on: the mirror, submitted plans and unsigned evaluations with their log, work items, notices."""
    before = participant.assessor
    if (before and before.pk) == (choice.assessor and choice.assessor.pk):
        return
    participant.assessor = choice.assessor
    participant.version += 1
    participant.save(update_fields=["assessor", "version"])
    moved = list(_hand_over_plans(participant, choice))
    hand_over_evaluations([participant], actor=choice.by, reason=choice.reason)
    _move_items([*moved, participant.pk], before, choice.assessor)
    credits_approval.hand_over([participant.employee_id], actor=choice.by)
    tell_of_assessor(participant, before, source=choice.source, reason=choice.reason, by=choice.by)


def _hand_over_plans(participant: Participant, choice: Choice) -> Iterable[uuid.UUID]:
    for plan in participant.plans.filter(state=PlanState.SUBMITTED).select_for_update():
        plan.version += 1
        plan.save(update_fields=["version"])
        PlanStep.objects.create(
            plan=plan,
            action=Action.HAND_OVER,
            from_state=plan.state,
            to_state=plan.state,
            actor=choice.by,
            capacity=choice.capacity,
            note=choice.reason,
            version=plan.version,
        )
        yield plan.pk


def _move_items(subjects: Iterable[uuid.UUID], before: Employee | None, now: Employee | None) -> None:
    """What waits for the former assessor, or for nobody, waits for the new one; each is reminded afresh."""
    holder = Q(holder=None)
    if before is not None and before.user_id is not None:
        holder |= Q(holder=before.user_id)
    waiting = WorkItem.objects.filter(
        holder, subject_id__in=list(subjects), closed_at=None, kind__startswith="evaluations."
    )
    waiting.update(holder=now.user_id if now else None, reminded_on=None)
