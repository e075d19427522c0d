"""Several cases at once: asked first, then what became of each."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from feedback import permissions
from feedback.forms_desk import BulkAssignForm, BulkForwardForm
from feedback.models import Case
from feedback.services import desk
from feedback.views.desk.common import private
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.messages import done

TITLES = {
    "forward": gettext_lazy("Teruskan ke unit"),
    "assign": gettext_lazy("Ganti petugas"),
    "spam": gettext_lazy("Tandai bukan laporan"),
}


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_file_for_others(request.user))
    action, versions = request.POST.get("action", ""), _versions(request)
    if action not in TITLES:
        raise Http404
    rows = desk.chosen(request.user, versions)
    if not rows:
        done(request, _("Pilih dahulu laporannya."))
        return redirect("feedback:desk")
    confirmed = request.POST.get("step") == "do"
    form = _form(action, rows, request.POST if confirmed else None)
    context = {"rows": rows, "action": action, "title": TITLES[action], "form": form, "versions": versions}
    if confirmed and (form is None or form.is_valid()):
        found = _carry_out(request.user, action, rows, versions, form)
        good = sum(outcome.ok for outcome in found)
        return private(request, "feedback/desk/bulk_done.html", context | {"outcomes": found, "good": good})
    return private(request, "feedback/desk/bulk.html", context, status=422 if confirmed else 200)


def _versions(request: HttpRequest) -> dict[uuid.UUID, int]:
    """`<id>:<version>` of each ticked case, as its row was drawn."""
    found: dict[uuid.UUID, int] = {}
    for text in request.POST.getlist("id"):
        key, _colon, version = text.partition(":")
        try:
            found[uuid.UUID(key)] = int(version)
        except ValueError:
            continue
    return found


def _form(action: str, rows: list[Case], data: Any) -> Any:
    if action == "forward":
        return BulkForwardForm(data)
    return BulkAssignForm(rows, data) if action == "assign" else None


def _carry_out(
    user: Any, action: str, rows: list[Case], versions: dict[uuid.UUID, int], form: Any
) -> list[desk.Outcome]:
    if action == "forward":
        return desk.forward_all(actor=user, rows=rows, versions=versions, unit=form.cleaned_data["unit"])
    if action == "assign":
        return desk.reassign_all(actor=user, rows=rows, versions=versions, officer=form.cleaned_data["officer"])
    return desk.mark_all_spam(actor=user, rows=rows, versions=versions)
