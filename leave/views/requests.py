"""My requests, and the page of one request: for its applicant, for whom it waits, for whoever may see it."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui import messages
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.refusals import carried_out, tells
from leave import permissions, selectors, services
from leave.enums import RequestState
from leave.filters import OwnFilter
from leave.forms import RecallForm, WithdrawForm
from leave.lines import own_lines
from leave.pages import RequestPage
from leave.views.common import own_employee, visible_request
from leave.views.deciding import answer_page

SHOWN = ("employee_id", "type", "state", "start", "end", "charged_days", "submitted_at")
"""What a line of one's own list needs."""


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    employee = own_employee(request)
    form = OwnFilter(request.GET)
    found = selectors.requests_of(employee).select_related(None).only(*SHOWN)
    page = paginate(form.requests(found), request)
    lines = own_lines(selectors.hang_open_steps(page.items))
    return render(request, "leave/requests.html", {"form": form, "page": page, "lines": lines})


@require_safe
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same address for all; to whom a box waits it shows the decision, to others the request."""
    filed = visible_request(request, pk)
    if filed.state == RequestState.DRAFT:
        return redirect("leave:edit", pk)
    page = RequestPage(request.user, filed)
    if page.task:
        return answer_page(request, page)
    return render(request, "leave/request.html", {"page": page, "filed": filed})


@require_http_methods(["GET", "POST"])
@tells("leave:request")
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first, on a page of its own where there is no dialog."""
    filed = visible_request(request, pk)
    demand(permissions.can_withdraw(request.user, filed))
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.withdraw(actor=request.user, request=filed, reason=form.cleaned_data["reason"])
        messages.done(request, _("Permohonan dibatalkan; semua harinya kembali ke saldo Anda."))
        return redirect("leave:request", pk)
    return render(request, "leave/withdraw.html", {"filed": filed, "form": form})


@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The deciding officer ends a running leave early."""
    filed = visible_request(request, pk)
    demand(permissions.can_recall(request.user, filed))
    form = RecallForm(request.POST if request.method == "POST" else None)

    def carry_out(values: dict[str, Any]) -> None:
        own_wish = values.pop("ground") == RecallForm.OWN_WISH
        services.recall(actor=request.user, request=filed, own_wish=own_wish, **values)

    if request.method == "POST" and carried_out(form, carry_out):
        messages.done(request, _("Cuti diakhiri lebih awal; sisa harinya kembali ke saldo pegawai."))
        return redirect("leave:request", pk)
    context = {"filed": filed, "form": form}
    return render(request, "leave/recall.html", context, status=422 if form.errors else 200)


@require_POST
@tells("leave:request")
def discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    filed = visible_request(request, pk)
    services.discard(actor=request.user, request=filed)
    messages.done(request, _("Draf dihapus."))
    return redirect("leave:requests")


@require_POST
@tells("leave:request")
def respond(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The applicant's answer to a change of dates."""
    filed = visible_request(request, pk)
    answered = services.respond(actor=request.user, request=filed, accept=request.POST.get("accept") == "yes")
    if answered.state == RequestState.GRANTED:
        messages.done(request, _("Tanggal baru diterima; cuti Anda diberikan."))
    else:
        messages.done(request, _("Tawaran ditolak; semua harinya kembali ke saldo Anda."))
    return redirect("leave:request", pk)
