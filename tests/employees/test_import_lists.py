"""From a cell to a member of a closed list: what people write, and nothing that raises."""

import pytest
from hypothesis import given

from kepegawaian.employees.enums import AsnStatus, LegalState, PositionKind, Sex
from kepegawaian.employees.importing import lists
from kepegawaian.work.cells import Wrong
from tests.work.test_cells import any_cell


@pytest.mark.parametrize(
    "parser", [lists.sex, lists.status, lists.legal_state, lists.position_kind], ids=lambda parser: parser.__name__
)
def test_no_cell_makes_a_parser_raise(parser):
    @given(any_cell)
    def check(cell):
        parser(cell)

    check()


@pytest.mark.parametrize("cell", ["M", "L", "l", "Laki-laki", "LAKI - LAKI", "Pria", 1])
def test_a_man_has_many_names(cell):
    assert lists.sex(cell) == Sex.MALE


@pytest.mark.parametrize("cell", ["F", "P", "Perempuan", "WANITA", "2"])
def test_a_woman_has_many_names(cell):
    assert lists.sex(cell) == Sex.FEMALE


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
    assert lists.status(cell, probation) == status


def test_an_unknown_status_is_wrong():
    assert isinstance(lists.status("Honorer"), Wrong)


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
    assert lists.legal_state(word, "99") == state


def test_the_code_counts_only_without_a_word():
    assert lists.legal_state("", "2") == LegalState.CLTN
    assert isinstance(lists.legal_state("", "55"), Wrong)
    assert lists.legal_state(None, None) is None


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
    assert lists.position_kind(code, name) == kind
