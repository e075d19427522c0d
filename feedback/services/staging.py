"""Files between two steps of a form: kept without an owner, bound to the form's key, forgotten after a day."""

import datetime
import uuid
from collections.abc import Iterable

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.services.cases.filing import MAX_FILE_MB, MAX_FILES
from feedback.services.cases.guards import refuse
from kepegawaian.documents.models import StoredFile
from kepegawaian.documents.services import store_file

SUBJECT = "feedback.staged"
"""Without a file guard, so nobody can read one by its address."""
KEPT_FOR = datetime.timedelta(days=1)


def stage(uploads: Iterable[UploadedFile], *, key: str, kept: str = "") -> str:
    """Keep more files for the form `key` besides those of the token `kept`; the token of them all.

    Raises RuleRefused for a file that is not accepted; those before it stay.
    """
    rows, uploads = staged(kept, key=key), list(uploads)
    if len(rows) + len(uploads) > MAX_FILES:
        raise refuse(_("Paling banyak %(limit)d berkas.") % {"limit": MAX_FILES}, field="files", rule="files")
    with transaction.atomic():
        rows += [
            store_file(upload=upload, subject=(SUBJECT, uuid.uuid4()), actor=None, max_mb=MAX_FILE_MB, scrub=True)
            for upload in uploads
        ]
    return token_of(rows, key=key)


def token_of(rows: Iterable[StoredFile], *, key: str) -> str:
    keys = [str(row.pk) for row in rows]
    return signing.dumps(keys, salt=_salt(key)) if keys else ""


def staged(token: str, *, key: str) -> list[StoredFile]:
    """The files of a token in their order; none for a token of another form, or one that is too old."""
    if not token:
        return []
    try:
        keys = signing.loads(token, salt=_salt(key), max_age=KEPT_FOR)
    except signing.BadSignature:
        return []
    found = {str(row.pk): row for row in StoredFile.objects.filter(subject_type=SUBJECT, pk__in=keys)}
    return [found[name] for name in keys if name in found]


def without(token: str, dropped: Iterable[str], *, key: str) -> str:
    """The token without the files that somebody took out again."""
    gone = set(dropped)
    return token_of([row for row in staged(token, key=key) if str(row.pk) not in gone], key=key)


def as_uploads(rows: Iterable[StoredFile], *, nameless: bool) -> tuple[UploadedFile, ...]:
    """For the verb that keeps them. `nameless`: a file's name may say who made it."""
    found = []
    for number, row in enumerate(rows, start=1):
        with row.file.open("rb") as opened:
            content = opened.read()
        name = f"lampiran-{number}" if nameless else row.name
        found.append(SimpleUploadedFile(name, content, row.mime))
    return tuple(found)


def forget_staged(now: datetime.datetime | None = None) -> int:
    """Delete what was uploaded a day ago and never sent, and what was sent since; how many there were."""
    oldest = (now or timezone.now()) - KEPT_FOR
    rows = list(StoredFile.objects.filter(subject_type=SUBJECT, uploaded_at__lt=oldest)[:1000])
    for row in rows:
        row.file.delete(save=False)
        row.delete()
    return len(rows)


def drop(rows: Iterable[StoredFile]) -> None:
    """They have become files of a case."""
    for row in rows:
        row.file.delete(save=False)
        row.delete()


def _salt(key: str) -> str:
    return f"feedback.staged:{key}"
