"""What the clock does by itself. It looks at rows, not at when it last ran: a missed run is caught up on, a
repeated one finds nothing to do."""

import datetime
from collections import Counter

import structlog
from django.db import transaction
from django.db.models import F, Q

from feedback import notifications
from feedback.enums import LAST_PHASES, OFFICE_PHASES, CaseKind, CaseState, Party, Phase
from feedback.models import Case, CaseClock
from feedback.services.cases import people
from feedback.services.cases.clocks import Clocks, mirrored
from feedback.services.cases.closing import by_the_clock
from feedback.services.cases.steps import advance
from feedback.services.cases.telling import tell_reporter
from feedback.workflow import Action
from kepegawaian.lib.dates import today

logger = structlog.get_logger("feedback")
AT_MOST = 5000
_PERCENT = {1: 75, 2: 90}


def tick(on: datetime.date | None = None) -> Counter[str]:
    """Reminders, escalation, closing by silence, closing for incompleteness; how many of each."""
    on = on or today()
    done: Counter[str] = Counter()
    for case in _waiting_for_reporter(CaseState.ANSWERED, on):
        done["silence"] += by_the_clock(case, Action.SILENCE, on)
    for case in _waiting_for_reporter(CaseState.INCOMPLETE, on):
        done["lapsed"] += by_the_clock(case, Action.LAPSE, on)
    for row in _clocks(
        Q(remind_on__lte=on, reminded=0) | Q(remind_again_on__lte=on, reminded=1), Q(due_on__gte=on)
    ):
        done["reminded"] += _remind(row, on)
    for row in _clocks(Q(reporter_told=False, phase__in=LAST_PHASES), Q(due_on__lt=on)):
        done["told"] += _tell_reporter(row)
    for row in _clocks(Q(escalated=0) | Q(escalated=1, escalate_on__lte=on), Q(due_on__lt=on)):
        done["escalated"] += _escalate(row, on)
    if any(done.values()):
        logger.info("clocks", **done)
    return done


def _waiting_for_reporter(state: CaseState, on: datetime.date) -> list[Case]:
    return list(Case.objects.filter(state=state, due_on__lt=on).order_by("due_on", "id")[:AT_MOST])


def _clocks(condition: Q, when: Q) -> list[CaseClock]:
    rows = CaseClock.objects.filter(condition, when, stopped_on=None, phase__in=OFFICE_PHASES)
    return list(rows.order_by("due_on", "id")[:AT_MOST])


def _claim(row: CaseClock, **values: int) -> Case | None:
    """The case, when this run is the first to do this step of the clock and the clock still runs."""
    before = {name: getattr(row, name) for name in values}
    claimed = CaseClock.objects.filter(pk=row.pk, stopped_on=None, due_on=row.due_on, **before).update(**values)
    if not claimed:
        return None
    rows = Case.objects.select_related("unit", "holder_unit", "officer").filter(pk=row.case_id)
    return rows.select_for_update(of=("self",)).first()


def _remind(row: CaseClock, on: datetime.date) -> bool:
    """Both reminders at once when the first was missed or both stand on one day: then the later one alone."""
    step = 2 if row.remind_again_on is not None and row.remind_again_on <= on else 1
    with transaction.atomic():
        case = _claim(row, reminded=step)
        if case is None:
            return False
        holder = case.officer if case.officer is not None and row.phase != Phase.VERIFY else people.admin_for(case)
        notifications.tell(
            notifications.DueSoon,
            case,
            [holder],
            occasion=f"{row.pk}:{step}:{row.due_on}",
            percent=_PERCENT[step],
            phase=Phase(row.phase),
            due=row.due_on,
        )
    return True


def _escalate(row: CaseClock, on: datetime.date) -> bool:
    """To the leader of the unit on the first day late; after the days of the setting to that of the government.
    When the first was missed, both are told now."""
    step = 2 if row.escalate_on is not None and row.escalate_on <= on else 1
    if step <= row.escalated:
        return False
    with transaction.atomic():
        case = _claim(row, escalated=step)
        if case is None:
            return False
        told = people.leaders_of(case, government=step > 1)
        if step > 1 and row.escalated == 0:
            told += people.leaders_of(case, government=False)
        notifications.tell(
            notifications.Overdue,
            case,
            [*told, case.officer],
            occasion=f"{row.pk}:{step}:{row.due_on}",
            phase=Phase(row.phase),
            due=row.due_on,
        )
        advance(
            case, Action.ESCALATE, party=Party.SYSTEM, data={"phase": row.phase, "step": step, "due": row.due_on}
        )
    return True


def _tell_reporter(row: CaseClock) -> bool:
    """Once a case: that the last limit has passed, and where he may turn."""
    with transaction.atomic():
        case = _claim(row, reporter_told=True)
        if case is None:
            return False
        request = case.kind == CaseKind.REQUEST
        return tell_reporter(notifications.LimitPassed, case, occasion="late", due=row.due_on, request=request)


def refresh_deadlines() -> int:
    """Count the running clocks again, after a decree has changed the holidays; how many cases moved."""
    changed = 0
    open_cases = Case.objects.open().select_related("unit", "holder_unit").order_by("id")
    for case in open_cases.iterator(chunk_size=500):
        with transaction.atomic():
            Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            clocks = Clocks(case)
            clocks.refresh()
            columns = mirrored(clocks)
            differing = {name: value for name, value in columns.items() if getattr(case, name) != value}
            if differing:
                changed += Case.objects.filter(pk=case.pk).update(**columns, version=F("version"))
    return changed
