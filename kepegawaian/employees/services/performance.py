"""The verb by which an app that evaluates performance leaves its result in the person's record."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from kepegawaian.audit.services import record
from kepegawaian.employees.models import Employee, PerformanceNote
from kepegawaian.employees.services.guards import lock


@transaction.atomic
def note_performance(
    *,
    employee: Employee,
    year: int,
    label: str,
    meaning: str,
    source: str,
    evaluation: uuid.UUID,
    actor: Any = None,
) -> PerformanceNote:
    """Write down the result of a year; the same one again changes nothing, another one supersedes it."""
    employee = lock(employee)
    standing = PerformanceNote.objects.filter(employee=employee, year=year, superseded_at=None).first()
    if standing is not None:
        if (standing.evaluation, standing.label, standing.meaning) == (evaluation, label, meaning):
            return standing
        PerformanceNote.objects.filter(pk=standing.pk).update(superseded_at=timezone.now())
    note = PerformanceNote.objects.create(
        employee=employee,
        year=year,
        label=label,
        meaning=meaning,
        source=source,
        evaluation=evaluation,
        recorded_by=actor,
    )
    data = {"year": year, "label": label, "from": standing.label if standing else "", "evaluation": evaluation}
    record("employees.performance_noted", employee, actor=actor, data=data)
    return note
