"""Identity numbers, ranks and months of service as pure functions (records reference sections 1, 3 and 7).

Nothing here asks which day it is or reads a row: both are passed in.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.enums import AsnStatus, NumberKind, RankScheme, Sex
from kepegawaian.lib.exceptions import Text

NUMBER_LENGTH = 18
NIK_LENGTH = 16
OLDEST_AT_START = 18
"""A civil servant is at least 18 on the day service begins (PP 11/2017 Art. 23)."""
FIRST_PPPK_MONTH = 13
WOMEN_DAY_OFFSET = 40
_NOISE = re.compile(r"[\s.\u00a0]")
PPPK_STATUSES = frozenset({AsnStatus.PPPK, AsnStatus.PPPK_PART_TIME})


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a value. An error refuses it; a warning is shown and the value is kept, because BKN
    does not reissue a number for every later correction of the person's data."""

    code: str
    level: Level
    message: Text
    field: str = "nip"


@dataclass(frozen=True, slots=True)
class NumberParts:
    """A NIP or NI PPPK taken apart: Perka BKN 22/2007 (NIP); `month` is 13 or more in an NI PPPK."""

    birth_date: datetime.date
    year: int
    month: int
    sex: Sex
    sequence: int

    @property
    def looks_like_pppk(self) -> bool:
        """Digits 13-14 are a month in a NIP; a heuristic, the status field decides."""
        return self.month >= FIRST_PPPK_MONTH

    @property
    def tmt_cpns(self) -> datetime.date | None:
        """First day of service that a NIP states; an NI PPPK states the year alone."""
        return None if self.looks_like_pppk else datetime.date(self.year, self.month, 1)

    @property
    def kind(self) -> NumberKind:
        return NumberKind.NI_PPPK if self.looks_like_pppk else NumberKind.NIP


# --- NIP and NI PPPK ------------------------------------------------------------------------------
def clean_number(value: str) -> str:
    """Without spaces, dots and the apostrophe that keeps spreadsheets from rounding it."""
    return _NOISE.sub("", value.strip().lstrip("'’"))


def parse_number(value: str) -> NumberParts | None:
    """The parts of a cleaned number that is well formed; None for any other."""
    if len(value) != NUMBER_LENGTH or not (value.isascii() and value.isdigit()):
        return None
    birth_date = _date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    sex = {"1": Sex.MALE, "2": Sex.FEMALE}.get(value[14])
    year, month, sequence = int(value[8:12]), int(value[12:14]), int(value[15:])
    if birth_date is None or sex is None or not year or not month or not sequence:
        return None
    return NumberParts(birth_date, year, month, sex, sequence)


def check_number(
    value: str,
    *,
    on: datetime.date,
    status: str = "",
    birth_date: datetime.date | None = None,
    sex: str = "",
    tmt_cpns: datetime.date | None = None,
) -> list[Finding]:
    """All that is wrong with a cleaned NIP or NI PPPK; beside the other fields where they are known."""
    parts = parse_number(value)
    if parts is None:
        return [_why_malformed(value)]
    errors = list(_impossible(parts, on, status))
    return errors or list(_differences(parts, status, birth_date, sex, tmt_cpns))


def _why_malformed(value: str) -> Finding:
    if len(value) != NUMBER_LENGTH or not (value.isascii() and value.isdigit()):
        return _error("number_length", _("NIP harus terdiri atas 18 angka."))
    if _date(int(value[:4]), int(value[4:6]), int(value[6:8])) is None:
        return _error("number_birth_date", _("Angka 1-8 NIP bukan tanggal lahir yang sah."))
    if value[14] not in "12":
        return _error("number_sex", _("Angka ke-15 NIP harus 1 (laki-laki) atau 2 (perempuan)."))
    if value[15:] == "000":
        return _error("number_sequence", _("Nomor urut NIP (angka 16-18) dimulai dari 001."))
    return _error("number_month", _("Angka 9-14 NIP bukan tahun dan bulan yang sah."))


def _impossible(parts: NumberParts, on: datetime.date, status: str) -> Iterable[Finding]:
    if status in (AsnStatus.PNS, AsnStatus.CPNS) and parts.looks_like_pppk:
        yield _error("number_month", _("Bulan TMT CPNS di dalam NIP (angka 13-14) harus 01-12."))
        return
    # The month of an NI PPPK is unknown, so the whole year is taken as possible.
    earliest = parts.tmt_cpns or datetime.date(parts.year, 1, 1)
    latest = parts.tmt_cpns or datetime.date(parts.year, 12, 31)
    if earliest > on:
        yield _error("number_future", _("TMT di dalam NIP belum terjadi."))
    if latest < _birthday(parts.birth_date, OLDEST_AT_START):
        yield _error("number_age", _("Menurut NIP, umur pada TMT kurang dari 18 tahun."))


