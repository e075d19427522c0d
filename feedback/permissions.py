"""Who may do what with a case; each denial says why. Scope is on `Case.objects` (rights: docs/feedback.md).

Nobody handles a case about himself or, where it is examined or moderated, about his own unit: the liaison of a
unit answers ordinary complaints about its service, as the flow of LAPOR! has it.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.enums import AnswerState, CaseKind, CaseState, Party, Undecided
from feedback.models import (
    Case,
    CaseAnswer,
    CaseFile,
    IdentityRelease,
    InformationObjection,
    Moderation,
    Reporter,
    current_setting,
)
from kepegawaian.accounts.roles import Right, Role
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit, current_roles, scope_paths, within
from kepegawaian.units.registry import is_own_unit

NOT_ADMIN = Denied(_("Hanya admin pengaduan yang boleh melakukan ini."))
NOT_HOLDER = Denied(_("Laporan ini sedang tidak dipegang unit Anda."))
NOT_OFFICER = Denied(_("Hanya petugas pengaduan yang boleh melakukan ini."))
NOT_REPORTER = Denied(_("Hanya pelapor yang boleh melakukan ini."))
ABOUT_YOU = Denied(_("Laporan ini menyangkut Anda, jadi ditangani petugas lain."))
OWN_UNIT = Denied(_("Laporan ini menyangkut unit Anda sendiri, jadi ditangani petugas lain."))
OWN_DRAFT = Denied(_("Jawaban diperiksa oleh orang lain, bukan oleh penyusunnya."))
OWN_REQUEST = Denied(_("Permintaan membuka identitas diputus oleh orang lain."))
NOT_DECIDER = Denied(_("Anda tidak berwenang memutus permintaan membuka identitas."))
SEALED = Denied(_("Pelapor meminta anonim. Identitasnya hanya dibuka dengan keputusan tertulis."))
NOT_YOURS = Denied(_("Identitas pelapor hanya untuk petugas yang memegang laporan ini."))
OWN_MODERATION = Denied(_("Keberatan diputus oleh petugas lain, bukan oleh yang memoderasi."))
OWN_MERGE = Denied(_("Anda yang menggabungkan laporan ini, jadi admin lain yang memutus bahwa ia tetap digabung."))
OWN_OFFER = Denied(_("Foto diperiksa oleh petugas lain, bukan oleh yang mengusulkannya."))
NOT_SUPERIOR = Denied(_("Keberatan atas permintaan informasi diputus atasan PPID, yaitu pimpinan unitnya."))
OWN_DECISION = Denied(_("Keberatan diputus oleh orang lain, bukan oleh yang memutus permintaannya."))
FINISHED = Denied(_("Jawaban ini sudah selesai diproses."))


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who speaks for the reporter: his account, whoever has shown the PIN of `case_id`, or an officer at the desk
    in his name. Views build it only after they have checked the sign-in or the PIN."""

    user: Any = None
    case_id: uuid.UUID | None = None
    officer: Any = None


def covers(user: Any, right: Right, unit: Unit | None) -> bool:
    """A case of no unit yet belongs to those whose role covers the whole government."""
    paths = scope_paths(user, right)
    if paths is None:
        return True
    if unit is None:
        return any(len(path) == Unit.steplen for path in paths)
    return within(unit.path, paths)


def is_named(user: Any, case: Case) -> bool:
    return any(row.user_id == user.pk for row in case.accused)


def _apart(user: Any, case: Case, *, strict: bool) -> Answer:
    """`strict`: moderating and examining; otherwise answering for one's own service."""
    if is_named(user, case):
        return ABOUT_YOU
    if (strict or case.kind == CaseKind.SUPERVISION) and is_own_unit(user, case.unit):
        return OWN_UNIT
    return OWN_UNIT if any(is_own_unit(user, row.unit) for row in case.accused) else ALLOWED


# --- Officers -------------------------------------------------------------------------------------
def can_handle(user: Any, case: Case) -> Answer:
    """The complaint admin: verify, ask, forward, reject, join, publish, hide."""
    if not covers(user, Right.HANDLE_COMPLAINTS, case.unit):
        return NOT_ADMIN
    return _apart(user, case, strict=True)


def can_answer(user: Any, case: Case) -> Answer:
    """The liaison of the unit that holds the case, or of a unit above it."""
    if case.holder_unit is None or not covers(user, Right.ANSWER_COMPLAINTS, case.holder_unit):
        return NOT_HOLDER
    return _apart(user, case, strict=False)


def can_reassign(user: Any, case: Case) -> Answer:
    """Admin, liaison, and the leader of the unit, who may give it to somebody else (reference 1.6)."""
    if can_handle(user, case) or can_answer(user, case):
        return ALLOWED
    if case.secret or case.holder_unit is None or not covers(user, Right.VIEW_COMPLAINTS, case.holder_unit):
        return NOT_OFFICER
    return _apart(user, case, strict=False)


