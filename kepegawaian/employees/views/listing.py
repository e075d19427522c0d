"""The staff list: search, filter, sort, pages, export."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kepegawaian.employees import exporting, permissions, search
from kepegawaian.employees.enums import AsnStatus, LegalState
from kepegawaian.employees.fields import person_suggestions
from kepegawaian.employees.filters import PeopleFilter
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.employees.rules import Titled
from kepegawaian.employees.views.common import actor_of
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.templatetags.ui import status
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.formatting import nip
from kepegawaian.lib.ui.moulds import Mould
from kepegawaian.lib.ui.pages import SIZE, Page, paginate
from kepegawaian.units.models import Unit
from kepegawaian.work import sheets

COLUMNS = (
    *("pk", "name", "title_front", "title_back", "status", "legal_state", "current_nip", "current_position"),
    *("current_golongan", "unit_name"),
)


@dataclass(frozen=True, slots=True)
class Line(Titled):
    """A person in the list: `COLUMNS`, in their order. Whole rows of people cost twice the time."""

    pk: uuid.UUID
    name: str
    title_front: str
    title_back: str
    status: str
    legal_state: str
    nip: str
    position: str
    golongan: str
    unit: str | None

    @property
    def words(self) -> dict[str, Any]:
        """For `_ROW`."""
        return {
            "url": address("employees:detail", self.pk),
            "name": self.full_name,
            "nip": nip(self.nip),
            "position": self.position,
            "unit": self.unit,
            "golongan": self.golongan,
            "status": AsnStatus(self.status).label,
            "state": "" if self.legal_state == LegalState.ACTIVE else status(LegalState(self.legal_state)),
        }


_ROW = Mould("employees/_person_row.html")


def _lines(people: EmployeeQuerySet) -> EmployeeQuerySet:
    """With the names of their units, looked up only for the people who are shown."""
    unit = Unit.objects.order_by().filter(pk=OuterRef("current_unit"))
    return people.annotate(unit_name=Subquery(unit.values("name")))


def _page(request: HttpRequest, people: PeopleFilter) -> tuple[Page, bool]:
    """The page asked for, and whether it holds people with a similar name because nobody matched exactly
    (then one page of the likest, no more)."""
    page = paginate(_lines(people.found()), request, columns=COLUMNS, sorts_all=people.few)
    if page.items or page.number > 1 or not people.words or search.is_nip(people.words):
        return page, False
    likely = search.similar(people.narrowed(), people.words)
    page = paginate(_lines(likely).values_list(*COLUMNS)[:SIZE], request)
    return page, bool(page.items)


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_list(request.user))
    chosen = PeopleFilter(request.GET, user=request.user)
    page, similar = _page(request, chosen)
    page = replace(page, items=[Line(*row[: len(COLUMNS)]) for row in page])
    context: dict[str, Any] = {
        "filter": chosen,
        "page": page,
        "rows": _ROW.each(line.words for line in page),
        "similar": similar,
        "query": _without_page(request),
        "may_export": bool(permissions.can_export(request.user)),
        "may_create": bool(permissions.can_create_somewhere(request.user)),
    }
    return render(request, "employees/_people.html" if _swap(request) else "employees/list.html", context)


def _swap(request: HttpRequest) -> bool:
    """Whether htmx asks for the list alone; going back in the browser wants the page whole."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The list at `query` as a sheet, or a job that writes it when it is long."""
    query = request.POST.get("query", "")
    kind = sheets.CSV if request.POST.get("format") == sheets.CSV else sheets.XLSX
    actor = actor_of(request)
    if exporting.PEOPLE.count_capped(query, actor) > sheets.AT_ONCE:
        return redirect("work:job", exporting.PEOPLE.later(query=query, kind=kind, actor=actor).pk)
    return exporting.PEOPLE.answer(query=query, kind=kind, actor=actor)


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Options for a text box in which a person is typed, from those the reader may see."""
    text = str(next(iter(request.GET.values()), ""))
    people = Employee.objects.visible_to(request.user).active()
    return render(request, "units/_options.html", {"options": person_suggestions(people, text)})
