"""Performance in the admin: the settings are kept here, years and what hangs on them are only looked at."""

from django.contrib import admin

from evaluations.models import AssessorAssignment, Cycle, Deadline, EvaluationSetting, Participant, ReminderRun
from evaluations.permissions.common import can_manage_everywhere
from kepegawaian.accounts.managed import ManagedAdmin
from kepegawaian.accounts.models import User
from kepegawaian.audit.admin import ReadOnlyAdmin


@admin.register(EvaluationSetting)
class EvaluationSettingAdmin(ManagedAdmin):
    """Kept by the central personnel office."""

    list_display = ("__str__", "plan_days", "period_days", "year_days", "feedback_anonymous", "objection_days")
    one_row = True

    def manages(self, user: User) -> bool:
        return bool(can_manage_everywhere(user))


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
