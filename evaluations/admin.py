"""Performance in the admin: the settings are kept here, years and what hangs on them are only looked at."""

from typing import Any, cast

from django.contrib import admin
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest

from evaluations.models import AssessorAssignment, Cycle, Deadline, EvaluationSetting, Participant, ReminderRun
from evaluations.permissions.common import can_manage_everywhere
from kepegawaian.accounts.models import User
from kepegawaian.accounts.permissions import is_admin
from kepegawaian.audit.admin import ReadOnlyAdmin
from kepegawaian.audit.services import record


@admin.register(EvaluationSetting)
class EvaluationSettingAdmin(admin.ModelAdmin):
    """Kept by the central personnel office; every change is recorded with what it was before."""

    list_display = ("__str__", "plan_days", "period_days", "year_days", "feedback_anonymous", "objection_days")

    def _may(self, request: HttpRequest) -> bool:
        user = cast(User, request.user)
        return is_admin(user) or bool(can_manage_everywhere(user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request) and not EvaluationSetting.objects.exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        names = list(form.changed_data)
        before = EvaluationSetting.objects.filter(pk=obj.pk).values(*names).first() if change and names else {}
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            after = {name: form.cleaned_data.get(name) for name in names}
            record("evaluations.setting_changed", obj, actor=request.user, data={"from": before, "to": after})


@admin.register(Cycle)
class CycleAdmin(ReadOnlyAdmin):
    list_display = ("year", "period_kind", "state", "opened_at", "closed_at")


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ("due_on", "kind", "cycle", "period")
    list_filter = ("cycle", "kind")
    list_select_related = ("cycle", "period")


@admin.register(ReminderRun)
class ReminderRunAdmin(ReadOnlyAdmin):
    list_display = ("on", "moment", "deadline", "told", "ran_at")
    list_select_related = ("deadline",)


@admin.register(Participant)
class ParticipantAdmin(ReadOnlyAdmin):
    list_display = ("employee", "cycle", "unit", "assessor", "joined_on", "left_on", "excused_reason")
    list_filter = ("cycle",)
    list_select_related = ("employee", "cycle", "unit", "assessor")
    search_fields = ("=employee__current_nip",)


@admin.register(AssessorAssignment)
class AssessorAssignmentAdmin(ReadOnlyAdmin):
    list_display = ("participant", "assessor", "source", "valid_from", "valid_to", "by")
    list_filter = ("source",)
    list_select_related = ("participant", "assessor", "by")
    search_fields = ("=participant__employee__current_nip",)
