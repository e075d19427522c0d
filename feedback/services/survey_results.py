"""What the answers of a survey come to, by sums that PostgreSQL makes; kept as plain data in `Survey.result`.

n, incomplete, weight           questionnaires that count, and how many of them left an element out
elements                        [{slug, total, answered, mean, weighted, converted, grade, favourable}, ...]
interval, index, grade          SKM: NI, IKM and its letter; SPKP and SPAK: `index` of four points, no letter
enps, groups                    staff survey only
lowest                          slugs, the one that needs work most first
unanswered                      slugs that everybody left out: without their score there is no index at all
profile                         {sex: {L: 3}, ...} with small numbers hidden
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from feedback.enums import SurveyKind, SurveyState
from feedback.models import Survey, SurveyAnswer, current_setting
from feedback.rules import survey as rules
from feedback.rules.cells import suppressed
from feedback.rules.questionnaires import RECOMMEND
from kepegawaian.units.models import Indicator

_SUMS = """
SELECT key, sum(value::int), count(*), count(*) FILTER (WHERE value::int = ANY(%s))
FROM feedback_surveyanswer, jsonb_each_text("values")
WHERE survey_id = ANY(%s) AND ("group" = %s OR %s)
GROUP BY key
"""
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE (SELECT count(*) FROM jsonb_object_keys("values")) < %s)
FROM feedback_surveyanswer WHERE survey_id = ANY(%s) AND ("group" = %s OR %s)
"""
_RECOMMENDED = """
SELECT ("values"->>%s)::int, count(*) FROM feedback_surveyanswer
WHERE survey_id = %s AND "values" ? %s GROUP BY 1
"""
ABOUT = ("sex", "education", "occupation", "slot")
SKM_KEY = "feedback.ikm"
_KEYS = {SurveyKind.SKM: SKM_KEY, SurveyKind.SPKP: "feedback.spkp", SurveyKind.SPAK: "feedback.spak"}
Result = dict[str, Any]


def compute(survey: Survey) -> Result:
    """From the answers as they are now."""
    slugs = list(survey.questions.order_by("order").values_list("slug", flat=True))
    result = _of(survey, [survey], slugs)
    result["profile"] = {} if survey.kind == SurveyKind.STAFF else _profile(survey)
    if survey.kind == SurveyKind.STAFF and result["n"]:
        result |= {"enps": _text(_enps(survey)), "groups": _groups(survey, slugs)}
    return result


def result_of(survey: Survey) -> Result:
    """Kept since closing; while the survey is open, as it stands now. What came to no scores is asked for anew."""
    kept: Result = survey.result
    closed = survey.state in (SurveyState.CLOSED, SurveyState.PUBLISHED)
    return kept if closed and kept.get("elements") else compute(survey)


def unanswered(survey: Survey, result: Mapping[str, Any]) -> list[str]:
    """The names of the elements that everybody left out, as each may of two."""
    slugs = result.get("unanswered", [])
    asked = survey.questions.filter(slug__in=slugs).order_by("order") if slugs else []
    return [question.element for question in asked]


def is_large_enough(survey: Survey) -> bool:
    """Staff answers are shown only of so many that nobody is recognised."""
    n = survey.result.get("n", 0)
    return bool(survey.kind != SurveyKind.STAFF or n >= current_setting().smallest_group)


def _of(survey: Survey, surveys: Sequence[Survey], slugs: Sequence[str], group: str | None = None) -> Result:
    ids, everybody = [row.pk for row in surveys], group is None
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [len(slugs), ids, group or "", everybody])
        n, incomplete = cursor.fetchone()
        cursor.execute(_SUMS, [list(rules.FAVOURABLE), ids, group or "", everybody])
        sums = {key: (total, given, liked) for key, total, given, liked in cursor.fetchall()}
    unanswered = [slug for slug in slugs if n and slug not in sums]
    empty: Result = {"n": n, "incomplete": incomplete, "weight": survey.weight, "elements": [], "lowest": []}
    empty["unanswered"] = unanswered
    if not n or unanswered:
        return empty
    shown = [slug for slug in slugs if survey.kind != SurveyKind.STAFF or slug != RECOMMEND]
    totals = {slug: sums[slug][0] for slug in shown}
    given = {slug: sums[slug][1] for slug in shown}
    liked = {slug: sums[slug][2] for slug in shown}
    return empty | _scored(survey, totals, given, liked, n)


