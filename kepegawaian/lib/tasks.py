"""Periodic chores that belong to no feature."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from kepegawaian.lib import health


@shared_task(name="lib.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions that have expired."""
    SessionStore.clear_expired()


@shared_task(name="lib.heartbeat")
def heartbeat() -> None:
    """Show that beat queues and a worker works."""
    health.beat()