def _differences(
    parts: NumberParts, status: str, birth_date: datetime.date | None, sex: str, tmt_cpns: datetime.date | None
) -> Iterable[Finding]:
    if status in PPPK_STATUSES and not parts.looks_like_pppk:
        yield _warning("number_kind", _("Nomor ini berbentuk NIP PNS, sedangkan statusnya PPPK."))
    if birth_date and birth_date != parts.birth_date:
        yield _warning("number_birth_date_differs", _("Tanggal lahir berbeda dari NIP."))
    if sex and sex != parts.sex:
        yield _warning("number_sex_differs", _("Jenis kelamin berbeda dari NIP."))
    if tmt_cpns is None:
        return
    stated = (parts.year, tmt_cpns.month) if parts.looks_like_pppk else (parts.year, parts.month)
    if (tmt_cpns.year, tmt_cpns.month) != stated:
        yield _warning("number_start_differs", _("TMT CPNS berbeda dari NIP."))


# --- NIK ------------------------------------------------------------------------------------------
def check_nik(value: str, *, birth_date: datetime.date | None = None, sex: str = "") -> list[Finding]:
    """Sixteen digits with DDMMYY at 7-12, women's day + 40; a difference from the person is only a warning."""
    if len(value) != NIK_LENGTH or not (value.isascii() and value.isdigit()):
        return [_error("nik_length", _("NIK harus terdiri atas 16 angka."), "nik")]
    day, month, year = int(value[6:8]), int(value[8:10]), int(value[10:12])
    woman = day > WOMEN_DAY_OFFSET
    day -= WOMEN_DAY_OFFSET if woman else 0
    if _date(1900 + year, month, day) is None and _date(2000 + year, month, day) is None:
        return [_error("nik_date", _("Angka 7-12 NIK bukan tanggal lahir yang sah."), "nik")]
    findings = []
    if birth_date and (birth_date.day, birth_date.month, birth_date.year % 100) != (day, month, year):
        findings.append(_warning("nik_birth_date_differs", _("Tanggal lahir berbeda dari NIK."), "nik"))
    if sex and woman != (sex == Sex.FEMALE):
        findings.append(_warning("nik_sex_differs", _("Jenis kelamin berbeda dari NIK."), "nik"))
    return findings


# --- Golongan -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Golongan:
    """`code` is SIASN's and sorts; the roman name alone does not ("IX" < "V")."""

    scheme: RankScheme
    code: int
    name: str
    pangkat: str = ""

    @property
    def group(self) -> int:
        """I-IV of a PNS as 1-4; the golongan itself for a PPPK."""
        return self.code // 10 if self.scheme == RankScheme.PNS else self.code

    def __str__(self) -> str:
        return f"{self.pangkat} ({self.name})" if self.pangkat else self.name


_PANGKAT = {
    "I": ("Juru Muda", "Juru Muda Tingkat I", "Juru", "Juru Tingkat I"),
    "II": ("Pengatur Muda", "Pengatur Muda Tingkat I", "Pengatur", "Pengatur Tingkat I"),
    "III": ("Penata Muda", "Penata Muda Tingkat I", "Penata", "Penata Tingkat I"),
    "IV": ("Pembina", "Pembina Tingkat I", "Pembina Utama Muda", "Pembina Utama Madya", "Pembina Utama"),
}
ROMAN = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    *("X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
)
PNS_GOLONGAN = tuple(
    Golongan(RankScheme.PNS, group * 10 + step, f"{roman}/{'abcde'[step - 1]}", pangkat)
    for group, (roman, names) in enumerate(_PANGKAT.items(), start=1)
    for step, pangkat in enumerate(names, start=1)
)
"""The seventeen steps of a PNS (PP 99/2000; records reference section 3)."""
PPPK_GOLONGAN = tuple(Golongan(RankScheme.PPPK, code, name) for code, name in enumerate(ROMAN, start=1))
"""I-XVII without a pangkat (Perpres 98/2020; records reference section 3)."""
_BY_CODE = {(g.scheme, g.code): g for g in (*PNS_GOLONGAN, *PPPK_GOLONGAN)}
_BY_NAME = {(g.scheme, g.name.replace("/", "").upper()): g for g in (*PNS_GOLONGAN, *PPPK_GOLONGAN)}


def scheme_of(status: str) -> RankScheme:
    return RankScheme.PPPK if status in PPPK_STATUSES else RankScheme.PNS


def parse_golongan(text: str, scheme: str) -> Golongan | None:
    """A golongan by name ("III/a", "III a", "Penata Muda (III/a)") or code ("31"); None when there is none."""
    text = text.strip()
    if inside := re.search(r"\(([^)]+)\)\s*$", text):
        text = inside[1]
    if text.isascii() and text.isdigit():
        return _BY_CODE.get((RankScheme(scheme), int(text)))
    return _BY_NAME.get((RankScheme(scheme), re.sub(r"[\s/.\-]", "", text).upper()))


