"""The sheet of results of a forum: its columns, reading a CSV file, and what a cell means. No database."""

import contextlib
import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from feedback.enums import Progress

Text = str | Promise
MOST_BYTES, MOST_ROWS = 256 * 1024, 200
CODE, TITLE, EXPLANATION, OWNER, DUE = "KODE", "JUDUL", "PENJELASAN", "PENANGGUNG JAWAB", "PALING LAMBAT"
PARENT, PROPOSALS, STATE, PERCENT, NEWS = "BAGIAN DARI", "USULAN", "KEADAAN", "KEMAJUAN", "KABAR"
COLUMNS = (CODE, TITLE, EXPLANATION, OWNER, DUE, PARENT, PROPOSALS, STATE, PERCENT, NEWS)
LENGTHS = {TITLE: 150, EXPLANATION: 4000, NEWS: 2000}
_KEPT_LINES = frozenset({EXPLANATION, NEWS})
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n")
_DATE = re.compile(r"(?:(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<d2>\d\d?)[-/.](?P<m2>\d\d?)[-/.](?P<y2>\d{4}))")


class UnreadableTable(Exception):
    """The file as a whole; `message` is for who sent it."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


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
    """Rows below the headings, empty ones left out. Raises UnreadableTable."""
    if len(content) > MOST_BYTES:
        raise UnreadableTable(_("Berkas paling besar 256 KB."))
    lines = _lines(decoded(content))
    headings = _headings(lines)
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        texts = {name: _cell(cells[place], name) for name, place in headings.items() if place < len(cells)}
        if any(texts.values()):
            rows.append(Row(number, {name: texts.get(name, "") for name in headings}))
    if not rows:
        raise UnreadableTable(_("Tidak ada baris data di bawah judul kolom."))
    if len(rows) > MOST_ROWS:
        raise UnreadableTable(_("Paling banyak 200 baris sekali impor."))
    return rows


def decoded(content: bytes) -> str:
    """UTF-8, or what spreadsheets on Windows write; line ends as one."""
    if b"\x00" in content:
        raise UnreadableTable(_("Ini bukan berkas CSV. Simpan lembarnya sebagai CSV, lalu unggah lagi."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableTable(
            _("Tanda kutip dalam berkas ini tidak lengkap. Simpan ulang sebagai CSV.")
        ) from error


def _headings(lines: list[list[str]]) -> dict[str, int]:
    """Column -> its place. Case, blanks and underscores do not matter, nor the order."""
    known = {_words(name): name for name in COLUMNS}
    found: dict[str, int] = {}
    for place, cell in enumerate(lines[0] if lines else []):
        name = known.get(_words(cell))
        if name in found:
            raise UnreadableTable(_("Kolom %(name)s ada dua kali.") % {"name": name})
        if name is not None:
            found[name] = place
    if TITLE not in found:
        raise UnreadableTable(_("Baris pertama harus memuat judul kolom, paling sedikit JUDUL."))
    return found


def _cell(text: str, name: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from computing; one line where the column is one."""
    text = text.replace("\x0b", " ").strip()
    if text[:1] == "'" and (text[1:2].isdigit() or text[1:].startswith(_GUARDED)):
        text = text[1:].strip()
    return text if name in _KEPT_LINES else " ".join(text.split())


def _words(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def same_title(text: str) -> str:
    """How titles are compared: "Jalan  Melati" is "jalan melati"."""
    return " ".join(text.split()).casefold()


# --- Cells ----------------------------------------------------------------------------------------
def day(text: str) -> datetime.date | None:
    if not text:
        return None
    match = _DATE.fullmatch(text)
    if match:
        year, month, date = (int(match[name] or match[f"{name}2"]) for name in "ymd")
        with contextlib.suppress(ValueError):
            found = datetime.date(year, month, date)
            if 2000 <= year <= 2100:
                return found
    raise WrongCell(_("Bukan tanggal. Tulis seperti 31-12-2026."))


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
