"""*Cuti bersama* days on which somebody had to work come back as annual leave (leave reference 1.7, R7)."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from kepegawaian.audit import services as audit
from kepegawaian.calendars.models import Holiday, HolidayKind
from kepegawaian.employees.models import DutyDay, Employee
from kepegawaian.employees.services import cancel_duty, order_duty
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, demand
from kepegawaian.lib.ui.formatting import long_day
from kepegawaian.lib.verbs import require_fields
from leave import ledger, permissions, rules
from leave.enums import MovementKind
from leave.ledger import Book
from leave.models import Bucket
from leave.services.guards import refused, verb
from leave.standing import law_for

DAY = datetime.timedelta(days=1)
LOOK_BACK = datetime.timedelta(days=400)


@verb
def credit_collective_leave(*, actor: Any, employee: Employee, missed: datetime.date, order_number: str) -> bool:
    """An order to work on a *cuti bersama* day gives that day to the annual leave. False: it already had."""
    demand(permissions.can_credit(actor, employee))
    if not Holiday.objects.filter(date=missed, kind=HolidayKind.COLLECTIVE, removed=False).exists():
        sentence = _("%(date)s bukan hari cuti bersama.") % {"date": long_day(missed)}
        raise RuleRefused([Problem(sentence, rule=rules.Rule.R7.value, field="missed")])
    order_duty(employee=employee, date=missed, order_number=order_number, actor=actor)
    return _credit(employee, missed, actor=actor, source=order_number.strip())


def credit_worked_days() -> int:
    """Credit every ordered *cuti bersama* duty that has passed and is not in the ledger yet; how many were."""
    on = today()
    credited = Bucket.objects.filter(
        account__employee=OuterRef("employee"),
        kind=rules.BucketKind.X,
        usable_from=OuterRef("date") + DAY,
        granted__gt=0,
    )
    duties = DutyDay.objects.filter(on_collective_leave=True, date__lt=on, date__gt=on - LOOK_BACK)
    duties = duties.filter(~Exists(credited)).select_related("employee").order_by("id")
    return sum(_credit_alone(duty) for duty in duties)


@verb
def undo_collective_leave(*, actor: Any, employee: Employee, missed: datetime.date, reason: str) -> None:
    """Take back a credit that was entered by mistake, by a movement against it; the order goes too.

    Raises RuleRefused when there is none, or when its day was used or has lapsed meanwhile.
    """
    demand(permissions.can_credit(actor, employee))
    require_fields([("reason", reason.strip(), _("Tulis alasan pembatalan."))])
    book = _book(employee, actor)
    bucket = _bucket_of(book, missed)
    if bucket is None or not bucket.granted:
        raise refused(rules.Rule.R7, _("Tambahan cuti untuk hari itu tidak ada atau sudah dibatalkan."))
    if not bucket.left:
        raise refused(rules.Rule.R7, _("Hari tambahan ini sudah dipakai, dipesan, atau hangus."))
    data = {"missed": missed}
    book.post(
        bucket, MovementKind.CORRECTION, -1, on=today(), rule=rules.Rule.R7, data=data, note=reason.strip()[:200]
    )
    ledger.save(book)
    cancel_duty(employee=employee, date=missed, actor=actor)
    audit.record("leave.credit_undone", book.account, actor=actor, data={**data, "reason": reason.strip()})


@verb
def _credit_alone(duty: DutyDay) -> bool:
    return _credit(duty.employee, duty.date, actor=None, source=duty.order_number)


def _credit(employee: Employee, missed: datetime.date, *, actor: Any, source: str) -> bool:
    book, on = _book(employee, actor), today()
    bucket = _bucket_of(book, missed)
    if bucket is None:
        bucket = book.add_bucket(_given(book, missed), origin=missed.year)
    elif bucket.granted:
        return False
    data = {"missed": missed}
    book.post(
        bucket, MovementKind.CREDIT, 1, on=bucket.usable_from, rule=rules.Rule.R7, data=data, note=source[:200]
    )
    if bucket.lapses_on < on:
        ledger.recompute(book, bucket.year + 1, today=on)
    ledger.save(book)
    audit.record("leave.credited", book.account, actor=actor, data=data)
    return True


def _book(employee: Employee, actor: Any) -> Book:
    account, setting, on = ledger.locked_account(employee), ledger.current_setting(), today()
    return ledger.open_book(account, [on.year], employee=employee, setting=setting, today=on, actor=actor)


def _given(book: Book, missed: datetime.date) -> rules.Bucket:
    window = (12, book.setting.year_end_from_day)
    return rules.credit_bucket(missed, law=law_for(book.employee, missed), window_start=window)


def _bucket_of(book: Book, missed: datetime.date) -> Bucket | None:
    """A missed day has a bucket of its own, told by the day after, from which it may be used."""
    start = missed + DAY
    return next(
        (each for each in book.buckets if each.kind == rules.BucketKind.X and each.usable_from == start), None
    )
