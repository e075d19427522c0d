"""Addresses of leave pages that verbs put into work items and messages; a message outlives a URL name."""

from leave.models import LeaveRequest

PREFIX = "/cuti/"


def request_url(request: LeaveRequest) -> str:
    return f"{PREFIX}permohonan/{request.pk}/"


def balance_url() -> str:
    return f"{PREFIX}saldo/"
