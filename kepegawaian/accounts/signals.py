"""What the sign-in package tells us, into the trail: ids and kinds only, never what was typed."""

from typing import Any

import structlog
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from kepegawaian.accounts import locks
from kepegawaian.accounts.models import User
from kepegawaian.accounts.services import connect_identity
from kepegawaian.audit.services import record

security = structlog.get_logger("security")


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    methods = [entry["method"] for entry in request.session.get("account_authentication_methods", [])]
    record("accounts.signed_in", user, actor=user, data={"by": methods})


@receiver(account.user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        UserSession.objects.filter(user=user, session_key=request.session.session_key or "").delete()
        record("accounts.signed_out", user, actor=user)


@receiver(user_login_failed)
def sign_in_failed(**kwargs: Any) -> None:
    """Into the security log, not the trail, which strangers must not be able to fill."""
    security.info("sign-in failed")


@receiver(account.password_changed)
@receiver(account.password_set)
def forget_former_key(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The session at hand got a new key; the list of sessions shall not show the former one beside it."""
    UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key).delete()


@receiver(account.email_changed)
def email_changed(user: User, **kwargs: Any) -> None:
    record("accounts.email_changed", user, actor=user)


@receiver(account.email_removed)
def email_removed(user: User, **kwargs: Any) -> None:
    record("accounts.email_removed", user, actor=user)


@receiver(mfa.authenticator_added)
def second_factor_added(user: User, authenticator: Any, **kwargs: Any) -> None:
    record("accounts.second_factor_added", user, actor=user, data={"type": str(authenticator.type)})


@receiver(mfa.authenticator_removed)
def second_factor_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    record("accounts.second_factor_removed", user, actor=user, data={"type": str(authenticator.type)})


@receiver(mfa.authenticator_reset)
def recovery_codes_renewed(user: User, authenticator: Any, **kwargs: Any) -> None:
    record("accounts.recovery_codes_renewed", user, actor=user)


@receiver(mfa.authentication_failed)
def second_factor_failed(user: User, **kwargs: Any) -> None:
    security.warning("second factor failed", user=str(user.pk))
    locks.note(locks.SIGN_IN, locks.second_factor_key(user), str(user.pk))


@receiver(social.social_account_added)
def identity_added(sociallogin: Any, **kwargs: Any) -> None:
    connect_identity(user=sociallogin.user, provider=sociallogin.account.provider)


@receiver(social.social_account_removed)
def identity_removed(request: HttpRequest, socialaccount: Any, **kwargs: Any) -> None:
    record(
        "accounts.identity_unlinked",
        socialaccount.user,
        actor=request.user,
        data={"provider": socialaccount.provider},
    )
