"""What every verb of a case does first and last: one transaction, the case locked, refusals in words."""

import functools
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.models import Case
from kepegawaian.lib.access import Answer, Denied
from kepegawaian.lib.exceptions import (
    ApplicationError,
    PermissionRefused,
    Problem,
    RuleRefused,
    StateChanged,
)

P = ParamSpec("P")
R = TypeVar("R")
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


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """One transaction; what PostgreSQL refuses comes out as the sentence that the rules would have given."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError as error:
            name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
            if name not in _SENTENCES:
                raise
            raise StateChanged(_SENTENCES[name]) from error

    return wrapper


def require(answer: Answer) -> None:
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)


def refuse(message: Text, *, field: str = "", rule: str = "required") -> RuleRefused:
    return RuleRefused([Problem(message, rule=rule, field=field)])


def require_text(wanted: Iterable[tuple[str, str, Text]]) -> None:
    """(field, text, sentence) for what may not be empty."""
    problems = [
        Problem(message, rule="required", field=name) for name, text, message in wanted if not text.strip()
    ]
    if problems:
        raise RuleRefused(problems)


def locked(case: Case) -> Case:
    """The case as it is now, its row locked, with units and officer."""
    rows = Case.objects.select_related("unit", "holder_unit", "service", "officer").filter(pk=case.pk)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise ApplicationError(_("Laporan ini tidak ditemukan."), status=404)
    return found


def check_version(case: Case, version: int | None) -> None:
    """Nobody decides on what he did not see: `version` is that of the page he read."""
    if version is not None and version != case.version:
        raise StateChanged(_("Laporan ini berubah sejak Anda membukanya. Baca lagi sebelum meneruskan."))
