"""What everybody reads of surveys, and how people answer: by a token, or at a screen at the place."""

import csv
import io
import secrets
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import SimpleRateThrottle

from feedback.drawing_surveys import ResultDrawn
from feedback.forms_surveys import AnswerForm, PublishedFilter
from feedback.models import Survey
from feedback.papers_surveys import plans_of
from feedback.rules.statistics import harmless
from feedback.services import survey_answers, surveys
from feedback.services.survey_answers import AlreadyAnswered, Given
from feedback.views.caching import kept_publicly
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.refusals import show_refusal

FIVE_MINUTES = 300
THANKS_SECONDS = 10
"""A kiosk's thank-you page gives way to the next person after so long, or at once by its link."""
IDLE_SECONDS = 300
"""A kiosk's form that somebody walked away from."""


class Answers(SimpleRateThrottle):
    """Per address, far above what a family behind one router sends; tokens cannot be guessed, this limits load."""

    scope = "survey"
    rate = "60/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"survey:{get_adapter().get_client_ip(request)}"


# --- Published ------------------------------------------------------------------------------------
def _published(slug: str) -> Survey:
    rows = Survey.objects.published().select_related("unit", "service")
    return get_object_or_404(rows, slug=slug)


@login_not_required
@require_safe
@kept_publicly(FIVE_MINUTES)
def published(request: HttpRequest) -> HttpResponse:
    form = PublishedFilter(request.GET)
    found = form.surveys(Survey.objects.published().select_related("unit", "service"))
    page = paginate(found.order_by("-published_at", "-id"), request)
    return render(request, "feedback/surveys/published.html", {"form": form, "page": page})


@login_not_required
@require_safe
@kept_publicly(FIVE_MINUTES)
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    found = _published(slug)
    context = {"survey": found, "drawn": ResultDrawn(found), "plans": plans_of(found)}
    return render(request, "feedback/surveys/survey.html", context)


@login_not_required
@require_safe
@kept_publicly(FIVE_MINUTES)
def survey_json(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse(_data(_published(slug)), json_dumps_params={"ensure_ascii": False})


def _data(found: Survey) -> dict[str, Any]:
    plans = [
        {
            "element": plan.element,
            "activity": plan.activity,
            "horizon": plan.horizon,
            "due_on": plan.due_on,
            "unit": plan.owner_unit.name,
            "state": plan.state,
            "progress": plan.progress,
        }
        for plan in plans_of(found)
    ]
    return {
        "title": found.title,
        "kind": found.kind,
        "unit": {"id": found.unit_id, "name": found.unit.name},
        "service": found.service.code if found.service else None,
        "period": [found.period_start, found.period_end],
        "method": found.method,
        "published_at": found.published_at,
        "result": found.result,
        "plans": plans,
    }


@login_not_required
@require_safe
@kept_publicly(FIVE_MINUTES)
def survey_csv(request: HttpRequest, slug: str) -> HttpResponse:
    found = _published(slug)
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    names = ("slug", "total", "answered", "mean", "weighted", "converted", "grade", "favourable")
    writer.writerow(("unit", "period_start", "period_end", *names))
    for row in found.result["elements"]:
        values = [harmless(found.unit.name), found.period_start, found.period_end, *(row[name] for name in names)]
        writer.writerow(values)
    response = HttpResponse(sheet.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.csv"'
    return response


@login_not_required
@require_safe
def survey_pdf(request: HttpRequest, slug: str) -> FileResponse:
    """As it was published; made once, by the verb."""
    found = _published(slug)
    kept = StoredFile.objects.filter(subject_type=surveys.SUBJECT, subject_id=found.pk).order_by("id").last()
    if kept is None:
        raise Http404
    response = FileResponse(kept.file.open("rb"), filename=kept.name, content_type=kept.mime)
    response["Cache-Control"] = f"public, max-age={FIVE_MINUTES}"
    return response


# --- Answering ------------------------------------------------------------------------------------
# Neither form takes a CSRF token: the address itself is the right to answer, there is no session to ride on, and
# without the cookie the pages work in every browser.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questionnaire behind a QR code or a link. A used token thanks; so sending twice does no harm. No line in
    the log: it knows who is signed in."""
    request.untraced = True  # type: ignore[attr-defined]
    found = survey_answers.find_token(token)
    if found is None:
        return _private(render(request, "feedback/surveys/unknown.html", status=404))
    if survey_answers.is_used(found) and request.method != "POST":
        return _private(render(request, "feedback/surveys/thanks.html", {"survey": found.survey}))

    def send(given: Given) -> HttpResponse:
        survey_answers.answer(token=token, given=given)
        return redirect("feedback:survey_answer", token)

    return _private(_questionnaire(request, found.survey, send, {"token": found}))


@login_not_required
@require_safe
def kiosk(request: HttpRequest, key: str) -> HttpResponse:
    """The first page of the screen at the place: language, one sentence, one button."""
    found = survey_answers.survey_of_kiosk(key)
    if found is None:
        return _private(render(request, "feedback/surveys/unknown.html", status=404))
    return _private(render(request, "feedback/surveys/kiosk.html", {"survey": found, "key": key}))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_answer(request: HttpRequest, key: str) -> HttpResponse:
    found = survey_answers.survey_of_kiosk(key)
    if found is None:
        return _private(render(request, "feedback/surveys/unknown.html", status=404))
    nonce = request.POST.get("nonce", "") or secrets.token_urlsafe(12)

    def send(given: Given) -> HttpResponse:
        survey_answers.answer_at_kiosk(survey=found, nonce=nonce, given=given)
        return redirect("feedback:survey_screen_thanks", key)

    context = {"key": key, "nonce": nonce, "idle": IDLE_SECONDS}
    return _private(_questionnaire(request, found, send, context))


@login_not_required
@require_safe
def kiosk_thanks(request: HttpRequest, key: str) -> HttpResponse:
    found = survey_answers.survey_of_kiosk(key)
    context = {"survey": found, "key": key, "seconds": THANKS_SECONDS}
    return _private(render(request, "feedback/surveys/thanks.html", context))


def _questionnaire(
    request: HttpRequest, found: Survey, send: Callable[[Given], HttpResponse], context: dict[str, Any]
) -> HttpResponse:
    """The form, or what `send` answers; what the verb refuses is said beside its question."""
    form = AnswerForm(found, surveys.questions_of(found), request.POST if request.method == "POST" else None)
    page = {"survey": found, "form": form, **context}
    if request.method == "POST":
        if not Answers().allow_request(request, None):  # type: ignore[arg-type]
            return render(request, "feedback/surveys/later.html", status=429)
        if form.is_valid():
            try:
                return send(form.given())
            except AlreadyAnswered as error:
                return render(request, "feedback/surveys/thanks.html", page | {"already": error}, status=409)
            except ApplicationError as error:
                show_refusal(form, error)
        return render(request, "feedback/surveys/answer.html", page, status=422)
    if not survey_answers.is_open(found):
        return render(request, "feedback/surveys/closed.html", page, status=410)
    return render(request, "feedback/surveys/answer.html", page)


def _private(response: HttpResponse) -> HttpResponse:
    """A token is in the address: no proxy keeps it, no other site learns it, no search engine lists it."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
