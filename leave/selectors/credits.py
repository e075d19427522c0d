"""*Cuti bersama* days that came back to a person, each with its order, who entered it, and what became of it."""

import datetime
from dataclasses import dataclass

from kepegawaian.calendars.models import Holiday, HolidayKind
from kepegawaian.employees.models import Employee
from leave.enums import MovementKind
from leave.models import Bucket, Movement
from leave.models.ledger import BucketKind

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Credit:
    """`entered` gave the day; `undone` took it back, None while it stands."""

    missed: datetime.date
    holiday: str
    bucket: Bucket
    entered: Movement
    undone: Movement | None

    @property
    def can_be_undone(self) -> bool:
        return self.bucket.granted > 0 and self.bucket.left > 0

    @property
    def is_used(self) -> bool:
        return self.bucket.taken + self.bucket.reserved > 0


def credits_of(employee: Employee) -> list[Credit]:
    """The newest first, those taken back too."""
    kinds = (MovementKind.CREDIT, MovementKind.CORRECTION)
    rows = Movement.objects.filter(
        bucket__account__employee=employee, bucket__kind=BucketKind.X, kind__in=kinds
    ).select_related("bucket", "created_by")
    by_bucket: dict[Bucket, list[Movement]] = {}
    for row in rows.order_by("-bucket__usable_from", "id"):
        by_bucket.setdefault(row.bucket, []).append(row)
    if not by_bucket:
        return []
    missed = {bucket: bucket.usable_from - DAY for bucket in by_bucket}
    holidays = Holiday.objects.in_force().filter(kind=HolidayKind.COLLECTIVE, date__in=list(missed.values()))
    names = {row.date: row.name for row in holidays}
    return [
        _credit(missed[bucket], names.get(missed[bucket], ""), bucket, moved)
        for bucket, moved in by_bucket.items()
    ]


def _credit(missed: datetime.date, name: str, bucket: Bucket, moved: list[Movement]) -> Credit:
    entered = [row for row in moved if row.kind == MovementKind.CREDIT][-1]
    undone = moved[-1] if moved[-1].kind == MovementKind.CORRECTION and not bucket.granted else None
    return Credit(missed, name, bucket, entered, undone)
