"""The coming deadlines on the home page, progress on the page of a unit, and the doors to both."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from evaluations.enums import CycleState, DeadlineKind
from evaluations.models import Deadline
from evaluations.permissions.cycles import oversees_unit
from evaluations.selectors import monitor
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.ui import formatting, shell
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.moulds import Mould
from kepegawaian.units.models import Unit, has_right, scope_paths
from kepegawaian.units.registry import UnitPanel, register_panel
from kepegawaian.work.registry import COMING, HomeCard, register_card

AHEAD = datetime.timedelta(days=45)
SHOWN = 3
OWN = (DeadlineKind.PLAN_SUBMIT, DeadlineKind.PROGRESS, DeadlineKind.FEEDBACK)
_LINE = Mould("evaluations/cycles/_deadline_line.html")
_SOON: Prepared[Deadline] = Prepared(
    lambda slot: (
        Deadline.objects.filter(
            cycle__state=CycleState.OPEN,
            cycle__participants__employee__user_id=slot("user"),
            cycle__participants__excused_reason="",
            cycle__participants__left_on=None,
            due_on__gte=slot("today"),
            due_on__lte=slot("until"),
        )
        .select_related("period")
        .order_by("due_on", "kind")
    )
)


def _deadlines(request: HttpRequest) -> dict[str, Any] | None:
    """What is due soon in the years one takes part in; assessors also see what they sign."""
    if not getattr(request.user, "nip", None):
        return None
    kinds = set(OWN) | ({DeadlineKind.PLAN_AGREE, DeadlineKind.ASSESS} if headed_paths(request.user) else set())
    now = today()
    rows = [row for row in _SOON.all(user=request.user.pk, today=now, until=now + AHEAD) if row.kind in kinds]
    return {"lines": _LINE.each(_words(row) for row in rows[:SHOWN])} if rows else None


def _words(row: Deadline) -> dict[str, Any]:
    return {
        "url": address("evaluations:mine"),
        "kind": DeadlineKind(row.kind).label,
        "day": formatting.day(row.due_on),
        "soon": formatting.since(row.due_on),
        "period": row.period,
    }


def _progress(request: HttpRequest, unit: Unit, on: datetime.date) -> dict[str, Any] | None:
    """For who answers for the unit, while a year is open."""
    if on != today() or not oversees_unit(request.user, unit):
        return None
    glance = monitor.glance(unit.path)
    return {"unit": unit, "glance": glance} if glance else None


def _oversees(request: HttpRequest) -> bool:
    return has_right(request.user, Right.VIEW_PERFORMANCE) or bool(headed_paths(request.user))


def _manages_all(request: HttpRequest) -> bool:
    return scope_paths(request.user, Right.MANAGE_PERFORMANCE) is None


ENTRIES = (
    shell.MenuEntry(
        shell.OFFICE,
        _("Kemajuan kinerja"),
        "evaluations:monitor",
        "chart-bar",
        visible=_oversees,
        order=60,
        hint=_("Sejauh mana SKP dan evaluasi unit Anda."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Tahun kinerja"),
        "evaluations:cycles",
        "calendar-days",
        visible=_manages_all,
        order=61,
        hint=_("Kalender, peserta, dan pembukaan tahun."),
    ),
)


def register() -> None:
    for entry in ENTRIES:
        shell.register(entry)
    register_card(
        HomeCard(
            "evaluations.deadlines",
            "evaluations/cycles/_card_deadlines.html",
            _deadlines,
            section=COMING,
            order=20,
        )
    )
    register_panel(UnitPanel("performance", "evaluations/cycles/_panel_unit.html", _progress, order=60))
