"""Files between two steps of a form: kept without an owner, bound to the form's key, forgotten after a day."""

import copy
import datetime
import uuid
from collections.abc import Iterable, Sequence

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
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


def add(rows: Sequence[StoredFile], upload: UploadedFile) -> list[StoredFile]:
    """Those kept before and one more. Raises RuleRefused where it is one too many or not accepted."""
    if len(rows) >= MAX_FILES:
        raise refuse(_("Paling banyak %(limit)d berkas.") % {"limit": MAX_FILES}, field="files", rule="files")
    subject = (SUBJECT, uuid.uuid4())
    return [*rows, store_file(upload=upload, subject=subject, actor=None, max_mb=MAX_FILE_MB, scrub=True)]


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


def named(rows: Iterable[StoredFile], *, nameless: bool) -> tuple[StoredFile, ...]:
    """For the verb that makes them files of a case. `nameless`: a file's name may say who made it."""
    found = []
    for number, row in enumerate(rows, start=1):
        given = copy.copy(row)
        if nameless:
            given.name = f"lampiran-{number}"
        found.append(given)
    return tuple(found)


def forget_staged(now: datetime.datetime | None = None) -> int:
    """Delete what was uploaded a day ago and never sent; how many there were. What becomes a file of a case at
    that moment stays."""
    oldest = (now or timezone.now()) - KEPT_FOR
    with transaction.atomic():
        old = StoredFile.objects.filter(subject_type=SUBJECT, uploaded_at__lt=oldest)
        rows = list(old.select_for_update(skip_locked=True)[:1000])
        for row in rows:
            row.file.delete(save=False)
            row.delete()
    return len(rows)


def _salt(key: str) -> str:
    return f"feedback.staged:{key}"
