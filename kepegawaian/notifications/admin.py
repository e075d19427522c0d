"""Deliveries in the admin: what failed and why, and another try."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.admin import ReadOnlyAdmin
from kepegawaian.notifications.models import Delivery
from kepegawaian.notifications.services import try_again


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """No text of a message is shown: it was written to its recipient."""

    list_display = ("id", "kind", "channel", "state", "attempts", "due_at", "sent_at", "error")
    list_filter = ("state",)
    list_select_related = ("message",)
    fields = (
        "id",
        "kind",
        "channel",
        "state",
        "attempts",
        "due_at",
        "queued_at",
        "claimed_at",
        "sent_at",
        "error",
    )
    ordering = ("-id",)
    actions = ("send_again",)

    @admin.display(description=_("jenis"))
    def kind(self, delivery: Delivery) -> str:
        return delivery.message.kind

    @admin.action(description=_("Coba kirim lagi yang gagal"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        again = try_again(actor=request.user, deliveries=queryset)
        self.message_user(request, _("%(n)d pemberitahuan dikirim ulang.") % {"n": again})
