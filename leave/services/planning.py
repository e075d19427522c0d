"""A request before it is filed: which days it charges, to which buckets, what stands against it, who decides."""

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from kepegawaian.calendars.rules import Day, DaySources, PeriodError, WorkCalendar
from kepegawaian.employees.calendar import working_calendar
from kepegawaian.employees.enums import ACTIVE_STATES
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, demand
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.ui.formatting import long_day
from leave import ledger, rules
from leave.approvals import Case, Resolution, Resolver
from leave.enums import LeaveType
from leave.models import HeldPeriod, LeaveRequest, LeaveSetting, SchoolHoliday
from leave.permissions import can_file
from leave.services.guards import refused
from leave.standing import first_year_of, is_teacher, law_for, standing_of

DAY = datetime.timedelta(days=1)
HORIZON = datetime.timedelta(days=60)
"""How far the calendar is read beyond today, for the clocks of the steps."""


@dataclass(frozen=True, slots=True)
class RequestData:
    """What the applicant writes. `stand_in` takes over the work."""

    start: datetime.date
    end: datetime.date
    type: str = LeaveType.CT
    reason: str = ""
    address: str = ""
    phone: str = ""
    stand_in: Employee | None = None
    abroad: bool = False
    country: str = ""
    ground: str = ""
    """A `FirstYearGround`: why a PPPK asks before a year's service."""

    @classmethod
    def of(cls, request: LeaveRequest) -> "RequestData":
        names = ("start", "end", "type", "reason", "address", "phone", "stand_in", "abroad", "country", "ground")
        return cls(**{name: getattr(request, name) for name in names})


@dataclass(slots=True)
class Plan:
    """A request worked out on a book. `days` are all days of the period, charged or skipped with the reason."""

    data: RequestData
    book: ledger.Book
    law: rules.AnnualLeaveLaw
    calendar: DaySources
    days: list[Day]
    allocation: rules.Allocation
    found: tuple[rules.Refusal, ...]

    @property
    def charged_days(self) -> int:
        return sum(day.charged for day in self.days)

    @property
    def refusals(self) -> list[rules.Refusal]:
        return [one for one in self.found if one.refuses]

    def deadline(self, working_days: int) -> datetime.date:
        """So many working days from today in the calendar of the applicant's unit, already read."""
        patterns = [period for period in self.calendar["patterns"] if not period.personal]
        office = WorkCalendar(patterns=patterns, holidays=self.calendar.get("holidays", ()))
        return office.add_working_days(today(), working_days)


@dataclass(frozen=True, slots=True)
class BucketLine:
    """A bucket before and after the request. Days."""

    kind: str
    origin: int
    year: int
    lapses_on: datetime.date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Caution:
    """Shown before sending; the request may go on."""

    code: str
    message: str


@dataclass(slots=True)
class Preview:
    """What would happen if the request were sent now; nothing is written."""

    charged_days: int
    days: list[Day]
    buckets: list[BucketLine] = field(default_factory=list)
    refusals: list[rules.Refusal | Problem] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    deciders: list[Resolution] = field(default_factory=list)
    fills_both: bool = False

    @property
    def balance_before(self) -> int:
        return sum(line.before for line in self.buckets)

    @property
    def balance_after(self) -> int:
        return sum(line.after for line in self.buckets)

    @property
    def allowed(self) -> bool:
        return not self.refusals


def preview(actor: Any, employee: Employee, data: RequestData, *, request: LeaveRequest | None = None) -> Preview:
    """Days, balance, refusals, warnings and deciders. `request`: the one being edited, whose days count as free.

    A period that cannot be counted at all comes back as a refusal with no days.
    """
    demand(can_file(actor, employee))
    on = today()
    account = ledger.known_account(employee)
    setting = ledger.current_setting()
    try:
        plan = make_plan(employee, data, account=account, setting=setting, request=request, on=on)
    except RuleRefused as error:
        return Preview(0, [], refusals=list(error.problems))
    resolver = Resolver(Case(employee, data.type, data.abroad, len(plan.days)), on)
    opinion, decision = resolver.opinion(), resolver.decision()
    warnings = [Caution(one.rule.value, one.message) for one in plan.found if not one.refuses]
    return Preview(
        charged_days=plan.charged_days,
        days=plan.days,
        buckets=_lines(plan),
        refusals=list(plan.refusals),
        warnings=[*warnings, *away_warnings(employee, plan, setting), *stand_in_warnings(data)],
        deciders=[opinion, decision],
        fills_both=same_person(opinion, decision),
    )


