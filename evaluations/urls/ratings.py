from django.urls import URLPattern, URLResolver, path

from evaluations.views import distribution, objections, ratings

urlpatterns: list[URLPattern | URLResolver] = [
    path("penilaian/", ratings.open_evaluations, name="open_evaluations"),
    path("penilaian/tandatangani/", ratings.sign_many, name="sign_many"),
    path("penilaian/<uuid:pk>/<uuid:period>/", ratings.assess, name="assess"),
    path("evaluasi/<uuid:pk>/", ratings.evaluation, name="evaluation"),
    path("evaluasi/<uuid:pk>/tandatangani/", ratings.sign, name="evaluation_sign"),
    path("evaluasi/<uuid:pk>/buka-lagi/", ratings.reopen, name="evaluation_reopen"),
    path("evaluasi/<uuid:pk>/sudah-dibaca/", ratings.receive, name="evaluation_receive"),
    path("evaluasi/<uuid:pk>/keberatan/", objections.objection, name="objection"),
    path("evaluasi/<uuid:pk>/keberatan/ajukan/", objections.file, name="objection_file"),
    path("evaluasi/<uuid:pk>/keberatan/cabut/", objections.withdraw, name="objection_withdraw"),
    path("evaluasi/<uuid:pk>/keberatan/pejabat/", objections.name, name="objection_name"),
    path("evaluasi/<uuid:pk>/keberatan/keterangan/", objections.state, name="objection_state"),
    path("evaluasi/<uuid:pk>/keberatan/dengar/", objections.hear, name="objection_hear"),
    path("evaluasi/<uuid:pk>/keberatan/putuskan/", objections.decide, name="objection_decide"),
    path("capaian/", distribution.organisation, name="organisation"),
    path("capaian/<uuid:unit>/<uuid:period>/", distribution.set_organisation, name="organisation_set"),
    path("distribusi/<uuid:unit>/<uuid:period>/", distribution.distribution, name="distribution"),
    path("kalibrasi/", distribution.calibration, name="calibration"),
]
