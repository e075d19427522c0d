"""Addresses of GeoReport v2: the ending names the format, and everything else below them is an error."""

from django.urls import URLPattern, path, re_path

from feedback.open311 import views
from feedback.open311.writing import FORMATS, JSON, XML

app_name = "open311"
ROUTES = (
    ("discovery", views.discover, "discovery"),
    ("services", views.services, "services"),
    ("services/<str:code>", views.definition, "definition"),
    ("requests", views.requests, "requests"),
    ("requests/<str:number>", views.request_by_id, "request"),
    ("tokens/<str:token>", views.token, "token"),
)
urlpatterns: list[URLPattern] = [
    *(
        path(f"{address}.{form}", view, {"form": form}, name=f"{name}_{form}")
        for address, view, name in ROUTES
        for form in FORMATS
    ),
    re_path(r".*\.json$", views.nothing, {"form": JSON}),
    re_path("", views.nothing, {"form": XML}),
]
