"""The settings of the government as the rules want them."""

import re

from evaluations.models import EvaluationSetting, current_setting
from evaluations.rules.policy import DEFAULT, Policy


def days_of(text: str) -> tuple[int, ...]:
    """ "14, 3" as numbers; what is no number is left out."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


def policy_of(setting: EvaluationSetting) -> Policy:
    """What the settings say, and the defaults of `rules.policy` for what they do not name."""
    return Policy(
        plan_days=max(setting.plan_days, 1),
        period_days=setting.period_days,
        year_days=setting.year_days,
        remind_before=days_of(setting.remind_before),
        remind_after=days_of(setting.remind_after),
        quiet_from=setting.quiet_from,
        quiet_to=setting.quiet_to,
        anonymous_relations=DEFAULT.anonymous_relations if setting.feedback_anonymous else frozenset(),
        feedback_threshold=setting.feedback_threshold,
        tiny_unit=setting.tiny_unit,
        objection_days=max(setting.objection_days, 1),
        decision_days=setting.objection_target_days,
        rounding="ROUND_DOWN" if setting.credit_down else DEFAULT.rounding,
    )


def current_policy() -> Policy:
    return policy_of(current_setting())
