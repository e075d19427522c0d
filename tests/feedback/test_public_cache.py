"""Pages for everybody are kept by the portal: a second visitor costs next to nothing and reads nothing old."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.enums import Audience
from feedback.services import cases
from feedback.services.statistics import refresh_due

pytestmark = pytest.mark.django_db
LIST = reverse("feedback:reports")


def page_of(case):
    return reverse("feedback:track", args=[case.number])


def visit(path, client=None, **extra):
    """(text, statements) of a visitor who comes for the first time."""
    with CaptureQueriesContext(connection) as captured:
        response = (client or Client()).get(path, **extra)
    return response.content.decode(), len(captured)


@pytest.mark.parametrize("name", ["report", "list", "statistics"])
def test_the_second_visitor_costs_two_statements_at_most(desk, name):
    case = desk.answered()
    refresh_due()
    path = {"report": page_of(case), "list": LIST, "statistics": reverse("feedback:statistics")}[name]
    first, dear = visit(path)
    second, cheap = visit(path)
    assert first == second
    assert cheap <= 2 < dear


def test_what_is_taken_back_is_gone_at_once(desk):
    case = desk.accepted()
    message = cases.message(actor=desk.liaison, case=case, text="Loket dibuka besok.", audience=Audience.PUBLIC)
    assert "Loket dibuka besok." in visit(page_of(case))[0]
    cases.hide_message(actor=desk.admin, message=message, reason="personal", explanation="Memuat nama.")
    assert "Loket dibuka besok." not in visit(page_of(case))[0]


def test_an_answer_that_is_hidden_stands_nowhere_on_the_page(desk):
    case = desk.answered()
    message = case.messages.get(official=True)
    assert visit(page_of(case))[0].count("Loket ditambah mulai besok.") == 1
    cases.hide_message(actor=desk.admin, message=message, reason="personal", explanation="Memuat nama.")
    assert "Loket ditambah mulai besok." not in visit(page_of(case))[0]


def test_what_becomes_secret_leaves_list_and_page_at_once(desk):
    case = desk.accepted()
    assert case.number in visit(LIST)[0]
    assert visit(page_of(case))[0]
    cases.classify(actor=desk.admin, case=case, secret=True)
    assert case.number not in visit(LIST)[0]
    assert Client().get(page_of(case)).status_code == 404


def test_what_is_new_is_listed_at_once(desk):
    visit(LIST)
    assert desk.accepted().number in visit(LIST)[0]


def test_filters_and_pages_are_never_taken_from_it(desk):
    case = desk.accepted()
    visit(LIST)
    assert case.number not in visit(f"{LIST}?q=tidakada")[0]


def test_language_and_theme_have_pages_of_their_own(desk):
    case = desk.accepted()
    plain = visit(page_of(case))[0]
    dark, english = Client(), Client()
    dark.cookies["theme"] = "dark"
    english.cookies["language"] = "en"
    assert visit(page_of(case), dark)[0] != plain
    assert 'lang="en"' in visit(page_of(case), english)[0]
    assert visit(page_of(case))[0] == plain


def test_the_reporter_and_the_officer_get_and_leave_nothing_there(desk, citizen, sign_in):
    case = desk.accepted()
    citizen.open(case, desk.pin)
    own = citizen.client.get(page_of(case)).content.decode()
    assert reverse("feedback:mine", args=[case.number]) in own
    assert sign_in(desk.admin).get(page_of(case)).status_code == 200
    other, dear = visit(page_of(case))
    assert reverse("feedback:mine", args=[case.number]) not in other
    assert dear > 2, "neither of them left a page there"
    assert citizen.client.get(page_of(case)).content.decode() == own
