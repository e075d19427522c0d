"""From a cell to a typed value. Pure: every parser gives the value, None for an empty cell, or a Wrong.

Dates stay calendar dates: nothing is shifted between time zones (records reference section 13).
"""

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop as _

from kepegawaian.work.reading import Cell


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell gives no value: a text of the catalogue and what goes into it."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


EMPTY = frozenset({"", "-", "--", "NULL", "N/A", "#N/A", "NIHIL"})
FIRST_YEAR, LAST_YEAR = 1900, 2100
EPOCH = datetime.date(1899, 12, 30)
LAST_SERIAL = (datetime.date(LAST_YEAR, 12, 31) - EPOCH).days
EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; longer numbers must be text."""
_MONTH_NAMES = (
    ("jan", "januari", "january"),
    ("feb", "pebruari", "februari", "february"),
    ("mar", "maret", "march"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("agu", "ags", "agt", "agustus", "aug", "august"),
    ("sep", "sept", "september"),
    ("okt", "oct", "oktober", "october"),
    ("nov", "nop", "november", "nopember"),
    ("des", "dec", "desember", "december"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_YMD = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](.*))?")
_DMY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?")
_NAMED = re.compile(r"(\d{1,2})[-/. ]+([A-Za-z]+)[-/., ]+(\d{4})")
_ZERO_DATE = re.compile(r"[0\-/.: T]+")
_LOCAL_MIDNIGHT = re.compile(r"(15|16|17):00(:00(\.0+)?)?Z")
"""Midnight in WIT, WITA and WIB as a machine in UTC writes it, on the day before."""
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_WORDS = re.compile(r"[^a-z0-9]+")
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


# --- Text -----------------------------------------------------------------------------------------
def text_of(cell: Cell) -> str:
    """The cell as one line of text; what stands for "nothing" becomes ""."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime.date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell.is_integer() and abs(cell) < 1e21 else str(cell)
    text = without_guard(" ".join(str(cell).split()))
    return "" if text.upper() in EMPTY else text


def without_guard(text: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from reading a number or a formula."""
    if len(text) > 1 and text[0] in "'’`" and (text[1].isdigit() or text[1] in _FORMULA_START):
        return text[1:]
    return text


def words(text: str) -> str:
    """Lower case words with single blanks: how names of lists and headers are compared."""
    return _WORDS.sub(" ", text.lower()).strip()


def limited(cell: Cell, length: int) -> str | Wrong | None:
    text = text_of(cell)
    if len(text) > length:
        return Wrong(_("Lebih panjang dari %(n)d karakter."), {"n": length})
    return text or None


def digits(cell: Cell) -> str | Wrong | None:
    """An identity number as text. A number that a spreadsheet has rounded is refused: its last digits are lost."""
    rounded = Wrong(
        _("Tersimpan sebagai angka, sehingga digit terakhirnya hilang. Simpan kolom ini sebagai teks.")
    )
    if isinstance(cell, float) and not isinstance(cell, bool):
        if not math.isfinite(cell) or abs(cell) >= 10**EXACT_DIGITS or not cell.is_integer():
            return rounded
        return str(int(cell))
    text = text_of(cell).lstrip("'’`")
    if _SCIENTIFIC.fullmatch(text):
        return rounded
    return re.sub(r"[\s.\-]", "", text) or None


def phone(cell: Cell) -> str | Wrong | None:
    """A phone number; spreadsheets drop the leading zero of a mobile number."""
    text = text_of(cell)
    if not text:
        return None
    number = re.sub(r"[^\d+]", "", text)
    if not 6 <= len(number.lstrip("+")) <= 15:
        return Wrong(_("Bukan nomor telepon."))
    return f"0{number}" if number.startswith("8") else number


def email(cell: Cell) -> str | Wrong | None:
    text = text_of(cell)
    if not text:
        return None
    try:
        validate_email(text)
    except ValidationError:
        return Wrong(_("Bukan alamat surel."))
    return text


# --- Numbers and dates ----------------------------------------------------------------------------
def whole(cell: Cell, *, lowest: int = 0, highest: int = 9999) -> int | Wrong | None:
    text = text_of(cell)
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,9}(\.0+)?", text):
        return Wrong(_("Bukan bilangan bulat."))
    number = int(float(text))
    if not lowest <= number <= highest:
        return Wrong(_("Di luar batas %(low)d sampai %(high)d."), {"low": lowest, "high": highest})
    return number


def yes_no(cell: Cell) -> bool | Wrong | None:
    if isinstance(cell, bool):
        return cell
    text = text_of(cell)
    if not text:
        return None
    known = {"1": True, "y": True, "ya": True, "yes": True, "true": True, "t": True, "benar": True}
    known |= {
        "0": False,
        "tidak": False,
        "tdk": False,
        "no": False,
        "n": False,
        "false": False,
        "f": False,
        "salah": False,
    }
    return known.get(words(text), Wrong(_("Bukan ya atau tidak.")))


NO_DATE = _("Bukan tanggal yang sah.")


def date(cell: Cell) -> datetime.date | Wrong | None:
    """Date cells, Excel serials, dd-mm-yyyy, dd/mm/yyyy, yyyy-mm-dd, 13 September 1990, 19900913 and 13091990."""
    if isinstance(cell, datetime.date):
        return _in_range(cell.date() if isinstance(cell, datetime.datetime) else cell)
    if isinstance(cell, bool):
        return Wrong(NO_DATE)
    if isinstance(cell, int | float):
        return _numeric_date(cell)
    text = text_of(cell)
    if not text or _ZERO_DATE.fullmatch(text):
        return None
    if re.fullmatch(r"\d{1,8}([.,]\d+)?", text):
        return _numeric_date(float(text.replace(",", ".")))
    return _written_date(text)


def _written_date(text: str) -> datetime.date | Wrong:
    if match := _YMD.fullmatch(text):
        written = _date(int(match[1]), int(match[2]), int(match[3]))
        if isinstance(written, datetime.date) and _LOCAL_MIDNIGHT.fullmatch(match[4] or ""):
            return _in_range(written + datetime.timedelta(days=1))
        return written
    if match := _DMY.fullmatch(text):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if (match := _NAMED.fullmatch(text)) and (month := _MONTHS.get(match[2].lower())):
        return _date(int(match[3]), month, int(match[1]))
    return Wrong(NO_DATE)


def _numeric_date(number: float) -> datetime.date | Wrong:
    if not math.isfinite(number) or number < 1:
        return Wrong(NO_DATE)
    serial = int(number)
    if serial <= LAST_SERIAL:
        return _in_range(EPOCH + datetime.timedelta(days=serial))
    written = f"{serial:08d}"
    if len(written) > 8:
        return Wrong(NO_DATE)
    as_ymd = _date(int(written[:4]), int(written[4:6]), int(written[6:]))
    if isinstance(as_ymd, datetime.date):
        return as_ymd
    return _date(int(written[4:]), int(written[2:4]), int(written[:2]))


def _date(year: int, month: int, day: int) -> datetime.date | Wrong:
    try:
        return _in_range(datetime.date(year, month, day))
    except ValueError:
        return Wrong(NO_DATE)


def _in_range(value: datetime.date) -> datetime.date | Wrong:
    return value if FIRST_YEAR <= value.year <= LAST_YEAR else Wrong(NO_DATE)
