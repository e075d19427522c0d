"""Leave in the admin: the decider table and the settings are kept here, everything else is only looked at."""

from django.contrib import admin
from django.http import HttpRequest

from kepegawaian.accounts.managed import ManagedAdmin
from kepegawaian.accounts.models import User
from kepegawaian.audit.admin import ReadOnlyAdmin
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


class KeptAdmin(ManagedAdmin):
    """Kept by the central personnel office."""

    def manages(self, user: User) -> bool:
        return bool(permissions.can_manage(user))


@admin.register(DeciderRule)
class DeciderRuleAdmin(KeptAdmin):
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
class LeaveSettingAdmin(KeptAdmin):
    list_display = ("__str__", "carry_n2_mode", "go_live_year", "notice_days", "overlap_percent")
    one_row = True

    def follow(self, request: HttpRequest, changed: set[str]) -> None:
        if changed & RECOMPUTE:
            enqueue(RECOMPUTE_JOB, owner=request.user, arguments={})


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(KeptAdmin):
    """Kept for the setting that teachers take their annual leave in them."""

    list_display = ("name", "start", "end", "source")
    removable = True


@admin.register(UnitLeaveSetting)
class UnitLeaveSettingAdmin(KeptAdmin):
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
