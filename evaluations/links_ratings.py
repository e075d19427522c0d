"""Addresses that verbs of execution and ratings put into work items and messages; they outlive a URL name."""

from evaluations.models import Evaluation, Participant, Period
from kepegawaian.units.models import Unit

PREFIX = "/kinerja/"


def progress_url(participant: Participant) -> str:
    return f"{PREFIX}realisasi/{participant.pk}/"


def give_url(participant: Participant) -> str:
    return f"{PREFIX}umpan-balik/{participant.pk}/beri/"


def feedback_url(participant: Participant) -> str:
    return f"{PREFIX}umpan-balik/{participant.pk}/"


def assess_url(participant_id: object, period_id: object) -> str:
    return f"{PREFIX}penilaian/{participant_id}/{period_id}/"


def evaluation_url(evaluation: Evaluation) -> str:
    return f"{PREFIX}evaluasi/{evaluation.pk}/"


def objection_url(evaluation: Evaluation) -> str:
    return f"{PREFIX}evaluasi/{evaluation.pk}/keberatan/"


def distribution_url(unit: Unit, period: Period) -> str:
    return f"{PREFIX}distribusi/{unit.pk}/{period.pk}/"


def organisation_url(unit: Unit, period: Period) -> str:
    return f"{PREFIX}capaian/{unit.pk}/{period.pk}/"
