"""What the part "ratings" adds to the core: evaluations, results of units, objections."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations import sections_ratings
from evaluations.permissions.ratings import can_calibrate
from evaluations.services import objections, organisation, ratings_steps
from evaluations.services.ratings import bulk_sign
from kepegawaian.audit.registry import register_verbs
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.ui import shell
from kepegawaian.work.registry import ItemKind, register_bulk_action, register_kind

VERBS = {
    "evaluations.period_opened": _("Membuka evaluasi satu periode"),
    "evaluations.draft_saved": _("Menyimpan draf penilaian kinerja"),
    "evaluations.evaluation_assess": _("Menilai kinerja"),
    "evaluations.evaluation_reopen": _("Membuka kembali penilaian kinerja"),
    "evaluations.evaluation_sign": _("Menandatangani evaluasi kinerja"),
    "evaluations.evaluation_receive": _("Menyatakan sudah membaca evaluasi kinerja"),
    "evaluations.evaluation_replace": _("Mengganti evaluasi kinerja karena putusan keberatan"),
    "evaluations.evaluation_hand_over": _("Memindahkan evaluasi kinerja ke pejabat penilai lain"),
    "evaluations.organisation_set": _("Menetapkan capaian kinerja organisasi"),
    "evaluations.distribution_explained": _("Menuliskan alasan pola distribusi"),
    "evaluations.objection_filed": _("Mengajukan keberatan atas evaluasi kinerja"),
    "evaluations.objection_withdraw": _("Mencabut keberatan atas evaluasi kinerja"),
    "evaluations.objection_stated": _("Menulis keterangan dalam keberatan"),
    "evaluations.objection_hear": _("Mendengar kedua pihak dalam keberatan"),
    "evaluations.objection_keep": _("Memutus keberatan: hasil tetap"),
    "evaluations.objection_alter": _("Memutus keberatan: hasil diubah"),
    "evaluations.objection_handed_over": _("Memindahkan keberatan ke pejabat lain"),
    "evaluations.objection_named": _("Menunjuk pejabat yang memutus keberatan"),
}


def objection_line(context: Mapping[str, Any]) -> str:
    """Under the name in the inbox; HR is told what it waits for."""
    said = str(context.get("line", ""))
    return f"{said} · {_('tunjuk pejabat yang memutus')}" if context.get("unnamed") else said


def _leads(request: HttpRequest) -> bool:
    return bool(headed_paths(request.user))


def _calibrates(request: HttpRequest) -> bool:
    return bool(can_calibrate(request.user))


def _to_read(context: Mapping[str, Any]) -> str:
    """Under the period in the inbox."""
    return gettext("Baca hasilnya, lalu nyatakan sudah membaca; masa keberatan dihitung dari situ.")


ENTRIES = (
    shell.MenuEntry(
        shell.TEAM,
        _("Penilaian tim"),
        "evaluations:open_evaluations",
        "clipboard-document-check",
        visible=_leads,
        order=40,
        hint=_("Nilai dan tandatangani evaluasi tim Anda."),
    ),
    shell.MenuEntry(
        shell.TEAM,
        _("Capaian organisasi"),
        "evaluations:organisation",
        "building-office",
        visible=_leads,
        order=45,
        hint=_("Hasil unit di bawah Anda, dasar pola distribusi."),
    ),
    shell.MenuEntry(
        shell.OFFICE,
        _("Kalibrasi kinerja"),
        "evaluations:calibration",
        "chart-bar",
        visible=_calibrates,
        order=320,
        hint=_("Pola predikat antarunit, berdampingan."),
    ),
)


def register() -> None:
    """Called once, from the package's `register`."""
    for entry in ENTRIES:
        shell.register(entry)
    sections_ratings.register()
    register_verbs(VERBS)
    register_kind(ItemKind(ratings_steps.ITEM, _("Penilaian kinerja"), "clipboard-document-check"))
    register_kind(ItemKind(ratings_steps.ITEM_READ, _("Hasil evaluasi"), "document-check", line=_to_read))
    register_kind(ItemKind(organisation.ITEM, _("Capaian organisasi"), "building-office"))
    register_kind(ItemKind(objections.ITEM, _("Keberatan atas evaluasi"), "scale", line=objection_line))
    register_bulk_action(ratings_steps.ITEM, "sign", _("Tandatangani yang sudah dinilai"), bulk_sign)
