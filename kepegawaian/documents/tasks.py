"""Tasks of documents."""

from celery import shared_task

from kepegawaian.documents import cleaning


@shared_task(name="documents.remove_orphans")
def remove_orphans() -> None:
    """Delete files whose transaction rolled back."""
    cleaning.remove_orphans()
