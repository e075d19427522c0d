"""Results of a forum from a CSV file: a preview first, written only when the organiser confirms what he saw."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback.forms_forum_office import ConfirmSheetForm, SheetForm
from feedback.models import Process
from feedback.rules.result_sheet import COLUMNS, MOST_ROWS
from feedback.services.forums_result_sheet import Plan, import_results, plan_import
from feedback.views.forums.common import managed_process
from kepegawaian.lib.exceptions import PermissionRefused, StateChanged
from kepegawaian.lib.ui.messages import done
from kepegawaian.work.reading import UnreadableSheet, decoded
from kepegawaian.work.verdicts import RowVerdict


@never_cache
@require_http_methods(["GET", "POST"])
def import_sheet(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Nothing is kept between preview and confirmation: the table travels with the page."""
    process = managed_process(request, pk)
    if "seal" in request.POST:
        return _confirm(request, process)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            return _preview(request, process, content, plan_import(process, content))
        except UnreadableSheet as error:
            form.add_error("file", str(error))
    context = {"form": form, "process": process, "columns": COLUMNS, "most": MOST_ROWS}
    return render(request, "feedback/forum/office/import.html", context, status=422 if form.errors else 200)


def _preview(
    request: HttpRequest, process: Process, content: bytes, plan: Plan, refusal: str = ""
) -> HttpResponse:
    confirm = ConfirmSheetForm(initial={"seal": plan.seal, "table": decoded(content)})
    context = {
        "process": process,
        "plan": plan,
        "counts": {verdict.value: plan.counted(verdict) for verdict in RowVerdict},
        "confirm": confirm,
        "refusal": refusal,
    }
    return render(request, "feedback/forum/office/import_preview.html", context, status=409 if refusal else 200)


def _confirm(request: HttpRequest, process: Process) -> HttpResponse:
    content = request.POST.get("table", "").encode()
    try:
        plan = import_results(
            actor=request.user, process=process, content=content, seal=request.POST.get("seal", "")
        )
    except PermissionRefused:
        raise
    except UnreadableSheet:
        return redirect("feedback:forum_results_import", process.pk)
    except StateChanged as error:
        return _preview(request, process, content, plan_import(process, content), str(error))
    count = plan.counted(RowVerdict.NEW) + plan.counted(RowVerdict.CHANGED)
    done(request, ngettext("%(count)d hasil disimpan.", "%(count)d hasil disimpan.", count) % {"count": count})
    return redirect("feedback:forum_results", process.slug)
