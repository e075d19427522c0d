"""The year follows the personnel records: who joins, moves to another post, leaves, and whose superior is another.

PostgreSQL finds the differences in one statement each, over everybody at night and over the few concerned within
the transaction that changed a post or a head; what differs is then changed person by person, with its history.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from evaluations.enums import UNSIGNED, AssessorSource, CycleState
from evaluations.models import AssessorAssignment, Cycle, Evaluation, Participant, Posting
from evaluations.notifications.cycles import tell_of_transfer
from evaluations.selectors.duties import able
from evaluations.selectors.proposing import LINE, POST, Proposed, parameters
from evaluations.services import credits_approval, objections
from evaluations.services.assessors import DAY, Choice, by_line, put_in_force, take_over
from evaluations.services.common import locked_participant, verb
from evaluations.services.cycles_opening import add_batch
from evaluations.services.cycles_population import NOT_SUBJECT, Population, excuse
from evaluations.services.ratings import hand_over_evaluations
from kepegawaian.audit.services import record
from kepegawaian.employees.registry import HolderChange
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit

Only = Sequence[uuid.UUID] | None
"""Participants to look at; None for all of the cycle."""
_MOVED = f"""
SELECT joined.id, post.valid_from, post.unit_id, unit.path, post.heads_id, name.name, name.kind,
    person.current_golongan
FROM evaluations_participant joined
JOIN evaluations_posting posting ON posting.participant_id = joined.id AND posting.valid_to IS NULL
JOIN employees_employee person ON person.id = joined.employee_id
JOIN {POST.format(person="joined.employee_id")}
JOIN units_unit unit ON unit.id = post.unit_id
JOIN employees_position name ON name.id = post.position_id
WHERE joined.cycle_id = %(cycle)s AND joined.left_on IS NULL
    AND (%(only)s::uuid[] IS NULL OR joined.id = ANY(%(only)s::uuid[]))
    AND (post.unit_id, name.name) IS DISTINCT FROM (posting.unit_id, posting.position)
"""  # noqa: S608
_MIRROR = """
UPDATE evaluations_participant joined SET path = unit.path FROM units_unit unit
WHERE unit.id = joined.unit_id AND joined.cycle_id = %(cycle)s AND joined.path <> unit.path
"""
_OTHER_LINE = f"""
WITH batch AS MATERIALIZED (
    SELECT joined.employee_id, post.unit_id, unit.path FROM evaluations_participant joined
    JOIN {POST.format(person="joined.employee_id")}
    JOIN units_unit unit ON unit.id = post.unit_id
    WHERE joined.cycle_id = %(cycle)s AND joined.left_on IS NULL AND joined.excused_reason = ''
        AND (%(only)s::uuid[] IS NULL OR joined.id = ANY(%(only)s::uuid[]))
), {LINE}
SELECT joined.id, proposal.assessor_id, proposal.capacity
FROM batch
JOIN evaluations_participant joined ON joined.employee_id = batch.employee_id AND joined.cycle_id = %(cycle)s
LEFT JOIN proposal ON proposal.employee_id = batch.employee_id
LEFT JOIN evaluations_assessorassignment named ON named.participant_id = joined.id
    AND named.valid_from <= %(on)s AND (named.valid_to IS NULL OR named.valid_to >= %(on)s)
LEFT JOIN employees_employee sitting ON sitting.id = joined.assessor_id
LEFT JOIN accounts_user account ON account.id = sitting.user_id
CROSS JOIN LATERAL (SELECT coalesce(sitting.legal_state = ANY(%(able)s) AND account.is_active, false) AS able) can
WHERE proposal.assessor_id IS DISTINCT FROM joined.assessor_id
    AND (NOT can.able OR %(within)s AND coalesce(named.source, 'proposed') = 'proposed')
"""  # noqa: S608
"""Who can act no more passes it on, also where he was named by hand. After the year the assessor stays who he was,
as long as he can act: the last one sets the year's result."""


def running() -> list[Cycle]:
    """Years that are being worked on: this one, and an earlier one until HR closes it."""
    return list(Cycle.objects.filter(state=CycleState.OPEN, year__lte=today().year).order_by("year"))


