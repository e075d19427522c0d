"""What leave shows on the home page, and its pages behind the doors."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.employees.person import PersonPanel, register_panel
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.ui import shell
from kepegawaian.lib.ui.parts import Because
from kepegawaian.units.models import has_right, scope_paths
from kepegawaian.work.registry import COMING, NUMBERS, WAITING, HomeCard, register_card
from leave import exporting, selectors
from leave.drawing import BalanceDrawn, bucket_label
from leave.lines import holiday_lines, waiting_lines
from leave.models import Bucket
from leave.permissions import can_view_balance
from leave.rules import ORDER_OF_USE, BucketKind
from leave.selectors.glance import Glance, glance_of, usable

SHOWN = 4


_USABLE: Prepared[Bucket] = Prepared(usable)


def _glance(request: HttpRequest) -> Glance | None:
    """Asked once for all cards, and kept on the request."""
    if not hasattr(request, "_leave_glance"):
        request._leave_glance = glance_of(request.user)  # type: ignore[attr-defined]
    return request._leave_glance  # type: ignore[attr-defined, no-any-return]


def _waiting(request: HttpRequest) -> dict[str, Any] | None:
    """My requests on their way: with whom, since when, until when."""
    mine = _glance(request)
    return {"lines": waiting_lines(mine.waiting[:SHOWN], request.user)} if mine and mine.waiting else None


def _coming(request: HttpRequest) -> dict[str, Any] | None:
    """My next leave, who of the team is away soon, the next days off."""
    mine = _glance(request)
    if mine is None:
        return None
    return {
        "mine": mine.granted,
        "team": mine.team[:SHOWN],
        "more": max(0, len(mine.team) - SHOWN),
        "holidays": holiday_lines(mine.holidays[:SHOWN]),
    }


def _numbers(request: HttpRequest) -> dict[str, Any] | None:
    mine = _glance(request)
    if mine is None:
        return None
    known = _sums(mine.buckets)
    if known is not None:
        return known
    drawn = BalanceDrawn(selectors.balance_of(Employee.objects.get(pk=mine.employee)))
    return {"left": drawn.balance.left, "rows": drawn.total, "confirmed": drawn.balance.confirmed}


def _sums(usable_today: list[Bucket]) -> dict[str, Any] | None:
    """The balance from the sums that the database keeps; None while the year is not opened yet."""
    buckets = sorted(usable_today, key=_use)
    if not buckets or buckets[0].account.opened_through < today().year:
        return None
    rows = [Because(bucket_label(bucket.kind, bucket.origin), bucket.left) for bucket in buckets]
    left = sum(bucket.left for bucket in buckets)
    return {"left": left, "rows": rows, "confirmed": buckets[0].account.confirmed}


def _use(bucket: Bucket) -> tuple[int, datetime.date]:
    return ORDER_OF_USE[BucketKind(bucket.kind)], bucket.usable_from


def _of_person(request: HttpRequest, person: Employee) -> dict[str, Any] | None:
    """The balance on the page of a person, for who may see it; the number where it costs one statement."""
    if not can_view_balance(request.user, person):
        return None
    return {"person": person, **(_sums(_USABLE.all(employee=person.pk, start=today())) or {})}


def _is_employee(request: HttpRequest) -> bool:
    """Only the verbs of `employees` give a user a number, so this costs no statement."""
    return bool(getattr(request.user, "nip", None))


def _sees_calendar(request: HttpRequest) -> bool:
    return _is_employee(request) or has_right(request.user, Right.VIEW_LEAVE)


def _oversees(request: HttpRequest) -> bool:
    return has_right(request.user, Right.VIEW_LEAVE)


def _checks(request: HttpRequest) -> bool:
    return has_right(request.user, Right.CHECK_LEAVE)


def _manages(request: HttpRequest) -> bool:
    return has_right(request.user, Right.MANAGE_LEAVE)


def _manages_all(request: HttpRequest) -> bool:
    return scope_paths(request.user, Right.MANAGE_LEAVE) is None


ENTRIES = (
    shell.MenuEntry(
        shell.MY,
        _("Saldo cuti"),
        "leave:balance",
        "scale",
        visible=_is_employee,
        order=20,
        hint=_("Sisa hari, asalnya, dan kapan hangus."),
    ),
    shell.MenuEntry(
        shell.MY,
        _("Cuti saya"),
        "leave:requests",
        "calendar-days",
        visible=_is_employee,
        order=21,
        hint=_("Ajukan cuti dan ikuti perjalanannya."),
    ),
    shell.MenuEntry(
        shell.TEAM,
        _("Kalender tim"),
        "leave:team_calendar",
        "calendar",
        visible=_sees_calendar,
        order=20,
        hint=_("Siapa tidak masuk dan kapan."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Permohonan cuti"),
        "leave:office",
        "inbox-stack",
        visible=_oversees,
        order=200,
        hint=_("Semua permohonan dalam wilayah Anda."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Pemeriksaan kelengkapan"),
        "leave:checks",
        "clipboard-document-check",
        visible=_checks,
        order=210,
        hint=_("Permohonan yang diperiksa sebelum sampai kepada atasan."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Cuti tanpa pejabat"),
        "leave:without_holder",
        "exclamation-triangle",
        visible=_oversees,
        order=220,
        hint=_("Permohonan yang tertahan karena jabatan kosong."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Saldo awal cuti"),
        "leave:openings",
        "pencil-square",
        visible=_manages,
        order=230,
        hint=_("Sisa dari tahun-tahun sebelum portal dipakai."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Akhir tahun cuti"),
        "leave:year_end",
        "archive-box",
        visible=_manages_all,
        order=240,
        hint=_("Yang dipindahkan dan yang hangus."),
    ),
)


def register() -> None:
    """Called from the `ready()` of the app."""
    for entry in ENTRIES:
        shell.register(entry)
    register_card(HomeCard("leave.waiting", "leave/_card_waiting.html", _waiting, section=WAITING, order=10))
    register_card(HomeCard("leave.coming", "leave/_card_coming.html", _coming, section=COMING, order=10))
    register_card(HomeCard("leave.balance", "leave/_card_balance.html", _numbers, section=NUMBERS, order=10))
    register_panel(PersonPanel("leave.balance", "leave/_panel_balance.html", _of_person, order=50))
    exporting.REQUESTS.register(_("Unduhan permohonan cuti"))
