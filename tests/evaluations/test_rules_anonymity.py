from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.enums import FeedbackRelation, PeriodKind
from evaluations.rules.anonymity import (
    Group,
    accepts,
    coarse_date,
    is_published,
    next_closing,
    release,
    shuffled,
)
from evaluations.rules.clocks import periods

PEER, SUBORDINATE, TEAM_LEAD = FeedbackRelation.PEER, FeedbackRelation.SUBORDINATE, FeedbackRelation.TEAM_LEAD
CLOSINGS = [span.end for span in periods(2026, PeriodKind.QUARTER)[:-1]]


def _groups(**givers):
    return [
        Group(FeedbackRelation(relation), number, tuple(f"{relation}-{place}" for place in range(number)))
        for relation, number in givers.items()
    ]


def _shown(found):
    return {batch.relation: batch.givers for batch in found.batches}


CASES = {
    "all-large-enough": ({"peer": 3, "subordinate": 5}, {PEER: 3, SUBORDINATE: 5}, set()),
    "too-few-of-all": ({"peer": 2}, {}, {PEER}),
    "too-few-together": ({"peer": 1, "subordinate": 1}, {}, {PEER, SUBORDINATE}),
    "two-small-ones-together": ({"peer": 2, "subordinate": 2}, {None: 4}, set()),
    "two-just-enough-together": ({"peer": 1, "subordinate": 2}, {None: 3}, set()),
    "one-alone-takes-the-next": ({"peer": 1, "subordinate": 5}, {None: 6}, set()),
    "the-smallest-goes-with-it": ({"peer": 1, "subordinate": 4, "team_lead": 7}, {None: 5, TEAM_LEAD: 7}, set()),
    "two-too-few-take-a-third": ({"peer": 1, "subordinate": 1, "team_lead": 3}, {None: 5}, set()),
    "nobody-is-no-group": ({"peer": 0, "subordinate": 3}, {SUBORDINATE: 3}, set()),
    "nothing-at-all": ({}, {}, set()),
}
APART = {
    "one-alone-hides-a-second": (
        {"peer": 1, "subordinate": 5, "team_lead": 7},
        {TEAM_LEAD: 7},
        {PEER, SUBORDINATE},
    ),
    "two-small-ones": ({"peer": 2, "subordinate": 2}, {}, {PEER, SUBORDINATE}),
    "all-large-enough": ({"peer": 3, "subordinate": 3}, {PEER: 3, SUBORDINATE: 3}, set()),
}


@pytest.mark.parametrize(("givers", "shown", "withheld"), CASES.values(), ids=CASES)
def test_what_a_closed_period_shows(givers, shown, withheld):
    found = release(_groups(**givers))
    assert (_shown(found), found.withheld) == (shown, withheld)


@pytest.mark.parametrize(("givers", "shown", "withheld"), APART.values(), ids=APART)
def test_what_it_shows_where_small_groups_are_not_joined(givers, shown, withheld):
    found = release(_groups(**givers), merge=False)
    assert (_shown(found), found.withheld) == (shown, withheld)


def test_many_texts_of_one_giver_are_still_one_giver():
    found = release([Group(PEER, 1, ("a", "b", "c", "d"))])
    assert (found.batches, found.withheld) == ((), {PEER})


def test_the_threshold_is_policy():
    assert _shown(release(_groups(peer=4), threshold=5)) == {}
    assert _shown(release(_groups(peer=4), threshold=4)) == {PEER: 4}


GIVERS = st.fixed_dictionaries({one.value: st.integers(0, 8) for one in (PEER, SUBORDINATE, TEAM_LEAD)})


@given(GIVERS, st.integers(2, 6), st.booleans())
def test_no_group_that_is_shown_is_small_and_none_is_hidden_alone(givers, threshold, merge):
    groups = _groups(**givers)
    found = release(groups, threshold=threshold, merge=merge)
    assert all(batch.givers >= threshold for batch in found.batches)
    if found.batches:
        hidden = sum(givers[one] for one in found.withheld)
        assert len(found.withheld) != 1
        assert not found.withheld or hidden >= threshold