def follow_records() -> dict[str, int]:
    """Every night: everything that dates alone changed, or that no hook told of. Safe to run twice."""
    counts = {"joined": 0, "moved": 0, "left": 0, "assessors": 0}
    for cycle in running():
        if cycle.year == today().year:
            counts["joined"] += take_in(cycle)
            counts["left"] += mark_left(cycle)
            counts["moved"] += follow_transfers(cycle)
        with connection.cursor() as cursor:
            cursor.execute(_MIRROR, {"cycle": cycle.pk})
        counts["assessors"] += begin_due(cycle) + follow_assessors(cycle) + pass_on(cycle)
    counts["assessors"] += credits_approval.pass_on() + objections.pass_on()
    return counts


def follow_holder_change(change: HolderChange) -> None:
    """Inside the transaction that changed posts or heads: the people themselves, and those below the units."""
    for cycle in running():
        within = cycle.year == today().year
        concerned = Q(employee__in=change.people) | Q(assessor__in=change.people)
        for path in Unit.objects.filter(pk__in=change.units).values_list("path", flat=True):
            concerned |= Q(path__startswith=path)
        only = list(Participant.objects.filter(concerned, cycle=cycle, left_on=None).values_list("pk", flat=True))
        if within:
            take_in(cycle, list(change.people))
            mark_left(cycle, list(change.people))
            follow_transfers(cycle, only)
        follow_assessors(cycle, only)


# --- Joining and leaving --------------------------------------------------------------------------
def take_in(cycle: Cycle, people: list[uuid.UUID] | None = None) -> int:
    """Who fits the filter of the year and is not in it; and who is back from a time in which he was excused."""
    with transaction.atomic():
        added = 0
        while True:
            _last, more, _assessed = add_batch(cycle, only=people)
            added += more
            if not more:
                break
    return added + _bring_back(cycle, people)


def _bring_back(cycle: Cycle, people: list[uuid.UUID] | None) -> int:
    population = Population.of(cycle)
    back = cycle.participants.filter(
        ~Q(excused_reason="") | Q(left_on__isnull=False),
        employee__legal_state__in=population.states,
        employee__status__in=population.statuses,
        employee__current_unit__isnull=False,
    )
    if people is not None:
        back = back.filter(employee__in=people)
    rows = list(back.select_related("cycle"))
    for row in rows:
        _come_back(participant=row)
    return len(rows)


@verb
def _come_back(*, participant: Participant) -> None:
    participant = locked_participant(participant)
    excused, left = participant.excused_reason, participant.left_on
    participant.excused_reason, participant.left_on = "", None
    participant.joined_on = today() if excused else participant.joined_on
    participant.version += 1
    participant.save(update_fields=["excused_reason", "left_on", "joined_on", "version"])
    data = {"excused": excused, "left": left}
    record("evaluations.participant_back", participant, data=data)


def mark_left(cycle: Cycle, people: list[uuid.UUID] | None = None) -> int:
    """Out of service, or no longer subject to planning: they stop taking part; what was done stays."""
    states = [*Population.of(cycle).states]
    gone = cycle.participants.filter(left_on=None, excused_reason="").exclude(employee__legal_state__in=states)
    if people is not None:
        gone = gone.filter(employee__in=people)
    rows = list(gone.select_related("cycle"))
    for row in rows:
        _leave(participant=row)
    return len(rows)


@verb
def _leave(*, participant: Participant) -> None:
    participant = locked_participant(participant)
    state, on = participant.employee.state, _last_day(participant)
    if state in NOT_SUBJECT and participant.plan_id is None:
        participant.excused_reason = excuse(state)
    else:
        participant.left_on = on
    participant.version += 1
    participant.save(update_fields=["left_on", "excused_reason", "version"])
    record("evaluations.participant_left", participant, data={"state": str(state), "on": participant.left_on})


def _last_day(participant: Participant) -> datetime.date:
    """Of the definitive post where it has ended, else yesterday: today is no day of the old state any more."""
    ended = participant.employee.holdings.filter(superseded_at=None, kind="definitive", valid_to__lt=today())
    last = ended.order_by("-valid_to").values_list("valid_to", flat=True).first()
    return max(last or today() - DAY, participant.joined_on)


