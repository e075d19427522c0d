"""Tasks of work; each takes an id and is safe to run twice."""

from celery import shared_task

from kepegawaian.lib.queue import publish
from kepegawaian.work import answers, reminders, running


@shared_task(name="work.purge_idempotency")
def purge_idempotency() -> None:
    """Forget answers to POSTs that no client will ask for again."""
    answers.purge()


@shared_task(name="work.remind")
def remind() -> None:
    """Remind the holders of items whose date has come."""
    reminders.remind()


@shared_task(name="work.run_job")
def run_job(job_id: str) -> None:
    """Run a background job, unless another worker has it."""
    running.run(job_id)


@shared_task(name="work.sweep_jobs")
def sweep_jobs() -> None:
    """Queue again the jobs that the broker lost or whose worker has died."""
    for job_id in running.take_lost():
        publish(run_job, job_id)
