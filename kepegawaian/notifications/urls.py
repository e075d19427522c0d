from django.urls import path

from kepegawaian.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("baca-semua/", views.read_all, name="read_all"),
    path("pilihan/", views.preferences, name="preferences"),
    path("<uuid:message_id>/buka/", views.open_message, name="open"),
]
