"""Structured logs: one JSON line an event, with ids only, never names or reasons.

What we write ourselves carries ids. What foreign packages write is made harmless on its way out: the text of an
exception may quote a row ("Key (nip)=(...) already exists"), so only its class and its frames are kept, and long
numbers and mail addresses are blacked out wherever they stand.
"""

import re
import sys
import time
import traceback
import uuid
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

logger = structlog.get_logger("request")
EventDict = MutableMapping[str, Any]
_PERSONAL = re.compile(r"\b\d{16,18}\b|\b\d{8} \d{6} \d \d{3}\b|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_FRAMES = 15


class RequestContextMiddleware:
    """Binds a request id to every log line and writes one line per request, but for those that are `untraced`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        request_id = uuid.uuid4().hex
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        if getattr(request, "untraced", False):
            return response
        match = request.resolver_match
        logger.info(
            "request",
            method=request.method,
            route=match.view_name if match else "",
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
            user=_known_user(request),
        )
        return response


def _known_user(request: HttpRequest) -> str:
    """The id of the signed-in person if somebody asked for it already; a log line costs no statement."""
    user = getattr(request, "_cached_user", None) or getattr(request, "_force_auth_user", None)
    return str(getattr(user, "pk", "") or "")


def bind_task(task_id: str | None = None, task: Any = None, **kwargs: Any) -> None:
    """Receiver of Celery's `task_prerun`: every line of a task says which task it belongs to."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=getattr(task, "name", ""), task_id=task_id)


def _place_of_error(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace a traceback by the classes of its exceptions and its frames."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info if isinstance(info, BaseException) else info[1] if info else None
    if error is None:
        return event
    event["error"] = [type(one).__name__ for one in _chain(error)]
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    event["frames"] = [f"{'/'.join(Path(at.filename).parts[-3:])}:{at.lineno} {at.name}" for at in frames]
    return event


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _name_failed_task(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Celery tells of a failed task with the text of its exception; keep which task it was."""
    record = event.get("_record")
    if (
        record is not None
        and record.name == "celery.app.trace"
        and isinstance(getattr(record, "data", None), dict)
    ):
        event["event"] = "task failed"
        event["task"], event["task_id"] = record.data.get("name"), record.data.get("id")
    return event


def _redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _PERSONAL.sub("[…]", value)
        elif isinstance(value, list):
            event[key] = [_PERSONAL.sub("[…]", item) if isinstance(item, str) else item for item in value]
    return event


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    _name_failed_task,
    _place_of_error,
]
RENDERERS: dict[str, list[Any]] = {
    "json": [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _redact,
        structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
    ],
    "text": [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _redact,
        structlog.dev.ConsoleRenderer(),
    ],
}
