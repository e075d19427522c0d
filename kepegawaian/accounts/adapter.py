"""How allauth behaves here: nobody registers by himself, a new password ends all else, mails go by worker."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.core import context as allauth_context
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts import locks, mail
from kepegawaian.accounts.models import User
from kepegawaian.accounts.services import change_password
from kepegawaian.audit.services import record
from kepegawaian.lib.ui.region import region

WRONG = _("NIP/surel dan kata sandi tidak cocok. Belum pernah masuk? Aktifkan akun Anda terlebih dahulu.")
WAIT = _("Terlalu banyak percobaan yang gagal. Tunggu beberapa menit, lalu coba lagi.")
WRONG_CODE = _("Kode ini tidak benar atau sudah lewat waktunya.")

WAYS = {
    "reauthenticate": _("Pakai kata sandi"),
    "mfa_reauthenticate": _("Pakai kode autentikator atau kode pemulihan"),
    "mfa_reauthenticate:webauthn": _("Pakai kunci sandi (passkey)"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Akun ini dinonaktifkan."),
        "cannot_remove_primary_email": _("Surel utama tidak dapat dihapus."),
        "duplicate_email": _("Surel ini sudah menjadi surel akun Anda."),
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "email_taken": _("Surel ini sudah dipakai."),
        "enter_current_password": _("Kata sandi sekarang tidak benar."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("Kata sandi tidak benar."),
        "invalid_or_expired_key": _("Tautan ini tidak berlaku lagi."),
        "invalid_login": WRONG,
        "invalid_password_reset": _("Tautan ini tidak berlaku lagi."),
        "rate_limited": WAIT,
        "too_many_login_attempts": WAIT,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        signed_in = self.request is not None and self.request.user.is_authenticated
        return reverse("accounts:me" if signed_in else "account_login")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": WAYS[method["id"]]} for method in methods]

    def set_password(self, user: Any, password: str) -> None:
        """For the signed-in person the session at hand goes on; for a reset by mail there is none."""
        request = allauth_context.request
        own = request is not None and request.user.is_authenticated and request.user.pk == user.pk
        change_password(
            user=user,
            password=password,
            keep=request.session.session_key if own else None,
            by="self" if own else "mail",
        )

    # --- Limits -----------------------------------------------------------------------------------
    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for a sign-in name, not one for each host name that the portal answers to."""
        return locks.sign_in_key(_login_of(credentials))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        login = _login_of(credentials)
        locks.note(locks.SIGN_IN, locks.sign_in_key(login), login)

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Who can read the mail owns the address: a record that has it by mistake, unconfirmed, loses it."""
        confirmed = EmailAddress.objects.filter(email=email_address.email, verified=True)
        if not confirmed.exclude(user_id=email_address.user_id).exists():
            others = User.objects.select_for_update(of=("self",)).filter(email=email_address.email)
            for other in others.exclude(pk=email_address.user_id):
                other.email = None
                other.save(update_fields=["email"])
                record("accounts.email_withdrawn", other, data={"confirmed_by": email_address.user_id})
        return bool(super().confirm_email(request, email_address))

    # --- Mail -------------------------------------------------------------------------------------
    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC) -> str:
        return _absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, secret = key.partition("-")
        return _absolute(reverse("account_reset_password_from_key", args=[uid, secret]))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the recipient's language, not in that of whoever clicked."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else translation.get_language()
        with translation.override(language):
            values = {"region": region(), "portal_url": _absolute("/"), "email": email, **context}
            self.deliver(self.render_mail(template_prefix, email, values))

    def deliver(self, message: EmailMessage) -> None:
        """The one place through which mails about accounts leave."""
        mail.send_later(message)


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Any) -> None:
        with transaction.atomic():
            super().end_sessions(sessions)
            if sessions:
                user = sessions[0].user
                record("accounts.sessions_ended", user, actor=user, data={"sessions": len(sessions)})


def _login_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "").lower()


def _absolute(path: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}{path}"
