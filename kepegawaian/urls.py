"""Every address of the portal, feature by feature."""

from django.contrib import admin
from django.urls import include, path

from kepegawaian import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("kepegawaian.lib.ui.urls")),
    path("akun/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
