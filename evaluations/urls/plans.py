from django.urls import URLPattern, URLResolver, path

from evaluations.views import plans, plans_edit, plans_team

urlpatterns: list[URLPattern | URLResolver] = [
    path("", plans_team.mine, name="mine"),
    path("tim/", plans_team.team, name="team"),
    path("tim/matriks/", plans_team.matrix, name="team_matrix"),
    path("pegawai/<uuid:pk>/", plans_team.person, name="person"),
    path("pegawai/<uuid:pk>/skp/", plans_edit.start, name="plan_start"),
    path("skp/<uuid:pk>/", plans.detail, name="plan"),
    path("skp/<uuid:pk>/ubah/", plans_edit.edit, name="plan_edit"),
    path("skp/<uuid:pk>/simpan/", plans_edit.save, name="plan_save"),
    path("skp/<uuid:pk>/ajukan/", plans_edit.submit, name="plan_submit"),
    path("skp/<uuid:pk>/tarik/", plans.withdraw, name="plan_withdraw"),
    path("skp/<uuid:pk>/jawab/", plans.answer, name="plan_answer"),
    path("skp/<uuid:pk>/perubahan/", plans.change, name="plan_change"),
    path("skp/<uuid:pk>/hapus/", plans_edit.discard, name="plan_discard"),
    path("skp/<uuid:pk>/tanggapan/", plans.comment, name="plan_comment"),
    path("skp/<uuid:pk>/kaitkan/", plans.link, name="plan_link"),
    path("skp/<uuid:pk>/bagikan/", plans.share, name="plan_share"),
    path("skp/tanggapan/<uuid:pk>/selesai/", plans.settle, name="plan_settle"),
    path("skp/contoh/<uuid:pk>/tarik/", plans.unshare, name="plan_unshare"),
]
