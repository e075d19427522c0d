from decimal import ROUND_DOWN

import pytest

from evaluations.enums import Aspect, FeedbackRelation, FollowUp, OrgResult, Potential, Predikat, Rating
from evaluations.rules import follow_up, talent
from evaluations.rules.follow_up import recommendations, regular_promotion
from evaluations.rules.policy import Policy
from evaluations.rules.sources import LOCAL_POLICY, Citation, Mark
from kepegawaian.employees.enums import AsnStatus

SB, B, BP, K, SK = Predikat
REWARDS = {FollowUp.TALENT_POOL, FollowUp.DEVELOPMENT, FollowUp.ALLOWANCE, FollowUp.PROMOTION}
COACHING = {FollowUp.BIMBINGAN, FollowUp.KONSELING, FollowUp.COMPETENCY_CHECK}


@pytest.mark.parametrize(
    ("predikat", "status", "kinds"),
    [
        (SB, AsnStatus.PNS, REWARDS),
        (B, AsnStatus.PNS, REWARDS),
        (BP, AsnStatus.PNS, COACHING),
        (K, AsnStatus.PNS, COACHING | {FollowUp.IMPROVEMENT}),
        (SK, AsnStatus.PNS, COACHING | {FollowUp.IMPROVEMENT}),
        (K, AsnStatus.PPPK, COACHING | {FollowUp.CONTRACT}),
        (B, AsnStatus.PPPK, REWARDS | {FollowUp.CONTRACT}),
        (BP, AsnStatus.PPPK_PART_TIME, COACHING | {FollowUp.CONTRACT, FollowUp.FULL_TIME}),
        (SK, AsnStatus.CPNS, COACHING),
    ],
)
def test_a_predikat_recommends_what_the_table_names(predikat, status, kinds):
    found = recommendations(predikat, status)
    assert {one.kind for one in found} == kinds
    assert len(found) == len(kinds)
    assert all(one.citation.verified for one in found)


def test_the_improvement_chain_cites_the_government_regulation():
    (chain,) = [one for one in recommendations(K, AsnStatus.PNS) if one.kind is FollowUp.IMPROVEMENT]
    assert str(chain.citation) == "PP 30/2019 Pasal 57-58"


@pytest.mark.parametrize(("predikat", "due"), [(SB, False), (B, False), (BP, True), (K, True), (SK, True)])
def test_coaching_is_due_below_baik(predikat, due):
    assert follow_up.coaching_due(predikat) is due


@pytest.mark.parametrize(
    ("years", "is_open", "reason"),
    [
        ({2024: B, 2025: SB}, True, "Predikat kinerja dua tahun terakhir paling rendah Baik."),
        ({2023: SK, 2024: B, 2025: B}, True, "Predikat kinerja dua tahun terakhir paling rendah Baik."),
        ({2024: BP, 2025: SB}, False, "Predikat kinerja tahun 2024 di bawah Baik."),
        ({2024: K, 2025: SK}, False, "Predikat kinerja tahun 2024, 2025 di bawah Baik."),
        ({2025: SB}, False, "Belum ada predikat kinerja tahun 2024."),
        ({}, False, "Belum ada predikat kinerja tahun 2024, 2025."),
    ],
)
def test_a_regular_promotion_needs_baik_in_the_last_two_years(years, is_open, reason):
    gate = regular_promotion(years, 2026)
    assert (gate.open, str(gate.reason)) == (is_open, reason)


NINE = {
    (Rating.ABOVE, Potential.LOW): 4,
    (Rating.ABOVE, Potential.MEDIUM): 7,
    (Rating.ABOVE, Potential.HIGH): 9,
    (Rating.EXPECTED, Potential.LOW): 2,
    (Rating.EXPECTED, Potential.MEDIUM): 5,
    (Rating.EXPECTED, Potential.HIGH): 8,
    (Rating.BELOW, Potential.LOW): 1,
    (Rating.BELOW, Potential.MEDIUM): 3,
    (Rating.BELOW, Potential.HIGH): 6,
}


@pytest.mark.parametrize(("axes", "number"), NINE.items(), ids=str)
def test_performance_and_potential_give_the_box(axes, number):
    found = talent.box(*axes)
    assert (found.number, found.succession) == (number, number in {7, 8, 9})
    assert found.actions


def test_the_actions_of_a_box_are_not_said_to_be_seen():
    box = talent.box(Rating.ABOVE, Potential.HIGH)
    assert [str(action) for action in box.actions] == [
        "Dipromosikan dan dipertahankan",
        "Masuk kelompok rencana suksesi",
        "Penghargaan",
    ]
    assert not box.citation.verified


def test_every_box_of_the_succession_group_says_so():
    assert {box.number for box in talent.BOXES if "suksesi" in " ".join(map(str, box.actions))} == {7, 8, 9}


@pytest.mark.parametrize(("predikat", "number"), [(SB, 9), (B, 8), (BP, 6), (K, 6), (SK, 6)])
def test_the_predikat_of_the_year_is_the_performance_axis(predikat, number):
    assert talent.box_of(predikat, Potential.HIGH).number == number


def test_the_defaults_of_the_policy_stand():
    policy = Policy()
    assert (policy.objection_days, policy.feedback_threshold, policy.tiny_unit) == (14, 3, 3)
    assert policy.anonymous_relations == {FeedbackRelation.PEER, FeedbackRelation.SUBORDINATE}


def test_a_government_sets_what_the_law_leaves_open():
    policy = Policy(rounding=ROUND_DOWN, required_aspects=frozenset({Aspect.KUALITAS}), min_indicators=2)
    assert (policy.rounding, policy.min_indicators) == (ROUND_DOWN, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"anonymous_relations": frozenset({FeedbackRelation.SUPERIOR})},
        {"anonymous_relations": frozenset({FeedbackRelation.PEER, FeedbackRelation.SELF})},
        {"feedback_threshold": 1},
        {"min_indicators": 0},
        {"objection_days": 0},
        {"plan_days": 32},
        {"quiet_from": 24},
        {"copied_percent": 0},
        {"unit_head_ratings": {OrgResult.BAIK: Rating.EXPECTED}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_policy_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValueError, match="policy: "):
        Policy(**wrong)


def test_a_citation_reads_as_regulation_and_place():
    assert str(Citation("PP 30/2019", "Pasal 59")) == "PP 30/2019 Pasal 59"
    assert [Citation("X", mark=mark).verified for mark in Mark] == [True, False, False]
    assert str(LOCAL_POLICY) == "Kebijakan pengelolaan kinerja pemerintah daerah"
