"""Signing in through the government's own identity provider (OpenID Connect)."""

from http import HTTPStatus
from typing import Any

import requests
import structlog
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import app_settings
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.services import find_by_identity

logger = structlog.get_logger("accounts")


class PatientSession(requests.Session):
    """Talks to the provider. One that is away gives people a page that says so, not an error of ours."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", app_settings.REQUESTS_TIMEOUT)
        try:
            response = super().request(*args, **kwargs)
        except requests.RequestException as error:
            raise _away(type(error).__name__) from error
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _away(str(response.status_code))
        return response


def _away(reason: str) -> ImmediateHttpResponse:
    logger.warning("identity provider away", reason=reason)
    template = "socialaccount/authentication_error.html"
    return ImmediateHttpResponse(render(context.request, template, status=HTTPStatus.BAD_GATEWAY))


class SocialAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "invalid_token": _("Jawaban dari layanan masuk tidak dapat dipercaya. Coba lagi."),
        "no_password": _("Buat kata sandi terlebih dahulu, agar Anda tetap dapat masuk."),
        "connected_other": _("Identitas ini sudah dihubungkan dengan akun lain."),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """From the environment alone; the sign-in page asks no table."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """First time: link to whom the claims name. Nobody named: say so, create nobody."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        user = find_by_identity(claims_of(sociallogin))
        if user is None:
            logger.warning("identity without account", provider=sociallogin.account.provider)
            raise ImmediateHttpResponse(render(request, "socialaccount/no_account.html", status=403))
        sociallogin.connect(request, user)

    def get_requests_session(self) -> requests.Session:
        return PatientSession()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        logger.warning("identity provider refused", error=str(error), exception=type(exception).__name__)


def claims_of(sociallogin: SocialLogin) -> dict[str, Any]:
    """Userinfo over the id token: both come from the provider itself, over a connection we opened."""
    data = sociallogin.account.extra_data
    return {**(data.get("id_token") or {}), **(data.get("userinfo") or {})}
