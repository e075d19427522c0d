"""Who may sign in: employees by NIP or e-mail, citizens by e-mail."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.models import Base


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, *, nip: str | None = None, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Without a password the account has no usable one and waits for its activation."""
        user = self.model(nip=nip, email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, nip: str, password: str, **fields: Any) -> "User":
        fields = {"is_staff": True, "is_superuser": True, "activated_at": timezone.now(), **fields}
        return self.create_user(nip=nip, password=password, **fields)

    def get_by_natural_key(self, key: str | None) -> "User":
        return self.get(nip=key)


class User(Base, AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """`nip` holds the sign-in number (NIP or NI PPPK) and is written only by the verbs of `employees`."""

    nip = models.CharField(_("NIP"), max_length=18, null=True, blank=True, unique=True)
    email = models.EmailField(
        _("surel"),
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": _("Surel ini sudah dipakai.")},
        help_text=_("Menurut data kepegawaian, atau yang dikonfirmasi sendiri oleh orangnya."),
    )
    name = models.CharField(_("nama"), max_length=150)
    language = models.CharField(
        _("bahasa"), max_length=5, default="id", choices=[("id", "Indonesia"), ("en", "English")]
    )
    is_active = models.BooleanField(_("aktif"), default=True)
    is_staff = models.BooleanField(_("boleh membuka admin"), default=False)
    activated_at = models.DateTimeField(_("diaktifkan"), null=True, blank=True)
    session_generation = models.PositiveIntegerField(
        _("angkatan sesi"),
        default=0,
        editable=False,
        help_text=_("Bertambah satu setiap kali semua sesi diakhiri."),
    )
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "nip"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")
        constraints = [
            # Look-ups compare as written, so that the plain index serves them.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")) & ~models.Q(email=""),
                name="user_email_in_small_letters",
            ),
            models.CheckConstraint(condition=~models.Q(nip=""), name="user_nip_not_empty"),
        ]
        indexes = [
            # The list of accounts, narrowed to the states that few are in.
            models.Index(fields=["id"], condition=models.Q(is_active=False), name="user_deactivated"),
            models.Index(
                fields=["id"], condition=models.Q(is_active=True, activated_at=None), name="user_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def clean(self) -> None:
        """Not the base class's: its normalising would make a text of a missing NIP."""
        self._tidy()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._tidy()
        super().save(*args, **kwargs)

    def _tidy(self) -> None:
        self.nip = self.nip or None
        self.email = (self.email or "").strip().lower() or None

    @property
    def is_activated(self) -> bool:
        return self.activated_at is not None

    # The generation in the hash ends every session at once, also those that no list of ours knows.
    def get_session_auth_hash(self) -> str:
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Any:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        value = f"{self.password}:{self.session_generation}"
        return salted_hmac("kepegawaian.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


def display_name(user: User) -> str:
    return user.name


class ActivationCode(Base):
    """A one-time code for the first sign-in. Only its digest is kept; the code exists on the print or mail."""

    user = models.ForeignKey(User, models.CASCADE, related_name="activation_codes")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at=None), name="one_open_activation_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"

    def is_open(self, now: datetime.datetime) -> bool:
        return self.used_at is None and now < self.expires_at


class AccessToken(AbstractAuthToken):
    """A personal access token for the API; the secret is shown once and kept only as a digest."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("nama"), max_length=80)
    last_used_on = models.DateField(_("terakhir dipakai"), null=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("token akses")
        verbose_name_plural = _("token akses")

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expiry is not None and self.expiry <= timezone.now()
