"""The official form as a numbered PDF, made by a worker after the grant (leave reference 5.1)."""

import datetime
import uuid
from collections import Counter
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kepegawaian.documents.models import IssuedDocument
from kepegawaian.documents.services import issue_document
from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import office_of
from kepegawaian.lib.ui.formatting import long_day, moment, nip
from kepegawaian.work.jobs import JobRun
from leave import notifications
from leave.enums import LeaveType, Outcome, RequestState, StepKind
from leave.ledger import current_setting
from leave.models import LeaveRequest, LeaveStep
from leave.selectors.balance import balance_of
from leave.services.guards import locked_request, verb

KIND = "leave.form"
TEMPLATE = "leave/pdf/form.typ"
FORM_TYPES = (LeaveType.CT, LeaveType.CB, LeaveType.CS, LeaveType.CM, LeaveType.CAP, LeaveType.CLTN)


def write_letter(run: JobRun) -> dict[str, Any]:
    """The job: issue the form of a granted request, once however often it runs."""
    request = LeaveRequest.objects.get(pk=uuid.UUID(run.arguments["request"]))
    with translation.override("id"):
        document = issue_letter(request=request)
    return {"document": str(document.pk) if document else ""}


@verb
def issue_letter(*, request: LeaveRequest) -> IssuedDocument | None:
    """None where the request is not granted (any more)."""
    request = locked_request(request)
    issued = letter_of(request)
    if issued is not None or request.state != RequestState.GRANTED:
        return issued
    unit = request.employee.current_unit
    if unit is None:
        return None
    document = issue_document(
        kind=KIND,
        subject=request,
        unit=office_of(unit),
        facts=public_facts(request),
        template=TEMPLATE,
        data=form_data(request),
        number_template=current_setting().letter_number_template,
    )
    notifications.tell(notifications.LetterIssued, request, [request.employee.user], number=document.number)
    return document


def letter_of(request: LeaveRequest) -> IssuedDocument | None:
    rows = IssuedDocument.objects.filter(
        subject_type=request._meta.label_lower, subject_id=request.pk, kind=KIND, revoked_at=None
    )
    return rows.select_related("file").first()


def public_facts(request: LeaveRequest) -> dict[str, str]:
    """What anybody with the QR code may read: enough to check the paper, no reason and no address."""
    boxes = filled_boxes(request)
    decision = boxes[StepKind.DECISION]
    return {
        "Nama": request.employee.full_name,
        "Unit kerja": str(request.employee.current_unit or ""),
        "Cuti": str(LeaveType(request.type).label),
        "Tanggal": f"{long_day(request.start)} s/d {long_day(request.end)}",
        "Diputuskan oleh": f"{decision.acted_by} ({decision.capacity})" if decision.capacity else "",
        "Diputuskan pada": moment(decision.closed_at),
    }


def filled_boxes(request: LeaveRequest) -> dict[str, LeaveStep]:
    """The last filled box of each kind."""
    steps = request.steps.filter(acted_by__isnull=False).order_by("id")
    rows = steps.select_related("acted_by__employee", "principal")
    return {step.kind: step for step in rows}


def form_data(request: LeaveRequest) -> dict[str, Any]:
    boxes = filled_boxes(request)
    employee, setting = request.employee, current_setting()
    decision = boxes[StepKind.DECISION]
    return {
        "form_label": setting.form_label,
        "place": settings.REGION_SHORT_NAME,
        "date_text": long_day(timezone.localdate()),
        "addressee": decision.capacity or str(decision.acted_by),
        "employee": {
            "name": employee.full_name,
            "nip": nip(employee.current_nip),
            "post": employee.current_position,
            "service": service_length(employee, request.start),
            "unit": str(employee.current_unit or ""),
        },
        "types": [
            {"number": number, "label": str(kind.label), "chosen": kind == request.type}
            for number, kind in enumerate(FORM_TYPES, start=1)
        ],
        "outcomes": [{"code": code, "label": str(label).upper()} for code, label in Outcome.choices],
        "reason": request.reason,
        "days": request.charged_days,
        "start_text": long_day(request.start),
        "end_text": long_day(request.end),
        "notes": _notes(request),
        "other": ["-"] * 5,
        "address": request.address,
        "phone": request.phone,
        "submitted_at": moment(request.submitted_at),
        "opinion": _box(boxes[StepKind.OPINION]),
        "decision": _box(decision),
    }


def service_length(employee: Employee, on: datetime.date) -> str:
    """*Masa kerja* in whole years and months."""
    start = employee.tmt_cpns or employee.contract_start
    if start is None or start > on:
        return "-"
    months = (on.year - start.year) * 12 + on.month - start.month - (on.day < start.day)
    return _("%(years)s tahun %(months)s bulan") % {"years": months // 12, "months": months % 12}


def _notes(request: LeaveRequest) -> list[list[str]]:
    """Rows N-2, N-1 and N of block V: what was left before this request."""
    year = request.start.year
    balance = balance_of(request.employee, year=year)
    used = Counter(request.days.filter(date__year=year).values_list("bucket__kind", flat=True))
    figures = {
        year - 2: balance.of("C2") + used["C2"],
        year - 1: balance.of("C1") + used["C1"] + balance.of("P") + used["P"],
        year: balance.of("O") + used["O"] + balance.of("X") + used["X"],
    }
    postponed = balance.of("P") + used["P"]
    remarks = {year - 1: _("termasuk %(days)s hari ditangguhkan") % {"days": postponed} if postponed else ""}
    return [[str(each), str(days), remarks.get(each, "")] for each, days in figures.items()]


def _box(step: LeaveStep) -> dict[str, str]:
    officer = getattr(step.acted_by, "employee", None)
    return {
        "outcome": step.outcome,
        "reason": _reason(step),
        "post": step.capacity,
        "on_behalf": step.principal.full_name if step.principal else "",
        "name": officer.full_name if officer else str(step.acted_by),
        "rank": officer.current_golongan if officer else "",
        "nip": nip(officer.current_nip) if officer else "-",
        "at": moment(step.closed_at),
    }


def _reason(step: LeaveStep) -> str:
    """The reason, with the new dates of a change."""
    if step.start is None or step.end is None:
        return step.reason
    return f"{step.reason} ({long_day(step.start)} s/d {long_day(step.end)})"
