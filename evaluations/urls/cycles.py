from django.urls import URLPattern, URLResolver, path

from evaluations.views import assessors, cycles, monitor

urlpatterns: list[URLPattern | URLResolver] = [
    path("tahun/", cycles.cycles_page, name="cycles"),
    path("tahun/<uuid:pk>/", cycles.cycle_page, name="cycle"),
    path("tahun/<uuid:pk>/kalender/", cycles.calendar, name="cycle_calendar"),
    path("tahun/<uuid:pk>/peserta/", cycles.population, name="cycle_population"),
    path("tahun/<uuid:pk>/hapus/", cycles.discard, name="cycle_discard"),
    path("tahun/<uuid:pk>/buka/", cycles.open_year, name="cycle_open"),
    path("tahun/<uuid:pk>/tutup/", cycles.close_year, name="cycle_close"),
    path("penilai/saran/", assessors.suggest, name="assessor_suggest"),
    path("penilai/<uuid:pk>/", assessors.assessor, name="assessor"),
    path("penilai/<uuid:pk>/garis-atasan/", assessors.assessor_by_line, name="assessor_by_line"),
    path("pantau/", monitor.overview, name="monitor"),
    path("pantau/pegawai/", monitor.people, name="people"),
    path("pantau/pegawai/unduh/", monitor.export, name="people_export"),
    path("pantau/pegawai/unduh-nanti/", monitor.export_later, name="people_export_later"),
    path("pantau/pegawai/ingatkan/", monitor.remind, name="people_remind"),
    path("pantau/pegawai/penilai/", monitor.assign, name="people_assessor"),
    path("unit/<uuid:pk>/", monitor.unit, name="unit"),
]
