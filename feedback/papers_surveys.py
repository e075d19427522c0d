"""Papers of a survey by Typst: the published result, and slips with a QR code to hand out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from feedback.enums import SurveyKind
from feedback.models import FollowUpPlan, Survey
from kepegawaian.documents.pdf import qr_svg
from kepegawaian.documents.services import render_pdf
from kepegawaian.lib.ui import formatting
from kepegawaian.notifications.delivery import absolute

GRADES = {
    "A": "sangat baik",
    "B": "baik",
    "C": "kurang baik",
    "D": "tidak baik",
}
"""*Kinerja unit pelayanan* of PermenPANRB 14/2017, in the words of the regulation."""
LOWEST_SHOWN = 3


def plans_of(survey: Survey) -> QuerySet[FollowUpPlan]:
    return survey.plans.select_related("owner_unit", "owner").order_by("due_on")


def publication_pdf(survey: Survey) -> bytes:
    """In Indonesian, as it stood on the day of publication; the page behind the QR code has what came after."""
    url = absolute(reverse("feedback:survey", args=[survey.slug]))
    with translation.override(settings.LANGUAGE_CODE):
        data = {
            "title": survey.title,
            "kind": survey.get_kind_display(),
            "unit": survey.unit.name,
            "service": survey.service.name if survey.service else "",
            "method": survey.method,
            "period": formatting.span(survey.period_start, survey.period_end),
            "published": formatting.long_day(survey.published_at),
            "staff": survey.kind == SurveyKind.STAFF,
            "skm": survey.kind == SurveyKind.SKM,
            "facts": _facts(survey),
            "elements": _elements(survey),
            "plans": _plans(survey),
            "url": url,
            "qr": qr_svg(url),
        }
    return render_pdf("feedback/pdf/survey.typ", data)


def _figure(text: str) -> str:
    return formatting.number(Decimal(text)) if text else ""


def _facts(survey: Survey) -> list[list[str]]:
    result = survey.result
    facts = [[_("Jumlah responden"), formatting.number(result["n"])]]
    if survey.kind == SurveyKind.SKM:
        grade = result["grade"]
        facts += [
            [_("Nilai interval"), _figure(result["interval"])],
            [_("Indeks Kepuasan Masyarakat"), _figure(result["index"])],
            [_("Mutu pelayanan"), f"{grade} ({GRADES[grade]})"],
            [_("Bobot"), survey.get_weight_display()],
        ]
    elif survey.kind != SurveyKind.STAFF:
        facts.append([_("Indeks (skala 4)"), _figure(result["index"])])
    elif result.get("enps"):
        facts.append(["eNPS", _figure(result["enps"])])
    names = dict(survey.questions.values_list("slug", "element_id"))
    lowest = "; ".join(names[slug] for slug in result["lowest"][:LOWEST_SHOWN])
    return [*facts, [_("Unsur terendah"), lowest]]


def _elements(survey: Survey) -> list[list[str]]:
    """Name, mean, and by kind the converted value and grade or the favourable share."""
    names = dict(survey.questions.values_list("slug", "element_id"))
    rows = []
    for row in survey.result["elements"]:
        last = [_figure(row["favourable"])] if row["favourable"] else [_figure(row["converted"]), row["grade"]]
        rows.append([names[row["slug"]], _figure(row["mean"]), *(value for value in last if value)])
    return rows


def _plans(survey: Survey) -> list[list[str]]:
    names = dict(survey.questions.values_list("slug", "element_id"))
    return [
        [
            names.get(plan.element, plan.element),
            plan.activity,
            formatting.day(plan.due_on, weekday=False),
            _owner(plan),
        ]
        for plan in plans_of(survey)
    ]


def _owner(plan: FollowUpPlan) -> str:
    return plan.owner_unit.name


def slips_pdf(survey: Survey, tokens: Sequence[str], group: str = "") -> bytes:
    """Slips to cut and hand out, in the order in which they were made; each holds one code."""
    slips: list[dict[str, Any]] = []
    for token in tokens:
        url = absolute(reverse("feedback:survey_answer", args=[token]))
        slips.append({"qr": qr_svg(url), "url": url})
    with translation.override(settings.LANGUAGE_CODE):
        data = {
            "title": survey.title,
            "unit": survey.unit.name,
            "group": group,
            "period": formatting.span(survey.period_start, survey.period_end),
            "slips": slips,
        }
    return render_pdf("feedback/pdf/slips.typ", data)
