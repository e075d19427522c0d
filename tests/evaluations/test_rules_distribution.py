from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from evaluations.enums import OrgResult, Predikat
from evaluations.rules.distribution import Code, bars, check, guides, needs_reason, share

SB, B, BP, K, SK = Predikat
COUNTS = st.fixed_dictionaries({one: st.integers(0, 40) for one in Predikat})

EXAMPLES = {
    "baik-sb2-b7-bp1-ok": (OrgResult.BAIK, {SB: 2, B: 7, BP: 1}, []),
    "baik-sb2-b8-two-warnings": (OrgResult.BAIK, {SB: 2, B: 8}, [Code.AT_MOST, Code.SOMEBODY]),
    "istimewa-sb8-b2-warning": (OrgResult.ISTIMEWA, {SB: 8, B: 2}, [Code.AT_MOST]),
    "butuh-perbaikan-sb1-b3-bp6-ok": (OrgResult.BUTUH_PERBAIKAN, {SB: 1, B: 3, BP: 6}, []),
    "butuh-perbaikan-sb2-b2-bp6-warning": (OrgResult.BUTUH_PERBAIKAN, {SB: 2, B: 2, BP: 6}, [Code.AT_MOST]),
    "kurang-b2-bp1-k6-sb1-ok": (OrgResult.KURANG, {B: 2, BP: 1, K: 6, SB: 1}, []),
    "sangat-kurang-sb1-b2-k1-sk6-warning": (
        OrgResult.SANGAT_KURANG,
        {SB: 1, B: 2, K: 1, SK: 6},
        [Code.NOBODY],
    ),
}
BEYOND = {
    "istimewa-sb-not-the-largest": (OrgResult.ISTIMEWA, {SB: 4, B: 6}, [Code.LARGEST]),
    "istimewa-sb-shares-the-top": (OrgResult.ISTIMEWA, {SB: 5, B: 5}, []),
    "baik-exactly-70-percent": (OrgResult.BAIK, {B: 7, SB: 2, K: 1}, []),
    "baik-a-kurang-is-enough": (OrgResult.BAIK, {B: 6, SB: 3, K: 1}, []),
    "baik-a-sangat-kurang-is-not": (OrgResult.BAIK, {B: 6, SB: 3, SK: 1}, [Code.SOMEBODY]),
    "baik-b-not-the-largest": (OrgResult.BAIK, {B: 4, SB: 5, BP: 1}, [Code.LARGEST]),
    "butuh-perbaikan-just-below-60": (OrgResult.BUTUH_PERBAIKAN, {BP: 599, B: 401}, [Code.AT_LEAST]),
    "kurang-without-bp": (OrgResult.KURANG, {K: 9, SB: 1}, [Code.AT_LEAST]),
    "kurang-misses-all-three": (OrgResult.KURANG, {SB: 5, B: 5}, [Code.AT_LEAST, Code.AT_LEAST, Code.AT_MOST]),
    "sangat-kurang-k-and-bp-count-together": (OrgResult.SANGAT_KURANG, {SK: 18, K: 1, BP: 1}, []),
    "sangat-kurang-too-few-of-them": (OrgResult.SANGAT_KURANG, {SK: 10, B: 10}, [Code.AT_LEAST, Code.AT_LEAST]),
}


