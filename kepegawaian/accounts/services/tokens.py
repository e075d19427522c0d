"""Personal access tokens: made by hand, shown once, revoked at will."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kepegawaian.accounts.models import AccessToken, User
from kepegawaian.accounts.services.people import locked
from kepegawaian.audit.services import record
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError


@transaction.atomic
def create_token(*, user: User, name: str, days: int) -> str:
    """The secret, which nobody can read again. Raises ApplicationError beyond TOKENS_AT_MOST."""
    owner = locked(user)
    if AccessToken.objects.filter(user=owner).count() >= settings.TOKENS_AT_MOST:
        text = _("Anda sudah memiliki %(count)d token. Cabut yang tidak dipakai lagi.")
        raise ApplicationError(text % {"count": settings.TOKENS_AT_MOST})
    token, secret = AccessToken.objects.create(user=owner, expiry=datetime.timedelta(days=days), name=name)
    record("accounts.token_created", owner, actor=owner, data={"token": token.uid, "days": days})
    return str(secret)


@transaction.atomic
def revoke_token(*, token: AccessToken, actor: User) -> None:
    key, owner = token.uid, token.user
    deleted, _rows = AccessToken.objects.filter(pk=token.pk).delete()
    if deleted:
        record("accounts.token_revoked", owner, actor=actor, data={"token": key})


def touch_token(token: AccessToken) -> None:
    """Note the day of use: one write a day, however often a program calls."""
    day = today()
    if token.last_used_on != day:
        AccessToken.objects.filter(pk=token.pk).update(last_used_on=day)
        token.last_used_on = day
