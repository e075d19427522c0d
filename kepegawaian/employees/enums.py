"""Closed lists of the personnel records, with the codes that SIASN uses (records reference sections 1-4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kepegawaian.lib.looks import Looks


class AsnStatus(models.TextChoices):
    CPNS = "cpns", "CPNS"
    PNS = "pns", "PNS"
    PPPK = "pppk", "PPPK"
    PPPK_PART_TIME = "pppk_pw", _("PPPK paruh waktu")
    OFFICIAL = "official", _("Pejabat negara")


class NumberKind(models.TextChoices):
    NIP = "nip", "NIP"
    NI_PPPK = "ni_pppk", "NI PPPK"
    OLD_NIP = "old_nip", _("NIP lama")


class Sex(models.TextChoices):
    MALE = "M", _("Laki-laki")
    FEMALE = "F", _("Perempuan")


_LEGAL_LOOK = {
    "active": ("success", "check-circle"),
    "cltn": ("wait", "pause-circle"),
    "study": ("info", "academic-cap"),
    "suspended": ("danger", "no-symbol"),
    "waiting_pay": ("wait", "banknotes"),
    "state_official": ("info", "building-library"),
    "mpp": ("info", "clock"),
    "ended": ("neutral", "x-circle"),
    "retired": ("neutral", "archive-box"),
    "other": ("neutral", "information-circle"),
}
"""Tone and icon of each state: the same word looks the same everywhere."""


class LegalState(Looks, models.TextChoices, looks=_LEGAL_LOOK):
    """*Kedudukan hukum*, mapped by word, never by number (records reference section 2)."""

    ACTIVE = "active", _("Aktif")
    CLTN = "cltn", "CLTN"
    STUDY = "study", _("Tugas belajar")
    SUSPENDED = "suspended", _("Pemberhentian sementara")
    WAITING_PAY = "waiting_pay", _("Penerima uang tunggu")
    STATE_OFFICIAL = "state_official", _("Pejabat negara")
    MPP = "mpp", _("Masa persiapan pensiun")
    ENDED = "ended", _("Berhenti")
    RETIRED = "retired", _("Pensiun")
    OTHER = "other", pgettext_lazy("kind", "Lainnya")


ACTIVE_STATES = (LegalState.ACTIVE, LegalState.STUDY, LegalState.STATE_OFFICIAL, LegalState.MPP)


class RankScheme(models.TextChoices):
    PNS = "pns", "PNS"
    PPPK = "pppk", "PPPK"


class PositionKind(models.TextChoices):
    STRUCTURAL = "structural", _("Struktural")
    FUNCTIONAL = "functional", _("Fungsional")
    EXECUTIVE = "executive", _("Pelaksana")
    OFFICIAL = "official", _("Kepala daerah")


class HoldingKind(models.TextChoices):
    """Plt (post vacant) and Plh (holder away) are extra rows, never a replacement for the definitive post."""

    DEFINITIVE = "definitive", _("Definitif")
    PLT = "plt", _("Pelaksana tugas (Plt.)")
    PLH = "plh", _("Pelaksana harian (Plh.)")
