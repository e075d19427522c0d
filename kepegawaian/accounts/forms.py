"""Forms of signing in and of one's own account. allauth's rules, our words, no placeholders as labels."""

from typing import Any, cast

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import Promise, lazy
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts import mail, rules
from kepegawaian.accounts.models import ActivationCode, User
from kepegawaian.accounts.services import find_activation
from kepegawaian.lib.ui.formatting import nip as grouped_nip

HOUR = 3600
LOGIN_LENGTH = 254
CODE_INPUT = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
TOTP_INPUT = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
NOT_ALIKE = _("Kedua kata sandi tidak sama.")
WRONG_ACTIVATION = _("NIP dan kode aktivasi tidak cocok, atau kodenya sudah tidak berlaku.")


def _password_hint() -> str:
    return " ".join(password_validation.password_validators_help_texts())


password_hint = lazy(_password_hint, str)


class NipInput(forms.TextInput):
    """Shows eighteen digits as 8-6-1-3; what is typed may look like anything."""

    def format_value(self, value: Any) -> Any:
        return grouped_nip(super().format_value(value)) or None


def _login_input(**attrs: str) -> forms.TextInput:
    return forms.TextInput(
        {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": LOGIN_LENGTH}
        | attrs
    )


class Plain:
    """Takes allauth's placeholders away and gives its fields our labels and hints."""

    labels: dict[str, str | Promise] = {}
    hints: dict[str, str | Promise] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = self.hints.get(name, "")  # type: ignore[assignment]
            if name in self.labels:
                field.label = self.labels[name]  # type: ignore[assignment]


_drawn: dict[tuple[type, str | None, tuple[str, ...]], SafeString] = {}


class DrawnOnce:
    """The form of a page that everybody sees alike: drawn once a process and language while nothing is typed."""

    @property
    def drawn(self) -> SafeString:
        form = cast(forms.Form, self)
        if form.is_bound or settings.DEBUG:
            return form.render()
        key = (type(self), get_language(), tuple(form.fields))
        if key not in _drawn:
            _drawn[key] = form.render()
        return _drawn[key]


class NewPassword(Plain):
    """Two equal new passwords, with the rules said before and not only after."""

    labels = {"password1": _("Kata sandi baru"), "password2": _("Ulangi kata sandi baru")}
    hints = {"password1": password_hint()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = forms.Form.clean(self) or {}  # type: ignore[arg-type]
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", NOT_ALIKE)  # type: ignore[attr-defined]
        return data


# --- Signing in -----------------------------------------------------------------------------------
class SignInForm(DrawnOnce, Plain, account.LoginForm):
    labels = {
        "login": _("NIP atau surel"),
        "password": _("Kata sandi"),
        "remember": _("Tetap masuk di perangkat ini"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget = _login_input()
        self.fields["login"].max_length = LOGIN_LENGTH  # type: ignore[attr-defined]
        self.fields["remember"].help_text = ngettext(
            "Paling lama %(count)d jam. Jangan dipilih di komputer bersama.",
            "Paling lama %(count)d jam. Jangan dipilih di komputer bersama.",
            hours := settings.SESSION_COOKIE_AGE // HOUR,
        ) % {"count": hours}

    def clean_login(self) -> str:
        return rules.clean_login(self.cleaned_data["login"])

    def user_credentials(self) -> dict[str, str]:
        """One way in, not both: two looks at the password would tell by the clock that an e-mail is known."""
        login = self.cleaned_data["login"]
        return {
            "email" if rules.is_email(login) else "username": login,
            "password": self.cleaned_data["password"],
        }


class ConfirmPasswordForm(Plain, account.ReauthenticateForm):
    labels = {"password": _("Kata sandi")}


class ResetRequestForm(DrawnOnce, forms.Form):
    """allauth calls the field `email`; people may type their NIP as well."""

    email = forms.CharField(label=_("NIP atau surel"), max_length=LOGIN_LENGTH, widget=_login_input(), strip=True)

    def clean_email(self) -> str:
        return rules.clean_login(self.cleaned_data["email"])

    def save(self, request: HttpRequest) -> str:
        mail.request_reset(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class ResetPasswordForm(NewPassword, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(NewPassword, account.ChangePasswordForm):
    labels = {**NewPassword.labels, "oldpassword": _("Kata sandi sekarang")}


class SetPasswordForm(NewPassword, account.SetPasswordForm):
    pass


# --- Second factor --------------------------------------------------------------------------------
class SecondFactorForm(Plain, mfa.AuthenticateForm):
    labels = {"code": _("Kode")}
    hints = {"code": _("Enam angka dari aplikasi autentikator, atau salah satu kode pemulihan Anda.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= TOTP_INPUT


class ConfirmSecondFactorForm(Plain, mfa.ReauthenticateForm):
    labels = SecondFactorForm.labels
    hints = SecondFactorForm.hints


class ActivateAppForm(Plain, totp.ActivateTOTPForm):
    labels = {"code": _("Kode dari aplikasi")}
    hints = {"code": _("Enam angka yang tampil di aplikasi saat ini.")}


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):
    labels = {"name": _("Nama kunci"), "passwordless": _("Pakai untuk masuk tanpa kata sandi")}
    hints = {
        "name": _("Agar Anda mengenalinya nanti, misalnya “Ponsel saya”."),
        "passwordless": _("Perangkat akan meminta sidik jari, wajah, atau PIN."),
    }


class RenamePasskeyForm(Plain, webauthn.EditWebAuthnForm):
    labels = {"name": _("Nama kunci")}


# --- First sign-in --------------------------------------------------------------------------------
class ActivationForm(DrawnOnce, forms.Form):
    """NIP (or e-mail) and code. When the person came by a link the code is known and the field is gone."""

    login = forms.CharField(
        label=_("NIP atau surel"),
        max_length=LOGIN_LENGTH,
        widget=NipInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("18 angka, dengan atau tanpa spasi. PPPK: NI PPPK."),
    )
    code = forms.CharField(
        label=_("Kode aktivasi"),
        max_length=40,
        widget=forms.TextInput(CODE_INPUT),
        help_text=_("16 huruf dan angka pada lembar atau surel dari pengelola kepegawaian."),
    )

    def __init__(self, *args: Any, linked_digest: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.linked_digest = linked_digest
        self.activation: ActivationCode | None = None
        if linked_digest:
            del self.fields["code"]

    def clean_login(self) -> str:
        return rules.clean_login(self.cleaned_data["login"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        digest = self.linked_digest or (rules.digest(data["code"]) if data.get("code") else "")
        if "login" in data and digest:
            self.activation = find_activation(login=data["login"], digest=digest)
            if self.activation is None:
                raise ValidationError(WRONG_ACTIVATION, code="wrong")
        return data


class FirstPasswordForm(forms.Form):
    """The own password, and an e-mail that will be confirmed by a mail to it."""

    password1 = forms.CharField(
        label=_("Kata sandi baru"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=password_hint(),
    )
    password2 = forms.CharField(
        label=_("Ulangi kata sandi baru"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    email = forms.EmailField(
        label=_("Surel"),
        required=False,
        help_text=_("Untuk pemberitahuan dan bila Anda lupa kata sandi. Kami kirim surel untuk memastikannya."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        password = str(self.cleaned_data["password1"])
        password_validation.validate_password(password, self.user)
        return password

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password1") and data.get("password2") and data["password1"] != data["password2"]:
            self.add_error("password2", NOT_ALIKE)
        return data


# --- One's own account ----------------------------------------------------------------------------
class ChangeEmailForm(Plain, account.AddEmailForm):
    labels = {"email": _("Surel baru")}
    hints = {"email": _("Surel Anda berganti setelah Anda membuka tautan yang kami kirim ke alamat ini.")}

    def save(self, request: HttpRequest) -> EmailAddress:
        """The address in use stays until the new one is confirmed, also one that came from the record."""
        waiting = EmailAddress.objects.filter(user=self.user, verified=False)
        waiting.exclude(email=self.user.email or "").delete()
        return EmailAddress.objects.add_email(request, self.user, self.cleaned_data["email"], confirm=True)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Nama token"),
        max_length=80,
        help_text=_("Untuk apa token ini, misalnya “Laporan bulanan”."),
    )
    days = forms.TypedChoiceField(label=_("Berlaku selama"), coerce=int, initial=settings.TOKEN_DAYS[1])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(count)d hari", "%(count)d hari", days) % {"count": days})
            for days in settings.TOKEN_DAYS
        ]
