"""The coming deadlines on the home page, progress on the page of a unit, and the doors to both."""

import datetime
import functools
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from evaluations.enums import CycleState, DeadlineKind
from evaluations.models import Deadline
from evaluations.permissions.cycles import oversees_unit
from evaluations.selectors import monitor
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models.people import headed_paths, own_id
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.ui import formatting, shell
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.moulds import Mould
from kepegawaian.units.models import Unit, has_right, scope_paths
from kepegawaian.units.registry import UnitPanel, register_panel
from kepegawaian.work.registry import COMING, HomeCard, register_card

AHEAD = datetime.timedelta(days=45)
SHOWN = 3
OWN = (DeadlineKind.PLAN_SUBMIT, DeadlineKind.PROGRESS, DeadlineKind.FEEDBACK)
SIGNED = (DeadlineKind.PLAN_AGREE, DeadlineKind.ASSESS)
PERIOD_NAMED = ("period__kind", "period__number", "period__start")
_LINE = Mould("evaluations/cycles/_deadline_line.html")


@functools.cache
def _soon(kinds: tuple[DeadlineKind, ...]) -> Prepared[Deadline]:
    """The next ones of these kinds, in the years somebody takes part in."""

    def build(slot: Slots) -> QuerySet[Deadline]:
        rows = Deadline.objects.filter(
            cycle__state=CycleState.OPEN,
            cycle__participants__employee=slot("employee"),
            cycle__participants__excused_reason="",
            cycle__participants__left_on=None,
            kind__in=kinds,
            due_on__gte=slot("today"),
            due_on__lte=slot("until"),
        )
        shown = rows.select_related("period").only("kind", "due_on", *PERIOD_NAMED)
        return shown.order_by("due_on", "kind")[:SHOWN]

    return Prepared(build)


def _deadlines(request: HttpRequest) -> dict[str, Any] | None:
    """What is due soon in the years one takes part in; assessors also see what they sign."""
    own = own_id(request.user)
    if own is None:
        return None
    now = today()
    soon = _soon(OWN + SIGNED if headed_paths(request.user) else OWN)
    rows = soon.all(employee=own, today=now, until=now + AHEAD)
    return {"lines": _LINE.each(_words(row) for row in rows)} if rows else None


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
