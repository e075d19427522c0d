"""Who gives the opinion and who decides: the decider table over the reporting line (leave reference section 7).

The table is rows, never the org tree alone: where no row names an officer, or the post named has no holder,
the step stands without a holder and the personnel office is told.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.enums import HoldingKind, PositionKind
from kepegawaian.employees.models import Employee, PositionHolding
from kepegawaian.employees.reporting import Holder, head_of, sitting_head, superior_of, unit_with
from kepegawaian.lib.access import Denied
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.units.models import Unit, UnitFunction, UnitKind
from leave.enums import DeciderKind, LeaveType, RankClass, StepKind
from leave.models import DeciderRule, LeaveRequest
from leave.standing import PPPK

RANK_IV_A = 41
"""`RankHolding.order` of IV/a: functional posts from there on count as *madya*."""
_FUNCTION = {
    DeciderKind.PERSONNEL_HEAD: UnitFunction.PERSONNEL,
    DeciderKind.SECRETARY: UnitFunction.SECRETARIAT,
    DeciderKind.PPK: UnitFunction.HEAD_OF_GOVERNMENT,
}


@dataclass(frozen=True, slots=True)
class Case:
    """What the table looks at. `length` in calendar days."""

    employee: Employee
    type: str
    abroad: bool
    length: int

    @classmethod
    def of(cls, request: LeaveRequest) -> "Case":
        return cls(request.employee, request.type, request.abroad, (request.end - request.start).days + 1)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who holds a step. Without a holder `missing` says why, for the applicant and the personnel office."""

    step: StepKind
    holder: Holder | None
    rule: DeciderRule | None = None
    missing: Text = ""


class Resolver:
    """The people of one case on one date; the place of the employee is looked up once for both boxes."""

    def __init__(self, case: Case, on: datetime.date) -> None:
        self.case = case
        self.on = on
        self._line: list[Unit] | None = None
        self._rank_class: str | None = None
        self._rules: list[DeciderRule] | None = None

    @property
    def line(self) -> list[Unit]:
        """The units of the employee from the government down to his own, each with its leave setting."""
        if self._line is None:
            path = self.case.employee.current_path
            paths = [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]
            self._line = _LINE.all(paths=paths) if paths else []
        return self._line

    @property
    def rank_class(self) -> str:
        if self._rank_class is None:
            self._rank_class = rank_class(self.case.employee, self.line, self.on)
        return self._rank_class

    def needs_check(self) -> bool:
        """Whether the personnel staff look first: the nearest unit that has said anything decides."""
        for unit in reversed(self.line):
            setting = getattr(unit, "leave_setting", None)
            if setting is not None:
                return bool(setting.hr_check)
        return False

    def opinion(self) -> Resolution:
        return self._resolve(StepKind.OPINION)

    def decision(self) -> Resolution:
        return self._resolve(StepKind.DECISION)

    def _resolve(self, step: StepKind) -> Resolution:
        rule = self._rule(step)
        if rule is None:
            no_row = _("Tabel pejabat cuti belum memuat baris untuk permohonan ini.")
            return Resolution(step, None, missing=no_row)
        holder = self._holder(rule)
        if holder is None:
            missing = _("Jabatan “%(post)s” belum ada pemegangnya.") % {"post": rule.get_decider_display()}
            return Resolution(step, None, rule, missing)
        return Resolution(step, holder, rule)

    def _rule(self, step: StepKind) -> DeciderRule | None:
        """The most specific row in force: abroad first, then unit, class, type, length, the newest last."""
        if self._rules is None:
            case = self.case
            self._rules = _RULES.all(on=self.on, type=case.type, abroad=case.abroad, length=case.length)
        fitting = [rule for rule in self._rules if rule.step == step and self._fits(rule)]
        return max(fitting, key=_specificity, default=None)

    def _fits(self, rule: DeciderRule) -> bool:
        path = self.case.employee.current_path
        return rule.rank_class in ("", self.rank_class) and (rule.unit is None or path.startswith(rule.unit.path))

    def _holder(self, rule: DeciderRule) -> Holder | None:
        if rule.decider_unit is not None:
            return self._head(rule.decider_unit)
        if rule.decider == DeciderKind.SUPERIOR:
            return superior_of(self.case.employee, self.on)
        if rule.decider == DeciderKind.OFFICE_HEAD:
            return self._head(self._office())
        return self._head(unit_with(_FUNCTION[DeciderKind(rule.decider)]))

    def _office(self) -> Unit | None:
        offices = [unit for unit in self.line if unit.kind == UnitKind.OFFICE]
        return offices[-1] if offices else (self.line[-1] if self.line else None)

    def _head(self, unit: Unit | None) -> Holder | None:
        """Who acts as head of this very unit; where that is the applicant, the next one above him."""
        if unit is None:
            return None
        sitting = sitting_head(unit, self.on)
        if sitting is None or sitting.employee.pk != self.case.employee.pk:
            return sitting
        return head_of(unit, self.on, requester=self.case.employee)


def _rules_for(slot: Slots) -> Any:
    """Rows in force that fit type, place and length; unit and class are looked at in Python."""
    return (
        DeciderRule.objects.in_force(slot("on"))
        .filter(
            Q(type="") | Q(type=slot("type")),
            Q(abroad=None) | Q(abroad=slot("abroad")),
            Q(max_days=None) | Q(max_days__gte=slot("length")),
            min_days__lte=slot("length"),
        )
        .select_related("unit", "decider_unit")
    )


def _holdings_of(slot: Slots) -> Any:
    holdings = PositionHolding.objects.standing().in_force(slot("on")).filter(employee=slot("employee"))
    return holdings.select_related("position", "heads")


