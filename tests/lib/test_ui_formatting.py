"""Numbers, dates and spans as people read them, in both languages."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from kepegawaian.lib.ui import formatting

Day = datetime.date
NOW = datetime.datetime(2026, 3, 16, 5, 0, tzinfo=datetime.UTC)  # Monday noon in Jakarta


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False), translation.override("id"):
        yield


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("198609262015052001", "19860926 201505 2 001"),
        (198609262015052001, "19860926 201505 2 001"),
        ("19860926201505200", "19860926201505200"),
        ("1986092620150520AB", "1986092620150520AB"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_nip_is_grouped_and_anything_else_left_alone(given, written):
    assert formatting.nip(given) == written


@pytest.mark.parametrize(
    ("date", "indonesian"),
    [
        (Day(2026, 3, 16), "Sen, 16 Mar 2026"),
        (Day(2026, 5, 5), "Sel, 5 Mei 2026"),
        (Day(2026, 8, 16), "Min, 16 Agu 2026"),
        (Day(2026, 12, 25), "Jum, 25 Des 2026"),
        (None, ""),
    ],
)
def test_a_date_names_its_weekday(date, indonesian):
    assert formatting.day(date) == indonesian


def test_a_date_in_english(english):
    assert formatting.day(Day(2026, 8, 16)) == "Sun, 16 Aug 2026"
    assert formatting.long_day(Day(2026, 8, 16)) == "16 August 2026"


def test_a_moment_is_dated_in_the_active_time_zone():
    late = datetime.datetime(2026, 3, 15, 18, 30, tzinfo=datetime.UTC)
    assert formatting.day(late) == "Sen, 16 Mar 2026"
    assert formatting.moment(late) == "16 Mar 2026, 01.30"
    with translation.override("en"):
        assert formatting.moment(late) == "16 Mar 2026, 01:30"


def test_a_moment_without_zone_is_taken_as_it_stands():
    assert formatting.moment(NOW.replace(tzinfo=None)) == "16 Mar 2026, 05.00"
    assert formatting.moment(None) == ""


def test_dates_without_weekday_and_in_full():
    assert formatting.day(Day(2026, 3, 16), weekday=False) == "16 Mar 2026"
    assert formatting.long_day(Day(2026, 3, 16)) == "16 Maret 2026"
    assert formatting.long_day(None) == ""
    assert formatting.month_name(2026, 8) == "Agustus 2026"


def test_weeks_begin_on_monday():
    assert formatting.weekday_names() == ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"]


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (Day(2026, 3, 16), Day(2026, 3, 27), "16–27 Mar 2026"),
        (Day(2026, 3, 16), Day(2026, 3, 16), "16 Mar 2026"),
        (Day(2026, 3, 30), Day(2026, 4, 3), "30 Mar – 3 Apr 2026"),
        (Day(2025, 3, 16), Day(2026, 3, 27), "16 Mar 2025 – 27 Mar 2026"),
        (Day(2026, 12, 28), Day(2027, 1, 3), "28 Des 2026 – 3 Jan 2027"),
        (Day(2026, 3, 16), None, "16 Mar 2026"),
        (None, Day(2026, 3, 27), "27 Mar 2026"),
        (None, None, ""),
    ],
)
def test_a_range_says_equal_parts_once(start, end, written):
    assert formatting.span(start, end) == written


@pytest.mark.parametrize(
    ("value", "cap", "written"),
    [
        (0, None, "0"),
        (999, None, "999"),
        (1000, None, "1.000"),
        (1234567, None, "1.234.567"),
        (Decimal("1234.50"), None, "1.234,50"),
        ("2500", None, "2.500"),
        (1000, 1000, "1.000"),
        (1001, 1000, "1.000+"),
        (-8, None, "-8"),
        (None, None, ""),
        ("", None, ""),
    ],
)
def test_numbers_are_grouped_and_capped(value, cap, written):
    assert formatting.number(value, cap=cap) == written


def test_numbers_in_english(english):
    assert formatting.number(1234567) == "1,234,567"
    assert formatting.number(Decimal("1234.5")) == "1,234.5"


@pytest.mark.parametrize(
    ("value", "kind", "indonesian", "translated"),
    [
        (1, "kerja", "1 hari kerja", "1 working day"),
        (5, "kerja", "5 hari kerja", "5 working days"),
        (1200, "kerja", "1.200 hari kerja", "1,200 working days"),
        (2, "kalender", "2 hari kalender", "2 calendar days"),
        (3, "", "3 hari", "3 days"),
        (None, "kerja", "", ""),
    ],
)
def test_days_say_what_kind_they_are(value, kind, indonesian, translated):
    assert formatting.days(value, kind) == indonesian
    with translation.override("en"):
        assert formatting.days(value, kind) == translated


def test_an_unknown_kind_of_day_is_refused():
    with pytest.raises(KeyError):
        formatting.days(1, "bulan")


@pytest.mark.parametrize(
    ("when", "indonesian", "translated"),
    [
        (Day(2026, 3, 16), "hari ini", "today"),
        (Day(2026, 3, 15), "kemarin", "yesterday"),
        (Day(2026, 3, 17), "besok", "tomorrow"),
        (Day(2026, 3, 13), "3 hari lalu", "3 days ago"),
        (Day(2026, 3, 3), "13 hari lalu", "13 days ago"),
        (Day(2026, 3, 2), "2 minggu lalu", "2 weeks ago"),
        (Day(2026, 1, 10), "2 bulan lalu", "2 months ago"),
        (Day(2024, 3, 1), "2 tahun lalu", "2 years ago"),
        (Day(2026, 3, 19), "3 hari lagi", "in 3 days"),
        (NOW, "baru saja", "just now"),
        (NOW + datetime.timedelta(seconds=30), "baru saja", "just now"),
        (NOW - datetime.timedelta(minutes=5), "5 menit lalu", "5 minutes ago"),
        (NOW - datetime.timedelta(hours=1), "1 jam lalu", "1 hour ago"),
        (NOW - datetime.timedelta(hours=30), "kemarin", "yesterday"),
        (None, "", ""),
    ],
)
def test_how_long_ago_or_how_soon(when, indonesian, translated):
    assert formatting.since(when) == indonesian
    with translation.override("en"):
        assert formatting.since(when) == translated


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Siti Aminah, S.AP.", "SA"),
        ("Prof. Dr. Ir. Raden Ayu Kusumaningtyas Hadiningrat, M.Sc.", "RH"),
        ("Budi", "B"),
        ("dewi lestari", "DL"),
        ("", ""),
    ],
)
def test_initials_leave_titles_out(name, letters):
    assert formatting.initials(name) == letters


def test_what_people_wrote_keeps_its_lines_and_says_its_language_on_a_page_in_another():
    assert formatting.typed("Surat <b>\ndiproses") == "Surat &lt;b&gt;<br>diproses"
    with translation.override("en"):
        assert formatting.typed("Surat & arsip") == '<span lang="id">Surat &amp; arsip</span>'


def test_a_longer_text_keeps_its_paragraphs():
    assert formatting.paragraphs("Satu\n\n<dua>") == "<p>Satu</p>\n\n<p>&lt;dua&gt;</p>"
    with translation.override("en"):
        assert formatting.paragraphs("Satu") == '<div lang="id"><p>Satu</p></div>'


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_written_is_nothing_in_every_language(nothing, language):
    with translation.override(language):
        assert formatting.typed(nothing) == formatting.paragraphs(nothing) == ""
