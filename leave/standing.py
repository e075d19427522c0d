"""What the rules want to know about a person: service, contract, scheme, and whether he has school holidays."""

import datetime
from collections.abc import Sequence

from kepegawaian.calendars.rules import add_months_minus_one_day
from kepegawaian.employees.enums import AsnStatus, PositionKind
from kepegawaian.employees.models import Employee
from kepegawaian.employees.rules import parse_number
from leave import rules

PPPK = (AsnStatus.PPPK, AsnStatus.PPPK_PART_TIME)
ENTITLED = (AsnStatus.PNS, AsnStatus.CPNS, *PPPK)
_TEACHING = ("guru", "dosen")


def scheme_of(employee: Employee) -> rules.Scheme:
    return rules.Scheme.PPPK if employee.status in PPPK else rules.Scheme.PNS


def law_for(employee: Employee, on: datetime.date) -> rules.AnnualLeaveLaw:
    return rules.law_on(on, scheme_of(employee))


def first_service_day(employee: Employee) -> datetime.date | None:
    """The day from which the year of service runs; None where the record does not say (leave reference R1)."""
    if employee.status not in ENTITLED:
        return None
    start = employee.tmt_cpns or employee.contract_start or employee.tmt_pns
    if employee.status in PPPK and start is not None:
        return _before_renewal(employee, start)
    return start


def _before_renewal(employee: Employee, start: datetime.date) -> datetime.date:
    """A renewed contract goes on with the service (E21); the NI PPPK names the year in which that began."""
    number = parse_number(employee.current_nip)
    if number is None or not number.looks_like_pppk or number.year >= start.year:
        return start
    return datetime.date(number.year, 12, 31)


def contract_of(employee: Employee) -> rules.Period | None:
    """The current contract of a PPPK; a part-time one counts as one of a year (leave reference 3)."""
    if employee.status not in PPPK or employee.contract_start is None:
        return None
    end = employee.contract_end
    if employee.status == AsnStatus.PPPK_PART_TIME and end is None:
        end = add_months_minus_one_day(employee.contract_start, 12)
    return rules.Period(employee.contract_start, end)


def is_teacher(employee: Employee) -> bool:
    """Teachers and lecturers, who have the holidays of their school, by the name of their functional post."""
    functional = employee.current_position_kind == PositionKind.FUNCTIONAL
    return functional and employee.current_position.lower().startswith(_TEACHING)


def right_of(employee: Employee, law: rules.AnnualLeaveLaw) -> tuple[rules.Period, ...]:
    first = first_service_day(employee)
    return rules.right_periods(first, law=law) if first else ()


def first_year_of(employee: Employee, law: rules.AnnualLeaveLaw) -> rules.Period | None:
    """The first year of service of a PPPK, in which family reasons give days; None for others."""
    first = first_service_day(employee)
    return rules.first_year(first, law) if first else None


def standing_of(
    employee: Employee,
    law: rules.AnnualLeaveLaw,
    *,
    school_holidays: Sequence[rules.Period] = (),
    first_year: rules.Period | None = None,
) -> rules.Standing:
    """`first_year`: where a family reason gives a right before that of a year's service."""
    right = right_of(employee, law)
    return rules.Standing(
        right=(first_year, *right) if first_year else right,
        contract=contract_of(employee),
        teacher=is_teacher(employee),
        school_holidays=school_holidays,
    )


def own_right(employee: Employee, year: int, *, first_year_taken: int = 0) -> rules.OwnRight | None:
    """Own days of the year; None where no law of that year covers the person. `first_year_taken`: days had before
    the first right, which they reduce."""
    try:
        law = law_for(employee, datetime.date(year, 1, 1))
    except rules.NoLawError:
        return None
    right = right_of(employee, law)
    taken = first_year_taken if right and right[0].start.year == year else 0
    return rules.own_entitlement(year, right, law=law, teacher=is_teacher(employee), first_year_taken=taken)
