"""Who may import. A file may name people of any unit, so the right must hold for the whole government."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.importing import registry
from kepegawaian.employees.importing.layouts import Layout
from kepegawaian.employees.models.imports import ImportBatch, ImportState, holds_everywhere
from kepegawaian.lib.access import ALLOWED, Answer, Denied

NOT_IMPORTER = Denied(_("Impor hanya untuk pengelola kepegawaian seluruh instansi."))
NOT_IN_PREVIEW = Denied(_("Impor ini tidak sedang menunggu konfirmasi."))
NOTHING_TO_SAVE = Denied(_("Tidak ada baris yang perlu disimpan."))
NOT_CANCELLABLE = Denied(_("Impor ini tidak dapat dibatalkan lagi."))
NOT_STUCK = Denied(_("Impor ini tidak terhenti."))


def layouts_for(user: Any) -> list[type[Layout]]:
    """The layouts that `user` may import; no user (the command line) may use all."""
    return [layout for layout in registry.layouts() if user is None or holds_everywhere(user, layout.right)]


def can_import(user: Any) -> Answer:
    return ALLOWED if layouts_for(user) else NOT_IMPORTER


def _holds(user: Any, batch: ImportBatch) -> bool:
    return user is None or holds_everywhere(user, batch.right)


def can_confirm(user: Any, batch: ImportBatch) -> Answer:
    if not _holds(user, batch):
        return NOT_IMPORTER
    if batch.state != ImportState.PREVIEW:
        return NOT_IN_PREVIEW
    return ALLOWED if batch.counts.get("new", 0) + batch.counts.get("changed", 0) else NOTHING_TO_SAVE


def can_cancel(user: Any, batch: ImportBatch) -> Answer:
    """Anything not yet being saved; a saving that has stopped too, since nothing of it was written."""
    if not _holds(user, batch):
        return NOT_IMPORTER
    open_states = (ImportState.READING, ImportState.PREVIEW)
    return ALLOWED if batch.state in open_states or batch.is_stuck else NOT_CANCELLABLE


def can_retry(user: Any, batch: ImportBatch) -> Answer:
    if not _holds(user, batch):
        return NOT_IMPORTER
    return ALLOWED if batch.is_stuck else NOT_STUCK
