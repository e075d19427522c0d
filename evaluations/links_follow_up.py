"""Addresses that work items and messages of follow-up carry; they outlive a URL name."""

from evaluations.models import Coaching, Participant
from kepegawaian.employees.models import Employee

PREFIX = "/kinerja/"


def credits_url(employee: Employee) -> str:
    return f"{PREFIX}angka-kredit/{employee.pk}/"


def follow_up_url(participant: Participant) -> str:
    return f"{PREFIX}tindak-lanjut/{participant.pk}/"


def coaching_url(coaching: Coaching) -> str:
    return f"{PREFIX}pembinaan/{coaching.pk}/"
