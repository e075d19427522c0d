"""Tasks of the trail."""

from celery import shared_task

from kepegawaian.audit import sealing


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal new events; a second worker doing the same does nothing."""
    sealing.seal()
