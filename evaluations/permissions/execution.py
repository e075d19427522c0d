"""Who reports progress, reads evidence, asks for feedback and gives it."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.enums import OPEN_OBJECTIONS
from evaluations.models import Objection, Participant, Progress
from evaluations.permissions.common import is_assessor, is_own
from kepegawaian.lib.access import ALLOWED, Answer, Denied

NOT_ASKING = Denied(_("Hanya pegawai sendiri atau pejabat penilainya yang boleh meminta umpan balik."))
NOT_GIVING = Denied(
    _("Umpan balik diberikan atasan, rekan seunit atau sepejabat penilai, bawahan, dan orang yang diminta.")
)
NOT_GIVER = Denied(_("Permintaan umpan balik ini bukan untuk Anda."))


def can_report(user: Any, participant: Participant) -> Answer:
    """Progress and evidence: the person alone."""
    return is_own(user, participant)


def can_read_evidence(user: Any, progress_id: uuid.UUID) -> bool:
    """Whoever may see the person, and who decides on an open objection against the evaluation of it."""
    row = Progress.objects.filter(pk=progress_id)
    if row.filter(participant__in=Participant.objects.visible_to(user)).exists():
        return True
    waiting = Objection.objects.filter(state__in=OPEN_OBJECTIONS, decider__user_id=user.pk)
    return row.filter(participant__evaluations__objection__in=waiting).exists()


def can_ask(user: Any, participant: Participant) -> Answer:
    if is_own(user, participant) or is_assessor(user, participant):
        return ALLOWED
    return NOT_ASKING
