"""Ending sessions and tokens: by hand, with a new password, and when an account is closed."""

from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import F

from kepegawaian.accounts import permissions
from kepegawaian.accounts.models import AccessToken, ActivationCode, User
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import demand


def end_sessions_of(user: User, *, keep: str | None = None) -> int:
    """Forget the sessions that were signed in, but for the one with the key `keep`; how many ended."""
    rows = UserSession.objects.filter(user=user)
    if keep:
        rows = rows.exclude(session_key=keep)
    keys = list(rows.values_list("session_key", flat=True))
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store().delete(key)
    rows.filter(session_key__in=keys).delete()
    return len(keys)


def end_everything(user: User, *, keep: str | None = None) -> dict[str, int]:
    """Sessions, tokens and open activation codes of a locked row; the counts go into the caller's event.

    The new generation ends every session at once; the session `keep` lives on only if its caller writes the
    new hash into it (`update_session_auth_hash`).
    """
    tokens, _rows = AccessToken.objects.filter(user=user).delete()
    codes, _rows = ActivationCode.objects.filter(user=user, used_at=None).delete()
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    return {"sessions": end_sessions_of(user, keep=keep), "tokens": tokens, "codes": codes}


@transaction.atomic
def end_all_sessions(user: User, *, actor: User | None = None) -> int:
    """Sign the person out everywhere; tokens stay. How many listed sessions ended."""
    if actor is not None:
        demand(permissions.can_end_sessions(actor, user))
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    ended = end_sessions_of(user)
    record("accounts.sessions_ended", user, actor=actor or user, data={"sessions": ended})
    return ended
