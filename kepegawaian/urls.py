"""Every address of the portal, feature by feature."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("kepegawaian.lib.ui.urls")),
    path("akun/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
