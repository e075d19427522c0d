"""Pages of an import: history and upload, progress, preview, result, error sheet."""

import tempfile
import uuid
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kepegawaian.accounts.models import User
from kepegawaian.employees.forms_import import RowFilter, UploadForm
from kepegawaian.employees.importing import display, errorsheet, permissions, registry, services
from kepegawaian.employees.importing.issues import render as said
from kepegawaian.employees.models.imports import ImportBatch, ImportState
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.work import sheets


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


def _visible(request: HttpRequest, pk: uuid.UUID) -> ImportBatch:
    related = ("job", "file", "created_by", "confirmed_by")
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related(*related), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The imports so far, and the form for the next one."""
    demand(permissions.can_import(request.user))
    layouts = permissions.layouts_for(request.user)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted, layouts=layouts)
    if posted:
        started: list[ImportBatch] = []

        def start(data: dict[str, Any]) -> None:
            started.append(services.start(upload=data["file"], actor=_actor(request), layout=data["layout"]))

        if carried_out(form, start):
            return redirect("employee_imports:detail", started[0].pk)
    batches = ImportBatch.objects.visible_to(request.user).select_related("created_by").order_by("-id")
    context = {"form": form, "page": paginate(batches, request), "layouts": layouts}
    return render(request, "employees/import/index.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One address for an import in whatever state it is: progress, preview, result, or why it failed."""
    batch = _visible(request, pk)
    running = batch.is_running and not batch.is_stuck
    if _swap(request) and not running:
        # The polling fragment has nothing more to show: let the browser load what follows.
        return HttpResponse(headers={"HX-Refresh": "true"})
    layout = registry.layout(batch.layout)
    context: dict[str, Any] = {
        "batch": batch,
        "layout": layout.label if layout else "",
        "notice": said(batch.error, batch.details.get("error")),
        "may_confirm": bool(permissions.can_confirm(request.user, batch)),
        "may_cancel": bool(permissions.can_cancel(request.user, batch)),
    }
    if running:
        partial = "employees/import/_progress.html"
        return render(request, partial if _swap(request) else "employees/import/progress.html", context)
    if batch.state in (ImportState.PREVIEW, ImportState.DONE):
        rows = RowFilter(request.GET, batch=batch)
        page = paginate(rows.rows(), request)
        context |= {"filter": rows, "page": page, "rows": display.shown(batch, page)}
    return render(request, "employees/import/detail.html", context)


def _swap(request: HttpRequest) -> bool:
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def _carry_out(request: HttpRequest, pk: uuid.UUID, verb: Any, text: str) -> HttpResponse:
    batch = _visible(request, pk)
    try:
        verb(batch=batch, actor=_actor(request))
    except StateChanged as error:
        messages.warning(request, str(error.message))
    else:
        done(request, text)
    return redirect("employee_imports:detail", pk)


@require_POST
def confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _carry_out(request, pk, services.confirm, _("Impor sedang disimpan."))


@require_POST
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _carry_out(request, pk, services.cancel, _("Impor dibatalkan. Tidak ada yang disimpan."))


@require_POST
def retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _carry_out(request, pk, services.retry, _("Impor dimulai lagi."))


@require_GET
def error_sheet(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponseBase:
    batch = _visible(request, pk)
    if kind not in sheets.MIMES or not errorsheet.rows_of(batch).exists():
        raise Http404
    target = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - FileResponse closes it
    errorsheet.write(batch, kind, target, actor=_actor(request))
    stem = batch.name.rpartition(".")[0] or batch.name
    return _download(target, kind, f"catatan-{stem[:80]}.{kind}")


@require_GET
def blank(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """An empty sheet with the columns of a layout."""
    layouts = {layout.name: layout for layout in permissions.layouts_for(request.user)}
    if name not in layouts or kind not in sheets.MIMES:
        raise Http404
    target = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - FileResponse closes it
    errorsheet.blank(layouts[name], kind, target)
    return _download(target, kind, f"{name}.{kind}")


def _download(target: BinaryIO, kind: str, name: str) -> FileResponse:
    target.seek(0)
    response = FileResponse(target, as_attachment=True, filename=name, content_type=sheets.MIMES[kind])
    response["Cache-Control"] = "private, no-store"
    return response
