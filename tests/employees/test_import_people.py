"""What one line of a staff file says of a person."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepegawaian.employees.importing import columns, naming
from kepegawaian.employees.importing.layouts import Header, Row
from kepegawaian.employees.importing.people import parse_person, split_titles
from kepegawaian.units.models import UnitFunction, UnitKind
from tests.employees.staff_files import HEADER, person

TODAY = datetime.date(2026, 3, 2)
SIASN = Header.match(HEADER, columns.SIASN)
WIDE = Header.match([*HEADER, "ESELON", "AKHIR KONTRAK"], columns.SIASN)


def parse(header=SIASN, **changes):
    line = person(7, **{name: value for name, value in changes.items() if name in HEADER})
    line |= changes
    return parse_person(Row(2, tuple(line.get(name, "") for name in header.cells), header), on=TODAY)


def issues(parsed):
    return [(issue.column, str(issue.level)) for issue in parsed.issues]


def test_a_clean_line_has_no_issue_and_every_fact():
    parsed = parse()
    assert parsed.issues == []
    assert parsed.values["name"] == "PEGAWAI NOMOR 7"
    assert parsed.values["birth_date"] == "1970-01-08"
    assert parsed.values["rank"]["golongan"] == "III/c"
    assert parsed.values["unit"]["parent"] == "Dinas Urusan 7"
    assert parsed.plausible


def test_empty_cells_say_nothing():
    values = parse(EMAIL="", ALAMAT="-", **{"NPWP NOMOR": "", "TMT PNS": ""}).values
    assert not {"email", "address", "npwp", "tmt_pns"} & set(values)


@pytest.mark.parametrize(
    ("column", "value", "level"),
    [
        ("NAMA", "  ", "error"),
        ("NAMA", "x" * 151, "error"),
        ("TANGGAL LAHIR", "31-02-1990", "error"),
        ("TANGGAL LAHIR", "09-01-1970", "warning"),
        ("JENIS KELAMIN", "?", "warning"),
        ("STATUS ASN", "Honorer", "error"),
        ("KEDUDUKAN HUKUM NAMA", "Entah", "warning"),
        ("EMAIL", "bukan-email", "warning"),
        ("NOMOR HP", "0812", "warning"),
        ("NIK", "123", "warning"),
        ("TAHUN LULUS", "dua ribu", "warning"),
        ("TMT GOLONGAN", "kemarin", "error"),
        ("TMT JABATAN", "kemarin", "error"),
        ("TMT CPNS", "01-01-2031", "error"),
        ("JENIS JABATAN ID", "9", "warning"),
        ("MK BULAN", "12", "warning"),
    ],
)
def test_each_fault_is_an_issue_of_its_column(column, value, level):
    assert (column, level) in issues(parse(**{column: value}))


@pytest.mark.parametrize(
    ("nip", "level"),
    [("", "error"), ("1.97E+17", "error"), ("19820219201207132", "error"), ("199313992024011111", "error")],
)
def test_a_nip_that_cannot_be_is_an_error(nip, level):
    assert ("NIP BARU", level) in issues(parse(**{"NIP BARU": nip}))


def test_a_person_of_another_sex_than_the_nip_says_is_kept_with_a_warning():
    parsed = parse(**{"JENIS KELAMIN": "M"})
    assert ("JENIS KELAMIN", "warning") in issues(parsed)
    assert not parsed.refused


def test_a_bad_nik_is_left_out_and_refuses_nobody():
    parsed = parse(NIK="5371069999990007")
    assert not parsed.refused
    assert "nik" not in parsed.values


def test_a_first_day_in_a_month_is_only_a_warning():
    start = {"TMT CPNS": "01-04-2026"}
    assert ("TMT CPNS", "warning") in issues(parse(**start))
    assert not parse(**start).refused


# --- Rank -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "name", "found"),
    [
        ("31", "III/a", "III/a"),
        ("31", "", "III/a"),
        ("", "Penata Muda (III/a)", "III/a"),
        ("", "III/a - Penata", "III/a"),
    ],
)
def test_a_golongan_is_read_by_code_or_name(code, name, found):
    rank = parse(**{"GOL AKHIR ID": code, "GOL AKHIR NAMA": name}).values["rank"]
    assert (rank["golongan"], rank["scheme"]) == (found, "pns")


def test_a_pppk_has_a_golongan_of_the_other_scheme_and_a_contract():
    changes = {"NIP BARU": "199207222022211001", "STATUS ASN": "PPPK", "STATUS CPNS PNS": "", "TANGGAL LAHIR": ""}
    parsed = parse(**changes, **{"GOL AKHIR ID": "9", "GOL AKHIR NAMA": "IX", "TMT CPNS": "01-12-2022"})
    assert (parsed.values["rank"]["scheme"], parsed.values["rank"]["order"]) == ("pppk", 9)
    assert parsed.values["contract_start"] == "2022-12-01"
    assert "tmt_cpns" not in parsed.values


@pytest.mark.parametrize(("code", "name"), [("77", "VII/z"), ("31", "VII/z"), ("", "IX")])
def test_an_unknown_golongan_is_an_error_unless_the_other_column_knows_it(code, name):
    refused = parse(**{"GOL AKHIR ID": code, "GOL AKHIR NAMA": name}).refused
    assert refused is (code != "31")


def test_two_columns_that_disagree_are_said():
    parsed = parse(**{"GOL AKHIR ID": "31", "GOL AKHIR NAMA": "III/b"})
    assert parsed.values["rank"]["golongan"] == "III/b"
    assert ("GOL AKHIR NAMA", "warning") in issues(parsed)


# --- What the number tells ------------------------------------------------------------------------
def test_a_short_list_leaves_to_the_number_what_it_does_not_say():
    header = Header.match(["NIP BARU", "NAMA"], columns.NOMINATIF)
    parsed = parse_person(Row(2, ("198609262015051001", "Drs. Budi Santoso, M.Si."), header), on=TODAY)
    assert parsed.values["derived"] == {
        "birth_date": "1986-09-26",
        "sex": "M",
        "tmt_cpns": "2015-05-01",
        "status": "pns",
    }
    assert "sex" not in parsed.values
    assert (parsed.values["name"], parsed.values["title_front"]) == ("Budi Santoso", "Drs.")


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("Budi Santoso", ("Budi Santoso", "", "")),
        ("Dr. Ir. H. Budi Santoso, M.Si., Ph.D.", ("Budi Santoso", "Dr. Ir. H.", "M.Si., Ph.D.")),
        ("dr. Ani", ("Ani", "dr.", "")),
        ("H.Ali", ("Ali", "H.", "")),
        ("Irwan Hidayat", ("Irwan Hidayat", "", "")),
        ("A. Rahman", ("A. Rahman", "", "")),
    ],
)
def test_titles_come_off_a_name(whole, parts):
    assert split_titles(whole) == parts


def test_a_row_whose_birth_date_is_not_that_of_its_nip_is_not_plausible():
    assert not parse(**{"TANGGAL LAHIR": "01-01-1999"}).plausible


def test_an_eselon_is_read_in_every_writing():
    found = {
        text: parse(WIDE, ESELON=text).values["position"].get("eselon") for text in ("III.a", "III/a", "31", "x")
    }
    assert found == {"III.a": "III.a", "III/a": "III.a", "31": "III.a", "x": None}


@given(st.lists(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.dates()), max_size=70))
def test_no_line_makes_the_parser_raise(cells):
    parse_person(Row(2, tuple(cells), SIASN), on=TODAY)


# --- Names of units and posts ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("post", "unit"),
    [
        ("SEKRETARIS DAERAH", "Sekretariat Daerah"),
        ("KEPALA DINAS KESEHATAN", "Dinas Kesehatan"),
        ("Kepala Dinas Kesehatan Kota Kupang", "Dinas Kesehatan"),
        ("Kepala Badan", "Badan Kepegawaian dan Pengembangan SDM"),
        ("CAMAT OEBOBO", "Kecamatan Oebobo"),
        ("Camat", "Kecamatan Oebobo"),
        ("LURAH FATULULI", "Kelurahan Fatululi"),
        ("KEPALA UPTD PUSKESMAS OESAPA", "UPTD Puskesmas Oesapa"),
        ("Kepala Puskesmas Oesapa", "UPTD Puskesmas Oesapa"),
        ("Kepala Sub Bagian Umum", "Subbagian Umum"),
        ("Kasubbag Umum dan Kepegawaian", "Sub Bagian Umum dan Kepegawaian"),
        ("Kabid Mutasi", "Bidang Mutasi"),
        ("Inspektur Daerah", "Inspektorat"),
        ("Inspektur", "Inspektorat Daerah"),
        ("Direktur RSUD S. K. Lerik", "Rumah Sakit Umum Daerah S. K. Lerik"),
        ("Sekretaris Dinas", "Sekretariat"),
        ("Sekretaris Camat", "Sekretariat Kecamatan Oebobo"),
        ("Asisten Pemerintahan dan Kesra", "Asisten Pemerintahan dan Kesra"),
        ("Kepala Satuan Polisi Pamong Praja", "Satuan Polisi Pamong Praja"),
    ],
)
def test_the_name_of_a_post_tells_that_it_heads_its_unit(post, unit):
    assert naming.heads(post, unit)


@pytest.mark.parametrize(
    ("post", "unit"),
    [
        ("Kepala Bidang Mutasi", "Dinas Kesehatan"),
        ("Kepala Bidang Mutasi", "Bidang Promosi"),
        ("Sekretaris Dinas Kesehatan", "Dinas Kesehatan"),
        ("Wakil Direktur RSUD", "RSUD S. K. Lerik"),
        ("Lurah Fatululi", "Kelurahan Oebobo"),
        ("Plt. Kepala Dinas Kesehatan", "Dinas Kesehatan"),
        ("Staf Ahli Bidang Hukum", "Sekretariat Daerah"),
        ("Kepala Dinas Kesehatan dan Sosial", "Dinas Kesehatan"),
        ("", "Dinas Kesehatan"),
    ],
)
def test_other_posts_do_not_head_the_unit(post, unit):
    assert not naming.heads(post, unit)


@pytest.mark.parametrize(
    ("name", "below_root", "kind", "function"),
    [
        ("Sekretariat Daerah", True, UnitKind.OFFICE, UnitFunction.SECRETARIAT),
        ("Badan Kepegawaian dan Pengembangan SDM", True, UnitKind.OFFICE, UnitFunction.PERSONNEL),
        ("BKPSDM", True, UnitKind.OFFICE, UnitFunction.PERSONNEL),
        ("Sekretariat DPRD", True, UnitKind.OFFICE, UnitFunction.NONE),
        ("Kecamatan Oebobo", True, UnitKind.OFFICE, UnitFunction.NONE),
        ("Dinas Sosial", False, UnitKind.OFFICE, UnitFunction.NONE),
        ("Bidang Kepegawaian", False, UnitKind.SECTION, UnitFunction.NONE),
        ("Sekretariat", False, UnitKind.SECTION, UnitFunction.NONE),
        ("Asisten Administrasi Umum", True, UnitKind.SECTION, UnitFunction.NONE),
        ("SMP Negeri 3", False, UnitKind.SERVICE, UnitFunction.NONE),
        ("UPTD Puskesmas Oesapa", False, UnitKind.SERVICE, UnitFunction.NONE),
        ("Rumah Sakit Umum Daerah Lerik", True, UnitKind.SERVICE, UnitFunction.NONE),
    ],
)
def test_the_name_of_a_unit_tells_its_kind_and_function(name, below_root, kind, function):
    assert naming.unit_kind(name, below_root=below_root) == kind
    assert naming.unit_function(name, kind) == function


@pytest.mark.parametrize(
    ("post", "level"),
    [
        ("SEKRETARIS DAERAH", "II.a"),
        ("Kepala Dinas Kesehatan", "II.b"),
        ("Camat Oebobo", "III.a"),
        ("Kepala Bidang Mutasi", "III.b"),
        ("Lurah Fatululi", "IV.a"),
        ("Guru Ahli Muda", ""),
    ],
)
def test_the_usual_eselon_of_a_city(post, level):
    assert naming.eselon(post, "Pemerintah Kota Contoh") == level
    assert naming.eselon(post, "Pemerintah Provinsi Contoh") == ""
