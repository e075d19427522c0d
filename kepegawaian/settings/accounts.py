"""Sign-in: NIP or e-mail through allauth, second factors, passkeys, OpenID Connect, tokens.

What each way of signing in does, and its variables, is told in docs/accounts.md.
"""

import datetime
import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "kepegawaian.accounts.backends.PortalBackend",
    "kepegawaian.accounts.backends.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "kepegawaian.accounts.validators.NotAboutYouValidator",
        "OPTIONS": {"user_attributes": ("nip", "name", "email")},
    },
    {"NAME": "kepegawaian.accounts.validators.LongEnoughValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "kepegawaian.accounts.validators.NotCommonValidator"},
    {"NAME": "kepegawaian.accounts.validators.NotOnlyDigitsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = int(datetime.timedelta(hours=24).total_seconds())

# --- First sign-in --------------------------------------------------------------------------------
ACTIVATION_DAYS = env.int("ACTIVATION_DAYS", default=30)
if ACTIVATION_DAYS < 1:
    raise ImproperlyConfigured("ACTIVATION_DAYS must be at least 1.")


# --- allauth --------------------------------------------------------------------------------------
def _rate(name: str, value: str) -> str:
    """How often something may be tried: amount/time/per, for instance "5/5m/key,30/m/ip"."""
    if not all(re.fullmatch(r"\d+/\d*[smhd]/(ip|key|user)", part.strip()) for part in value.split(",")):
        raise ImproperlyConfigured(f'{name}={value} is not a rate such as "5/5m/key,30/m/ip".')
    return value


ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_ADAPTER = "kepegawaian.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "nip"
ACCOUNT_PRESERVE_USERNAME_CASING = False  # an exact look-up, which the index on the NIP serves
ACCOUNT_USER_DISPLAY = "kepegawaian.accounts.models.display_name"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # nobody is kept out for want of an e-mail; a new address is confirmed
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGIN_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = None  # the person is asked
ACCOUNT_FORMS = {
    "login": "kepegawaian.accounts.forms.SignInForm",
    "reset_password": "kepegawaian.accounts.forms.ResetRequestForm",
    "reset_password_from_key": "kepegawaian.accounts.forms.ResetPasswordForm",
    "change_password": "kepegawaian.accounts.forms.ChangePasswordForm",
    "set_password": "kepegawaian.accounts.forms.SetPasswordForm",
    "add_email": "kepegawaian.accounts.forms.ChangeEmailForm",
    "reauthenticate": "kepegawaian.accounts.forms.ConfirmPasswordForm",
}
# Whole offices share one address, and they all come at half past seven: only failures are counted tightly.
ACCOUNT_RATE_LIMITS: Any = {
    "login": _rate("SIGN_IN_RATE", env.str("SIGN_IN_RATE", default="300/m/ip")),
    "login_failed": _rate("SIGN_IN_FAILED_RATE", env.str("SIGN_IN_FAILED_RATE", default="30/m/ip,5/5m/key")),
    "activate": _rate("ACTIVATION_RATE", env.str("ACTIVATION_RATE", default="60/10m/ip,10/15m/key")),
    "reset_password": "60/m/ip,5/10m/key",
    "reset_password_from_key": "60/m/ip",
    "signup": "20/m/ip",
}

MFA_ADAPTER = "kepegawaian.accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody registers by himself, so nobody can lock an owner out this way
MFA_TOTP_TOLERANCE = 1  # clocks of phones run up to half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.bool("WEBAUTHN_ALLOW_INSECURE_ORIGIN", default=False)
MFA_FORMS = {
    "authenticate": "kepegawaian.accounts.forms.SecondFactorForm",
    "reauthenticate": "kepegawaian.accounts.forms.ConfirmSecondFactorForm",
    "activate_totp": "kepegawaian.accounts.forms.ActivateAppForm",
    "add_webauthn": "kepegawaian.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "kepegawaian.accounts.forms.RenamePasskeyForm",
}

USERSESSIONS_ADAPTER = "kepegawaian.accounts.adapter.UserSessionsAdapter"

# --- OpenID Connect: one provider of the government, off until its address is given ---------------
SOCIALACCOUNT_ADAPTER = "kepegawaian.accounts.social.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
# A link instead of a form: a form may not lead to another host under our content security policy.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_NIP_CLAIM = env.str("OIDC_NIP_CLAIM", default="nip")
OIDC_LINK_BY_EMAIL = env.bool("OIDC_LINK_BY_EMAIL", default=True)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    if not OIDC_CLIENT_ID:
        raise ImproperlyConfigured("OIDC_CLIENT_ID is not set, but OIDC_SERVER_URL is.")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": env.str("OIDC_PROVIDER_ID", default="sso"),
                "name": env.str("OIDC_NAME", default="SSO Pemerintah"),
                "client_id": OIDC_CLIENT_ID,
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {
                    "server_url": OIDC_SERVER_URL,
                    "token_auth_method": env.str("OIDC_TOKEN_AUTH_METHOD", default="") or None,
                },
            }
        ],
    }

# --- Personal access tokens -----------------------------------------------------------------------
KNOX_TOKEN_MODEL = "accounts.AccessToken"
TOKEN_DAYS = (30, 90, 365)
TOKENS_AT_MOST = 20
# Its own table, which ours replaces, would stay behind empty and refer to ours.
MIGRATION_MODULES: dict[str, str | None] = {"knox": None}
