"""Who may do what with an account. Which people an officer sees at all is asked by the pages that list them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.models import User
from kepegawaian.accounts.registry import roles_of
from kepegawaian.accounts.roles import RIGHTS, Right, Role
from kepegawaian.lib.access import ALLOWED, Answer, Denied

NOT_MANAGER = Denied(_("Hanya pengelola akun yang boleh melakukan ini."))
NOT_ADMIN = Denied(_("Halaman ini hanya untuk admin portal."))
NOT_YOURSELF = Denied(_("Anda tidak dapat melakukan ini terhadap akun Anda sendiri."))
ADMINS_ONLY = Denied(_("Akun admin hanya boleh diurus oleh sesama admin."))
INACTIVE = Denied(_("Akun ini dinonaktifkan."))
NOT_CODES = Denied(_("Anda tidak berwenang mencetak kode aktivasi."))
ALREADY_ACTIVE = Denied(_("Akun ini sudah aktif. Kode baru hanya dapat dibuat oleh pengelola akun."))
ACTIVE = Denied(_("Akun ini tidak dinonaktifkan."))


def holds(user: Any, right: Right) -> bool:
    """Whether one of the person's roles carries `right`, wherever."""
    return any(right in RIGHTS[role] for role in roles_of(user))


def is_admin(user: Any) -> bool:
    """Role admin and the mark in the account; a superuser, made on the server itself, needs no role."""
    if not user.is_authenticated or not user.is_active or not user.is_staff:
        return False
    return bool(user.is_superuser) or Role.ADMIN in roles_of(user)


def can_open_admin(user: Any) -> Answer:
    return ALLOWED if is_admin(user) else NOT_ADMIN


def _can_manage(actor: Any, user: User) -> Answer:
    if actor.pk == user.pk:
        return NOT_YOURSELF
    if not is_admin(actor):
        if not holds(actor, Right.MANAGE_ACCOUNTS):
            return NOT_MANAGER
        if user.is_staff or user.is_superuser or Role.ADMIN in roles_of(user):
            return ADMINS_ONLY
    return ALLOWED


def can_issue_code(actor: Any, user: User) -> Answer:
    """A first code by whoever prints them; for an account in use only by managers, as it resets the password."""
    if not user.is_active:
        return INACTIVE
    if user.activated_at is not None or user.is_staff:
        return _can_manage(actor, user)
    if holds(actor, Right.PRINT_ACTIVATION) or _can_manage(actor, user):
        return ALLOWED
    return NOT_CODES


def can_deactivate(actor: Any, user: User) -> Answer:
    return _can_manage(actor, user) if user.is_active else INACTIVE


def can_reactivate(actor: Any, user: User) -> Answer:
    return ACTIVE if user.is_active else _can_manage(actor, user)


def can_end_sessions(actor: Any, user: User) -> Answer:
    """One's own, and of others by managers."""
    return ALLOWED if actor.pk == user.pk else _can_manage(actor, user)


def can_lift_lock(actor: Any, user: User) -> Answer:
    return _can_manage(actor, user)


def can_reset_second_factor(actor: Any, user: User) -> Answer:
    return _can_manage(actor, user)
