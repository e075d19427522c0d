"""The inbox, and the outbox that makes sure a message leaves: written in the transaction of the business."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.models import Base


class Channel(models.TextChoices):
    EMAIL = "email", _("Surel")


class Message(Base):
    """One notice in one person's inbox. `key` makes it appear exactly once, however often a verb is repeated."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("pemberitahuan")
        verbose_name_plural = _("pemberitahuan")
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_inbox"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["recipient", "kind", "key"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.recipient_id}"


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("menunggu")
    SENDING = "sending", _("sedang dikirim")
    SENT = "sent", _("terkirim")
    FAILED = "failed", _("gagal")
    SKIPPED = "skipped", _("tidak dikirim")


class Delivery(Base):
    """One message on one channel. A worker claims it by a conditional update; a sweeper finds what was lost.

    `digest`: the recipient wants it in the daily summary. `queued_at`: when the sweeper last asked for it.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name=_("pesan"))
    channel = models.CharField(_("saluran"), max_length=10, choices=Channel)
    state = models.CharField(_("keadaan"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    digest = models.BooleanField(_("masuk ringkasan harian"), default=False)
    due_at = models.DateTimeField(_("dikirim mulai"), default=timezone.now)
    queued_at = models.DateTimeField(_("diantrekan pada"), null=True)
    claimed_at = models.DateTimeField(_("diambil pada"), null=True)
    sent_at = models.DateTimeField(_("terkirim pada"), null=True)
    error = models.CharField(_("kesalahan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pengiriman")
        verbose_name_plural = _("pengiriman")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["pending", "sending"]),
                name="delivery_waiting",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_a_channel")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Preference(Base):
    """What a person does not want by a channel, or wants as a digest. No row: the message's own default."""

    class Mode(models.TextChoices):
        INSTANT = "instant", _("Segera")
        DIGEST = "digest", _("Ringkasan harian")
        OFF = "off", _("Tidak dikirim")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences")
    category = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    mode = models.CharField(max_length=10, choices=Mode)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "category", "channel"], name="one_preference")]

    def __str__(self) -> str:
        return f"{self.category} {self.mode}"
