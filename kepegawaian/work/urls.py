from django.urls import path

from kepegawaian.work import views

app_name = "work"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("aksi/<str:kind>/<slug:name>/", views.bulk, name="bulk"),
    path("proses/", views.jobs, name="jobs"),
    path("proses/<uuid:job_id>/", views.job, name="job"),
]
