"""The rows behind the answers: services, published cases, pictures. Statements do not grow with the rows."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import CaseState
from feedback.models import Case, CaseFile, CaseMessage, RequestToken, Service, ServiceAttribute
from feedback.open311 import shapes
from feedback.open311.asking import Asked
from feedback.open311.errors import Refused, unknown
from feedback.rules.numbers import parse_number
from kepegawaian.notifications.delivery import absolute
from kepegawaian.units.models import Unit

COLUMNS = (
    *("number", "state", "kind", "published_title", "published_text", "published_at"),
    *("received_at", "updated_at", "closed_at", "due_on", "place", "lat", "long", "attributes"),
    *("service__code", "service__name_id", "service__name_en", "service__location_needed"),
    *("unit__name", "unit__path", "holder_unit__name", "holder_unit__path"),
)
"""Neither text nor title: what nobody published cannot slip out."""


# --- Services -------------------------------------------------------------------------------------
def services() -> list[dict[str, Any]]:
    asked = ServiceAttribute.objects.filter(service=OuterRef("pk"))
    rows = Service.objects.active().annotate(asks=Exists(asked))
    return [shapes.service(row, asks=row.asks) for row in rows]


def service(code: str) -> Service:
    found = Service.objects.active().filter(code=code).first()
    if found is None:
        raise _unknown_service(code)
    return found


def definition(code: str) -> dict[str, Any]:
    row = service(code)
    return shapes.definition(row, row.attributes.all())


def _unknown_service(code: str) -> Refused:
    return unknown(_("service_code %(code)s tidak ada.") % {"code": code[:80]})


# --- Requests -------------------------------------------------------------------------------------
def requests(asked: Asked) -> list[dict[str, Any]]:
    """A list of ids overrides every other filter; a service that never existed is an error, not an empty list."""
    rows = Case.objects.public()
    if asked.window is None:
        rows = rows.filter(number__in=asked.numbers)
    else:
        rows = rows.filter(received_at__range=asked.window)
        if asked.services:
            rows = rows.filter(service__in=_service_ids(asked.services))
        if asked.states:
            rows = rows.filter(state__in=asked.states)
    return _shaped(rows.order_by("-received_at", "-id"), asked)


def request(number: str, *, extended: bool) -> list[dict[str, Any]]:
    rows = Case.objects.public().filter(number=parse_number(number) or "")
    found = _shape_all(_loaded(rows, extended)[:1], extended)
    if not found:
        raise unknown(_("Laporan ini tidak ada atau tidak diterbitkan."))
    return found


def _service_ids(codes: Sequence[str]) -> list[uuid.UUID]:
    known = dict(Service.objects.filter(code__in=codes).values_list("code", "pk"))
    for code in codes:
        if code not in known:
            raise _unknown_service(code)
    return list(known.values())


def _loaded(rows: QuerySet[Case], extended: bool) -> QuerySet[Case]:
    pictures = CaseFile.objects.exclude(published_at=None).filter(stored__mime__startswith="image/")
    rows = rows.select_related("service", "unit", "holder_unit").only(*COLUMNS)
    rows = rows.prefetch_related(Prefetch("files", pictures.only("case_id"), to_attr="pictures"))
    if extended:
        notes = Prefetch("messages", CaseMessage.objects.public(), to_attr="notes")
        rows = rows.prefetch_related(notes, "service__attributes")
    return rows


def _shaped(rows: QuerySet[Case], asked: Asked) -> list[dict[str, Any]]:
    return _shape_all(_loaded(rows, asked.extended)[asked.first : asked.last], asked.extended)


def _shape_all(rows: QuerySet[Case], extended: bool) -> list[dict[str, Any]]:
    zone, shaped = _zones(), []
    for case in rows:
        picture = next(iter(case.pictures), None)  # type: ignore[attr-defined]
        url = absolute(reverse("feedback:case_file", args=[case.number, picture.pk])) if picture else ""
        row = shapes.request(case, zone=zone(case.holder_unit or case.unit), media_url=url)
        if extended:
            questions = case.service.attributes.all() if case.service else ()
            row |= shapes.extended(case, questions, case.notes)  # type: ignore[attr-defined]
        shaped.append(row)
    return shaped


def _zones() -> Callable[[Unit | None], ZoneInfo]:
    """The zone of a unit: its own, or that of the nearest above with one. One statement for any number."""
    own = dict(Unit.objects.exclude(timezone="").values_list("path", "timezone"))
    default = timezone.get_default_timezone_name()

    def zone(unit: Unit | None) -> ZoneInfo:
        path = unit.path if unit else ""
        ends = range(len(path), 0, -Unit.steplen)
        return ZoneInfo(next((own[path[:end]] for end in ends if path[:end] in own), default))

    return zone


def token(text: str) -> list[dict[str, Any]]:
    """The number behind a token once the filing was let in; until then, and for what was not, it is empty."""
    row = RequestToken.objects.filter(token=text).select_related("case").first()
    if row is None:
        raise unknown(_("token ini tidak ada."))
    let_in = not row.case.held and row.case.state != CaseState.SPAM
    return [{"service_request_id": row.case.number if let_in else None, "token": row.token}]
