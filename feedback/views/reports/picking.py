"""Steps beside the form of a report, without scripts: the tree of services and units, and the point on the map.

What was typed travels along, right or wrong; the citizen's form and the officer's share them.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.http import HttpRequest

from feedback.forms_reports import ReportForm
from feedback.models import current_setting
from feedback.rules.maps import usable
from feedback.services import catalogue
from feedback.views.reports.common import FormToken
from feedback.views.reports.placing import board

PUBLIC = "layout/public.html"
PICK, PLACE = STEPS = ("pick", "place")
A_STEP = 100
"""Units on one page of the tree: an office may have a thousand schools."""
F = TypeVar("F", bound=ReportForm)


def pressed(request: HttpRequest, form: ReportForm) -> dict[str, str] | None:
    """What the form then says instead, {} for nothing; None while the visitor is still looking, or does something
    else."""
    if "choose" in request.POST:
        form.chosen = catalogue.about(request.POST["choose"]) or form.chosen
        return {}
    return {"point": request.POST["placed"]} if "placed" in request.POST else None


def step(
    request: HttpRequest,
    form: ReportForm,
    token: FormToken,
    names: Sequence[str],
    *,
    here: str,
    layout: str = PUBLIC,
) -> tuple[str, dict[str, Any]] | None:
    """Template and context; None where there is no map to point at. `here`: where the form is sent to."""
    carried = left(form, names)
    shared = {"form": form, "token": token.text, "here": here, "layout": layout}
    if request.POST.get("step") == PICK:
        shelf = catalogue.shelf(request.POST.get("at", ""))
        units = Paginator(shelf.units, A_STEP).get_page(request.POST.get("page"))
        return "feedback/reports/pick.html", shared | {"carried": carried.items(), "shelf": shelf, "units": units}
    setting = current_setting()
    if not usable(setting.map_tiles):
        return None
    typed = form.data.get("point", "")
    shown = board(request, typed, setting)
    carried |= {"point": shown.point} if shown.point else {}
    more = {"carried": carried.items(), "before": request.POST.get("before", typed), "board": shown}
    return "feedback/reports/place.html", shared | more


def left(form: ReportForm, names: Sequence[str]) -> dict[str, str]:
    """What was typed so far."""
    return {name: form.data[name] for name in names if form.data.get(name)}


def as_left(form: ReportForm, fresh: F) -> F:
    """A new form with the files and the choice of the one that was left."""
    fresh.stored, fresh.kept_token, fresh.chosen = form.stored, form.kept_token, form.chosen
    if form.chosen:
        fresh.initial["about"] = form.chosen.label
    return fresh
