"""The survey after a closed case: who is asked, one token a closing, nothing that leads from answer to case."""

import datetime
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from feedback.enums import CaseState
from feedback.models import Case, ReporterMail, SurveyAnswer, SurveyInvitation, SurveyToken
from feedback.notifications import tracking_url
from feedback.permissions import Reporting
from feedback.services import cases, survey_answers, surveys
from feedback.services.cases.inviting import survey_for, survey_token
from feedback.services.cases.mailing import send_waiting
from feedback.services.cases.reminders import tick
from feedback.services.survey_answers import Given
from feedback.services.surveys import SurveyFacts
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.notifications.delivery import words
from kepegawaian.notifications.models import Message
from tests.feedback.factories import CONTACT
from tests.feedback.factories_surveys import row
from tests.support.races import at_once

pytestmark = pytest.mark.django_db
Day = datetime.date
BUTTON = "Isi survei"


def opened(desk, **changed):
    given = {
        "kind": "skm",
        "title": "SKM",
        "unit": desk.gov.office,
        "period_start": Day(2026, 1, 1),
        "period_end": Day(2026, 12, 31),
    }
    made = surveys.create(actor=desk.admin, facts=SurveyFacts(**given | changed))
    return surveys.open_survey(actor=desk.admin, survey=made)


def ask(client, case):
    return client.post(reverse("feedback:mine_survey", args=[case.number]))


def link_of(response) -> str:
    return re.fullmatch(r"/survei/isi/([\w-]+)/", response.url)[1]


def answered_by(token, digits="433434434"):
    return survey_answers.answer(token=token, given=Given(row(digits)))


# --- Which survey ---------------------------------------------------------------------------------
def test_a_closed_case_leads_to_the_survey_of_its_service_before_a_general_one(desk):
    case = desk.closed()
    assert survey_for(case) is None
    general = opened(desk)
    assert survey_for(case) == general
    special = opened(desk, unit=desk.service.unit, service=desk.service)
    assert survey_for(case) == special
    case.service = None
    assert survey_for(case) == general
    case.unit = case.holder_unit = desk.other
    assert survey_for(case) is None


def test_a_case_that_was_closed_before_the_period_is_not_asked_about(desk, clock):
    case = desk.closed()
    clock("02-02")
    opened(desk, period_start=Day(2026, 2, 1))
    assert survey_for(case) is None
    assert survey_for(desk.closed()) is not None


# --- One token ------------------------------------------------------------------------------------
def test_the_reporter_by_pin_comes_to_one_survey_and_answers_it_once(desk, citizen):
    survey, case = opened(desk), desk.answered()
    citizen.open(case, desk.pin)
    assertNotContains(citizen.mine(case), BUTTON)
    citizen.act(case, "accept")
    assertContains(citizen.mine(case), BUTTON)
    first, second = ask(citizen.client, case), ask(citizen.client, case)
    assert first["Referrer-Policy"] == "no-referrer"
    assert link_of(first) == link_of(second)
    assert survey_answers.find_token(link_of(first)).survey == survey
    assertContains(citizen.client.get(first.url), survey.title)
    assert citizen.client.post(first.url, row("433434434")).status_code == 302
    assertNotContains(citizen.mine(case), BUTTON)
    again = citizen.client.post(first.request["PATH_INFO"], follow=True)
    assertRedirects(again, reverse("feedback:mine", args=[case.number]))
    assertContains(again, "sudah dijawab")
    assert (SurveyToken.objects.count(), SurveyAnswer.objects.count()) == (1, 1)


def test_the_page_for_everybody_asks_nobody(desk, client):
    opened(desk)
    case = desk.closed()
    assertNotContains(client.get(reverse("feedback:track", args=[case.number])), BUTTON)
    assert ask(client, case).status_code == 404
    assert ask(Client(enforce_csrf_checks=True), case).status_code == 403
    with pytest.raises(PermissionRefused):
        cases.ask_for_survey(by=Reporting(), case=case)
    assert not SurveyInvitation.objects.exists()


def test_a_reopening_that_is_refused_begins_nothing_new_and_one_that_is_granted_does(desk, clock):
    opened(desk)
    case = desk.closed()
    by = desk.reporter(case)
    answered_by(survey_token(case))
    clock("01-19")
    cases.reopen(by=by, case=case, reason="Kambuh lagi")
    case = cases.keep_closed(actor=desk.admin, case=case, reason="Sudah dijelaskan")
    assert not cases.may_answer_survey(case)
    assert survey_token(case) is None
    clock("02-20")
    cases.reopen(by=by, case=case, reason="Kambuh lagi")
    case = desk.answer(cases.resume(actor=desk.admin, case=case), "Loket ditambah lagi.")
    assert survey_token(case) is None  # answered, not closed yet
    case = cases.accept_answer(by=by, case=case)
    assert cases.may_answer_survey(case)
    answered_by(survey_token(case))
    assert SurveyAnswer.objects.count() == 2


