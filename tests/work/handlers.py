"""Job handlers for tests, also loaded by real workers (`--include tests.work.handlers`)."""

import time
import uuid

from django.db import transaction

from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.work.jobs import register_job
from kepegawaian.work.models import WorkItem

SLOW, QUICK, REFUSED, BROKEN = "test.slow", "test.quick", "test.refused", "test.broken"
STEPS = 8


def run_in_steps(run):
    """Writes one row a step, each with its cursor in one transaction; starts where the cursor is."""
    pause, steps = run.arguments.get("pause", 0), run.arguments.get("steps", STEPS)
    for step in range(run.cursor.get("done", 0), steps):
        with transaction.atomic():
            WorkItem.objects.create(
                kind="test.step", subject_type="work.job", subject_id=uuid.uuid4(), title=f"{step}", url="/"
            )
            run.save_cursor({"done": step + 1})
        run.progress(step + 1, steps, "Menulis")
        time.sleep(pause)
    return {"steps": steps}


def refuse(run):
    run.progress(3, 10, "Memeriksa")
    raise ApplicationError("Sheet ini kosong.")


def break_down(run):
    raise ValueError("198609262015052001")


register_job(SLOW, run_in_steps, label="Pekerjaan lambat", done_url=lambda job: "/hasil/", done_label="Buka")
register_job(QUICK, run_in_steps, label="Pekerjaan cepat", allowed=lambda user, job: user.name == "Pengawas")
register_job(REFUSED, refuse)
register_job(BROKEN, break_down)
