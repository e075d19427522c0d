"""What every verb of a case does first and last: one transaction, the case locked, refusals in words."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.models import Case
from kepegawaian.lib.exceptions import (
    ApplicationError,
    Problem,
    RuleRefused,
    StateChanged,
)
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.verbs import changed_in_words, verb_of

Text = str | Promise
_FASTER = _("Laporan ini baru saja diproses orang lain. Muat ulang halaman.")
_SENTENCES: dict[str, Text] = {
    "one_step_a_version": _FASTER,
    "one_running_clock_a_phase": _FASTER,
    "one_open_pause": _FASTER,
    "one_whistle_step_a_version": _FASTER,
    "one_whistle_message_a_place": _FASTER,
    "one_merge_in_force": _("Laporan ini sudah digabung dengan laporan lain."),
    "one_open_answer_a_case": _("Sudah ada konsep jawaban untuk laporan ini. Muat ulang halaman."),
    "one_open_identity_request": _("Anda sudah meminta identitas pelapor ini; tunggu keputusannya."),
}

verb = verb_of(changed_in_words(_SENTENCES))


def refuse(message: Text, *, field: str = "", rule: str = "required") -> RuleRefused:
    return RuleRefused([Problem(message, rule=rule, field=field)])


_LOCKED: Prepared[Case] = Prepared(
    lambda slot: (
        Case.objects.select_related("unit", "holder_unit", "service", "officer")
        .filter(pk=slot("pk"))
        .select_for_update(of=("self",))
    )
)


_handed_on: ContextVar[Case | None] = ContextVar("case_handed_on", default=None)


@contextlib.contextmanager
def handed_on(case: Case) -> Iterator[None]:
    """The first verb inside that locks this case takes it as it was just read under the lock."""
    token = _handed_on.set(case)
    try:
        yield
    finally:
        _handed_on.reset(token)


def locked(case: Case) -> Case:
    """The case as it is now, its row locked, with units and officer."""
    known = _handed_on.get()
    if known is not None and known.pk == case.pk:
        _handed_on.set(None)  # once: what a verb has changed is read anew
        return known
    found = _LOCKED.first(pk=case.pk)
    if found is None:
        raise ApplicationError(_("Laporan ini tidak ditemukan."), status=404)
    return found


def check_version(case: Case, version: int | None) -> None:
    """Nobody decides on what he did not see: `version` is that of the page he read."""
    if version is not None and version != case.version:
        raise StateChanged(_("Laporan ini berubah sejak Anda membukanya. Baca lagi sebelum meneruskan."))
