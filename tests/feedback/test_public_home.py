"""The public home: light, cacheable, searchable, complete for each service."""

import datetime
import gzip

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from feedback.models import Service, ServiceHours
from feedback.rules.opening import Interval, next_days, week
from feedback.services import cases, catalogue
from kepegawaian.calendars.rules import Holiday, HolidayKind
from kepegawaian.lib.ui.assets import asset
from kepegawaian.units.models import Unit
from tests.feedback.factories import THURSDAY
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db
PAGES = ["services", "public_search", "help", "accessibility", "privacy", "reports"]
FIRST_VIEW = 80_000


@pytest.mark.parametrize("name", PAGES)
def test_public_pages_are_cacheable_and_set_no_cookie(client, desk, name):
    page = client.get(reverse(f"feedback:{name}"))
    assert page.status_code == 200
    assert "public" in page["Cache-Control"]
    assert not page.cookies


@pytest.mark.parametrize("name", PAGES)
def test_public_pages_in_english(client, desk, name):
    client.cookies["language"] = "en"
    assertContains(client.get(reverse(f"feedback:{name}")), '<html lang="en"')


def test_groups_of_services_are_named_in_the_readers_language(client, desk):
    Service.objects.update(group="Kesehatan", group_en="Health")
    assertContains(client.get(reverse("feedback:services")), "<h3>Kesehatan</h3>")
    client.cookies["language"] = "en"
    page = client.get(reverse("feedback:services"))
    assertContains(page, "<h3>Health</h3>")
    assertNotContains(page, "<h3>Kesehatan")


@pytest.mark.parametrize("name", [*PAGES, "report", "find"])
def test_the_first_view_is_within_80_kb(client, desk, settings, name):
    """Page, stylesheet, scripts, icons and logo as they travel."""
    page = client.get(reverse(f"feedback:{name}"))
    static = settings.BASE_DIR / "static"
    files = [static / "js/app.js", static / "js/report.js", static / "img/logo.svg"]
    travel = [page.content, *(file.read_bytes() for file in files)]
    parts = [asset("look.css").gzipped, asset("icons.svg").gzipped]
    assert sum(len(gzip.compress(part)) for part in travel) + sum(map(len, parts)) < FIRST_VIEW


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_elsewhere(client, desk, name):
    text = client.get(reverse(f"feedback:{name}")).content.decode()
    assert 'src="http' not in text
    assert "<script>" not in text


# --- Services -------------------------------------------------------------------------------------
def test_a_service_shows_the_six_components_and_its_hours(client, desk):
    words = {
        name: f"Isi {name}" for name in ("requirements", "procedure", "duration", "cost", "product", "complaints")
    }
    Service.objects.filter(pk=desk.service.pk).update(**words)
    ServiceHours.objects.create(unit=desk.gov.office, weekday=0, opens="08:00", closes="12:00")
    page = client.get(reverse("feedback:service", args=["rawat-jalan"]))
    for text in (*words.values(), "08.00–12.00", "Senin", "Tutup"):
        assertContains(page, text)


def test_the_services_own_hours_stand_before_those_of_the_unit(client, desk):
    ServiceHours.objects.create(unit=desk.gov.office, weekday=0, opens="08:00", closes="12:00")
    ServiceHours.objects.create(
        unit=desk.gov.office, service=desk.service, weekday=0, opens="09:00", closes="11:00"
    )
    page = client.get(reverse("feedback:service", args=["rawat-jalan"]))
    assertContains(page, "09.00–11.00")
    assertNotContains(page, "08.00–12.00")


def test_a_holiday_within_the_next_weeks_is_announced(client, desk):
    ServiceHours.objects.create(unit=desk.gov.office, weekday=4, opens="08:00", closes="12:00")
    page = client.get(reverse("feedback:service", args=["rawat-jalan"]))
    assert [day.date for day in page.context["coming"]] == [datetime.date(2026, 1, 16)]


def test_a_service_that_is_closed_has_no_page(client, desk):
    Service.objects.update(active=False)
    assert client.get(reverse("feedback:service", args=["rawat-jalan"])).status_code == 404


def test_the_home_costs_few_statements(client, desk, django_assert_max_num_queries):
    for number in range(30):
        Service.objects.create(unit=desk.other, code=f"s{number}", name_id=f"Layanan {number}")
    desk.answered()
    with django_assert_max_num_queries(3):
        client.get(reverse("feedback:services"))


# --- Search ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", ["rawat jalan", "rawt jalan", "RAWAT", "stetoskop", "poliklinik"])
def test_services_are_found_by_name_slip_procedure_and_keyword(client, desk, words):
    Service.objects.create(unit=desk.other, code="kir", name_id="Uji kendaraan")
    Service.objects.filter(pk=desk.service.pk).update(
        procedure="Dokter memeriksa dengan stetoskop", keywords="poliklinik, berobat"
    )
    page = client.get(reverse("feedback:public_search"), {"q": words})
    assert page.context["services"] == [desk.service]


@pytest.mark.parametrize(
    "words",
    [
        "persyaratan KTP",
        "syarat ktp",
        "cara bikin ktp?",
        "ktp hilang",
        "KTPP",
        "how to get an identity card",
        "ktp",
    ],
)
def test_services_are_found_word_by_word_whatever_the_question(client, desk, words):
    """The one with the words in its name before those that only ask for a KTP; these are no answer to a KTP."""
    card = Service.objects.create(
        unit=desk.other, code="ktp", name_id="KTP dan Kartu Keluarga", name_en="Identity card", keywords="ktp, kk"
    )
    Service.objects.filter(pk=desk.service.pk).update(requirements="Fotokopi KTP", procedure="Daftar di loket")
    Service.objects.create(unit=desk.other, code="a-nikah", name_id="Buku nikah", requirements="KTP kedua pihak")
    page = client.get(reverse("feedback:public_search"), {"q": words})
    assert page.context["services"] == [card]


