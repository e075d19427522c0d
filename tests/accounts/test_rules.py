"""Sign-in names as people type them, and codes as they copy them from paper."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepegawaian.accounts import rules

NIP = "198001012005011001"


@pytest.mark.parametrize(
    "typed",
    [
        NIP,
        "19800101 200501 1 001",
        "19800101.200501.1.001",
        "19800101-200501-1-001",
        "'198001012005011001",
        "’198001012005011001 ",
        "\u200b198001012005011001\ufeff",
        "  1980 0101 2005 0110 01\n",
    ],
)
def test_a_nip_is_known_however_it_is_typed(typed):
    assert rules.clean_login(typed) == NIP


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" Siti.Aminah@Contoh.GO.ID ", "siti.aminah@contoh.go.id"),
        ("19.80@contoh.test", "19.80@contoh.test"),
        ("", ""),
        ("١٢٣", "١٢٣"),
    ],
)
def test_anything_else_stays_what_it_is(typed, meant):
    assert rules.clean_login(typed) == meant


def test_a_code_has_at_least_sixty_bits_and_no_look_alikes():
    assert rules.CODE_LENGTH * math.log2(len(rules.ALPHABET)) >= 60
    assert not set("0O1ILU") & set(rules.ALPHABET)
    assert len(set(rules.ALPHABET)) == len(rules.ALPHABET)


def test_codes_are_printed_in_groups_and_never_alike():
    codes = {rules.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all([len(part) for part in code.split("-")] == [4, 4, 4, 4] for code in codes)


@given(st.text(alphabet=rules.ALPHABET, min_size=16, max_size=16))
def test_a_code_is_known_however_it_is_typed(code):
    printed = rules.show_code(code)
    assert rules.digest(printed.lower().replace("-", " ")) == rules.digest(code)
    assert rules.digest(f" {printed}\n") == rules.digest(code)
    assert code not in rules.digest(code)


@pytest.mark.parametrize(
    ("email", "shown"), [("budi@contoh.go.id", "bu…@contoh.go.id"), ("a@b.id", "a…@b.id"), ("", "")]
)
def test_an_address_can_be_shown_without_giving_it_away(email, shown):
    assert rules.masked_email(email) == shown
