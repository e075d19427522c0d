"""The coming deadlines on the home page and on "my performance", progress on the page of a unit, and the doors."""

import datetime
import functools
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from evaluations.enums import EDITABLE, CycleState, DeadlineKind, EvaluationState
from evaluations.models import Deadline, Participant, Posting
from evaluations.permissions.common import is_own
from evaluations.permissions.cycles import oversees_unit
from evaluations.sections import Facts, Reads, Section, register_section
from evaluations.sections_ratings import evaluation_reads, feedback_reads, progress_reads
from evaluations.selectors import monitor, person_year
from evaluations.selectors.readers import Reader
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models.people import headed_paths, own_id
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.templatetags.ui import badge
from kepegawaian.lib.ui import formatting, shell
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.moulds import Mould
from kepegawaian.units.models import Unit, has_right, scope_paths
from kepegawaian.units.registry import UnitPanel, register_panel
from kepegawaian.work.registry import COMING, HomeCard, register_card

AHEAD = datetime.timedelta(days=45)
SHOWN, LATE_SHOWN = 3, 2
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
    return {"lines": _LINE.each(_words(row, address("evaluations:mine")) for row in rows)} if rows else None


def _words(row: Deadline, url: str) -> dict[str, Any]:
    return {
        "url": url,
        "kind": DeadlineKind(row.kind).label,
        "day": formatting.day(row.due_on),
        "soon": formatting.since(row.due_on),
        "period": row.period,
        "late": badge(_("Terlambat"), tone="wait", icon="clock") if row.due_on < today() else "",
    }


def own_reads(reader: Reader, slot: Slots) -> Reads:
    dated = Deadline.objects.filter(cycle=slot("cycle"), kind__in=(*OWN, DeadlineKind.READ))
    return {
        "own_deadlines": dated.select_related("period").order_by("due_on", "kind"),
        "posts": Posting.objects.filter(participant=slot("participant"), valid_to=None),
        **feedback_reads(reader, slot),
        **progress_reads(reader, slot),
        **evaluation_reads(reader, slot),
    }


def own_deadlines(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    """What the person has not done yet: the newest that are late, and the next one."""
    rows = [(row, url) for row in facts["own_deadlines"] if (url := _waits_at(row, participant, facts))]
    late = [pair for pair in rows if pair[0].due_on < today()][-LATE_SHOWN:]
    coming = [pair for pair in rows if pair[0].due_on >= today()][:1]
    return {"lines": _LINE.each(_words(row, url) for row, url in late + coming)} if late or coming else None


def _waits_at(row: Deadline, participant: Participant, facts: Facts) -> str:
    """Where the person does it; "" where it is done, or not his turn."""
    plan = participant.plan
    if row.kind == DeadlineKind.PLAN_SUBMIT:
        if any(post.number > 1 for post in facts["posts"]):
            return ""  # the date binds the first post of the year alone
        if plan is None:
            return address("evaluations:plan_start", participant.pk)
        return address("evaluations:plan_edit", plan.pk) if plan.state in EDITABLE else ""
    if row.kind == DeadlineKind.FEEDBACK:
        return address("evaluations:feedback_inbox") if facts["waiting"] and row.due_on >= today() else ""
    rated = person_year.of_year(facts[person_year.EVALUATIONS], participant)
    signed = [one for one in rated if one.period_id == row.period_id and one.state == EvaluationState.FINAL]
    if row.kind == DeadlineKind.READ:
        unread = (address("evaluations:evaluation", one.pk) for one in signed if person_year.is_unread(one))
        return next(unread, "")
    if signed or any(period == row.period_id for _indicator, period in facts["filled"]):
        return ""
    return f"{address('evaluations:progress', participant.pk)}?periode={row.period_id}"


def _has_own_part(request: HttpRequest, participant: Participant) -> bool:
    running = participant.cycle.closed_at is None and participant.left_on is None
    return running and bool(is_own(request.user, participant))


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
    template = "evaluations/cycles/_section_deadlines.html"
    register_section(Section("deadlines", template, own_deadlines, own_reads, 5, _has_own_part))
    register_panel(UnitPanel("performance", "evaluations/cycles/_panel_unit.html", _progress, order=60))
