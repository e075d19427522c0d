from datetime import date
from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.enums import Jenjang, Predikat
from evaluations.rules import credits as rules
from evaluations.rules.credits import Appointment, CreditError, Entry, convert, printed, running_total, standing
from evaluations.rules.sources import NoRuleError

SB, B, BP, K, SK = Predikat
TABLE = {
    Jenjang.PEMULA: ("3.75", "5.625", "3.75", "2.8125", "1.875", "0.9375"),
    Jenjang.TERAMPIL: ("5", "7.5", "5", "3.75", "2.5", "1.25"),
    Jenjang.MAHIR: ("12.5", "18.75", "12.5", "9.375", "6.25", "3.125"),
    Jenjang.PENYELIA: ("25", "37.5", "25", "18.75", "12.5", "6.25"),
    Jenjang.AHLI_PERTAMA: ("12.5", "18.75", "12.5", "9.375", "6.25", "3.125"),
    Jenjang.AHLI_MUDA: ("25", "37.5", "25", "18.75", "12.5", "6.25"),
    Jenjang.AHLI_MADYA: ("37.5", "56.25", "37.5", "28.125", "18.75", "9.375"),
    Jenjang.AHLI_UTAMA: ("50", "75", "50", "37.5", "25", "12.5"),
}
WORKED = {
    "1-ahli-pertama-2023-sangat-baik": (Jenjang.AHLI_PERTAMA, SB, 12, "18.75", "18.75"),
    "2-ahli-pertama-jan-feb-2024-baik": (Jenjang.AHLI_PERTAMA, B, 2, "2.0833", "2.08"),
    "5-ahli-pertama-from-april-baik": (Jenjang.AHLI_PERTAMA, B, 9, "9.375", "9.38"),
    "6-ahli-madya-butuh-perbaikan": (Jenjang.AHLI_MADYA, BP, 12, "28.125", "28.13"),
    "7a-ahli-madya-jan-may-sangat-baik": (Jenjang.AHLI_MADYA, SB, 5, "23.4375", "23.44"),
    "7b-ahli-madya-jun-dec-baik": (Jenjang.AHLI_MADYA, B, 7, "21.875", "21.88"),
    "8-pemula-sangat-kurang": (Jenjang.PEMULA, SK, 12, "0.9375", "0.94"),
}


@pytest.mark.parametrize(("jenjang", "predikat", "months", "kept", "shown"), WORKED.values(), ids=WORKED)
def test_a_worked_example_of_conversion(jenjang, predikat, months, kept, shown):
    value = convert(jenjang, predikat, months=months, on=date(2024, 12, 31)).value
    assert (value, printed(value)) == (Decimal(kept), Decimal(shown))


def test_worked_example_3_accumulated():
    both = [convert(Jenjang.AHLI_PERTAMA, SB).value, convert(Jenjang.AHLI_PERTAMA, B, months=2).value]
    assert rules.accumulate(both).printed == Decimal("20.83")
    assert rules.accumulate(both).exact == Decimal("20.8333")


def test_worked_example_4_points_for_the_next_rank_are_met_and_the_surplus_stays():
    years = [convert(Jenjang.AHLI_MUDA, predikat).value for predikat in (B, B, B, SB)]
    total = rules.accumulate(years).exact
    found = standing(Jenjang.AHLI_MUDA, "III/c", total)
    assert total == Decimal("112.5")
    assert (found.rank.target, found.rank.needed, found.rank.met) == ("III/d", 100, True)
    promoted = standing(Jenjang.AHLI_MUDA, "III/d", total)
    assert (promoted.rank.target, promoted.rank.missing, promoted.jenjang.missing) == ("IV/a", 87.5, 87.5)


def test_worked_example_5_truncated_where_an_office_truncates():
    assert printed(Decimal("9.375"), rounding=ROUND_DOWN) == Decimal("9.37")


def test_worked_example_7_the_printed_lines_add_up_to_the_printed_sum():
    parts = [convert(Jenjang.AHLI_MADYA, SB, months=5).value, convert(Jenjang.AHLI_MADYA, B, months=7).value]
    found = rules.accumulate(parts)
    assert (found.exact, found.printed) == (Decimal("45.3125"), Decimal("45.32"))


@pytest.mark.parametrize("jenjang", Jenjang)
def test_the_table_gives_the_figures_of_the_reference(jenjang):
    coefficient, *by_predikat = map(Decimal, TABLE[jenjang])
    assert rules.level(jenjang).coefficient == coefficient
    assert [convert(jenjang, predikat).value for predikat in Predikat] == by_predikat


