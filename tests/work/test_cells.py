"""From a cell to a value: every style, and nothing that raises."""

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepegawaian.work import cells

BORN = datetime.date(1990, 9, 13)
any_cell = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(),
    st.text(alphabet=string.digits + "-/. :'TZ", max_size=30),
)
PARSERS = [
    *(cells.date, cells.digits, cells.phone, cells.email, cells.whole, cells.yes_no, cells.text_of),
    lambda cell: cells.limited(cell, 20),
]


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
def test_no_cell_makes_a_parser_raise(parser):
    @given(any_cell)
    def check(cell):
        parser(cell)

    check()


@pytest.mark.parametrize(
    "cell",
    [
        BORN,
        datetime.datetime(1990, 9, 13),  # noqa: DTZ001 - as a sheet gives it
        33129,
        33129.0,
        33129.75,
        "33129",
        "13-09-1990",
        "13/09/1990",
        "13.9.1990",
        "1990-09-13",
        "1990/9/13",
        "1990-09-13 00:00:00",
        "1990-09-13T00:00:00+07:00",
        "13-09-1990 00:00:00",
        "13 September 1990",
        "13 Sep 1990",
        "19900913",
        19900913,
        "13091990",
        "'13-09-1990",
    ],
    ids=repr,
)
def test_every_style_of_date_is_the_same_calendar_date(cell):
    assert cells.date(cell) == BORN


@pytest.mark.parametrize(
    ("text", "zone"),
    [("1990-09-12T17:00:00Z", "WIB"), ("1990-09-12T16:00:00.000Z", "WITA"), ("1990-09-12T15:00:00Z", "WIT")],
)
def test_a_local_midnight_written_in_utc_keeps_its_day(text, zone):
    assert cells.date(text) == BORN


def test_any_other_moment_in_utc_is_the_day_it_says():
    assert cells.date("1990-09-13T08:30:00Z") == BORN


@pytest.mark.parametrize("cell", [None, "", " - ", "00-00-0000", "0000-00-00", "NULL"])
def test_an_empty_date_is_no_date_and_no_error(cell):
    assert cells.date(cell) is None


@pytest.mark.parametrize(
    "cell", ["31-02-1990", "09/13/1990", "13-09-90", "kemarin", True, 0, -5, 1e12, float("nan"), "9999-01-01"]
)
def test_what_is_no_date_is_wrong(cell):
    assert isinstance(cells.date(cell), cells.Wrong)


@given(st.dates(datetime.date(1900, 3, 1), datetime.date(2100, 12, 31)))
def test_a_date_survives_every_way_of_writing_it(day):
    serial = (day - datetime.date(1899, 12, 30)).days
    written = [f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", serial, str(serial)]
    assert {cells.date(cell) for cell in written} == {day}


# --- Numbers of identity --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "cell", ["'198609262015051001", "19860926 201505 1 001", "198609262015051001", 198609262015051001]
)
def test_a_nip_arrives_whole_from_every_cell(cell):
    assert cells.digits(cell) == "198609262015051001"


@pytest.mark.parametrize("cell", [1.98609262015051e17, "1.98609E+17", "1,98609E17"])
def test_a_rounded_nip_is_refused(cell):
    assert isinstance(cells.digits(cell), cells.Wrong)


def test_a_phone_gets_back_the_zero_that_the_spreadsheet_took():
    assert cells.phone(81213969484) == "081213969484"
    assert cells.phone("+62 812-1396-9484") == "+6281213969484"


def test_a_date_that_is_typed_as_a_phone_is_wrong():
    assert isinstance(cells.phone("belum ada"), cells.Wrong)


@pytest.mark.parametrize(("cell", "wrong"), [("siti@contoh.test", False), ("bukan-email", True), ("a@b@c", True)])
def test_an_address_is_an_address(cell, wrong):
    assert isinstance(cells.email(cell), cells.Wrong) is wrong


# --- Answers and texts ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "answer"), [(True, True), ("Ya", True), ("0", False), ("Tidak", False), ("", None)]
)
def test_yes_and_no(cell, answer):
    assert cells.yes_no(cell) is answer


@pytest.mark.parametrize("cell", ["=1+1", "+62", "-5", "@SUM(A1)"])
def test_the_guard_before_a_formula_comes_off_and_the_text_stays(cell):
    assert cells.text_of(f"'{cell}") == cell


def test_an_apostrophe_inside_a_name_stays():
    assert cells.text_of("  Sri   O'Neil ") == "Sri O'Neil"
