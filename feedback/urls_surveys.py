"""Surveys and published statistics. The fixed words come before the address of a survey."""

from django.urls import path

from feedback import feeds
from feedback.views import statistics, surveys_office, surveys_public

urlpatterns = [
    path("survei/", surveys_public.published, name="surveys"),
    path("survei/isi/<str:token>/", surveys_public.answer, name="survey_answer"),
    path("survei/layar/<str:key>/", surveys_public.kiosk, name="survey_screen"),
    path("survei/layar/<str:key>/isi/", surveys_public.kiosk_answer, name="survey_screen_answer"),
    path("survei/layar/<str:key>/terima-kasih/", surveys_public.kiosk_thanks, name="survey_screen_thanks"),
    path("survei/kelola/", surveys_office.office, name="survey_office"),
    path("survei/kelola/baru/", surveys_office.create, name="survey_create"),
    path("survei/kelola/rencana/<uuid:pk>/", surveys_office.plan, name="survey_plan"),
    path("survei/kelola/rencana/<uuid:pk>/ubah/", surveys_office.change_plan, name="survey_plan_change"),
    path("survei/kelola/<uuid:pk>/", surveys_office.desk, name="survey_desk"),
    path("survei/kelola/<uuid:pk>/ubah/", surveys_office.change, name="survey_change"),
    path("survei/kelola/<uuid:pk>/pertanyaan/", surveys_office.reword, name="survey_reword"),
    path("survei/kelola/<uuid:pk>/metode/", surveys_office.method, name="survey_method"),
    path("survei/kelola/<uuid:pk>/kode/", surveys_office.tokens, name="survey_tokens"),
    path("survei/kelola/<uuid:pk>/loket/", surveys_office.counter, name="survey_counter"),
    path("survei/kelola/<uuid:pk>/layar/", surveys_office.kiosk, name="survey_kiosk"),
    path("survei/kelola/<uuid:pk>/rencana/", surveys_office.add_plan, name="survey_plan_add"),
    path("survei/kelola/<uuid:pk>/tarik/", surveys_office.take_back, name="survey_take_back"),
    path("survei/kelola/<uuid:pk>/laksanakan/<slug:verb>/", surveys_office.act, name="survey_act"),
    path("survei/<slug:slug>/", surveys_public.survey, name="survey"),
    path("survei/<slug:slug>/hasil.json", surveys_public.survey_json, name="survey_json"),
    path("survei/<slug:slug>/hasil.csv", surveys_public.survey_csv, name="survey_csv"),
    path("survei/<slug:slug>/hasil.pdf", surveys_public.survey_pdf, name="survey_pdf"),
    path("statistik/", statistics.statistics, name="statistics"),
    path("statistik/<int:year>/", statistics.statistics, name="statistics_year"),
    path("statistik/<int:year>.json", statistics.statistics_json, name="statistics_json"),
    path("statistik/<int:year>.csv", statistics.statistics_csv, name="statistics_csv"),
    path("statistik/jawaban.atom", feeds.atom, name="answers_atom"),
    path("statistik/jawaban.rss", feeds.rss, name="answers_rss"),
    path("statistik/unit/<uuid:unit_id>/jawaban.atom", feeds.atom, name="unit_answers_atom"),
    path("statistik/unit/<uuid:unit_id>/jawaban.rss", feeds.rss, name="unit_answers_rss"),
]
