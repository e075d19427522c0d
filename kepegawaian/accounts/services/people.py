"""Accounts come, go and come back with the people they belong to."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts import locks, permissions
from kepegawaian.accounts.models import User
from kepegawaian.accounts.services.sessions import end_everything
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import ApplicationError, Problem, demand

EMAIL_TAKEN = _("Surel ini sudah dipakai.")


def locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _why(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def build_for_employee(*, nip: str, name: str, email: str | None = None) -> User:
    """An unsaved account, for those who insert many at once: no usable password, waiting for activation."""
    user = User(nip=nip, name=name, email=email, password=make_password(None))
    user.clean()
    return user


@transaction.atomic
def create_for_employee(*, nip: str, name: str, email: str | None = None, actor: User | None = None) -> User:
    """Raises ApplicationError when somebody has the e-mail already; a NIP in use fails in the database."""
    user = build_for_employee(nip=nip, name=name, email=email)
    if user.email and User.objects.filter(email=user.email).exists():
        raise ApplicationError(EMAIL_TAKEN, problems=[Problem(EMAIL_TAKEN, field="email")])
    user.save(force_insert=True)
    record("accounts.created", user, actor=actor)
    return user


@transaction.atomic
def record_email(*, user: User, email: str | None, actor: User | None) -> bool:
    """Take the address over from the staff record; False when it stays out.

    An address that the person has confirmed wins over the record, and one that somebody else has is not taken.
    """
    row = locked(user)
    wanted = (email or "").strip().lower() or None
    confirmed = EmailAddress.objects.filter(user=row, verified=True).exists()
    taken = wanted is not None and User.objects.filter(email=wanted).exclude(pk=row.pk).exists()
    if row.email == wanted or confirmed or taken:
        return False
    row.email = user.email = wanted
    row.save(update_fields=["email"])
    EmailAddress.objects.filter(user=row).delete()
    record("accounts.email_recorded", row, actor=actor)
    return True


@transaction.atomic
def deactivate(*, user: User, actor: User | None, reason: str = "") -> User:
    """Nobody signs in with the account any more: sessions, tokens and codes end now. No actor: the system."""
    row = locked(user)
    if actor is not None:
        demand(permissions.can_deactivate(actor, row))
    elif not row.is_active:
        return row
    row.is_active = False
    row.save(update_fields=["is_active"])
    record("accounts.deactivated", row, actor=actor, data={**end_everything(row), **_why(reason)})
    return row


@transaction.atomic
def reactivate(*, user: User, actor: User | None, reason: str = "") -> User:
    row = locked(user)
    if actor is not None:
        demand(permissions.can_reactivate(actor, row))
    elif row.is_active:
        return row
    row.is_active = True
    row.save(update_fields=["is_active"])
    record("accounts.reactivated", row, actor=actor, data=_why(reason) or None)
    return row


@transaction.atomic
def reset_second_factor(*, user: User, actor: User) -> int:
    """For people who lost their phone: they sign in with the password alone until they set it up again."""
    row = locked(user)
    demand(permissions.can_reset_second_factor(actor, row))
    removed: int
    removed, _rows = Authenticator.objects.filter(user=row).delete()
    record("accounts.second_factor_reset", row, actor=actor, data={"removed": removed})
    return removed


@transaction.atomic
def lift_lock(*, user: User, actor: User) -> None:
    """Open a sign-in that failures closed, before its time is over."""
    row = locked(user)
    demand(permissions.can_lift_lock(actor, row))
    locks.lift(row)
    record("accounts.lock_lifted", row, actor=actor)
