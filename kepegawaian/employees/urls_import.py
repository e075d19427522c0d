from django.urls import path

from kepegawaian.employees import views_import

app_name = "employee_imports"
urlpatterns = [
    path("", views_import.index, name="index"),
    path("kolom/<slug:name>.<slug:kind>", views_import.blank, name="blank"),
    path("<uuid:pk>/", views_import.detail, name="detail"),
    path("<uuid:pk>/simpan/", views_import.confirm, name="confirm"),
    path("<uuid:pk>/batal/", views_import.cancel, name="cancel"),
    path("<uuid:pk>/ulang/", views_import.retry, name="retry"),
    path("<uuid:pk>/catatan.<slug:kind>", views_import.error_sheet, name="error_sheet"),
]
