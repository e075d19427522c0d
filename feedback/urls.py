"""Every public page and every desk of feedback. Groups of pages bring their own list."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "feedback"
urlpatterns: list[URLPattern | URLResolver] = [
    path("open311/v2/", include("feedback.open311.urls")),
    path("", include("feedback.urls_forums")),
    path("", include("feedback.urls_desk")),
    path("", include("feedback.urls_reports")),
    path("", include("feedback.urls_surveys")),
    path("", include("feedback.urls_whistle")),
]
