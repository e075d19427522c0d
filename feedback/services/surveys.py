"""The verbs of a survey: create from its template, word, open, close, publish, take back."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from feedback import permissions_surveys as permissions
from feedback.enums import SurveyKind, SurveyState
from feedback.models import FollowUpPlan, Question, Service, Survey, Weight, current_setting
from feedback.papers_surveys import publication_pdf
from feedback.rules.questionnaires import TEMPLATES
from feedback.services import survey_results
from kepegawaian.audit.services import record
from kepegawaian.documents.files import PDF, safe_name
from kepegawaian.documents.services import store_content
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, StateChanged, demand
from kepegawaian.units.models import Unit

SUBJECT = "feedback.survey"
YEARLY = "PermenPANRB 14/2017"
_WORDS = ("element_id", "element_en", "text_id", "text_en")


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """What the officer decides about a round. `population`: users of the service in the period, for the sample."""

    kind: str
    title: str
    unit: Unit
    period_start: datetime.date
    period_end: datetime.date
    service: Service | None = None
    population: int | None = None
    weight: str = ""
    method: str = ""
    introduction: str = ""


@transaction.atomic
def create(*, actor: Any, facts: SurveyFacts) -> Survey:
    """A draft with the questions of its kind. Raises RuleRefused for a service of another unit."""
    demand(permissions.can_keep_in(actor, facts.unit, facts.kind))
    _check(facts)
    survey = Survey(slug=_free_slug(facts), kind=facts.kind, created_by=actor, unit=facts.unit)
    _fill(survey, facts)
    survey.save(force_insert=True)
    Question.objects.bulk_create(
        Question(
            survey=survey,
            slug=asked.slug,
            order=order,
            element_id=asked.element[0],
            element_en=asked.element[1],
            text_id=asked.text[0],
            text_en=asked.text[1],
            lowest=asked.lowest,
            highest=asked.highest,
            labels=[list(label) for label in asked.labels],
        )
        for order, asked in enumerate(TEMPLATES[facts.kind], start=1)
    )
    record("surveys.created", survey, actor=actor, data={"title": survey.title, "unit": str(facts.unit.pk)})
    return survey


@transaction.atomic
def change(*, actor: Any, survey: Survey, facts: SurveyFacts) -> Survey:
    """While it is a draft. Kind and unit stay: another kind asks other questions."""
    survey = _locked(actor, survey, SurveyState.DRAFT)
    _check(facts)
    _fill(survey, facts)
    survey.save()
    record("surveys.changed", survey, actor=actor, data={"title": survey.title})
    return survey


def _fill(survey: Survey, facts: SurveyFacts) -> None:
    for name in ("title", "service", "period_start", "period_end", "population", "method", "introduction"):
        setattr(survey, name, getattr(facts, name))
    # Only the SKM has a weight (reference 4.2); of another kind it would change nothing.
    chosen = facts.weight or current_setting().survey_weight
    survey.weight = chosen if survey.kind == SurveyKind.SKM else Weight.EXACT


def _check(facts: SurveyFacts) -> None:
    problems = []
    if facts.period_end < facts.period_start:
        message = _("Tanggal selesai harus sama dengan atau sesudah tanggal mulai.")
        problems.append(Problem(message, field="period_end"))
    if facts.service is not None and facts.service.unit_id != facts.unit.pk:
        problems.append(Problem(_("Layanan ini bukan layanan unit tersebut."), field="service"))
    if problems:
        raise RuleRefused(problems)


def _free_slug(facts: SurveyFacts) -> str:
    what = facts.service.code if facts.service else (facts.unit.short_name or facts.unit.name)
    stem = slugify(f"{facts.kind} {what} {facts.period_start:%Y-%m}")[:70]
    taken = set(Survey.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


@transaction.atomic
def reword(*, actor: Any, survey: Survey, texts: Mapping[str, Mapping[str, str]]) -> Survey:
    """Other words for elements, by slug: a free service words its cost in another way, a web service its staff
    (reference 4.1). Slugs and scales stay, so that results can be compared."""
    survey = _locked(actor, survey, SurveyState.DRAFT)
    for question in survey.questions.filter(slug__in=list(texts)):
        words = texts[question.slug]
        for name in _WORDS:
            setattr(question, name, words.get(name, getattr(question, name)))
        question.save(update_fields=_WORDS)
    record("surveys.reworded", survey, actor=actor, data={"elements": sorted(texts)})
    return survey


@transaction.atomic
def open_survey(*, actor: Any, survey: Survey) -> Survey:
    survey = _locked(actor, survey, SurveyState.DRAFT)
    if survey.period_end < today():
        raise RuleRefused([Problem(_("Periode survei ini sudah lewat."), field="period_end")])
    return _move(survey, SurveyState.OPEN, verb="surveys.opened", actor=actor)


@transaction.atomic
def close(*, actor: Any, survey: Survey) -> Survey:
    """No more answers; the result is computed once and kept with the survey."""
    survey = _locked(actor, survey, SurveyState.OPEN)
    survey.result = survey_results.compute(survey)
    return _move(survey, SurveyState.CLOSED, verb="surveys.closed", actor=actor, data={"n": survey.result["n"]})


@transaction.atomic
def publish(*, actor: Any, survey: Survey) -> Survey:
    """Onto the public page, as PDF, and as an indicator of the unit.

    Raises RuleRefused without counted answers, with an element that nobody answered, without the method, and for
    an SKM without a follow-up plan (PermenPANRB 14/2017: the score of each element is published, together with
    what will be done).
    """
    survey = _locked(actor, survey, SurveyState.CLOSED)
    _require_publishable(survey)
    survey.published_at = timezone.now()
    survey = _move(
        survey, SurveyState.PUBLISHED, verb="surveys.published", actor=actor, data={"n": survey.result["n"]}
    )
    survey_results.write_indicators(survey)
    store_content(
        content=publication_pdf(survey),
        name=safe_name(f"{survey.slug}.pdf", PDF),
        mime=PDF,
        subject=(SUBJECT, survey.pk),
        actor=actor,
    )
    return survey


def _require_publishable(survey: Survey) -> None:
    problems = []
    if not survey.result.get("n"):
        problems.append(Problem(_("Belum ada jawaban yang dapat dihitung.")))
    elif not survey_results.is_large_enough(survey):
        problems.append(Problem(_("Jawaban terlalu sedikit untuk diumumkan tanpa membuka jawaban seseorang.")))
    if names := survey_results.unanswered(survey, survey_results.result_of(survey)):
        message = _("Tidak seorang pun menjawab %(elements)s, jadi hasilnya tidak dapat dihitung dan diumumkan.")
        problems.append(Problem(message % {"elements": "; ".join(names)}))
    if not survey.method.strip():
        problems.append(Problem(_("Isi metode survei lebih dahulu."), rule=YEARLY, field="method"))
    if survey.kind == SurveyKind.SKM and not FollowUpPlan.objects.filter(survey=survey).exists():
        message = _("Buat paling sedikit satu rencana tindak lanjut dari unsur terendah.")
        problems.append(Problem(message, rule=YEARLY))
    if problems:
        raise RuleRefused(problems)


@transaction.atomic
def describe_method(*, actor: Any, survey: Survey, method: str) -> Survey:
    """How answers were gathered, which is often known only at the end; until it is published."""
    survey = _locked(actor, survey, SurveyState.DRAFT, SurveyState.OPEN, SurveyState.CLOSED)
    survey.method = method
    survey.save(update_fields=["method"])
    record("surveys.changed", survey, actor=actor, data={"method": method})
    return survey


@transaction.atomic
def take_back(*, actor: Any, survey: Survey, reason: str) -> Survey:
    """A publication that was wrong. The trail keeps why; the indicators of the unit go with it."""
    survey = _locked(actor, survey, SurveyState.PUBLISHED)
    survey.published_at = None
    survey = _move(survey, SurveyState.CLOSED, verb="surveys.taken_back", actor=actor, data={"reason": reason})
    survey_results.write_indicators(survey)
    return survey


def _locked(actor: Any, survey: Survey, *states: str) -> Survey:
    row = Survey.objects.select_for_update(of=("self",)).select_related("unit", "service").get(pk=survey.pk)
    demand(permissions.can_keep(actor, row))
    if row.state not in states:
        message = _("Tindakan ini tidak dapat dilakukan: survei sekarang berstatus “%(state)s”.")
        raise StateChanged(message % {"state": SurveyState(row.state).label})
    return row


def _move(survey: Survey, state: str, *, verb: str, actor: Any, data: dict[str, Any] | None = None) -> Survey:
    survey.state = state
    survey.save()
    record(verb, survey, actor=actor, data=data)
    return survey


def questions_of(survey: Survey) -> Sequence[Question]:
    return list(survey.questions.order_by("order"))