@given(GIVERS, st.integers(2, 6))
def test_what_is_joined_does_not_tell_whose_it_is(givers, threshold):
    found = release(_groups(**givers), threshold=threshold)
    told = {batch.relation for batch in found.batches}
    for batch in found.batches:
        if batch.relation is None:
            relations = {one.split("-")[0] for one in batch.ids}
            assert len(relations) > 1
            assert not relations & told


@given(GIVERS, st.integers(2, 6))
def test_every_text_is_shown_once_or_its_group_withheld(givers, threshold):
    groups = _groups(**givers)
    found = release(groups, threshold=threshold)
    shown = [one for batch in found.batches for one in batch.ids]
    withheld = [one for group in groups if group.relation in found.withheld for one in group.ids]
    assert sorted(shown + withheld) == sorted(one for group in groups for one in group.ids)


@given(st.permutations([f"text-{number}" for number in range(8)]))
def test_the_order_says_nothing_of_the_order_in_which_texts_came(ids):
    assert shuffled(ids, salt="period") == shuffled(sorted(ids), salt="period")


def test_the_order_is_another_one_elsewhere():
    ids = [f"text-{number}" for number in range(8)]
    assert shuffled(ids, salt="one") != shuffled(ids, salt="other")
    assert sorted(shuffled(ids, salt="one")) == ids


def test_batches_are_in_that_order():
    (batch,) = release(_groups(peer=8), salt="q1").batches
    assert batch.ids == shuffled([f"peer-{place}" for place in range(8)], salt="q1")


def test_dates_are_told_as_the_end_of_their_period():
    spans = periods(2026, PeriodKind.QUARTER)
    told = {coarse_date(day, spans) for day in (date(2026, 4, 1), date(2026, 5, 17), date(2026, 6, 30))}
    assert told == {date(2026, 6, 30)}
    assert coarse_date(date(2027, 1, 1), spans) is None


@given(st.dates(), st.dates())
def test_nothing_is_shown_while_something_may_be_added(closes_on, today):
    assert accepts(closes_on, today) is not is_published(closes_on, today)


def test_late_feedback_belongs_to_the_next_period():
    assert next_closing(date(2026, 3, 31), CLOSINGS) == date(2026, 3, 31)
    assert next_closing(date(2026, 4, 1), CLOSINGS) == date(2026, 6, 30)
    assert next_closing(date(2027, 1, 1), CLOSINGS) is None


def _look(answers, today, threshold):
    """What is shown on a day: relation told, period and texts, from answers of (day, relation, giver)."""
    shown = {}
    for closing in CLOSINGS:
        if not is_published(closing, today):
            continue
        by_relation = defaultdict(dict)
        for number, (day, relation, giver) in enumerate(answers):
            if day <= today and next_closing(day, CLOSINGS) == closing:
                by_relation[relation][f"text-{number}"] = giver
        groups = [Group(one, len(set(ids.values())), tuple(ids)) for one, ids in by_relation.items()]
        for batch in release(groups, threshold=threshold).batches:
            shown[batch.relation, closing] = batch.ids
    return shown


ANSWERS = st.lists(
    st.tuples(
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.sampled_from([PEER, SUBORDINATE]),
        st.integers(1, 6),
    ),
    max_size=30,
    # An invitation is one person's in one relation.
    unique_by=lambda answer: (answer[1], answer[2], next_closing(answer[0], CLOSINGS)),
)


@given(ANSWERS, st.lists(st.integers(0, 380), min_size=2, max_size=6), st.integers(2, 4))
def test_two_looks_never_differ_by_a_single_person(answers, offsets, threshold):
    days = [date(2026, 1, 1) + timedelta(days=offset) for offset in sorted(offsets)]
    looks = [_look(answers, day, threshold) for day in days]
    for earlier, later in combinations(looks, 2):
        assert earlier.items() <= later.items()
        for key in later.keys() - earlier.keys():
            givers = {answers[int(one.split("-")[1])][1:] for one in later[key]}
            assert len(givers) >= threshold
