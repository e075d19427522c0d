"""Personal data in what people write: found, shown to the author, and taken out of what everybody reads
(reference section 7). Names are left to the reviewer.

Text is stored as typed. Positions are those of `cleaned(text)`, which is what is published: without the invisible
characters that reorder or split it.
"""

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class PersonalKind(StrEnum):
    NIK = "nik"
    NIP = "nip"
    PHONE = "phone"
    EMAIL = "email"
    PLATE = "plate"
    ACCOUNT = "account"


MASKS = {
    PersonalKind.NIK: "[NIK]",
    PersonalKind.NIP: "[NIP]",
    PersonalKind.PHONE: "[nomor telepon]",
    PersonalKind.EMAIL: "[alamat surel]",
    PersonalKind.PLATE: "[nomor kendaraan]",
    PersonalKind.ACCOUNT: "[nomor rekening]",
}
NEVER_KEPT = {PersonalKind.NIK, PersonalKind.NIP}
HIDDEN = "[disembunyikan]"
"""What a reviewer marked by hand."""


@dataclass(frozen=True, slots=True)
class Finding:
    kind: PersonalKind
    start: int
    end: int
    text: str


_JOINERS = {"\u200c", "\u200d"}  # belong to emoji and to Javanese and other scripts
_KEPT_CONTROLS = {"\n", "\t"}
_SEPARATED = r"[ .\-/]{0,3}"
_NUMBER = re.compile(rf"(?<![\d])\+?(?:\d{_SEPARATED}){{7,21}}\d(?!\d)")
_PHONE = re.compile(r"(?:\+62|62|0)8\d{7,11}")
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+", re.ASCII)
_AREAS = (
    "AA|AB|AD|AE|AG|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|DA|DB|DC|DD|DE|DG|DH|DK|DL|DM|DN|DP|DR|DS|DT|DW|EA|EB|ED|"
    "KB|KH|KT|KU|PA|PB|A|B|D|E|F|G|H|K|L|M|N|P|R|S|T|W|Z"
)
_PLATE = re.compile(rf"(?<!\w)(?:{_AREAS}) ?\d{{1,4}} ?[A-Z]{{1,3}}(?!\w)")
_SMALL_PLATE = re.compile(rf"(?<!\w)(?:{_AREAS}) ?\d{{3,4}} ?[A-Z]{{2,3}}(?!\w)", re.IGNORECASE)
_UNITS = re.compile(r"(?:KG|KM|CM|MM|ML|HA|GB|MB|WIB|WIT|RP|M)$", re.IGNORECASE)
_BANK = re.compile(
    r"(?:no\.?\s*rek|norek|rekening|\brek\b|\b(?:bca|bri|bni|btn|bsi|mandiri|cimb|danamon|bpd)\b)[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 8, 16
_NIK_LENGTH, _NIP_LENGTH = 16, 18
_FIRST_PROVINCE, _LAST_PROVINCE = 11, 97
_CARD_GROUP = 4
_FEMALE = 40
_LAST_DAY, _LAST_MONTH = 31, 12


def cleaned(text: str) -> str:
    """Composed, one kind of line end, without control, zero-width and direction characters (the ones that make a
    text look other than it is)."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(letter for letter in composed if letter in _JOINERS or not _is_hidden(letter)).strip()


def _is_hidden(letter: str) -> bool:
    return letter not in _KEPT_CONTROLS and unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs")


def find_personal(text: str) -> list[Finding]:
    """What looks like personal data in `cleaned` text, in order and without overlaps."""
    folded, places = _folded(text)
    found: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for kind, start, end in (*_emails(folded), *_numbers(folded), *_plates(folded)):
        if not any(start < other_end and end > other_start for other_start, other_end in taken):
            taken.append((start, end))
            first, last = places[start], places[end - 1] + 1
            found.append(Finding(kind, first, last, text[first:last]))
    return sorted(found, key=lambda finding: finding.start)


def redact(text: str, findings: Sequence[Finding], *, keep: Collection[int] = ()) -> str:
    """`text` (cleaned) with each finding masked, but for those whose start is in `keep`."""
    parts, at = [], 0
    for finding in sorted(findings, key=lambda item: item.start):
        if finding.start in keep or finding.start < at:
            continue
        parts += [text[at : finding.start], MASKS[finding.kind]]
        at = finding.end
    return "".join([*parts, text[at:]])


def preview(text: str, *, keep: Collection[str] = ()) -> str:
    """What the public would read of a text as it was typed. `keep`: an office's contacts that stay, as written."""
    clean = cleaned(text)
    findings = find_personal(clean)
    kept = {row.start for row in findings if row.text in keep and row.kind not in NEVER_KEPT}
    return redact(clean, findings, keep=kept)


def contacts(text: str) -> list[str]:
    """What looks personal in a text and may be an office's own; never a NIK or NIP, which are a person's."""
    found = (row.text for row in find_personal(cleaned(text)) if row.kind not in NEVER_KEPT)
    return list(dict.fromkeys(found))


def headline(line: str, most: int) -> str:
    """The first words of a `cleaned` line, in `most` letters. Never cut within what looks like personal data: half
    a number would no longer be known for one."""
    if len(line) <= most:
        return line
    end = max(line.rfind(" ", 0, most), 0) or most - 1
    end = next((one.start for one in find_personal(line) if one.start < end < one.end), end)
    return (line[:end].rstrip() or preview(line)[: most - 1]) + "…"


def without_personal(text: str) -> str:
    """The words that are the writer's own: no finding, and no mask in its place either."""
    clean = cleaned(text)
    parts, at = [], 0
    for finding in find_personal(clean):
        parts.append(clean[at : finding.start])
        at = finding.end
    return " ".join([*parts, clean[at:]])


def hide_words(text: str, words: Collection[str]) -> str:
    """With names and other words that a reviewer marked taken out, whatever their case."""
    wanted = sorted((cleaned(word) for word in words if word.strip()), key=len, reverse=True)
    if not wanted:
        return text
    pattern = "|".join(re.escape(word) for word in wanted)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", HIDDEN, text, flags=re.IGNORECASE)


# --- Kinds ----------------------------------------------------------------------------------------
def is_nik(digits: str) -> bool:
    """Sixteen digits with a province and a birth date DDMMYY, the day plus 40 for women."""
    if len(digits) != _NIK_LENGTH or not _FIRST_PROVINCE <= int(digits[:2]) <= _LAST_PROVINCE:
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    day -= _FEMALE if day > _FEMALE else 0
    return 1 <= day <= _LAST_DAY and 1 <= month <= _LAST_MONTH


def is_nip(digits: str) -> bool:
    """Eighteen digits: birth date, year and month of appointment, sex, serial number."""
    if len(digits) != _NIP_LENGTH or digits[14] not in "12":
        return False
    try:
        born = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    # A NI PPPK has the year and a code from 21 on where a NIP has the month of appointment.
    month = int(digits[12:14])
    return 1930 <= born.year <= 2015 and (1 <= month <= _LAST_MONTH or month == 21)


def _emails(folded: str) -> Iterator[tuple[PersonalKind, int, int]]:
    for match in _EMAIL.finditer(folded):
        yield PersonalKind.EMAIL, match.start(), match.end()


def _numbers(folded: str) -> Iterator[tuple[PersonalKind, int, int]]:
    """Runs of digits, joined over spaces and the like as far as that makes something personal."""
    for match in _NUMBER.finditer(folded):
        runs = [
            (match.start() + run.start(), match.start() + run.end()) for run in re.finditer(r"\+?\d+", match[0])
        ]
        at = 0
        while at < len(runs):
            length = next((n for n in range(len(runs) - at, 0, -1) if _joined(folded, runs[at : at + n])), 0)
            if length:
                start, end = runs[at][0], runs[at + length - 1][1]
                kind = _joined(folded, runs[at : at + length])
                if kind is not None:
                    yield kind, start, end
            at += length or 1


def _joined(folded: str, runs: Sequence[tuple[int, int]]) -> PersonalKind | None:
    start, end = runs[0][0], runs[-1][1]
    kind = _kind_of(re.sub(r"[^\d+]", "", folded[start:end]), folded[:start])
    if kind is None and end - start >= _NIK_LENGTH and all(last - first >= _CARD_GROUP for first, last in runs):
        # Sixteen digits that are no NIK are a card or a family card; they are nobody's business either.
        return PersonalKind.ACCOUNT if sum(last - first for first, last in runs) == _NIK_LENGTH else None
    return kind


def _kind_of(digits: str, before: str) -> PersonalKind | None:
    if is_nip(digits):
        return PersonalKind.NIP
    if is_nik(digits):
        return PersonalKind.NIK
    if _PHONE.fullmatch(digits):
        return PersonalKind.PHONE
    plain = digits.lstrip("+")
    if _SHORTEST_ACCOUNT <= len(plain) <= _LONGEST_ACCOUNT and _BANK.search(before[-60:]):
        return PersonalKind.ACCOUNT
    return None


def _plates(folded: str) -> Iterator[tuple[PersonalKind, int, int]]:
    for pattern in (_PLATE, _SMALL_PLATE):
        for match in pattern.finditer(folded):
            if not _UNITS.search(match[0]):
                yield PersonalKind.PLATE, match.start(), match.end()


def _folded(text: str) -> tuple[str, list[int]]:
    """Each character as a plain one, without joiners; and where in `text` each of them stood."""
    letters, places = [], []
    for place, letter in enumerate(text):
        if letter in _JOINERS or _is_hidden(letter):
            continue
        for plain in _plain(letter):
            letters.append(plain)
            places.append(place)
    return "".join(letters), places


def _plain(letter: str) -> str:
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(letter) in ("Zs", "Pd"):
        return " " if unicodedata.category(letter) == "Zs" else "-"
    return unicodedata.normalize("NFKC", letter)
