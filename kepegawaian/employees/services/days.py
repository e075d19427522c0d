"""The verbs of a person's own working days: a pattern over the unit's, and rostered duties."""

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.models import User
from kepegawaian.audit.services import record
from kepegawaian.calendars.models import PatternKind
from kepegawaian.employees import permissions
from kepegawaian.employees.models import DutyDay, Employee, PersonPattern
from kepegawaian.employees.services.guards import DAY, check_period, lock, refuse
from kepegawaian.lib.exceptions import demand

WEEK = range(7)


@transaction.atomic
def set_pattern(
    *,
    employee: Employee,
    kind: str,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    weekdays: Sequence[int] = (),
    decree: str = "",
    actor: User | None = None,
) -> PersonPattern:
    """A work pattern of this person from a date on; it wins over the unit's and ends his own one before."""
    employee = lock(employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    check_period(valid_from, valid_to)
    days = sorted(set(weekdays))
    if kind == PatternKind.OTHER and not days:
        raise refuse(_("Pilih hari kerjanya."), "weekdays")
    if any(day not in WEEK for day in days):
        raise refuse(_("Hari kerja adalah 0 (Senin) sampai 6 (Minggu)."), "weekdays")
    if PersonPattern.objects.filter(employee=employee, valid_from=valid_from).exists():
        raise refuse(_("Sudah ada pola kerja yang mulai pada tanggal itu."), "valid_from")
    earlier = PersonPattern.objects.filter(employee=employee, valid_from__lt=valid_from, valid_to=None)
    earlier.update(valid_to=valid_from - DAY)
    row = PersonPattern.objects.create(
        employee=employee, kind=kind, weekdays=days, valid_from=valid_from, valid_to=valid_to, decree=decree
    )
    data = {"kind": kind, "weekdays": days, "from": valid_from, "to": valid_to, "decree": decree, "row": row.pk}
    record("employees.pattern_set", employee, actor=actor, data=data)
    return row


@transaction.atomic
def end_pattern(*, row: PersonPattern, on: datetime.date, actor: User | None = None) -> PersonPattern:
    """The last day of the person's own pattern; from the next day the unit's holds again."""
    employee = lock(row.employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    check_period(row.valid_from, on, "on")
    before, row.valid_to = row.valid_to, on
    row.save(update_fields=["valid_to"])
    record("employees.pattern_ended", employee, actor=actor, data={"row": row.pk, "from": before, "to": on})
    return row


@transaction.atomic
def set_roster(
    *,
    employee: Employee,
    month: datetime.date,
    dates: Collection[datetime.date],
    order_number: str = "",
    actor: User | None = None,
) -> list[datetime.date]:
    """The rostered duties of a month, replacing those entered before. An empty month has no roster."""
    employee = lock(employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    first = month.replace(day=1)
    chosen = sorted(set(dates))
    if any(day.replace(day=1) != first for day in chosen):
        raise refuse(_("Semua tanggal harus di bulan yang sama."), "dates")
    rows = DutyDay.objects.filter(employee=employee, date__year=first.year, date__month=first.month)
    rows = rows.filter(on_collective_leave=False)
    before = list(rows.order_by("date").values_list("date", flat=True))
    rows.delete()
    DutyDay.objects.bulk_create(
        [DutyDay(employee=employee, date=day, order_number=order_number) for day in chosen],
        ignore_conflicts=True,  # a duty ordered for a cuti bersama day stays what it is
    )
    data = {"month": first, "from": before, "to": chosen, "order": order_number}
    record("employees.roster_set", employee, actor=actor, data=data)
    return chosen


@transaction.atomic
def order_duty(
    *, employee: Employee, date: datetime.date, order_number: str, actor: User | None = None
) -> DutyDay:
    """An order to work on a *cuti bersama* day, which gives that day back to the annual leave."""
    employee = lock(employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    if not order_number.strip():
        raise refuse(_("Isi nomor surat perintah."), "order_number")
    row, _made = DutyDay.objects.update_or_create(
        employee=employee, date=date, defaults={"on_collective_leave": True, "order_number": order_number.strip()}
    )
    record("employees.duty_ordered", employee, actor=actor, data={"date": date, "order": order_number})
    return row


@transaction.atomic
def cancel_duty(*, employee: Employee, date: datetime.date, actor: User | None = None) -> bool:
    """An order to work on a *cuti bersama* day that was a mistake. False: there was none."""
    employee = lock(employee)
    if actor is not None:
        demand(permissions.can_edit(actor, employee))
    rows = DutyDay.objects.filter(employee=employee, date=date, on_collective_leave=True)
    orders = list(rows.values_list("order_number", flat=True))
    if not orders:
        return False
    rows.delete()
    record("employees.duty_cancelled", employee, actor=actor, data={"date": date, "order": orders[0]})
    return True
