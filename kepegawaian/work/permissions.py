"""Who may look at a background job: its owner, and whom its kind names."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from kepegawaian.work.jobs import find_kind
from kepegawaian.work.models import Job


def can_see_job(user: Any, job: Job) -> bool:
    if job.owner_id == user.pk:
        return True
    try:
        kind = find_kind(job.kind)
    except ImproperlyConfigured:  # a job of a feature that is gone
        return False
    return kind.allowed is not None and kind.allowed(user, job)
