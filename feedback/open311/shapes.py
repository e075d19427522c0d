"""What GeoReport v2 says of a service, its definition and a request (reference 2.2-2.4, 2.6). No queries.

Identifiers are strings always, booleans are booleans, every date has its zone.
"""

import datetime
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from feedback.enums import CaseState
from feedback.models import AttributeType, Case, Service, ServiceAttribute
from feedback.rules.personal import preview

LISTS = (AttributeType.SINGLE, AttributeType.MULTI)
COARSE = 2
"""Decimal places, about a kilometre: where a service is not about a place, its point may be somebody's home."""
_LAST_MOMENT = datetime.time(23, 59, 59)


def moment(value: datetime.datetime) -> str:
    """W3C profile of ISO 8601, seconds and zone."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def end_of_day(day: datetime.date, zone: ZoneInfo) -> str:
    """A limit is kept until its last day is over, where the unit is."""
    return datetime.datetime.combine(day, _LAST_MOMENT, zone).isoformat(timespec="seconds")


def service(row: Service, *, asks: bool) -> dict[str, Any]:
    return {
        "service_code": row.code,
        "service_name": row.name,
        "description": row.description or None,
        "metadata": asks,
        "type": "realtime",
        "keywords": ", ".join(row.keyword_list) or None,
        "group": row.group_name or None,
    }


def definition(row: Service, attributes: Iterable[ServiceAttribute]) -> dict[str, Any]:
    return {"service_code": row.code, "attributes": [_attribute(attribute) for attribute in attributes]}


def _attribute(row: ServiceAttribute) -> dict[str, Any]:
    shape = {
        "variable": row.variable,
        "code": row.code,
        "datatype": row.datatype,
        "required": row.required,
        "datatype_description": row.datatype_description or None,
        "order": row.order,
        "description": row.description,
    }
    if row.datatype in LISTS:
        shape["values"] = [{"key": str(key), "name": name} for key, name in row.values]
    return shape


def request(case: Case, *, zone: ZoneInfo, media_url: str = "") -> dict[str, Any]:
    """A published case as everybody may read it. Reads the published columns alone, never text or title."""
    unit = case.holder_unit or case.unit
    closed = case.closed_at if not case.is_open else None
    return {
        "service_request_id": case.number,
        "status": "open" if case.is_open else "closed",
        "status_notes": str(CaseState(case.state).label),
        "service_name": case.service.name if case.service else None,
        "service_code": case.service.code if case.service else None,
        "description": case.published_text,
        "agency_responsible": unit.name if unit else None,
        "service_notice": None,
        "requested_datetime": moment(case.received_at),
        "updated_datetime": moment(closed or case.updated_at),
        "expected_datetime": end_of_day(case.due_on, zone) if case.is_open and case.due_on else None,
        **_place(case),
        "media_url": media_url or None,
    }


def _place(case: Case) -> dict[str, Any]:
    exact = case.service is not None and case.service.location_needed
    lat, long = case.lat, case.long
    if not exact and lat is not None and long is not None:
        lat, long = round(lat, COARSE), round(long, COARSE)
    return {
        "address": (preview(case.place) or None) if exact else None,
        "address_id": None,
        "zipcode": None,
        "lat": None if lat is None else float(lat),
        "long": None if long is None else float(long),
    }


def extended(case: Case, attributes: Iterable[ServiceAttribute], notes: Iterable[Any]) -> dict[str, Any]:
    """What `extensions=true` adds. Of the answers to a service's questions only those picked from a list: what
    somebody typed was looked through by nobody."""
    picked = [
        {"code": row.code, "name": row.description, "values": _picked(row, case.attributes[row.code])}
        for row in attributes
        if row.datatype in LISTS and row.code in case.attributes
    ]
    return {
        "attributes": picked,
        "extended_attributes": {"title": case.published_title, "kind": case.kind, "state": case.state},
        "notes": [{"datetime": moment(note.at), "description": note.published_text} for note in notes],
    }


def _picked(row: ServiceAttribute, answer: Any) -> list[dict[str, str]]:
    names = {str(key): name for key, name in row.values}
    keys = answer if isinstance(answer, list) else [answer]
    return [{"key": str(key), "name": names[str(key)]} for key in keys if str(key) in names]
