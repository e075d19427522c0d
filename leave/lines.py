"""Lines of the lists of leave, written from moulds: drawing each by its template took half of the page."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kepegawaian.calendars.rules import Holiday
from kepegawaian.lib.templatetags.ui import badge, status, unverified
from kepegawaian.lib.ui import formatting
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.derivations import rule_of
from kepegawaian.lib.ui.moulds import Mould
from leave.drawing import BucketDrawn, Entry, status_of
from leave.enums import LeaveType
from leave.models import LeaveRequest
from leave.selectors.office import Line
from leave.selectors.openings import Line as Opening

_OWN = Mould("leave/_own_line.html")
_OFFICE = Mould("leave/_office_line.html")
_OPENING = Mould("leave/_opening_line.html")
_HOLDER = Mould("leave/_holder.html")
_BUCKET = Mould("leave/_bucket_line.html")
_MOVEMENT = Mould("leave/_movement_line.html")
_WAITING = Mould("leave/_waiting_line.html")
_WAITING_STEP = Mould("leave/_waiting_step.html")
_DAY = Mould("leave/_day_line.html")


def own_lines(requests: Iterable[LeaveRequest]) -> SafeString:
    """For their applicant; with `open_steps`."""
    return _OWN.each(
        _words(filed)
        | {
            "holder": _holder(filed),
            "type": LeaveType(filed.type).label,
            "days": filed.charged_days if filed.submitted_at else "",
            "submitted": formatting.day(filed.submitted_at, weekday=False),
        }
        for filed in requests
    )


def office_lines(requests: Iterable[Line]) -> SafeString:
    """For those who watch over them."""
    return _OFFICE.each(
        _words(filed)
        | {
            "holder": _HOLDER.fill({"name": filed.holder, "since": formatting.since(filed.waits_since)}),
            "name": filed.full_name,
            "nip": formatting.nip(filed.nip),
            "days": filed.charged_days,
            "unit": filed.unit,
        }
        for filed in requests
    )


def _words(filed: LeaveRequest | Line) -> dict[str, Any]:
    return {
        "url": address("leave:request", filed.pk),
        "dates": formatting.span(filed.start, filed.end),
        "status": status(status_of(filed)),
    }


def _holder(filed: Any) -> SafeString:
    """Who holds it, since when; of a request that waits for nobody a dash."""
    steps = [(step.holder, formatting.since(step.opened_at)) for step in filed.open_steps]
    waits = [{"name": holder.name if holder else "", "since": since} for holder, since in steps]
    return _HOLDER.each(waits or [{"name": "", "since": ""}])


def opening_lines(people: Iterable[Opening]) -> SafeString:
    """People whose earlier years are entered or not."""
    entered = badge(_("Sudah diisi"), "success"), badge(_("Belum diisi"), "wait")
    return _OPENING.each(
        {
            "url": address("leave:opening", one.pk),
            "name": one.full_name,
            "nip": formatting.nip(one.nip),
            "unit": one.unit,
            "entered": entered[not one.entered],
            "balance_url": address("leave:balance_of", one.pk),
        }
        for one in people
    )


def waiting_lines(requests: Iterable[LeaveRequest], applicant: Any) -> SafeString:
    """For the home page of their applicant, a user: with whom, since when, until when; with `open_steps`."""
    return _WAITING.each(_words(filed) | {"steps": _steps(filed, applicant)} for filed in requests)


def _steps(filed: Any, applicant: Any) -> SafeString:
    parts = []
    for step in filed.open_steps:
        due = {"due": formatting.day(step.due_on), "soon": formatting.since(step.due_on)}
        if step.holder_id == applicant.pk:
            parts.append(_WAITING_STEP.fill(due, mine=True))
        else:
            held = {"who": step.holder.name, "since": formatting.since(step.opened_at)} if step.holder else {}
            parts.append(_WAITING_STEP.fill(due | held))
    return SafeString("".join(parts))


def holiday_lines(days: Iterable[Holiday]) -> SafeString:
    english = (get_language() or "").startswith("en")
    return _DAY.each(
        {"day": formatting.day(day.date), "name": day.name_en if english else day.name_id} for day in days
    )


def bucket_lines(buckets: Iterable[BucketDrawn], year: int) -> SafeString:
    """Of the small table of a balance."""
    return _BUCKET.each(
        {
            "label": each.label,
            "anchor": each.anchor,
            "source": f"?tahun={year}&kotak={each.source}#mutasi",
            "granted": each.figure.granted,
            "taken": each.figure.taken,
            "reserved": each.figure.reserved,
            "left": each.figure.left,
            "lapses": formatting.day(each.figure.lapses_on, weekday=False),
        }
        for each in buckets
    )


def movement_lines(entries: Iterable[Entry]) -> SafeString:
    """Of everything that changed a balance; those of one request stand in one line."""
    return _MOVEMENT.each(
        (_request_words(entry, entry.filed) if entry.filed else _movement_words(entry))
        | {
            "on": formatting.day(entry.first.line.on, weekday=False),
            "labels": entry.labels,
            "signed": entry.signed,
            "sum": entry.balance,
        }
        for entry in entries
    )


def _request_words(entry: Entry, filed: LeaveRequest) -> dict[str, Any]:
    moves = ((moved.moved, moved.because) for moved in entry.lines)
    n = len(entry.lines)
    return {
        "url": address("leave:request", filed.pk),
        "dates": formatting.span(filed.start, filed.end),
        "status": status(status_of(filed)),
        "count": ngettext("%(n)s mutasi", "%(n)s mutasi", n) % {"n": n},
        "moves": format_html_join("", '<li>{} <span class="soft">{}</span></li>', moves),
    }


def _movement_words(entry: Entry) -> dict[str, Any]:
    line = entry.first.line
    return {"text": line.text, "rule": rule_of(line, unverified())}
