"""What every verb of leave does first and last: one transaction, locked rows, refusals in words."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kepegawaian.lib.access import Answer, Denied
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, Problem, RuleRefused, StateChanged
from kepegawaian.lib.prepared import Prepared, Slots
from leave import rules
from leave.models import LeaveRequest
from leave.permissions import NOT_ONESELF

P = ParamSpec("P")
R = TypeVar("R")


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """One transaction; what PostgreSQL refuses comes out as the sentence the rules would have given."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError as error:
            raise in_words(error) from error

    return wrapper


def in_words(error: IntegrityError) -> Exception:
    """The refusal behind a constraint; the error itself where no constraint of leave is behind it."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name == "no_overlapping_leave":
        return refused(rules.Rule.OVERLAP, _("Anda sudah mempunyai cuti pada tanggal itu."), field="start")
    if name == "leave_balance_not_below_zero":
        return refused(rules.Rule.BALANCE, _("Sisa cuti tidak mencukupi."), field="end")
    if name in ("one_open_step_a_request", "one_charge_a_day", "leave_leaverequest_pkey"):
        return StateChanged(_("Permohonan ini baru saja diproses orang lain. Muat ulang halaman."))
    if "nobody decides on himself" in str(error):
        return PermissionRefused(NOT_ONESELF)
    return error


def refused(rule: rules.Rule, message: str, *, field: str = "") -> RuleRefused:
    return RuleRefused([Problem(message, rule=rule.value, article=str(rules.LOCAL_SETTING), field=field)])


def require(answer: Answer) -> None:
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)


def require_fields(wanted: Iterable[tuple[str, object, str]]) -> None:
    """(field, value, sentence) for what may not be empty."""
    problems = [Problem(sentence, rule="required", field=field) for field, value, sentence in wanted if not value]
    if problems:
        raise RuleRefused(problems)


def _request_to_lock(slot: Slots) -> Any:
    rows = LeaveRequest.objects.select_related("employee__leave_account", "employee__user").filter(
        pk=slot("pk"), employee__leave_account__isnull=False
    )
    return rows.select_for_update(of=("self", "employee__leave_account"))


_LOCKED: Prepared[LeaveRequest] = Prepared(_request_to_lock)


def locked_request(request: LeaveRequest) -> LeaveRequest:
    """The request with its applicant, both the leave account and the request locked, in one statement.

    No table more than every verb needs: planning six joins takes the database longer than reading them.
    """
    found = _LOCKED.first(pk=request.pk)
    if found is None:
        raise ApplicationError(_("Permohonan ini tidak ditemukan."), status=404)
    return found


def check_version(request: LeaveRequest, version: int | None) -> None:
    """Nobody decides on what he did not see: `version` is that of the page or of the API body he read."""
    if version is not None and version != request.version:
        raise StateChanged(_("Permohonan ini berubah sejak Anda membukanya. Baca lagi sebelum memutuskan."))
