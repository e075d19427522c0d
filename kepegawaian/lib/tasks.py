"""Periodic chores that belong to no feature."""

from celery import shared_task

from kepegawaian.lib import health
from kepegawaian.lib.sessions import SessionStore


@shared_task(name="lib.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions that have expired."""
    SessionStore.clear_expired()


@shared_task(name="lib.heartbeat")
def heartbeat() -> None:
    """Show that beat queues and a worker works."""
    health.beat()
