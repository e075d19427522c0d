"""Who takes part as a list, written from a mould: drawing each line by a template took half of the page."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations.enums import DeadlineKind, EvaluationState, PlanState
from evaluations.rules.clocks import days_late
from evaluations.selectors.listed import Line
from evaluations.selectors.monitor import Look
from kepegawaian.lib.dates import today
from kepegawaian.lib.templatetags.ui import badge, or_dash, status
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.formatting import nip, typed
from kepegawaian.lib.ui.moulds import Mould

_LINE = Mould("evaluations/cycles/_participant.html")


def drawn(lines: Iterable[Line], look: Look) -> SafeString:
    return _LINE.each(_words(line, look) for line in lines)


def _words(line: Line, look: Look) -> dict[str, Any]:
    return {
        "url": address("evaluations:person", line.pk),
        "name": line.name,
        "nip": nip(line.nip),
        "unit": line.unit,
        "assessor_url": address("evaluations:assessor", line.pk),
        "assessor": line.assessor,
        "plan": _plan(line),
        "plan_late": _plan_late(line, look),
        "rated": _rated(line),
        "rated_late": _rated_late(line, look),
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


def _plan_late(line: Line, look: Look) -> SafeString | str:
    missing = line.plan_state != PlanState.AGREED and not line.moved and look.is_over(DeadlineKind.PLAN_AGREE)
    if not _takes_part(line) or not (line.plan_late or missing):
        return ""
    submitted = _days(look.due(DeadlineKind.PLAN_SUBMIT), line.submitted_at)
    return _late(max(submitted, _days(look.due(DeadlineKind.PLAN_AGREE), line.agreed_at)))


def _rated_late(line: Line, look: Look) -> SafeString | str:
    rated = line.rated
    missing = look.rating_is_over and (rated is None or rated.state != EvaluationState.FINAL)
    if not _takes_part(line) or not (missing or (rated is not None and rated.late)):
        return ""
    return _late(_days(look.due(DeadlineKind.ASSESS), rated.signed_at if rated else None))


def _takes_part(line: Line) -> bool:
    return not line.excused_reason and line.left_on is None


def _days(due: datetime.date | None, done: datetime.datetime | None) -> int:
    """What is not done is as late as today."""
    return days_late(due, timezone.localdate(done) if done else today()) if due else 0


def _late(days: int) -> SafeString:
    """Without days where the calendar was moved since."""
    said = ngettext("Terlambat %(n)d hari", "Terlambat %(n)d hari", days) % {"n": days}
    return badge(said if days else _("Terlambat"), tone="danger", icon="clock")
