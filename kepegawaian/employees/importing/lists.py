"""The closed lists of a staff file: what people write for sex, status, legal state and kind of position.

Pure; all other cells are read by `kepegawaian.work.cells`.
"""

from django.utils.translation import gettext_noop as _

from kepegawaian.employees.enums import AsnStatus, LegalState, PositionKind, Sex
from kepegawaian.work.cells import Wrong, text_of, words
from kepegawaian.work.reading import Cell

_SEX = {
    Sex.MALE: ("m", "l", "lk", "pria", "laki laki", "laki", "male", "1"),
    Sex.FEMALE: ("f", "p", "pr", "w", "wanita", "perempuan", "female", "2"),
}
_SEX_WORDS = {word: sex for sex, names in _SEX.items() for word in names}


def sex(cell: Cell) -> Sex | Wrong | None:
    text = text_of(cell)
    if not text:
        return None
    return _SEX_WORDS.get(words(text), Wrong(_("Jenis kelamin tidak dikenal: gunakan M atau F.")))


def status(cell: Cell, probation: Cell = None) -> AsnStatus | Wrong | None:
    """STATUS ASN, with STATUS CPNS PNS ("C" or "P") beside it."""
    word = words(text_of(cell))
    if words(text_of(probation)) in ("c", "cpns") and word in ("", "pns", "pns daerah", "pns pusat", "cpns"):
        return AsnStatus.CPNS
    if not text_of(cell):
        return AsnStatus.PNS if words(text_of(probation)) in ("p", "pns") else None
    if word.startswith(("pppk", "p3k")):
        return AsnStatus.PPPK_PART_TIME if "paruh" in word or word.endswith(" pw") else AsnStatus.PPPK
    if word.startswith("cpns"):
        return AsnStatus.CPNS
    if word.startswith("pns"):
        return AsnStatus.PNS
    if word.startswith("pejabat negara"):
        return AsnStatus.OFFICIAL
    return Wrong(_("Status ASN tidak dikenal: gunakan PNS, CPNS, atau PPPK."))


# By word, in this order: "berhenti tanpa hak pensiun" must not be taken for a pension.
_LEGAL_WORDS = (
    ("pemberhentian sementara", LegalState.SUSPENDED),
    ("diberhentikan sementara", LegalState.SUSPENDED),
    ("tanpa hak pensiun", LegalState.ENDED),
    ("luar tanggungan", LegalState.CLTN),
    ("cltn", LegalState.CLTN),
    ("tugas belajar", LegalState.STUDY),
    ("uang tunggu", LegalState.WAITING_PAY),
    ("pejabat negara", LegalState.STATE_OFFICIAL),
    ("masa persiapan pensiun", LegalState.MPP),
    ("mpp", LegalState.MPP),
    ("hak pensiun", LegalState.RETIRED),
    ("mencapai bup", LegalState.RETIRED),
    ("pensiun", LegalState.RETIRED),
    ("diberhentikan", LegalState.ENDED),
    ("berhenti", LegalState.ENDED),
    ("pembatalan nip", LegalState.ENDED),
    ("tms pengadaan", LegalState.ENDED),
    ("meninggal", LegalState.ENDED),
    ("punah", LegalState.ENDED),
    ("hilang", LegalState.ENDED),
    # They serve on, under a penalty or lent to another agency.
    ("hukuman disiplin", LegalState.ACTIVE),
    ("penurunan jabatan", LegalState.ACTIVE),
    ("titipan", LegalState.ACTIVE),
    ("prajurit wajib", LegalState.OTHER),
    ("kepala desa", LegalState.OTHER),
    ("banding", LegalState.OTHER),
    ("pengungsi", LegalState.OTHER),
    ("lainnya", LegalState.OTHER),
)
_CODES_OF_STATE = {
    LegalState.ACTIVE: "01 11 15 16",
    LegalState.CLTN: "02 13",
    LegalState.STUDY: "03",
    LegalState.SUSPENDED: "04",
    LegalState.WAITING_PAY: "05",
    LegalState.STATE_OFFICIAL: "07",
    LegalState.OTHER: "06 08 09 12",
    LegalState.ENDED: "14 66 67 69 70 77",
    LegalState.MPP: "20",
    LegalState.RETIRED: "88 98 99",
}
_SIASN_LEGAL = {code: state for state, codes in _CODES_OF_STATE.items() for code in codes.split()}
UNKNOWN_LEGAL = _("Kedudukan hukum tidak dikenal.")


def legal_state(cell: Cell, siasn_code: Cell = None) -> LegalState | Wrong | None:
    """By word. The code counts only where no word is given, and only in SIASN's own numbering."""
    word = words(text_of(cell))
    if not text_of(cell):
        code = text_of(siasn_code)
        return (_SIASN_LEGAL.get(code.zfill(2)) or Wrong(UNKNOWN_LEGAL)) if code else None
    if word in ("aktif", "active", "pns aktif", "pppk aktif", "cpns aktif"):
        return LegalState.ACTIVE
    return next((state for known, state in _LEGAL_WORDS if known in word), Wrong(UNKNOWN_LEGAL))


_POSITION_CODES = {"1": PositionKind.STRUCTURAL, "2": PositionKind.FUNCTIONAL, "4": PositionKind.EXECUTIVE}


def position_kind(code: Cell, name: Cell = None) -> PositionKind | Wrong | None:
    """SIASN's jenisJabatan 1, 2, 4, or its name (records reference section 4)."""
    text = text_of(code) or text_of(name)
    if not text:
        return None
    word = words(text)
    if word in _POSITION_CODES:
        return _POSITION_CODES[word]
    if "pelaksana" in word or "umum" in word or word == "jfu":
        return PositionKind.EXECUTIVE
    if word == "kepala daerah":
        return PositionKind.OFFICIAL
    if "fungsional" in word or word in ("jf", "jft"):
        return PositionKind.FUNCTIONAL
    if "struktural" in word or word.startswith(
        ("jpt", "pimpinan tinggi", "administrator", "pengawas", "jabatan pimpinan")
    ):
        return PositionKind.STRUCTURAL
    return Wrong(_("Jenis jabatan tidak dikenal: gunakan 1, 2, atau 4."))
