"""Clients of Open311 in the admin: made with a key that is shown once, changed and taken back, never deleted."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.models import ApiClient
from feedback.open311 import keys
from kepegawaian.lib.exceptions import ApplicationError


@admin.register(ApiClient)
class ApiClientAdmin(admin.ModelAdmin):
    list_display = ("name", "prefix", "an_hour", "a_day", "reviewed", "last_used_on", "revoked_at", "created_by")
    list_select_related = ("created_by",)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "reviewed")
    search_fields = ("name", "email", "=prefix")
    show_full_result_count = False
    fields = ("name", "email", "an_hour", "a_day", "reviewed", *("prefix", "last_used_on", "revoked_at"))
    readonly_fields = ("prefix", "last_used_on", "revoked_at")
    actions = ("replace_key", "revoke")

    def has_delete_permission(self, request: HttpRequest, obj: ApiClient | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiClient | None = None) -> bool:
        return (obj is None or obj.revoked_at is None) and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        if not change:
            request.issued = keys.issue(client=obj, actor=request.user)  # type: ignore[attr-defined]
        elif form.changed_data:
            keys.change(client=obj, actor=request.user, fields=form.changed_data)

    def response_add(
        self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._show(request, [request.issued])  # type: ignore[attr-defined]

    def _show(self, request: HttpRequest, issued: list[keys.Issued]) -> HttpResponse:
        """In the answer itself and nowhere else: neither the session nor a message keeps a key."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Kunci Open311"),
            "issued": issued,
            "opts": self.opts,
        }
        response = TemplateResponse(request, "admin/feedback/open311_keys.html", context)
        add_never_cache_headers(response)
        return response

    @admin.action(description=_("Ganti kunci"))
    def replace_key(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> HttpResponse | None:
        issued = []
        for client in queryset:
            try:
                issued.append(keys.replace(client=client, actor=request.user))
            except ApplicationError as error:
                self.message_user(request, f"{client.name}: {error}", messages.ERROR)
        return self._show(request, issued) if issued else None

    @admin.action(description=_("Cabut kunci"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> None:
        done = [keys.revoke(client=client, actor=request.user) for client in queryset]
        text = ngettext("%(count)d kunci dicabut.", "%(count)d kunci dicabut.", len(done)) % {"count": len(done)}
        self.message_user(request, text, messages.SUCCESS)
