"""HR changes a person: facts, number, the end of service, and a new person."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kepegawaian.employees import forms, permissions, services
from kepegawaian.employees.models import Employee
from kepegawaian.employees.services import RESTRICTED
from kepegawaian.employees.views.common import FormPage, actor_of, visible
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out


def _of(employee: Employee) -> str:
    return reverse("employees:detail", args=[employee.pk])


@sensitive_post_parameters(*RESTRICTED)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    employee = visible(request, pk)
    demand(permissions.can_edit(request.user, employee))
    form = forms.EditForm(request.POST or None, instance=employee)
    page = FormPage(
        title=_("Ubah data"),
        text=_("Nilai lama tetap tersimpan di jejak perubahan."),
        said=_("Data sudah diubah."),
        back=_of(employee),
        employee=employee,
        template="employees/form_grouped.html",
    )
    return page.answer(
        request,
        form,
        lambda _data: services.change_facts(employee=employee, changes=form.changes(), actor=actor_of(request)),
    )


@sensitive_post_parameters(*RESTRICTED)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_create_somewhere(request.user))
    form = forms.CreateForm(request.POST or None)
    made: list[Employee] = []
    if request.method == "POST" and carried_out(
        form, lambda _data: made.append(services.create_employee(**form.facts(), actor=actor_of(request)))
    ):
        done(request, _("Pegawai sudah dimasukkan. Lanjutkan dengan jabatannya."))
        return redirect("employees:add_position", made[0].pk)
    page = FormPage(
        title=_("Pegawai baru"),
        text=_("Akun dibuat tanpa kata sandi; kode aktivasinya dicetak terpisah."),
        said="",
        back=reverse("employees:list"),
        back_label=_("Pegawai"),
        template="employees/form_grouped.html",
    )
    return page.draw(request, form)


@require_http_methods(["GET", "POST"])
def number(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    employee = visible(request, pk)
    demand(permissions.can_edit(request.user, employee))
    page = FormPage(
        title=_("Ganti NIP"),
        text=_("Pegawai masuk dengan nomor baru; nomor lama tetap tersimpan."),
        said=_("Nomor baru sudah dicatat."),
        back=_of(employee),
        employee=employee,
    )
    return page.answer(
        request,
        forms.NumberForm(request.POST or None),
        lambda data: services.change_number(employee=employee, **data, actor=actor_of(request)),
    )


@require_http_methods(["GET", "POST"])
def end_service(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    employee = visible(request, pk)
    demand(permissions.can_edit(request.user, employee))
    page = FormPage(
        title=_("Catat berhenti"),
        text=_("Jabatan dan pangkat berakhir pada hari itu, akunnya ditutup, riwayatnya tetap ada."),
        said=_("Pemberhentian sudah dicatat."),
        back=_of(employee),
        employee=employee,
        button=_("Catat"),
    )
    return page.answer(
        request,
        forms.EndServiceForm(request.POST or None),
        lambda data: services.end_service(employee=employee, **data, actor=actor_of(request)),
    )
