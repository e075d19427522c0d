"""What names of units and posts tell: who heads what, which kind a unit is. HR corrects what they tell wrong."""

import re

from kepegawaian.employees import rules
from kepegawaian.units.models import UnitFunction, UnitKind
from kepegawaian.work.cells import words

_JOINED = (
    (re.compile(r"\bsub (bagian|bidang|bag|bid|koordinator)\b"), r"sub\1"),
    (re.compile(r"\b(upt|uptd|upt d)\b"), ""),
    (re.compile(r"\bkasubbag\b"), "kepala subbagian"),
    (re.compile(r"\bkabag\b"), "kepala bagian"),
    (re.compile(r"\bkabid\b"), "kepala bidang"),
    (re.compile(r"\b(kasi|kasie)\b"), "kepala seksi"),
    (re.compile(r"\bka upt\b"), "kepala"),
    (re.compile(r"\bwalikota\b"), "wali kota"),
    (re.compile(r"\brumah sakit umum daerah\b"), "rsud"),
    (re.compile(r"\b(sekretaris camat|sekcam)\b"), "sekretaris kecamatan"),
    (re.compile(r"\b(sekretaris lurah|seklur)\b"), "sekretaris kelurahan"),
)
_ACTING = re.compile(r"^(plt|plh|pj|pjs) ")
_PLACE = re.compile(r"^(kota|kabupaten|kab|provinsi|prov|pemerintah|daerah)\b")


def plain(name: str) -> str:
    """A name as it is compared: small letters, abbreviations spelt out, without UPTD."""
    text = words(name)
    for pattern, instead in _JOINED:
        text = pattern.sub(instead, text)
    return " ".join(text.split())


def heads(position: str, unit: str) -> bool:
    """Whether a structural post of this name heads the unit it sits in: "CAMAT OEBOBO", "Kecamatan Oebobo"."""
    post, place = plain(position), plain(unit)
    if not post or not place or _ACTING.match(post):
        return False
    if post in (plain(rules.head_title(unit)), place):
        return True
    for title, kind in (("camat", "kecamatan"), ("lurah", "kelurahan"), ("sekretaris", "sekretariat")):
        if post == title or post.startswith(f"{title} "):
            return place.startswith(kind) and _same_place(post.removeprefix(title), place.removeprefix(kind))
    if post.startswith("inspektur"):
        return _same_place(post.replace("inspektur", "inspektorat", 1), place)
    if post.startswith("direktur"):
        return place.startswith(("rsud", "rumah sakit", "perumda", "perusahaan")) and "wakil" not in post
    return post.startswith("kepala ") and _same_place(post.removeprefix("kepala "), place)


def _same_place(said: str, unit: str) -> bool:
    """One is the other, leaves its end out ("kepala bidang"), or adds only the region ("... kota kupang")."""
    said, unit = said.strip(), unit.strip()
    if said == unit or not said or not unit or unit.startswith(f"{said} "):
        return True
    return said.startswith(f"{unit} ") and bool(_PLACE.match(said.removeprefix(unit).strip()))


_SERVICE = re.compile(
    r"^(sd|sdn|sdit|smp|smpn|sma|sman|smk|smkn|tk|tkn|paud|slb|sekolah|skb|sanggar kegiatan belajar|mts|man"
    r"|puskesmas|pustu|rsud|rumah sakit|klinik|laboratorium kesehatan|labkesda|balai)\b"
)


def unit_kind(name: str, *, below_root: bool) -> UnitKind:
    """School or clinic by name, office by name or because it hangs at the top; anything else is part of one."""
    text = plain(name)
    if _SERVICE.match(text):
        return UnitKind.SERVICE
    if below_root:
        return UnitKind.SECTION if text.startswith(("staf ahli", "asisten")) else UnitKind.OFFICE
    return (
        UnitKind.OFFICE
        if text.startswith(("dinas ", "badan ", "kecamatan ", "satuan polisi"))
        else UnitKind.SECTION
    )


def unit_function(name: str, kind: str) -> UnitFunction:
    if kind != UnitKind.OFFICE:
        return UnitFunction.NONE
    text = plain(name)
    if re.match(r"(sekretariat daerah|setda)\b", text):
        return UnitFunction.SECRETARIAT
    if re.search(r"\bkepegawaian\b", text) or text in ("bkd", "bkpp", "bkpsdm", "bkppd", "bkdpsda"):
        return UnitFunction.PERSONNEL
    return UnitFunction.NONE


_ESELON = (
    (r"sekretaris daerah", "II.a"),
    (r"asisten |staf ahli|inspektur (?!pembantu)|inspektur$|sekretaris dprd|sekretaris dewan", "II.b"),
    (r"kepala (dinas|badan|satuan polisi|pelaksana)", "II.b"),
    (r"camat |kepala bagian|kepala kantor|inspektur pembantu", "III.a"),
    (r"kepala bidang|sekretaris kecamatan", "III.b"),
    (r"sekretaris (dinas|badan|inspektorat|satuan)", "III.a"),
    (r"lurah |kepala (subbagian|subbidang|seksi)", "IV.a"),
)


def eselon(position: str, government: str) -> str:
    """The usual eselon of a structural post of a regency or city (PP 18/2016); "" for others and provinces."""
    text = plain(position)
    if "provinsi" in words(government):
        return ""
    return next((level for pattern, level in _ESELON if re.match(pattern, text)), "")


_LEVEL = re.compile(r"\b(ahli (?:pertama|muda|madya|utama)|terampil|mahir|penyelia|pemula)\b", re.IGNORECASE)


def functional_level(position: str) -> str:
    """The *jenjang* in the name of a functional post: "Guru Ahli Pertama" has "ahli pertama"."""
    match = _LEVEL.search(position)
    return match[1].lower() if match else ""
