"""In a real Chromium: an officer covers a part of a photo on the page, and nothing of that part is in the copy."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from feedback.models import CaseFile
from tests.feedback.factories import make_desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOW = "Seret di atas foto"


def orange(side=(1200, 800)):
    written = io.BytesIO()
    Image.new("RGB", side, (250, 140, 40)).save(written, "JPEG")
    return SimpleUploadedFile("loket.jpg", written.getvalue())


@pytest.fixture
def offered(transactional_db, live_server, page, client):
    """The page where a photo is offered, the photo's place on it and the file of the case."""
    desk = make_desk()
    case = desk.accepted(files=(orange(),))
    file = CaseFile.objects.get(case=case)
    client.force_login(desk.liaison)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}{reverse('feedback:case_act', args=[case.pk, 'usul-foto'])}?berkas={file.pk}")
    expect(page.get_by_text(HOW)).to_be_visible()
    return page, file


def drag(page, start, end):
    """Over the photo, from one place to another in shares of its sides."""
    box = page.locator("canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()


def sent(page, file):
    page.get_by_role("button", name="Usulkan foto untuk terbit").click()
    expect(page.get_by_text("Foto menunggu petugas lain.")).to_be_visible()
    file.refresh_from_db()
    return file


def test_what_was_covered_is_black_in_the_copy_and_the_rest_as_it_was(offered):
    page, file = offered
    drag(page, (0.5, 0.5), (0.9, 0.8))
    drag(page, (0.3, 0.3), (0.1, 0.1))  # towards the corner
    expect(page.get_by_text("Bagian yang ditutup: 2")).to_be_visible()
    file = sent(page, file)
    assert file.offered != file.stored
    with Image.open(file.offered.file) as copy:
        assert copy.size == (1200, 800)
        shares = {"covered": [(0.7, 0.65), (0.2, 0.2)], "seen": [(0.4, 0.4), (0.95, 0.9), (0.05, 0.05)]}
        colours = {
            name: {copy.getpixel((int(x * 1200), int(y * 800)))[0] // 20 for x, y in places}
            for name, places in shares.items()
        }
    assert colours == {"covered": {0}, "seen": {250 // 20}}
    with Image.open(file.stored.file) as original:
        assert original.getpixel((840, 520))[0] > 240


def test_a_box_is_taken_back_and_a_tap_covers_nothing(offered):
    page, file = offered
    drag(page, (0.5, 0.5), (0.5, 0.5))
    expect(page.get_by_text(HOW)).to_be_visible()
    drag(page, (0.1, 0.1), (0.4, 0.4))
    page.get_by_role("button", name="Hapus kotak terakhir").click()
    expect(page.get_by_text(HOW)).to_be_visible()
    file = sent(page, file)
    assert file.offered == file.stored, "nothing to cover: the photo as it is"


def test_a_copy_made_elsewhere_takes_the_place_of_boxes(offered):
    page, file = offered
    drag(page, (0.1, 0.1), (0.4, 0.4))
    copy = orange((300, 200))
    field = page.get_by_label("Salinan yang sudah disamarkan")
    field.set_input_files({"name": "salinan.jpg", "mimeType": "image/jpeg", "buffer": copy.read()})
    expect(page.get_by_text(HOW)).to_be_visible()
    with Image.open(sent(page, file).offered.file) as offered_copy:
        assert offered_copy.size == (300, 200)
