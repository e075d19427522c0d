"""Accounts in Django's admin: looked at, and changed by the same verbs as everywhere."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kepegawaian.accounts import services
from kepegawaian.accounts.models import User
from kepegawaian.accounts.registry import roles_of
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import ApplicationError


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


class ActivationFilter(admin.SimpleListFilter):
    title = _("aktivasi")
    parameter_name = "activated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Sudah diaktifkan")), ("no", _("Belum diaktifkan"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() in ("yes", "no"):
            return queryset.filter(activated_at__isnull=self.value() == "no")
        return queryset


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["name", "nip", "email", "is_active", "activated_at", "is_staff"]
    list_filter = ["is_active", "is_staff", ActivationFilter]
    search_fields = ["nip", "name", "email"]
    search_help_text = _("NIP, nama, atau surel")
    ordering = ["name"]
    show_full_result_count = False
    list_per_page = 50
    fields = [
        "name",
        "nip",
        "email",
        "language",
        "is_active",
        "is_staff",
        "roles",
        "activated_at",
        "last_login",
        "created_at",
    ]
    actions = ["issue_codes", "send_links", "deactivate", "reactivate", "sign_out", "reset_second_factor"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Only who may open the admin is set here, and nobody sets it for himself."""
        own = obj is not None and obj.pk == request.user.pk
        return [name for name in self.fields if own or name != "is_staff"]  # type: ignore[misc]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.save(update_fields=["is_staff"])
        if "is_staff" in form.changed_data:
            record("accounts.admin_mark", obj, actor=_actor(request), data={"is_staff": obj.is_staff})

    @admin.display(description=_("peran hari ini"))
    def roles(self, obj: User) -> str:
        return ", ".join(str(Role(role).label) for role in sorted(roles_of(obj))) or "-"

    @admin.action(description=_("Buat kode aktivasi baru"))
    def issue_codes(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        users = list(queryset.order_by("name"))
        try:
            codes = services.issue_activation_codes(users=users, actor=_actor(request))
        except ApplicationError as error:
            self.message_user(request, str(error), messages.ERROR)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Kode aktivasi"),
            "rows": [(user, codes[user.pk]) for user in users],
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/accounts/codes.html", context)

    @admin.action(description=_("Kirim tautan aktivasi lewat surel"))
    def send_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, lambda user: services.send_activation_link(user=user, actor=_actor(request)))

    @admin.action(description=_("Nonaktifkan"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, lambda user: services.deactivate(user=user, actor=_actor(request)))

    @admin.action(description=_("Aktifkan kembali"))
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, lambda user: services.reactivate(user=user, actor=_actor(request)))

    @admin.action(description=_("Keluarkan dari semua perangkat"))
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, lambda user: services.end_all_sessions(user, actor=_actor(request)))

    @admin.action(description=_("Setel ulang verifikasi dua langkah"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, lambda user: services.reset_second_factor(user=user, actor=_actor(request)))

    def _each(self, request: HttpRequest, queryset: QuerySet[User], verb: Any) -> None:
        """Each account on its own: one refusal does not hold up the others, and is said."""
        done = 0
        for user in queryset:
            try:
                verb(user)
                done += 1
            except ApplicationError as error:
                self.message_user(request, f"{user.name}: {error}", messages.ERROR)
        if done:
            text = ngettext("%(count)d akun selesai.", "%(count)d akun selesai.", done) % {"count": done}
            self.message_user(request, text, messages.SUCCESS)
