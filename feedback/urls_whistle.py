"""The protected channel. Everything under `untraced.PATH` is read without its sender; no address has a number."""

from django.urls import path

from feedback.views.whistle import desk, public

urlpatterns = [
    path("wbs/", public.about, name="whistle"),
    path("wbs/lapor/", public.file_report, name="whistle_report"),
    path("wbs/ikuti/", public.follow, name="whistle_follow"),
    path("wbs/berkas/<uuid:pk>/", public.file, name="whistle_own_file"),
    path("meja-wbs/", desk.listing, name="whistle_desk"),
    path("meja-wbs/<uuid:pk>/", desk.page, name="whistle_page"),
    path("meja-wbs/<uuid:pk>/dibaca/", desk.reads, name="whistle_reads"),
    path("meja-wbs/<uuid:pk>/berkas/<uuid:file_pk>/", desk.file, name="whistle_file"),
    path("meja-wbs/<uuid:pk>/lakukan/<slug:name>/", desk.act, name="whistle_act"),
]
