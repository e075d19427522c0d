"""A point chosen on a piece of the map: the arithmetic, and the step of the filing form that needs no scripts."""

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect
from pytest_django.asserts import assertContains, assertNotContains

from feedback.models import FeedbackSetting
from feedback.rules.maps import COLUMNS, FARTHEST, NEAREST, ROWS, SIDE, STREET, TOWN, WHOLE, Frame, point_on
from feedback.services.defaults import seed_defaults
from tests.employees.factories import make_government
from tests.feedback.reporting import FIELDS, TEXT, hidden

TILES = "/peta/{z}/{x}/{y}.png"
MONAS = Decimal("-6.175392"), Decimal("106.827153")
lats = st.decimals("-11", "6", places=6)
longs = st.decimals("95", "141", places=6)
zooms = st.integers(FARTHEST, NEAREST)


# --- Arithmetic -----------------------------------------------------------------------------------
@given(lats, longs, zooms)
def test_a_point_is_on_the_piece_around_it_and_its_pixel_leads_back(lat, long, zoom):
    frame = Frame.around(lat, long, zoom)
    left, top = frame.mark(lat, long)
    column, row = min(left // SIDE, COLUMNS - 1), min(top // SIDE, ROWS - 1)
    tile = f"{zoom}-{frame.x + column}-{frame.y + row}"
    back = point_on(tile, left - column * SIDE, top - row * SIDE)
    pixel = 360 / 2**zoom / SIDE  # degrees; the nearest pixel is half of one away
    assert abs(back[0] - lat) <= pixel
    assert abs(back[1] - long) <= pixel


@given(lats, longs, zooms)
def test_a_narrow_page_shows_the_point_too(lat, long, zoom):
    """The outer columns are left out there."""
    left, _top = Frame.around(lat, long, zoom).mark(lat, long)
    assert SIDE / 2 - 1 <= left - SIDE <= 2 * SIDE


@given(zooms, st.integers(0, 2**19), st.integers(0, 2**19), st.integers(-9, 9), st.integers(-9, 9))
def test_no_move_leaves_the_map(zoom, x, y, right, down):
    frame = Frame(zoom, min(x, 2**zoom - COLUMNS), min(y, 2**zoom - ROWS))
    for moved in (frame.moved(right, down), frame.zoomed(1), frame.zoomed(-1)):
        assert Frame.named(str(moved)) == moved
        assert len(set(moved.tiles(TILES))) == COLUMNS * ROWS


def test_looking_closer_and_back_is_the_same_place():
    frame = Frame.around(*MONAS, STREET)
    assert frame.zoomed(1).zoomed(-1).mark(*MONAS) is not None
    assert Frame.around(*MONAS, NEAREST).zoomed(1) == Frame.around(*MONAS, NEAREST)
    assert Frame.around(*MONAS, FARTHEST).zoomed(-1) == Frame.around(*MONAS, FARTHEST)


@pytest.mark.parametrize(
    "name", ["", "x", "16/1", "16/-1/2", "4/0/0", "19/0/0", "5/31/0", "16/9999999/1", "99/1/1"]
)
def test_what_names_no_piece_is_none(name):
    assert Frame.named(name) is None


@pytest.mark.parametrize("tile", ["", "x", "4-0-0", "19-0-0", "5-32-0", "5-0-32", "16-1"])
def test_what_names_no_tile_is_no_point(tile):
    assert point_on(tile, 1, 1) is None


def test_a_known_pixel_of_a_known_tile():
    """Monas is in tile 52215/33894 of zoom 16 (OpenStreetMap's formula for slippy maps)."""
    lat, long = point_on("16-52215-33894", 0, 0)
    assert (round(lat, 3), round(long, 3)) == (Decimal("-6.173"), Decimal("106.826"))


# --- The step of the form -------------------------------------------------------------------------
@pytest.fixture
def tiles(desk):
    FeedbackSetting.objects.update(map_tiles=TILES)


def first(citizen, **more):
    return {"form": hidden(citizen.form().content.decode(), "form"), "text": TEXT, **more}


def pressing(citizen, page, **pressed):
    return citizen.post(citizen.carried(page) | pressed, step="place")


def test_without_own_tiles_nothing_is_offered(citizen, desk):
    assertNotContains(citizen.form(), "Tunjuk di peta")
    page = citizen.post(first(citizen), step="place")
    assertContains(page, TEXT)
    assertNotContains(page, "Tekan tempatnya")


def test_a_pressed_tile_gives_the_point_and_nothing_typed_is_lost(citizen, tiles):
    assertContains(citizen.form(), "Tunjuk di peta")
    page = citizen.post(first(citizen, place="Dekat tugu", secret="on"), step="place")
    assert page.context["board"].frame.zoom == WHOLE
    page = pressing(
        citizen, page, **{"map": "16/52213/33893", "tile-16-52215-33894.x": "90", "tile-16-52215-33894.y": "85"}
    )
    chosen = page.context["board"].point
    assertContains(page, f'Titik yang ditandai: <span class="number">{chosen}</span>')
    assert page.context["board"].mark == (2 * SIDE + 90, SIDE + 85)
    closer = pressing(citizen, page, map=str(page.context["board"].zooms["in"])).context["board"]
    assert (closer.point, closer.frame.zoom, closer.mark is None) == (chosen, 17, False)
    page = pressing(citizen, page, placed=chosen)
    form = page.context["form"]
    assert (form["point"].value(), form["place"].value(), form["secret"].value()) == (chosen, "Dekat tugu", "on")
    assert form.errors == {}
    data = {**FIELDS, **first(citizen), "point": chosen}
    case = citizen.send(citizen.post(data)).context["case"]
    assert (round(case.lat, 2), round(case.long, 2)) == (Decimal("-6.18"), Decimal("106.83"))


def test_the_keyboard_presses_the_middle_of_a_tile_or_marks_that_of_the_piece(citizen, tiles):
    page = citizen.post(first(citizen), step="place")
    page = pressing(citizen, page, **{"tile-16-52215-33894.x": "0", "tile-16-52215-33894.y": "0"})
    assert page.context["board"].point == "{}, {}".format(*point_on("16-52215-33894", SIDE // 2, SIDE // 2))
    page = pressing(citizen, page, map="16/52213/33893")
    page = pressing(citizen, page, map="16/52213/33893", aim=page.context["board"].middle)
    assert page.context["board"].mark == (COLUMNS * SIDE // 2, ROWS * SIDE // 2)


def test_who_marks_another_point_may_still_go_back_to_the_first(citizen, tiles):
    typed = "-6.175392, 106.827153"
    page = citizen.post(first(citizen, point=typed), step="place")
    assert (page.context["board"].frame.zoom, page.context["board"].point) == (STREET, typed)
    page = pressing(citizen, page, aim="-6.2, 106.9")
    assert page.context["board"].point == "-6.200000, 106.900000"
    assert (
        pressing(citizen, page, placed=citizen.carried(page)["before"]).context["form"]["point"].value() == typed
    )


def test_the_map_opens_at_the_governments_own_area(citizen, tiles):
    FeedbackSetting.objects.update(map_centre="-10.1772, 123.6070")
    frame = citizen.post(first(citizen), step="place").context["board"].frame
    assert frame == Frame.around(Decimal("-10.1772"), Decimal("123.6070"), TOWN)


@pytest.mark.parametrize("words", ["di sini", "51.5, -0.12"])
def test_a_centre_that_is_none_is_refused(words, desk):
    setting = FeedbackSetting.objects.get()
    setting.map_centre = words
    with pytest.raises(ValidationError):
        setting.full_clean()


@pytest.mark.parametrize(
    "sent",
    [
        {"map": "99/1/1"}, {"tile-99-1-1.x": "3"}, {"tile-16-52215-33894.x": "tiga"}, {"aim": "entah di mana"},
        {"tile-16-52215-33894.x": "99999999999", "tile-16-52215-33894.y": "-4"},
    ],
)  # fmt: skip
def test_what_no_page_sent_is_borne(citizen, tiles, sent):
    page = citizen.post({**first(citizen, place="Dekat tugu"), **sent}, step="place")
    assert page.status_code == 200
    assertContains(page, "Dekat tugu")


# --- In a browser ---------------------------------------------------------------------------------
TILE_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">
<rect width="256" height="256" fill="#cde" stroke="#89a" /></svg>"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_one_press_sets_the_point_on_a_phone_and_on_a_desk(transactional_db, live_server, page, width, scheme):
    make_government()
    seed_defaults()
    FeedbackSetting.objects.update(map_tiles=TILES, map_centre="-6.1754, 106.8272")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.route("**/peta/**", lambda route: route.fulfill(body=TILE_PICTURE, content_type="image/svg+xml"))
    page.goto(f"{live_server.url}/pengaduan/baru/")
    page.get_by_label("Ceritakan").fill(TEXT)
    page.get_by_role("button", name="Tunjuk di peta").click()
    board = page.locator(".map-board")
    expect(board).to_be_visible()
    page.wait_for_load_state()  # where it stands for good
    box = board.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2 - 30)
    expect(page.get_by_text("Titik yang ditandai:")).to_be_visible()
    page.wait_for_load_state()
    circle = page.locator(".map-mark circle").last.bounding_box()
    box = board.bounding_box()
    assert abs(circle["x"] + circle["width"] / 2 - (box["x"] + box["width"] / 2 + 20)) < 2
    assert abs(circle["y"] + circle["height"] / 2 - (box["y"] + box["height"] / 2 - 30)) < 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Pakai titik ini").click()
    assert page.get_by_label("Titik di peta").input_value().startswith("-6.1")
    assert page.get_by_label("Ceritakan").input_value() == TEXT
