"""The officers' desk. Its address begins like that of a report, so it stands before those."""

from django.urls import path

from feedback.views.desk import acting, bulk, case, counter, keeping, listing, moderating

urlpatterns = [
    path("pengaduan/meja/", listing.desk, name="desk"),
    path("pengaduan/meja/unduh/", listing.export, name="desk_export"),
    path("pengaduan/meja/unduh/nanti/", listing.export_later, name="desk_export_later"),
    path("pengaduan/meja/catat/", counter.counter, name="counter"),
    path("pengaduan/meja/sekaligus/", bulk.bulk, name="desk_bulk"),
    path("pengaduan/meja/templat/", keeping.templates, name="desk_templates"),
    path("pengaduan/meja/templat/baru/", keeping.template, name="desk_template_new"),
    path("pengaduan/meja/templat/<uuid:pk>/", keeping.template, name="desk_template"),
    path("pengaduan/meja/<uuid:pk>/", case.page, name="case"),
    path("pengaduan/meja/<uuid:pk>/batas/", case.clocks, name="case_clocks"),
    path("pengaduan/meja/<uuid:pk>/ombudsman/", case.bundle, name="case_bundle"),
    path("pengaduan/meja/<uuid:pk>/pelapor/", case.identity, name="case_identity"),
    path("pengaduan/meja/<uuid:pk>/moderasi/", moderating.page, name="case_moderation"),
    path("pengaduan/meja/<uuid:pk>/dibaca/", case.reads, name="case_reads"),
    path("pengaduan/meja/<uuid:pk>/pantau/", acting.watch, name="case_watch"),
    path("pengaduan/meja/<uuid:pk>/berkas/<uuid:file_pk>/", case.file, name="desk_file"),
    path("pengaduan/meja/<uuid:pk>/lakukan/<slug:name>/", acting.act, name="case_act"),
]
