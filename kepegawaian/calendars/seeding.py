"""Holidays from the public package `holidays`: a start for HR, never the authority (leave reference section 9).

Seeding again changes only rows that no person has touched: it adds what is new, corrects what the package has
corrected, and takes back unconfirmed dates that the package no longer names.
"""

import datetime
from dataclasses import dataclass
from typing import Any

import holidays
from django.db import transaction

from kepegawaian.audit import services as audit
from kepegawaian.calendars.models import Holiday, HolidayKind

CATEGORIES = {"public": HolidayKind.NATIONAL, "government": HolidayKind.COLLECTIVE}
UNCONFIRMED = "paket holidays {version}, belum dicocokkan dengan keputusan resmi"
NATIONAL_DECREES = {
    2024: ("SKB 855/3/4 Tahun 2023", datetime.date(2024, 5, 9)),
    2025: ("SKB 1017/2/2 Tahun 2024, diubah SKB 933/1/3 Tahun 2025", datetime.date(2025, 12, 31)),
    2026: ("SKB 1497/2/5 Tahun 2025", datetime.date(2026, 12, 31)),
}
"""Year -> the decree, and the last date that was compared with its text."""
COLLECTIVE_DECREES = {2024: "Keppres 7 Tahun 2024", 2025: "Keppres 2 Tahun 2025", 2026: "Keppres 42 Tahun 2025"}
OTHER_SOURCES = {
    datetime.date(2024, 2, 14): "hari pemungutan suara",
    datetime.date(2024, 11, 27): "hari pemungutan suara",
    datetime.date(2025, 8, 18): "SKB 933/1/3 Tahun 2025",
}
NOT_COMPARED = frozenset({datetime.date(2024, 2, 14), datetime.date(2024, 11, 27)})
"""Election days: days off by a decree of their own, which was not seen."""


@dataclass
class Report:
    added: int = 0
    corrected: int = 0
    withdrawn: int = 0
    kept: int = 0
    """Rows that a person had changed or removed; they stay as they are."""


@dataclass(frozen=True, slots=True)
class Proposal:
    date: datetime.date
    kind: str
    name_id: str
    name_en: str
    confirmed: bool
    source: str


def proposals(first: int, last: int) -> list[Proposal]:
    """What the package says about the years, with our word on whether a decree was seen."""
    years = range(first, last + 1)
    found = []
    for category, kind in CATEGORIES.items():
        english = _package(category, years, "en_US")
        for date, name in sorted(_package(category, years, "id").items()):
            confirmed, source = _confirmation(date, kind)
            found.append(Proposal(date, kind, name, english[date], confirmed, source))
    return found


@transaction.atomic
def seed(first: int, last: int, *, actor: Any = None) -> Report:
    """Write the holidays of the years `first` to `last`, both included."""
    report = Report()
    proposed = {(one.date, one.kind): one for one in proposals(first, last)}
    rows = {
        (row.seeded_date, row.kind): row
        for row in Holiday.objects.select_for_update().filter(seeded_date__year__range=(first, last))
    }
    own = set(
        Holiday.objects.in_force()
        .filter(seeded_date=None, date__year__range=(first, last))
        .values_list("date", "kind")
    )
    for key, one in proposed.items():
        _write(one, rows.get(key), key in own, report)
    for row in rows.values():
        gone = (row.seeded_date, row.kind) not in proposed
        if gone and row.changed_by_id is None and not row.confirmed:
            row.delete()
            report.withdrawn += 1
    audit.record("calendars.seeded", ("calendars.holiday", f"{first}-{last}"), actor=actor, data=vars(report))
    return report


def _write(one: Proposal, row: Holiday | None, taken: bool, report: Report) -> None:
    if taken or (row is not None and row.changed_by_id is not None):
        report.kept += 1
        return
    values = {
        "name_id": one.name_id,
        "name_en": one.name_en,
        "confirmed": one.confirmed,
        "source": one.source,
    }
    if row is None:
        Holiday.objects.create(date=one.date, kind=one.kind, seeded_date=one.date, **values)
        report.added += 1
    elif any(getattr(row, name) != value for name, value in values.items()):
        Holiday.objects.filter(pk=row.pk).update(**values)
        report.corrected += 1


def _package(category: str, years: range, language: str) -> dict[datetime.date, str]:
    return dict(holidays.country_holidays("ID", years=years, language=language, categories={category}).items())


def _confirmation(date: datetime.date, kind: str) -> tuple[bool, str]:
    """Whether a decree was compared with this date, and which."""
    unconfirmed = OTHER_SOURCES.get(date) or UNCONFIRMED.format(version=holidays.__version__)
    if date in NOT_COMPARED:
        return False, unconfirmed
    if kind == HolidayKind.COLLECTIVE:
        decree = OTHER_SOURCES.get(date) or COLLECTIVE_DECREES.get(date.year)
        return (True, decree) if decree else (False, unconfirmed)
    decree, compared_until = NATIONAL_DECREES.get(date.year, ("", datetime.date.min))
    return (True, decree) if date <= compared_until else (False, unconfirmed)
