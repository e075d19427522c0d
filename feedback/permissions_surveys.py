"""Who keeps surveys: MANAGE_SURVEYS over the unit. Everybody reads what is published, nobody who answered."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.models import FollowUpPlan, Survey
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import Unit, covers, has_right

NOT_KEEPER = Denied(_("Hanya pengelola survei unit ini yang boleh melakukannya."))


def may_keep_any(user: Any) -> bool:
    return has_right(user, Right.MANAGE_SURVEYS)


def can_keep_in(user: Any, unit: Unit) -> Answer:
    return ALLOWED if covers(user, Right.MANAGE_SURVEYS, unit.path) else NOT_KEEPER


def can_keep(user: Any, survey: Survey) -> Answer:
    return can_keep_in(user, survey.unit)


def can_report(user: Any, plan: FollowUpPlan) -> Answer:
    """The owner of a plan says how far it is, and so do the keepers of its survey."""
    if plan.owner_id == user.pk:
        return ALLOWED
    return can_keep(user, plan.survey)


def units_of(user: Any) -> QuerySet[Unit]:
    """Whose surveys this person keeps."""
    found: QuerySet[Unit] = Unit.objects.in_scope(user, Right.MANAGE_SURVEYS)
    return found
