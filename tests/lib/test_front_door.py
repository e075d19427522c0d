"""Whoever types the address finds what he came for: visitors the public services, staff their home."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from kepegawaian.lib.ui import shell
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_visitor_finds_the_public_services(client):
    answer = client.get("/")
    assert answer.headers["Location"] == reverse("feedback:services")
    assert "public" not in answer.headers.get("Cache-Control", "")
    assert "Cookie" in answer.headers["Vary"]
    assertContains(client.get("/", follow=True), reverse("account_login"))


def test_somebody_signed_in_finds_his_own_home(client):
    client.force_login(UserFactory())
    assertContains(client.get("/"), "Beranda")


def test_the_sign_in_page_shows_citizens_the_way(client):
    assertContains(client.get(reverse("account_login")), "Ke layanan publik")


def test_without_public_pages_the_front_door_is_the_sign_in(client, monkeypatch):
    monkeypatch.setattr(shell.Shell, "public", [])
    assert client.get("/").headers["Location"] == reverse("account_login")
