"""One line of a staff file as a person: what each cell means, and what is wrong with it. No database."""

import datetime
import re
from collections.abc import Callable
from enum import Enum
from typing import Any

from django.utils.translation import gettext_noop as _

from kepegawaian.employees import rules
from kepegawaian.employees.enums import AsnStatus, LegalState, PositionKind
from kepegawaian.employees.importing import lists
from kepegawaian.employees.importing.issues import msgid
from kepegawaian.employees.importing.layouts import Parsed, Row
from kepegawaian.employees.rules import Level
from kepegawaian.work import cells

FUTURE_START = datetime.timedelta(days=366)
"""A decree may name a first day to come; one further away than this is a slip of the pen."""
LIMITS = {
    "name": 150,
    "title_front": 40,
    "title_back": 60,
    "birth_place": 100,
    "religion": 30,
    "marital_status": 30,
    "address": 500,
    "sk_cpns": 80,
    "sk_pns": 80,
    "education_level": 40,
    "education": 120,
    "school": 150,
    "position": 200,
    "position_code": 64,
    "unit": 200,
    "unit_code": 64,
    "parent": 200,
    "parent_code": 64,
    "root": 200,
    "root_code": 64,
    "eselon": 5,
    "siasn_id": 64,
}
PARSERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("tmt_cpns", "tmt_pns", "sk_cpns_date", "sk_pns_date", "contract_end"), cells.date),
    "sex": lists.sex,
    "phone": cells.phone,
    "email": cells.email,
    "email_gov": cells.email,
    "npwp": cells.digits,
    "bpjs": cells.digits,
    "education_year": lambda cell: cells.whole(cell, lowest=1900, highest=2100),
}
FACTS = (
    *("siasn_id", "title_front", "title_back", "birth_place", "religion", "marital_status", "address"),
    *("sk_cpns", "sk_pns", "education_level", "education", "school", *PARSERS),
)
"""Columns that become fields of the same name; what cannot be read there is left out with a warning."""
_COLUMN_OF_FINDING = {
    "number_birth_date_differs": "birth_date",
    "number_sex_differs": "sex",
    "number_start_differs": "tmt_cpns",
    "number_kind": "status",
}
_TITLES = re.compile(
    r"^(?:(?:prof|dr|drg|drh|drs|dra|ir|h|hj|apt|ns|kh|k\.h|r|rr|r\.a|st|sutan)\.\s*)+", re.IGNORECASE
)
_ROMAN = re.compile(r"\b([IVX]+)\s*[/.\- ]?\s*([a-e])?\b")


