"""The staff list as a sheet: exactly the people the filters give, least data, nothing that a spreadsheet runs."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from django.http import QueryDict
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from kepegawaian.audit.services import record
from kepegawaian.documents.services import store_content
from kepegawaian.employees import permissions
from kepegawaian.employees.enums import AsnStatus, LegalState, PositionKind
from kepegawaian.employees.filters import PeopleFilter
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.employees.services.guards import require
from kepegawaian.lib.dates import today
from kepegawaian.work.jobs import JobRun, enqueue
from kepegawaian.work.models import Job

JOB = SUBJECT = "employees.export"
AT_ONCE = 1000
"""Up to so many rows the answer is the sheet itself; more are written by a worker."""
CHUNK = 2000
CSV, XLSX = "csv", "xlsx"
MIMES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def _label(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


# In every language the headings that the import knows, so that a sheet may come back.
COLUMNS: list[tuple[str, Callable[[Employee], str]]] = [
    ("NIP BARU", lambda person: person.current_nip),
    ("NAMA", lambda person: person.name),
    ("GELAR DEPAN", lambda person: person.title_front),
    ("GELAR BELAKANG", lambda person: person.title_back),
    ("STATUS ASN", lambda person: _label(AsnStatus, person.status)),
    ("KEDUDUKAN HUKUM", lambda person: _label(LegalState, person.legal_state)),
    ("GOLONGAN", lambda person: person.current_golongan),
    ("JABATAN", lambda person: person.current_position),
    ("JENIS JABATAN", lambda person: _label(PositionKind, person.current_position_kind)),
    ("UNIT KERJA", lambda person: person.current_unit.name if person.current_unit else ""),
]


def harmless(text: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula, and before long numbers, which it
    would round to 15 digits (records reference section 1). The import takes the apostrophe off again."""
    return f"'{text}" if text.startswith(_RUNS) or (text.isdigit() and len(text) > 15) else text


def selection(query: str, user: Any) -> EmployeeQuerySet:
    """The people of the list at `?query`, for the person who asks for the sheet."""
    people = PeopleFilter(QueryDict(query), user=user).found().select_related("current_unit")
    fields = ("name", "title_front", "title_back", "status", "legal_state")
    mirrors = ("current_nip", "current_golongan", "current_position", "current_position_kind")
    return people.only(*fields, *mirrors, "current_unit__name")


def count_capped(query: str, user: Any) -> int:
    """How many rows, but never more than one above what is answered at once."""
    return selection(query, user).order_by()[: AT_ONCE + 1].count()


def _rows(people: Iterable[Employee]) -> Iterator[list[str]]:
    for person in people:
        yield [str(value(person)) for _heading, value in COLUMNS]


def write_csv(people: Iterable[Employee], target: BinaryIO) -> None:
    """UTF-8 with a byte order mark and semicolons: what a spreadsheet set to Indonesian opens by double click."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([heading for heading, _value in COLUMNS])
    writer.writerows([harmless(cell) for cell in row] for row in _rows(people))
    text.detach()


def write_xlsx(people: Iterable[Employee], target: BinaryIO) -> None:
    """Every cell is text by type, so nothing is computed and no digit is lost."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Pegawai"))
    sheet.append([heading for heading, _value in COLUMNS])
    for row in _rows(people):
        sheet.append([_text_cell(sheet, cell) for cell in row])
    book.save(target)


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type, cell.number_format = "s", "@"  # whatever openpyxl took it for
    if text.startswith(_RUNS):
        cell.quotePrefix = True
    return cell


WRITERS = {CSV: write_csv, XLSX: write_xlsx}


def file_name(kind: str) -> str:
    return f"pegawai-{today():%Y-%m-%d}.{kind}"


def export_now(*, query: str, kind: str, actor: Any) -> bytes:
    """The sheet itself, for lists up to `AT_ONCE` rows, with the reading in the trail."""
    require(permissions.can_export(actor))
    people = list(selection(query, actor)[: AT_ONCE + 1])
    target = io.BytesIO()
    WRITERS[kind](people, target)
    _note(actor, query, kind, len(people))
    return target.getvalue()


def export_later(*, query: str, kind: str, actor: Any) -> Job:
    """A worker writes the sheet; its page tells when it is there."""
    require(permissions.can_export(actor))
    return enqueue(JOB, owner=actor, arguments={"query": query, "kind": kind})


def run_export(run: JobRun) -> dict[str, Any]:
    """Write all rows through a temporary file, with the owner's rights at this moment."""
    owner, query, kind = run.job.owner, run.arguments["query"], run.arguments["kind"]
    require(permissions.can_export(owner))
    people = selection(query, owner)
    total = people.order_by().count()
    with tempfile.TemporaryFile() as target:
        WRITERS[kind](_watched(people.iterator(chunk_size=CHUNK), run, total), target)
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


def _watched(people: Iterable[Employee], run: JobRun, total: int) -> Iterator[Employee]:
    for number, person in enumerate(people, start=1):
        if number % CHUNK == 0:
            run.progress(number, total, _("Menulis baris"))
        yield person


def _note(actor: Any, query: str, kind: str, rows: int) -> None:
    data = {"filters": dict(QueryDict(query).items()), "kind": kind, "rows": rows}
    record("employees.exported", ("employees.employee", "list"), actor=actor, data=data)


def may_download(user: Any, job_id: Any) -> bool:
    """Only who asked for the sheet gets it."""
    return Job.objects.filter(pk=job_id, owner=user, kind=JOB).exists()
