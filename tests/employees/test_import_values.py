"""From a cell to a value: every style, and nothing that raises."""

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepegawaian.employees.enums import AsnStatus, LegalState, PositionKind, Sex
from kepegawaian.employees.importing import values as v

BORN = datetime.date(1990, 9, 13)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(),
    st.text(alphabet=string.digits + "-/. :'TZ", max_size=30),
)
PARSERS = [
    *(v.date, v.digits, v.phone, v.email, v.whole, v.yes_no, v.sex, v.status, v.legal_state, v.position_kind),
    *(v.text_of, lambda cell: v.limited(cell, 20)),
]


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
def test_no_cell_makes_a_parser_raise(parser):
    @given(cells)
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
    assert v.date(cell) == BORN


@pytest.mark.parametrize(
    ("text", "zone"),
    [("1990-09-12T17:00:00Z", "WIB"), ("1990-09-12T16:00:00.000Z", "WITA"), ("1990-09-12T15:00:00Z", "WIT")],
)
def test_a_local_midnight_written_in_utc_keeps_its_day(text, zone):
    assert v.date(text) == BORN


def test_any_other_moment_in_utc_is_the_day_it_says():
    assert v.date("1990-09-13T08:30:00Z") == BORN


@pytest.mark.parametrize("cell", [None, "", " - ", "00-00-0000", "0000-00-00", "NULL"])
def test_an_empty_date_is_no_date_and_no_error(cell):
    assert v.date(cell) is None


@pytest.mark.parametrize(
    "cell", ["31-02-1990", "09/13/1990", "13-09-90", "kemarin", True, 0, -5, 1e12, float("nan"), "9999-01-01"]
)
def test_what_is_no_date_is_wrong(cell):
    assert isinstance(v.date(cell), v.Wrong)


@given(st.dates(datetime.date(1900, 3, 1), datetime.date(2100, 12, 31)))
def test_a_date_survives_every_way_of_writing_it(day):
    serial = (day - datetime.date(1899, 12, 30)).days
    written = [f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", serial, str(serial)]
    assert {v.date(cell) for cell in written} == {day}


# --- Numbers of identity --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "cell", ["'198609262015051001", "19860926 201505 1 001", "198609262015051001", 198609262015051001]
)
def test_a_nip_arrives_whole_from_every_cell(cell):
    assert v.digits(cell) == "198609262015051001"


@pytest.mark.parametrize("cell", [1.98609262015051e17, "1.98609E+17", "1,98609E17"])
def test_a_rounded_nip_is_refused(cell):
    assert isinstance(v.digits(cell), v.Wrong)


def test_a_phone_gets_back_the_zero_that_the_spreadsheet_took():
    assert v.phone(81213969484) == "081213969484"
    assert v.phone("+62 812-1396-9484") == "+6281213969484"


def test_a_date_that_is_typed_as_a_phone_is_wrong():
    assert isinstance(v.phone("belum ada"), v.Wrong)


@pytest.mark.parametrize(("cell", "wrong"), [("siti@contoh.test", False), ("bukan-email", True), ("a@b@c", True)])
def test_an_address_is_an_address(cell, wrong):
    assert isinstance(v.email(cell), v.Wrong) is wrong


# --- Lists ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("cell", ["M", "L", "l", "Laki-laki", "LAKI - LAKI", "Pria", 1])
def test_a_man_has_many_names(cell):
    assert v.sex(cell) == Sex.MALE


@pytest.mark.parametrize("cell", ["F", "P", "Perempuan", "WANITA", "2"])
def test_a_woman_has_many_names(cell):
    assert v.sex(cell) == Sex.FEMALE


@pytest.mark.parametrize(
    ("cell", "probation", "status"),
    [
        ("PNS", "P", AsnStatus.PNS),
        ("PNS", "C", AsnStatus.CPNS),
        ("CPNS", "", AsnStatus.CPNS),
        ("", "P", AsnStatus.PNS),
        ("PPPK", "", AsnStatus.PPPK),
        ("PPPK Paruh Waktu", "", AsnStatus.PPPK_PART_TIME),
        ("PNS Daerah", None, AsnStatus.PNS),
        ("Pejabat Negara", "", AsnStatus.OFFICIAL),
    ],
)
def test_the_status_and_the_probation_say_it_together(cell, probation, status):
    assert v.status(cell, probation) == status


def test_an_unknown_status_is_wrong():
    assert isinstance(v.status("Honorer"), v.Wrong)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Aktif", LegalState.ACTIVE),
        ("CLTN", LegalState.CLTN),
        ("Perpanjangan CLTN", LegalState.CLTN),
        ("Tugas Belajar", LegalState.STUDY),
        ("Pemberhentian Sementara", LegalState.SUSPENDED),
        ("Berhenti tanpa hak pensiun", LegalState.ENDED),
        ("Berhenti dengan hak pensiun", LegalState.RETIRED),
        ("Mencapai BUP", LegalState.RETIRED),
        ("Masa Persiapan Pensiun", LegalState.MPP),
        ("Kena hukuman disiplin", LegalState.ACTIVE),
        ("Kepala Desa", LegalState.OTHER),
    ],
)
def test_the_legal_state_is_read_by_word(word, state):
    assert v.legal_state(word, "99") == state


def test_the_code_counts_only_without_a_word():
    assert v.legal_state("", "2") == LegalState.CLTN
    assert isinstance(v.legal_state("", "55"), v.Wrong)
    assert v.legal_state(None, None) is None


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("1", "", PositionKind.STRUCTURAL),
        (2, "", PositionKind.FUNCTIONAL),
        ("4", "Jabatan Struktural", PositionKind.EXECUTIVE),
        ("", "Jabatan Fungsional Tertentu", PositionKind.FUNCTIONAL),
        ("", "Jabatan Fungsional Umum", PositionKind.EXECUTIVE),
        ("", "Struktural", PositionKind.STRUCTURAL),
    ],
)
def test_the_kind_of_post_is_read_by_code_or_name(code, name, kind):
    assert v.position_kind(code, name) == kind


@pytest.mark.parametrize(
    ("cell", "answer"), [(True, True), ("Ya", True), ("0", False), ("Tidak", False), ("", None)]
)
def test_yes_and_no(cell, answer):
    assert v.yes_no(cell) is answer


@pytest.mark.parametrize("cell", ["=1+1", "+62", "-5", "@SUM(A1)"])
def test_the_guard_before_a_formula_comes_off_and_the_text_stays(cell):
    assert v.text_of(f"'{cell}") == cell


def test_an_apostrophe_inside_a_name_stays():
    assert v.text_of("  Sri   O'Neil ") == "Sri O'Neil"
