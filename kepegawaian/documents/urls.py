from django.urls import path

from kepegawaian.documents import views

app_name = "documents"
urlpatterns = [
    path("berkas/<uuid:file_id>/", views.file, name="file"),
    path("verifikasi/<str:token>/", views.verify, name="verify"),
]
