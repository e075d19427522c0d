"""Forums in the admin: looked at only. Votes and whoever flagged are shown nowhere."""

from django.contrib import admin

from feedback.models import Meeting, OfficialAnswer, Process, Proposal, Result, VerifiedPerson
from kepegawaian.audit.admin import ReadOnlyAdmin


@admin.register(Process)
class ProcessAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "unit", "starts_on", "ends_on", "published_at")
    list_filter = ("kind",)
    list_select_related = ("unit",)
    search_fields = ("title", "slug")


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ("number", "title", "process", "origin", "state", "created_at")
    list_filter = ("state", "origin")
    list_select_related = ("process",)
    search_fields = ("title",)
    exclude = ("author", "supports")


@admin.register(OfficialAnswer)
class OfficialAnswerAdmin(ReadOnlyAdmin):
    list_display = ("proposal", "verdict", "published_at", "published_by")
    list_filter = ("verdict",)
    list_select_related = ("proposal", "published_by")


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    list_display = ("title", "process", "starts_at", "closed_at", "cancelled_at", "attendees")
    list_select_related = ("process",)


@admin.register(Result)
class ResultAdmin(ReadOnlyAdmin):
    list_display = ("title", "process", "state", "percent", "owner_unit", "due_on")
    list_filter = ("state",)
    list_select_related = ("process", "owner_unit")


@admin.register(VerifiedPerson)
class VerifiedPersonAdmin(ReadOnlyAdmin):
    list_display = ("user", "area", "verified_by", "verified_at", "revoked_at")
    list_select_related = ("user", "area", "verified_by")
    search_fields = ("=user__email",)
    exclude = ("nik_digest",)
