"""Lines of the lists of requests, written from moulds: drawing each by its template took half of the page."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString

from kepegawaian.lib.templatetags.ui import status
from kepegawaian.lib.ui import formatting
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.moulds import Mould
from leave.drawing import status_of
from leave.enums import LeaveType
from leave.models import LeaveRequest

_OWN, _OFFICE, _HOLDER = (Mould(f"leave/_{name}.html") for name in ("own_line", "office_line", "holder"))


def own_lines(requests: Iterable[LeaveRequest]) -> SafeString:
    """For their applicant; with `open_steps`."""
    return _OWN.each(
        _words(filed)
        | {
            "type": LeaveType(filed.type).label,
            "days": filed.charged_days if filed.submitted_at else "",
            "submitted": formatting.day(filed.submitted_at, weekday=False),
        }
        for filed in requests
    )


def office_lines(requests: Iterable[LeaveRequest]) -> SafeString:
    """For those who watch over them; with `open_steps` and the employee."""
    return _OFFICE.each(
        _words(filed)
        | {
            "name": filed.employee.full_name,
            "nip": formatting.nip(filed.employee.current_nip),
            "days": filed.charged_days,
            "unit": filed.employee.current_unit,
        }
        for filed in requests
    )


def _words(filed: LeaveRequest) -> dict[str, Any]:
    return {
        "url": address("leave:request", filed.pk),
        "dates": formatting.span(filed.start, filed.end),
        "status": status(status_of(filed)),
        "holder": _holder(filed),
    }


def _holder(filed: Any) -> SafeString:
    """Who holds it, since when; of a request that waits for nobody a dash."""
    steps = [(step.holder, formatting.since(step.opened_at)) for step in filed.open_steps]
    waits = [{"name": holder.name if holder else "", "since": since} for holder, since in steps]
    return _HOLDER.each(waits or [{"name": "", "since": ""}])