_RULES: Prepared[DeciderRule] = Prepared(_rules_for)
_HOLDINGS: Prepared[Any] = Prepared(_holdings_of)
_LINE: Prepared[Unit] = Prepared(
    lambda slot: (
        Unit.objects.filter(path__in=slot.any("paths", "text")).select_related("leave_setting").order_by("path")
    )
)


def _specificity(rule: DeciderRule) -> tuple[bool, int, bool, bool, bool, datetime.date]:
    return (
        rule.abroad is True,
        rule.unit.depth if rule.unit else 0,
        bool(rule.rank_class),
        bool(rule.type),
        rule.max_days is not None or rule.min_days > 0,
        rule.valid_from,
    )


def rank_class(employee: Employee, line: list[Unit], on: datetime.date) -> str:
    """Which row of the reference table the employee belongs to. `line`: his units from the top down."""
    held = _HOLDINGS.all(employee=employee.pk, on=on)
    headed = [holding.heads for holding in held if holding.heads and holding.kind == HoldingKind.DEFINITIVE]
    if any(unit.function == UnitFunction.SECRETARIAT for unit in headed):
        return RankClass.SECRETARY
    post = next((holding.position for holding in held if holding.kind == HoldingKind.DEFINITIVE), None)
    eselon = _eselon(post.eselon) if post else 0
    if eselon in (1, 2) or any(unit.kind == UnitKind.OFFICE for unit in headed):
        return RankClass.OFFICE_HEAD
    if employee.status in PPPK:
        return RankClass.PPPK
    if eselon == 3:
        return RankClass.ADMINISTRATOR
    if any(unit.kind == UnitKind.SERVICE for unit in line):
        return RankClass.SERVICE_STAFF
    functional = post is not None and post.kind == PositionKind.FUNCTIONAL
    if functional and employee.current_scheme == "pns" and employee.current_rank_order >= RANK_IV_A:
        return RankClass.ADMINISTRATOR
    return RankClass.STAFF


def _eselon(code: str) -> int:
    """1 to 4 from "II.a", "III/b" or "22"; 0 where there is none."""
    roman = code.replace("/", ".").split(".")[0].strip().upper()
    if roman.isdigit():
        return int(roman[0])
    return {"I": 1, "II": 2, "III": 3, "IV": 4}.get(roman, 0)


def decides_himself(resolution: Resolution, employee: Employee) -> Denied | None:
    """The last guard of "nobody decides on himself"; the database refuses it too."""
    if resolution.holder is not None and resolution.holder.user.pk == employee.user_id:
        return Denied(_("Tidak seorang pun memutuskan cutinya sendiri."))
    return None


_ORDINARY = {
    RankClass.STAFF: DeciderKind.OFFICE_HEAD,
    RankClass.SERVICE_STAFF: DeciderKind.OFFICE_HEAD,
    RankClass.PPPK: DeciderKind.OFFICE_HEAD,
    RankClass.ADMINISTRATOR: DeciderKind.OFFICE_HEAD,
    RankClass.OFFICE_HEAD: DeciderKind.SECRETARY,
    RankClass.SECRETARY: DeciderKind.PPK,
}
_LONG_OR_MATERNITY = {**_ORDINARY, RankClass.ADMINISTRATOR: DeciderKind.PERSONNEL_HEAD}
_LONG_LEAVE = {
    RankClass.STAFF: DeciderKind.PERSONNEL_HEAD,
    RankClass.SERVICE_STAFF: DeciderKind.PERSONNEL_HEAD,
    RankClass.ADMINISTRATOR: DeciderKind.SECRETARY,
    RankClass.OFFICE_HEAD: DeciderKind.PPK,
    RankClass.SECRETARY: DeciderKind.PPK,
}
DEFAULT_SINCE = datetime.date(2017, 4, 7)
SHORT_SICKNESS = 14


def default_rules() -> Iterable[dict[str, Any]]:
    """The table of leave reference section 7, row by row."""
    opinion = {"step": StepKind.OPINION}
    yield {**opinion, "decider": DeciderKind.SUPERIOR}
    yield {**opinion, "rank_class": RankClass.OFFICE_HEAD, "decider": DeciderKind.SECRETARY}
    yield {**opinion, "rank_class": RankClass.SECRETARY, "decider": DeciderKind.PPK}
    yield {"abroad": True, "decider": DeciderKind.PPK}
    yield {"type": LeaveType.CLTN, "decider": DeciderKind.PPK}
    short = {"max_days": SHORT_SICKNESS}
    for leave_type, extra in ((LeaveType.CT, {}), (LeaveType.CAP, {}), (LeaveType.CS, short)):
        for rank, decider in _ORDINARY.items():
            yield {"type": leave_type, "rank_class": rank, "abroad": False, "decider": decider, **extra}
    for leave_type, extra in ((LeaveType.CS, {"min_days": SHORT_SICKNESS + 1}), (LeaveType.CM, {})):
        for rank, decider in _LONG_OR_MATERNITY.items():
            yield {"type": leave_type, "rank_class": rank, "abroad": False, "decider": decider, **extra}
    for rank, decider in _LONG_LEAVE.items():
        yield {"type": LeaveType.CB, "rank_class": rank, "abroad": False, "decider": decider}


def seed_decider_rules() -> int:
    """Write the default table where no row at all exists yet; how many rows were written."""
    if DeciderRule.objects.exists():
        return 0
    rows = [DeciderRule(valid_from=DEFAULT_SINCE, **values) for values in default_rules()]
    return len(DeciderRule.objects.bulk_create(rows))
