"""Who heads which unit, under /unit/ beside the pages of the tree."""

from django.urls import path

from kepegawaian.employees.views import heads

app_name = "heads"
urlpatterns = [
    path("tanpa-kepala/", heads.headless, name="missing"),
    path("<uuid:pk>/pimpinan/", heads.name_head, name="name"),
    path("<uuid:pk>/pimpinan/<uuid:row>/akhiri/", heads.end_head, name="end"),
]
