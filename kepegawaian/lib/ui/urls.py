"""Addresses of the look itself; the components page exists while developing only."""

from django.urls import URLPattern, path, re_path

from kepegawaian.lib.ui import components, views

app_name = "ui"
urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<name>look\.css|icons\.svg)$", views.asset, name="asset"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("tampilan/tema/", views.set_theme, name="theme"),
    path("tampilan/bahasa/", views.set_language, name="language"),
    path("_components/", components.page, name="components"),
    path("menu/<slug:code>/", views.door, name="door"),
]