def same_person(one: Resolution, other: Resolution) -> bool:
    return one.holder is not None and other.holder is not None and one.holder.user.pk == other.holder.user.pk


def make_plan(
    employee: Employee,
    data: RequestData,
    *,
    account: Any,
    setting: LeaveSetting,
    request: LeaveRequest | None = None,
    source: LeaveRequest | None = None,
    on: datetime.date,
    actor: Any = None,
) -> Plan:
    """Raises RuleRefused for a period that cannot be counted. Everything else is in `found`. `source`: the request
    that this is the plan of, when it is going to be kept."""
    if data.type != LeaveType.CT:
        raise refused(rules.Rule.SERVICE, _("Jenis cuti ini belum dapat diajukan melalui portal."), field="type")
    if data.end.year > on.year + 1:
        label = _("Cuti dapat diajukan untuk tahun ini dan tahun depan.")
        raise RuleRefused([Problem(label, rule="period", field="end")])
    first, last = min(on, data.start), max(data.end, on + HORIZON)
    calendar = working_calendar(employee, first, last)
    try:
        work = WorkCalendar(**calendar)
        days = work.classify(data.start, data.end)
        earliest = work.add_working_days(on, setting.notice_days)
    except PeriodError as error:
        raise RuleRefused([Problem(str(error), rule="period", field="end")]) from error
    years = range(on.year, data.end.year + 1)
    book = ledger.open_book(account, years, employee=employee, setting=setting, today=on, actor=actor)
    if request is not None:
        ledger.free(book, request, request.days.all(), on=on)
    charged = [day.date for day in days if day.charged]
    law = law_for(employee, data.start)
    first_year = _first_year(employee, data, law)
    if early := rules.first_year_bucket(first_year, law=law, ground=data.ground):
        ledger.grant_first_year(book, early, source=source or request, on=on)
    open_to_it = [each for each in book.rule_buckets() if early or each.kind is not rules.BucketKind.F]
    allocation = rules.allocate(charged, open_to_it)
    check = rules.Check(
        rules.RequestFacts(data.start, data.end, on, charged, data.abroad, data.country, earliest),
        standing_of(
            employee, law, school_holidays=_school_holidays(employee, setting, data), first_year=first_year
        ),
        allocation,
        law,
        live=held_by(employee, data.start, data.end, besides=request),
        policy=_policy(setting),
    )
    found = (*_service(employee, law), *_ground(data, first_year), *rules.check_request(check))
    return Plan(data, book, law, calendar, days, allocation, found)


def _service(employee: Employee, law: rules.AnnualLeaveLaw) -> list[rules.Refusal]:
    """Who is not in service now (CLTN, suspended, retired) has no annual leave to take."""
    if employee.legal_state in ACTIVE_STATES:
        return []
    label = _("Dengan kedudukan hukum “%(state)s” cuti tahunan tidak dapat diajukan.")
    sentence = rules.Sentence(label, {"state": employee.get_legal_state_display()})
    return [rules.Refusal(rules.Rule.SERVICE, law.cite(rules.Rule.SERVICE), sentence)]


def _first_year(employee: Employee, data: RequestData, law: rules.AnnualLeaveLaw) -> rules.Period | None:
    """The applicant's first year of service, when a family reason is given and the leave falls into it."""
    period = first_year_of(employee, law) if data.ground else None
    return period if period and period.overlaps(rules.Period(data.start, data.end)) else None


def _ground(data: RequestData, first_year: rules.Period | None) -> list[rules.Refusal]:
    if not data.ground or first_year:
        return []
    cited = rules.law_on(data.start, rules.Scheme.PPPK).cite(rules.Rule.FIRST_YEAR)
    label = _("Alasan keluarga hanya untuk PPPK yang belum genap satu tahun bekerja; kosongkan alasan itu.")
    return [rules.Refusal(rules.Rule.FIRST_YEAR, cited, rules.Sentence(label, {}), field="ground")]


