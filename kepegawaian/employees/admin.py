"""People in the admin: looked at only. Every change goes through the pages, where it is checked and recorded."""

from typing import Any

from django.contrib import admin

from kepegawaian.audit.admin import ReadOnlyAdmin
from kepegawaian.employees.models import (
    Delegation,
    DutyDay,
    Employee,
    EmployeeNumber,
    ImportBatch,
    PersonPattern,
    Position,
    PositionHolding,
    RankHolding,
)
from kepegawaian.employees.services import RESTRICTED

HIDDEN = frozenset(RESTRICTED)


class HistoryInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return self.fields

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False


class NumberInline(HistoryInline):
    model = EmployeeNumber
    fields = ("kind", "value", "valid_from", "valid_to")


class RankInline(HistoryInline):
    model = RankHolding
    fields = ("golongan", "valid_from", "valid_to", "decree_number", "superseded_at", "superseded_reason")


class PostInline(HistoryInline):
    model = PositionHolding
    fk_name = "employee"
    fields = ("position", "unit", "kind", "valid_from", "valid_to", "decree_number", "superseded_at")


@admin.register(Employee)
class EmployeeAdmin(ReadOnlyAdmin):
    """Without the restricted fields: reading those is recorded, and the admin would not."""

    list_display = ("name", "current_nip", "status", "legal_state", "current_position", "current_unit")
    list_select_related = ("current_unit",)
    list_filter = ("status", "legal_state")
    search_fields = ("name", "=current_nip")
    ordering = ("name", "id")
    fields = tuple(
        field.name
        for field in Employee._meta.fields
        if field.name not in HIDDEN and field.name not in ("id", "current_path", "current_rank_order")
    )
    inlines = (NumberInline, RankInline, PostInline)


@admin.register(Position)
class PositionAdmin(admin.ModelAdmin):
    """Reference data: names, eselon and level of posts. Posts in use are not deleted."""

    list_display = ("name", "kind", "eselon", "level", "heads")
    list_select_related = ("heads",)
    list_filter = ("kind", "eselon")
    search_fields = ("name", "=code")
    readonly_fields = ("heads",)
    show_full_result_count = False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    list_display = ("principal", "delegate", "valid_from", "valid_to", "decree_number", "ended_at")
    list_select_related = ("principal", "delegate")


@admin.register(PersonPattern)
class PersonPatternAdmin(ReadOnlyAdmin):
    list_display = ("employee", "kind", "valid_from", "valid_to", "decree")
    list_select_related = ("employee",)


@admin.register(DutyDay)
class DutyDayAdmin(ReadOnlyAdmin):
    list_display = ("employee", "date", "on_collective_leave", "order_number")
    list_select_related = ("employee",)
    date_hierarchy = "date"


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("layout", "state", "created_by", "created_at", "confirmed_by", "confirmed_at")
    list_select_related = ("created_by", "confirmed_by")
    fields = ("layout", "state", "counts", "error", "created_by", "created_at", "confirmed_by", "confirmed_at")
