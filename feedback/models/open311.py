"""Programs that read and file through Open311."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.cases import Case
from kepegawaian.lib.models import Base


class ApiClient(Base):
    """The key is shown once; `digest` (SHA-256 of 256 random bits) is all that is kept of it."""

    name = models.CharField(_("nama"), max_length=120)
    email = models.EmailField(_("surel penanggung jawab"), blank=True)
    prefix = models.CharField(_("awal kunci"), max_length=8)
    digest = models.CharField(_("sidik kunci"), max_length=64, unique=True, editable=False)
    an_hour = models.PositiveIntegerField(_("laporan per jam"), default=60)
    a_day = models.PositiveIntegerField(_("laporan per hari"), default=500)
    reviewed = models.BooleanField(
        _("kirimannya dilihat petugas lebih dahulu"),
        default=False,
        help_text=_("Klien mendapat token; nomor laporan menyusul sesudah kiriman diloloskan."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("dibuat oleh"),
    )
    created_at = models.DateTimeField(_("dibuat pada"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("dicabut"), null=True, editable=False)
    last_used_on = models.DateField(_("terakhir dipakai"), null=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("klien Open311")
        verbose_name_plural = _("klien Open311")

    def __str__(self) -> str:
        return self.name


class RequestToken(Base):
    """What a client gets instead of a number while its filing waits; the number once there is one."""

    token = models.CharField(max_length=43, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.case_id}"
