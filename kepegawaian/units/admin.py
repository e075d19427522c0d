"""Units in the admin: looked at. Roles are given and ended here, by admins, with a trace."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.admin import ReadOnlyAdmin
from kepegawaian.audit.services import record
from kepegawaian.units.models import Indicator, RoleAssignment, Unit, UnitPeriod


class RoleForm(forms.ModelForm):
    """`giver` is set by the admin: who gives a role must be another than who gets it."""

    giver: Any = None

    def clean_user(self) -> Any:
        user = self.cleaned_data["user"]
        if self.giver is not None and user.pk == self.giver.pk:
            raise forms.ValidationError(_("Peran Anda sendiri diberikan oleh admin lain."))
        return user


class PeriodInline(admin.TabularInline):
    model = UnitPeriod
    fk_name = "unit"
    fields = ("name", "parent", "valid_from", "valid_to", "decree")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "function", "code", "opened_on", "closed_on")
    list_filter = ("kind", "function")
    search_fields = ("name", "short_name", "=code")
    ordering = ("path",)
    inlines = (PeriodInline,)


@admin.register(Indicator)
class IndicatorAdmin(ReadOnlyAdmin):
    list_display = ("key", "unit", "period_start", "period_end", "value", "recorded_at")
    list_select_related = ("unit",)
    search_fields = ("=key",)


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(admin.ModelAdmin):
    """A role is ended by a date, never deleted, so that it stays known who could do what when."""

    list_display = ("user", "role", "unit", "valid_from", "valid_to", "decree")
    list_select_related = ("user", "unit")
    list_filter = ("role",)
    form = RoleForm
    search_fields = ("user__name", "=user__nip", "unit__name")
    autocomplete_fields = ("user", "unit")
    fields = ("user", "role", "unit", "valid_from", "valid_to", "decree")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user", "role", "unit", "valid_from") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes his own roles."""
        own = obj is not None and obj.user_id == request.user.pk
        return not own and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"giver": request.user})

    def save_model(self, request: HttpRequest, obj: RoleAssignment, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        data = {
            "role": obj.role,
            "unit": obj.unit_id,
            "from": obj.valid_from,
            "to": obj.valid_to,
            "decree": obj.decree,
        }
        verb = "units.role_changed" if change else "units.role_given"
        record(verb, obj.user, actor=request.user, data=data)
