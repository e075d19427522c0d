"""Portal Kepegawaian: the project and the core that every feature stands on."""

from kepegawaian.celery import app as celery_app

__all__ = ["celery_app"]
