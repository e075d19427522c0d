"""The verbs of a year of performance: prepare, change, open, close. HR of the whole government."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.enums import CycleState, EvaluationState, PeriodKind
from evaluations.models import Cycle, Deadline, Evaluation, OrganisationResult, Period, ReminderRun
from evaluations.permissions.common import can_manage_everywhere
from evaluations.rules import clocks
from evaluations.selectors.policy import current_policy
from evaluations.services.common import refused, verb
from evaluations.services.cycles_opening import JOB
from evaluations.services.cycles_population import Population
from kepegawaian.audit.services import record
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, StateChanged, demand
from kepegawaian.lib.ui import formatting
from kepegawaian.work.jobs import enqueue
from kepegawaian.work.models import Job, JobState

FIRST_YEAR = 2022
"""PermenPANRB 6/2022; earlier years were rated in numbers (reference section 8)."""


@verb
def prepare_cycle(
    *, actor: Any, year: int, period_kind: str, approach: str = "", population: Population | None = None
) -> Cycle:
    """A year with its periods and the calendar that the settings propose; nobody takes part yet."""
    demand(can_manage_everywhere(actor))
    if not FIRST_YEAR <= year <= today().year + 1:
        sentence = _("Tahun kinerja dapat disiapkan untuk %(first)d sampai %(last)d.")
        raise refused(sentence % {"first": FIRST_YEAR, "last": today().year + 1}, rule="cycle-year", field="year")
    if Cycle.objects.filter(year=year).exists():
        raise refused(_("Tahun kinerja ini sudah ada."), rule="cycle-once", field="year")
    chosen = (population or Population()).stored()
    cycle = Cycle.objects.create(year=year, period_kind=period_kind, approach=approach, population=chosen)
    _write_calendar(cycle)
    record("evaluations.cycle_prepared", cycle, actor=actor, data={"year": year, "period_kind": period_kind})
    return cycle


def _write_calendar(cycle: Cycle) -> None:
    kind = PeriodKind(cycle.period_kind)
    spans = {
        span: Period(cycle=cycle, kind=span.kind, number=span.number, start=span.start, end=span.end)
        for span in clocks.periods(cycle.year, kind)
    }
    Period.objects.bulk_create(spans.values())
    proposed = clocks.deadlines(cycle.year, kind, current_policy())
    Deadline.objects.bulk_create(
        Deadline(cycle=cycle, period=spans[row.period] if row.period else None, kind=row.kind, due_on=row.due_on)
        for row in proposed
    )


@verb
def change_cycle(
    *, actor: Any, cycle: Cycle, approach: str, population: Population, period_kind: str = ""
) -> Cycle:
    """Before the year is opened: who takes part, in which form, by months or quarters ("": as it is); another kind
    proposes the calendar anew. Afterwards only who joins later follows it."""
    cycle = _locked(cycle)
    demand(can_manage_everywhere(actor, cycle))
    names = ("approach", "population", "period_kind")
    before = {name: getattr(cycle, name) for name in names}
    if period_kind not in ("", cycle.period_kind):
        require_prepared(cycle)
        _clear_calendar(cycle)
        cycle.period_kind = period_kind
        _write_calendar(cycle)
    cycle.approach, cycle.population = approach, population.stored()
    cycle.save(update_fields=names)
    after = {name: getattr(cycle, name) for name in names}
    record("evaluations.cycle_changed", cycle, actor=actor, data={"from": before, "to": after})
    return cycle


@verb
def discard_cycle(*, actor: Any, cycle: Cycle) -> None:
    """A year that was prepared by mistake; it may be prepared anew."""
    cycle = _locked(cycle)
    demand(can_manage_everywhere(actor, cycle))
    require_prepared(cycle)
    data = {"year": cycle.year, "period_kind": cycle.period_kind}
    record("evaluations.cycle_discarded", cycle, actor=actor, data=data)
    _clear_calendar(cycle)
    cycle.delete()


def require_prepared(cycle: Cycle) -> None:
    """Nobody takes part and nothing was set yet."""
    set_so_far = OrganisationResult.objects.filter(period__cycle=cycle)
    if cycle.state != CycleState.PREPARING or cycle.participants.exists() or set_so_far.exists():
        raise StateChanged(_("Tahun kinerja ini sudah berjalan: jenis periodenya tetap, tahunnya tidak dihapus."))


def _clear_calendar(cycle: Cycle) -> None:
    ReminderRun.objects.filter(deadline__cycle=cycle).delete()
    cycle.deadlines.all().delete()
    cycle.periods.all().delete()


@verb
def change_calendar(*, actor: Any, cycle: Cycle, dates: Mapping[uuid.UUID, datetime.date]) -> int:
    """New dates of deadlines, by their ids; how many changed. What was marked late by the old date stays so."""
    cycle = _locked(cycle)
    demand(can_manage_everywhere(actor, cycle))
    changed: dict[str, Any] = {}
    last = datetime.date(cycle.year + 1, 12, 31)
    for row in cycle.deadlines.select_related("period"):
        date = dates.get(row.pk)
        if date is None or date == row.due_on:
            continue
        start = row.period.start if row.period else datetime.date(cycle.year - 1, 10, 1)
        if date < start:
            sentence = _("Batas waktu tidak mendahului %(day)s.") % {"day": formatting.long_day(start)}
            raise refused(sentence, rule="deadline-in-period", field=field_of(row))
        if date > last:
            sentence = _("Batas waktu paling lambat %(day)s.") % {"day": formatting.long_day(last)}
            raise refused(sentence, rule="deadline-in-reach", field=field_of(row))
        changed[str(row)] = date
        row.due_on = date
        row.save(update_fields=["due_on"])
    if changed:
        record("evaluations.cycle_changed", cycle, actor=actor, data={"deadlines": changed})
    return len(changed)


def field_of(deadline: Deadline) -> str:
    """The name of its date in the form of the calendar."""
    return f"due_{deadline.pk.hex}"


@verb
def open_cycle(*, actor: Any, cycle: Cycle) -> Job:
    """Take everybody in, in the background. Once more for a year whose opening was interrupted: it goes on."""
    cycle = _locked(cycle)
    demand(can_manage_everywhere(actor, cycle))
    if cycle.state not in (CycleState.PREPARING, CycleState.OPENING):
        raise StateChanged(_("Tahun kinerja ini sudah dibuka."))
    going_on = Q(state__in=[JobState.WAITING, JobState.RUNNING])
    job = Job.objects.filter(going_on, kind=JOB, arguments__cycle=str(cycle.pk)).first()
    if job is not None:
        return job
    cycle.state, cycle.opened_at, cycle.opened_by = CycleState.OPENING, timezone.now(), actor
    cycle.save(update_fields=["state", "opened_at", "opened_by"])
    record("evaluations.cycle_opened", cycle, actor=actor, data={"year": cycle.year})
    return enqueue(JOB, owner=actor, arguments={"cycle": str(cycle.pk)})


@verb
def close_cycle(*, actor: Any, cycle: Cycle) -> Cycle:
    """After the year: nothing in it changes any more but objections. What is unfinished stays visible as such."""
    cycle = _locked(cycle)
    demand(can_manage_everywhere(actor, cycle))
    if cycle.state != CycleState.OPEN:
        raise StateChanged(_("Hanya tahun kinerja yang sedang berjalan yang dapat ditutup."))
    if today() <= datetime.date(cycle.year, 12, 31):
        raise refused(_("Tahun %(year)d belum berakhir.") % {"year": cycle.year}, rule="cycle-over")
    cycle.state, cycle.closed_at = CycleState.CLOSED, timezone.now()
    cycle.save(update_fields=["state", "closed_at"])
    data = {"year": cycle.year, "unfinished": unfinished(cycle)}
    record("evaluations.cycle_closed", cycle, actor=actor, data=data)
    return cycle


def unfinished(cycle: Cycle) -> int:
    """How many take part and have no signed evaluation of the year."""
    year = Period.objects.filter(cycle=cycle, kind=PeriodKind.YEAR)
    signed = Evaluation.objects.filter(period__in=year, state=EvaluationState.FINAL).values("participant")
    return cycle.participants.filter(excused_reason="", left_on=None).exclude(pk__in=signed).count()


def may_see_job(user: Any, job: Job) -> bool:
    return bool(can_manage_everywhere(user))


def _locked(cycle: Cycle) -> Cycle:
    found = Cycle.objects.select_for_update().filter(pk=cycle.pk).first()
    if found is None:
        raise ApplicationError(_("Tahun kinerja ini sudah dihapus."), status=404)
    return found