# --- Another post ---------------------------------------------------------------------------------
def follow_transfers(cycle: Cycle, only: Only = None) -> int:
    given = {**parameters(today()), "cycle": cycle.pk, "only": _listed(only)}
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, given)
        rows = cursor.fetchall()
    for key, since, *post in rows:
        _transfer(participant=Participant(pk=key), since=since, post=post)
    return len(rows)


@verb
def _transfer(*, participant: Participant, since: datetime.date, post: Sequence[Any]) -> None:
    """The open posting ends and a second one begins, with an SKP of its own (reference section 2). A correction of
    the post since the beginning of the posting changes that one instead."""
    participant = locked_participant(participant)
    unit_id, path, heads_id, position, kind, rank = post
    facts = {"unit_id": unit_id, "heads_id": heads_id, "position": position}
    more = {"position_kind": kind, "rank": rank}
    open_one = participant.postings.select_for_update().get(valid_to=None)
    if since <= open_one.valid_from:
        Posting.objects.filter(pk=open_one.pk).update(**facts, **more)
    else:
        open_one.valid_to = since - DAY
        open_one.save(update_fields=["valid_to"])
        number = open_one.number + 1
        Posting.objects.create(participant=participant, number=number, valid_from=since, **facts, **more)
        participant.plan = None
    before = participant.position
    for name, value in {**facts, "path": path}.items():
        setattr(participant, name, value)
    participant.version += 1
    participant.save(update_fields=["unit", "heads", "position", "path", "plan", "version"])
    record("evaluations.transferred", participant, data={"from": before, "to": position, "since": since})
    if participant.plan_id is None and not participant.excused_reason:
        tell_of_transfer(participant, since)


# --- Another assessor -----------------------------------------------------------------------------
def follow_assessors(cycle: Cycle, only: Only = None) -> int:
    """Where the assessor is the proposed one, or cannot act, and the reporting line names another today."""
    within = cycle.year == today().year
    given = {**parameters(today()), "cycle": cycle.pk, "only": _listed(only), "within": within}
    with connection.cursor() as cursor:
        cursor.execute(_OTHER_LINE, given)
        rows = cursor.fetchall()
    for key, assessor, capacity in rows:
        found = Proposed(assessor, capacity) if assessor else None
        _follow_line(participant=Participant(pk=key), found=found)
    return len(rows)


@verb
def _follow_line(*, participant: Participant, found: Proposed | None) -> None:
    participant = locked_participant(participant)
    named = AssessorAssignment.objects.in_force(today()).filter(participant=participant).first()
    acts = Participant.objects.filter(able("assessor"), pk=participant.pk).exists()
    if not acts or named is None or named.source == AssessorSource.PROPOSED:
        put_in_force(participant, by_line(found, today()))


def pass_on(cycle: Cycle) -> int:
    """What waits for the assessor of a former post who can act no more, to whom the duty passes."""
    waiting = Evaluation.objects.filter(participant__cycle=cycle, state__in=UNSIGNED, assessor__isnull=False)
    stuck = waiting.exclude(able("assessor")).order_by().values_list("participant", flat=True).distinct()
    return sum(_pass_on(participant=Participant(pk=key)) for key in list(stuck))


@verb
def _pass_on(*, participant: Participant) -> int:
    return hand_over_evaluations([locked_participant(participant)])


def begin_due(cycle: Cycle) -> int:
    """Assessors that HR named for a date that has come."""
    due = AssessorAssignment.objects.in_force(today()).filter(participant__cycle=cycle)
    due = due.exclude(assessor=F("participant__assessor")) | due.filter(participant__assessor=None)
    rows = list(due.select_related("assessor__user", "by"))
    for row in rows:
        _begin(row=row)
    return len(rows)


@verb
def _begin(*, row: AssessorAssignment) -> None:
    participant = locked_participant(Participant(pk=row.participant_id))
    source = AssessorSource(row.source)
    take_over(participant, Choice(row.assessor, row.capacity, source, row.valid_from, row.reason, row.by))


def _listed(only: Iterable[uuid.UUID] | None) -> list[uuid.UUID] | None:
    return None if only is None else list(only)