@pytest.mark.parametrize(
    ("jenjang", "rank", "upper", "golongan"),
    [
        (Jenjang.PEMULA, 15, 15, ("II/a",)),
        (Jenjang.TERAMPIL, 20, 60, ("II/b", "II/c", "II/d")),
        (Jenjang.MAHIR, 50, 100, ("III/a", "III/b")),
        (Jenjang.PENYELIA, 100, None, ("III/c", "III/d")),
        (Jenjang.AHLI_PERTAMA, 50, 100, ("III/a", "III/b")),
        (Jenjang.AHLI_MUDA, 100, 200, ("III/c", "III/d")),
        (Jenjang.AHLI_MADYA, 150, 450, ("IV/a", "IV/b", "IV/c")),
        (Jenjang.AHLI_UTAMA, 200, None, ("IV/d", "IV/e")),
    ],
)
def test_thresholds_of_the_reference(jenjang, rank, upper, golongan):
    row = rules.level(jenjang)
    assert (row.to_rank, row.to_jenjang, row.golongan) == (rank, upper, golongan)


@pytest.mark.parametrize("jenjang", Jenjang)
def test_four_years_of_baik_are_one_rank(jenjang):
    assert 4 * convert(jenjang, B).value == rules.level(jenjang).to_rank


@pytest.mark.parametrize("jenjang", Jenjang)
def test_the_ranks_of_a_jenjang_lead_to_the_next_one(jenjang):
    row = rules.level(jenjang)
    assert row.to_jenjang in (None, len(row.golongan) * row.to_rank)


@given(st.sampled_from(Jenjang), st.sampled_from(Predikat), st.lists(st.integers(1, 12), min_size=1, max_size=12))
def test_parts_of_a_year_are_the_year_before_rounding(jenjang, predikat, lengths):
    months, parts = 12, []
    for length in lengths:
        parts.append(min(length, months))
        months -= parts[-1]
    parts += [months] if months else []
    parts = [part for part in parts if part]
    products = [convert(jenjang, predikat, months=part).product for part in parts]
    assert sum(products) == convert(jenjang, predikat).product
    assert abs(
        sum(convert(jenjang, predikat, months=part).value for part in parts) - convert(jenjang, predikat).value
    ) <= rules.PLACES / 2 * len(parts)


@given(st.sampled_from(Jenjang), st.integers(1, 12), st.integers(1, 12))
def test_more_months_and_a_better_predikat_never_give_less(jenjang, one, other):
    fewer, more = sorted((one, other))
    values = [convert(jenjang, predikat, months=fewer).value for predikat in Predikat]
    assert values == sorted(values, reverse=True)
    assert all(
        convert(jenjang, predikat, months=more).value >= value
        for predikat, value in zip(Predikat, values, strict=True)
    )


@pytest.mark.parametrize("months", [0, 13, -1])
def test_a_conversion_is_of_one_to_twelve_months(months):
    with pytest.raises(CreditError, match="1 sampai 12 bulan"):
        convert(Jenjang.MAHIR, B, months=months)


def test_years_before_the_conversion_have_no_table():
    assert convert(Jenjang.MAHIR, B, on=date(2023, 12, 31)).value == Decimal("12.5")
    with pytest.raises(NoRuleError):
        convert(Jenjang.MAHIR, B, on=date(2022, 12, 31))


def test_a_conversion_explains_itself():
    assert str(convert(Jenjang.AHLI_PERTAMA, B, months=2).step) == "2/12 x 100% x 12,5 = 2,0833"


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ((2025, 4, 1), None, {4, 5, 6, 7, 8, 9, 10, 11, 12}),
        ((2020, 1, 1), (2025, 5, 31), {1, 2, 3, 4, 5}),
        ((2025, 4, 2), (2025, 6, 29), {5}),
        ((2026, 1, 1), None, set()),
        ((2020, 1, 1), (2030, 1, 1), set(range(1, 13))),
    ],
)
def test_months_held_are_whole_ones(first, last, months):
    assert rules.months_held(2025, date(*first), date(*last) if last else None) == months


def test_what_a_part_year_took_is_not_converted_again():
    assert rules.months_left(range(1, 13), {1, 2}) == 10
    assert rules.months_left({4, 5}, {1, 4, 5}) == 0


@pytest.mark.parametrize(
    ("jenjang", "conventional", "wanted"),
    [
        (Jenjang.AHLI_PERTAMA, "137.125", "37.125"),
        (Jenjang.AHLI_MUDA, "200", "0"),
        (Jenjang.AHLI_MADYA, "561.5", "161.5"),
        (Jenjang.TERAMPIL, "79", "39"),
    ],
)
def test_integrasi_is_the_old_total_less_the_base(jenjang, conventional, wanted):
    assert rules.integrasi(Decimal(conventional), jenjang) == Decimal(wanted)


def test_the_base_can_be_told():
    assert rules.integrasi(Decimal(150), Jenjang.AHLI_PERTAMA, base=Decimal(150)) == 0


def test_a_total_below_the_base_is_refused_with_both_numbers():
    with pytest.raises(CreditError) as caught:
        rules.integrasi(Decimal("99.5"), Jenjang.AHLI_PERTAMA)
    assert str(caught.value) == "Angka kredit konvensional 99,5 kurang dari nilai dasar jenjang 100."


