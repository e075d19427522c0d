"""Theme, language, stylesheet, icons, doors and error pages, over HTTP."""

import gzip
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from kepegawaian.accounts.models import User
from kepegawaian.lib.access import Denied
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.lib.ui import assets, messages, shell, views
from kepegawaian.lib.ui.icons import ICONS
from kepegawaian.lib.ui.middleware import LanguageMiddleware, SentMiddleware
from kepegawaian.lib.ui.region import region


@pytest.fixture(autouse=True)
def bare_menu(monkeypatch):
    """What the apps registered asks the database who may see it; these pages stand without."""
    monkeypatch.setattr(shell, "_entries", {})
    monkeypatch.setattr(shell, "tools", shell.Tools())


@pytest.fixture
def developing(settings):
    settings.DEBUG = True


# --- Stylesheet and icons -------------------------------------------------------------------------
def test_the_stylesheet_is_kept_for_a_year_under_its_version(client):
    response = client.get(assets.asset_url("look.css"))
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert "max-age=31536000" in response["Cache-Control"]
    assert "--brand" in response.content.decode()


def test_every_stylesheet_is_served_and_the_tokens_come_first(client, settings):
    served = client.get("/look.css").content.decode()
    sources = [path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "static/css").glob("*.css")]
    assert len(sources) > 3
    assert all(source in served for source in sources)
    assert served.startswith("/* Tokens.")


def test_an_old_version_is_asked_for_again_each_time(client):
    assert "max-age=0" in client.get("/look.css?v=old")["Cache-Control"]


@pytest.mark.parametrize(
    ("accept", "encoding", "decode"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes)],
)
def test_assets_are_compressed_as_the_browser_can_take(client, accept, encoding, decode):
    response = client.get("/icons.svg", headers={"Accept-Encoding": accept})
    assert response.get("Content-Encoding") == encoding
    assert response["Vary"] == "Accept-Encoding"
    assert decode(response.content).startswith(b"<svg")


@pytest.mark.parametrize(
    ("logo", "address"), [("", "/static/img/logo.svg"), ("/berkas/kota.png", "/berkas/kota.png")]
)
def test_the_icon_stands_where_browsers_look_for_it(client, settings, logo, address):
    """Without a database: a statement would fail here."""
    settings.REGION_LOGO = logo
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, address)
    assert response["Cache-Control"] == "public, max-age=86400"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_the_icon_is_a_file_of_ours(client):
    found = finders.find(client.get("/favicon.ico")["Location"].removeprefix("/static/"))
    assert Path(found).read_bytes().startswith(b"<svg")


def test_a_browser_that_has_the_asset_gets_no_body(client):
    etag = client.get("/look.css")["ETag"]
    assert client.get("/look.css", headers={"If-None-Match": etag}).status_code == 304


def test_assets_load_no_session_and_set_no_cookie(client):
    response = client.get("/look.css")
    assert not response.wsgi_request.session.accessed
    assert not client.cookies


def test_there_are_no_other_assets(client):
    assert client.get("/secret.css").status_code == 404


def test_the_sprite_has_every_icon_once():
    body = assets.asset("icons.svg").body.decode()
    assert [body.count(f'id="{name}"') for name in ICONS] == [1] * len(ICONS)
    assert list(ICONS) == sorted(ICONS)


def test_the_regions_colour_goes_into_the_stylesheet(settings):
    settings.REGION_COLOUR = "#7a1f3d"
    assert assets._stylesheet().body.decode().endswith(":root { --brand: #7a1f3d; }\n")


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "}body{"])
def test_a_colour_that_is_none_stops_with_a_sentence(settings, colour):
    settings.REGION_COLOUR = colour
    with pytest.raises(ImproperlyConfigured, match="REGION_COLOUR"):
        region()


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("", "/static/img/logo.svg"),
        ("img/kota.svg", "/static/img/kota.svg"),
        ("/media/kota.svg", "/media/kota.svg"),
    ],
)
def test_the_regions_logo(settings, setting, address):
    settings.REGION_LOGO = setting
    assert region().logo == address


# --- Theme and language ---------------------------------------------------------------------------
def test_the_theme_is_a_cookie_and_an_attribute_of_the_page(client, developing):
    response = client.post("/tampilan/tema/", {"theme": "dark", "next": "/_components/"})
    assert response["Location"] == "/_components/"
    assert client.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/_components/").content.decode()


def test_the_system_theme_has_no_attribute(client, developing):
    client.cookies["theme"] = "pink"
    assert "data-theme" not in client.get("/_components/").content.decode()


def test_an_unknown_theme_is_not_kept(client):
    client.post("/tampilan/tema/", {"theme": "pink"})
    assert "theme" not in client.cookies


@pytest.mark.parametrize("address", ["/tampilan/tema/", "/tampilan/bahasa/"])
@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", ""])
def test_a_switch_never_leads_to_another_host(client, address, wanted):
    assert client.post(address, {"next": wanted})["Location"] == "/"


@pytest.mark.parametrize("address", ["/tampilan/tema/", "/tampilan/bahasa/"])
def test_a_switch_is_not_a_link(client, address):
    assert client.get(address).status_code == 405


def test_the_language_is_a_cookie_for_the_anonymous(client, developing):
    client.post("/tampilan/bahasa/", {"language": "en", "next": "/"})
    assert client.cookies["language"].value == "en"
    assert '<html lang="en"' in client.get("/_components/").content.decode()


