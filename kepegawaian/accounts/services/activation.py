"""The first sign-in: a one-time code that stands on paper or in a mail, and nowhere with us."""

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts import permissions, rules
from kepegawaian.accounts.models import ActivationCode, User
from kepegawaian.accounts.services.sessions import end_everything
from kepegawaian.audit.models import Event
from kepegawaian.audit.services import build, record
from kepegawaian.lib.exceptions import ApplicationError, StateChanged, demand

NO_LONGER_VALID = _("Kode aktivasi ini sudah tidak berlaku. Mintalah kode baru.")


def issue_activation_code(*, user: User, actor: User | None) -> str:
    """A new code, as it is to be printed. The person's earlier open code ends. Raises PermissionRefused."""
    return issue_activation_codes(users=[user], actor=actor)[user.pk]


@transaction.atomic
def issue_activation_codes(*, users: Iterable[User], actor: User | None) -> dict[UUID, str]:
    """Codes for many at once in a fixed number of statements, or for nobody when one may not have one."""
    keys = [user.pk for user in users]
    rows = list(User.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    if actor is not None:
        for row in rows:
            demand(permissions.can_issue_code(actor, row))
    codes = {row.pk: rules.new_code() for row in rows}
    now = timezone.now()
    expires_at = now + datetime.timedelta(days=settings.ACTIVATION_DAYS)
    ActivationCode.objects.filter(user__in=keys, used_at=None).delete()
    ActivationCode.objects.bulk_create(
        ActivationCode(
            user=row,
            digest=rules.digest(codes[row.pk]),
            created_at=now,
            created_by=actor,
            expires_at=expires_at,
        )
        for row in rows
    )
    Event.objects.bulk_create(
        build("accounts.activation_code_issued", row, actor=actor, data={"expires": expires_at}) for row in rows
    )
    _tell_owners(rows, actor)
    return codes


def _tell_owners(rows: Iterable[User], actor: User | None) -> None:
    """Whoever already has a password hears that an officer made something that can replace it."""
    for row in rows:
        if actor is not None and row.activated_at is not None and row.email:
            get_adapter().send_mail("account/email/code_issued", row.email, {"user": row, "officer": actor})


@transaction.atomic
def send_activation_link(*, user: User, actor: User | None) -> None:
    """Mail a fresh link to the address in the record. Raises ApplicationError when there is none."""
    if not user.email:
        raise ApplicationError(_("Akun ini belum memiliki surel. Cetak kode aktivasinya."))
    code = issue_activation_code(user=user, actor=actor)
    context: dict[str, Any] = {
        "user": user,
        "activation_url": settings.BASE_URL.rstrip("/") + reverse("accounts:activate_link", args=[code]),
        "days": settings.ACTIVATION_DAYS,
    }
    get_adapter().send_mail("account/email/activation", user.email, context)


def find_activation(*, login: str, digest: str) -> ActivationCode | None:
    """The open code if it is this person's: by NIP, or e-mail, for those whose office gives no NIP. Looked up by
    the code, so that an unknown name takes as long."""
    row = ActivationCode.objects.select_related("user").filter(digest=digest).first()
    if row is None or rules.clean_login(login) not in filter(None, (row.user.nip, row.user.email)):
        return None
    return row if row.user.is_active and row.is_open(timezone.now()) else None


@transaction.atomic
def activate(*, activation: ActivationCode, password: str, language: str = "") -> User:
    """Use the code up and give the account its password. Raises StateChanged when somebody was faster."""
    user = User.objects.select_for_update(of=("self",)).get(pk=activation.user_id)
    row = ActivationCode.objects.select_for_update(of=("self",)).filter(pk=activation.pk).first()
    now = timezone.now()
    if row is None or not row.is_open(now) or not user.is_active:
        raise StateChanged(NO_LONGER_VALID)
    row.used_at = now
    row.save(update_fields=["used_at"])
    first = user.activated_at is None
    user.set_password(password)
    if first:
        user.activated_at = now
        user.language = language if language in dict(settings.LANGUAGES) else user.language
    user.save(update_fields=["password", "activated_at", "language"])
    ended = end_everything(user)
    record("accounts.activated", user, actor=user, data={"by": "code", "first": first, **ended})
    return user
