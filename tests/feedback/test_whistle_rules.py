"""The protected channel without a page: its flow, its clock, and whom a name means."""

import datetime
import itertools

import pytest
from django.db import connection

from feedback.enums import WhistleState
from feedback.rules.whistle import due_on, name_tokens
from feedback.workflow_whistle import OPEN_STATES, PAIRS, TABLE, WhistleAction, fits, next_state
from kepegawaian.lib.exceptions import StateChanged
from tests.feedback.test_rules_clocks import calendar

# Reference 1.9: verifier, researcher, examiner, each able to reject; what ended may be opened again.
REFERENCE = """
diterima: verifikasi
verifikasi: penelitian ditolak
penelitian: pemeriksaan selesai ditolak
pemeriksaan: selesai ditolak
selesai: verifikasi
ditolak: verifikasi
"""
WANTED = {
    (origin, target)
    for line in REFERENCE.strip().splitlines()
    for origin, targets in [line.split(":")]
    for target in targets.split()
}
EVERY = list(itertools.product(WhistleState, WhistleAction))


def test_the_table_is_that_of_the_reference():
    assert PAIRS == WANTED


@pytest.mark.django_db
def test_postgresql_allows_these_pairs_and_no_others():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a, b FROM unnest(%s) a, unnest(%s) b WHERE a <> b AND feedback_whistle_may_move(a, b)",
            [WhistleState.values, WhistleState.values],
        )
        assert set(cursor.fetchall()) == PAIRS


@pytest.mark.parametrize(("state", "action"), EVERY)
def test_every_pair_of_state_and_action_is_allowed_by_the_table_or_refused_in_words(state, action):
    assert fits(state, action) is ((state, action) in TABLE)
    if fits(state, action):
        assert next_state(state, action) == TABLE[state, action]
    else:
        with pytest.raises(StateChanged, match=str(state.label)):
            next_state(state, action)


def test_every_state_can_be_reached_and_every_open_one_left():
    reached, border = {WhistleState.RECEIVED}, {WhistleState.RECEIVED}
    while border:
        border = {target for (state, _action), target in TABLE.items() if state in border} - reached
        reached |= border
    assert reached == set(WhistleState)
    assert {state for state, _action in TABLE} >= set(OPEN_STATES)


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("diterima", datetime.date(2026, 1, 29)),
        ("verifikasi", datetime.date(2026, 1, 29)),
        ("penelitian", datetime.date(2026, 1, 23)),
        ("pemeriksaan", datetime.date(2026, 1, 23)),
        ("selesai", None),
        ("ditolak", None),
    ],
)
def test_fourteen_days_to_check_then_working_days_to_end(state, wanted):
    received = datetime.date(2026, 1, 15)
    assert due_on(state, received, check_days=14, working_days=5, calendar=calendar()) == wanted


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Drs. H. Budi Santoso, M.Si.", ["budi", "santoso"]),
        ("pak SANTOSO  budi", ["budi", "santoso"]),
        ("dr. Ásri W. Lestari", ["asri", "lestari"]),
        ("Irwan Drajat", ["drajat", "irwan"]),
        ("-", []),
    ],
)
def test_a_name_is_its_words_without_titles_and_order(text, tokens):
    assert name_tokens(text) == tokens
