"""The team as a list, written from a mould: drawing fifty people by a template took half of the page."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluations.enums import PeriodKind, PlanState, Predikat
from evaluations.links_ratings import assess_url
from evaluations.selectors.plans_team import Mark, Member, Task, short_name
from kepegawaian.lib.templatetags.ui import badge, status
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.formatting import since
from kepegawaian.lib.ui.moulds import Mould

_LINE, _TASK = Mould("evaluations/plans/_member.html"), Mould("evaluations/plans/_member_task.html")
SHOWN = 2
"""So many periods that wait, the oldest; the rest are a number."""


def drawn(team: Iterable[Member]) -> SafeString:
    return _LINE.each(_words(one) for one in team)


def _words(one: Member) -> dict[str, Any]:
    plan, language = one.plan, get_language()
    submitted = plan.submitted_at if plan and plan.state == PlanState.SUBMITTED else None
    return {
        "url": address("evaluations:person", one.pk),
        "name": one.name,
        "position": one.position,
        "plan": address("evaluations:plan", plan.pk) if plan and one.readable else "",
        "state": status(PlanState(plan.state)) if plan else "",
        "late": badge(_("Terlambat"), tone="wait", icon="clock") if plan and plan.late else "",
        "submitted": since(submitted),
        "marks": ", ".join(_said(mark, language) for mark in one.marks) or ("" if one.tasks else "–"),
        "tasks": _TASK.each(_task(one, task) for task in one.tasks[:SHOWN]),
        "more": max(len(one.tasks) - SHOWN, 0) or "",
    }


def _task(one: Member, task: Task) -> dict[str, Any]:
    year = f"{PeriodKind.YEAR.label} {task.start.year}"
    period = {"period": year if task.kind == PeriodKind.YEAR else short_name(task.kind, task.number, task.start)}
    return {
        "url": assess_url(one.pk, task.period),
        "said": (_("Tandatangani %(period)s") if task.assessed else _("Nilai %(period)s")) % period,
        "late": badge(_("Terlambat"), tone="wait", icon="clock") if task.late else "",
    }


@lru_cache(maxsize=1024)
def _said(mark: Mark, language: str | None) -> str:
    """ "Triwulan 2: Baik"; the same few stand in every line."""
    return f"{short_name(mark.kind, mark.number, mark.start)}: {Predikat(mark.predikat).label}"
