"""Who assesses a person: since when, by whose word; corrected by the person or HR."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.enums import AssessorSource
from evaluations.forms.cycles import AssessorForm, HrAssessorForm, ReasonForm, officials
from evaluations.permissions.common import can_manage, is_own, is_person
from evaluations.permissions.cycles import can_correct_assessor
from evaluations.selectors.line import superior_of_assessor
from evaluations.services.assessors import correct_own_assessor, follow_line, set_assessor
from evaluations.views.common import own_employee, visible_participant, way_to
from kepegawaian.employees.fields import person_suggestions
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.formatting import long_day
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out, tells


@require_http_methods(["GET", "POST"])
def assessor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant = visible_participant(request, pk)
    may = can_correct_assessor(request.user, participant)
    own = bool(is_own(request.user, participant))
    kind = AssessorForm if own else HrAssessorForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        demand(may)

    def change(values: dict[str, Any]) -> None:
        verb = correct_own_assessor if own else set_assessor
        verb(actor=request.user, participant=participant, **values)

    if request.method == "POST" and carried_out(form, change):
        since = form.cleaned_data.get("valid_from")
        told = _("Pejabat penilai diubah. Penilai lama, penilai baru, dan pengelola kinerja diberi tahu.")
        if since and since > today():
            told = _("Tercatat: berlaku mulai %(day)s. Semua pihak diberi tahu pada hari itu.")
            told %= {"day": long_day(since)}
        done(request, told)
        return redirect("evaluations:assessor", participant.pk)
    history = list(participant.assignments.select_related("assessor", "by"))
    corrected = bool(history) and history[0].source != AssessorSource.PROPOSED
    context = {
        "participant": participant,
        "way": way_to(request, participant),
        "own": is_person(request.user, participant.employee),
        "form": form if may else None,
        "refusal": None if may else may,
        "history": history,
        "above": superior_of_assessor(participant),
        "undo": ReasonForm() if may and corrected and can_manage(request.user, participant) else None,
    }
    return render(request, "evaluations/cycles/assessor.html", context, status=422 if form.errors else 200)


@require_POST
@tells("evaluations:assessor")
def assessor_by_line(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant = visible_participant(request, pk)
    follow_line(actor=request.user, participant=participant, reason=request.POST.get("reason", "")[:500])
    done(request, _("Pejabat penilai mengikuti garis atasan lagi."))
    return redirect("evaluations:assessor", participant.pk)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Options for the text box of an assessor: officials, whose names and posts are public."""
    own_employee(request)
    text = str(next(iter(request.GET.values()), ""))
    return render(request, "units/_options.html", {"options": person_suggestions(officials(), text)})
