"""Days off in the admin, read only: they are changed on their own pages, where it is recorded who did."""

from django.contrib import admin

from kepegawaian.audit.admin import ReadOnlyAdmin
from kepegawaian.calendars.models import Holiday, UnitPattern


@admin.register(Holiday)
class HolidayAdmin(ReadOnlyAdmin):
    list_display = ("date", "kind", "name_id", "confirmed", "source", "removed", "changed_by", "changed_at")
    list_filter = ("kind", "confirmed", "removed")
    list_select_related = ("changed_by",)
    date_hierarchy = "date"


@admin.register(UnitPattern)
class UnitPatternAdmin(ReadOnlyAdmin):
    list_display = ("unit", "kind", "valid_from", "valid_to", "decree")
    list_select_related = ("unit",)
    search_fields = ("unit__name",)