def _scored(
    survey: Survey, totals: Mapping[str, int], given: Mapping[str, int], liked: Mapping[str, int], n: int
) -> Result:
    found = rules.from_totals(totals, given, respondents=n, mode=survey.weight)
    skm = survey.kind == SurveyKind.SKM
    elements = [
        {
            "slug": score.slug,
            "total": score.total,
            "answered": score.answered,
            "mean": _text(score.rounded),
            "weighted": _text(rules.round_half_up(score.weighted, Decimal("0.0001"))),
            "converted": _text(score.converted) if skm else "",
            "grade": score.grade if skm else "",
            "favourable": _text(
                rules.round_half_up(Fraction(100 * liked[score.slug], score.answered))
                if survey.kind == SurveyKind.STAFF
                else None
            ),
        }
        for score in found.elements
    ]
    scored: Result = {"elements": elements, "lowest": [score.slug for score in found.lowest]}
    if skm:
        interval = _text(rules.round_half_up(found.interval, Decimal("0.0001")))
        scored |= {"interval": interval, "index": _text(found.index), "grade": found.grade}
    elif survey.kind != SurveyKind.STAFF:
        scored["index"] = _text(rules.four_point_index(totals, given))
    return scored


def _text(number: Decimal | None) -> str:
    """Exact in JSON; a float would not be."""
    return "" if number is None else str(number)


def _enps(survey: Survey) -> Decimal | None:
    with connection.cursor() as cursor:
        cursor.execute(_RECOMMENDED, [RECOMMEND, survey.pk, RECOMMEND])
        return rules.enps([value for value, count in cursor.fetchall() for _one in range(count)])


def _groups(survey: Survey, slugs: Sequence[str]) -> list[Result]:
    """Of the groups that may be shown; the others are named without a number."""
    sizes = dict(SurveyAnswer.objects.filter(survey=survey).values_list("group").annotate(n=Count("id")))
    shown = rules.shown_groups(sizes, current_setting().smallest_group)
    rows = []
    for name in sorted(sizes):
        part = _of(survey, [survey], slugs, group=name) if name in shown else {}
        favourable = {element["slug"]: element["favourable"] for element in part.get("elements", [])}
        rows.append({"name": name, "n": part.get("n"), "favourable": favourable})
    return rows


def _profile(survey: Survey) -> dict[str, dict[str, int | None]]:
    """Who answered, in numbers; small ones hidden, because a table of one person names him."""
    smallest = current_setting().smallest_cell
    answers = SurveyAnswer.objects.filter(survey=survey)
    return {
        name: suppressed(dict(answers.values_list(name).annotate(n=Count("id")).order_by(name)), smallest)
        for name in ABOUT
    }


def comments_of(survey: Survey) -> list[str]:
    """For those who keep the survey. Those of staff in no order that time could tell, and not from too few."""
    rows = SurveyAnswer.objects.filter(survey=survey).exclude(comment="")
    if survey.kind != SurveyKind.STAFF:
        return list(rows.order_by("-on", "comment").values_list("comment", flat=True)[:200])
    if survey.state == SurveyState.OPEN or not is_large_enough(survey):
        return []
    return list(rows.order_by("comment").values_list("comment", flat=True))


# --- Indicators -----------------------------------------------------------------------------------
def write_indicators(survey: Survey) -> None:
    """The index of the unit in that period, and the mean of each element, from all that is published of it.

    Several surveys (one a service) are one index of the unit: their answers are counted together.
    A staff survey judges nobody's performance and writes none.
    """
    key = _KEYS.get(SurveyKind(survey.kind))
    if key is None:
        return
    period = {"period_start": survey.period_start, "period_end": survey.period_end}
    Indicator.objects.filter(Q(key=key) | Q(key__startswith=f"{key}."), unit=survey.unit, **period).delete()
    together = list(_published(survey))
    if not together:
        return
    slugs = list(together[0].questions.order_by("order").values_list("slug", flat=True))
    result = _of(together[0], together, slugs)
    values = {key: result["index"]} | {f"{key}.{row['slug']}": row["mean"] for row in result["elements"]}
    Indicator.objects.bulk_create(
        Indicator(unit=survey.unit, key=name, value=Decimal(value), derivation=_derivation(together), **period)
        for name, value in values.items()
    )


def _published(survey: Survey) -> QuerySet[Survey]:
    rows = Survey.objects.published().filter(unit=survey.unit, kind=survey.kind)
    return rows.filter(period_start=survey.period_start, period_end=survey.period_end).order_by("id")


def _derivation(surveys: Sequence[Survey]) -> str:
    if len(surveys) == 1:
        return reverse("feedback:survey", args=[surveys[0].slug])
    return f"{reverse('feedback:surveys')}?unit={surveys[0].unit_id}"
