"""Tracking numbers and PINs."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.rules import numbers

MONTH = datetime.date(2026, 11, 21)
KEY, OLD_KEY = b"secret", b"older secret"
LETTERS = st.sampled_from(numbers.ALPHABET)
BODIES = st.text(LETTERS, min_size=9, max_size=9)


def test_a_number_shows_its_month_and_is_read_back():
    number = numbers.new_number(MONTH)
    assert number.startswith("PGD-2611-")
    assert len(number) == 15
    assert numbers.parse_number(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda number: number.replace("-", ""),
        lambda number: number.replace("-", " "),
        lambda number: f"  {number[4:]}\n",
        lambda number: number.replace("0", "O").replace("1", "l"),
        lambda number: number.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
    ],
)
def test_a_number_is_read_as_people_type_it(typed):
    number = f"PGD-2610-0A1B2{numbers.check_character('PGD26100A1B2')}"
    assert numbers.parse_number(typed(number)) == number


@pytest.mark.parametrize("typed", ["", "PGD", "PGD-2613-000000", "26-11", "x" * 10_000, "PGD-2611-0000U0", "٢٦"])
def test_what_is_no_number_is_none(typed):
    assert numbers.parse_number(typed) is None


@given(body=BODIES, place=st.integers(0, 8), wrong=LETTERS)
def test_every_single_wrong_character_is_noticed(body, place, wrong):
    other = body[:place] + wrong + body[place + 1 :]
    assert (numbers.check_character(other) == numbers.check_character(body)) == (other == body)


@given(body=BODIES, place=st.integers(0, 7))
def test_every_two_neighbours_that_changed_places_are_noticed(body, place):
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert (numbers.check_character(swapped) == numbers.check_character(body)) == (swapped == body)


def test_a_number_of_one_channel_is_none_of_the_other():
    number = numbers.new_number(MONTH, numbers.WHISTLE)
    assert numbers.parse_number(number, numbers.WHISTLE) == number
    assert numbers.parse_number(number.replace("WBS", "PGD")) is None


def test_numbers_do_not_follow_each_other():
    drawn = {numbers.new_number(MONTH) for _time in range(200)}
    assert len(drawn) == 200
    firsts = [number[9] for number in sorted(drawn)]
    assert len(set(firsts)) > 10


def test_guessing_meets_a_wrong_check_character_31_times_of_32():
    right = sum(
        numbers.parse_number(f"PGD-2611-AAA{''.join(end)}") is not None
        for end in itertools.product(numbers.ALPHABET, repeat=3)
    )
    assert right == 32 * 32


def test_a_pin_opens_its_own_case_alone():
    pin = numbers.new_pin()
    digest = numbers.pin_digest(pin, "PGD-2611-AAAAAA", KEY)
    assert numbers.pin_matches(pin, "PGD-2611-AAAAAA", digest, [KEY])
    assert numbers.pin_matches(pin.lower().replace("-", " "), "PGD-2611-AAAAAA", digest, [KEY])
    assert not numbers.pin_matches(pin, "PGD-2611-BBBBBB", digest, [KEY])
    assert not numbers.pin_matches(numbers.new_pin(), "PGD-2611-AAAAAA", digest, [KEY])


def test_a_pin_survives_a_change_of_the_key():
    digest = numbers.pin_digest("ABCD-EFGH", "PGD-2611-AAAAAA", OLD_KEY)
    assert numbers.pin_matches("ABCD-EFGH", "PGD-2611-AAAAAA", digest, [KEY, OLD_KEY])


@pytest.mark.parametrize("pin", ["", "A", "0000-0000", "x" * 5000])
def test_a_case_without_pin_opens_to_nobody(pin):
    assert not numbers.pin_matches(pin, "PGD-2611-AAAAAA", "", [KEY])


def test_the_wait_grows_after_five_tries_up_to_an_hour():
    waits = [numbers.delay_after(failures).total_seconds() for failures in range(14)]
    assert waits[:5] == [0] * 5
    assert waits[5:9] == [30, 60, 120, 240]
    assert waits == sorted(waits)
    assert numbers.delay_after(10_000) == datetime.timedelta(hours=1)
