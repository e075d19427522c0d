"""The whole table of the flow: every state with every action, and who may fire it."""

import itertools

import pytest

from kepegawaian.lib.exceptions import StateChanged
from leave.enums import FINAL, Outcome, RequestState, StepKind
from leave.workflow import DECISIONS, STEP_OF_ACTION, Action, Party, actions_from, move, next_state

S, A, P = RequestState, Action, Party
FLOW = {
    (S.DRAFT, A.SUBMIT): (S.SUBMITTED, P.APPLICANT),
    (S.DRAFT, A.WITHDRAW): (S.WITHDRAWN, P.APPLICANT),
    (S.SUBMITTED, A.EDIT): (S.SUBMITTED, P.APPLICANT),
    (S.SUBMITTED, A.CHECK): (S.SUBMITTED, P.CHECKER),
    (S.SUBMITTED, A.RETURN): (S.DRAFT, P.CHECKER),
    (S.SUBMITTED, A.OPINE): (S.OPINED, P.SUPERIOR),
    (S.SUBMITTED, A.WITHDRAW): (S.WITHDRAWN, P.APPLICANT),
    (S.SUBMITTED, A.HAND_OVER): (S.SUBMITTED, P.SYSTEM),
    (S.OPINED, A.GRANT): (S.GRANTED, P.DECIDER),
    (S.OPINED, A.OFFER): (S.OFFERED, P.DECIDER),
    (S.OPINED, A.POSTPONE): (S.POSTPONED, P.DECIDER),
    (S.OPINED, A.REFUSE): (S.REFUSED, P.DECIDER),
    (S.OPINED, A.WITHDRAW): (S.WITHDRAWN, P.APPLICANT),
    (S.OPINED, A.HAND_OVER): (S.OPINED, P.SYSTEM),
    (S.OFFERED, A.ACCEPT): (S.GRANTED, P.APPLICANT),
    (S.OFFERED, A.DECLINE): (S.WITHDRAWN, P.APPLICANT),
    (S.OFFERED, A.WITHDRAW): (S.WITHDRAWN, P.APPLICANT),
    (S.GRANTED, A.WITHDRAW): (S.WITHDRAWN, P.APPLICANT),
    (S.GRANTED, A.RECALL): (S.GRANTED, P.DECIDER),
    (S.GRANTED, A.SHORTEN): (S.GRANTED, P.DECIDER),
}
EVERY = list(itertools.product(RequestState, Action))


@pytest.mark.parametrize(("state", "action"), EVERY, ids=lambda value: str(value))
def test_every_state_with_every_action(state, action):
    expected = FLOW.get((state, action))
    if expected is None:
        assert move(state, action) is None
        with pytest.raises(StateChanged, match=str(state.label)):
            next_state(state, action)
    else:
        row = move(state, action)
        assert (row.to, row.by) == expected
        assert next_state(state, action) == expected[0]


@pytest.mark.parametrize("state", FINAL)
def test_nothing_follows_a_final_state(state):
    assert all(move(state, action) is None for action in Action)


def test_every_outcome_of_the_form_has_its_decision():
    assert {DECISIONS[outcome] for outcome in Outcome} == {A.GRANT, A.OFFER, A.POSTPONE, A.REFUSE}


def test_every_act_on_a_box_names_the_box():
    assert STEP_OF_ACTION[A.OPINE] == StepKind.OPINION
    assert STEP_OF_ACTION[A.REFUSE] == StepKind.DECISION
    assert set(STEP_OF_ACTION) == {action for (_s, action), (_t, by) in FLOW.items() if by != P.SYSTEM} - {
        A.SUBMIT,
        A.EDIT,
        A.WITHDRAW,
        A.RECALL,
        A.SHORTEN,
    }


def test_what_the_applicant_may_do_from_each_state():
    assert actions_from(S.OFFERED, P.APPLICANT) == (A.ACCEPT, A.DECLINE, A.WITHDRAW)
    assert actions_from(S.GRANTED, P.APPLICANT) == (A.WITHDRAW,)
    assert actions_from(S.REFUSED, P.APPLICANT) == ()


def test_action_names_fit_their_column():
    assert all(len(action) <= 20 for action in Action)
