"""Streaming readers of XLSX and CSV. A sheet is never held in memory; rows keep the number the sheet gives them.

Formulas arrive as the text that was typed ("=A1+1"), never as a result: nothing from a sheet is computed.
"""

import codecs
import csv
import datetime
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

Cell = str | int | float | bool | datetime.date | None
Raw = tuple[int, Sequence[object]]

MAX_ROWS = 100_000
MAX_COLUMNS = 300
MAX_TEXT = 4_000
"""Characters of one cell."""
MAX_UNPACKED = 600 * 1024 * 1024
MAX_SIDE_PART = 120 * 1024 * 1024
"""Bytes of a part that has to be held in memory, such as the shared strings."""
MAX_RATIO = 250
MAX_PARTS = 2_000
_CHUNK = 1 << 20
_AT_ONCE = 500
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_SEPARATORS = ";,\t"
_BROKEN = (
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
    zlib.error,
)
"""What openpyxl and the parts below it raise on damaged files."""


class UnreadableSheet(Exception):
    """The file cannot be read at all: a text of the catalogue for the user, and what goes into it."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        text = gettext(self.message)
        return text % self.params if self.params else text


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`number` as the sheet counts it: the first line is 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`estimate`: about how many rows there are, for the progress bar; 0 when nobody knows."""

    rows: Iterator[SheetRow]
    estimate: int


HeaderTest = Callable[[Sequence[Cell]], bool]
HEADER_WITHIN = 10
"""Titles may stand above the header: it is looked for in this many lines."""


@contextmanager
def open_sheet(path: Path, is_header: HeaderTest) -> Iterator[Sheet]:
    """The rows of one sheet, empty ones left out. Raises UnreadableSheet, also while rows are read.

    A workbook may begin with a cover sheet: the first sheet with a line that `is_header` accepts is taken,
    and without any the first that holds anything.
    """
    with path.open("rb") as file:
        start = file.read(8)
        file.seek(0)
        if start.startswith(_OLE):
            raise UnreadableSheet(
                _("Berkas .xls lama atau yang berkata sandi tidak dapat dibaca. Simpan sebagai .xlsx tanpa sandi.")
            )
        if not start.strip():
            raise UnreadableSheet(_("Berkas ini kosong."))
        with _open_xlsx(file, is_header) if start.startswith(_ZIP) else _open_csv(path, file) as sheet:
            yield sheet


def _checked(rows: Iterator[Raw], longest: int | None = None) -> Iterator[SheetRow]:
    kept = 0
    for number, raw in rows:
        if number > MAX_ROWS * 2 or kept > MAX_ROWS:
            raise UnreadableSheet(
                _("Lembar ini lebih dari %(n)s baris. Bagi menjadi beberapa berkas."), n=MAX_ROWS
            )
        width = len(raw)
        while width and raw[width - 1] in (None, ""):
            width -= 1
        if not width:
            continue
        if width > MAX_COLUMNS:
            raise UnreadableSheet(_("Lembar ini lebih dari %(n)s kolom."), n=MAX_COLUMNS)
        cells = tuple(_plain(value, longest) for value in raw[:width])
        if any(cell not in (None, "") for cell in cells):
            kept += 1
            yield SheetRow(number, cells)


def _plain(value: object, longest: int | None = None) -> Cell:
    """What later steps may meet: text without surrounding blanks, numbers, booleans, calendar dates."""
    if isinstance(value, str):
        longest = longest or MAX_TEXT
        if len(value) > longest:
            raise UnreadableSheet(_("Ada sel yang berisi lebih dari %(n)s karakter."), n=longest)
        return value.replace("\x00", "").replace("\xa0", " ").strip()
    if isinstance(value, datetime.datetime):
        return value.date()
    if value is None or isinstance(value, bool | int | float | datetime.date):
        return value
    return str(value)


