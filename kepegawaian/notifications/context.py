"""The context of a message as JSON and back, so that dates and labels are worded in the reader's language."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.module_loading import import_string


def encode(value: Any) -> Any:
    """Plain values, dates, decimals, ids, enum members, lists and dicts; raises TypeError for anything else.

    Texts that are lazily translated are refused: they would be worded in the sender's language for ever.
    """
    if isinstance(value, Choices):
        return {"$choice": f"{type(value).__module__}.{type(value).__name__}", "value": value.value}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime.datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"$date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    hint = " (pass the enum member, or say it in the template)" if isinstance(value, Promise) else ""
    raise TypeError(f"{type(value).__name__} cannot be kept in the context of a message{hint}")


def decode(value: Any) -> Any:
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$date" in value:
        return datetime.date.fromisoformat(value["$date"])
    if "$moment" in value:
        return datetime.datetime.fromisoformat(value["$moment"])
    if "$decimal" in value:
        return Decimal(value["$decimal"])
    if "$choice" in value:
        return _choice(value["$choice"], value["value"])
    return {key: decode(item) for key, item in value.items()}


def _choice(path: str, value: Any) -> Any:
    """The enum member; the bare value when an old message names an enum that is gone."""
    try:
        return import_string(path)(value)
    except (ImportError, ValueError):
        return value
