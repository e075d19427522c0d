"""Long work in the background: claimed by one worker, seen while it runs, resumed by another when that one died.

    register_job("employees.import", run_import, label=_("Impor pegawai"))          # in apps.py, ready()
    job = enqueue("employees.import", owner=user, arguments={"batch": str(batch.pk)})
    return redirect("work:job", job.pk)

    def run_import(run: JobRun) -> dict[str, Any]:
        for number, chunk in enumerate(chunks, start=1):
            with transaction.atomic():
                ...                                   # one chunk
                run.save_cursor({"row": chunk.last})  # in the same transaction: done and remembered, or neither
            run.progress(number, len(chunks), _("Menulis"))
        return {"written": total}

The handler runs outside a transaction and opens its own, in its owner's language. After a crash it starts again
with the last cursor. An `ApplicationError` ends the job with that sentence; any other error with a code.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from kepegawaian.lib.queue import publish_on_commit
from kepegawaian.work.models import Job
from kepegawaian.work.running import JobKind, JobLost, JobRun, find_kind, register_job
from kepegawaian.work.tasks import run_job

__all__ = ["JobKind", "JobLost", "JobRun", "enqueue", "find_kind", "job_for", "register_job"]


def enqueue(kind: str, *, owner: Any, arguments: Mapping[str, Any]) -> Job:
    """Write the job down; a worker gets it once the surrounding transaction is committed, now or by the sweeper.

    Raises ImproperlyConfigured for a kind that nobody registered.
    """
    with transaction.atomic():
        job = job_for(kind, owner=owner, arguments=arguments)
        job.save(force_insert=True)
    return job


def job_for(kind: str, *, owner: Any, arguments: Mapping[str, Any]) -> Job:
    """`enqueue` for a verb that inserts the row itself, together with others, in this same transaction."""
    find_kind(kind)
    job = Job(kind=kind, owner=owner, arguments=dict(arguments), queued_at=timezone.now())
    publish_on_commit(run_job, str(job.pk))
    return job
