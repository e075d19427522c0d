from dataclasses import replace
from datetime import date

import pytest

from leave.rules import (
    BucketKind,
    CarryChange,
    CarryMode,
    OpeningYear,
    Period,
    Rule,
    YearFacts,
    apply,
    carry_changes,
    carry_into,
    check_opening,
    close_year,
    new_bucket,
    opening_buckets,
    own_entitlement,
    year_facts,
)
from tests.leave.history import ALWAYS, PNS, PPPK, History, played

STRICT, LENIENT = CarryMode.STRICT, CarryMode.LENIENT
FULL = YearFacts(2024, own=12, taken=12, taken_own=12)


def into_2026(*facts, mode=STRICT, **person):
    return carry_into(2026, {fact.year: fact for fact in facts}, mode=mode, **{"law": PNS, **person})


def days(carry):
    return carry.p.days, carry.c2.days, carry.c1.days


def test_a_figure_tells_how_it_came_about():
    carry = into_2026(FULL, YearFacts(2025, own=12, taken=3, taken_own=3))
    lines = [(str(step.label), step.days, step.rule, str(step.citation)) for step in carry.c1.steps]
    assert lines == [
        ("Hak cuti tahunan 2025", 12, Rule.R1, "PP 11/2017 Pasal 311 ayat (2)"),
        ("Dipakai dari hak 2025", -3, Rule.R8, "Pengaturan cuti pemerintah daerah"),
        ("Sisa 9 hari tahun 2025, dibatasi 6 hari", 6, Rule.R2, "PP 11/2017 Pasal 313 ayat (1)"),
    ]


def test_a_remainder_below_the_limit_is_carried_as_it_is():
    carry = into_2026(FULL, YearFacts(2025, own=12, taken=8, taken_own=5, postponed=3))
    assert str(carry.c1.steps[-1].label) == "Sisa 4 hari tahun 2025 dipindahkan"
    assert [step.days for step in carry.c1.steps] == [12, -5, -3, 4]
    assert str(carry.p.steps[-1].label) == "Hak 2025 yang ditangguhkan, dipindahkan penuh"


@pytest.mark.parametrize(
    ("facts", "mode", "sentence"),
    [
        (
            [replace(FULL, taken=0, taken_own=0), YearFacts(2025, own=12)],
            STRICT,
            "Tahun 2024 dan 2025 sama sekali tidak dipakai",
        ),
        (
            [FULL, YearFacts(2025, own=12)],
            STRICT,
            "Tahun 2024 dan 2025 tidak keduanya utuh, sisa 2024 tidak dipindahkan",
        ),
        ([FULL, YearFacts(2025, own=12)], LENIENT, "Sisa 2024 yang masih ada pada akhir 2025"),
        ([YearFacts(2025, own=12)], STRICT, "Tahun 2024 belum dipastikan"),
        ([], STRICT, "Tahun 2025 belum dipastikan"),
    ],
)
def test_what_two_years_carry_is_explained_even_when_it_is_nothing(facts, mode, sentence):
    assert str(into_2026(*facts, mode=mode).c2.steps[-1].label) == sentence


def test_a_year_without_a_right_is_not_an_unused_year():
    assert days(into_2026(YearFacts(2024, own=0), YearFacts(2025, own=12))) == (0, 0, 6)


def test_a_corrected_year_that_was_overdrawn_carries_nothing():
    assert days(into_2026(FULL, YearFacts(2025, own=10, taken=12, taken_own=12))) == (0, 0, 0)


OPENINGS = [
    pytest.param([], STRICT, (0, 0, 0), False, id="nothing-known"),
    pytest.param([OpeningYear(2025, 12, unused=True)], STRICT, (0, 0, 6), False, id="before-last-unknown"),
    pytest.param([OpeningYear(2025, 9)], STRICT, (0, 0, 6), True, id="before-last-has-no-say"),
    pytest.param([OpeningYear(2025, 9)], LENIENT, (0, 0, 6), False, id="lenient-needs-before-last"),
    pytest.param([OpeningYear(2024, 3), OpeningYear(2025, 9)], LENIENT, (0, 3, 6), True, id="lenient-known"),
    pytest.param(
        [OpeningYear(2024, 12), OpeningYear(2025, 12)], STRICT, (0, 0, 6), True, id="silence-is-not-unused"
    ),
    pytest.param(
        [OpeningYear(2024, 6, unused=True), OpeningYear(2025, 12, unused=True)],
        STRICT,
        (0, 6, 6),
        True,
        id="both-unused",
    ),
    pytest.param([OpeningYear(2025, 2, postponed=7)], STRICT, (7, 0, 2), True, id="postponed"),
]


@pytest.mark.parametrize(("facts", "mode", "expected", "confirmed"), OPENINGS)
def test_years_before_go_live_count_only_as_far_as_they_were_entered(facts, mode, expected, confirmed):
    carry = into_2026(*facts, mode=mode)
    assert (days(carry), carry.confirmed) == (expected, confirmed)


def test_the_second_year_after_go_live_still_asks_the_opening_whether_two_years_were_unused():
    facts = {2025: OpeningYear(2025, 12, unused=True), 2026: YearFacts(2026, own=12)}
    assert days(carry_into(2027, facts, mode=STRICT, law=PNS)) == (0, 6, 6)


