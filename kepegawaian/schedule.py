"""Every periodic job, in one list, sorted by task. Beat reads it; a test checks that each is a registered task.

Beat may run on several hosts and a worker may be late, so every one of these tasks is safe to run twice, at the
same time too, and forgotten runs are not caught up on: each looks at the rows, not at the clock.
"""

from dataclasses import dataclass
from typing import Any

from celery.schedules import crontab, schedule

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Periodic:
    """`expires`: seconds after which a run that no worker took is dropped, so that none pile up."""

    task: str
    when: schedule | crontab
    why: str
    expires: int


JOBS = [
    Periodic("accounts.forget", crontab(hour="2", minute="50"), "forget ended sessions and dead codes", 6 * HOUR),
    Periodic("audit.seal", crontab(minute="*/5"), "seal new events of the trail", 4 * MINUTE),
    Periodic("documents.remove_orphans", crontab(hour="3", minute="30"), "delete files of no row", 6 * HOUR),
    Periodic(
        "employees.refresh_current",
        crontab(hour="0-2", minute="5,35"),
        "ranks and posts that begin today",
        25 * MINUTE,
    ),
    Periodic(
        "evaluations.follow_records",
        crontab(hour="0-2", minute="15,45"),
        "joiners, transfers, assessors",
        25 * MINUTE,
    ),
    Periodic("evaluations.open_periods", crontab(minute="5"), "evaluations of periods that are over", 50 * MINUTE),
    Periodic(
        "evaluations.publish_feedback", crontab(minute="35"), "anonymous feedback of closed periods", 50 * MINUTE
    ),
    Periodic(
        "evaluations.remind", crontab(minute="20,50"), "deadlines of performance, by their calendar", 25 * MINUTE
    ),
    Periodic("feedback.forget", crontab(minute="25"), "forget counters against abuse", 50 * MINUTE),
    Periodic(
        "feedback.forum_digests", crontab(hour="5-8", minute="30"), "yesterday's news of forums", 50 * MINUTE
    ),
    Periodic("feedback.recount", crontab(hour="1", minute="20"), "deadlines after a change of holidays", 6 * HOUR),
    Periodic("feedback.refresh_statistics", crontab(minute="40"), "compute the published statistics", 50 * MINUTE),
    Periodic("feedback.send_mail", schedule(30), "mails to reporters without an account", 25),
    Periodic(
        "feedback.tick",
        crontab(hour="6-18", minute="10"),
        "remind of, escalate and close cases whose date has come",
        50 * MINUTE,
    ),
    Periodic(
        "feedback.whistle_notices",
        crontab(hour="7-9", minute="5", day_of_week="mon-fri"),
        "say that something waits in the protected channel",
        50 * MINUTE,
    ),
    Periodic("leave.close_year", crontab(hour="0", minute="10"), "close the leave year that ended", 6 * HOUR),
    Periodic("leave.credit_duties", crontab(hour="0", minute="40"), "credit cuti bersama days worked", 6 * HOUR),
    Periodic("leave.follow_holders", crontab(hour="0", minute="20"), "move steps to today's officers", 6 * HOUR),
    Periodic("lib.clear_sessions", crontab(hour="2", minute="40"), "remove sessions that have expired", 6 * HOUR),
    Periodic("lib.heartbeat", schedule(30), "show that beat and a worker are alive", 25),
    Periodic("notifications.send_digests", crontab(minute="*/10"), "send daily summaries when due", 9 * MINUTE),
    Periodic("notifications.sweep", schedule(MINUTE), "queue again what the broker or a worker lost", 50),
    Periodic(
        "units.apply_due", crontab(hour="0-2", minute="2,32"), "names and parents that begin today", 25 * MINUTE
    ),
    Periodic("work.purge_idempotency", crontab(hour="3", minute="10"), "forget old answers to POSTs", 6 * HOUR),
    Periodic(
        "work.remind",
        crontab(hour="7-17", minute="15"),
        "remind holders of items whose date has come",
        50 * MINUTE,
    ),
    Periodic("work.sweep_jobs", schedule(MINUTE), "resume jobs whose worker died", 50),
]

SCHEDULE: dict[str, dict[str, Any]] = {
    job.task: {"task": job.task, "schedule": job.when, "options": {"expires": job.expires}} for job in JOBS
}
