"""A service with a survey of it, and short ways to answers and results; every step by its own verb."""

import datetime
from dataclasses import dataclass

from feedback.enums import SurveyKind, TokenSource
from feedback.models import Service, Survey, SurveyAnswer, SurveyToken
from feedback.rules.survey import SKM_ELEMENTS
from feedback.services import survey_answers, survey_plans, surveys
from feedback.services.survey_answers import Given
from feedback.services.survey_plans import PlanFacts
from feedback.services.surveys import SurveyFacts
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.units.models import Unit
from tests.accounts.factories import UserFactory
from tests.support.remembered import remembered
from tests.units.factories import RoleAssignmentFactory, UnitFactory

Day = datetime.date
OPENS, ENDS = Day(2026, 1, 5), Day(2026, 3, 31)
NUMBERED = (
    "requirements",
    "procedure",
    "time",
    "cost",
    "product",
    "competence",
    "behaviour",
    "complaints",
    "facilities",
)
"""The columns U1..U9 of the worked examples."""
FIVE = ("433434434", "332433433", "443444434", "322433323", "333433334")
"""Reference 4.3, example 1."""


def row(digits: str) -> dict[str, int]:
    return dict(zip(NUMBERED, map(int, digits), strict=True))


@dataclass
class Bureau:
    """`keeper` keeps surveys of `office` and below, `stranger` of another office."""

    root: Unit
    office: Unit
    below: Unit
    other: Unit
    keeper: User
    stranger: User
    service: Service

    def facts(self, **changed) -> SurveyFacts:
        given = {
            "kind": SurveyKind.SKM,
            "title": "SKM Rawat Jalan 2026",
            "unit": self.office,
            "period_start": OPENS,
            "period_end": ENDS,
            "method": "Semua orang yang dilayani menerima kode.",
        }
        return SurveyFacts(**given | changed)

    def draft(self, **changed) -> Survey:
        return surveys.create(actor=self.keeper, facts=self.facts(**changed))

    def opened(self, **changed) -> Survey:
        return surveys.open_survey(actor=self.keeper, survey=self.draft(**changed))

    def token(self, survey: Survey, **more) -> str:
        if survey.kind == SurveyKind.STAFF:
            more = {"group": "Sekretariat", **more}
        return survey_answers.issue(actor=self.keeper, survey=survey, count=1, **more)[0]

    def answered(self, survey: Survey, *rows: str, **about) -> Survey:
        for digits in rows:
            survey_answers.answer(token=self.token(survey), given=Given(row(digits), about=about))
        return survey

    def closed(self, *rows: str, **changed) -> Survey:
        survey = self.answered(self.opened(**changed), *(rows or FIVE))
        return surveys.close(actor=self.keeper, survey=survey)

    def planned(self, survey: Survey, **changed):
        given = {
            "element": "time",
            "activity": "Menambah satu loket pada jam sibuk",
            "due_on": Day(2026, 9, 30),
            "owner_unit": self.office,
        }
        return survey_plans.add(actor=self.keeper, survey=survey, facts=PlanFacts(**given | changed))

    def published(self, *rows: str, **changed) -> Survey:
        survey = self.closed(*rows, **changed)
        self.planned(survey)
        return surveys.publish(actor=self.keeper, survey=survey)


@remembered
def make_bureau() -> Bureau:
    root = UnitFactory(government=True)
    office = UnitFactory(office=True, name="Dinas Kesehatan", short_name="Dinkes", parent=root)
    other = UnitFactory(office=True, name="Dinas Perhubungan", parent=root)
    keeper, stranger = UserFactory(name="Pengelola Survei"), UserFactory(name="Pengelola Lain")
    RoleAssignmentFactory(user=keeper, role=Role.COMPLAINT_LIAISON, unit=office)
    RoleAssignmentFactory(user=stranger, role=Role.COMPLAINT_LIAISON, unit=other)
    return Bureau(
        root=root,
        office=office,
        below=UnitFactory(name="Puskesmas Sungai Jang", parent=office),
        other=other,
        keeper=keeper,
        stranger=stranger,
        service=Service.objects.create(unit=office, code="rawat-jalan", name_id="Rawat jalan", name_en="Clinic"),
    )


def many_answers(survey: Survey, count: int, *, group: str = "", values: dict[str, int] | None = None) -> None:
    """Straight into the tables, for what only a crowd shows."""
    values = values or dict.fromkeys(SKM_ELEMENTS, 3)
    tokens = [
        SurveyToken(
            survey=survey,
            digest=f"{group}{number}{survey.pk}",
            source=TokenSource.COUNTER,
            group=group,
            expires_on=survey.period_end,
        )
        for number in range(count)
    ]
    SurveyToken.objects.bulk_create(tokens)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(survey=survey, token=token, group=group, values=values) for token in tokens
    )
