"""The protected channel: its officers alone, and of a report nobody whom it names or whose unit it accuses."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.models import WhistleReport
from feedback.models.whistle import may_read_reports
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right, roles_with
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.dates import today
from kepegawaian.units.models import RoleAssignment

NOT_OFFICER = Denied(_("Halaman ini hanya untuk petugas yang ditunjuk."))
NOT_YOURS = Denied(_("Laporan ini dipegang petugas lain. Ambil alih dahulu bila Anda yang melanjutkan."))


def can_open_desk(user: Any) -> Answer:
    return ALLOWED if may_read_reports(user) else NOT_OFFICER


def can_see(user: Any, report: WhistleReport) -> Answer:
    """Asked again by every verb: whom a report names meanwhile does not handle it any more."""
    return ALLOWED if WhistleReport.objects.visible_to(user).filter(pk=report.pk).exists() else NOT_OFFICER


def can_handle(user: Any, report: WhistleReport) -> Answer:
    """One officer at a time, so that as few people as possible read a report."""
    answer = can_see(user, report)
    return NOT_YOURS if answer and report.officer_id != user.pk else answer


def officers() -> list[User]:
    """The special unit, in the order of their appointment."""
    rows = RoleAssignment.objects.in_force(today()).filter(
        role__in=roles_with(Right.HANDLE_WHISTLE), user__is_active=True
    )
    people = {row.user.pk: row.user for row in rows.select_related("user").order_by("valid_from", "id")}
    return [user for user in people.values() if may_read_reports(user)]


def officers_for(report: WhistleReport, people: Iterable[User] | None = None) -> list[User]:
    """Those who may handle this one."""
    return [user for user in (officers() if people is None else people) if can_see(user, report)]