def can_note(user: Any, case: Case) -> Answer:
    answer = can_handle(user, case)
    return answer if answer else can_answer(user, case)


def party_of(user: Any, case: Case) -> Party | None:
    """On which side an officer acts on this case; admin before liaison before leader."""
    if can_handle(user, case):
        return Party.ADMIN
    if can_answer(user, case):
        return Party.LIAISON
    return Party.LEADER if can_reassign(user, case) else None


def can_file_for_others(user: Any) -> Answer:
    """At the desk, on the phone, from a letter."""
    rights = (Right.HANDLE_COMPLAINTS, Right.ANSWER_COMPLAINTS)
    return ALLOWED if any(scope_paths(user, right) != [] for right in rights) else NOT_OFFICER


def can_open_desk(user: Any) -> Answer:
    return ALLOWED if scope_paths(user, Right.VIEW_COMPLAINTS) != [] else NOT_OFFICER


def can_draft(user: Any, case: Case) -> Answer:
    return can_answer(user, case) if case.state == CaseState.IN_PROCESS else NOT_HOLDER


def can_check(user: Any, case: Case, answer: CaseAnswer) -> Answer:
    """The second eye: another liaison, the leader of the unit, or the admin."""
    if answer.state != AnswerState.CHECKING:
        return FINISHED
    if answer.drafted_by_id == user.pk:
        return OWN_DRAFT
    return can_decide_objection(user, case) if awaits_superior(case) else can_reassign(user, case)


def awaits_superior(case: Case) -> bool:
    """An objection against the answer to a request for information waits for a decision."""
    if case.kind != CaseKind.REQUEST:
        return False
    return InformationObjection.objects.filter(case=case, answer=None).exists()


def can_decide_objection(user: Any, case: Case) -> Answer:
    """The superior of the PPID: who leads the unit that holds the request, or one above it; else the admin, who
    alone knows of secret ones. Nobody decides on what was his own decision."""
    given = CaseAnswer.objects.filter(case=case, state=AnswerState.PUBLISHED)
    if given.filter(Q(drafted_by=user) | Q(checked_by=user)).exists():
        return OWN_DECISION
    if can_handle(user, case):
        return ALLOWED
    path = case.holder_unit.path if case.holder_unit is not None else ""
    leads = any(role == Role.LEADER and within(path, below and [below]) for role, below in current_roles(user))
    return _apart(user, case, strict=False) if leads and not case.secret else NOT_SUPERIOR


def can_decide_appeal(user: Any, case: Case, moderation: Moderation) -> Answer:
    """Another admin than the one who acted."""
    return OWN_MODERATION if moderation.actor_id == user.pk else can_handle(user, case)


def can_check_photo(user: Any, case: Case, file: CaseFile) -> Answer:
    """Admin or liaison, but not whoever offered it."""
    return OWN_OFFER if file.offered_by_id == user.pk else can_note(user, case)


# --- The reporter ---------------------------------------------------------------------------------
def can_report(by: Reporting, case: Case) -> Answer:
    if by.officer is not None:
        return can_note(by.officer, case)
    if by.case_id is not None and by.case_id == case.pk:
        return ALLOWED
    if by.user is None or not by.user.is_authenticated:
        return NOT_REPORTER
    own = Reporter.objects.filter(case=case, user_id=by.user.pk).exists()
    return ALLOWED if own else NOT_REPORTER


# --- Identity -------------------------------------------------------------------------------------
def can_see_identity(user: Any, case: Case, releases: Iterable[IdentityRelease] | None = None) -> Answer:
    """Not anonymous: the admin and, unless a setting splits it off, the unit that holds the case. Anonymous: whom
    a decision in force names. `releases`: those of the case, where they are read already."""
    handles, answers = can_handle(user, case), can_answer(user, case)
    if not handles and not answers:
        return NOT_YOURS
    if case.anonymous:
        rows = IdentityRelease.objects.filter(case=case) if releases is None else releases
        return ALLOWED if any(_opens(row, user) for row in rows) else SEALED
    return ALLOWED if handles or not current_setting().split_identity else NOT_YOURS


def _opens(row: IdentityRelease, user: Any) -> bool:
    granted = row.asked_by_id == user.pk and row.state == Undecided.GRANTED
    return granted and row.valid_until is not None and row.valid_until >= today()


def can_ask_identity(user: Any, case: Case) -> Answer:
    return can_note(user, case)


def can_decide_identity(user: Any, release: IdentityRelease) -> Answer:
    if release.asked_by_id == user.pk:
        return OWN_REQUEST
    if not covers(user, Right.DECIDE_IDENTITY, release.case.unit):
        return NOT_DECIDER
    return _apart(user, release.case, strict=True)


def can_read_file(user: Any, case_id: uuid.UUID) -> bool:
    """Files of a case for whoever may see the case; published ones are served by the public page."""
    return Case.objects.visible_to(user).filter(pk=case_id).exists()