def golongan(scheme: str, code: int) -> Golongan | None:
    return _BY_CODE.get((RankScheme(scheme), code)) if scheme else None


# --- Months of service ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, order=True)
class Service:
    """*Masa kerja* in full years and months."""

    years: int
    months: int

    @classmethod
    def of(cls, months: int) -> "Service":
        return cls(*divmod(max(months, 0), 12))

    @property
    def total(self) -> int:
        return self.years * 12 + self.months


YEARS_LOST = {(1, 2): 6, (2, 3): 5}
"""Years taken off the masa kerja golongan when a promotion crosses from I to II or from II to III."""


def full_months(start: datetime.date, end: datetime.date) -> int:
    """Whole months from `start` to `end`; 0 when `end` is not later."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(months - (end.day < start.day), 0)


def service_at(decreed: Service, tmt: datetime.date, on: datetime.date) -> Service:
    """*Masa kerja golongan* on a date: that of the last decree and the full months since its TMT."""
    return Service.of(decreed.total + full_months(tmt, on))


def after_crossing(service: Service, old: Golongan, new: Golongan) -> Service:
    """*Masa kerja golongan* after a promotion into another group: I to II loses 6 years, II to III 5."""
    return Service.of(service.total - 12 * YEARS_LOST.get((old.group, new.group), 0))


def total_service(first_day: datetime.date, on: datetime.date, *, recognised: int = 0, unpaid: int = 0) -> Service:
    """*Masa kerja keseluruhan*: months since the first day, with recognised earlier ones, without CLTN."""
    return Service.of(full_months(first_day, on) + recognised - unpaid)


def first_service_day(
    status: str,
    *,
    tmt_cpns: datetime.date | None,
    contract_start: datetime.date | None = None,
    earlier_contracts: Iterable[tuple[datetime.date, datetime.date | None]] = (),
) -> datetime.date | None:
    """The day continuous service began: TMT CPNS of a PNS; for a PPPK the start of the unbroken contracts.

    An earlier contract counts when the next one begins at latest on the day after it ends (PP 49/2018 Art. 37).
    """
    if status not in PPPK_STATUSES:
        return tmt_cpns
    first = contract_start or tmt_cpns
    for start, end in sorted(earlier_contracts, reverse=True):
        if first is None or (start < first and (end is None or end + datetime.timedelta(days=1) >= first)):
            first = start
    return first


_HEAD_TITLES = (
    ("Sekretariat ", "Sekretaris "),
    ("Kecamatan ", "Camat "),
    ("Kelurahan ", "Lurah "),
    ("Inspektorat", "Inspektur"),
    ("RSUD ", "Direktur RSUD "),
    ("Rumah Sakit ", "Direktur Rumah Sakit "),
    ("Pemerintah Kota ", "Wali Kota "),
    ("Pemerintah Kabupaten ", "Bupati "),
    ("Pemerintah Provinsi ", "Gubernur "),
    ("Pemerintah Daerah ", "Kepala Daerah "),
)
_ELECTED = ("Pemerintah Kota ", "Pemerintah Kabupaten ", "Pemerintah Provinsi ", "Pemerintah Daerah ")


def head_title(unit_name: str) -> str:
    """What local governments call the head of a unit of that name; HR may rename the post (PP 18/2016)."""
    for unit, head in _HEAD_TITLES:
        if unit_name.startswith(unit):
            return head + unit_name[len(unit) :]
    return f"Kepala {unit_name}"


def is_elected(unit_name: str) -> bool:
    """Whether the head of the unit is an elected official and not a civil servant."""
    return unit_name.startswith(_ELECTED)


def full_name(name: str, title_front: str = "", title_back: str = "") -> str:
    """The name with titles before and after, as letters print it."""
    whole = f"{title_front} {name}".strip()
    return f"{whole}, {title_back}" if title_back else whole


class Titled:
    """Gives a line of a list that has `name`, `title_front` and `title_back` its `full_name`."""

    __slots__ = ()
    name: str
    title_front: str
    title_back: str

    @property
    def full_name(self) -> str:
        return full_name(self.name, self.title_front, self.title_back)


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _birthday(born: datetime.date, age: int) -> datetime.date:
    """The day a person becomes `age`; born on 29 February it is 1 March in a common year."""
    return _date(born.year + age, born.month, born.day) or datetime.date(born.year + age, 3, 1)


def _error(code: str, message: Text, field: str = "nip") -> Finding:
    return Finding(code, Level.ERROR, message, field)


def _warning(code: str, message: Text, field: str = "nip") -> Finding:
    return Finding(code, Level.WARNING, message, field)
