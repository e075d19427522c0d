"""The verbs of an import: start, confirm, cancel, retry, and the two jobs behind them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kepegawaian.accounts.models import User
from kepegawaian.audit.services import record
from kepegawaian.documents.files import XLSX, safe_name
from kepegawaian.documents.models import StoredFile
from kepegawaian.documents.services import store_content, store_file
from kepegawaian.employees.importing import permissions
from kepegawaian.employees.importing.reading import Progress, Stopped, local_copy, read
from kepegawaian.employees.importing.saving import Outdated, save
from kepegawaian.employees.models.imports import ImportBatch, ImportState
from kepegawaian.lib.access import Denied
from kepegawaian.lib.exceptions import PermissionRefused, Problem, RuleRefused, StateChanged
from kepegawaian.work import services as work
from kepegawaian.work.jobs import JobRun, enqueue
from kepegawaian.work.reading import UnreadableSheet

CSV = "text/csv"
READ_JOB, SAVE_JOB = "employees.import.read", "employees.import.save"
WAITING = "employees.import"
"""Kind of the work item: a preview that somebody must look at."""
CHANGED_MEANWHILE = gettext_noop("Data pegawai berubah sejak pratinjau dibuat. Periksa pratinjau yang baru ini.")


def start(*, upload: UploadedFile, actor: User, layout: str = "") -> ImportBatch:
    """Keep the file and queue its reading. `layout`: "" recognises it by the header.

    Raises RuleRefused for a file that is no XLSX or CSV or too large.
    """
    _require(permissions.can_import(actor))
    allowed = {kind.name: kind for kind in permissions.layouts_for(actor)}
    names = [layout] if layout in allowed else list(allowed)
    with transaction.atomic():
        batch = ImportBatch(name=(upload.name or "")[:150], right=allowed[names[0]].right, created_by=actor)
        batch.file = keep(upload, batch, actor)
        batch.save(force_insert=True)
        batch.job = enqueue(READ_JOB, owner=actor, arguments={"batch": str(batch.pk), "layouts": names})
        batch.save(update_fields=["job"])
        record("employees.import_started", batch, actor=actor, data={"file": batch.file.pk})
    return batch


def keep(upload: UploadedFile, batch: ImportBatch, actor: User | None) -> StoredFile:
    """An XLSX is told by its content; what is no archive is taken for CSV and read with care."""
    upload.seek(0)
    head = upload.read(4)
    upload.seek(0)
    if head.startswith(b"PK"):
        return store_file(upload=upload, subject=batch, actor=actor, allowed={XLSX}, max_mb=settings.MAX_IMPORT_MB)
    size = upload.size or 0
    if size > settings.MAX_IMPORT_MB * 1024 * 1024:
        raise _refused(_("Berkas paling besar %(limit)d MB.") % {"limit": settings.MAX_IMPORT_MB})
    content = upload.read()
    if not content.strip():
        raise _refused(_("Berkas kosong."))
    if head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        raise _refused(_("Jenis berkas ini tidak diterima. Yang diterima: %(kinds)s.") % {"kinds": "CSV, XLSX"})
    name = safe_name(upload.name or "", XLSX).removesuffix("xlsx") + "csv"
    return store_content(content=content, name=name, mime=CSV, subject=batch, actor=actor)


def _refused(message: str) -> RuleRefused:
    return RuleRefused([Problem(message, rule="file", field="file")])


@transaction.atomic
def confirm(*, batch: ImportBatch, actor: User) -> ImportBatch:
    """Queue the saving. The second of two who confirm is told that the first was faster."""
    batch = _locked(batch)
    answer = permissions.can_confirm(actor, batch)
    if answer is permissions.NOT_IN_PREVIEW:
        raise StateChanged(permissions.NOT_IN_PREVIEW.reason)
    _require(answer)
    batch.state, batch.confirmed_by, batch.confirmed_at = ImportState.SAVING, actor, timezone.now()
    batch.error = ""
    batch.job = enqueue(SAVE_JOB, owner=actor, arguments={"batch": str(batch.pk)})
    batch.save()
    work.close_item(kind=WAITING, subject=batch, by=actor)
    record("employees.import_confirmed", batch, actor=actor, data=batch.counts)
    return batch


@transaction.atomic
def cancel(*, batch: ImportBatch, actor: User) -> ImportBatch:
    """Nothing was saved and nothing will be: the rows read go, the file stays in the history."""
    batch = _locked(batch)
    answer = permissions.can_cancel(actor, batch)
    if answer is permissions.NOT_CANCELLABLE:
        raise StateChanged(permissions.NOT_CANCELLABLE.reason)
    _require(answer)
    batch.state = ImportState.CANCELLED
    batch.save(update_fields=["state"])
    batch.rows.all().delete()
    work.close_item(kind=WAITING, subject=batch, by=actor)
    record("employees.import_cancelled", batch, actor=actor)
    return batch


@transaction.atomic
def retry(*, batch: ImportBatch, actor: User) -> ImportBatch:
    """Start the job again that gave up; reading and saving both begin from nothing."""
    batch = _locked(batch)
    _require(permissions.can_retry(actor, batch))
    assert batch.job is not None
    batch.job = enqueue(batch.job.kind, owner=actor, arguments=batch.job.arguments)
    batch.save(update_fields=["job"])
    return batch


# --- The jobs -------------------------------------------------------------------------------------
def run_reading(run: JobRun) -> dict[str, Any]:
    batch = ImportBatch.objects.select_related("file", "created_by").get(pk=run.arguments["batch"])
    if batch.state == ImportState.READING and batch.file is not None:
        with local_copy(batch.file) as path:
            show(batch, path, names=run.arguments["layouts"], progress=run.progress)
    return {"batch": str(batch.pk)}


def run_saving(run: JobRun) -> dict[str, Any]:
    """Safe to repeat: a saving that was killed has written nothing, one that ended is not begun again."""
    batch = ImportBatch.objects.select_related("file").get(pk=run.arguments["batch"])
    try:
        save(batch.pk, progress=run.progress)
    except Outdated:
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.READING)
        batch.state = ImportState.READING
        assert batch.file is not None
        with local_copy(batch.file) as path:
            show(batch, path, names=[batch.layout], progress=run.progress, notice=CHANGED_MEANWHILE)
    return {"batch": str(batch.pk)}


def show(batch: ImportBatch, path: Path, *, names: list[str], progress: Progress, notice: str = "") -> bool:
    """Read the file into a preview; False when it cannot be read (the batch says why) or was cancelled."""
    try:
        read(batch, path, names=names, progress=progress)
    except UnreadableSheet as error:
        details = {"error": error.params}
        ImportBatch.objects.filter(pk=batch.pk, state=ImportState.READING).update(
            state=ImportState.FAILED, error=error.message[:300], details=details
        )
        batch.rows.all().delete()
        batch.refresh_from_db()
        return False
    except Stopped:
        batch.rows.all().delete()
        return False
    return _ready(batch, notice)


@transaction.atomic
def _ready(batch: ImportBatch, notice: str) -> bool:
    """The preview is whole: let it wait for the person who uploaded the file."""
    current = _locked(batch)
    if current.state != ImportState.READING:
        batch.rows.all().delete()
        return False
    batch.state, batch.error = ImportState.PREVIEW, notice
    batch.save(update_fields=["state", "error", "layout", "right", "header", "details", "counts"])
    if batch.created_by is not None:
        work.open_item(
            kind=WAITING,
            subject=batch,
            holder=batch.created_by,
            title=_("Periksa pratinjau impor %(name)s") % {"name": batch.name},
            url=reverse("employee_imports:detail", args=[batch.pk]),
        )
    return True


def _locked(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _require(answer: Any) -> None:
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)
