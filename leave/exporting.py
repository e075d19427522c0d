"""The list of requests as a sheet: what the filters give, written at once or by a worker, nothing that runs."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from kepegawaian.audit.services import record
from kepegawaian.documents.services import store_content
from kepegawaian.employees.exporting import AT_ONCE, CHUNK, CSV, MIMES, XLSX, harmless
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.work.jobs import JobRun, enqueue
from kepegawaian.work.models import Job
from leave import permissions, selectors
from leave.drawing import status_of
from leave.enums import LeaveType
from leave.filters import OfficeFilter
from leave.models import LeaveRequest

__all__ = ["AT_ONCE", "CSV", "MIMES", "XLSX", "count_capped", "export_later", "export_now", "file_name"]
JOB = SUBJECT = "leave.export"

COLUMNS: list[tuple[str | Promise, Callable[[LeaveRequest], Any]]] = [
    (gettext_lazy("NIP"), lambda filed: filed.employee.current_nip),
    (gettext_lazy("Nama"), lambda filed: filed.employee.full_name),
    (gettext_lazy("Jabatan"), lambda filed: filed.employee.current_position),
    (gettext_lazy("Unit"), lambda filed: str(filed.employee.current_unit or "")),
    (gettext_lazy("Jenis cuti"), lambda filed: str(LeaveType(filed.type).label)),
    (gettext_lazy("Mulai tanggal"), lambda filed: filed.start),
    (gettext_lazy("Sampai tanggal"), lambda filed: filed.end),
    (gettext_lazy("Hari kerja"), lambda filed: filed.charged_days),
    (gettext_lazy("Status"), lambda filed: str(status_of(filed).label)),
    (gettext_lazy("Diajukan"), lambda filed: filed.submitted_at.date() if filed.submitted_at else ""),
    (gettext_lazy("Diputus"), lambda filed: filed.decided_at.date() if filed.decided_at else ""),
]


def selection(query: str, user: Any) -> QuerySet[LeaveRequest]:
    """The requests of the list at `?query`, in the scope of who asks for the sheet."""
    asked = QueryDict(query)
    return OfficeFilter(asked).requests(selectors.team_requests(user), sort=asked.get("sort", "") or "")


def count_capped(query: str, user: Any) -> int:
    """How many rows, but never more than one above what is answered at once."""
    return selection(query, user).order_by()[: AT_ONCE + 1].count()


def file_name(kind: str) -> str:
    return f"cuti-{today():%Y-%m-%d}.{kind}"


def export_now(*, query: str, kind: str, actor: Any) -> bytes:
    """The sheet itself, for lists up to `AT_ONCE` rows, with the reading in the trail."""
    demand(permissions.can_oversee(actor))
    requests = list(selection(query, actor)[: AT_ONCE + 1])
    target = io.BytesIO()
    _WRITERS[kind](requests, target)
    _note(actor, query, kind, len(requests))
    return target.getvalue()


def export_later(*, query: str, kind: str, actor: Any) -> Job:
    """A worker writes the sheet; its page tells when it is there."""
    demand(permissions.can_oversee(actor))
    return enqueue(JOB, owner=actor, arguments={"query": query, "kind": kind})


def run_export(run: JobRun) -> dict[str, Any]:
    """Write all rows through a temporary file, with the owner's rights at this moment."""
    owner, query, kind = run.job.owner, run.arguments["query"], run.arguments["kind"]
    demand(permissions.can_oversee(owner))
    requests = selection(query, owner)
    total = requests.order_by().count()
    with tempfile.TemporaryFile() as target:
        _WRITERS[kind](_watched(requests.iterator(chunk_size=CHUNK), run, total), target)
        target.seek(0)
        stored = store_content(
            content=target.read(),
            name=file_name(kind),
            mime=MIMES[kind],
            subject=(SUBJECT, run.job.pk),
            actor=owner,
        )
    _note(owner, query, kind, total)
    return {"file": str(stored.pk), "rows": total}


def may_download(user: Any, job_id: Any) -> bool:
    """Only who asked for the sheet gets it."""
    return Job.objects.filter(pk=job_id, owner=user, kind=JOB).exists()


def _watched(requests: Iterable[LeaveRequest], run: JobRun, total: int) -> Iterator[LeaveRequest]:
    for number, request in enumerate(requests, start=1):
        if number % CHUNK == 0:
            run.progress(number, total, _("Menulis baris"))
        yield request


def _rows(requests: Iterable[LeaveRequest]) -> Iterator[list[Any]]:
    yield [str(heading) for heading, _value in COLUMNS]
    for request in requests:
        yield [value(request) for _heading, value in COLUMNS]


def _write_csv(requests: Iterable[LeaveRequest], target: BinaryIO) -> None:
    """UTF-8 with a byte order mark and semicolons: what a spreadsheet set to Indonesian opens by double click."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    for row in _rows(requests):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    text.detach()


def _write_xlsx(requests: Iterable[LeaveRequest], target: BinaryIO) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cuti"))
    sheet.freeze_panes = "A2"
    for row in _rows(requests):
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    book.save(target)


def _text(sheet: Any, text: str) -> Any:
    """Text by type, so that nothing is computed and no digit is lost; dates and days stay numbers."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.number_format = "s", "@"
    return cell


_WRITERS = {CSV: _write_csv, XLSX: _write_xlsx}


def _note(actor: Any, query: str, kind: str, rows: int) -> None:
    data = {"filters": dict(QueryDict(query).items()), "kind": kind, "rows": rows}
    record("leave.exported", ("leave.leaverequest", "list"), actor=actor, data=data)