def test_an_unknown_language_is_not_kept(client):
    client.post("/tampilan/bahasa/", {"language": "xx"})
    assert "language" not in client.cookies


def test_the_browsers_own_language_is_no_wish(client, developing):
    html = client.get("/_components/", headers={"Accept-Language": "en-US,en"}).content.decode()
    assert '<html lang="id"' in html


def test_the_language_of_a_page_is_told_to_caches(rf):
    answer = LanguageMiddleware(lambda request: HttpResponse())(rf.get("/"))
    assert answer["Content-Language"] == "id"
    assert answer["Vary"] == "Cookie"


@pytest.mark.django_db
def test_the_language_of_a_person_is_kept_in_the_account(client):
    user = User.objects.create_user(nip="198609262015052001", name="Siti")
    client.force_login(user)
    client.post("/tampilan/bahasa/", {"language": "en"})
    user.refresh_from_db()
    assert user.language == "en"


# --- Components page and doors --------------------------------------------------------------------
def test_the_components_page_is_for_developers_only(client):
    assert client.get("/_components/").status_code == 404


def test_the_components_page_shows_everything_without_a_statement(client, developing):
    html = client.get("/_components/?state=active").content.decode()
    assert "Linimasa" in html
    assert "Status: Aktif" in html


def test_a_door_page_lists_what_is_behind_it(client):
    for name, label in (("account_login", "Masuk"), ("account_signup", "Daftar")):
        shell.register(
            shell.MenuEntry(
                shell.PUBLIC, label, name, "key", visible=shell.everyone, hint="Petunjuk", badge=lambda r: 7
            )
        )
    html = client.get("/menu/public/").content.decode()
    assert f'<a href="{reverse("account_signup")}">Daftar</a>' in html
    assert "Petunjuk" in html


@pytest.mark.parametrize("code", ["home", "office", "garden"])
def test_a_door_that_one_does_not_have_is_not_found(client, code):
    assert client.get(f"/menu/{code}/").status_code == 404


# --- Errors ---------------------------------------------------------------------------------------
def asked(user=None):
    request = RequestFactory().get("/x/")
    request.user = user or User(name="Siti")
    return request


def test_an_unknown_page_helps_to_go_on(client):
    response = client.get("/tidak/ada/")
    assert response.status_code == 404
    assert "Halaman tidak ditemukan" in response.content.decode()
    assert reverse("account_login") in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("accept", "shown"), [("text/html,*/*", True), ("application/json", False)])
def test_the_address_of_a_form_that_is_opened_by_itself_shows_a_page(client, accept, shown):
    answer = client.get(reverse("feedback:leave"), headers={"accept": accept})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert ("Alamat ini milik sebuah formulir" in answer.content.decode()) is shown


def test_somebody_signed_in_is_led_home_from_an_error():
    html = views.not_found(asked()).content.decode()
    assert f'href="{reverse("home")}"' in html


def test_a_bad_request_is_explained():
    response = views.bad_request(asked(), SuspiciousOperation("internal detail"))
    assert response.status_code == 400
    assert "internal detail" not in response.content.decode()


def test_a_refusal_tells_its_reason_and_another_exception_does_not():
    refused = views.forbidden(asked(), PermissionRefused(Denied("Hanya atasan langsung.")))
    assert refused.status_code == 403
    assert "Hanya atasan langsung." in refused.content.decode()
    assert "rahasia" not in views.forbidden(asked(), PermissionError("rahasia")).content.decode()


def test_a_form_that_stayed_open_too_long_says_that_nothing_is_lost():
    response = views.csrf_failure(asked())
    assert response.status_code == 403
    assert "Isian Anda masih tersimpan" in response.content.decode()


def test_the_page_for_our_own_faults_needs_nothing_else(settings, monkeypatch):
    monkeypatch.setattr("kepegawaian.lib.ui.context.region", lambda: 1 / 0)
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert settings.REGION_NAME in response.content.decode()


# --- Messages with a way back ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tags", "url"),
    [
        ("undo=/cuti/1/kembali/", "/cuti/1/kembali/"),
        ("undo=//evil.test/", ""),
        ("undo=https://evil.test/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_only_our_own_paths_can_be_undone(tags, url):
    assert messages.undo_url(tags) == url


# --- A form sent without a session ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("referer", "wanted"),
    [
        ("http://testserver/kinerja/saya/?tahun=2026", "/kinerja/saya/?tahun=2026"),
        ("https://lain.test/kinerja/", "/"), ("", "/"), ("javascript:alert(1)", "/"),
    ],
)  # fmt: skip
def test_who_has_to_sign_in_first_comes_back_to_the_page_of_the_form(client, referer, wanted):
    answer = client.post("/cuti/permohonan/baru/", headers={"referer": referer})
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.url).query)["next"] == [wanted]


def test_a_form_that_arrived_is_told_from_one_that_did_not(rf):
    def sent(status, **headers):
        request = rf.post("/")
        request.COOKIES["sent"] = "1"
        answer = SentMiddleware(lambda _request: HttpResponse(status=status, headers=headers))(request)
        return "sent" in answer.cookies

    assert sent(302, Location="/kinerja/")
    assert sent(200)
    assert not sent(422)
    assert not sent(500)
    assert not sent(302, Location=f"{reverse('account_login')}?next=/")
