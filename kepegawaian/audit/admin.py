"""The trail in the admin: read only, for everybody."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property

from kepegawaian.audit.models import Event, Seal

CAP = 10_000


class CappedPaginator(Paginator):
    """Counting millions of rows for every page would be most of its time."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:CAP].count())


class ReadOnlyAdmin(admin.ModelAdmin):
    paginator = CappedPaginator
    show_full_result_count = False
    actions: Any = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "verb", "subject_type", "subject_id", "seal")
    list_select_related = ("actor", "seal")
    search_fields = ("=verb", "=subject_id")
    ordering = ("-id",)


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ("number", "at", "events", "digest")
    ordering = ("-number",)
