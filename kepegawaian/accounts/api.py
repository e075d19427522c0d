"""How API clients sign in: the browser's session, or a personal access token."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed

from kepegawaian.accounts.models import AccessToken, User
from kepegawaian.accounts.services import touch_token


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token <secret>`. One look-up by the secret's beginning, then its digest."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AccessToken]:
        if not token.isascii():
            raise AuthenticationFailed(_("Token tidak dikenal."))
        pair: tuple[User, AccessToken] = super().authenticate_credentials(token)
        return pair

    def _cleanup_token(self, auth_token: AccessToken) -> bool:
        """Expired tokens are refused, not deleted: their owner still sees in the list why a program stopped."""
        return auth_token.is_expired

    def validate_user(self, auth_token: AccessToken) -> tuple[User, AccessToken]:
        user, token = super().validate_user(auth_token)
        touch_token(token)
        return user, token


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "kepegawaian.accounts.api.TokenAuthentication"
    name = "tokenAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token <secret>; tokens are made on the page /akun/token/",
        }
