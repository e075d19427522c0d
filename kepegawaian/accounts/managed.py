"""Tables that are kept in Django's admin: rules and settings of an app, with every change in the trail."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from kepegawaian.accounts.models import User
from kepegawaian.accounts.permissions import is_admin
from kepegawaian.audit.services import record


class ManagedAdmin(admin.ModelAdmin):
    """Kept by admins, and by those whom `manages` names; recorded as `<app>.<model>_added`, `_changed` and
    `_removed`, with what it was before and what it is now."""

    show_full_result_count = False
    one_row: ClassVar[bool] = False
    removable: ClassVar[bool] = False

    def manages(self, user: User) -> bool:
        """Whether somebody who is no admin of the portal keeps this table."""
        return False

    def _may(self, request: HttpRequest) -> bool:
        user = cast(User, request.user)
        return is_admin(user) or self.manages(user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request) and not (self.one_row and self.model._default_manager.exists())

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """For the list of models on every page of the admin, which asks no table whether its one row exists."""
        may = self._may(request)
        return {"add": may and not self.one_row, "change": may, "delete": may and self.removable, "view": may}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.removable and self._may(request)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        names = list(form.changed_data)
        before = type(obj).objects.filter(pk=obj.pk).values(*names).first() if change and names else {}
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            after = {name: form.cleaned_data.get(name) for name in names}
            verb = f"{obj._meta.label_lower}_{'changed' if change else 'added'}"
            record(verb, obj, actor=request.user, data={"from": before, "to": after})
            self.follow(request, set(names))

    def follow(self, request: HttpRequest, changed: set[str]) -> None:
        """What has to happen because these fields changed."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        was = {field.name: getattr(obj, field.attname) for field in obj._meta.fields if field.editable}
        with transaction.atomic():
            record(f"{obj._meta.label_lower}_removed", obj, actor=request.user, data={"from": was})
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        for row in queryset:
            self.delete_model(request, row)