def test_services_are_found_by_their_requirements_the_better_match_first(client, desk):
    Service.objects.filter(pk=desk.service.pk).update(requirements="Surat kehilangan\nFotokopi kartu")
    lost = Service.objects.create(unit=desk.other, code="hilang", name_id="Barang hilang")
    assert catalogue.found_services("fotokopi") == [desk.service]
    assert catalogue.found_services("kartu hilang") == [lost, desk.service]
    assert catalogue.found_services("?!") == []
    assert catalogue.found_services("persyaratan") == []


def test_answers_come_by_rank_and_with_any_word_where_none_has_all(client, desk):
    often = desk.answered(text="Lampu mati. Lampu jalan itu mati sejak lampu diganti.")
    once = desk.answered(
        text="Taman kota gelap karena lampu taman rusak dan tidak ada yang memperbaiki selama ini"
    )
    assert [row for row, _state in search(client, "lampu")] == [often, once]
    assert [row for row, _state in search(client, "cara mengurus lampu gelap")] == [once]
    page = client.get(reverse("feedback:public_search"), {"q": "lampu sepeda"})
    assert {row for row, _state in page.context["answered"]} == {often, once}
    (link,) = [part for part in page.content.decode().split('"') if part.startswith("/pengaduan/?q=")]
    assert {number for number, *_rest in client.get(link).context["page"]} == {often.number, once.number}


def test_a_word_in_between_is_no_answer(client, desk):
    case = desk.accepted(text="Antrean di loket farmasi")
    cases.message(actor=desk.liaison, case=case, text="Petugas kami sedang memeriksa.", audience="public")
    assert client.get(reverse("feedback:services")).context["answered"] == search(client, "farmasi") == []
    desk.answer(desk.fresh(case))
    assert [row for row, _state in search(client, "farmasi")] == [case]


def test_answered_cases_are_found_by_what_was_published(client, desk):
    case = desk.answered(text="Hubungi 081234567890 tentang lampu penyeberangan")
    assert [row for row, _state in search(client, "lampu")] == [case]
    assert search(client, "081234567890") == []


def search(client, words):
    return client.get(reverse("feedback:public_search"), {"q": words}).context["answered"]


def test_nothing_found_says_what_to_do(client, desk):
    assertContains(client.get(reverse("feedback:public_search"), {"q": "zzzqqq"}), "Coba kata lain")


# --- The list -------------------------------------------------------------------------------------
def test_places_of_service_are_not_all_offered_but_the_chosen_one_is(client, desk):
    school = desk.gov.school
    assert school.name not in client.get("/pengaduan/").content.decode()
    html = client.get("/pengaduan/", {"unit": str(school.pk)}).content.decode()
    assert f'<option value="{school.pk}" selected>{school.name}</option>' in html
    assert desk.gov.office.name in html


def test_offices_opened_or_closed_later_are_offered_and_no_more(client, desk, clock):
    """The statement is kept by the process, the day is not."""
    later = UnitFactory(office=True, name="Dinas Baru", parent=desk.gov.root, opened_on=THURSDAY.replace(day=20))
    Unit.objects.filter(pk=desk.other.pk).update(closed_on=THURSDAY.replace(day=20))
    for day, names in (("01-15", (desk.other.name,)), ("01-21", (later.name,))):
        clock(day)
        cache.delete_pattern("*")
        html = client.get("/pengaduan/").content.decode()
        suggested = {name for name, _whose in catalogue.suggestions()}
        for name in (desk.other.name, later.name):
            assert (f">{name}</option>" in html, name in suggested) == ((name in names),) * 2


def test_the_list_is_filtered_by_kind_state_unit_and_service(client, desk):
    answered, running = (
        desk.answered(text="Laporan terjawab"),
        desk.assigned(text="Laporan berjalan", kind="informasi"),
    )
    for query, wanted in (
        ({"keadaan": "dijawab"}, {answered}),
        ({"keadaan": "jalan"}, {running}),
        ({"jenis": "informasi"}, {running}),
        ({"unit": str(desk.gov.office.pk)}, {answered, running}),
        ({"unit": str(desk.other.pk)}, set()),
        ({"layanan": "rawat-jalan"}, {answered, running}),
        ({"q": "terjawab"}, {answered}),
        ({"jenis": "tidak-ada", "unit": "x"}, {answered, running}),
    ):
        page = client.get(reverse("feedback:reports"), query)
        assert {number for number, *_rest in page.context["page"]} == {case.number for case in wanted}, query
        assert all(case.number in page.content.decode() for case in wanted), query


def test_the_list_costs_the_same_with_many_rows(client, desk, django_assert_max_num_queries):
    for _number in range(6):
        desk.assigned()
    with django_assert_max_num_queries(3):
        client.get(reverse("feedback:reports"))


# --- Hours as rules -------------------------------------------------------------------------------
def test_a_week_without_hours_is_no_week():
    assert week([]) == []


def test_a_date_of_its_own_stands_before_the_holiday():
    monday, times = datetime.date(2026, 1, 19), (datetime.time(8), datetime.time(10))
    rows = [Interval(0, None, *times), Interval(None, monday, *times, "Petugas piket")]
    holiday = Holiday(monday, "Libur", "Holiday", HolidayKind.NATIONAL)
    found = next_days(rows, [holiday], monday, monday)
    assert [(day.date, len(day.intervals), day.why) for day in found] == [(monday, 1, "Petugas piket")]