@contextmanager
def _unbroken() -> Iterator[None]:
    """What damaged files raise becomes a sentence; what openpyxl only warns about does not concern us."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _BROKEN as error:
        raise UnreadableSheet(_("Berkas XLSX ini rusak dan tidak dapat dibaca.")) from error


@contextmanager
def _open_xlsx(file: IO[bytes], is_header: HeaderTest) -> Iterator[Sheet]:
    from openpyxl import load_workbook  # 8 MB that a web process which reads no sheet does not hold

    _check_archive(file)
    with _unbroken():
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        with _unbroken():
            claimed = {sheet.title: sheet.max_row or 0 for sheet in book.worksheets}
            sheet = _wanted_sheet(book.worksheets, is_header)
        if sheet is None:
            raise UnreadableSheet(_("Berkas ini kosong."))
        yield Sheet(_checked(_xlsx_rows(sheet)), min(claimed[sheet.title], MAX_ROWS))
    finally:
        book.close()


def _xlsx_rows(sheet: Any) -> Iterator[Raw]:
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    more = True
    while more:
        with _unbroken():
            some = list(islice(rows, _AT_ONCE))
        more = bool(some)
        yield from some


def _wanted_sheet(sheets: Sequence[Any], is_header: HeaderTest) -> Any:
    first_filled = None
    for sheet in sheets:
        # The size that a file claims may be wrong; rows are counted instead.
        sheet.reset_dimensions()
        top = [
            [_plain(value) for value in row[:MAX_COLUMNS]]
            for row in islice(sheet.iter_rows(values_only=True), HEADER_WITHIN)
        ]
        if any(is_header(cells) for cells in top):
            return sheet
        if first_filled is None and any(value not in (None, "") for cells in top for value in cells):
            first_filled = sheet
    return first_filled


def _check_archive(file: IO[bytes]) -> None:
    """Refuse archives that would unpack to more than we are ready to read (zip bombs) or are no workbook."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise UnreadableSheet(_("Berkas XLSX ini rusak dan tidak dapat dibaca.")) from error
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise UnreadableSheet(_("Berkas ini bukan lembar Excel (.xlsx)."))
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    side = max(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/"))
    too_dense = unpacked > 10 * _CHUNK and unpacked / packed > MAX_RATIO
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or side > MAX_SIDE_PART or too_dense:
        raise UnreadableSheet(_("Isi berkas ini terlalu besar setelah dibuka. Bagi menjadi beberapa berkas."))
    file.seek(0)


@contextmanager
def _open_csv(path: Path, file: IO[bytes]) -> Iterator[Sheet]:
    encoding, lines = _encoding(file)
    with path.open(encoding=encoding, newline="", errors="replace") as text:
        separator = _separator(text)
    with path.open(encoding=encoding, newline="") as text:
        yield Sheet(_checked(_csv_rows(csv.reader(text, delimiter=separator))), min(lines, MAX_ROWS))


def _csv_rows(
    reader: Iterable[list[str]], broken: str = _("Berkas ini bukan CSV yang dapat dibaca.")
) -> Iterator[Raw]:
    try:
        yield from enumerate(reader, start=1)
    except (csv.Error, UnicodeError) as error:
        raise UnreadableSheet(broken) from error


def decoded(content: bytes) -> str:
    """The text of a small CSV file. Raises UnreadableSheet."""
    encoding, _lines = _encoding(io.BytesIO(content))
    return content.decode(encoding, errors="replace")


def csv_rows(content: bytes) -> Iterator[SheetRow]:
    """The rows of a small CSV file, empty ones left out; cells keep their lines, and how long they may be is for
    who reads them. A quote that nobody closes is refused, where `open_sheet` reads on to the end. Raises
    UnreadableSheet."""
    text = decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(io.StringIO(text)), strict=True)
    broken = _("Tanda kutip dalam berkas ini tidak lengkap. Simpan ulang sebagai CSV.")
    return _checked(_csv_rows(reader, broken), longest=len(text))


def _encoding(file: IO[bytes]) -> tuple[str, int]:
    """UTF-8 with or without mark, UTF-16 with mark (Excel's "Unicode text"), else Windows-1252; and the lines."""
    start = file.read(2)
    file.seek(0)
    if start in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", 0
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    utf8 = True
    more, lines = True, 0
    while more:
        chunk = file.read(_CHUNK)
        more = bool(chunk)
        lines += chunk.count(b"\n")
        if b"\x00" in chunk:
            raise UnreadableSheet(_("Berkas ini bukan XLSX atau CSV."))
        if utf8:
            try:
                decoder.decode(chunk, final=not more)
            except UnicodeDecodeError:
                utf8 = False
    return "utf-8-sig" if utf8 else "cp1252", lines


def _separator(text: IO[str]) -> str:
    """The most frequent candidate in the first line that holds any, outside quotes."""
    for _count in range(20):
        line = text.readline(_CHUNK)
        if not line:
            break
        outside = "".join(line.split('"')[::2])
        best = max(_SEPARATORS, key=outside.count)
        if outside.count(best):
            return best
    return ","
