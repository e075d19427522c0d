"""Who is told about assessors, transfers and deadlines; the words are in templates/evaluations/email/."""

import datetime
from typing import Any

from django.urls import reverse

from evaluations.enums import AssessorSource
from evaluations.models import Participant
from evaluations.notifications.common import CATEGORY, performance_office
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right, roles_with
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.services import Letter, notify_together
from kepegawaian.units.models import RoleAssignment


class AssessorNew(Notification):
    """To who assesses the person from now on."""

    kind = "evaluations.assessor_new"
    category = CATEGORY


class AssessorLeft(Notification):
    """To who assessed the person until now."""

    kind = "evaluations.assessor_left"
    category = CATEGORY


class AssessorChanged(Notification):
    """To the person, and to HR where the person corrected it."""

    kind = "evaluations.assessor_changed"
    category = CATEGORY


class Transferred(Notification):
    """To the person: another post, another SKP."""

    kind = "evaluations.transferred"
    category = CATEGORY


class Reminder(Notification):
    """To who has a part to do until a deadline."""

    kind = "evaluations.reminder"
    category = CATEGORY


class TeamReminder(Notification):
    """To an assessor: one message, however many wait."""

    kind = "evaluations.reminder_team"
    category = CATEGORY


def tell_of_assessor(
    participant: Participant, before: Employee | None, *, source: AssessorSource, reason: str, by: Any
) -> None:
    now = participant.assessor
    facts = {
        "name": participant.employee.full_name,
        "year": participant.cycle.year,
        "before": before.full_name if before else "",
        "now": now.full_name if now else "",
        "reason": reason,
        "who": getattr(by, "name", ""),
    }
    key = f"{participant.pk}:{participant.version}"
    url = reverse("evaluations:assessor", args=[participant.pk])
    told = [participant.employee.user] if participant.employee.user_id != getattr(by, "pk", None) else []
    if source == AssessorSource.EMPLOYEE:
        told += managers_of(participant)
    people = [(AssessorNew, [now.user] if now else []), (AssessorLeft, [before.user] if before else [])]
    letters = [
        Letter(kind, recipients, key, facts, url) for kind, recipients in [*people, (AssessorChanged, told)]
    ]
    notify_together(letters)


def managers_of(participant: Participant) -> list[User | None]:
    """HR of the nearest unit above the person; the central office where no unit has its own."""
    rows = RoleAssignment.objects.in_force(today()).filter(
        role__in=roles_with(Right.MANAGE_PERFORMANCE), unit__isnull=False, user__is_active=True
    )
    near = [row for row in rows.select_related("user", "unit") if participant.path.startswith(row.unit.path)]
    nearest = max((row.unit.depth for row in near), default=0)
    return [row.user for row in near if row.unit.depth == nearest] or [*performance_office()]


def tell_of_transfer(participant: Participant, since: datetime.date) -> None:
    facts = {"year": participant.cycle.year, "position": participant.position, "since": since}
    key = f"{participant.pk}:{since}"
    url = reverse("evaluations:assessor", args=[participant.pk])
    notify_together([Letter(Transferred, [participant.employee.user], key, facts, url)])
