"""The Celery application. Periodic jobs are listed in `kepegawaian.schedule` alone."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_prerun

from kepegawaian.lib.logging import bind_task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepegawaian.settings.dev")

app = Celery("kepegawaian")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
task_prerun.connect(bind_task)


@setup_logging.connect
def _keep_our_logging(**kwargs: Any) -> None:
    """A listener here stops Celery from installing log handlers of its own: settings/logging.py has the say."""
