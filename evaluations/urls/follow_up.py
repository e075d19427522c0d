from django.urls import URLPattern, URLResolver, path

from evaluations.views import coaching, credits, exports, follow_up, papers, talent

urlpatterns: list[URLPattern | URLResolver] = [
    path("angka-kredit/", credits.mine, name="my_credits"),
    path("angka-kredit/<uuid:employee>/", credits.of_person, name="credits"),
    path("angka-kredit/<uuid:employee>/konversi/", credits.convert, name="credits_convert"),
    path("angka-kredit/<uuid:employee>/integrasi/", credits.integrasi, name="credits_integrasi"),
    path("angka-kredit/<uuid:employee>/pendidikan/", credits.education, name="credits_education"),
    path("angka-kredit/<uuid:employee>/jenjang/", credits.jenjang, name="credits_jenjang"),
    path("angka-kredit/<uuid:employee>/penetapan/ajukan/", credits.ask, name="credits_ask"),
    path("angka-kredit/<uuid:employee>/penetapan/tetapkan/", credits.approve, name="credits_approve"),
    path("angka-kredit/<uuid:employee>/penetapan/kembalikan/", credits.give_back, name="credits_give_back"),
    path("angka-kredit/koreksi/<uuid:pk>/", credits.reverse, name="credit_reverse"),
    path("dokumen/<slug:code>/<uuid:pk>/", papers.paper, name="paper"),
    path("dokumen/<slug:code>/<uuid:pk>/terbitkan/", papers.issue, name="paper_issue"),
    path("tindak-lanjut/<uuid:pk>/", follow_up.page, name="follow_up"),
    path("tindak-lanjut/<uuid:pk>/usul/", follow_up.propose, name="propose"),
    path("tindak-lanjut/<uuid:pk>/masa-perbaikan/", follow_up.chain_open, name="chain_open"),
    path("tindak-lanjut/<uuid:pk>/pembinaan/", coaching.new, name="coaching_new"),
    path("tindak-lanjut/<uuid:pk>/potensi/", talent.place, name="talent_place"),
    path("usul/<uuid:pk>/jawab/", follow_up.answer, name="recommendation_answer"),
    path("masa-perbaikan/<uuid:pk>/", follow_up.chain, name="chain"),
    path("pembinaan/<uuid:pk>/", coaching.page, name="coaching"),
    path("pembinaan/<uuid:pk>/pertemuan/", coaching.session, name="coaching_session"),
    path("pembinaan/<uuid:pk>/b19/", coaching.competency, name="coaching_competency"),
    path("pembinaan/<uuid:pk>/b18/", coaching.review, name="coaching_review"),
    path("pembinaan/<uuid:pk>/tutup/", coaching.close, name="coaching_close"),
    path("talenta/", talent.page, name="talent"),
    path("ekspor/", exports.page, name="exports"),
    path("ekspor/<slug:code>/", exports.download, name="export"),
    path("ekspor/<slug:code>/nanti/", exports.later, name="export_later"),
]
