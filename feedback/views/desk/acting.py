"""One page for each act on a case. What a verb refuses is said above the form, and nothing typed is lost."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from feedback.desk_acts import ACTS, Act, Seat, looks_first, refusal
from feedback.desk_look import changes_since
from feedback.enums import CaseState
from feedback.forms_desk_acts import RedactForm, SeatForm
from feedback.forms_desk_requests import OUTCOME_FIELDS
from feedback.models import Case
from feedback.rules.personal import find_personal
from feedback.services import cases, desk, suggesting
from feedback.services import templates as response_templates
from feedback.views.desk.common import found_case, private
from feedback.views.desk.targets import TARGETS, target_of
from kepegawaian.lib.access import Denied
from kepegawaian.lib.exceptions import PermissionRefused, StateChanged
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.units.models import Unit

ANSWERING = ("konsep", "periksa")
"""Acts that answer an objection, where there is one."""


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    case, wanted = found_case(request, pk), ACTS.get(name)
    if wanted is None:
        raise Http404
    seat = Seat(request.user, case)
    if (denied := refusal(wanted, seat)) is not None:
        raise PermissionRefused(denied)
    seat.target = target_of(request, wanted.name, case)
    if request.method != "POST":
        return _empty(request, wanted, seat)
    if "use" in request.POST or "propose" in request.POST:
        return _page(request, wanted, seat, _prepared(request, wanted, seat))
    seat.seen = request.POST.get("seen", "")
    form = wanted.form(seat, request.POST, request.FILES)
    if carried_out(form, lambda _data: _carry_out(request, wanted, seat, form)):
        done(request, wanted.told)
        return _onward(request, wanted, case, form)
    fresh = Seat(request.user, found_case(request, pk))
    fresh.target = seat.target
    return _page(request, wanted, fresh, form, status=422)


def _carry_out(request: HttpRequest, wanted: Act, seat: Seat, form: SeatForm) -> None:
    if not wanted.now(seat):
        raise StateChanged(
            _("Tindakan ini tidak dapat dilakukan: laporan sekarang berstatus “%(state)s”.")
            % {"state": CaseState(seat.case.state).label}
        )
    version = _version(request) if wanted.checked else None
    desk.carry_out(case=seat.case, version=version, verb=lambda: wanted.run(seat, form), lock=wanted.lock)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _empty(request: HttpRequest, wanted: Act, seat: Seat) -> HttpResponse:
    if not wanted.now(seat):
        return redirect("feedback:case", seat.case.pk)
    initial: dict[str, Any] = {}
    if wanted.name == "konsep" and seat.draft is not None:
        initial = {name: getattr(seat.draft, name) for name in ("text", *OUTCOME_FIELDS)}
    return _page(request, wanted, seat, wanted.form(seat, initial=initial))


def _suggested(text: str) -> Unit | None:
    try:
        return Unit.objects.open().filter(pk=uuid.UUID(text)).first()
    except ValueError:
        return None


def _prepared(request: HttpRequest, wanted: Act, seat: Seat) -> SeatForm:
    """The form as it would be with a template put under what was typed, the suggested unit taken, or the redaction
    proposed."""
    if wanted.form is RedactForm:
        return RedactForm.proposed(seat, request.POST)
    initial = {name: value for name, value in request.POST.items() if name != "template"}
    form = wanted.form(seat, initial=initial)
    if "unit" in form.fields and (unit := _suggested(request.POST.get("use", ""))):
        form.initial["unit"] = unit
    chosen = request.POST.get("template", "")
    if "template" in form.fields and chosen:
        rows = response_templates.for_case(seat.case)
        found = next((row for row in rows if str(row.pk) == chosen), None)
        if found is not None:
            parts = [str(initial.get(form.text_field, "")).strip(), response_templates.filled(found, seat.case)]
            form.initial[form.text_field] = "\n\n".join(part for part in parts if part)
    return form


def _still_there(rows: QuerySet[Case], user: Any, slot: Slots) -> Any:
    return rows.filter(pk=slot("pk")).values_list("pk")


def _onward(request: HttpRequest, wanted: Act, case: Case, form: SeatForm) -> HttpResponse:
    if wanted.form is RedactForm and find_personal(form.cleaned_data["text"]):
        done(request, _("Teks yang terbit masih memuat data yang tampak pribadi. Periksa sekali lagi."))
    if wanted.name == "konsep" and form.data.get("then") and looks_first(case, form.cleaned_data["text"]):
        return redirect("feedback:case_act", case.pk, "terbitkan")
    if desk.scoped(request.user, _still_there).first(pk=case.pk):
        target = TARGETS.get(wanted.name)
        opens = target is not None and Seat(request.user, case).office  # a leader's part ends with his decision
        return redirect(target.page if target is not None and opens else "feedback:case", case.pk)
    return redirect("feedback:desk")


def _page(request: HttpRequest, wanted: Act, seat: Seat, form: SeatForm, *, status: int = 200) -> HttpResponse:
    second = wanted.second(seat)
    context = {
        "act": wanted,
        "seat": seat,
        "case": seat.case,
        "form": form,
        "possible": wanted.now(seat) and bool(second),
        "barred": second.reason if isinstance(second, Denied) else "",
        "changes": changes_since(seat.case, _version(request)) if form.is_bound else [],
        "suggestions": suggesting.suggest_units(seat.case) if wanted.name == "teruskan" else [],
        "subject": TARGETS.get(wanted.name),
        "objection": cases.objection_of(seat.case) if wanted.name in ANSWERING else None,
        "publishes": wanted.name == "konsep" and seat.unchecked,
    }
    return private(request, "feedback/desk/act.html", context, status=status)


@require_POST
def watch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    case = found_case(request, pk)
    on = cases.watch(user=request.user, case=case, on=request.POST.get("on") == "1")
    done(request, _("Anda diberi tahu bila ada kabar.") if on else _("Anda tidak lagi diberi tahu."))
    return redirect("feedback:case", pk)
