"""Files that no row names: left behind when the transaction that stored them rolled back."""

import datetime

import structlog
from django.core.files.storage import default_storage
from django.utils import timezone

from kepegawaian.documents.models import StoredFile

logger = structlog.get_logger("documents")
ROOT = "files"
GRACE = datetime.timedelta(days=1)
"""A file is younger than its row for as long as its transaction runs."""


def remove_orphans(now: datetime.datetime | None = None) -> int:
    """Delete files older than a day that belong to nothing; how many there were."""
    oldest = (now or timezone.now()) - GRACE
    removed = 0
    for year in _folders(ROOT):
        for month in _folders(f"{ROOT}/{year}"):
            removed += _remove_orphans_of(f"{ROOT}/{year}/{month}", oldest)
    if removed:
        logger.info("orphans removed", files=removed)
    return removed


def _remove_orphans_of(folder: str, oldest: datetime.datetime) -> int:
    names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    known = set(StoredFile.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True))
    orphans = [name for name in names - known if default_storage.get_modified_time(name) < oldest]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def _folders(path: str) -> list[str]:
    try:
        return sorted(default_storage.listdir(path)[0])
    except FileNotFoundError:
        return []  # nothing was stored yet
