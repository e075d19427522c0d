"""The state table: what may follow what, by whom; and that PostgreSQL holds the same pairs."""

import itertools

import pytest
from django.db import connection

from feedback import workflow
from feedback.enums import FINAL_STATES, OPEN_STATES, CaseState, Party, Phase
from feedback.workflow import LIMIT_OF_STATE, PAIRS, TABLE, Action, actions_from, next_state
from kepegawaian.lib.exceptions import StateChanged

# Reference 1.5, row by row. Beyond it: the reporter may cancel what nobody has answered, what was opened may turn
# out to be spam, and a closing for incompleteness can be undone.
REFERENCE = """
baru: verifikasi spam dibatalkan
verifikasi: perlu_lengkapi disposisi duplikat diteruskan_luar ditolak spam dibatalkan
perlu_lengkapi: verifikasi ditutup_tidak_lengkap dibatalkan
disposisi: proses verifikasi dibatalkan
proses: dijawab disposisi dibatalkan
dijawab: selesai proses
selesai: dibuka_kembali
dibuka_kembali: proses disposisi selesai
ditutup_tidak_lengkap: verifikasi
ditolak: verifikasi
duplikat: verifikasi
spam: verifikasi
diteruskan_luar: verifikasi
dibatalkan: verifikasi
"""
WANTED = {
    (origin, target)
    for line in REFERENCE.strip().splitlines()
    for origin, targets in [line.split(":")]
    for target in targets.split()
}
EVERY_PAIR = list(itertools.product(CaseState.values, CaseState.values))


def test_the_table_is_that_of_the_reference():
    assert PAIRS == WANTED


@pytest.mark.django_db
def test_postgresql_allows_these_pairs_and_no_others():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a, b FROM unnest(%s) a, unnest(%s) b WHERE a <> b AND feedback_may_move(a, b)",
            [CaseState.values, CaseState.values],
        )
        assert set(cursor.fetchall()) == PAIRS


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("action", list(Action))
def test_an_action_that_is_not_in_the_table_is_refused_in_words(state, action):
    if (state, action) in TABLE:
        assert next_state(state, action) == TABLE[state, action].to
    else:
        with pytest.raises(StateChanged, match=str(state.label)):
            next_state(state, action)


def test_every_state_can_be_reached_and_every_open_one_left():
    reached, border = {CaseState.NEW}, {CaseState.NEW}
    while border:
        border = {move.to for (state, _action), move in TABLE.items() if state in border} - reached
        reached |= border
    assert reached == set(CaseState)
    assert {state for state, _action in TABLE} >= set(OPEN_STATES)


def test_whatever_is_not_open_is_final_and_has_no_limit():
    assert set(OPEN_STATES) | set(FINAL_STATES) == set(CaseState)
    assert {state for state, phase in LIMIT_OF_STATE.items() if phase is None} == set(FINAL_STATES)
    assert set(LIMIT_OF_STATE) == set(CaseState)


def test_which_limit_runs_where():
    assert LIMIT_OF_STATE[CaseState.VERIFYING] == Phase.VERIFY
    assert LIMIT_OF_STATE[CaseState.ASSIGNED] == Phase.FIRST
    assert LIMIT_OF_STATE[CaseState.IN_PROCESS] == Phase.FINAL
    assert LIMIT_OF_STATE[CaseState.ANSWERED] == Phase.SILENCE
    assert {CaseState.INCOMPLETE} == workflow.PAUSING


@pytest.mark.parametrize(
    ("state", "party", "actions"),
    [
        (CaseState.NEW, Party.ADMIN, {"open", "spam"}),
        (CaseState.NEW, Party.LIAISON, set()),
        (CaseState.ASSIGNED, Party.LIAISON, {"accept", "return"}),
        (CaseState.ANSWERED, Party.REPORTER, {"close", "object"}),
        (CaseState.ANSWERED, Party.SYSTEM, {"silence"}),
        (CaseState.CLOSED, Party.REPORTER, {"reopen"}),
        (CaseState.CLOSED, Party.ADMIN, set()),
        (CaseState.SPAM, Party.ADMIN, {"undo"}),
    ],
)
def test_who_may_do_what(state, party, actions):
    assert set(actions_from(state, party)) == actions


def test_only_a_request_reopens_never_an_officer():
    assert [move.by for (state, _a), move in TABLE.items() if state == CaseState.CLOSED] == [(Party.REPORTER,)]


def test_codes_fit_their_columns():
    assert max(len(action) for action in Action) <= 12
    assert max(map(len, CaseState.values)) <= 22
    assert len(EVERY_PAIR) == len(CaseState) ** 2
