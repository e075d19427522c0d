"""What is typed survives a lost session, and is forgotten once it has arrived; nobody else finds it in the tab."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from evaluations.enums import PlanState
from evaluations.models import PlanComment
from tests.evaluations.factories import make_plan, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def visit(page, live_server, world):
    """`visit(user)`: the page of a submitted SKP in the same tab, signed in as that person."""
    plan = make_plan(world.of(world.gov.employee), state=PlanState.SUBMITTED)

    def opened(user=None):
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(live_server.url + reverse("evaluations:plan", args=[plan.pk]))
        return page.locator("form[data-keep^=comment-] textarea").first

    return opened


def send(page, form="form[data-keep^=comment-]"):
    with page.expect_navigation():
        page.locator(form).first.evaluate("form => form.requestSubmit()")


def test_what_has_arrived_is_forgotten(visit, page, world):
    visit(world.gov.section_head.user).fill("Tambahkan target.")
    send(page)
    assert PlanComment.objects.get().text == "Tambahkan target."
    expect(visit()).to_have_value("")
    send(page)  # a form that is refused comes back as it was
    assert PlanComment.objects.count() == 1


def test_a_lost_session_loses_no_word_and_leads_back_to_the_page(visit, page, world):
    visit(world.gov.section_head.user).fill("Tambahkan target.")
    page.context.clear_cookies(name="sessionid")
    send(page)
    assert "/masuk/" in page.url or "login" in page.url
    assert "next=/kinerja/" in page.url.replace("%2F", "/")
    expect(visit(world.gov.section_head.user)).to_have_value("Tambahkan target.")


def test_the_next_person_in_the_tab_reads_nothing_of_it(visit, world):
    visit(world.gov.section_head.user).fill("Tambahkan target.")
    expect(visit(world.gov.employee.user)).to_have_value("")
    expect(visit(world.gov.section_head.user)).to_have_value("Tambahkan target.")


def test_signing_out_forgets_all(visit, page, world):
    visit(world.gov.section_head.user).fill("Tambahkan target.")
    send(page, "form[data-ends-session]")
    expect(visit(world.gov.section_head.user)).to_have_value("")
