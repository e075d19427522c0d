"""Numbers about background jobs for `/metrics`."""

import datetime

from django.db.models import Count
from django.utils import timezone

from kepegawaian.work.models import Job, JobState

OPEN = (JobState.WAITING, JobState.RUNNING)


def jobs_by_state() -> dict[str, float | int]:
    """What waits and runs, and what failed in the last week."""
    since = timezone.now() - datetime.timedelta(days=7)
    open_jobs = Job.objects.filter(state__in=OPEN).order_by().values_list("state").annotate(Count("id"))
    failed = Job.objects.filter(state=JobState.FAILED, finished_at__gte=since).count()
    return {"waiting": 0, "running": 0, **dict(open_jobs), "failed": failed}
