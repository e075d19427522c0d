"""Satisfaction surveys of one office: one published with its plan, one open, one in preparation."""

import datetime
import random

from demo.feedback_cases import Cast
from demo.moments import ago, moment
from feedback.enums import Progress, SurveyKind
from feedback.forms_surveys import EDUCATION, OCCUPATIONS, SEXES, SLOTS
from feedback.models import Service, Survey
from feedback.rules.survey import SKM_ELEMENTS
from feedback.services import survey_answers, survey_plans, surveys
from feedback.services.survey_answers import Given
from feedback.services.survey_plans import PlanFacts
from feedback.services.surveys import SurveyFacts
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today

METHOD = "Setiap orang yang selesai dilayani di loket menerima kode sekali pakai selama periode survei."
SCORES = (2, 3, 3, 3, 4, 4, 4)
COMMENTS = ("", "", "", "Pelayanan sudah baik.", "Kursi tunggu perlu ditambah.", "Antrean daring sangat membantu.")
BEGAN, ENDED, TOLD = 150, 95, 88
"""Days ago of the published one."""
ANSWERS, ANSWERS_SO_FAR = 32, 12


def load(cast: Cast, services: list[Service], rng: random.Random) -> None:
    """`services` of one office: as many surveys, at most three."""
    keeper = cast.liaisons[services[0].unit_id][0]
    _published(keeper, services[0], rng)
    if len(services) > 1:
        _open(keeper, services[1], rng)
    if len(services) > 2:
        with moment(ago(2)):
            surveys.create(actor=keeper, facts=_facts(services[2], today(), _in(75)))


def _in(days: int) -> datetime.date:
    return today() + datetime.timedelta(days=days)


def _facts(service: Service, first: datetime.date, last: datetime.date) -> SurveyFacts:
    return SurveyFacts(
        kind=SurveyKind.SKM,
        title=f"Survei Kepuasan Masyarakat: {service.name_id}",
        unit=service.unit,
        service=service,
        period_start=first,
        period_end=last,
        population=400,
        method=METHOD,
        introduction="Jawaban Anda dipakai untuk memperbaiki pelayanan. Nama Anda tidak dicatat.",
    )


def _answer(survey: Survey, keeper: User, count: int, rng: random.Random) -> None:
    for token in survey_answers.issue(actor=keeper, survey=survey, count=count):
        about = {
            "sex": rng.choice(SEXES)[0],
            "education": rng.choice(EDUCATION)[0],
            "occupation": rng.choice(OCCUPATIONS)[0],
            "slot": rng.choice(SLOTS)[0],
        }
        values = {
            slug: 2 if slug == "time" and rng.random() < 0.4 else rng.choice(SCORES) for slug in SKM_ELEMENTS
        }
        survey_answers.answer(token=token, given=Given(values, about=about, comment=rng.choice(COMMENTS)))


def _published(keeper: User, service: Service, rng: random.Random) -> None:
    with moment(ago(BEGAN)):
        survey = surveys.create(actor=keeper, facts=_facts(service, today(), _in(BEGAN - ENDED)))
        survey = surveys.open_survey(actor=keeper, survey=survey)
    with moment(ago(ENDED + 5)):
        _answer(survey, keeper, ANSWERS, rng)
    with moment(ago(TOLD)):
        survey = surveys.close(actor=keeper, survey=survey)
        due = _in(TOLD + 40)
        facts = PlanFacts("time", "Menambah satu loket pada jam sibuk", due, service.unit, keeper)
        plan = survey_plans.add(actor=keeper, survey=survey, facts=facts)
        facts = PlanFacts("facilities", "Menambah kursi dan pendingin di ruang tunggu", _in(60), service.unit)
        done = survey_plans.add(actor=keeper, survey=survey, facts=facts)
        surveys.publish(actor=keeper, survey=survey)
    with moment(ago(35)):
        survey_plans.report(actor=keeper, plan=done, state=Progress.DONE, progress="Dua puluh kursi terpasang.")
        text = "Petugas loket kedua sedang dilatih."
        survey_plans.report(actor=keeper, plan=plan, state=Progress.RUNNING, progress=text)


def _open(keeper: User, service: Service, rng: random.Random) -> None:
    with moment(ago(20)):
        survey = surveys.create(actor=keeper, facts=_facts(service, today(), _in(60)))
        survey = surveys.open_survey(actor=keeper, survey=survey)
    with moment(ago(3)):
        _answer(survey, keeper, ANSWERS_SO_FAR, rng)
