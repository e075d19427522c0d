"""The nine-box of a year: people by performance and potential, and recording the potential."""

import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.enums import Potential, Predikat
from evaluations.forms.follow_up import TalentFilter, TalentForm
from evaluations.models import Cycle, Participant, TalentPlacement
from evaluations.permissions import follow_up as permissions
from evaluations.rules import talent
from evaluations.selectors.follow_up import grid, in_box, newest_rated, placement_of, without_box, year_result
from evaluations.services.follow_up import place_talent
from evaluations.views.common import YEAR, asked_cycle, years_shown
from evaluations.views.follow_up import followed, form_page
from evaluations.views.forms_page import posted
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.pages import Page, paginate
from kepegawaian.lib.ui.parts import Tab

_OF_PARTICIPANT = tuple(f"evaluation__participant__{name}" for name in ("employee", "unit", "assessor__user"))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`?unit=`: one unit and what is below it, `?q=`: a name or NIP; of those the reader may see."""
    demand(permissions.can_see_talent(request.user))
    years = years_shown()
    rated = None if request.GET.get(YEAR) else newest_rated(years)
    cycle = rated or asked_cycle(request, years)
    form = TalentFilter(request.GET)
    narrowed, may_place = form.narrowed, set()
    chosen = next((box for box in talent.BOXES if str(box.number) == request.GET.get("kotak")), None)
    listed: Page | None = None
    if cycle is not None and chosen is not None:
        placed = TalentPlacement.objects.select_related("employee__current_unit", *_OF_PARTICIPANT)
        listed = paginate(in_box(request.user, cycle, chosen.number, **narrowed), request, shown=placed)
        people_of = [row.evaluation.participant for row in listed]
        may_place = permissions.may_place_talent(request.user, people_of)
    elif cycle is not None:
        people = Participant.objects.select_related("employee", "unit", "assessor__user")
        listed = paginate(without_box(request.user, cycle, **narrowed), request, shown=people)
        may_place = permissions.may_place_talent(request.user, list(listed))
    drawn = grid(request.user, cycle, **narrowed) if cycle else []
    context = {
        "cycle": cycle,
        "form": form,
        "query": _query(request, cycle),
        "may_place": may_place,
        "years": [Tab(str(one.year), f"?{YEAR}={one.year}", one == cycle) for one in years],
        "potentials": list(Potential),
        "grid": drawn,
        "boxed": sum(cell.count for row in drawn for cell in row),
        "chosen": chosen,
        "listed": listed,
        "source": talent.AXES,
    }
    return render(request, "evaluations/follow_up/talent.html", context)


def _query(request: HttpRequest, cycle: Cycle | None) -> str:
    """The year and what the page was narrowed to, for the addresses of the boxes."""
    kept = {name: request.GET[name] for name in ("unit", "q") if request.GET.get(name)}
    return urlencode({YEAR: cycle.year, **kept} if cycle else kept)


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For the first time, or in place of what stands."""
    participant = followed(request, pk)
    demand(permissions.can_place_talent(request.user, participant))

    def verb(values: dict[str, Any]) -> None:
        place_talent(actor=request.user, participant=participant, **values)

    name, result = participant.employee.full_name, year_result(participant)
    text = _("%(name)s. Belum ada evaluasi tahunan yang ditandatangani.") % {"name": name}
    if result is not None:
        words = _("%(name)s. Kinerja: %(predikat)s. Kotaknya mengikuti kinerja dan potensi (PermenPANRB 3/2020).")
        text = words % {"name": name, "predikat": Predikat(result.predikat).label}
    said = _("Potensi %(name)s dicatat.") % {"name": name}
    shown = form_page(participant, _("Catat potensi"), said, text)
    if permissions.can_see_talent(request.user):
        year = participant.cycle.year
        back = f"{reverse('evaluations:talent')}?{YEAR}={year}#daftar"
        shown = replace(shown, back=back, back_label=_("Talenta %(year)s") % {"year": year})
    standing = placement_of(participant)
    initial = {"potential": standing.potential, "reason": standing.reason} if standing else {}
    return shown.answer(request, TalentForm(posted(request), initial=initial), verb)