def test_a_higher_degree_adds_a_quarter_of_what_the_next_rank_needs():
    assert rules.education_bonus(Jenjang.AHLI_MUDA) == 25
    assert rules.education_bonus(Jenjang.PEMULA) == Decimal("3.75")
    assert rules.education_bonus(Jenjang.AHLI_MUDA, percent=Decimal(10)) == 10


PERTAMA = Appointment(date(2020, 4, 1), Jenjang.AHLI_PERTAMA, "III/a")
RANK = Appointment(date(2024, 4, 1), Jenjang.AHLI_PERTAMA, "III/b")
MUDA = Appointment(date(2026, 4, 1), Jenjang.AHLI_MUDA, "III/c")
ROWS = [Entry(date(2023, 12, 31), Decimal("62.5")), Entry(date(2025, 12, 31), Decimal("41.5"))]
LATER = [Entry(date(2026, 3, 31), Decimal("3.125")), Entry(date(2026, 12, 31), Decimal("18.75"))]


def test_points_of_a_jenjang_run_through_its_ranks():
    assert running_total(ROWS, [RANK, PERTAMA]) == 104


def test_a_surplus_lapses_with_the_rank_where_the_policy_says_so():
    assert running_total(ROWS, [PERTAMA, RANK], surplus_stays=False) == Decimal("91.5")


def test_a_higher_jenjang_starts_again_at_0():
    assert running_total(ROWS, [PERTAMA, RANK, MUDA]) == 0
    assert running_total(ROWS + LATER, [PERTAMA, RANK, MUDA]) == Decimal("18.75")


def test_what_ends_on_the_day_of_an_appointment_counts_for_the_new_post():
    on_the_day = Entry(MUDA.since, Decimal(5))
    assert running_total([*ROWS, on_the_day], [PERTAMA, RANK, MUDA]) == 5


def test_without_an_appointment_there_are_no_points():
    assert running_total(ROWS, []) == 0


@given(st.lists(st.tuples(st.dates(date(2020, 4, 1), date(2030, 1, 1)), st.integers(0, 75))))
def test_a_lapsing_surplus_never_gives_more(rows):
    entries = [Entry(day, Decimal(value)) for day, value in rows]
    posts = [PERTAMA, RANK, MUDA]
    assert 0 <= running_total(entries, posts, surplus_stays=False) <= running_total(entries, posts)


def test_the_gap_says_what_is_missing_and_how_many_years_it_takes():
    gap = standing(Jenjang.AHLI_PERTAMA, "III/a", Decimal("20.8333")).rank
    assert (gap.target, gap.needed, gap.missing, gap.met) == ("III/b", 50, Decimal("29.1667"), False)
    assert (gap.years(Decimal("12.5")), gap.years(Decimal("18.75"))) == (3, 2)


@pytest.mark.parametrize(
    ("jenjang", "golongan", "rank", "upper"),
    [
        (Jenjang.PEMULA, "II/a", ("II/b", 15), ("Terampil", 15)),
        (Jenjang.TERAMPIL, "II/d", ("III/a", 60), ("Mahir", 60)),
        (Jenjang.PENYELIA, "III/c", ("III/d", 100), None),
        (Jenjang.PENYELIA, "III/d", None, None),
        (Jenjang.AHLI_MADYA, "IV/b", ("IV/c", 300), ("Ahli utama", 450)),
        (Jenjang.AHLI_UTAMA, "IV/d", ("IV/e", 200), None),
        (Jenjang.AHLI_UTAMA, "IV/e", None, None),
        (Jenjang.AHLI_MUDA, "", None, ("Ahli madya", 200)),
    ],
)
def test_the_next_rank_and_the_next_jenjang(jenjang, golongan, rank, upper):
    found = standing(jenjang, golongan, Decimal(0))
    assert [gap and (gap.target, gap.needed) for gap in (found.rank, found.jenjang)] == [rank, upper]


def test_a_gap_that_is_met_misses_nothing():
    gap = standing(Jenjang.PEMULA, "II/a", Decimal(20)).rank
    assert (gap.missing, gap.met, gap.years(Decimal("3.75"))) == (0, True, 0)


def test_a_rank_outside_the_jenjang_needs_somebody_to_look():
    with pytest.raises(CreditError) as caught:
        standing(Jenjang.AHLI_MUDA, "III/a", Decimal(0))
    assert str(caught.value) == "Golongan III/a bukan golongan jenjang Ahli muda."


@pytest.mark.parametrize(
    ("text", "jenjang"),
    [
        ("Ahli Muda", Jenjang.AHLI_MUDA),
        ("ahli muda", Jenjang.AHLI_MUDA),
        ("ahli_utama", Jenjang.AHLI_UTAMA),
        (" Terampil ", Jenjang.TERAMPIL),
        ("", None),
        ("eselon III", None),
    ],
)
def test_a_jenjang_is_found_by_its_name(text, jenjang):
    assert rules.jenjang_named(text) is jenjang
