"""Published statistics: one row a page, for people as charts with their numbers, for programs as JSON and CSV."""

import csv
import io
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.drawing_statistics import SheetDrawn, years_tabs
from feedback.enums import SurveyKind
from feedback.models import StatisticsSheet, Survey
from feedback.rules.statistics import harmless
from feedback.views.caching import kept_here, kept_publicly

QUARTER_HOUR = 900


def _unit(request: HttpRequest) -> uuid.UUID | None:
    asked = request.GET.get("unit", "")
    try:
        return uuid.UUID(asked) if asked else None
    except ValueError:
        raise Http404 from None


def _sheet(request: HttpRequest, year: int) -> StatisticsSheet:
    rows = StatisticsSheet.objects.filter(unit=_unit(request), year=year)
    found = rows.select_related("unit").first()
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
@kept_publicly(QUARTER_HOUR)
def statistics(request: HttpRequest, year: int | None = None) -> HttpResponse:
    rows = StatisticsSheet.objects.filter(unit=_unit(request)).order_by("-year")
    computed = dict(rows.values_list("year", "computed_at"))
    if year is None and not computed and _unit(request) is None:
        return render(request, "feedback/statistics/none.html")
    shown = year if year is not None else next(iter(computed), 0)
    last = Survey.objects.published().order_by("-published_at").values_list("published_at", flat=True)[:5]
    key = f"statistics:{request.path}:{shown}:{computed.get(shown)}:{list(last)}"
    return kept_here(request, key, lambda: _drawn(request, shown, list(computed)))


def _drawn(request: HttpRequest, year: int, years: list[int]) -> HttpResponse:
    found = _sheet(request, year)
    surveys = Survey.objects.published().filter(kind=SurveyKind.SKM).select_related("unit")
    context = {
        "sheet": found,
        "drawn": SheetDrawn(found),
        "years": years_tabs(years, found),
        "surveys": surveys.order_by("-published_at")[:5] if found.unit_id is None else (),
    }
    return render(request, "feedback/statistics/sheet.html", context)


@login_not_required
@require_safe
@kept_publicly(QUARTER_HOUR)
def statistics_json(request: HttpRequest, year: int) -> HttpResponse:
    found = _sheet(request, year)
    unit = {"id": found.unit_id, "name": found.unit.name} if found.unit else None
    body = {"year": year, "unit": unit, "computed_at": found.computed_at, **found.data}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
@kept_publicly(QUARTER_HOUR)
def statistics_csv(request: HttpRequest, year: int) -> HttpResponse:
    """Long form: table, key, measure, value. An empty value is hidden."""
    found = _sheet(request, year)
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(("table", "key", "measure", "value"))
    writer.writerows(
        [harmless(str(cell)) if cell is not None else "" for cell in row] for row in _rows(found.data)
    )
    response = HttpResponse(sheet.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statistik-{year}.csv"'
    return response


def _rows(data: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    yield from (("cases", "", name, data[name]) for name in ("total", "open", "reopened"))
    for table in ("kinds", "states", "months"):
        yield from ((table, key, "n", n) for key, n in data[table].items())
    for table in ("times", "in_time"):
        for key, measures in data[table].items():
            yield from ((table, key, measure, value) for measure, value in measures.items())
    yield from (("rating", "", name, data["rating"][name]) for name in ("n", "mean"))
    asked = data.get("requests") or {}
    yield from (("requests", "", name, n) for name, n in asked.items() if name not in ("outcomes", "refusals"))
    yield from (("requests", outcome, "n", n) for outcome, n in asked.get("outcomes", {}).items())
    yield from (("refusals", row["ground"], "n", row["n"]) for row in asked.get("refusals", ()))
    for row in data.get("units", ()):
        measures = {name: row.get(name) for name in ("total", "answer", "in_time", "rating")} | row["kinds"]
        yield from (("units", row["name"], measure, value) for measure, value in measures.items())
    for row in data.get("moderation", ()):
        yield ("moderation", row["month"], f"{row['act']}/{row['reason']}", row["n"])
    for row in data.get("appeals", ()):
        yield ("appeals", row["month"], row["state"], row["n"])
