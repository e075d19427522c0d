"""Who stands on a document, and what several documents share."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.enums import PeriodKind
from evaluations.models import Participant, Period
from kepegawaian.employees.models import Employee
from kepegawaian.employees.rules import golongan
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.formatting import long_day, moment, nip

Block = dict[str, str]
ROMAN = ("", "I", "II", "III", "IV")


def person(employee: Employee | None, *, position: str = "", unit: str = "") -> Block:
    """Name, NIP, rank, post and unit as they are now; empty for a vacant post. A political head has no NIP."""
    if employee is None:
        return dict.fromkeys(("name", "nip", "rank", "position", "unit"), "")
    rank = golongan(employee.current_scheme, employee.current_rank_order)
    number = employee.current_nip
    return {
        "name": employee.full_name,
        "nip": nip(number) if number.isdecimal() else "",
        "rank": str(rank or employee.current_golongan),
        "position": position or employee.current_position,
        "unit": unit or str(employee.current_unit or ""),
    }


def kept(block: Mapping[str, Any], employee: Employee | None) -> Block:
    """The header as it was kept on agreement, else of today."""
    found = person(employee)
    kept_now = {key: str(value) for key, value in block.items() if key in found and value}
    if "nip" in kept_now:
        kept_now["nip"] = nip(kept_now["nip"])
    return {**found, **kept_now}


def signature(role: str, block: Mapping[str, str], at: datetime.datetime | None, done: str) -> Block:
    """A block under a document: approval recorded by the portal, with its time. Not a certified signature."""
    recorded = f"{done} {moment(at)}" if at else ""
    return {
        "role": role,
        "name": block["name"],
        "nip": block["nip"],
        "rank": block["rank"],
        "recorded": recorded,
    }


def base(title: str, *, at: datetime.datetime | None = None) -> dict[str, Any]:
    """What every template reads. `at`: when it was signed, for place and date."""
    day = timezone.localtime(at).date() if at else today()
    return {
        "title": title.upper(),
        "agency": settings.REGION_NAME,
        "place": settings.REGION_SHORT_NAME,
        "signed_text": long_day(day) if at else "",
        "draft": True,
        "number": "",
    }


def period_text(period: Period) -> str:
    """ "Triwulan II, 1 April s.d. 30 Juni 2026" """
    names = {
        PeriodKind.MONTH: _("Bulan %(n)s") % {"n": period.number},
        PeriodKind.QUARTER: _("Triwulan %(n)s") % {"n": ROMAN[period.number if period.number < len(ROMAN) else 0]},
        PeriodKind.YEAR: _("Akhir tahun"),
    }
    return f"{names[PeriodKind(period.kind)]}, {days_text(period.start, period.end)}"


def days_text(first: datetime.date, last: datetime.date) -> str:
    return f"{long_day(first)} s.d. {long_day(last)}"


def year_text(participant: Participant) -> str:
    year = participant.cycle.year
    return days_text(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def pairs(rows: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[label, value or "-"] for label, value in rows]
