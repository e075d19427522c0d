"""Every public page and every desk of feedback. Groups of pages bring their own list."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "feedback"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("feedback.urls_forums")),
    path("", include("feedback.urls_surveys")),
]
