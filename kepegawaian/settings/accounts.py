"""Sign-in: NIP or e-mail through allauth, second factors, passkeys, OpenID Connect, tokens."""

AUTH_USER_MODEL = "accounts.User"
KNOX_TOKEN_MODEL = "accounts.AccessToken"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "nip"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "kepegawaian.accounts.adapter.AccountAdapter"
