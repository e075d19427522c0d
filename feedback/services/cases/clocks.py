"""The clocks of a case: started, paused and stopped with the verb that moves it, mirrored on the case."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from feedback.enums import FINAL_STATES, LAST_PHASES, OFFICE_PHASES, CaseKind, CaseState, Phase
from feedback.models import Case, CaseClock, FeedbackSetting, LimitRule, Pause, current_setting
from feedback.rules import clocks as rules
from kepegawaian.calendars.rules import MAX_PERIOD_DAYS, NoWorkingDayError, WorkCalendar
from kepegawaian.calendars.services import unit_days
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared
from kepegawaian.units.models import Unit

_AHEAD = datetime.timedelta(days=2 * MAX_PERIOD_DAYS)
RUNNING = {
    CaseState.NEW: (Phase.VERIFY, Phase.FINAL),
    CaseState.VERIFYING: (Phase.VERIFY, *LAST_PHASES),
    CaseState.INCOMPLETE: (Phase.COMPLETE, Phase.VERIFY, Phase.FIRST, *LAST_PHASES),
    CaseState.ASSIGNED: (Phase.FIRST, *LAST_PHASES),
    CaseState.IN_PROCESS: (Phase.FIRST, *LAST_PHASES),
    CaseState.ANSWERED: (Phase.SILENCE, Phase.DISPUTE),
    CaseState.REOPENED: (Phase.VERIFY,),
    **dict.fromkeys(FINAL_STATES, ()),
}
"""Which clocks may run in a state; every other one stops when the case gets there."""
UNJUDGED = {
    CaseState.CANCELLED: OFFICE_PHASES,
    CaseState.DUPLICATE: tuple(phase for phase in OFFICE_PHASES if phase != Phase.VERIFY),
}
"""Nobody has done there what the limit was for."""


def zone_of(unit: Unit | None) -> ZoneInfo:
    """The unit's own time zone, else that of the nearest unit above with one, else the government's."""
    if unit is None:
        return ZoneInfo(timezone.get_default_timezone_name())
    name = unit.timezone
    if not name:
        paths = [unit.path[:end] for end in range(Unit.steplen, len(unit.path), Unit.steplen)]
        above = Unit.objects.filter(path__in=paths).exclude(timezone="").order_by("-depth")
        name = above.values_list("timezone", flat=True).first()
    return ZoneInfo(name or timezone.get_default_timezone_name())


def calendar_of(unit: Unit | None, start: datetime.date, setting: FeedbackSetting) -> WorkCalendar:
    days = unit_days(unit, start, start + _AHEAD)
    if setting.joint_leave_counts:
        days["holidays"] = rules.without_joint_leave(days["holidays"])
    return WorkCalendar(**days)


def hours_of(setting: FeedbackSetting) -> rules.ServiceHours:
    return rules.ServiceHours(setting.hours_from, setting.hours_to, setting.hours_count)


_LIMITS: Prepared[Any] = Prepared(
    lambda slot: (
        LimitRule.objects.in_force(slot("on"))
        .order_by("valid_from", "id")
        .values_list("phase", "kind", "unit__path", "days", "calendar_days", "source", "valid_from")
    )
)
_RUNNING: Prepared[CaseClock] = Prepared(lambda slot: CaseClock.objects.filter(case=slot("case"), stopped_on=None))
_PAUSES: Prepared[Pause] = Prepared(lambda slot: Pause.objects.filter(case=slot("case")))


def limits_in_force(on: datetime.date) -> list[tuple[str, rules.LimitRow]]:
    """(phase, row) of every limit that holds on the day of receipt."""
    return [
        (phase, rules.LimitRow(kind, path or "", rules.Limit(days, calendar_days, source), valid_from))
        for phase, kind, path, days, calendar_days, source, valid_from in _LIMITS.all(on=on)
    ]


@dataclass
class Clocks:
    """The clocks of one case for the time of one verb. `on`: today in the time zone of the unit. What starts is
    kept in `new` until the verb writes it (`advance` does), so that its rows go in one statement."""

    case: Case
    setting: FeedbackSetting = field(default_factory=current_setting)
    on: datetime.date = field(default_factory=today)
    fresh: bool = False
    """The case was made by this verb, so there is nothing to load."""
    new: list[CaseClock] = field(default_factory=list)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """From the receipt on, in the days of the unit that holds the case, else of the unit it is about."""
        first = min(self.case.received_on, self.on)
        return calendar_of(self.case.holder_unit or self.case.unit, first, self.setting)

    @cached_property
    def limits(self) -> list[tuple[str, rules.LimitRow]]:
        return limits_in_force(self.case.received_on)

    @cached_property
    def rows(self) -> list[CaseClock]:
        return [] if self.fresh else _RUNNING.all(case=self.case.pk)

    @cached_property
    def pauses(self) -> list[Pause]:
        return [] if self.fresh else _PAUSES.all(case=self.case.pk)

    # --- What a verb does -------------------------------------------------------------------------
    def start(self, phase: Phase, on: datetime.date) -> None:
        """Where a limit is set for the phase; nothing otherwise. One that runs already goes on."""
        if self.runs(phase):
            return
        limit = self.limit(phase)
        if limit is None:
            return
        unit = self.case.holder_unit or self.case.unit
        row = CaseClock(
            case=self.case,
            phase=phase,
            started_on=on,
            days=limit.days,
            calendar_days=limit.calendar_days,
            source=limit.source,
            unit=unit,
        )
        self._write(row)
        self.rows.append(row)
        self.new.append(row)

    def limit(self, phase: Phase) -> rules.Limit | None:
        """What is set for the phase of this case. A first answer is of the flow of complaints: for a request under
        UU 14/2008, which has one limit for its answer (reference 6.2), only what is set for requests counts."""
        unit = self.case.holder_unit or self.case.unit
        own = phase == Phase.FIRST and self.case.kind == CaseKind.REQUEST
        rows = [row for name, row in self.limits if name == phase and (row.kind == self.case.kind or not own)]
        return rules.pick_limit(rows, kind=self.case.kind, unit_path=unit.path if unit else "")

    def running(self, phase: Phase) -> CaseClock | None:
        return next((row for row in self.rows if row.phase == phase), None)

    def runs(self, phase: Phase) -> bool:
        return self.running(phase) is not None

    def extend(self, row: CaseClock, by: rules.Limit) -> None:
        """More days for a clock that runs; its reminders come again."""
        row.days += by.days
        row.source = f"{row.source}; {by.source}"[:300]
        row.reminded = 0
        self._write(row)
        row.save()

    def stop(self, phases: Iterable[str], unjudged: Iterable[str] = ()) -> None:
        """Judged by the last day, which is still in time. A paused clock has not run out. Of the `unjudged` only a
        breach is said."""
        wanted = set(phases)
        for row in [row for row in self.rows if row.phase in wanted]:
            row.stopped_on, row.met = self.on, not rules.passed(row.due_on, self.on)
            row.set_aside = row.set_aside or row.phase in unjudged
            self._save(row, "stopped_on", "met", "set_aside", "unit")
            self.rows.remove(row)

    def restart(self, phase: Phase, on: datetime.date) -> None:
        """A clock of another kind, unit or day takes the place of the one that runs."""
        row = self.running(phase)
        if row is not None:
            self._replace(row)
        self.start(phase, on)

    def _replace(self, row: CaseClock) -> None:
        """What measured an office stays, with its breach and the unit that held it; what was begun by this very
        act measured nobody yet."""
        if row.phase in OFFICE_PHASES and row not in self.new:
            row.set_aside = True
            if row.phase in LAST_PHASES:  # begun before it was forwarded
                row.unit = self.case.holder_unit or row.unit
            self.stop([row.phase])
            return
        self.rows.remove(row)
        if row in self.new:
            self.new.remove(row)
        else:
            row.delete()

    def revive(self, phases: Iterable[str]) -> None:
        """What an act of the office stopped runs on to its own last day, now that the act is taken back."""
        ended = CaseClock.objects.filter(case=self.case, phase__in=list(phases), stopped_on__isnull=False)
        row = ended.order_by("stopped_on", "id").last()
        if row is not None and not self.runs(Phase(row.phase)):
            row.stopped_on, row.met, row.set_aside = None, None, False
            self._write(row)
            row.save()
            self.rows.append(row)

    def hear(self) -> None:
        """Somebody wrote, so that the days of silence count anew (reference 1.3). Those of a request under
        UU 14/2008 are the time to object: no message lengthens them."""
        if self.runs(Phase.SILENCE) and self.case.kind != CaseKind.REQUEST:
            self.restart(Phase.SILENCE, self.on)

    def pause(self, question: str) -> None:
        self.pauses.append(Pause.objects.create(case=self.case, began_on=self.on, question=question))
        self._rewrite(OFFICE_PHASES)

    def resume(self) -> None:
        for pause in self.pauses:
            if pause.ended_on is None:
                pause.ended_on = self.on
                pause.save(update_fields=["ended_on"])
                self._rewrite(OFFICE_PHASES)

    def enter(self, state: CaseState) -> None:
        """Stop whatever does not run in the new state."""
        out = [row.phase for row in self.rows if row.phase not in RUNNING[state]]
        self.stop(out, UNJUDGED.get(state, ()))

    def mirror(self) -> tuple[datetime.date | None, str]:
        """What runs out first, for the columns `due_on` and `due_phase` of the case."""
        running = [(row.due_on, row.phase) for row in self.rows if row.due_on is not None]
        return min(running, default=(None, ""))

    def refresh(self) -> None:
        """Count again, after a decree has changed the holidays."""
        self._rewrite(Phase.values)

    # --- Dates ------------------------------------------------------------------------------------
    def derive(self, row: CaseClock) -> rules.Deadline:
        """The steps that give the date; what the explanation shows."""
        pausing = self.pauses if row.phase in OFFICE_PHASES else []
        periods = [rules.PausePeriod(pause.began_on, pause.ended_on) for pause in pausing]
        limit = rules.Limit(row.days, row.calendar_days, row.source)
        return rules.deadline(row.started_on, limit, self.calendar, periods)

    def _rewrite(self, phases: Iterable[str]) -> None:
        wanted = set(phases)
        for row in self.rows:
            if row.phase in wanted:
                self._write(row)
                self._save(row, "due_on", "remind_on", "remind_again_on", "escalate_on")

    def _save(self, row: CaseClock, *names: str) -> None:
        """One that is not in the database yet is written with all that it is by then."""
        if row not in self.new:
            row.save(update_fields=names)

    def _write(self, row: CaseClock) -> None:
        found = self.derive(row)
        row.due_on = found.due_on
        row.remind_on, row.remind_again_on = found.reminders
        row.escalate_on = None
        if found.due_on is not None and row.phase in OFFICE_PHASES:
            row.escalate_on = self._after(found.due_on, self.setting.escalate_days + 1)

    def _after(self, date: datetime.date, days: int) -> datetime.date | None:
        try:
            return self.calendar.add_working_days(date, days)
        except NoWorkingDayError:
            return None


def explain(case: Case, setting: FeedbackSetting | None = None) -> list[tuple[CaseClock, rules.Deadline]]:
    """Every clock of a case, running or stopped, with the days that give its date."""
    clocks = Clocks(case, setting) if setting is not None else Clocks(case)
    return [(row, clocks.derive(row)) for row in case.clocks.all()]


def local_now(unit: Unit | None) -> datetime.datetime:
    return timezone.localtime(timezone=zone_of(unit))


def mirrored(clocks: Clocks) -> dict[str, Any]:
    due_on, phase = clocks.mirror()
    return {"due_on": due_on, "due_phase": phase}
