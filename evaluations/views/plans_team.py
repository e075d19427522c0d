"""My performance, a person's performance, and my team: each on one page."""

import re
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.models import Indicator, Participant
from evaluations.permissions.common import is_person
from evaluations.sections import sections
from evaluations.selectors.plans import indicators_in_force
from evaluations.selectors.plans_team import (
    MatrixColumn,
    MatrixRow,
    matrix_columns,
    matrix_rows,
    matrix_team,
    team_lines,
    team_size,
)
from evaluations.selectors.seen import participant_and_years
from evaluations.services import plans as verbs
from evaluations.views.common import my_cycle, my_years, own_employee, way_to
from evaluations.views.team_drawn import drawn
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.lib.ui import messages
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.pages import paged, paginate
from kepegawaian.lib.ui.parts import Tab

TEAM_PAGE, MATRIX_PAGE = 50, 25
SHOWN_YEARS = 8


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One year of one's performance, part by part."""
    mine = my_years(request)
    participant, cycle, url = mine.part, mine.cycle, reverse("evaluations:mine")
    years = [part.cycle for part in mine.parts[:SHOWN_YEARS]]
    tabs = [Tab(str(one.year), f"{url}?tahun={one.year}", one == cycle) for one in years]
    context: dict[str, Any] = {"participant": participant, "cycle": cycle, "tabs": tabs, "own": True}
    if participant is not None:
        context["sections"] = sections(request, participant)
    return render(request, "evaluations/plans/mine.html", context)


@require_safe
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same for the assessor, for who heads the unit and for HR; one's own opens as "my performance"."""
    participant, years = participant_and_years(request.user, pk)
    if participant is None:
        raise Http404
    if is_person(request.user, participant.employee):
        return redirect(f"{reverse('evaluations:mine')}?tahun={participant.cycle.year}")
    tabs = [Tab(str(year), address("evaluations:person", one), one == pk) for one, year in years[:SHOWN_YEARS]]
    context = {
        "participant": participant,
        "cycle": participant.cycle,
        "tabs": tabs,
        "own": False,
        "way": way_to(request, participant),
        "sections": sections(request, participant),
    }
    return render(request, "evaluations/plans/mine.html", context)


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Whom I assess; what waits for me first."""
    cycle, years = my_cycle(request)
    tabs = [Tab(str(one.year), f"{request.path}?tahun={one.year}", one == cycle) for one in years[:SHOWN_YEARS]]
    context: dict[str, Any] = {"cycle": cycle, "tabs": tabs}
    if cycle is not None:
        page = paged(
            request,
            lambda first, last: team_lines(request.user, cycle, first, last),
            lambda _items: team_size(request.user, cycle),
            size=TEAM_PAGE,
        )
        context |= {"page": page, "members": drawn(page)}
    return render(request, "evaluations/plans/team.html", context)


@require_http_methods(["GET", "POST"])
def matrix(request: HttpRequest) -> HttpResponse:
    """Roles and results: rows are staff, columns one's own indicators; what is written becomes a draft line of
    that person."""
    (cycle, _years), employee = my_cycle(request), own_employee(request)
    indicators = indicators_in_force(employee.pk, cycle.pk) if cycle else []
    team = matrix_team(request.user, cycle)
    page, problem = paginate(team, request, size=MATRIX_PAGE, sorts_all=True), ""
    if request.method == "POST":
        try:
            return _filled(request, team.filter(pk__in=_people_posted(request)), indicators)
        except ApplicationError as error:
            problem = str(error)
    found = matrix_rows(page.items, indicators)
    columns = matrix_columns(indicators, found)
    rows = [(row, [_cell(request, row, column) for column in columns]) for row in found]
    writable = any(row.open for row in found)
    context = {
        "cycle": cycle,
        "columns": columns,
        "page": page,
        "rows": rows,
        "writable": writable,
        "problem": problem,
    }
    return render(request, "evaluations/plans/matrix.html", context, status=422 if problem else 200)


_CELL = re.compile(r"cell-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-")


class ShownCell(NamedTuple):
    column: MatrixColumn
    texts: list[str]
    name: str
    typed: str


def _name(participant: Participant, indicator: Indicator) -> str:
    return f"cell-{participant.pk}-{indicator.pk}"


def _people_posted(request: HttpRequest) -> set[str]:
    """Whose cells were sent, whichever page they stand on by now."""
    return {found[1] for name in request.POST if (found := _CELL.match(name))}


def _cell(request: HttpRequest, row: MatrixRow, column: MatrixColumn) -> ShownCell:
    """Without a name of the field where nothing may be written."""
    name = _name(row.participant, column.indicator) if row.open and column.indicator else ""
    return ShownCell(column, row.cells.get(column.key, []), name, request.POST.get(name, ""))


def _filled(request: HttpRequest, team: Iterable[Participant], indicators: list[Indicator]) -> HttpResponse:
    cells = [
        verbs.Cell(participant, indicator.pk, text[:1000])
        for participant in team
        for indicator in indicators
        if (text := request.POST.get(_name(participant, indicator), "").strip())
    ]
    written = verbs.fill_matrix(actor=request.user, cells=cells)
    messages.done(request, _("%(count)s hasil kerja masuk ke draf SKP tim Anda.") % {"count": written})
    return redirect(request.get_full_path())
