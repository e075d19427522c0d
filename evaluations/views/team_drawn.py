"""The team as a list, written from a mould: drawing fifty people by a template took half of the page."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluations.enums import PlanState, Predikat
from evaluations.selectors.plans_team import Mark, Member, short_name
from kepegawaian.lib.templatetags.ui import badge, status
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.formatting import since
from kepegawaian.lib.ui.moulds import Mould

_LINE = Mould("evaluations/plans/_member.html")


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
        "marks": ", ".join(_said(mark, language) for mark in one.marks) or "–",
    }


@lru_cache(maxsize=1024)
def _said(mark: Mark, language: str | None) -> str:
    """ "Triwulan 2: Baik"; the same few stand in every line."""
    return f"{short_name(mark.kind, mark.number, mark.start)}: {Predikat(mark.predikat).label}"