def parse_person(row: Row, *, on: datetime.date) -> Parsed:
    values: dict[str, Any] = {}
    nip = _nip(row)
    _name(row, values)
    for key in FACTS:
        _fact(row, values, key)
    values["birth_date"] = row.take("birth_date", cells.date(row.cell("birth_date")), Level.ERROR)
    _status(row, values, nip)
    _check_number(row, values, nip, on)
    _check_start(row, values, on)
    _nik(row, values)
    _rank(row, values)
    _position(row, values)
    if old := row.take("old_nip", cells.digits(row.cell("old_nip"))):
        values["old_nip"] = old[:18]
    plausible = not row.issues or all(issue.level != Level.ERROR for issue in row.issues)
    parts = rules.parse_number(nip)
    agrees = parts is not None and values.get("birth_date") in (None, parts.birth_date)
    values["nip"] = nip
    return Parsed(row.number, nip, _plain(values), row.issues, plausible and agrees)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty (an empty cell says nothing, it never erases), and ready for JSON."""
    kept = {}
    for key, value in values.items():
        if isinstance(value, dict):
            value = _plain(value)
        if isinstance(value, Enum):
            value = value.value
        if value not in (None, "", {}):
            kept[key] = value.isoformat() if isinstance(value, datetime.date) else value
    return kept


def _nip(row: Row) -> str:
    found = cells.digits(row.cell("nip"))
    if isinstance(found, cells.Wrong):
        row.take("nip", found, Level.ERROR)
        return ""
    if not found:
        row.add("nip", Level.ERROR, _("NIP kosong."))
        return ""
    return rules.clean_number(found)[:40]


def _name(row: Row, values: dict[str, Any]) -> None:
    name = row.take("name", cells.limited(row.cell("name"), LIMITS["name"]), Level.ERROR)
    if not name:
        if not row.issues or row.issues[-1].column != row.header.name("name"):
            row.add("name", Level.ERROR, _("Nama kosong."))
        return
    if "title_front" not in row.header.places and "title_back" not in row.header.places:
        name, values["title_front"], values["title_back"] = split_titles(name)
    values["name"] = name


def split_titles(name: str) -> tuple[str, str, str]:
    """("Drs. Budi Santoso, M.Si") -> ("Budi Santoso", "Drs.", "M.Si"), for lists with the titles in the name."""
    bare, _comma, back = name.partition(",")
    match = _TITLES.match(bare)
    front = match[0].strip() if match else ""
    bare = bare[match.end() :].strip() if match else bare.strip()
    return (bare, front[:40], back.strip()[:60]) if bare else (name, "", "")


def _fact(row: Row, values: dict[str, Any], key: str) -> None:
    if key not in row.header.places:
        return
    cell = row.cell(key)
    parser = PARSERS.get(key)
    values[key] = row.take(key, parser(cell) if parser else cells.limited(cell, LIMITS[key]))
    if key in ("npwp", "bpjs") and values[key] and len(values[key]) > 20:
        row.add(key, Level.WARNING, _("Lebih panjang dari %(n)d karakter."), n=20)
        values[key] = None


# --- Number, status, dates ------------------------------------------------------------------------
def _status(row: Row, values: dict[str, Any], nip: str) -> None:
    """The status said, else that which the kind of employee or the shape of the number tells."""
    stated = row.take("status", lists.status(row.cell("status"), row.cell("probation")), Level.ERROR)
    kind = cells.words(cells.text_of(row.cell("employee_kind")))
    if stated == AsnStatus.PPPK and "paruh" in kind:
        stated = AsnStatus.PPPK_PART_TIME
    if stated is None and not isinstance(fallback := lists.status(row.cell("employee_kind")), cells.Wrong):
        stated = fallback
    if stated is None and (parts := rules.parse_number(nip)):
        values["derived"] = {"status": AsnStatus.PPPK if parts.looks_like_pppk else AsnStatus.PNS}
    values["status"] = stated
    legal = row.take("legal_state", lists.legal_state(row.cell("legal_state"), row.cell("legal_code")))
    if legal is None and cells.text_of(row.cell("legal_state")):
        legal = LegalState.OTHER
    values["legal_state"] = legal


def _said_or_derived(values: dict[str, Any]) -> str:
    return values.get("status") or values.get("derived", {}).get("status") or ""


def _check_number(row: Row, values: dict[str, Any], nip: str, on: datetime.date) -> None:
    if not nip:
        return
    findings = rules.check_number(
        nip,
        on=on,
        status=_said_or_derived(values),
        birth_date=values.get("birth_date"),
        sex=values.get("sex") or "",
        tmt_cpns=values.get("tmt_cpns"),
    )
    for finding in findings:
        column = _COLUMN_OF_FINDING.get(finding.code, "nip")
        row.add(column if column in row.header.places else "nip", finding.level, msgid(finding.message))
    parts = rules.parse_number(nip)
    if parts is None:
        return
    # What the sheet leaves out the number tells, for people who are new; it never overrules the records.
    values["derived"] = {
        "birth_date": parts.birth_date,
        "sex": parts.sex,
        "tmt_cpns": parts.tmt_cpns,
        **values.get("derived", {}),
    }


def _check_start(row: Row, values: dict[str, Any], on: datetime.date) -> None:
    """TMT CPNS of a PPPK is the first day of the contract."""
    start = values.get("tmt_cpns")
    if start is not None and start > on + FUTURE_START:
        row.add("tmt_cpns", Level.ERROR, _("TMT CPNS lebih dari setahun di masa depan."))
    elif start is not None and start > on:
        row.add("tmt_cpns", Level.WARNING, _("TMT CPNS belum terjadi."))
    if _said_or_derived(values) in rules.PPPK_STATUSES:
        values["contract_start"] = values.pop("tmt_cpns", None)
        values.get("derived", {}).pop("tmt_cpns", None)


def _nik(row: Row, values: dict[str, Any]) -> None:
    """An impossible NIK is left out, but refuses nobody."""
    nik = row.take("nik", cells.digits(row.cell("nik")))
    if not nik:
        return
    findings = rules.check_nik(nik, birth_date=values.get("birth_date"), sex=values.get("sex") or "")
    for finding in findings:
        row.add("nik", Level.WARNING, msgid(finding.message))
    if not any(finding.level == Level.ERROR for finding in findings):
        values["nik"] = nik


# --- Rank and position ----------------------------------------------------------------------------
def golongan_of(text: str, scheme: str) -> rules.Golongan | None:
    """As `rules.parse_golongan`, also inside a longer text: "III/a - Penata Muda"."""
    found = rules.parse_golongan(text, scheme) if text else None
    for match in _ROMAN.finditer(text):
        found = found or rules.parse_golongan(f"{match[1]}/{match[2]}" if match[2] else match[1], scheme)
    return found


def _rank(row: Row, values: dict[str, Any]) -> None:
    scheme = rules.scheme_of(_said_or_derived(values))
    code, name = cells.text_of(row.cell("rank_code")), cells.text_of(row.cell("rank_name"))
    by_code = rules.parse_golongan(code, scheme) if code else None
    by_name = golongan_of(name, scheme)
    column = "rank_name" if name else "rank_code"
    if not code and not name:
        return
    found = by_name or by_code
    if found is None:
        row.add(column, Level.ERROR, _("Golongan ini tidak dikenal."))
        return
    if by_code and by_name and by_code != by_name:
        row.add(column, Level.WARNING, _("GOL AKHIR ID dan namanya berbeda; dipakai namanya."))
    tmt = row.take("rank_tmt", cells.date(row.cell("rank_tmt")), Level.ERROR)
    values["rank"] = {
        "scheme": found.scheme.value,
        "golongan": found.name,
        "order": found.code,
        "tmt": tmt,
        "mk_years": row.take("mk_years", cells.whole(row.cell("mk_years"), highest=60)),
        "mk_months": row.take("mk_months", cells.whole(row.cell("mk_months"), highest=11)),
    }


def _text(row: Row, key: str) -> str | None:
    found: str | None = row.take(key, cells.limited(row.cell(key), LIMITS[key]))
    return found


def _position(row: Row, values: dict[str, Any]) -> None:
    name = _text(row, "position")
    if name:
        kind = row.take(
            "position_kind", lists.position_kind(row.cell("position_kind"), row.cell("position_kind_name"))
        )
        values["position"] = {
            "code": _text(row, "position_code"),
            "name": name,
            "kind": kind or _guess_kind(name),
            "eselon": _eselon(cells.text_of(row.cell("eselon"))),
        }
    values["position_tmt"] = row.take("position_tmt", cells.date(row.cell("position_tmt")), Level.ERROR)
    unit = {
        "code": _text(row, "unit_code"),
        "name": _text(row, "unit"),
        "parent_code": _text(row, "parent_code"),
        "parent": _text(row, "parent"),
        "root_code": _text(row, "root_code"),
        "root": _text(row, "root"),
    }
    if not unit["name"] and not unit["code"]:
        # Lists with one unit column: the office is all that is known.
        unit["name"], unit["code"], unit["parent"], unit["parent_code"] = (
            unit["parent"],
            unit["parent_code"],
            None,
            None,
        )
    if unit["name"] or unit["code"]:
        values["unit"] = unit


def _eselon(text: str) -> str | None:
    """ "III.a" from "III/a", "Eselon III.a" or SIASN's code 31; None where there is none."""
    if match := re.search(r"\b([IV]+)\s*[./ -]?\s*([ab])\b", text):
        return f"{match[1]}.{match[2]}"
    if re.fullmatch(r"[1-5][12]", text):
        return f"{('I', 'II', 'III', 'IV', 'V')[int(text[0]) - 1]}.{'ab'[int(text[1]) - 1]}"
    return None


_STRUCTURAL = ("kepala ", "sekretaris", "camat", "lurah", "asisten ", "inspektur", "direktur", "kasubbag", "kabid")
_FUNCTIONAL = re.compile(r"\bahli (pertama|muda|madya|utama)\b|\b(terampil|mahir|penyelia|pemula)$")


def _guess_kind(name: str) -> PositionKind:
    word = cells.words(name)
    if _FUNCTIONAL.search(word) or word.startswith(("guru ", "kepala sekolah", "dosen")):
        return PositionKind.FUNCTIONAL
    return PositionKind.STRUCTURAL if word.startswith(_STRUCTURAL) else PositionKind.EXECUTIVE
