"""Reminders from the cycle's own calendar: before, at and after each deadline, to whose turn it is.

Whoever runs this twice, late or on two hosts tells nobody twice: one process at a time holds a lock that goes with
its connection, each moment that went out leaves a row, and a message knows its occasion, so a run that died in the
middle goes on where it stopped. Of moments that were missed only the latest goes out. Preferences and digests are
the messages' own; quiet hours are kept here.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from evaluations.enums import EDITABLE, UNSIGNED, CycleState, DeadlineKind, EvaluationState, PeriodKind, PlanState
from evaluations.models import (
    Deadline,
    Evaluation,
    FeedbackInvitation,
    OrganisationResult,
    Participant,
    Progress,
    ReminderRun,
)
from evaluations.notifications.cycles import Reminder, TeamReminder
from evaluations.rules.clocks import Moment, is_quiet, moment_now, moments
from evaluations.selectors.policy import current_policy
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today
from kepegawaian.notifications.services import Letter, notify_together

CHUNK = 500
NAMED = 5
"""So many people are named in a message to an assessor; the rest are a number."""
CATCH_UP = datetime.timedelta(days=14)
"""A beat that stood still for longer, or a year that is opened late, does not bring up what is long past."""
_LOCK = 0x6576_616C_0000
Report = Callable[[int, int, int], None]
"""Told (new messages of a chunk, people so far, people in all) within the transaction of the chunk."""
Turn = tuple[uuid.UUID, str]
"""Who is reminded, and of whom: "" of himself."""


def remind(now: datetime.datetime | None = None) -> int:
    """Send what has come; how many messages are new. Nothing in quiet hours, nor while another host does it."""
    local = timezone.localtime(now or timezone.now(), ZoneInfo(settings.TIME_ZONE))
    policy = current_policy()
    if is_quiet(local.hour, policy.quiet_from, policy.quiet_to):
        return 0
    with _alone() as mine:
        if not mine:
            return 0
        due = list(_due(policy.remind_before, policy.remind_after))
        return sum(_send(deadline, moment) for deadline, moment in due)


def _due(before: Sequence[int], after: Sequence[int]) -> Iterator[tuple[Deadline, Moment]]:
    """One statement for the deadlines, one for what went out already."""
    rows = Deadline.objects.filter(cycle__state=CycleState.OPEN).select_related("cycle", "period")
    reach = datetime.timedelta(days=max([0, *before])), CATCH_UP + datetime.timedelta(days=max([0, *after]))
    rows = rows.filter(due_on__lte=today() + reach[0], due_on__gte=today() - reach[1])
    done: dict[uuid.UUID, set[str]] = defaultdict(set)
    runs = ReminderRun.objects.filter(deadline__in=rows)
    days = {(row.deadline_id, row.moment, row.on) for row in runs}
    for deadline in rows:
        every = moments(deadline.due_on, before, after)
        done[deadline.pk] = {each.key for each in every if (deadline.pk, each.key, each.on) in days}
        moment = moment_now(every, done[deadline.pk], today())
        if moment is not None and moment.on >= today() - CATCH_UP:
            yield deadline, moment


def _send(deadline: Deadline, moment: Moment) -> int:
    """Tell, and then write the row that says that this moment is over."""
    told = _tell(deadline, moment, whose_turn(deadline))
    ReminderRun.objects.get_or_create(deadline=deadline, moment=moment.key, on=moment.on, defaults={"told": told})
    return told


def remind_by_hand(
    deadline: Deadline, participants: QuerySet[Participant], *, day: datetime.date, report: Report
) -> int:
    """What HR sends to those of a list whose turn it is; at most once a day for each deadline and person.

    `day`: the one on which HR asked for it, also where the work ends on the next."""
    moment = Moment(f"hand:{day:%y%m%d}", day)
    return _tell(deadline, moment, _turns(deadline, DeadlineKind(deadline.kind), participants), report)


def _tell(deadline: Deadline, moment: Moment, turns: Iterable[Turn], report: Report | None = None) -> int:
    """Chunk after chunk, each in its own transaction; how many messages are new."""
    names = _by_person(turns)
    people = list(User.objects.filter(pk__in=names, is_active=True).order_by("pk"))
    told = 0
    for start in range(0, len(people), CHUNK):
        chunk = people[start : start + CHUNK]
        with transaction.atomic():
            new = notify_together(_letter(deadline, moment, who, names[who.pk]) for who in chunk)
            if report is not None:
                report(new, start + len(chunk), len(people))
        told += new
    return told


def _by_person(turns: Iterable[Turn]) -> Mapping[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for user, name in turns:
        found[user].append(name)
    return found


def _letter(deadline: Deadline, moment: Moment, who: User, names: Sequence[str]) -> Letter:
    others = sorted(name for name in names if name)
    facts = {
        "kind": DeadlineKind(deadline.kind),
        "period": PeriodKind(deadline.period.kind) if deadline.period else "",
        "number": deadline.period.number if deadline.period else 0,
        "year": deadline.cycle.year,
        "due": deadline.due_on,
        "late": deadline.due_on < today(),
        "own": "" in names,
        "names": others[:NAMED],
        "more": max(0, len(others) - NAMED),
        "count": len(others),
    }
    key = f"{deadline.pk}:{moment.key}:{moment.on}"
    if others:
        return Letter(
            TeamReminder, [who], key, facts, f"{reverse('evaluations:team')}?tahun={deadline.cycle.year}"
        )
    return Letter(Reminder, [who], key, facts, f"{reverse('evaluations:mine')}?tahun={deadline.cycle.year}")


# --- Whose turn it is -----------------------------------------------------------------------------
def whose_turn(deadline: Deadline) -> Iterator[Turn]:
    return _turns(deadline, DeadlineKind(deadline.kind), Participant.objects.all())


def _turns(deadline: Deadline, kind: DeadlineKind, among: QuerySet[Participant]) -> Iterator[Turn]:
    """Read in one statement each; two where it may be either's turn, or that of a former assessor."""
    people = among.filter(cycle=deadline.cycle_id, excused_reason="", left_on=None).order_by()
    agreed = people.filter(plan__state=PlanState.AGREED)
    if kind in (DeadlineKind.PLAN_SUBMIT, DeadlineKind.PLAN_AGREE):
        yield from _own(people.filter(Q(plan=None) | Q(plan__state__in=EDITABLE)))
        if kind == DeadlineKind.PLAN_AGREE:
            yield from _assessors(people.filter(plan__state=PlanState.SUBMITTED))
    elif kind == DeadlineKind.PROGRESS:
        written = Progress.objects.filter(participant=OuterRef("pk"), period=deadline.period_id)
        yield from _own(agreed.filter(~Exists(written)))
    elif kind == DeadlineKind.ASSESS:
        opened = Evaluation.objects.counting().filter(period=deadline.period_id)
        yield from _assessors(agreed.filter(~Exists(opened.filter(participant=OuterRef("pk")))))
        yield from _raters(opened.filter(participant__in=people, state__in=UNSIGNED))
    elif kind == DeadlineKind.READ:
        yield from _own(people.filter(Exists(_signed(deadline).filter(received_at=None))))
    elif kind == DeadlineKind.ORGANISATION:
        given = OrganisationResult.objects.filter(unit=OuterRef("heads"), period=deadline.period_id)
        yield from _assessors(people.filter(~Exists(given), heads__isnull=False), "heads__name")
    else:
        yield from _givers(deadline, people)


