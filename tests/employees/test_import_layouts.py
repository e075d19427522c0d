"""Headers in all their spellings, and which layout they make."""

import pytest

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.importing import columns, registry
from kepegawaian.employees.importing.layouts import Column, Header, normalised
from tests.employees.staff_files import HEADER

STAFF = ["siasn", "nominatif"]
NOMINATIF = [
    *("NO", "NAMA", "NIP LAMA", "NIP BARU", "FORMATTED NIP", "GOLRU", "PANGKAT", "TMT GOLRU", "SATKER", "JABATAN"),
    *("TMT JABATAN", "THN", "BLN", "PENDIDIKAN TERAKHIR", "THN PENDIDIKAN", "JENIS PENDIDIKAN", "TGL LAHIR"),
    *("TMT PENSIUN", "KET"),
]
SIMPEG = [
    *(
        "NIP",
        "NIP Lama",
        "Nama",
        "Gelar Depan",
        "Gelar Belakang",
        "Tempat Lahir",
        "Tanggal Lahir",
        "Jenis Kelamin",
    ),
    *("MKG Tahun", "MKG Bulan", "TMT CPNS", "TMT PNS", "Jabatan", "TMT Jabatan", "Eselon", "Jenis Jabatan"),
    *("Golru/Pangkat", "TMT Golru/Pangkat", "Unit Organisasi", "Unit Kerja", "Unit Kerja Asal", "Alamat", "NIK"),
    *("NPWP", "Agama", "Jenjang", "Jurusan", "Tahun Lulus"),
]


def layout_of(cells):
    found = registry.best(cells, STAFF)
    return found and found[0].name


@pytest.mark.parametrize(
    ("cells", "name"), [(HEADER, "siasn"), (NOMINATIF, "nominatif"), (SIMPEG, "nominatif"), (["NIP"], None)]
)
def test_a_header_tells_its_layout(cells, name):
    assert layout_of(cells) == name


@pytest.mark.parametrize("spelling", ["TMT GOLONGAN", "TMT GOLRU", "TMT PANGKAT", "tmt_gol. ru", "Tmt Golongan "])
def test_synonyms_case_blanks_and_underscores_name_one_column(spelling):
    header = Header.match(["NIP", "NAMA", spelling], columns.SIASN)
    assert header.places["rank_tmt"] == 2
    assert header.name("rank_tmt") == spelling.strip()


def test_every_column_of_the_siasn_export_is_known():
    header = Header.match(HEADER, columns.SIASN)
    assert header.unknown == ()
    assert header.places["unit_code"] == HEADER.index("UNOR ID")


@pytest.mark.parametrize("cells", [NOMINATIF, SIMPEG])
def test_every_column_of_the_local_lists_is_known(cells):
    assert Header.match(cells, columns.NOMINATIF).unknown == ()


def test_unknown_columns_are_named_and_kept_apart():
    header = Header.match(["NIP", "ZODIAK", "NAMA", "", "NIP"], columns.SIASN)
    assert header.unknown == ("ZODIAK", "NIP")
    assert header.places == {"nip": 0, "name": 2}


def test_one_unit_column_is_the_unit_and_two_are_unit_and_office():
    alone = Header.match(["NIP", "NAMA", "SATKER"], columns.NOMINATIF)
    both = Header.match(["NIP", "NAMA", "UNIT ORGANISASI", "UNIT KERJA"], columns.NOMINATIF)
    assert (alone.name("unit"), alone.name("parent")) == ("SATKER", "")
    assert (both.name("unit"), both.name("parent")) == ("UNIT KERJA", "UNIT ORGANISASI")


def test_a_missing_required_column_is_one_sentence():
    error = registry.explain(["NIP BARU", "TMT GOLRU", "TGL LAHIR"], STAFF)
    assert str(error) == "Kolom NAMA tidak ada. Baris judul kolom harus memuat kolom itu."


@pytest.mark.parametrize("name", [layout.name for layout in registry.layouts()])
def test_no_layout_gives_one_header_to_two_columns(name):
    layout = registry.layout(name)
    keys = [column.key for column in layout.columns]
    assert len(keys) == len(set(keys))
    first = [normalised(column.names[0]) for column in layout.columns]
    assert len(first) == len(set(first))


def test_the_opening_balances_of_leave_are_a_layout_of_their_own():
    kind, header = registry.best(["NIP", "TAHUN", "SISA"], [layout.name for layout in registry.layouts()])
    assert kind.name == "leave_opening"
    assert kind.right == Right.MANAGE_LEAVE
    assert set(header.places) == {"nip", "year", "left"}


def test_a_column_never_takes_what_another_has_taken():
    wanted = (Column("a", ("X", "Y")), Column("b", ("X", "Z")))
    assert Header.match(["X", "Z"], wanted).places == {"a": 0, "b": 1}
