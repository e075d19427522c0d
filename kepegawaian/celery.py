"""The Celery application. Periodic jobs are listed in `kepegawaian.schedule` alone."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kepegawaian.settings.dev")

app = Celery("kepegawaian")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
