"""Every address of the portal, feature by feature."""

from django.contrib import admin
from django.urls import include, path

from kepegawaian import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("kepegawaian.lib.health")),
    path("", include("kepegawaian.lib.ui.urls")),
    path("akun/", include("kepegawaian.accounts.urls")),
    path("akun/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("kepegawaian.documents.urls")),
    path("api/", include("kepegawaian.api")),
    path("cuti/", include("leave.urls")),
    path("jejak/", include("kepegawaian.audit.urls")),
    path("kalender/", include("kepegawaian.calendars.urls")),
    path("kinerja/", include("evaluations.urls")),
    path("pegawai/aktivasi/", include("kepegawaian.employees.urls_activation")),
    path("pegawai/impor/", include("kepegawaian.employees.urls_import")),
    path("pegawai/", include("kepegawaian.employees.urls")),
    path("pekerjaan/", include("kepegawaian.work.urls")),
    path("", include("feedback.urls")),
    path("pemberitahuan/", include("kepegawaian.notifications.urls")),
    path("unit/", include("kepegawaian.employees.urls_heads")),
    path("unit/", include("kepegawaian.units.urls")),
]

handler400 = "kepegawaian.lib.ui.views.bad_request"
handler403 = "kepegawaian.lib.ui.views.forbidden"
handler404 = "kepegawaian.lib.ui.views.not_found"
handler500 = "kepegawaian.lib.ui.views.server_error"
handler429 = "kepegawaian.accounts.views.too_many_requests"
