"""What every verb of leave does first and last: one transaction, locked rows, refusals in words."""

from typing import Any

from django.utils.translation import gettext as _

from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, Problem, RuleRefused, StateChanged
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.verbs import constraint_of, verb_of
from leave import rules
from leave.models import LeaveRequest
from leave.permissions import NOT_ONESELF


def in_words(error: Exception) -> Exception:
    """The refusal behind a constraint; the error itself where no constraint of leave is behind it."""
    name = constraint_of(error)
    if name == "no_overlapping_leave":
        return refused(rules.Rule.OVERLAP, _("Anda sudah mempunyai cuti pada tanggal itu."), field="start")
    if name == "leave_balance_not_below_zero":
        return refused(rules.Rule.BALANCE, _("Sisa cuti tidak mencukupi."), field="end")
    if name in ("one_open_step_a_request", "one_charge_a_day", "leave_leaverequest_pkey"):
        return StateChanged(_("Permohonan ini baru saja diproses orang lain. Muat ulang halaman."))
    if "nobody decides on himself" in str(error):
        return PermissionRefused(NOT_ONESELF)
    return error


verb = verb_of(in_words)


def refused(rule: rules.Rule, message: str, *, field: str = "") -> RuleRefused:
    return RuleRefused([Problem(message, rule=rule.value, article=str(rules.LOCAL_SETTING), field=field)])


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
