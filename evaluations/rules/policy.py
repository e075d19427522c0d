"""What the law leaves open, or what only knowledge and practice name (marks K and ? of the performance
reference): every value is a setting of the government with the default written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from evaluations.enums import NAMED_RELATIONS, Aspect, FeedbackRelation, OrgResult, Rating


class VacantAssessor(StrEnum):
    """Who assesses when the assessor's post is vacant (reference 3, K)."""

    ACTING = "acting"
    """The Plt or Plh where there is one, else the next level up."""
    NEXT_LEVEL = "next_level"


def _unit_head_ratings() -> dict[OrgResult, Rating]:
    return {
        OrgResult.ISTIMEWA: Rating.ABOVE,
        OrgResult.BAIK: Rating.EXPECTED,
        OrgResult.BUTUH_PERBAIKAN: Rating.BELOW,
        OrgResult.KURANG: Rating.BELOW,
        OrgResult.SANGAT_KURANG: Rating.BELOW,
    }


@dataclass(frozen=True, slots=True)
class Policy:
    """Reference sections in brackets. Raises ValueError for values that contradict the law or each other."""

    # People [3]
    vacant_assessor: VacantAssessor = VacantAssessor.ACTING
    last_assessor_sets_year: bool = True
    """After a transfer the last assessor sets the year's result, weighing the earlier one [2, ?]."""

    # Plan [4]
    required_aspects: frozenset[Aspect] = frozenset()
    min_indicators: int = 1
    """Per planned result."""

    # Calendar [2]
    plan_days: int = 31
    """The day of January on which a plan is agreed at the latest."""
    period_days: int = 10
    """Days after a month or quarter for its evaluation; `year_days` for that of the year."""
    year_days: int = 10
    step_days: int = 5
    """Days between whose turn it is: the employee's part ends so long before the assessor's."""

    # Reminders, in days before and after a deadline; the day itself always counts as one
    remind_before: tuple[int, ...] = (14, 3)
    remind_after: tuple[int, ...] = (1, 7)
    quiet_from: int = 19
    quiet_to: int = 7
    """Hours, local time of the person's unit; equal ones for no quiet hours."""
    digest_from: int = 3
    """So many things that wait become one digest."""

    # Feedback [6]
    anonymous_relations: frozenset[FeedbackRelation] = frozenset(
        {FeedbackRelation.PEER, FeedbackRelation.SUBORDINATE}
    )
    feedback_threshold: int = 3
    """Fewest different givers of a group that is shown."""
    merge_small_groups: bool = True
    """Groups too small to be shown are shown together, without their relation, once they are enough."""

    # Suggestions [6, 7]
    behaviour_above_values: int = 4
    """Of the seven values, for "above" when none is below."""
    most_percent: int = 50
    """"Most" is more than so many percent."""
    unit_head_ratings: Mapping[OrgResult, Rating] = field(default_factory=_unit_head_ratings)

    # Texts [15]
    copied_percent: int = 80
    """Alike from here on."""

    # Distribution [9]
    tiny_unit: int = 3

    # Objection [10]
    objection_days: int = 14
    """Calendar days after the day of receipt: 14 by PP 30/2019 Pasal 59, how they are counted is K."""
    decision_days: int = 14

    # Credit points [11]
    rounding: str = ROUND_HALF_UP
    """A rounding mode of `decimal`."""
    printed_places: int = 2
    surplus_stays: bool = True
    """Points beyond what a rank needed stay within the *jenjang*."""
    education_percent: Decimal = Decimal(25)
    """Of what the next rank needs, for a new and higher degree."""

    # Coaching [12]
    improvement_months: int = 6
    temporary_post_months: int = 12

    def __post_init__(self) -> None:
        wrong = [
            name
            for name, fine in (
                ("anonymous_relations", not self.anonymous_relations & set(NAMED_RELATIONS)),
                ("feedback_threshold", self.feedback_threshold >= 2),
                ("min_indicators", self.min_indicators >= 1),
                ("plan_days", 1 <= self.plan_days <= 31),
                ("quiet_hours", 0 <= self.quiet_from <= 23 and 0 <= self.quiet_to <= 23),
                ("objection_days", self.objection_days >= 1),
                ("unit_head_ratings", set(self.unit_head_ratings) == set(OrgResult)),
                ("copied_percent", 0 < self.copied_percent <= 100),
            )
            if not fine
        ]
        if wrong:
            raise ValueError(f"policy: {', '.join(wrong)}")


DEFAULT = Policy()
