"""Pages of the unit tree. What other apps know about a unit (people, heads) comes as their panels."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.access import Answer
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.together import read_together
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.units import forms, permissions, registry, services, tree
from kepegawaian.units.models import Unit, UnitPeriod, has_right

Change = Callable[[dict[str, Any]], Unit]


def _require(answer: Answer) -> None:
    if not answer:
        raise PermissionRefused(answer)  # type: ignore[arg-type]


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


def _as_of(request: HttpRequest) -> tuple[forms.AsOfForm, datetime.date, bool]:
    """The form, and the date and the wish for closed units it asks for; what is no date means today."""
    form = forms.AsOfForm(request.GET)
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    return form, chosen.get("pada") or today(), bool(chosen.get("tutup"))


def _asked(request: HttpRequest, name: str) -> Unit | None:
    key = as_uuid(request.GET.get(name))
    return Unit.objects.filter(pk=key).first() if key else None


@require_GET
def tree_page(request: HttpRequest) -> HttpResponse:
    _require(permissions.can_see_tree(request.user))
    form, on, closed = _as_of(request)
    opened = _asked(request, "buka")
    context = {
        "form": form,
        "nodes": tree.shown(on, opened=opened, closed=closed),
        "on": on,
        "past": on != today(),
        "kept": _kept(request),
        "may_manage": has_right(request.user, Right.MANAGE_UNITS),
        "may_create_top": bool(permissions.can_manage(request.user, None)),
    }
    return render(request, "units/tree.html", context)


def _kept(request: HttpRequest) -> str:
    """The part of the address that says how the tree is looked at, for links within it."""
    query = request.GET.copy()
    query.pop("buka", None)
    return query.urlencode()


@require_GET
def branch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One branch of the tree, for htmx; without it the tree page itself opens the branch."""
    _require(permissions.can_see_tree(request.user))
    unit = get_object_or_404(Unit, pk=pk)
    _form, on, closed = _as_of(request)
    nodes = tree.branches([unit.pk], on, closed=closed)
    return render(request, "units/_opened.html", {"unit": unit, "nodes": nodes, "kept": _kept(request)})


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Options for a text box in which a unit is typed; the box sends its text under its own name."""
    _require(permissions.can_see_tree(request.user))
    text = str(next(iter(request.GET.values()), ""))
    return render(request, "units/_options.html", {"options": tree.suggestions(text)})


@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _require(permissions.can_see_tree(request.user))
    unit = get_object_or_404(Unit, pk=pk)
    form, on, closed = _as_of(request)
    histories = UnitPeriod.objects.filter(unit=unit).select_related("parent").order_by("-valid_from")
    periods, above = read_together(histories, Unit.objects.get_ancestors(unit))
    context = {
        "unit": unit,
        "form": form,
        "on": on,
        "past": on != today(),
        "closed": unit.closed_on is not None and unit.closed_on <= on,
        "above": above,
        "below": tree.branches([unit.pk], on, closed=closed),
        "periods": periods,
        "then": next((period for period in periods if _holds(period, on)), None),
        "panels": registry.panels(request, unit, on),
        "may_manage": bool(permissions.can_manage(request.user, unit)),
    }
    return render(request, "units/detail.html", context)


def _holds(period: UnitPeriod, on: datetime.date) -> bool:
    return period.valid_from <= on and (period.valid_to is None or on <= period.valid_to)


# --- Changes --------------------------------------------------------------------------------------
def _form_page(
    request: HttpRequest,
    form: BaseForm,
    change: Change,
    *,
    title: str | Promise,
    unit: Unit | None,
    said: str | Promise,
) -> HttpResponse:
    """One form, one verb: the unit's page when it is done, the form with its reasons when it is refused."""
    if unit is not None:
        _require(permissions.can_manage(request.user, unit))
    changed: list[Unit] = []
    if request.method == "POST" and carried_out(form, lambda data: changed.append(change(data))):
        done(request, said)
        return redirect("units:detail", changed[0].pk)
    status = 422 if form.is_bound else 200
    return render(request, "units/form.html", {"form": form, "title": title, "unit": unit}, status=status)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    if not has_right(request.user, Right.MANAGE_UNITS):
        _require(permissions.NOT_MANAGER)
    parent = _asked(request, "induk")
    form = forms.CreateForm(request.POST or None, initial={"parent": parent, "opened_on": today()})
    return _form_page(
        request,
        form,
        lambda data: services.create_unit(**data, actor=_actor(request)),
        title=_("Unit baru"),
        unit=None,
        said=_("Unit sudah dibuat."),
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    form = forms.FactsForm(request.POST or None, instance=unit)
    return _form_page(
        request,
        form,
        lambda data: services.change_facts(
            unit=unit, changes={name: data[name] for name in forms.FACTS}, actor=_actor(request)
        ),
        title=_("Ubah keterangan unit"),
        unit=unit,
        said=_("Keterangan unit sudah diubah."),
    )


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    return _form_page(
        request,
        forms.RenameForm(request.POST or None, initial={"name": unit.name}),
        lambda data: services.rename(unit=unit, **data, actor=_actor(request)),
        title=_("Ganti nama unit"),
        unit=unit,
        said=_("Nama baru sudah dicatat."),
    )


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    return _form_page(
        request,
        forms.MoveForm(request.POST or None),
        lambda data: services.move(unit=unit, **data, actor=_actor(request)),
        title=_("Pindahkan unit"),
        unit=unit,
        said=_("Kedudukan baru sudah dicatat."),
    )


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    return _form_page(
        request,
        forms.CloseForm(request.POST or None),
        lambda data: services.close(unit=unit, **data, actor=_actor(request)),
        title=_("Tutup unit"),
        unit=unit,
        said=_("Penutupan unit sudah dicatat."),
    )


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    return _form_page(
        request,
        forms.ReopenForm(request.POST or None, initial={"on": unit.closed_on}),
        lambda data: services.reopen(unit=unit, **data, actor=_actor(request)),
        title=_("Buka kembali unit"),
        unit=unit,
        said=_("Unit sudah dibuka kembali."),
    )
