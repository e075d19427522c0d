"""Who somebody is to a participant: himself, the assessor, the assessor's superior, HR. Each denial says why.

Scope is on the QuerySets (`visible_to`); these answer for one object at hand.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.models import Cycle, Participant
from evaluations.selectors.line import superior_of_assessor
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import covers, scope_paths

NO_RECORD = Denied(_("Akun Anda tidak terhubung dengan data pegawai."))
NOT_YOURS = Denied(_("Hanya pegawai yang bersangkutan yang boleh melakukan ini."))
NOT_ONESELF = Denied(_("Tidak seorang pun menilai dirinya sendiri."))
NOT_ASSESSOR = Denied(_("Hanya pejabat penilai pegawai ini yang boleh melakukan ini."))
NOT_SUPERIOR = Denied(_("Hanya atasan pejabat penilai yang boleh melakukan ini."))
NOT_VISIBLE = Denied(_("Pegawai ini di luar wilayah kewenangan Anda."))
NOT_MANAGER = Denied(_("Hanya pengelola kinerja yang boleh melakukan ini."))
NOT_CENTRAL = Denied(_("Hanya pengelola kinerja seluruh pemerintah daerah yang boleh melakukan ini."))
CLOSED_CYCLE = Denied(_("Tahun kinerja ini sudah ditutup."))
EXCUSED = Denied(_("Pegawai ini tidak ikut penilaian kinerja tahun itu."))


def is_person(user: Any, employee: Employee | None) -> bool:
    """Whether `user` is that employee."""
    return employee is not None and employee.user_id is not None and employee.user_id == user.pk


def is_own(user: Any, participant: Participant) -> Answer:
    """The assessed person; not for who was excused."""
    if not is_person(user, participant.employee):
        return NOT_YOURS
    return EXCUSED if participant.excused_reason else ALLOWED


def is_assessor(user: Any, participant: Participant) -> Answer:
    """Who assesses the person now, with a live account."""
    return assesses(user, participant, participant.assessor)


def assesses(user: Any, participant: Participant, assessor: Employee | None) -> Answer:
    if is_person(user, participant.employee):
        return NOT_ONESELF
    if not is_person(user, assessor) or not user.is_active:
        return NOT_ASSESSOR
    return EXCUSED if participant.excused_reason else ALLOWED


def is_superior_of_assessor(user: Any, participant: Participant) -> Answer:
    """Who decides objections (PP 30/2019 Pasal 59); two statements. Neither the person nor the assessor."""
    if is_person(user, participant.employee) or is_person(user, participant.assessor):
        return NOT_SUPERIOR
    return ALLOWED if is_person(user, superior_of_assessor(participant)) and user.is_active else NOT_SUPERIOR


def can_view(user: Any, participant: Participant) -> Answer:
    """The same people as `Participant.objects.visible_to`."""
    if is_person(user, participant.employee) or is_person(user, participant.assessor):
        return ALLOWED
    visible = Participant.objects.visible_to(user).filter(pk=participant.pk).exists()
    return ALLOWED if visible else NOT_VISIBLE


def can_manage(user: Any, participant: Participant) -> Answer:
    """HR of the person's unit; nobody manages his own part."""
    if is_person(user, participant.employee):
        return NOT_ONESELF
    return ALLOWED if covers(user, Right.MANAGE_PERFORMANCE, participant.path) else NOT_MANAGER


def can_manage_everywhere(user: Any, cycle: Cycle | None = None) -> Answer:
    """HR of the whole government; with a cycle: only as long as it is not closed."""
    if scope_paths(user, Right.MANAGE_PERFORMANCE) is not None:
        return NOT_CENTRAL
    return CLOSED_CYCLE if cycle is not None and cycle.closed_at is not None else ALLOWED
