"""Roles and what each may do, in one table. Superior and decider are no roles: they follow from positions."""

from enum import StrEnum
from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    EMPLOYEE = "employee", _("Pegawai")
    HR_UNIT = "hr_unit", _("Pengelola kepegawaian unit")
    HR_CENTRAL = "hr_central", _("Pengelola kepegawaian BKPSDM")
    COMPLAINT_ADMIN = "complaint_admin", _("Admin pengaduan")
    COMPLAINT_LIAISON = "complaint_liaison", _("Pejabat penghubung pengaduan")
    LEADER = "leader", _("Pimpinan")
    INSPECTOR = "inspector", _("Inspektorat")
    WHISTLE_OFFICER = "whistle_officer", _("Petugas kanal pelanggaran (WBS)")
    ADMIN = "admin", _("Admin")
    CITIZEN = "citizen", _("Warga")


class Right(StrEnum):
    VIEW_RECORDS = "view_records"
    EDIT_RECORDS = "edit_records"
    VIEW_RESTRICTED = "view_restricted"
    IMPORT_RECORDS = "import_records"
    PRINT_ACTIVATION = "print_activation"
    MANAGE_UNITS = "manage_units"
    MANAGE_CALENDAR = "manage_calendar"
    VIEW_LEAVE = "view_leave"
    CHECK_LEAVE = "check_leave"
    MANAGE_LEAVE = "manage_leave"
    VIEW_AUDIT = "view_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    HANDLE_COMPLAINTS = "handle_complaints"
    ANSWER_COMPLAINTS = "answer_complaints"
    VIEW_COMPLAINTS = "view_complaints"
    DECIDE_IDENTITY = "decide_identity"
    HANDLE_WHISTLE = "handle_whistle"
    MANAGE_FORUMS = "manage_forums"
    MANAGE_SURVEYS = "manage_surveys"
    MANAGE_STAFF_SURVEYS = "manage_staff_surveys"
    VIEW_PERFORMANCE = "view_performance"
    MANAGE_PERFORMANCE = "manage_performance"


PERSONNEL_RIGHTS = frozenset(
    {
        Right.VIEW_RECORDS,
        Right.EDIT_RECORDS,
        Right.VIEW_RESTRICTED,
        Right.IMPORT_RECORDS,
        Right.PRINT_ACTIVATION,
        Right.MANAGE_UNITS,
        Right.MANAGE_CALENDAR,
        Right.VIEW_LEAVE,
        Right.CHECK_LEAVE,
        Right.MANAGE_LEAVE,
        Right.MANAGE_ACCOUNTS,
        Right.MANAGE_STAFF_SURVEYS,
        Right.VIEW_PERFORMANCE,
        Right.MANAGE_PERFORMANCE,
    }
)

RIGHTS: dict[str, frozenset[Right]] = {
    Role.EMPLOYEE: frozenset(),
    Role.HR_UNIT: frozenset(
        {
            Right.VIEW_RECORDS,
            Right.VIEW_RESTRICTED,
            Right.PRINT_ACTIVATION,
            Right.VIEW_LEAVE,
            Right.CHECK_LEAVE,
            Right.MANAGE_ACCOUNTS,
            Right.VIEW_PERFORMANCE,
            Right.MANAGE_PERFORMANCE,
        }
    ),
    Role.HR_CENTRAL: PERSONNEL_RIGHTS,
    Role.COMPLAINT_ADMIN: frozenset(
        {
            Right.HANDLE_COMPLAINTS,
            Right.VIEW_COMPLAINTS,
            Right.DECIDE_IDENTITY,
            Right.MANAGE_FORUMS,
            Right.MANAGE_SURVEYS,
        }
    ),
    Role.COMPLAINT_LIAISON: frozenset(
        {Right.ANSWER_COMPLAINTS, Right.VIEW_COMPLAINTS, Right.MANAGE_FORUMS, Right.MANAGE_SURVEYS}
    ),
    Role.LEADER: frozenset({Right.VIEW_RECORDS, Right.VIEW_LEAVE, Right.VIEW_COMPLAINTS, Right.VIEW_PERFORMANCE}),
    Role.INSPECTOR: frozenset(
        {
            Right.VIEW_RECORDS,
            Right.VIEW_LEAVE,
            Right.VIEW_AUDIT,
            Right.VIEW_PERFORMANCE,
            Right.VIEW_COMPLAINTS,
            Right.DECIDE_IDENTITY,
        }
    ),
    Role.WHISTLE_OFFICER: frozenset({Right.HANDLE_WHISTLE}),
    Role.ADMIN: frozenset({Right.MANAGE_ACCOUNTS, Right.MANAGE_CALENDAR, Right.MANAGE_UNITS, Right.VIEW_AUDIT}),
    Role.CITIZEN: frozenset(),
}
"""HR, liaison and leader roles carry a unit whose subtree is their scope; without a unit: the whole government."""


@cache
def roles_with(right: Right) -> frozenset[str]:
    return frozenset(role for role, rights in RIGHTS.items() if right in rights)
