"""Leave in the admin: the decider table and the settings are kept here, everything else is only looked at."""

from typing import Any, cast

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from kepegawaian.accounts.models import User
from kepegawaian.accounts.permissions import is_admin
from kepegawaian.audit.admin import ReadOnlyAdmin
from kepegawaian.audit.services import record
from kepegawaian.work.jobs import enqueue
from leave import permissions
from leave.models import (
    Bucket,
    DeciderRule,
    LeaveAccount,
    LeaveRequest,
    LeaveSetting,
    Movement,
    SchoolHoliday,
    Transition,
    UnitLeaveSetting,
    YearRun,
)
from leave.services.handing_over import follow_holders
from leave.year_end import RECOMPUTE_JOB

RECOMPUTE = {"carry_n2_mode", "go_live_year"}


class ManagedAdmin(admin.ModelAdmin):
    """Kept by the central personnel office; every change is recorded with what it was before."""

    def _may(self, request: HttpRequest) -> bool:
        user = cast(User, request.user)
        return is_admin(user) or bool(permissions.can_manage(user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        names = list(form.changed_data)
        before = type(obj).objects.filter(pk=obj.pk).values(*names).first() if change and names else {}
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            after = {name: form.cleaned_data.get(name) for name in names}
            verb = f"leave.{obj._meta.model_name}_{'changed' if change else 'added'}"
            record(verb, obj, actor=request.user, data={"from": before, "to": after})
            self.follow(request, set(names))

    def follow(self, request: HttpRequest, changed: set[str]) -> None:
        """What has to happen because these fields changed."""


@admin.register(DeciderRule)
class DeciderRuleAdmin(ManagedAdmin):
    list_display = (
        *("step", "type", "rank_class", "unit", "abroad", "min_days", "max_days"),
        *("decider", "decider_unit", "decree_number", "valid_from", "valid_to"),
    )
    list_filter = ("step", "type", "rank_class", "decider")
    list_select_related = ("unit", "decider_unit")
    raw_id_fields = ("unit", "decider_unit")

    def follow(self, request: HttpRequest, changed: set[str]) -> None:
        follow_holders(only_missing=True)


@admin.register(LeaveSetting)
class LeaveSettingAdmin(ManagedAdmin):
    list_display = ("__str__", "carry_n2_mode", "go_live_year", "notice_days", "overlap_percent")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request) and not LeaveSetting.objects.exists()

    def follow(self, request: HttpRequest, changed: set[str]) -> None:
        if changed & RECOMPUTE:
            enqueue(RECOMPUTE_JOB, owner=request.user, arguments={})


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(ManagedAdmin):
    """Kept for the setting that teachers take their annual leave in them."""

    list_display = ("name", "start", "end", "source")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def delete_model(self, request: HttpRequest, obj: SchoolHoliday) -> None:
        with transaction.atomic():
            record("leave.schoolholiday_removed", obj, actor=request.user, data={"dates": [obj.start, obj.end]})
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SchoolHoliday]) -> None:
        for row in queryset:
            self.delete_model(request, row)


@admin.register(UnitLeaveSetting)
class UnitLeaveSettingAdmin(ManagedAdmin):
    list_display = ("unit", "hr_check")
    list_select_related = ("unit",)
    raw_id_fields = ("unit",)


@admin.register(LeaveRequest)
class LeaveRequestAdmin(ReadOnlyAdmin):
    list_display = ("employee", "type", "state", "start", "end", "charged_days", "submitted_at", "decided_at")
    list_filter = ("type", "state")
    list_select_related = ("employee",)
    search_fields = ("=employee__current_nip",)
    exclude = ("reason", "address", "phone")


@admin.register(LeaveAccount)
class LeaveAccountAdmin(ReadOnlyAdmin):
    list_display = ("employee", "opened_through", "confirmed")
    list_filter = ("confirmed", "opened_through")
    list_select_related = ("employee",)
    search_fields = ("=employee__current_nip",)


@admin.register(Bucket)
class BucketAdmin(ReadOnlyAdmin):
    list_display = ("account", "year", "kind", "origin", "granted", "reserved", "taken", "postponed", "lapsed")
    list_filter = ("year", "kind")
    search_fields = ("=account__employee__current_nip",)


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    list_display = ("on", "bucket", "kind", "days", "rule", "created_at", "created_by")
    list_filter = ("kind",)
    list_select_related = ("bucket", "created_by")
    search_fields = ("=bucket__account__employee__current_nip",)


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    list_display = ("at", "request", "action", "from_state", "to_state", "actor", "on_behalf_of")
    list_filter = ("action",)
    list_select_related = ("request", "actor", "on_behalf_of")
    search_fields = ("=request__employee__current_nip",)


@admin.register(YearRun)
class YearRunAdmin(ReadOnlyAdmin):
    list_display = ("year", "preview", "started_at", "finished_at", "started_by", "counts")
    list_select_related = ("started_by",)
