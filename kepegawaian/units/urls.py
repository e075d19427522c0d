"""Addresses of the unit tree, under /unit/."""

from django.urls import path

from kepegawaian.units import views

app_name = "units"
urlpatterns = [
    path("", views.tree_page, name="tree"),
    path("baru/", views.create, name="create"),
    path("saran/", views.suggest, name="suggest"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/buka/", views.reopen, name="reopen"),
    path("<uuid:pk>/cabang/", views.branch, name="branch"),
    path("<uuid:pk>/nama/", views.rename, name="rename"),
    path("<uuid:pk>/pindah/", views.move, name="move"),
    path("<uuid:pk>/tutup/", views.close, name="close"),
    path("<uuid:pk>/ubah/", views.edit, name="edit"),
]
