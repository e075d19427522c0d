"""The public home: services with their standard and hours, one search for all, help and statements."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from feedback.enums import CaseState
from feedback.forms_published import SearchForm
from feedback.models import Case, LimitRule, Service, ServiceHours, current_setting
from feedback.rules.opening import Interval, next_days, week
from feedback.services import catalogue, staging
from feedback.services.defence import FILES_EACH
from feedback.views.caching import kept_publicly
from feedback.views.reports.common import ACCESS_SECONDS
from kepegawaian.calendars.services import unit_days
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.pages import paginate

FIVE_MINUTES, HOUR = 300, 3600
SHOWN = 5
AHEAD = 30
COMPONENTS = (
    ("requirements", _("Persyaratan")),
    ("procedure", _("Sistem, mekanisme, dan prosedur")),
    ("duration", _("Jangka waktu")),
    ("cost", _("Biaya atau tarif")),
    ("product", _("Produk pelayanan")),
    ("complaints", _("Penanganan pengaduan")),
)
"""The six of the service standard that are shown to the public (PermenPANRB 15/2014; reference 6.4)."""


@login_not_required
@require_safe
@kept_publicly(FIVE_MINUTES)
def services(request: HttpRequest) -> HttpResponse:
    rows = Service.objects.active().select_related("unit").order_by("group", "order", "name_id")
    context = {
        "form": SearchForm(),
        "page": paginate(rows, request, size=60),
        "answered": _with_state(catalogue.latest_answers(Case.objects.answered(), SHOWN)),
    }
    return render(request, "feedback/services/home.html", context)


def _with_state(cases: list[Case]) -> list[tuple[Case, CaseState]]:
    return [(case, CaseState(case.state)) for case in cases]


@login_not_required
@require_safe
@kept_publicly(FIVE_MINUTES)
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "words": words}
    if words:
        answered, asked = catalogue.found_answers(words)
        context |= {
            "services": catalogue.found_services(words),
            "units": catalogue.found_units(words, SHOWN),
            "answered": _with_state(answered),
            "asked": asked,
        }
    return render(request, "feedback/services/search.html", context)


@login_not_required
@require_safe
@kept_publicly(FIVE_MINUTES)
def service(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Service.objects.active().select_related("unit"), code=code)
    parts = [(name, label, getattr(found, name)) for name, label in COMPONENTS]
    context = {
        "service": found,
        "parts": parts,
        "week": week(_intervals(found)),
        "coming": _special_days(found),
        "answered": _with_state(catalogue.latest_answers(Case.objects.answered().filter(service=found), SHOWN)),
    }
    return render(request, "feedback/services/service.html", context)


def _intervals(found: Service) -> list[Interval]:
    """The service's own hours, where it has any; else those of its unit."""
    rows = list(ServiceHours.objects.filter(unit=found.unit_id, service=found))
    rows = rows or list(ServiceHours.objects.filter(unit=found.unit_id, service=None))
    return [Interval(row.weekday, row.date, row.opens, row.closes, row.note) for row in rows]


def _special_days(found: Service) -> list[Any]:
    """Dates of the next weeks on which the hours are others, or the place is closed."""
    first = today()
    last = first + datetime.timedelta(days=AHEAD)
    holidays = unit_days(found.unit, first, last)["holidays"]
    return next_days(_intervals(found), holidays, first, last)


@login_not_required
@require_safe
@kept_publicly(HOUR)
def help_page(request: HttpRequest) -> HttpResponse:
    limits = LimitRule.objects.in_force(today()).filter(unit=None).order_by("phase", "kind")
    context = {"limits": limits, "setting": current_setting(), "files": FILES_EACH}
    return render(request, "feedback/services/help.html", context)


@login_not_required
@require_safe
@kept_publicly(HOUR)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/services/accessibility.html")


@login_not_required
@require_safe
@kept_publicly(HOUR)
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"minutes": ACCESS_SECONDS // 60, "staged": staging.KEPT_FOR.days, "setting": current_setting()}
    return render(request, "feedback/services/privacy.html", context)