def test_the_cut_takes_the_oldest_carry_first_and_says_so():
    carry = into_2026(YearFacts(2025, own=12, taken_own=1, taken=1, postponed=4, c1_left=6), mode=LENIENT)
    assert days(carry) == (4, 2, 6)
    step = carry.c2.steps[-1]
    assert str(step.label) == "Dipotong 4 hari karena hak setahun paling banyak 24 hari"
    assert (step.days, step.rule) == (2, Rule.R3)


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        pytest.param(Period(date(2024, 1, 1), date(2026, 12, 31)), (4, 0, 2), id="three-years"),
        pytest.param(Period(date(2025, 1, 1), date(2025, 12, 31)), (0, 0, 0), id="one-year"),
        pytest.param(Period(date(2024, 1, 1)), (4, 2, 6), id="open-end"),
        pytest.param(None, (0, 0, 0), id="contract-unknown"),
    ],
)
def test_a_contract_term_cuts_even_postponed_days_but_last(contract, expected):
    facts = YearFacts(2025, own=12, taken=1, taken_own=1, postponed=4, c1_left=6)
    assert days(into_2026(facts, mode=LENIENT, law=PPPK, contract=contract)) == expected


def test_a_cut_by_the_contract_names_the_contract():
    carry = into_2026(
        FULL, YearFacts(2025, own=12), law=PPPK, contract=Period(date(2025, 1, 1), date(2025, 12, 31))
    )
    step = carry.c1.steps[-1]
    assert str(step.label) == "Dipotong 6 hari: masa perjanjian kerja membatasi hak setahun 12 hari"
    assert (step.rule, str(step.citation)) == (Rule.CONTRACT, "Peraturan BKN 7/2022 Pasal 7")


def test_facts_are_read_from_the_buckets_and_a_lapse_does_not_change_them():
    own = apply(apply(new_bucket(BucketKind.O, 2026, 2026, 12), "take", 2), "postpone", 3)
    c1 = apply(new_bucket(BucketKind.C1, 2026, 2025, 6), "reserve", 4)
    facts = year_facts(2026, [own, c1], taken=6)
    assert facts == YearFacts(2026, own=12, taken=6, taken_own=2, postponed=3, c1_left=2)
    assert year_facts(2026, [apply(own, "lapse", 7), apply(c1, "lapse", 2)], taken=6) == facts


def test_a_year_without_buckets_gave_no_right():
    assert year_facts(2026, [new_bucket(BucketKind.O, 2027, 2027, 12)], taken=0) == YearFacts(2026, own=0)


def test_closing_a_year_says_of_each_bucket_what_goes_on_and_what_lapses():
    closing = played({2024: (0, 0), 2025: (0, 0), 2026: (6, 0)}, LENIENT).closing
    lines = [(line.bucket.kind, line.carried, line.lapsed) for line in closing.lines]
    assert lines == [(BucketKind.C1, 6, 0), (BucketKind.O, 6, 6)]


def test_closing_twice_finds_nothing_left_to_do():
    history = History().begin(2026).take(4)
    facts = {**history.facts, 2026: year_facts(2026, history.buckets, taken=4)}
    first = close_year(2026, history.buckets, facts, mode=STRICT, law=PNS)
    closed = [apply(line.bucket, "lapse", line.bucket.left) for line in first.lines]
    assert close_year(2026, closed, facts, mode=STRICT, law=PNS) == replace(first, lines=())


def test_a_credit_that_lives_on_is_not_closed_and_one_of_an_earlier_year_lapses_whole():
    buckets = [
        new_bucket(BucketKind.X, 2027, 2026, 1, date(2026, 12, 25)),
        new_bucket(BucketKind.O, 2025, 2025, 2),
    ]
    closing = close_year(2026, buckets, {2026: YearFacts(2026, own=12)}, mode=STRICT, law=PNS)
    assert [(line.bucket.year, line.carried, line.lapsed) for line in closing.lines] == [(2025, 0, 2)]


def test_a_request_refused_after_the_turn_of_the_year_adds_to_the_carry():
    posted = opening_buckets(own_entitlement(2026, ALWAYS, law=PNS), into_2026(FULL, YearFacts(2025, 12, 10, 10)))
    late = into_2026(FULL, YearFacts(2025, own=12, taken=7, taken_own=7))
    assert carry_changes(posted, late) == (CarryChange(BucketKind.C1, 2025, 3),)


def test_a_carry_that_was_never_posted_is_posted_whole_and_once():
    carry = into_2026(YearFacts(2024, own=12), YearFacts(2025, own=12))
    changes = carry_changes([], carry)
    assert changes == (CarryChange(BucketKind.C2, 2024, 6), CarryChange(BucketKind.C1, 2025, 6))
    assert carry_changes(opening_buckets(own_entitlement(2026, ALWAYS, law=PNS), carry), carry) == ()


def test_a_carry_that_shrinks_stops_at_what_was_already_used():
    used = apply(new_bucket(BucketKind.C1, 2026, 2025, 6), "take", 4)
    changes = carry_changes([used], into_2026(FULL, YearFacts(2025, own=12, taken=11, taken_own=11)))
    assert changes == (CarryChange(BucketKind.C1, 2025, -2, short=3),)


@pytest.mark.parametrize(
    ("opening", "sentences"),
    [
        (OpeningYear(2025, 9, 3), []),
        (OpeningYear(2025, 12, unused=True), []),
        (
            OpeningYear(2025, 10, 3),
            ["Sisa dan hari yang ditangguhkan tahun 2025 bersama-sama paling banyak 12 hari."],
        ),
        (
            OpeningYear(2025, 5, unused=True),
            ["Tahun 2025 tidak mungkin sama sekali tidak dipakai dengan sisa 5 hari."],
        ),
        (
            OpeningYear(2025, 9, 3, unused=True),
            ["Tahun 2025 tidak mungkin sama sekali tidak dipakai dengan sisa 9 hari."],
        ),
    ],
)
def test_an_opening_that_cannot_be_true_is_refused(opening, sentences):
    assert [refusal.message for refusal in check_opening(opening, PNS)] == sentences