def _school_holidays(employee: Employee, setting: LeaveSetting, data: RequestData) -> list[rules.Period]:
    """Those that the request touches; asked only where they matter."""
    if not setting.teacher_only_in_school_holiday or not is_teacher(employee):
        return []
    rows = SchoolHoliday.objects.filter(start__lte=data.end, end__gte=data.start)
    return [rules.Period(row.start, row.end) for row in rows]


def _policy(setting: LeaveSetting) -> rules.RequestPolicy:
    return rules.RequestPolicy(
        notice_days=setting.notice_days,
        notice_refuses=setting.notice_refuses,
        teacher_only_in_school_holiday=setting.teacher_only_in_school_holiday,
    )


_HELD: Prepared[HeldPeriod] = Prepared(
    lambda slot: HeldPeriod.objects.filter(employee=slot("employee"), period__overlap=slot("period"))
)
# One look into the index for each colleague: what all others of the government are away for costs nothing.
_COLLEAGUES = """
SELECT person.id, held.period FROM employees_employee person
LEFT JOIN LATERAL (
    SELECT period FROM leave_heldperiod WHERE employee_id = person.id AND period && %s OFFSET 0
) held ON TRUE
WHERE person.current_unit_id = %s AND person.legal_state = ANY(%s)
"""


def _colleagues(unit: uuid.UUID, span: DateRange) -> list[tuple[uuid.UUID, DateRange | None]]:
    """Everybody active in the unit, once for each absence that falls into `span`, or once without any."""
    with connection.cursor() as cursor:
        cursor.execute(_COLLEAGUES, [span, unit, [state.value for state in ACTIVE_STATES]])
        rows: list[tuple[uuid.UUID, DateRange | None]] = cursor.fetchall()
    return rows


def held_by(
    employee: Employee, start: datetime.date, end: datetime.date, *, besides: LeaveRequest | None = None
) -> list[rules.Period]:
    rows = _HELD.all(employee=employee.pk, period=DateRange(start, end + DAY))
    periods = [row.period for row in rows if besides is None or row.request_id != besides.pk]
    return [rules.Period(one.lower, one.upper - DAY) for one in periods if one.lower and one.upper]


def _lines(plan: Plan) -> list[BucketLine]:
    used = plan.allocation.by_bucket()
    years = {day.date.year for day in plan.days}
    lines = []
    for bucket in plan.book.buckets:
        if bucket.lapses_on < today() or bucket.year not in years:
            continue
        before = bucket.left
        after = before - used.get(ledger.rule_key(bucket), 0)
        lines.append(BucketLine(bucket.kind, bucket.origin, bucket.year, bucket.lapses_on, before, after))
    return lines


def away_warnings(employee: Employee, plan: Plan, setting: LeaveSetting) -> list[Caution]:
    """On the day with most absences: would more of the unit be away than the setting says (the applicant too)?"""
    charged = [day.date for day in plan.days if day.charged]
    if employee.current_unit_id is None or not charged:
        return []
    colleagues = _colleagues(employee.current_unit_id, DateRange(charged[0], charged[-1] + DAY))
    size = len({key for key, _period in colleagues})
    away: Counter[datetime.date] = Counter()
    for key, period in set(colleagues):
        if period is not None and key != employee.pk:
            away.update(day for day in charged if day in period)
    worst, others = max(away.items(), key=lambda item: item[1], default=(charged[0], 0))
    if not others or (others + 1) * 100 <= size * setting.overlap_percent:
        return []
    message = _("Pada %(day)s sudah %(others)s rekan seunit yang cuti; dengan Anda %(total)s dari %(size)s orang.")
    params = {"day": long_day(worst), "others": others, "total": others + 1, "size": size}
    return [Caution("overlap", message % params)]


def stand_in_warnings(data: RequestData) -> list[Caution]:
    if data.stand_in is None or not held_by(data.stand_in, data.start, data.end):
        return []
    message = _("%(name)s juga cuti pada tanggal itu; pilih pengganti lain.")
    return [Caution("stand_in", message % {"name": data.stand_in.full_name})]


def refuse_plan(plan: Plan) -> None:
    if plan.refusals:
        raise RuleRefused([one.problem for one in plan.refusals])
