"""Background jobs in the admin, read only."""

from django.contrib import admin

from kepegawaian.audit.admin import ReadOnlyAdmin
from kepegawaian.work.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "owner", "state", "done", "total", "attempts", "created_at", "finished_at")
    list_filter = ("state", "kind")
    list_select_related = ("owner",)
    fields = (*list_display, "phase", "queued_at", "heartbeat_at", "error")
    ordering = ("-id",)
