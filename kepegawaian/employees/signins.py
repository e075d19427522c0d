"""The sign-ins of the people of one's units: who may sign in, and what the personnel officer does about it.

The acts are those of `accounts`, which knows no units; here stands whose account an officer may touch at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.transaction import atomic
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts import locks, permissions
from kepegawaian.accounts import services as accounts
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right
from kepegawaian.audit.models import Event
from kepegawaian.documents.pdf import qr_svg
from kepegawaian.employees.activation import Slip, login_of
from kepegawaian.employees.enums import ACTIVE_STATES
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.employees.services.guards import lock
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.looks import Looks
from kepegawaian.units.models import current_roles, has_right, scope_paths, within

NOT_MANAGER = Denied(_("Anda tidak mengelola akun masuk pegawai."))
NOT_IN_SCOPE = Denied(_("Pegawai ini di luar wilayah kewenangan Anda."))
NO_ACCOUNT = Denied(_("Pegawai ini tidak memiliki akun."))
BEYOND = Denied(_("Akun ini memegang peran di luar wilayah Anda; mintalah BKPSDM mengurusnya."))
NOT_SERVING = Denied(_("Pegawai ini sudah tidak bekerja. Akunnya tidak dapat diaktifkan lagi."))
CENTRAL_ONLY = Denied(_("Verifikasi dua langkah hanya disetel ulang oleh BKPSDM."))


_LOOK = {
    "belum": ("wait", "clock"),
    "aktif": ("success", "check-circle"),
    "nonaktif": ("neutral", "no-symbol"),
    "terkunci": ("danger", "lock-closed"),
}


class State(Looks, models.TextChoices, looks=_LOOK):
    """Of a sign-in. A closed one is active or waiting, and closed besides."""

    WAITING = "belum", _("Belum diaktifkan")
    ACTIVE = "aktif", _("Aktif")
    INACTIVE = "nonaktif", _("Dinonaktifkan")
    CLOSED = "terkunci", _("Terkunci")


def state_of(user: User) -> State:
    if not user.is_active:
        return State.INACTIVE
    return State.ACTIVE if user.is_activated else State.WAITING


def condition(state: str) -> Q:
    """Of people, for the filter of the list; everybody for anything that is no state."""
    if state == State.CLOSED:
        return locks.closed_users("user__")
    if state == State.INACTIVE:
        return Q(user__is_active=False)
    if state in (State.WAITING, State.ACTIVE):
        return Q(user__is_active=True, user__activated_at__isnull=state == State.WAITING)
    return Q()


# --- Who may --------------------------------------------------------------------------------------
def can_manage(user: Any) -> Answer:
    return ALLOWED if has_right(user, Right.MANAGE_ACCOUNTS) else NOT_MANAGER


def people(user: Any) -> EmployeeQuerySet:
    """With an account, in the units whose accounts `user` manages."""
    return Employee.objects.in_scope(user, Right.MANAGE_ACCOUNTS).filter(user__isnull=False)


def _over(actor: Any, employee: Employee) -> Answer:
    """An officer of a unit touches no account that holds more than that unit: he could sign in with it."""
    paths = scope_paths(actor, Right.MANAGE_ACCOUNTS)
    if employee.user is None:
        return NO_ACCOUNT
    if paths is None:
        return ALLOWED
    if not within(employee.current_path, paths):
        return NOT_IN_SCOPE if paths else NOT_MANAGER
    for _role, path in current_roles(employee.user):
        if path is None or not any(path.startswith(own) for own in paths):
            return BEYOND
    return ALLOWED


Permission = Callable[[Any, Employee], Answer]


def _asking(ask: Callable[[Any, User], Answer]) -> Permission:
    def answer(actor: Any, employee: Employee) -> Answer:
        over = _over(actor, employee)
        return ask(actor, employee.user) if over and employee.user is not None else over

    return answer


can_issue = _asking(permissions.can_issue_code)
can_deactivate = _asking(permissions.can_deactivate)
can_end_sessions = _asking(permissions.can_end_sessions)
can_lift_lock = _asking(permissions.can_lift_lock)
_can_reactivate = _asking(permissions.can_reactivate)
_can_reset_factor = _asking(permissions.can_reset_second_factor)


def can_reactivate(actor: Any, employee: Employee) -> Answer:
    answer = _can_reactivate(actor, employee)
    return NOT_SERVING if answer and employee.legal_state not in ACTIVE_STATES else answer


def can_reset_factor(actor: Any, employee: Employee) -> Answer:
    """By another office than the one that hands out codes: with both, one officer could sign in as anybody."""
    answer = _can_reset_factor(actor, employee)
    return CENTRAL_ONLY if answer and scope_paths(actor, Right.MANAGE_ACCOUNTS) is not None else answer


# --- The acts -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Act:
    """Something done to one account after a page that asks; `verb(user=, actor=, reason=)`."""

    code: str
    permission: Permission
    verb: Callable[..., Any]
    title: Any
    consequence: Any
    said: Any
    icon: str
    reason: bool = False
    danger: bool = False


def _without_reason(verb: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *, user, actor, reason: verb(user=user, actor=actor)


ACTS = {
    act.code: act
    for act in (
        Act(
            "tautan",
            can_issue,
            _without_reason(accounts.send_activation_link),
            _("Kirim tautan aktivasi"),
            _("Tautan sekali pakai dikirim ke surel pegawai. Kode sebelumnya tidak berlaku lagi."),
            _("Tautan aktivasi sudah dikirim."),
            "envelope",
        ),
        Act(
            "buka-kunci",
            can_lift_lock,
            _without_reason(accounts.lift_lock),
            _("Buka kunci masuk"),
            _("Hitungan percobaan yang gagal dihapus; pegawai dapat langsung mencoba masuk lagi."),
            _("Kunci masuk sudah dibuka."),
            "lock-open",
        ),
        Act(
            "keluarkan",
            can_end_sessions,
            lambda *, user, actor, reason: accounts.end_all_sessions(user, actor=actor),
            _("Keluarkan dari semua perangkat"),
            _("Pegawai harus masuk lagi di setiap perangkat. Kata sandinya tetap."),
            _("Semua sesi pegawai ini sudah diakhiri."),
            "arrow-right-start-on-rectangle",
        ),
        Act(
            "dua-langkah",
            can_reset_factor,
            _without_reason(accounts.reset_second_factor),
            _("Setel ulang verifikasi dua langkah"),
            _("Untuk yang kehilangan ponsel: pegawai masuk dengan kata sandi saja sampai menyetelnya lagi."),
            _("Verifikasi dua langkah sudah disetel ulang."),
            "device-phone-mobile",
        ),
        Act(
            "nonaktifkan",
            can_deactivate,
            accounts.deactivate,
            _("Nonaktifkan akun"),
            _("Pegawai tidak dapat masuk lagi; semua sesi, token, dan kodenya berakhir sekarang juga."),
            _("Akun sudah dinonaktifkan."),
            "no-symbol",
            reason=True,
            danger=True,
        ),
        Act(
            "aktifkan",
            can_reactivate,
            accounts.reactivate,
            _("Aktifkan kembali akun"),
            _("Pegawai dapat masuk lagi dengan kata sandinya yang lama."),
            _("Akun sudah aktif kembali."),
            "check-circle",
            reason=True,
        ),
    )
}


def offered(actor: Any, employee: Employee, *, closed: bool, second_factor: bool) -> list[Act]:
    """The acts that make sense for the account now and that `actor` may do."""
    user = employee.user
    idle = {
        "tautan": user is None or not user.email,
        "buka-kunci": not closed,
        "keluarkan": user is None or not user.is_active or not user.is_activated,
        "dua-langkah": not second_factor,
    }
    return [act for act in ACTS.values() if not idle.get(act.code) and act.permission(actor, employee)]


@atomic
def carry_out(act: Act, *, employee: Employee, actor: User, reason: str = "") -> None:
    """Raises PermissionRefused, and whatever the verb refuses."""
    employee = lock(employee)
    demand(act.permission(actor, employee))
    act.verb(user=employee.user, actor=actor, reason=reason)


@atomic
def issue_slip(*, employee: Employee, actor: User) -> Slip:
    """A new code, shown this once; for an account in use it resets the password when it is used."""
    employee = lock(employee)
    demand(can_issue(actor, employee))
    assert employee.user is not None
    code = accounts.issue_activation_code(user=employee.user, actor=actor)
    link = settings.BASE_URL.rstrip("/") + reverse("accounts:activate_link", args=[code])
    unit = employee.current_unit.name if employee.current_unit else ""
    return Slip(employee.full_name, login_of(employee), unit, code, qr_svg(link))


# --- What the page of an account shows --------------------------------------------------------------
TRAIL = 20
NOT_SHOWN = ("accounts.signed_in", "accounts.signed_out")
"""When somebody works is not for the personnel officer to read."""


def sheet(employee: Employee, actor: User) -> dict[str, Any]:
    """State, second step, sessions, open code, acts and trail of one account."""
    user = employee.user
    assert user is not None
    closed_until = locks.until(user, locks.closed())
    second_factor = Authenticator.objects.filter(user=user).exists()
    trail = Event.objects.filter(subject_type=User._meta.label_lower, subject_id=str(user.pk))
    trail = trail.select_related("actor", "on_behalf_of")
    acts = offered(actor, employee, closed=closed_until is not None, second_factor=second_factor)
    return {
        "employee": employee,
        "account": user,
        "state": state_of(user),
        "closed_until": closed_until,
        "second_factor": second_factor,
        "sessions": UserSession.objects.filter(user=user).count(),
        "code": user.activation_codes.filter(used_at=None).select_related("created_by").first(),
        "acts": acts,
        "may_issue": bool(can_issue(actor, employee)),
        "refusal": _refusal(actor, employee),
        "events": trail.exclude(verb__in=NOT_SHOWN)
        .select_related("actor", "on_behalf_of")
        .order_by("-id")[:TRAIL],
    }


def _refusal(actor: User, employee: Employee) -> Any:
    """Why nothing can be done here, when nothing can."""
    ask = can_deactivate if employee.user and employee.user.is_active else can_reactivate
    answer = ask(actor, employee)
    return answer.reason if isinstance(answer, Denied) else ""
