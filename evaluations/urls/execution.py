from django.urls import URLPattern, URLResolver, path

from evaluations.views import execution, feedback

urlpatterns: list[URLPattern | URLResolver] = [
    path("realisasi/<uuid:pk>/", execution.progress, name="progress"),
    path("realisasi/<uuid:pk>/simpan/", execution.save, name="progress_save"),
    path("realisasi/<uuid:pk>/salin/", execution.copy, name="progress_copy"),
    path("realisasi/<uuid:pk>/bukti/<uuid:indicator>/", execution.add_evidence, name="evidence_add"),
    path("realisasi/bukti/<uuid:pk>/hapus/", execution.remove_evidence, name="evidence_remove"),
    path("umpan-balik/", feedback.inbox, name="feedback_inbox"),
    path("tim/umpan-balik/", feedback.team, name="feedback_team"),
    path("umpan-balik/<uuid:pk>/", feedback.about, name="feedback_of"),
    path("umpan-balik/<uuid:pk>/minta/", feedback.ask, name="feedback_ask"),
    path("umpan-balik/<uuid:pk>/beri/", feedback.give, name="feedback_give"),
    path("umpan-balik/permintaan/<uuid:pk>/lewati/", feedback.decline, name="feedback_decline"),
]
