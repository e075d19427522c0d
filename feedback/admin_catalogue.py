"""Services, limits and settings of feedback in the admin: kept by admins, every change recorded."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from feedback.models import FeedbackSetting, LimitRule, RefusalGround, Service, ServiceAttribute, ServiceHours
from kepegawaian.accounts.managed import ManagedAdmin


@admin.register(Service)
class ServiceAdmin(ManagedAdmin):
    """Closed with `active`, never deleted: cases and surveys belong to it."""

    list_display = ("name_id", "unit", "group", "active", "order")
    list_filter = ("active", "group")
    list_select_related = ("unit",)
    search_fields = ("name_id", "name_en", "code", "keywords")
    raw_id_fields = ("unit",)
    prepopulated_fields = {"code": ("name_id",)}


@admin.register(ServiceHours)
class ServiceHoursAdmin(ManagedAdmin):
    list_display = ("unit", "service", "weekday", "date", "opens", "closes", "note")
    list_select_related = ("unit", "service")
    search_fields = ("unit__name", "service__name_id")
    raw_id_fields = ("unit", "service")
    removable = True


@admin.register(ServiceAttribute)
class ServiceAttributeAdmin(ManagedAdmin):
    """What a service asks besides the text; answers keep the question as it was."""

    list_display = ("service", "order", "code", "description", "datatype", "required")
    list_filter = ("service",)
    list_select_related = ("service",)
    raw_id_fields = ("service",)


@admin.register(LimitRule)
class LimitRuleAdmin(ManagedAdmin):
    """Ended with a date and followed by another row, never deleted: running clocks say where they come from."""

    list_display = ("phase", "kind", "unit", "days", "calendar_days", "source", "valid_from", "valid_to")
    list_filter = ("phase", "kind")
    list_select_related = ("unit",)
    raw_id_fields = ("unit",)


@admin.register(RefusalGround)
class RefusalGroundAdmin(ManagedAdmin):
    """Closed with `active`, never deleted: decisions belong to it, and statistics of past years name its code."""

    list_display = ("name", "code", "source", "unverified", "active", "order")
    list_filter = ("active", "unverified")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()


@admin.register(FeedbackSetting)
class FeedbackSettingAdmin(ManagedAdmin):
    list_display = ("__str__", "hours_from", "hours_to", "second_eye", "reopen_days", "smallest_cell")
    one_row = True

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)
