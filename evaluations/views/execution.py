"""Progress and evidence: one page a person and period, written on by the person, read by whoever may see him."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from evaluations.enums import DeadlineKind
from evaluations.forms.execution import EvidenceForm, ProgressForm
from evaluations.models import Evidence, Participant, Period
from evaluations.permissions.execution import can_report
from evaluations.selectors.duties import agreed_plan
from evaluations.selectors.execution import progress_of
from evaluations.selectors.periods import begun, due_on, working_periods
from evaluations.services import execution
from evaluations.views.common import visible_participant, way_to
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.parts import Tab
from kepegawaian.lib.ui.refusals import carried_out

PERIOD = "periode"
FORM_ID = "realisasi"


def asked_period(request: HttpRequest, periods: list[Period]) -> Period | None:
    """The period of `?periode=`, else the running one, else the last that has begun."""
    asked = request.GET.get(PERIOD) or request.POST.get(PERIOD) or ""
    if asked:
        found = next((period for period in periods if str(period.pk) == asked), None)
        if found is None:
            raise Http404
        return found
    open_now = [period for period in periods if period.end >= today()]
    return open_now[0] if open_now else next(reversed(periods), None)


def progress_url(participant: Participant, period: Period | None) -> str:
    url = reverse("evaluations:progress", args=[participant.pk])
    return f"{url}?{PERIOD}={period.pk}" if period else url


@require_safe
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, visible_participant(request, pk))


@require_POST
def save(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was typed about all indicators, at once."""
    participant, period = _own_period(request, pk)
    plan = agreed_plan(participant, period)
    form = ProgressForm(request.POST, indicators=execution.indicators_of(plan) if plan else [], form_id=FORM_ID)

    def write(_values: dict[str, Any]) -> None:
        execution.save_progress(actor=request.user, participant=participant, period=period, entries=form.entries())

    if carried_out(form, write):
        done(request, _("Realisasi %(period)s tersimpan.") % {"period": period})
        return redirect(progress_url(participant, period))
    return _page(request, participant, form)


@require_POST
def copy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant, period = _own_period(request, pk)
    try:
        number = execution.copy_progress(actor=request.user, participant=participant, period=period)
    except PermissionRefused:
        raise
    except ApplicationError as error:
        messages.warning(request, str(error))
    else:
        text = ngettext(
            "%(n)s teks disalin. Perbarui menurut yang terjadi pada periode ini.",
            "%(n)s teks disalin. Perbarui menurut yang terjadi pada periode ini.",
            number,
        )
        done(request, text % {"n": number})
    return redirect(progress_url(participant, period))


@require_POST
def add_evidence(request: HttpRequest, pk: uuid.UUID, indicator: uuid.UUID) -> HttpResponse:
    participant, period = _own_period(request, pk)
    form = EvidenceForm(request.POST, request.FILES)

    def write(values: dict[str, Any]) -> None:
        execution.add_evidence(
            actor=request.user,
            participant=participant,
            period=period,
            indicator=indicator,
            upload=values["file"],
            url=values["url"],
            label=values["label"],
        )

    if carried_out(form, write):
        done(request, _("Bukti dukung tersimpan."))
        return redirect(f"{progress_url(participant, period)}#{indicator}")
    return _page(request, participant, evidence=(indicator, form))


@require_POST
def remove_evidence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    visible = Participant.objects.visible_to(request.user)
    rows = Evidence.objects.filter(progress__participant__in=visible, removed_at=None)
    evidence = get_object_or_404(rows.select_related("progress__participant__employee", "progress__period"), pk=pk)
    progress = evidence.progress
    try:
        execution.remove_evidence(actor=request.user, evidence=evidence)
        done(request, _("Bukti dukung dihapus dari daftar."))
    except PermissionRefused:
        raise
    except ApplicationError as error:
        messages.warning(request, str(error))
    return redirect(progress_url(progress.participant, progress.period))


def _own_period(request: HttpRequest, pk: uuid.UUID) -> tuple[Participant, Period]:
    participant = visible_participant(request, pk)
    period = asked_period(request, working_periods(participant.cycle))
    if period is None:
        raise Http404
    return participant, period


def _page(
    request: HttpRequest,
    participant: Participant,
    form: ProgressForm | None = None,
    evidence: tuple[uuid.UUID, EvidenceForm] | None = None,
) -> HttpResponse:
    periods = begun(working_periods(participant.cycle))
    period = asked_period(request, periods)
    plan = agreed_plan(participant, period) if period else None
    earlier = [one for one in periods if period and one.start < period.start]
    parts = progress_of(participant, plan, [period], earlier) if plan and period else []
    own = bool(can_report(request.user, participant))
    if own and form is None and parts:
        form = _filled(parts)
    context = {
        "participant": participant,
        "way": way_to(request, participant),
        "period": period,
        "tabs": [
            Tab(str(one), progress_url(participant, one), current=one == period) for one in reversed(periods)
        ],
        "parts": [(part, [_drawn(line, form, evidence) for line in part.lines]) for part in parts],
        "own": own,
        "form": form,
        "form_id": FORM_ID,
        "evidence_form": evidence[1] if evidence else None,
        "may_copy": own and any(line.earlier and not _text(line) for part in parts for line in part.lines),
        "due": due_on(period, DeadlineKind.PROGRESS) if period else None,
        "today": today(),
    }
    wrong = (form is not None and form.errors) or evidence is not None
    return render(request, "evaluations/execution/progress.html", context, status=422 if wrong else 200)


def _filled(parts: list[Any]) -> ProgressForm:
    lines = [line for part in parts for line in part.lines]
    initial: dict[str, Any] = {}
    for line in lines:
        for reported in line.reported:
            initial[f"text_{line.indicator.origin}"] = reported.row.text
            initial[f"percent_{line.indicator.origin}"] = reported.row.percent
    return ProgressForm(indicators=[line.indicator.origin for line in lines], form_id=FORM_ID, initial=initial)


def _text(line: Any) -> str:
    return line.reported[0].row.text if line.reported else ""


def _drawn(line: Any, form: ProgressForm | None, evidence: tuple[uuid.UUID, EvidenceForm] | None) -> Any:
    """(line, what was reported, its fields, its evidence form)."""
    origin = line.indicator.origin
    fields = (form[f"text_{origin}"], form[f"percent_{origin}"]) if form else None
    sent = evidence[1] if evidence and evidence[0] == origin else None
    blank = EvidenceForm(auto_id=f"{origin}_%s") if form else None
    return line, line.reported[0] if line.reported else None, fields, sent or blank, sent is not None
