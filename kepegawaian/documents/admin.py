"""Issued documents in the admin, read only; files are not shown there at all."""

from django.contrib import admin

from kepegawaian.audit.admin import ReadOnlyAdmin
from kepegawaian.documents.models import IssuedDocument, LetterCounter


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "unit", "issued_at", "revoked_at")
    list_filter = ("kind",)
    list_select_related = ("unit",)
    search_fields = ("=number",)
    fields = (*list_display, "revoked_reason")
    ordering = ("-id",)


@admin.register(LetterCounter)
class LetterCounterAdmin(ReadOnlyAdmin):
    list_display = ("unit", "kind", "year", "last")
    list_select_related = ("unit",)
