"""Who takes part as a list, written from a mould: drawing each line by a template took half of the page."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluations.enums import EvaluationState, PlanState
from evaluations.selectors.listed import Line
from kepegawaian.lib.templatetags.ui import badge, or_dash, status
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.formatting import nip, typed
from kepegawaian.lib.ui.moulds import Mould

_LINE = Mould("evaluations/cycles/_participant.html")


def drawn(lines: Iterable[Line]) -> SafeString:
    return _LINE.each(_words(line) for line in lines)


def _words(line: Line) -> dict[str, Any]:
    return {
        "url": address("evaluations:person", line.pk),
        "name": line.name,
        "nip": nip(line.nip),
        "unit": line.unit,
        "assessor_url": address("evaluations:assessor", line.pk),
        "assessor": line.assessor,
        "plan": _plan(line),
        "plan_late": _late() if line.plan_late and not line.excused_reason else "",
        "rated": _rated(line),
        "rated_late": _late() if line.rated and line.rated.late else "",
    }


def _plan(line: Line) -> SafeString:
    if line.excused_reason:
        return typed(line.excused_reason)
    if line.plan_state:
        return status(PlanState(line.plan_state))
    return badge(_("Belum ada"), tone="neutral", icon="minus-circle")


def _rated(line: Line) -> Any:
    """What was decided once it is signed: before that it is the assessor's own."""
    if line.rated is None:
        return or_dash("", _("Belum dinilai"))
    signed = line.rated.predikat if line.rated.state == EvaluationState.FINAL else None
    return status(signed or line.rated.state)


def _late() -> SafeString:
    return badge(_("Terlambat"), tone="danger", icon="clock")
