import datetime
import itertools

import pytest

from feedback.enums import PhaseKind
from feedback.rules import forums as rules
from feedback.rules.forum_templates import FKP, GENERAL, MUSRENBANG, TEMPLATES
from feedback.rules.forums import Allows, Standing
from tests.feedback.forum_factories import phase

DAY = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("kind", "proposals", "supports", "comments"),
    [
        ("information", False, False, True),
        ("diagnosis", False, False, True),
        ("proposals", True, False, True),
        ("prioritisation", False, True, True),
        ("decision", False, False, False),
        ("evaluation", False, False, False),
        ("monitoring", False, False, True),
    ],
)
def test_what_each_kind_of_phase_opens(kind, proposals, supports, comments):
    assert rules.PHASES[PhaseKind(kind)] == Allows(proposals, supports, comments)


def test_every_kind_of_phase_is_in_the_table():
    assert set(rules.PHASES) == set(PhaseKind)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-03-01", Allows()),
        ("2026-03-02", Allows(proposals=True, comments=True)),
        ("2026-03-09", Allows(proposals=True, comments=True)),
        ("2026-03-10", Allows(proposals=True, supports=True, comments=True)),
        ("2026-03-11", Allows(supports=True)),
        ("2026-03-20", Allows(supports=True)),
        ("2026-03-21", Allows()),
    ],
)
def test_overlapping_phases_each_open_their_own_on_the_days_they_share(on, expected):
    phases = [
        phase("2026-03-02", "2026-03-10", proposals=True, comments=True),
        phase("2026-03-10", "2026-03-20", supports=True),
    ]
    assert rules.allowed(phases, DAY(on)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-03-01", Standing.COMING),
        ("2026-03-02", Standing.OPEN),
        ("2026-03-09", Standing.OPEN),
        ("2026-03-10", Standing.FINISHED),
    ],
)
def test_a_forum_stands_by_its_dates(on, expected):
    assert rules.standing(DAY("2026-03-02"), DAY("2026-03-09"), DAY(on)) == expected


@pytest.mark.parametrize(
    ("on", "hidden", "shown"),
    [
        ("2026-03-05", False, True),
        ("2026-03-05", True, False),
        ("2026-03-12", True, False),
        ("2026-03-16", True, False),
        ("2026-03-20", True, False),
        ("2026-03-21", True, True),
    ],
)
def test_hidden_counts_appear_when_the_last_vote_is_over(on, hidden, shown):
    phases = [
        phase("2026-03-02", "2026-03-08", proposals=True),
        phase("2026-03-09", "2026-03-12", supports=True),
        phase("2026-03-16", "2026-03-20", supports=True),
    ]
    assert rules.counts_shown(phases, DAY(on), hidden=hidden) is shown


def test_the_next_opening_is_the_first_one_after_today():
    phases = [
        phase("2026-03-02", "2026-03-08", supports=True),
        phase("2026-04-01", "2026-04-02", supports=True),
        phase("2026-03-20", "2026-03-21", supports=True),
    ]
    assert rules.next_opening(phases, DAY("2026-03-02"), "supports") == DAY("2026-03-20")
    assert rules.next_opening(phases, DAY("2026-04-01"), "supports") is None
    assert rules.next_opening(phases, DAY("2026-03-02"), "proposals") is None


@pytest.mark.parametrize(("passed", "left"), [(0, 30), (0.4, 30), (29.2, 1), (30, 0), (31, 0)])
def test_slow_mode_counts_down(passed, left):
    last = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
    assert rules.seconds_to_wait(last, last + datetime.timedelta(seconds=passed), 30) == left


def test_the_first_comment_never_waits():
    assert rules.seconds_to_wait(None, datetime.datetime.now(datetime.UTC), 3600) == 0


def test_equal_supports_are_ranked_by_who_came_first():
    rows = [Row(number=1, supports=2), Row(number=2, supports=5), Row(number=3, supports=2)]
    assert [row.number for row in rules.ranking(reversed(rows))] == [2, 1, 3]


class Row:
    def __init__(self, number, supports):
        self.number, self.supports = number, supports


@pytest.mark.parametrize(
    ("accepted", "found"),
    [
        ({2, 1, 3}, {}),
        ({2}, {}),
        ({1}, {1: [2]}),
        ({1, 3}, {1: [2], 3: [2]}),
        ({2, 3}, {3: [1]}),
    ],
)
def test_what_is_accepted_before_what_ranks_above_overtakes_it(accepted, found):
    rows = [Row(number, supports) for number, supports in ((1, 3), (2, 5), (3, 3))]
    assert rules.overtaken(rows, accepted) == found


def test_of_many_numbers_the_first_are_said():
    assert rules.numbered([4, 7]) == "4, 7"
    assert rules.numbered(list(range(1, 12))) == "1, 2, 3, 4, 5, 6, 7, 8, +3"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        *[
            (1, "KESATU"),
            (2, "KEDUA"),
            (9, "KESEMBILAN"),
            (10, "KESEPULUH"),
            (11, "KESEBELAS"),
            (12, "KEDUA BELAS"),
        ],
        *[
            (19, "KESEMBILAN BELAS"),
            (20, "KEDUA PULUH"),
            (21, "KEDUA PULUH SATU"),
            (99, "KESEMBILAN PULUH SEMBILAN"),
        ],
        (120, "KE-120"),
    ],
)
def test_points_are_counted_in_words(number, word):
    assert rules.ordinal(number) == word


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))
def test_the_phases_of_a_template_follow_each_other_without_a_gap(template):
    start = DAY("2026-01-05")
    dates = [draft.dates(start) for draft in template.phases]
    assert dates[0][0] == start
    for (_first, last), (next_first, _last) in itertools.pairwise(dates):
        assert next_first == last + datetime.timedelta(days=1)
    assert rules.last_day(template.phases, start) == dates[-1][1]


def test_musrenbang_goes_its_seven_steps_in_order():
    """Gather, judge, vote, meet, minutes, follow (reference 5.3); the vote is secret until it ends."""
    kinds = [draft.kind.value for draft in MUSRENBANG.phases]
    assert kinds == ["proposals", "diagnosis", "prioritisation", "decision", "evaluation", "monitoring"]
    assert MUSRENBANG.settings["counts_hidden"] is True


def test_a_consultation_has_its_four_stages():
    """Preparation, meeting, report, monitoring (reference 5.1), with a time for written views before it meets."""
    kinds = [draft.kind.value for draft in FKP.phases]
    assert kinds == ["information", "proposals", "decision", "evaluation", "monitoring"]
    assert "berita acara" in FKP.agenda[-1]


def test_the_general_template_leaves_the_words_to_the_organiser():
    assert (GENERAL.title, GENERAL.summary) == ("", "")
