"""The place of a report: filled in by the browser on request, a link for every map, a picture of own tiles."""

from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from feedback.models import FeedbackSetting
from feedback.rules.maps import HIGH, TILE, WIDE, map_view, usable
from feedback.services import cases

TILES = "/peta/{z}/{x}/{y}.png"
MONAS = Decimal("-6.175392"), Decimal("106.827153")
POINT = {"lat": MONAS[0], "long": MONAS[1]}


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        (TILES, True), ("", False), ("/peta.png", False), ("https://peta.test/{z}/{x}/{y}.png", False),
        ("//peta.test/{z}/{x}/{y}.png", False), ("/\\peta.test/{z}/{x}/{y}.png", False),
    ],
)  # fmt: skip
def test_tiles_come_from_this_portal_or_not_at_all(address, fits):
    assert usable(address) is fits
    assert bool(map_view(address, *MONAS)) is fits


def test_the_tile_of_a_known_place_is_on_the_picture():
    """Monas is in tile 52215/33894 of zoom 16 (OpenStreetMap's formula for slippy maps)."""
    view = map_view(TILES, *MONAS)
    assert "/peta/16/52215/33894.png" in [tile.url for tile in view.tiles]
    assert (len(view.tiles), len({(tile.x, tile.y) for tile in view.tiles})) == (WIDE * HIGH, WIDE * HIGH)


@pytest.mark.parametrize(
    ("lat", "long"), [MONAS, ("-11.0", "95.0"), ("6.0", "141.0"), ("0", "120"), ("0.1", "99.9")]
)
def test_the_point_is_never_at_the_rim(lat, long):
    view = map_view(TILES, Decimal(lat), Decimal(long))
    assert TILE / 2 <= view.left <= view.width - TILE / 2
    assert TILE / 2 <= view.top <= view.height - TILE / 2


def test_without_a_point_there_is_no_picture():
    assert map_view(TILES, None, None) is None


# --- Pages ----------------------------------------------------------------------------------------
def own_page(desk, client, **facts):
    desk.file(user=desk.citizen, **facts)
    client.force_login(desk.citizen)
    return client.get(f"/pengaduan/{desk.filed[-1].case.number}/saya/")


def test_the_reporter_opens_his_point_in_any_map(desk, client):
    page = own_page(desk, client, **POINT)
    assertContains(page, 'href="geo:-6.175392,106.827153"')
    assertNotContains(page, "<svg viewBox")


def test_with_own_tiles_the_point_is_drawn(desk, client):
    FeedbackSetting.objects.update(map_tiles=TILES)
    page = own_page(desk, client, **POINT)
    assertContains(page, 'href="/peta/16/52215/33894.png"')
    assertContains(page, "Titik ini pada peta")


def test_officers_see_the_point_on_the_map_too(desk, client):
    FeedbackSetting.objects.update(map_tiles=TILES)
    case = desk.assigned(**POINT)
    client.force_login(desk.admin)
    assertContains(client.get(f"/pengaduan/meja/{case.pk}/"), 'href="/peta/16/52215/33894.png"')


def test_a_report_without_a_point_shows_none(desk, client):
    FeedbackSetting.objects.update(map_tiles=TILES)
    assertNotContains(own_page(desk, client), "geo:")


def test_officers_get_the_link_and_the_public_does_not(desk, client):
    case = desk.assigned(**POINT)
    public = client.get(f"/pengaduan/{case.number}/")
    assertNotContains(public, "106.827")
    client.force_login(desk.admin)
    assertContains(client.get(f"/pengaduan/meja/{case.pk}/"), "geo:-6.175392,106.827153")
    assert cases.rule_of(case) is None


def test_the_form_alone_may_ask_the_browser_where_somebody_is(desk, client):
    form = client.get("/pengaduan/baru/")
    assert "geolocation=(self)" in form["Permissions-Policy"]
    assert "camera=()" in form["Permissions-Policy"]
    assertContains(form, "data-locate")
    assertContains(form, "Misalnya nama jalan, kantor, atau loket.")
    assert "geolocation=()" in client.get("/pengaduan/")["Permissions-Policy"]
