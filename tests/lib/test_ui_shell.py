"""Doors and their pages: who sees what, in which order, what is lit."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.urls import reverse

from kepegawaian.accounts.models import User
from kepegawaian.lib.ui import shell
from kepegawaian.lib.ui.shell import MenuEntry, Shell


@pytest.fixture(autouse=True)
def empty_menu(monkeypatch):
    monkeypatch.setattr(shell, "_entries", {})
    monkeypatch.setattr(shell, "tools", shell.Tools())


def opened(path="/", user=None):
    request = RequestFactory().get(path)
    request.user = user or User(name="Siti Aminah")
    return Shell(request)


def entry(name="account_login", door=shell.MY, **rest):
    return MenuEntry(door, rest.pop("label", "Cuti saya"), name, "calendar-days", **rest)


def test_a_door_without_pages_is_not_there_and_home_always_is():
    assert [door.code for door in opened().doors] == ["home"]


def test_an_anonymous_visitor_has_public_doors_only():
    shell.register(entry(door=shell.MY))
    shell.register(entry("account_signup", door=shell.PUBLIC, visible=shell.everyone))
    assert [door.code for door in opened(user=AnonymousUser()).doors] == ["public"]
    assert opened(user=AnonymousUser()).name == ""


def test_pages_stand_in_their_order_and_hidden_ones_do_not():
    shell.register(entry("account_login", label="Kedua", order=20))
    shell.register(entry("account_signup", label="Pertama", order=10))
    shell.register(entry("account_logout", label="Rahasia", visible=lambda request: False))
    assert [link.label for link in opened().door("my").links] == ["Pertama", "Kedua"]


def test_a_door_with_one_page_leads_there_and_with_several_to_its_own_page():
    shell.register(entry("account_login"))
    assert opened().door("my").url == reverse("account_login")
    shell.register(entry("account_signup"))
    assert opened().door("my").url == "/menu/my/"


def test_counts_of_pages_add_up_at_the_door():
    shell.register(entry("account_login", badge=lambda request: 2))
    shell.register(entry("account_signup", badge=lambda request: 3))
    assert opened().door("my").badge == 5


def test_a_count_is_not_asked_for_a_page_that_is_not_shown():
    def never(request):
        raise AssertionError("asked")

    shell.register(entry(visible=lambda request: False, badge=never))
    assert opened().doors


def test_a_detail_page_lights_its_list_and_nothing_else():
    shell.register(entry("account_login"))
    shell.register(entry("account_reset_password"))
    door = opened(reverse("account_login") + "detail/").door("my")
    assert [link.current for link in door.links] == [True, False]
    assert door.current


def test_the_page_of_the_door_itself_lights_the_door():
    shell.register(entry("account_login"))
    shell.register(entry("account_signup"))
    assert opened("/menu/my/").door("my").current


def test_a_view_says_to_which_list_its_page_belongs():
    shell.register(entry("account_login"))
    shell.register(entry("account_signup"))
    page = opened(reverse("account_login") + "detail/")
    shell.belongs_to(page.request, reverse("account_signup"))
    assert [link.current for link in page.door("my").links] == [False, True]


def test_links_under_ones_name_are_no_door():
    shell.register(entry(door=shell.ME, label="Profil"))
    assert [link.label for link in opened().me] == ["Profil"]
    assert [door.code for door in opened().doors] == ["home"]


def test_search_and_notices_are_there_when_an_app_brings_them():
    assert opened().search is None
    shell.tools.search = entry(label="Cari")
    shell.tools.notices = entry(label="Pemberitahuan", badge=lambda request: 4)
    assert opened().search.label == "Cari"
    assert opened().notices.badge == 4


def test_search_is_not_offered_to_whom_it_is_hidden():
    shell.tools.search = entry(visible=lambda request: False)
    assert opened().search is None


def test_registering_again_replaces_and_unregistering_removes():
    shell.register(entry(label="Lama"))
    shell.register(entry(label="Baru"))
    assert [link.label for link in opened().door("my").links] == ["Baru"]
    shell.unregister("account_login")
    assert opened().door("my") is None


@pytest.mark.parametrize("wrong", [{"door": "garden"}, {"icon": "unicorn"}])
def test_an_unknown_door_or_icon_stops_the_start(wrong):
    values = {"door": shell.MY, "label": "x", "url_name": "home", "icon": "home"} | wrong
    with pytest.raises(ImproperlyConfigured):
        shell.register(MenuEntry(**values))
