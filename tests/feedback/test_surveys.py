"""Verbs of surveys: who may, what a token is good for, what the answers come to."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from feedback.enums import Horizon, Progress, SurveyKind, SurveyState
from feedback.models import FeedbackSetting, Question, Survey, SurveyAnswer, SurveyToken
from feedback.rules.questionnaires import TEMPLATES
from feedback.rules.survey import SKM_ELEMENTS
from feedback.services import survey_answers, survey_plans, survey_results, surveys
from feedback.services.survey_answers import AlreadyAnswered, Given
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused, StateChanged
from kepegawaian.units.models import Indicator
from kepegawaian.work.models import WorkItem
from tests.accounts.factories import UserFactory
from tests.feedback.factories_surveys import FIVE, make_bureau, many_answers, row

pytestmark = pytest.mark.django_db
Day = datetime.date


@pytest.fixture(autouse=True)
def _january(time_machine):
    time_machine.move_to("2026-01-15T03:00:00+00:00", tick=False)


@pytest.fixture
def bureau(db):
    return make_bureau()


# --- Rounds ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "asked"), [("skm", 9), ("spkp", 8), ("spak", 5), ("staff", 9)])
def test_a_survey_begins_with_the_questions_of_its_kind(bureau, kind, asked):
    survey = bureau.draft(kind=kind)
    assert survey.questions.count() == asked
    for question in survey.questions.all():
        assert len(question.labels) == question.highest - question.lowest + 1
        assert all(len(label) == 2 and all(label) for label in question.labels)


def test_the_skm_template_asks_the_nine_elements_by_slug():
    assert {asked.slug for asked in TEMPLATES["skm"]} == set(SKM_ELEMENTS)
    assert {(asked.lowest, asked.highest) for asked in TEMPLATES["skm"]} == {(1, 4)}
    assert {(asked.lowest, asked.highest) for asked in TEMPLATES["spak"]} == {(1, 6)}


def test_two_rounds_of_one_service_get_two_addresses(bureau):
    first, second = bureau.draft(service=bureau.service), bureau.draft(service=bureau.service)
    assert (first.slug, second.slug) == ("skm-rawat-jalan-2026-01", "skm-rawat-jalan-2026-01-2")


def test_nobody_surveys_for_another_office(bureau):
    with pytest.raises(PermissionRefused):
        surveys.create(actor=bureau.stranger, facts=bureau.facts())
    survey = bureau.draft()
    for verb in (surveys.open_survey, surveys.close, surveys.publish):
        with pytest.raises(PermissionRefused):
            verb(actor=bureau.stranger, survey=survey)
    assert Survey.objects.visible_to(bureau.stranger).count() == 0
    assert Survey.objects.visible_to(bureau.keeper).get() == survey


def test_a_service_of_another_unit_is_refused(bureau):
    with pytest.raises(RuleRefused) as refused:
        bureau.draft(unit=bureau.below, service=bureau.service)
    assert refused.value.problems[0].field == "service"


def test_questions_are_reworded_only_before_opening(bureau):
    survey = bureau.draft()
    words = {"cost": {"text_id": "Apakah pelayanan ini benar-benar gratis?"}}
    surveys.reword(actor=bureau.keeper, survey=survey, texts=words)
    question = survey.questions.get(slug="cost")
    assert question.text_id == "Apakah pelayanan ini benar-benar gratis?"
    assert question.element_id == "Biaya/tarif"
    surveys.open_survey(actor=bureau.keeper, survey=survey)
    with pytest.raises(StateChanged):
        surveys.reword(actor=bureau.keeper, survey=survey, texts=words)
    with pytest.raises(StateChanged):
        surveys.change(actor=bureau.keeper, survey=survey, facts=bureau.facts())


def test_a_past_period_cannot_be_opened(bureau):
    past = bureau.draft(period_start=Day(2025, 1, 1), period_end=Day(2025, 3, 31))
    with pytest.raises(RuleRefused):
        surveys.open_survey(actor=bureau.keeper, survey=past)


# --- Tokens and answers ---------------------------------------------------------------------------
def test_a_token_is_kept_as_a_digest_alone(bureau):
    survey = bureau.opened()
    tokens = survey_answers.issue(actor=bureau.keeper, survey=survey, count=3)
    assert len(set(tokens)) == 3
    assert all(len(token) >= 22 for token in tokens)
    stored = set(SurveyToken.objects.values_list("digest", flat=True))
    assert stored == {survey_answers.digest_of(token) for token in tokens}


@pytest.mark.parametrize("count", [0, 201])
def test_a_sheet_has_one_to_two_hundred_codes(bureau, count):
    with pytest.raises(RuleRefused):
        survey_answers.issue(actor=bureau.keeper, survey=bureau.opened(), count=count)


def test_one_answer_a_token_and_the_same_one_again_does_no_harm(bureau):
    survey = bureau.opened()
    token = bureau.token(survey)
    first = survey_answers.answer(token=token, given=Given(row("433434434")))
    assert survey_answers.answer(token=token, given=Given(row("433434434"))) == first
    with pytest.raises(AlreadyAnswered):
        survey_answers.answer(token=token, given=Given(row("111111111")))
    assert SurveyAnswer.objects.get().values == row("433434434")


def test_the_database_takes_one_answer_a_token_and_never_changes_one(bureau):
    survey = bureau.answered(bureau.opened(), "444444444")
    answer = SurveyAnswer.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.create(survey=survey, token=answer.token, values={})
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.update(comment="lain")


def test_an_unknown_token_a_closed_survey_and_a_late_answer_are_refused(bureau, time_machine):
    survey = bureau.opened()
    early, late = bureau.token(survey), bureau.token(survey)
    with pytest.raises(StateChanged):
        survey_answers.answer(token="tidak-ada", given=Given(row("444444444")))
    time_machine.move_to("2026-04-01T03:00:00+00:00")
    with pytest.raises(StateChanged):
        survey_answers.answer(token=early, given=Given(row("444444444")))
    time_machine.move_to("2026-03-31T03:00:00+00:00")
    survey_answers.answer(token=early, given=Given(row("444444444")))
    surveys.close(actor=bureau.keeper, survey=survey)
    with pytest.raises(StateChanged):
        survey_answers.answer(token=late, given=Given(row("444444444")))


def test_two_elements_may_be_missing_and_three_may_not(bureau):
    survey = bureau.opened()
    seven = dict(list(row("444444444").items())[:7])
    survey_answers.answer(token=bureau.token(survey), given=Given(seven))
    six = dict(list(seven.items())[:6])
    with pytest.raises(RuleRefused) as refused:
        survey_answers.answer(token=bureau.token(survey), given=Given(six))
    assert {problem.field for problem in refused.value.problems} == set(SKM_ELEMENTS) - set(six)


@pytest.mark.parametrize("value", [0, 5])
def test_a_value_off_the_scale_is_refused(bureau, value):
    with pytest.raises(RuleRefused):
        survey_answers.answer(token=bureau.token(bureau.opened()), given=Given(row("444444444") | {"time": value}))


def test_a_kiosk_form_sent_twice_is_one_answer(bureau):
    survey = bureau.opened()
    key = survey_answers.kiosk_key(actor=bureau.keeper, survey=survey)
    assert survey_answers.survey_of_kiosk(key) == survey
    for _time in range(2):
        survey_answers.answer_at_kiosk(survey=survey, nonce="abc", given=Given(row("444444444")))
    survey_answers.answer_at_kiosk(survey=survey, nonce="def", given=Given(row("333333333")))
    assert SurveyAnswer.objects.count() == 2


def test_a_kiosk_ends_with_its_survey_with_its_month_and_with_a_forged_key(bureau, time_machine):
    survey = bureau.opened()
    key = survey_answers.kiosk_key(actor=bureau.keeper, survey=survey)
    assert survey_answers.survey_of_kiosk(key + "x") is None
    time_machine.move_to("2026-02-20T03:00:00+00:00")
    assert survey_answers.survey_of_kiosk(key) is None
    fresh = survey_answers.kiosk_key(actor=bureau.keeper, survey=survey)
    assert survey_answers.survey_of_kiosk(fresh) == survey
    surveys.close(actor=bureau.keeper, survey=survey)
    assert survey_answers.survey_of_kiosk(fresh) is None


# --- Results --------------------------------------------------------------------------------------
def test_the_five_respondents_of_the_reference(bureau):
    result = bureau.closed().result
    assert (result["n"], result["interval"], result["index"], result["grade"]) == (5, "3.2889", "82.22", "B")
    means = {element["slug"]: element["mean"] for element in result["elements"]}
    assert [Decimal(means[slug]) for slug in row("1" * 9)] == [
        Decimal(text) for text in ("3.4", "3.0", "2.6", "4.0", "3.2", "3.4", "3.6", "2.8", "3.6")
    ]
    assert result["lowest"][:2] == ["time", "complaints"]
    lowest = next(element for element in result["elements"] if element["slug"] == "time")
    assert (lowest["converted"], lowest["grade"]) == ("65.00", "C")


def test_the_same_answers_by_the_rounded_weight(bureau):
    result = bureau.closed(weight="0.11").result
    assert (result["interval"], result["index"], result["grade"], result["weight"]) == (
        "3.2560",
        "81.40",
        "B",
        "0.11",
    )


def test_the_setting_gives_the_weight_of_a_new_survey(bureau):
    FeedbackSetting.objects.create(survey_weight="0.11")
    assert bureau.draft().weight == "0.11"


def test_a_missing_answer_divides_by_those_given_and_is_flagged(bureau):
    survey = bureau.answered(bureau.opened(), "444444444")
    short = {slug: value for slug, value in row("222222222").items() if slug != "time"}
    survey_answers.answer(token=bureau.token(survey), given=Given(short))
    result = survey_results.compute(survey)
    by_slug = {element["slug"]: (element["answered"], element["mean"]) for element in result["elements"]}
    assert (by_slug["time"], by_slug["cost"]) == ((1, "4.0000"), (2, "3.0000"))
    assert (result["n"], result["incomplete"]) == (2, 1)


def test_a_survey_without_answers_has_no_index(bureau):
    survey = surveys.close(actor=bureau.keeper, survey=bureau.opened())
    assert (survey.result["n"], survey.result["elements"]) == (0, [])
    bureau.planned(survey)
    with pytest.raises(RuleRefused):
        surveys.publish(actor=bureau.keeper, survey=survey)


def test_an_element_that_nobody_answered_is_named_when_it_is_closed_and_published(bureau):
    survey = bureau.opened()
    skipped = {slug: 3 for slug in SKM_ELEMENTS if slug not in ("time", "cost")}
    survey_answers.answer(token=bureau.token(survey), given=Given(skipped))
    survey = surveys.close(actor=bureau.keeper, survey=survey)
    assert (survey.result["n"], survey.result["elements"]) == (1, [])
    assert survey.result["unanswered"] == ["time", "cost"]
    bureau.planned(survey)
    for kept in (survey.result, {"n": 1, "elements": []}):  # as it was kept before elements were named
        Survey.objects.update(result=kept)
        with pytest.raises(RuleRefused) as refused:
            surveys.publish(actor=bureau.keeper, survey=survey)
        assert "Waktu penyelesaian; Biaya/tarif" in str(refused.value.problems[0].message)
    assert Survey.objects.get().state == SurveyState.CLOSED


def test_spak_is_an_index_of_four_points(bureau):
    survey = bureau.opened(kind=SurveyKind.SPAK)
    slugs = list(survey.questions.values_list("slug", flat=True))
    for value in (6, 5):
        survey_answers.answer(token=bureau.token(survey), given=Given(dict.fromkeys(slugs, value)))
    result = survey_results.compute(survey)
    assert result["index"] == "3.67"  # 5.5 of 6, on four points
    assert "grade" not in result


def test_small_numbers_of_who_answered_are_hidden(bureau):
    survey = bureau.opened()
    bureau.answered(survey, *["333333333"] * 6, sex="P")
    bureau.answered(survey, "444444444", sex="L")
    assert survey_results.compute(survey)["profile"]["sex"] == {"L": None, "P": None}


# --- Staff ----------------------------------------------------------------------------------------
def _staff(bureau, sizes):
    survey = bureau.opened(kind=SurveyKind.STAFF)
    slugs = list(survey.questions.values_list("slug", flat=True))
    for number, (group, size) in enumerate(sizes.items()):
        many_answers(survey, size, group=group, values=dict.fromkeys(slugs, 4 if number else 2) | {"recommend": 9})
    return survey


def test_groups_of_fewer_than_ten_are_hidden_and_so_is_what_would_tell_them(bureau):
    survey = surveys.close(actor=bureau.keeper, survey=_staff(bureau, {"A": 12, "B": 9, "C": 30}))
    shown = {group["name"]: group["n"] for group in survey.result["groups"]}
    assert shown == {"A": None, "B": None, "C": 30}
    assert survey.result["enps"] == "100.00"
    favourable = {element["slug"]: element["favourable"] for element in survey.result["elements"]}
    assert "recommend" not in favourable
    assert favourable["clarity"] == "76.47"  # 39 of 51


def test_a_staff_answer_keeps_nothing_about_the_person(bureau):
    survey = bureau.opened(kind=SurveyKind.STAFF)
    with pytest.raises(RuleRefused):
        survey_answers.issue(actor=bureau.keeper, survey=survey, count=1)
    slugs = survey.questions.values_list("slug", flat=True)
    given = Given(dict.fromkeys(slugs, 3), about={"sex": "L", "occupation": "pns"}, service=bureau.service)
    answer = survey_answers.answer(token=bureau.token(survey, group="Bidang A"), given=given)
    assert (answer.sex, answer.occupation, answer.group) == ("", "", "Bidang A")
    assert answer.pk.version == 4  # the usual id would tell when, and the log of requests who was there then
    with pytest.raises(ApplicationError):
        survey_answers.kiosk_key(actor=bureau.keeper, survey=survey)


def test_a_staff_survey_of_nine_is_not_published_and_its_comments_stay_unread(bureau):
    survey = surveys.close(actor=bureau.keeper, survey=_staff(bureau, {"A": 9}))
    assert survey_results.comments_of(survey) == []
    with pytest.raises(RuleRefused):
        surveys.publish(actor=bureau.keeper, survey=survey)


# --- Publication ----------------------------------------------------------------------------------
def test_publishing_needs_a_method_and_a_plan(bureau):
    survey = bureau.closed(method="")
    with pytest.raises(RuleRefused) as refused:
        surveys.publish(actor=bureau.keeper, survey=survey)
    assert len(refused.value.problems) == 2
    surveys.describe_method(actor=bureau.keeper, survey=survey, method="Acak sederhana")
    bureau.planned(survey)
    published = surveys.publish(actor=bureau.keeper, survey=survey)
    assert published.state == SurveyState.PUBLISHED
    kept = StoredFile.objects.get(subject_type=surveys.SUBJECT, subject_id=survey.pk)
    assert kept.file.read(5) == b"%PDF-"


def test_the_result_is_an_indicator_of_the_unit_until_it_is_taken_back(bureau):
    survey = bureau.published()
    found = Indicator.objects.get(unit=bureau.office, key="feedback.ikm")
    assert (found.value, found.period_start, found.derivation) == (
        Decimal("82.2200"),
        survey.period_start,
        f"/survei/{survey.slug}/",
    )
    assert Indicator.objects.get(key="feedback.ikm.time").value == Decimal("2.6")
    assert Indicator.objects.count() == 10
    surveys.take_back(actor=bureau.keeper, survey=survey, reason="Salah periode")
    assert not Indicator.objects.exists()


def test_several_surveys_of_a_unit_are_one_index_of_all_answers(bureau):
    bureau.published("444444444", "444444444", "444444444")
    bureau.published("222222222", service=bureau.service)
    found = Indicator.objects.get(key="feedback.ikm")
    assert found.value == Decimal("87.5")  # (3 x 4 + 2) / 4 x 25
    assert found.derivation == f"/survei/?unit={bureau.office.pk}"


def test_a_staff_survey_judges_nobody(bureau):
    survey = surveys.close(actor=bureau.keeper, survey=_staff(bureau, {"A": 12}))
    surveys.publish(actor=bureau.keeper, survey=survey)
    assert not Indicator.objects.exists()


# --- Follow-up ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("due_on", "horizon"),
    [
        (Day(2027, 3, 30), Horizon.SHORT),
        (Day(2027, 3, 31), Horizon.MEDIUM),
        (Day(2028, 3, 31), Horizon.MEDIUM),
        (Day(2028, 4, 1), Horizon.LONG),
    ],
)
def test_how_long_a_plan_is(due_on, horizon):
    assert survey_plans.horizon_of(Day(2026, 3, 31), due_on) == horizon


def test_a_plan_waits_in_the_inbox_of_its_owner_until_he_reports_it(bureau):
    survey = bureau.closed()
    owner = UserFactory()
    plan = bureau.planned(survey, owner=owner)
    assert (plan.year, plan.quarter, plan.horizon) == (2026, 3, Horizon.SHORT)
    item = WorkItem.objects.get(kind=survey_plans.ITEM, holder=owner)
    assert (item.due_on, item.closed_at) == (plan.due_on, None)
    with pytest.raises(RuleRefused):
        survey_plans.report(actor=owner, plan=plan, state=Progress.DONE, progress=" ")
    with pytest.raises(PermissionRefused):
        survey_plans.report(actor=bureau.stranger, plan=plan, state=Progress.RUNNING, progress="Mulai")
    done = survey_plans.report(actor=owner, plan=plan, state=Progress.DONE, progress="Loket dibuka")
    assert done.done_on == Day(2026, 1, 15)
    assert WorkItem.objects.get(pk=item.pk).closed_at is not None
    with pytest.raises(StateChanged):
        survey_plans.change(
            actor=bureau.keeper,
            plan=done,
            facts=survey_plans.PlanFacts("time", "a", Day(2027, 1, 1), bureau.office),
        )


@pytest.mark.parametrize(("field", "value"), [("element", "harga"), ("due_on", Day(2026, 1, 14))])
def test_a_plan_names_an_element_and_a_day_to_come(bureau, field, value):
    with pytest.raises(RuleRefused) as refused:
        bureau.planned(bureau.closed(), **{field: value})
    assert refused.value.problems[0].field == field


def test_what_an_answer_costs(bureau, django_assert_max_num_queries):
    token = bureau.token(bureau.opened())
    with django_assert_max_num_queries(9):
        survey_answers.answer(token=token, given=Given(row(FIVE[0])))


def test_a_result_of_many_costs_the_same_as_of_few(bureau):
    from django.test.utils import CaptureQueriesContext

    survey = bureau.answered(bureau.opened(), "444444444")
    with CaptureQueriesContext(connection) as few:
        survey_results.compute(survey)
    many_answers(survey, 500)
    with CaptureQueriesContext(connection) as many:
        assert survey_results.compute(survey)["n"] == 501
    assert len(few) == len(many) <= 9
    assert Question.objects.filter(survey=survey).count() == 9