@pytest.mark.parametrize(("result", "counts", "codes"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_of_the_reference(result, counts, codes):
    found = check(result, counts)
    assert [warning.code for warning in found] == codes
    assert needs_reason(found) is bool(codes)


@pytest.mark.parametrize(("result", "counts", "codes"), BEYOND.values(), ids=BEYOND)
def test_the_edges_of_a_pattern(result, counts, codes):
    assert [warning.code for warning in check(result, counts)] == codes


def test_a_warning_says_share_limit_and_source():
    first, second = check(OrgResult.BAIK, {SB: 2, B: 8})
    assert (first.share, first.limit, str(first.source)) == (Decimal("80.0"), 70, "SE MenPANRB 3/2023")
    assert str(first.message) == "Baik 80%, pedoman paling banyak 70%."
    expected = "Belum ada pegawai Butuh perbaikan dan/atau Kurang/misconduct, pedoman paling sedikit satu."
    assert (str(second.message), second.share) == (expected, Decimal("0.0"))


def test_a_share_is_written_as_the_language_writes_numbers():
    (warning, _nobody) = check(OrgResult.BAIK, {B: 8, SB: 3})
    assert "72,7%" in str(warning.message)
    with translation.override("en"):
        assert "72.7%" in str(warning.message)


@pytest.mark.parametrize("people", [1, 2, 3])
def test_a_tiny_unit_gets_a_note_that_asks_for_nothing(people):
    (note,) = check(OrgResult.BAIK, {B: people})
    assert (note.code, note.needs_reason) == (Code.TINY, False)
    assert str(people) in str(note.message)
    assert not needs_reason([note])


def test_how_small_tiny_is_can_be_set():
    assert [warning.code for warning in check(OrgResult.BAIK, {B: 4})] == [Code.AT_MOST, Code.SOMEBODY]
    assert [warning.code for warning in check(OrgResult.BAIK, {B: 4}, tiny_unit=4)] == [Code.TINY]


def test_a_unit_is_tiny_by_its_people_and_not_by_those_rated_so_far():
    assert Code.TINY not in [warning.code for warning in check(OrgResult.BAIK, {B: 3}, people=4)]
    (note,) = check(OrgResult.BAIK, {B: 2}, people=3)
    assert "3 pegawai" in str(note.message)


def test_a_tiny_unit_within_the_pattern_hears_nothing():
    assert check(OrgResult.BUTUH_PERBAIKAN, {BP: 2, B: 1}) == []


def test_nobody_rated_yet_is_no_warning():
    assert check(OrgResult.BAIK, {}) == check(OrgResult.BAIK, {B: 0}) == []


def test_before_the_circular_there_is_no_pattern():
    assert check(OrgResult.BAIK, {B: 10}, on=date(2023, 1, 30)) == []
    assert guides(OrgResult.BAIK, on=date(2023, 1, 30)) == ()
    assert check(OrgResult.BAIK, {B: 10}, on=date(2023, 1, 31))


def test_the_pattern_reads_as_sentences():
    assert [str(guide) for guide in guides(OrgResult.SANGAT_KURANG)] == [
        "Sangat kurang paling sedikit 60% pegawai.",
        "Kurang/misconduct dan/atau Butuh perbaikan paling sedikit 10% pegawai.",
        "Tidak ada pegawai Sangat baik.",
    ]


def test_bars_run_from_sangat_kurang_to_sangat_baik_with_numbers():
    found = bars({SB: 2, B: 7, BP: 1})
    assert [(bar.predikat.code, bar.count, bar.share) for bar in found] == [
        (5, 0, Decimal("0.0")),
        (4, 0, Decimal("0.0")),
        (3, 1, Decimal("10.0")),
        (2, 7, Decimal("70.0")),
        (1, 2, Decimal("20.0")),
    ]


@pytest.mark.parametrize(
    ("number", "total", "wanted"), [(0, 0, "0"), (1, 3, "33.3"), (1, 16, "6.3"), (5, 5, "100")]
)
def test_shares_have_one_decimal(number, total, wanted):
    assert share(number, total) == Decimal(wanted)


@given(COUNTS, st.sampled_from(OrgResult))
def test_it_warns_and_never_blocks(counts, result):
    for warning in check(result, counts):
        assert str(warning.message)
        assert 0 <= warning.share <= 100


@given(COUNTS, st.sampled_from(OrgResult), st.integers(2, 5))
def test_shares_alone_decide_in_units_that_are_not_tiny(counts, result, times):
    larger = {one: number * times for one, number in counts.items()}
    codes = [warning.code for warning in check(result, counts, tiny_unit=0)]
    assert [warning.code for warning in check(result, larger, tiny_unit=0)] == codes


@given(COUNTS)
def test_bars_lose_nobody(counts):
    assert sum(bar.count for bar in bars(counts)) == sum(counts.values())
