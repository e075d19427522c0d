"""Citizens' reports and the public home. The fixed words come before a number or the code of a service."""

from django.urls import path

from feedback.views import public_home
from feedback.views.reports import filing, following, published

urlpatterns = [
    path("pengaduan/", published.reports, name="reports"),
    path("pengaduan/baru/", filing.file_report, name="report"),
    path("pengaduan/lacak/", following.track, name="find"),
    path("pengaduan/lacak/tautan/", following.ask_link, name="ask_link"),
    path("pengaduan/masuk/<str:token>/", following.enter, name="enter"),
    path("pengaduan/keluar/", following.leave, name="leave"),
    path("pengaduan/saya/", following.my_reports, name="my_reports"),
    path("pengaduan/<str:number>/", published.report, name="track"),
    path("pengaduan/<str:number>/saya/", following.mine, name="mine"),
    path("pengaduan/<str:number>/saya/ombudsman/", following.bundle, name="bundle"),
    path("pengaduan/<str:number>/saya/survei/", following.survey, name="mine_survey"),
    path("pengaduan/<str:number>/saya/<slug:verb>/", following.act, name="mine_act"),
    path("pengaduan/<str:number>/berkas/<uuid:pk>/", following.file, name="case_file"),
    path("layanan/", public_home.services, name="services"),
    path("layanan/cari/", public_home.search, name="public_search"),
    path("layanan/bantuan/", public_home.help_page, name="help"),
    path("layanan/aksesibilitas/", public_home.accessibility, name="accessibility"),
    path("layanan/privasi/", public_home.privacy, name="privacy"),
    path("layanan/<slug:code>/", public_home.service, name="service"),
]