def test_a_token_that_its_survey_left_unused_gives_way_to_the_next_survey(desk):
    old, case = opened(desk), desk.closed()
    token = survey_token(case)
    surveys.close(actor=desk.admin, survey=old)
    assert not cases.may_answer_survey(case)
    assert survey_token(case) is None
    new = opened(desk)
    assert cases.may_answer_survey(case)
    assert survey_answers.find_token(survey_token(case)).survey == new
    assert survey_token(case) != token
    assert SurveyInvitation.objects.count() == 1


# --- Nothing leads back ---------------------------------------------------------------------------
def test_nothing_leads_from_an_answer_to_the_case(desk, caplog):
    opened(desk)
    case, secret = desk.closed(), desk.closed(secret=True)
    tokens = [survey_token(case), survey_token(secret)]
    assert {survey_answers.find_token(token).service for token in tokens} == {desk.service, None}
    assert not SurveyInvitation.objects.filter(sealed__contains=tokens[0]).exists()
    client = Client()
    client.force_login(desk.citizen)
    caplog.clear()
    for token in tokens:
        client.post(reverse("feedback:survey_answer", args=[token]), row("433434434"))
    assert "feedback:survey_answer" not in caplog.text
    assert set(SurveyInvitation.objects.values_list("token", "sealed")) == {(None, "")}
    for model in (SurveyToken, SurveyAnswer):
        assert {each.pk.version for each in model.objects.all()} == {4}  # the usual id would tell when
        assert not {field.name for field in model._meta.fields} & {"case", "user", "reporter", "person", "ip"}


def test_the_database_takes_no_answer_of_which_a_case_knows_the_token(desk):
    survey = opened(desk)
    case = desk.closed()
    token = survey_answers.find_token(survey_token(case))
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.create(survey=survey, token=token, values={})
    answered_by(survey_token(case))
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyInvitation.objects.update(token=token, sealed="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyInvitation.objects.create(case=case, answered_at=case.answered_at)


# --- Messages -------------------------------------------------------------------------------------
def by_silence(desk, clock, **facts):
    case = desk.answered(**facts)
    clock("03-10")
    tick()
    assert desk.fresh(case).state == CaseState.CLOSED
    return desk.fresh(case)


def test_the_mail_of_a_closed_case_carries_the_link_of_the_page_and_a_second_one_the_same(desk, clock, mailoutbox):
    survey = opened(desk)
    case = by_silence(desk, clock, contact=CONTACT)
    cases.reopen(by=desk.reporter(case), case=case, reason="Kambuh lagi")
    cases.keep_closed(actor=desk.admin, case=case, reason="Sudah dijelaskan")
    send_waiting()
    links = [link for mail in mailoutbox for link in re.findall(r"/survei/isi/([\w-]+)/", mail.body)]
    assert len(links) == 2
    assert set(links) == {survey_token(case)}
    assert survey_answers.find_token(links[0]).survey == survey
    assert not ReporterMail.objects.filter(context__icontains=links[0]).exists()
    assert not ReporterMail.objects.exclude(sealed="").exists()


def test_the_message_to_an_account_leads_to_the_own_page_where_the_survey_is_asked_for(desk, clock, sign_in):
    opened(desk)
    case = by_silence(desk, clock, user=desk.citizen)
    told = Message.objects.get(recipient=desk.citizen, kind="feedback.finished")
    own = reverse("feedback:mine", args=[case.number])
    assert told.url == f"{tracking_url(case)}#survey"
    assert told.url in words(told, "body")
    assert "Jawab survei singkat tanpa nama." in words(told, "line")
    client = sign_in(desk.citizen)
    assertRedirects(client.get(told.url), own)
    assertContains(client.get(own), BUTTON)
    assert link_of(ask(client, case)) == survey_token(case)


def test_without_a_survey_no_message_speaks_of_one(desk, clock):
    case = by_silence(desk, clock, user=desk.citizen)
    told = Message.objects.get(recipient=desk.citizen, kind="feedback.finished")
    assert told.url == tracking_url(case)
    assert "survei" not in words(told, "body") + words(told, "line")


# --- At the same moment ---------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_are_one_token(desk):
    opened(desk)
    case = desk.closed()
    tokens = at_once(*[lambda: survey_token(Case.objects.get(pk=case.pk))] * 10)
    assert len(set(tokens)) == 1
    assert SurveyToken.objects.count() == SurveyInvitation.objects.count() == 1
