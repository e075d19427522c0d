from django.urls import path

from kepegawaian.calendars import views

app_name = "calendars"
urlpatterns = [
    path("", views.year, name="this_year"),
    path("<int:year>/", views.year, name="year"),
    path("<int:year>.ics", views.year_ical, name="year_ical"),
    path("libur/baru/", views.holiday, name="add_holiday"),
    path("libur/<uuid:holiday_id>/", views.holiday, name="holiday"),
    path("libur/<uuid:holiday_id>/hapus/", views.remove_holiday, name="remove_holiday"),
    path("pola/", views.patterns, name="patterns"),
    path("pola/<uuid:unit_id>/", views.unit_patterns, name="unit_patterns"),
    path("pola/baris/<uuid:pattern_id>/hapus/", views.remove_pattern, name="remove_pattern"),
]
