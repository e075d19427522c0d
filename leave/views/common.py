"""What the pages of leave share: who asks, which request, which files hang on it."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from kepegawaian.documents.models import StoredFile
from kepegawaian.documents.services import store_file
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.lib.prepared import Prepared
from leave.models import LeaveRequest
from leave.permissions import NO_RECORD

_OWN: Prepared[Employee] = Prepared(
    lambda slot: Employee.objects.select_related("current_unit", "leave_account").filter(user_id=slot("user"))
)
FILES_OF = LeaveRequest._meta.label_lower


def find_own(user: Any) -> Employee | None:
    """The employee behind a user, asked once a request and kept on the user object."""
    if not hasattr(user, "_own_employee"):
        user._own_employee = _OWN.first(user=user.pk)
    employee: Employee | None = user._own_employee
    return employee


def own_employee(request: HttpRequest) -> Employee:
    """Raises PermissionRefused for accounts that belong to no employee."""
    employee = find_own(request.user)
    if employee is None:
        raise PermissionRefused(NO_RECORD)
    return employee


def visible_requests(user: Any) -> QuerySet[LeaveRequest]:
    rows = LeaveRequest.objects.visible_to(user)
    return rows.select_related("employee__user", "employee__current_unit", "stand_in")


def visible_request(request: HttpRequest, pk: uuid.UUID) -> LeaveRequest:
    found: LeaveRequest = get_object_or_404(visible_requests(request.user), pk=pk)
    return found


def require_own_key(key: uuid.UUID, employee: Employee) -> None:
    """A page names its draft before it exists; a name that is somebody else's request is not found."""
    if LeaveRequest.objects.filter(pk=key).exclude(employee=employee).exists():
        raise Http404


def files_of(key: uuid.UUID | None) -> list[StoredFile]:
    if key is None:
        return []
    return list(StoredFile.objects.filter(subject_type=FILES_OF, subject_id=key).order_by("id"))


def keep_upload(upload: Any, key: uuid.UUID, *, actor: Any, known: Iterable[StoredFile]) -> StoredFile:
    """Store an upload for a request, once: the same content sent again is the file that is there already."""
    digest = hashlib.sha256(b"".join(upload.chunks())).hexdigest()
    upload.seek(0)
    same = next((file for file in known if file.sha256 == digest), None)
    return same or store_file(upload=upload, subject=(FILES_OF, key), actor=actor)
