"""In a real Chromium: the list swaps itself, the tree opens its branches, boxes suggest while typing."""

import re

import pytest
from playwright.sync_api import expect

from tests.employees.factories import EmployeeFactory, make_government

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gov(transactional_db):
    return make_government()


@pytest.fixture
def hr_page(gov, client, page, live_server):
    """A page signed in as HR, with a watch on errors of scripts and of the content policy."""
    client.force_login(gov.hr.user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def test_the_list_is_searched_sorted_and_left_by_the_back_button(gov, hr_page, live_server):
    EmployeeFactory.create_batch(3, unit=gov.section, name="Agnes Nasution")
    hr_page.goto(f"{live_server.url}/pegawai/")
    hr_page.get_by_label("Cari nama, NIP, atau jabatan").fill("agnes")
    hr_page.get_by_role("button", name="Terapkan").click()
    expect(hr_page.locator("#people tbody tr")).to_have_count(3)
    expect(hr_page).to_have_url(re.compile("q=agnes"))
    expect(hr_page.locator("#people-count")).to_have_text("3 pegawai ditemukan")
    hr_page.get_by_role("link", name="Golongan").click()
    expect(hr_page).to_have_url(re.compile("sort=golongan"))
    hr_page.go_back()
    expect(hr_page).not_to_have_url(re.compile("sort="))
    expect(hr_page.get_by_role("heading", level=1)).to_have_text("Pegawai")
    hr_page.locator("#people tbody a").first.click()
    expect(hr_page.get_by_role("heading", level=1)).to_have_text("Agnes Nasution")


def test_a_branch_of_the_tree_opens_in_place(gov, hr_page, live_server):
    hr_page.goto(f"{live_server.url}/unit/")
    hr_page.locator("summary", has_text="Dinas Kesehatan").click()
    expect(hr_page.get_by_role("link", name="Bidang Pelayanan Kesehatan", exact=True)).to_be_visible()
    expect(hr_page).to_have_url(f"{live_server.url}/unit/")


def test_a_box_suggests_people_while_typing(gov, hr_page, live_server):
    hr_page.goto(f"{live_server.url}/unit/{gov.section.pk}/pimpinan/")
    hr_page.get_by_label("Pegawai", exact=True).press_sequentially("citra", delay=30)
    option = hr_page.locator("#id_employee-list option").first
    expect(option).to_have_attribute("value", re.compile("Citra Bidang"))


@pytest.mark.parametrize("address", ["/pegawai/", "/unit/", "/pegawai/saya/", "/unit/tanpa-kepala/"])
def test_nothing_is_wider_than_a_small_phone(gov, hr_page, live_server, address):
    hr_page.set_viewport_size({"width": 320, "height": 700})
    hr_page.goto(f"{live_server.url}{address}")
    widths = hr_page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1]
