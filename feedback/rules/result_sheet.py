"""The sheet of results of a forum: its columns, reading a CSV file, and what a cell means. No database."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, override

from feedback.enums import Progress
from kepegawaian.work import cells
from kepegawaian.work.cells import text_of, without_guard, words
from kepegawaian.work.reading import Cell, UnreadableSheet, csv_rows

Text = str | Promise
MOST_BYTES, MOST_ROWS = 256 * 1024, 200
CODE, TITLE, EXPLANATION, OWNER, DUE = "KODE", "JUDUL", "PENJELASAN", "PENANGGUNG JAWAB", "PALING LAMBAT"
PARENT, PROPOSALS, STATE, PERCENT, NEWS = "BAGIAN DARI", "USULAN", "KEADAAN", "KEMAJUAN", "KABAR"
COLUMNS = (CODE, TITLE, EXPLANATION, OWNER, DUE, PARENT, PROPOSALS, STATE, PERCENT, NEWS)
LENGTHS = {TITLE: 150, EXPLANATION: 4000, NEWS: 2000}
_KEPT_LINES = frozenset({EXPLANATION, NEWS})
EARLIEST = 2000
"""Years before it are slips of the pen."""


class WrongCell(Exception):
    """Why a cell gives no value."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Issue:
    column: str
    message: Text


@dataclass
class Row:
    """`number` counts as a spreadsheet does, headings in row 1. `cells` has the columns that the file has."""

    number: int
    cells: Mapping[str, str]
    issues: list[Issue] = field(default_factory=list)

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    def text(self, column: str) -> str:
        return self.cells.get(column, "")


# --- The file -------------------------------------------------------------------------------------
def read_table(content: bytes) -> list[Row]:
    """Rows below the headings, empty ones left out. Raises UnreadableSheet."""
    if len(content) > MOST_BYTES:
        raise UnreadableSheet(gettext_noop("Berkas paling besar 256 KB."))
    if b"\x00" in content:
        broken = gettext_noop("Ini bukan berkas CSV. Simpan lembarnya sebagai CSV, lalu unggah lagi.")
        raise UnreadableSheet(broken)
    lines = list(csv_rows(content))
    headings = _headings(lines[0].cells if lines else ())
    rows = []
    for line in lines[1:]:
        there = [(name, place) for name, place in headings.items() if place < len(line.cells)]
        texts = {name: _text(line.cells[place], name) for name, place in there}
        if any(texts.values()):
            rows.append(Row(line.number, {name: texts.get(name, "") for name in headings}))
    if not rows:
        raise UnreadableSheet(gettext_noop("Tidak ada baris data di bawah judul kolom."))
    if len(rows) > MOST_ROWS:
        raise UnreadableSheet(gettext_noop("Paling banyak 200 baris sekali impor."))
    return rows


def _headings(cells: Sequence[Cell]) -> dict[str, int]:
    """Column -> its place. Case, blanks and underscores do not matter, nor the order."""
    known = {words(name): name for name in COLUMNS}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = known.get(words(text_of(cell)))
        if name in found:
            raise UnreadableSheet(gettext_noop("Kolom %(name)s ada dua kali."), name=name)
        if name is not None:
            found[name] = place
    if TITLE not in found:
        raise UnreadableSheet(gettext_noop("Baris pertama harus memuat judul kolom, paling sedikit JUDUL."))
    return found


def _text(cell: Cell, name: str) -> str:
    """One line where the column is one; what stands for "nothing" is nothing there."""
    if name not in _KEPT_LINES:
        return text_of(cell)
    return "\n".join(without_guard(str(cell)).splitlines()).strip()


def same_title(text: str) -> str:
    """How titles are compared: "Jalan  Melati" is "jalan melati"."""
    return " ".join(text.split()).casefold()


# --- Cells ----------------------------------------------------------------------------------------
def day(text: str) -> datetime.date | None:
    found = cells.date(text)
    if isinstance(found, cells.Wrong) or (found is not None and found.year < EARLIEST):
        raise WrongCell(_("Bukan tanggal. Tulis seperti 31-12-2026."))
    return found


def numbers(text: str) -> list[int]:
    """The numbers of proposals: "3, 7 dan 12" is [3, 7, 12]."""
    parts = [part for part in re.split(r"[\s,;.&/]+|dan", text) if part]
    if not all(part.isascii() and part.isdigit() and len(part) < 8 for part in parts):
        raise WrongCell(_("Tulis nomor usulan, dipisah koma."))
    return sorted({int(part) for part in parts})


def percent(text: str) -> int | None:
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,3})(?:[.,]0+)? ?%?", text)
    if match is None or int(match[1]) > 100:
        raise WrongCell(_("Kemajuan dari 0 sampai 100 persen."))
    return int(match[1])


def state(text: str) -> Progress | None:
    """By its code or by its name in either language."""
    if not text:
        return None
    names: dict[str, Progress] = {each.value: each for each in Progress}
    for language in ("id", "en"):
        with override(language):
            names |= {str(each.label).casefold(): each for each in Progress}
    found = names.get(text.casefold())
    if found is None:
        raise WrongCell(_("Keadaan tidak dikenal. Tulis Direncanakan, Berjalan, Selesai, atau Tidak dilanjutkan."))
    return found


def progress(was: Progress, at: int, said: Progress | None, share: int | None) -> tuple[Progress, int]:
    """State and percent together, where the sheet may say only one: done is 100 percent, and the reverse."""
    if share is None:
        share = 100 if said is Progress.DONE else at
    if said is None:
        moved = Progress.RUNNING if was is not Progress.DROPPED and share != at else was
        said = Progress.DONE if share == 100 else Progress.RUNNING if was is Progress.DONE else moved
    return said, share


def twins(rows: Iterable[Row]) -> dict[int, int]:
    """Row -> an earlier row of the same code or title."""
    seen: dict[str, int] = {}
    found: dict[int, int] = {}
    for row in rows:
        keys = [f"c{row.text(CODE).lower()}"] if row.text(CODE) else []
        keys += [f"t{same_title(row.text(TITLE))}"] if row.text(TITLE) else []
        for key in keys:
            if key in seen:
                found[row.number] = seen[key]
            seen.setdefault(key, row.number)
    return found
