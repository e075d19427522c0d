"""HR adds, corrects, ends and takes back dated rows of a person."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kepegawaian.employees import forms, permissions, services
from kepegawaian.employees.models import Employee, PositionHolding, RankHolding
from kepegawaian.employees.views.common import FormPage, actor_of, visible
from kepegawaian.lib.exceptions import demand

PAGE = ["GET", "POST"]


def _editable(request: HttpRequest, pk: uuid.UUID) -> Employee:
    employee = visible(request, pk)
    demand(permissions.can_edit(request.user, employee))
    return employee


def _page(employee: Employee, **kwargs: Any) -> FormPage:
    return FormPage(back=reverse("employees:detail", args=[employee.pk]), employee=employee, **kwargs)


def _row(model: Any, employee: Employee, row: uuid.UUID) -> Any:
    return get_object_or_404(model.objects.standing(), employee=employee, pk=row)


@require_http_methods(PAGE)
def add_rank(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    employee = _editable(request, pk)
    form = forms.RankForm(request.POST or None)
    page = _page(
        employee,
        title=_("Tambah pangkat"),
        text=_("Pangkat sebelumnya berakhir sehari sebelum TMT ini."),
        said=_("Pangkat sudah dicatat."),
    )
    return page.answer(
        request,
        form,
        lambda _data: services.add_rank(employee=employee, **form.verb_arguments(), actor=actor_of(request)),
    )


@require_http_methods(PAGE)
def add_position(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    employee = _editable(request, pk)
    form = forms.PositionForm(request.POST or None, initial={"unit": employee.current_unit})
    page = _page(
        employee,
        title=_("Tambah jabatan"),
        text=_(
            "Jabatan definitif sebelumnya berakhir sehari sebelum TMT ini. "
            "Kepala unit ditetapkan di halaman unitnya."
        ),
        said=_("Jabatan sudah dicatat."),
    )
    return page.answer(
        request,
        form,
        lambda _data: services.add_position(employee=employee, **form.verb_arguments(), actor=actor_of(request)),
    )


@require_http_methods(PAGE)
def correct_rank(request: HttpRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    employee = _editable(request, pk)
    wrong = _row(RankHolding, employee, row)
    form = forms.CorrectRankForm(request.POST or None, initial=forms.CorrectRankForm.start(wrong))
    page = _page(
        employee,
        title=_("Perbaiki pangkat"),
        said=_("Riwayat pangkat sudah diperbaiki."),
        context={"withdraw_url": reverse("employees:withdraw_rank", args=[employee.pk, wrong.pk])},
    )
    return page.answer(
        request,
        form,
        lambda data: services.correct(
            row=wrong, changes=form.changes(), reason=data["reason"], actor=actor_of(request)
        ),
    )


@require_http_methods(PAGE)
def correct_position(request: HttpRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    employee = _editable(request, pk)
    wrong = _row(PositionHolding, employee, row)
    form = forms.CorrectPositionForm(
        request.POST or None, row=wrong, initial=forms.CorrectPositionForm.start(wrong)
    )
    page = _page(
        employee,
        title=_("Perbaiki jabatan"),
        text=wrong.position.name,
        said=_("Riwayat jabatan sudah diperbaiki."),
        context={"withdraw_url": reverse("employees:withdraw_position", args=[employee.pk, wrong.pk])},
    )
    return page.answer(
        request,
        form,
        lambda data: services.correct(
            row=wrong, changes=form.changes(), reason=data["reason"], actor=actor_of(request)
        ),
    )


@require_http_methods(PAGE)
def withdraw(request: HttpRequest, pk: uuid.UUID, row: uuid.UUID, model: Any) -> HttpResponse:
    employee = _editable(request, pk)
    wrong = _row(model, employee, row)
    page = _page(
        employee,
        title=_("Batalkan baris riwayat"),
        text=wrong.words if isinstance(wrong, RankHolding) else wrong.position.name,
        said=_("Baris riwayat sudah dibatalkan."),
        button=_("Batalkan baris ini"),
    )
    return page.answer(
        request,
        forms.WithdrawForm(request.POST or None),
        lambda data: services.withdraw(row=wrong, reason=data["reason"], actor=actor_of(request)),
    )


@require_http_methods(PAGE)
def end_position(request: HttpRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    employee = _editable(request, pk)
    post = _row(PositionHolding, employee, row)
    page = _page(
        employee,
        title=_("Akhiri jabatan"),
        text=post.position.name,
        said=_("Akhir jabatan sudah dicatat."),
    )
    return page.answer(
        request,
        forms.EndForm(request.POST or None),
        lambda data: services.end_holding(row=post, on=data["on"], actor=actor_of(request)),
    )
