"""The year's calendar for everybody; holidays and work patterns for those who keep them."""

import datetime
import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepegawaian.calendars import permissions, services
from kepegawaian.calendars.forms import HolidayForm, PatternForm, UnitSearch, add_refusals
from kepegawaian.calendars.models import Holiday, HolidayKind, UnitPattern
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import RuleRefused, demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.months import Mark, months
from kepegawaian.lib.ui.pages import paginate

FIRST_YEAR, LAST_YEAR = 2000, 2100
MARKS = {HolidayKind.NATIONAL: "holiday", HolidayKind.REGIONAL: "holiday", HolidayKind.COLLECTIVE: "joint"}


# --- The year -------------------------------------------------------------------------------------
@require_safe
def year(request: HttpRequest, year: int | None = None) -> HttpResponse:
    year = _known_year(year or today().year)
    holidays = list(Holiday.objects.in_force().filter(date__year=year))
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    marks = {row.date: Mark(MARKS[HolidayKind(row.kind)], row.name) for row in reversed(holidays)}
    context = {
        "year": year,
        "previous": year - 1 if year > FIRST_YEAR else None,
        "next": year + 1 if year < LAST_YEAR else None,
        "holidays": holidays,
        "months": months(first, last, marks),
        "unconfirmed": any(not row.confirmed for row in holidays),
        "may_change": bool(permissions.can_manage_holidays(request.user)),
        "may_see_patterns": bool(permissions.can_see_patterns(request.user)),
    }
    return render(request, "calendars/year.html", context)


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def year_ical(request: HttpRequest, year: int) -> HttpResponse:
    """Public: days off are no secret, and calendar programs that subscribe do not sign in."""
    from kepegawaian.calendars.ical import year_calendar

    year = _known_year(year)
    body = year_calendar(year, Holiday.objects.in_force().filter(date__year=year))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="hari-libur-{year}.ics"'
    return response


def _known_year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


# --- Holidays -------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def holiday(request: HttpRequest, holiday_id: uuid.UUID | None = None) -> HttpResponse:
    demand(permissions.can_manage_holidays(request.user))
    row = get_object_or_404(Holiday.objects.in_force(), pk=holiday_id) if holiday_id else None
    form = HolidayForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_holiday(actor=request.user, holiday=row, **form.cleaned_data)
        except RuleRefused as refused:
            add_refusals(form, refused)
        else:
            done(request, _("Hari libur disimpan."))
            return redirect("calendars:year", saved.date.year)
    return render(request, "calendars/holiday.html", {"form": form, "holiday": row})


@require_POST
def remove_holiday(request: HttpRequest, holiday_id: uuid.UUID) -> HttpResponse:
    demand(permissions.can_manage_holidays(request.user))
    row = get_object_or_404(Holiday.objects.in_force(), pk=holiday_id)
    services.remove_holiday(actor=request.user, holiday=row)
    done(request, _("Hari libur dihapus."))
    return redirect("calendars:year", row.date.year)


# --- Work patterns of units -----------------------------------------------------------------------
@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Units of one's scope: those with a pattern, or those that the search finds."""
    demand(permissions.can_see_patterns(request.user))
    form = UnitSearch(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    units = permissions.units_of(request.user).filter(closed_on=None)
    found = units.filter(name__icontains=words) if words else units.filter(patterns__isnull=False).distinct()
    page = paginate(found, request)
    in_force = _patterns_today([unit.path for unit in page])
    rows = [(unit, in_force[unit.path]) for unit in page]
    return render(request, "calendars/patterns.html", {"form": form, "page": page, "rows": rows, "words": words})


@require_http_methods(["GET", "POST"])
def unit_patterns(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    unit = get_object_or_404(permissions.units_of(request.user), pk=unit_id)
    form = PatternForm(request.POST or None, initial={"valid_from": today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_unit_pattern(actor=request.user, unit=unit, **form.cleaned_data)
        except RuleRefused as refused:
            add_refusals(form, refused)
        else:
            done(request, _("Pola kerja disimpan."))
            return redirect("calendars:unit_patterns", unit.pk)
    context = {
        "unit": unit,
        "form": form,
        "patterns": unit.patterns.order_by("-valid_from"),
        "now": _patterns_today([unit.path])[unit.path],
    }
    return render(request, "calendars/unit_patterns.html", context)


@require_POST
def remove_pattern(request: HttpRequest, pattern_id: uuid.UUID) -> HttpResponse:
    scope = permissions.units_of(request.user)
    row = get_object_or_404(UnitPattern.objects.select_related("unit"), pk=pattern_id, unit__in=scope)
    services.remove_unit_pattern(actor=request.user, pattern=row)
    done(request, _("Pola kerja dihapus."))
    return redirect(reverse("calendars:unit_patterns", args=[row.unit_id]))


def _patterns_today(paths: list[str]) -> dict[str, Any]:
    on = today()
    return {path: periods[0].pattern for path, periods in services.unit_patterns_bulk(paths, on, on).items()}
