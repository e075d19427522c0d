"""Writing a request: the form with its preview, drafts that save themselves, sending."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kepegawaian.employees.fields import person_suggestions
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused, demand
from kepegawaian.lib.ids import as_uuid, uuid7
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import show_refusal
from leave import permissions, services
from leave.colleagues import colleagues_of
from leave.drawing import PreviewDrawn
from leave.enums import RequestState
from leave.forms import RequestForm, initial_of
from leave.models import LeaveRequest
from leave.views.common import files_of, keep_upload, own_employee, require_own_key, visible_request


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    employee = own_employee(request)
    if request.method == "POST":
        return _posted(request, employee, None)
    form = RequestForm(initial=_first_values(request, employee), employee=employee)
    return _page(request, form, None, key=form.initial["draft"])


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A draft, or what was sent and nobody has touched yet."""
    filed = visible_request(request, pk)
    demand(permissions.can_edit(request.user, filed))
    if request.method == "POST":
        return _posted(request, filed.employee, filed)
    return _page(request, RequestForm(initial=initial_of(filed), employee=filed.employee), filed, key=pk)


def _posted(request: HttpRequest, employee: Employee, filed: LeaveRequest | None) -> HttpResponse:
    mode = request.POST.get("action", RequestForm.PREVIEW)
    form = RequestForm(request.POST, request.FILES, employee=employee, mode=mode)
    form.is_valid()
    _keep_attachment(request, form)
    if mode in (form.SUBMIT, form.DRAFT) and form.is_valid():
        try:
            return _carry_out(request, form, filed)
        except PermissionRefused:
            raise
        except ApplicationError as error:
            show_refusal(form, error)
    return _page(request, form, filed, key=form.key)


def _carry_out(request: HttpRequest, form: RequestForm, filed: LeaveRequest | None) -> HttpResponse:
    data, actor, employee = form.data_so_far(), request.user, form.employee
    if filed is not None and filed.state != RequestState.DRAFT:
        services.edit(actor=actor, request=filed, data=data, version=form.cleaned_data["version"])
        done(request, _("Perubahan disimpan; hari kerja dihitung ulang."))
        return redirect("leave:request", filed.pk)
    if form.mode == form.DRAFT:
        draft = services.save_draft(actor=actor, employee=employee, data=data, key=form.key)
        done(request, _("Draf disimpan. Belum ada yang menerima permohonan ini."))
        return redirect("leave:edit", draft.pk)
    sent = services.file_request(actor=actor, employee=employee, data=data, key=form.key)
    done(request, _("Permohonan terkirim."), undo_url=reverse("leave:withdraw", args=[sent.pk]))
    return redirect("leave:request", sent.pk)


def _keep_attachment(request: HttpRequest, form: RequestForm) -> None:
    """A chosen file is kept at once, so that a mistake elsewhere does not ask for it again."""
    upload = form.files.get("attachment")
    if upload is None or form.key is None or "attachment" in form.errors:
        return
    require_own_key(form.key, form.employee)
    try:
        keep_upload(upload, form.key, actor=request.user, known=files_of(form.key))
    except RuleRefused as error:
        form.add_error("attachment", str(error.message))


def _first_values(request: HttpRequest, employee: Employee) -> dict[str, Any]:
    """Address and phone as in the last request; `?salin=` takes over all of an earlier one but its dates."""
    before = LeaveRequest.objects.filter(employee=employee)
    copied = as_uuid(request.GET.get("salin"))
    last = (before.filter(pk=copied) if copied else before).order_by("-id").first()
    values: dict[str, Any] = {"draft": uuid7(), "phone": employee.phone}
    if last is not None:
        values |= {"address": last.address, "phone": last.phone}
    if last is not None and copied:
        values |= {"reason": last.reason, "abroad": last.abroad, "country": last.country}
    return values


def _page(
    request: HttpRequest, form: RequestForm, filed: LeaveRequest | None, *, key: uuid.UUID | None
) -> HttpResponse:
    is_draft = filed is None or filed.state == RequestState.DRAFT
    context = {
        "form": form,
        "filed": filed,
        "is_draft": is_draft,
        "drawn": _preview(request, form, filed),
        "files": files_of(key) if form.is_bound or filed else [],
        "drafts": [] if filed else _other_drafts(form.employee, key),
    }
    refused = bool(form.errors) and form.mode != form.PREVIEW
    return render(request, "leave/form.html", context, status=422 if refused else 200)


def _preview(request: HttpRequest, form: RequestForm, filed: LeaveRequest | None) -> PreviewDrawn | None:
    if form.is_bound:
        if not form.has_dates:
            return None
        data = form.data_so_far()
    elif filed is not None:
        data = services.RequestData.of(filed)
    else:
        return None
    found = services.preview(request.user, form.employee, data, request=filed)
    return PreviewDrawn.of(found, data)


def _other_drafts(employee: Employee, key: uuid.UUID | None) -> list[LeaveRequest]:
    drafts = LeaveRequest.objects.filter(employee=employee, state=RequestState.DRAFT)
    if key is not None:
        drafts = drafts.exclude(pk=key)
    return list(drafts.order_by("-id")[:3])


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The panel alone, for htmx; the page itself draws the same one."""
    employee = own_employee(request)
    form = RequestForm(request.POST, employee=employee, mode=RequestForm.PREVIEW)
    drawn = None
    if form.has_dates:
        filed = LeaveRequest.objects.filter(pk=form.key, employee=employee).first() if form.key else None
        data = form.data_so_far()
        drawn = PreviewDrawn.of(services.preview(request.user, employee, data, request=filed), data)
    return render(request, "leave/_preview.html", {"drawn": drawn, "form": form, "swap": True})


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Keep a draft while its form is open; 422 while there is nothing to lose yet, 409 once it was sent."""
    employee = own_employee(request)
    form = RequestForm(request.POST, employee=employee, mode=RequestForm.DRAFT)
    if not form.has_dates or form.key is None or not form.cleaned_data.get("reason"):
        return HttpResponse(status=422)
    require_own_key(form.key, employee)
    if LeaveRequest.objects.filter(pk=form.key).exclude(state=RequestState.DRAFT).exists():
        return HttpResponse(status=409)
    try:
        services.save_draft(actor=request.user, employee=employee, data=form.data_so_far(), key=form.key)
    except ApplicationError as error:
        return HttpResponse(status=error.status)
    return HttpResponse(status=204)


@require_GET
def colleagues(request: HttpRequest) -> HttpResponse:
    """Suggestions for the stand-in, for htmx."""
    options = person_suggestions(colleagues_of(own_employee(request)), request.GET.get("stand_in", "")[:200])
    return render(request, "units/_options.html", {"options": options})
