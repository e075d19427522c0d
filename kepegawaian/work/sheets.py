"""A list as a spreadsheet: at once, or by a worker when it is long; scope asked again, nothing that runs, and the
reading in the trail. An app declares one `SheetExport` for each of its lists."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kepegawaian.audit.services import record
from kepegawaian.documents.services import register_file_guard, store_content
from kepegawaian.lib.access import Allowed, Denied
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.work.jobs import JobRun, enqueue, register_job
from kepegawaian.work.models import Job

AT_ONCE = 1000
"""Up to so many rows the answer is the sheet itself; more are written by a worker."""
CHUNK = 2000
CSV, XLSX = "csv", "xlsx"
MIMES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")

Column = tuple[str | Promise, Callable[[Any], Any]]
"""Heading, and what of a row stands below it."""


def harmless(text: str, *, uploaded: bool = False) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula, and before long numbers, which it
    would round to 15 digits (records reference section 1). The import takes the apostrophe off again; another
    system does not, so that numbers of what is `uploaded` there stay bare."""
    rounds = text.isdigit() and len(text) > 15 and not uploaded
    return f"'{text}" if text.startswith(RUNS) or rounds else text


def write_lines(
    lines: Iterable[Sequence[Any]], kind: str, target: BinaryIO, title: str, *, uploaded: bool = False
) -> None:
    """The first line is the header. A `str` stays text; dates and numbers stay what they are."""
    if kind == XLSX:
        from kepegawaian.work import xlsx

        xlsx.write(lines, target, title)
    else:
        _write_csv(lines, target, uploaded)


def _write_csv(lines: Iterable[Sequence[Any]], target: BinaryIO, uploaded: bool) -> None:
    """UTF-8 with a byte order mark and semicolons: what a spreadsheet set to Indonesian opens by double click."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    for line in lines:
        writer.writerow([harmless(cell, uploaded=uploaded) if isinstance(cell, str) else cell for cell in line])
    text.detach()


@dataclass(frozen=True)
class SheetExport:
    job: str
    """Kind of the job, and of the subject under which its file is kept: "leave.export"."""
    verb: str
    """What the audit trail calls it: "leave.exported"."""
    subject: str
    """What was read, in the trail: "leave.leaverequest"."""
    stem: str
    """The file is `<stem>-<date>.<kind>`."""
    title: str | Promise
    columns: Sequence[Column]
    selection: Callable[[str, Any], QuerySet[Any]]
    """The rows of the list at `?query`, in the scope of who asks for the sheet."""
    may: Callable[[Any], Allowed | Denied]
    keys: Callable[[str, Any], QuerySet[Any]] | None = None
    """`selection` without what only the sheet shows: for counting it, which would read that of everybody."""
    uploaded: bool = False
    """Made for another system, which takes the cells of the CSV as they are."""

    def register(self, label: str | Promise) -> None:
        """The job of long sheets, and who may fetch its file. Called from the app's `ready()`."""
        register_file_guard(self.job, self.may_download)
        done = gettext_lazy("Unduh berkasnya")
        register_job(self.job, self.run, label=label, done_url=_file_url, done_label=done)

    def count_capped(self, query: str, user: Any) -> int:
        """How many rows, but never more than one above what is answered at once."""
        rows = (self.keys or self.selection)(query, user)
        return rows.order_by()[: AT_ONCE + 1].count()

    def file_name(self, kind: str) -> str:
        return f"{self.stem}-{today():%Y-%m-%d}.{kind}"

    def write(self, rows: Iterable[Any], kind: str, target: BinaryIO) -> None:
        write_lines(self._lines(rows), kind, target, str(self.title), uploaded=self.uploaded)

    def _lines(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        yield [str(heading) for heading, _value in self.columns]
        for row in rows:
            yield [value(row) for _heading, value in self.columns]

    def now(self, *, query: str, kind: str, actor: Any) -> bytes:
        """The sheet itself, for lists up to `AT_ONCE` rows."""
        demand(self.may(actor))
        rows = list(self.selection(query, actor)[: AT_ONCE + 1])
        target = io.BytesIO()
        self.write(rows, kind, target)
        self._note(actor, query, kind, len(rows))
        return target.getvalue()

    def answer(self, *, query: str, kind: str, actor: Any) -> HttpResponse:
        """`now` as a download that no cache keeps."""
        response = HttpResponse(self.now(query=query, kind=kind, actor=actor), content_type=MIMES[kind])
        response["Content-Disposition"] = f'attachment; filename="{self.file_name(kind)}"'
        response["Cache-Control"] = "private, no-store"
        return response

    def later(self, *, query: str, kind: str, actor: Any) -> Job:
        """A worker writes the sheet; its page tells when it is there."""
        demand(self.may(actor))
        return enqueue(self.job, owner=actor, arguments={"query": query, "kind": kind})

    def run(self, run: JobRun) -> dict[str, Any]:
        """Write all rows through a temporary file, with the owner's rights at this moment.

        A run that died before the file was kept writes anew; one that died after it finds the file."""
        if "file" in run.cursor:
            return run.cursor
        owner, query, kind = run.job.owner, run.arguments["query"], run.arguments["kind"]
        demand(self.may(owner))
        rows = self.selection(query, owner)
        total = rows.order_by().count()
        with tempfile.TemporaryFile() as target:
            self.write(_watched(rows.iterator(chunk_size=CHUNK), run, total), kind, target)
            target.seek(0)
            content = target.read()
        name = self.file_name(kind)
        place = (self.job, run.job.pk)
        with transaction.atomic():
            stored = store_content(content=content, name=name, mime=MIMES[kind], subject=place, actor=owner)
            self._note(owner, query, kind, total)
            run.save_cursor({"file": str(stored.pk), "rows": total})
        return run.cursor

    def may_download(self, user: Any, job_id: Any) -> bool:
        """Only who asked for the sheet gets it."""
        return Job.objects.filter(pk=job_id, owner=user, kind=self.job).exists()

    def _note(self, actor: Any, query: str, kind: str, rows: int) -> None:
        data = {"filters": dict(QueryDict(query).items()), "kind": kind, "rows": rows}
        record(self.verb, (self.subject, "list"), actor=actor, data=data)


def _file_url(job: Job) -> str:
    return reverse("documents:file", args=[job.result["file"]])


def _watched(rows: Iterable[Any], run: JobRun, total: int) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        if number % CHUNK == 0:
            run.progress(number, total, _("Menulis baris"))
        yield row
