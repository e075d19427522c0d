"""Who may sign in: employees by NIP or e-mail, citizens by e-mail."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from kepegawaian.lib.models import Base


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, *, nip: str | None = None, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(nip=nip or None, email=self.normalize_email(email) if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, nip: str, password: str, **fields: Any) -> "User":
        return self.create_user(nip=nip, password=password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, key: str | None) -> "User":
        return self.get(nip=key)


class User(Base, AbstractBaseUser, PermissionsMixin):
    """`nip` holds the sign-in number (NIP or NI PPPK) and is written only by the verbs of `employees`."""

    nip = models.CharField(_("NIP"), max_length=18, null=True, blank=True, unique=True)
    email = models.EmailField(_("surel"), null=True, blank=True)
    name = models.CharField(_("nama"), max_length=150)
    language = models.CharField(
        _("bahasa"), max_length=5, default="id", choices=[("id", "Indonesia"), ("en", "English")]
    )
    is_active = models.BooleanField(_("aktif"), default=True)
    is_staff = models.BooleanField(_("boleh membuka admin"), default=False)
    activated_at = models.DateTimeField(_("diaktifkan"), null=True, blank=True)
    created_at = models.DateTimeField(_("dibuat"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "nip"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("Surel ini sudah dipakai."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


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


class AccessToken(AbstractAuthToken):
    """A personal access token for the API; the secret is shown once and kept only as a digest."""

    name = models.CharField(_("nama"), max_length=80)
    last_used_on = models.DateField(_("terakhir dipakai"), null=True)

    class Meta:
        verbose_name = _("token akses")
        verbose_name_plural = _("token akses")
