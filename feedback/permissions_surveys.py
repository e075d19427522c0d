"""Who keeps surveys: MANAGE_SURVEYS over the unit, or MANAGE_STAFF_SURVEYS for those that ask the staff.
Everybody reads what is published, nobody who answered."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.enums import SurveyKind
from feedback.models import FollowUpPlan, Service, Survey
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import Unit, covers, has_right

NOT_KEEPER = Denied(_("Hanya pengelola survei unit ini yang boleh melakukannya."))


NOT_CITIZENS = Denied(_("Anda mengelola survei pegawai saja; survei masyarakat dikelola pengelola pengaduan."))


def kinds_of(user: Any) -> list[SurveyKind]:
    """What this person may ask somewhere."""
    if has_right(user, Right.MANAGE_SURVEYS):
        return list(SurveyKind)
    return [SurveyKind.STAFF] if has_right(user, Right.MANAGE_STAFF_SURVEYS) else []


def can_keep_in(user: Any, unit: Unit, kind: str) -> Answer:
    if covers(user, Right.MANAGE_SURVEYS, unit.path):
        return ALLOWED
    if not covers(user, Right.MANAGE_STAFF_SURVEYS, unit.path):
        return NOT_KEEPER
    return ALLOWED if kind == SurveyKind.STAFF else NOT_CITIZENS


def can_keep(user: Any, survey: Survey) -> Answer:
    return can_keep_in(user, survey.unit, survey.kind)


def can_report(user: Any, plan: FollowUpPlan) -> Answer:
    """The owner of a plan says how far it is, and so do the keepers of its survey."""
    if plan.owner_id == user.pk:
        return ALLOWED
    return can_keep(user, plan.survey)


def services_of(user: Any) -> QuerySet[Service]:
    """What this person may ask citizens about."""
    units = Unit.objects.in_scope(user, Right.MANAGE_SURVEYS)
    return Service.objects.active().filter(unit__in=units)
