"""The desk of those who keep surveys: rounds, codes, results, what is done about low elements."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import forms_surveys as forms
from feedback import permissions_surveys as permissions
from feedback.drawing_surveys import ResultDrawn
from feedback.enums import SurveyKind, SurveyState
from feedback.models import FollowUpPlan, Survey, current_setting
from feedback.papers_surveys import plans_of, slips_pdf
from feedback.services import survey_answers, survey_plans, survey_results, surveys
from kepegawaian.documents.pdf import qr_svg
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.notifications.delivery import absolute

VERBS = {"open": surveys.open_survey, "close": surveys.close, "publish": surveys.publish}
TOLD = {
    "open": gettext_lazy("Survei dibuka."),
    "close": gettext_lazy("Survei ditutup dan hasilnya dihitung."),
    "publish": gettext_lazy("Hasil survei diumumkan."),
}
SORTS = {"start": ("period_start", "id"), "-start": ("-period_start", "-id"), "title": ("title", "id")}


def _kept(request: HttpRequest, pk: uuid.UUID) -> Survey:
    """A survey that this person keeps; anybody else finds none."""
    rows = Survey.objects.kept_by(request.user).select_related("unit", "service")
    found: Survey = get_object_or_404(rows, pk=pk)
    return found


# --- Rounds ---------------------------------------------------------------------------------------
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    kinds = permissions.kinds_of(request.user)
    if not kinds:
        raise PermissionRefused(permissions.NOT_KEEPER)
    form = forms.SurveyFilter(request.GET)
    sort = SORTS.get(request.GET.get("sort", ""), SORTS["-start"])
    found = (
        form.surveys(Survey.objects.kept_by(request.user))
        .select_related("unit", "service")
        .annotate(n=Count("answers"))
        .order_by(*sort)
    )
    context = {"form": form, "page": paginate(found, request), "staff": kinds == [SurveyKind.STAFF]}
    return render(request, "feedback/surveys/office.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    if not permissions.kinds_of(request.user):
        raise PermissionRefused(permissions.NOT_KEEPER)
    initial = {"weight": current_setting().survey_weight}
    form = forms.SurveyForm(request.user, request.POST if request.method == "POST" else None, initial=initial)
    made: list[Survey] = []

    def verb(_values: dict[str, Any]) -> None:
        made.append(surveys.create(actor=request.user, facts=form.facts()))

    if request.method == "POST" and carried_out(form, verb):
        done(request, _("Survei disiapkan. Periksa pertanyaannya, lalu buka."))
        return redirect("feedback:survey_desk", made[0].pk)
    return render(request, "feedback/surveys/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    survey = _kept(request, pk)
    data = request.POST if request.method == "POST" else None
    form = forms.SurveyForm(request.user, data, survey=survey, initial=forms.initial_of(survey))

    def verb(_values: dict[str, Any]) -> None:
        surveys.change(actor=request.user, survey=survey, facts=form.facts())

    if request.method == "POST" and carried_out(form, verb):
        done(request, _("Survei disimpan."))
        return redirect("feedback:survey_desk", pk)
    context = {"form": form, "survey": survey}
    return render(request, "feedback/surveys/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def reword(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    survey = _kept(request, pk)
    rows = survey.questions.order_by("order")
    formset = forms.QuestionFormSet(request.POST if request.method == "POST" else None, queryset=rows)
    if request.method == "POST" and formset.is_valid():
        texts = {form.instance.slug: form.cleaned_data for form in formset if form.has_changed()}
        surveys.reword(actor=request.user, survey=survey, texts=texts)
        done(request, _("Pertanyaan disimpan."))
        return redirect("feedback:survey_desk", pk)
    context = {"survey": survey, "formset": formset}
    status = 422 if request.method == "POST" else 200
    return render(request, "feedback/surveys/questions.html", context, status=status)


@require_safe
def desk(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    survey = _kept(request, pk)
    context = {
        "survey": survey,
        "drawn": ResultDrawn(survey),
        "plans": plans_of(survey),
        "questions": surveys.questions_of(survey),
        "comments": survey_results.comments_of(survey),
        "issued": survey.tokens.count(),
        "states": SurveyState,
        "staff": survey.kind == SurveyKind.STAFF,
    }
    return render(request, "feedback/surveys/desk.html", context)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: uuid.UUID, verb: str) -> HttpResponse:
    """Asks first: opening, closing and publishing are seen by many."""
    survey = _kept(request, pk)
    if verb not in VERBS:
        raise Http404
    if request.method != "POST":
        context = {"survey": survey, "verb": verb, "drawn": ResultDrawn(survey)}
        return render(request, "feedback/surveys/act.html", context)
    try:
        VERBS[verb](actor=request.user, survey=survey)
    except PermissionRefused:
        raise
    except ApplicationError as error:
        for text in [problem.message for problem in error.problems] or [error.message]:
            messages.warning(request, str(text))
    else:
        done(request, str(TOLD[verb]))
    return redirect("feedback:survey_desk", pk)


@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    survey = _kept(request, pk)
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    verb = partial(_take_back, request, survey)
    if request.method == "POST" and carried_out(form, verb):
        done(request, _("Pengumuman ditarik."))
        return redirect("feedback:survey_desk", pk)
    context = {"survey": survey, "form": form, "title": _("Tarik pengumuman"), "button": _("Tarik pengumuman")}
    return render(request, "feedback/surveys/small_form.html", context, status=422 if form.errors else 200)


def _take_back(request: HttpRequest, survey: Survey, values: dict[str, Any]) -> None:
    surveys.take_back(actor=request.user, survey=survey, reason=values["reason"])


@require_http_methods(["GET", "POST"])
def method(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    survey = _kept(request, pk)
    data = request.POST if request.method == "POST" else None
    form = forms.MethodForm(data, initial={"method": survey.method})

    def verb(values: dict[str, Any]) -> None:
        surveys.describe_method(actor=request.user, survey=survey, method=values["method"])

    if request.method == "POST" and carried_out(form, verb):
        done(request, _("Metode disimpan."))
        return redirect("feedback:survey_desk", pk)
    context = {"survey": survey, "form": form, "title": _("Metode survei"), "button": _("Simpan metode")}
    return render(request, "feedback/surveys/small_form.html", context, status=422 if form.errors else 200)


# --- Codes ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The codes are in the sheet that the POST answers and nowhere else."""
    survey = _kept(request, pk)
    form = forms.TokenForm(survey, request.POST if request.method == "POST" else None)
    sheets: list[bytes] = []

    def verb(values: dict[str, Any]) -> None:
        made = survey_answers.issue(actor=request.user, survey=survey, **values)
        sheets.append(slips_pdf(survey, made, values.get("group", "")))

    if request.method == "POST" and carried_out(form, verb):
        response = HttpResponse(sheets[0], content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="kode-{survey.slug}.pdf"'
        response["Cache-Control"] = "no-store"
        return response
    context = {"survey": survey, "form": form, "here": _answered_here(survey)}
    return render(request, "feedback/surveys/tokens.html", context, status=422 if form.errors else 200)


def _answered_here(survey: Survey) -> bool:
    """At the counter and on a screen citizens answer, once it has begun."""
    return survey.kind != SurveyKind.STAFF and survey_answers.is_open(survey)


@require_POST
def counter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One code on the officer's screen, for the person who stands there now."""
    return _shown(request, pk, kiosk=False)


@require_POST
def kiosk(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The address that the screen at the place is opened with."""
    return _shown(request, pk, kiosk=True)


def _shown(request: HttpRequest, pk: uuid.UUID, *, kiosk: bool) -> HttpResponse:
    survey = _kept(request, pk)
    try:
        if kiosk:
            key = survey_answers.kiosk_key(actor=request.user, survey=survey)
            path = reverse("feedback:survey_screen", args=[key])
        else:
            token = survey_answers.at_counter(actor=request.user, survey=survey)
            path = reverse("feedback:survey_answer", args=[token])
    except PermissionRefused:
        raise
    except ApplicationError as error:
        messages.warning(request, str(error))
        return redirect("feedback:survey_tokens", pk)
    url = absolute(path)
    drawn = mark_safe(qr_svg(url))  # noqa: S308 - segno's own markup
    context = {"survey": survey, "url": url, "qr": drawn, "kiosk": kiosk, "days": survey_answers.KIOSK_DAYS}
    response = render(request, "feedback/surveys/shown.html", context)
    response["Cache-Control"] = "no-store"
    return response


# --- Follow-up ------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def add_plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    survey = _kept(request, pk)
    data = request.POST if request.method == "POST" else None
    form = forms.PlanForm(survey, data, initial={"owner_unit": survey.unit})

    def verb(_values: dict[str, Any]) -> None:
        survey_plans.add(actor=request.user, survey=survey, facts=form.facts())

    if request.method == "POST" and carried_out(form, verb):
        done(request, _("Rencana tindak lanjut disimpan."))
        return redirect("feedback:survey_desk", pk)
    context = {"survey": survey, "form": form, "title": _("Rencana tindak lanjut"), "button": _("Simpan rencana")}
    return render(request, "feedback/surveys/small_form.html", context, status=422 if form.errors else 200)


def _plan(request: HttpRequest, pk: uuid.UUID) -> FollowUpPlan:
    """For its owner and for those who keep the survey."""
    rows = FollowUpPlan.objects.select_related("survey__unit", "owner_unit", "owner")
    found = get_object_or_404(rows, pk=pk)
    if not permissions.can_report(request.user, found):
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _plan(request, pk)
    data = request.POST if request.method == "POST" else None
    form = forms.ProgressForm(data, initial={"state": found.state, "progress": found.progress})

    def verb(values: dict[str, Any]) -> None:
        survey_plans.report(actor=request.user, plan=found, **values)

    if request.method == "POST" and carried_out(form, verb):
        done(request, _("Kemajuan disimpan."))
        return redirect("feedback:survey_plan", pk)
    may_change = bool(permissions.can_keep(request.user, found.survey))
    element = found.survey.questions.filter(slug=found.element).first()
    context = {"plan": found, "form": form, "may_change": may_change, "element": element}
    return render(request, "feedback/surveys/plan.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = _plan(request, pk)
    demand(permissions.can_keep(request.user, found.survey))
    data = request.POST if request.method == "POST" else None
    form = forms.PlanForm(found.survey, data, initial=forms.initial_of_plan(found))

    def verb(_values: dict[str, Any]) -> None:
        survey_plans.change(actor=request.user, plan=found, facts=form.facts())

    if request.method == "POST" and carried_out(form, verb):
        done(request, _("Rencana tindak lanjut disimpan."))
        return redirect("feedback:survey_plan", pk)
    context = {"survey": found.survey, "form": form, "title": _("Ubah rencana"), "button": _("Simpan rencana")}
    return render(request, "feedback/surveys/small_form.html", context, status=422 if form.errors else 200)