def _signed(deadline: Deadline) -> QuerySet[Evaluation]:
    """Of a person, in the period of the deadline."""
    return Evaluation.objects.filter(
        participant=OuterRef("pk"), period=deadline.period_id, state=EvaluationState.FINAL
    )


def _own(people: QuerySet[Participant]) -> Iterator[Turn]:
    for user in people.filter(employee__user__isnull=False).values_list("employee__user_id", flat=True).iterator():
        yield user, ""


def _assessors(people: QuerySet[Participant], named: str = "employee__name") -> Iterator[Turn]:
    yield from people.filter(assessor__user__isnull=False).values_list("assessor__user_id", named).iterator()


def _raters(waiting: QuerySet[Evaluation]) -> Iterator[Turn]:
    """Of a post that was left it is the assessor there (`selectors.duties`)."""
    rows = waiting.filter(assessor__user__isnull=False).order_by()
    yield from rows.values_list("assessor__user_id", "participant__employee__name").iterator()


def _givers(deadline: Deadline, people: QuerySet[Participant]) -> Iterator[Turn]:
    """Each is reminded once, whomever it is about, and nobody is named: feedback is confidential."""
    asked = FeedbackInvitation.objects.filter(
        period=deadline.period_id, participant__in=people, given=False, declined=False, giver__user__isnull=False
    )
    for user in asked.values_list("giver__user_id", flat=True).distinct().iterator():
        yield user, ""


@contextmanager
def _alone() -> Iterator[bool]:
    """One process at a time; the lock goes with its connection, however the process ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
