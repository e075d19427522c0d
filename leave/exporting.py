"""The list of requests as a sheet: what the filters give."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.work.sheets import Column, SheetExport
from leave import permissions, selectors
from leave.drawing import status_of
from leave.enums import LeaveType
from leave.filters import OfficeFilter
from leave.models import LeaveRequest

COLUMNS: list[Column] = [
    (_("NIP"), lambda filed: filed.employee.current_nip),
    (_("Nama"), lambda filed: filed.employee.full_name),
    (_("Jabatan"), lambda filed: filed.employee.current_position),
    (_("Unit"), lambda filed: str(filed.employee.current_unit or "")),
    (_("Jenis cuti"), lambda filed: str(LeaveType(filed.type).label)),
    (_("Mulai tanggal"), lambda filed: filed.start),
    (_("Sampai tanggal"), lambda filed: filed.end),
    (_("Hari kerja"), lambda filed: filed.charged_days),
    (_("Status"), lambda filed: str(status_of(filed).label)),
    (_("Diajukan"), lambda filed: timezone.localdate(filed.submitted_at) if filed.submitted_at else ""),
    (_("Diputus"), lambda filed: timezone.localdate(filed.decided_at) if filed.decided_at else ""),
]


def selection(query: str, user: Any) -> QuerySet[LeaveRequest]:
    """The requests of the list at `?query`, in the scope of who asks for the sheet."""
    asked = QueryDict(query)
    return OfficeFilter(asked).requests(selectors.team_requests(user), sort=asked.get("sort", "") or "")


REQUESTS = SheetExport(
    job="leave.export",
    verb="leave.exported",
    subject="leave.leaverequest",
    stem="cuti",
    title=_("Cuti"),
    columns=COLUMNS,
    selection=selection,
    may=permissions.can_oversee,
)
