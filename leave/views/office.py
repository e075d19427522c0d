"""The office's side of leave: requests in scope, what is stuck, earlier years, the end of the year."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.pages import by_keys, paged, paginate
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.units.models import has_right
from kepegawaian.work import sheets
from kepegawaian.work.models import Job
from leave import exporting, permissions, year_end
from leave.filters import OfficeFilter, OpeningFilter, PersonFilter
from leave.forms import YearEndForm
from leave.ledger import current_setting
from leave.lines import office_lines, opening_lines
from leave.models import LeaveStep, YearRun
from leave.selectors import openings as opening_list
from leave.selectors.office import OfficeList
from leave.services.opening import opening_years


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Requests in the scope of one's role, and those one had to do with."""
    demand(permissions.can_oversee(request.user))
    form = OfficeFilter(request.GET)
    found = OfficeList(request.user, form.narrowed, form.order(request.GET.get("sort", "")))
    page = paged(request, found.lines, lambda _items: found.size())
    lines = office_lines(page.items)
    query = request.GET.urlencode()
    context = {"form": form, "page": page, "lines": lines, "query": query, "kinds": sheets.MIMES}
    return render(request, "leave/office.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a sheet: at once, or a longer one by a worker. Who took it is in the trail."""
    query, kind = request.GET.urlencode(), request.GET.get("jenis", sheets.CSV)
    if kind not in sheets.MIMES:
        raise Http404
    if exporting.REQUESTS.count_capped(query, request.user) > sheets.AT_ONCE:
        return render(request, "leave/export.html", {"query": query, "kind": kind})
    return exporting.REQUESTS.answer(query=query, kind=kind, actor=request.user)


@require_POST
def export_later(request: HttpRequest) -> HttpResponse:
    query, kind = request.POST.get("query", ""), request.POST.get("jenis", sheets.CSV)
    if kind not in sheets.MIMES:
        raise Http404
    job = exporting.REQUESTS.later(query=query, kind=kind, actor=request.user)
    return redirect("work:job", job.pk)


# --- What is stuck --------------------------------------------------------------------------------
@require_safe
def without_holder(request: HttpRequest) -> HttpResponse:
    """Steps that nobody can fill because a post has no holder or the table no row."""
    demand(permissions.can_oversee(request.user))
    steps = _open_steps(request, Right.VIEW_LEAVE).filter(holder=None)
    may_name = has_right(request.user, Right.EDIT_RECORDS)
    context = {"page": paginate(steps, request), "may_name_heads": may_name}
    return render(request, "leave/without_holder.html", context)


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """What waits for the completeness check in the units of this personnel officer."""
    demand(permissions.can_check_anywhere(request.user))
    steps = _open_steps(request, Right.CHECK_LEAVE).filter(kind="check")
    return render(request, "leave/checks.html", {"page": paginate(steps, request)})


def _open_steps(request: HttpRequest, right: Right) -> QuerySet[LeaveStep]:
    people = Employee.objects.in_scope(request.user, right)
    rows = LeaveStep.objects.filter(closed_at=None, request__employee__in=people)
    rows = rows.exclude(Q(request__employee__user=request.user.pk))
    return rows.select_related("request__employee__current_unit", "holder").order_by("due_on", "id")


# --- Earlier years --------------------------------------------------------------------------------
@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    """People whose years before go-live are not entered yet."""
    demand(permissions.can_manage_anywhere(request.user))
    years = opening_years(current_setting())
    form = OpeningFilter(request.GET)
    found = form.people(opening_list.people(request.user, years))
    page = by_keys(found, request, lambda keys: opening_list.lines_of(keys, years))
    may_import = has_right(request.user, Right.IMPORT_RECORDS)
    lines = opening_lines(page.items)
    context = {"form": form, "page": page, "lines": lines, "years": years, "may_import": may_import}
    return render(request, "leave/openings.html", context)


# --- The end of the year --------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def year_end_page(request: HttpRequest) -> HttpResponse:
    """What the end of a year does to each person; run as a job with progress."""
    demand(permissions.can_manage(request.user))
    posted = request.POST if request.method == "POST" else None
    form = YearEndForm(posted, initial={"year": YearEndForm.default_year()})
    started: list[Job] = []

    def start(values: dict[str, Any]) -> None:
        preview = request.POST.get("action") != "close"
        started.append(year_end.start_run(actor=request.user, year=values["year"], preview=preview))

    if posted is not None and carried_out(form, start):
        return redirect("work:job", started[0].pk)
    context = _year_end_context(request, form)
    return render(request, "leave/year_end.html", context, status=422 if form.errors else 200)


def _year_end_context(request: HttpRequest, form: YearEndForm) -> dict[str, Any]:
    year = form.shown_year(request.GET.get("tahun"))
    people = PersonFilter(request.GET)
    found = people.people(year_end.people()).select_related("current_unit").order_by("name", "id")
    page = paginate(found, request)
    return {
        "form": form,
        "people": people,
        "page": page,
        "previews": year_end.preview_people(year, page.items),
        "year": year,
        "runs": list(YearRun.objects.select_related("started_by")[:5]),
        "here": reverse("leave:year_end"),
    }
