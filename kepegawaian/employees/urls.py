"""Addresses of people, under /pegawai/; those about heads of units (`heads`) stand under /unit/."""

from django.urls import path, register_converter

from kepegawaian.employees.models import PositionHolding, RankHolding
from kepegawaian.employees.views import days, editing, heads, histories, listing, person, signins


class YearConverter:
    regex = "20[0-9]{2}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class MonthConverter:
    regex = "0?[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")

app_name = "employees"
urlpatterns = [
    path("", listing.people, name="list"),
    path("akun/", signins.accounts, name="accounts"),
    path("akun/<uuid:pk>/", signins.account, name="account"),
    path("akun/<uuid:pk>/kode/", signins.account_code, name="account_code"),
    path("akun/<uuid:pk>/<slug:act>/", signins.account_act, name="account_act"),
    path("baru/", editing.create, name="create"),
    path("ekspor/", listing.export, name="export"),
    path("pelimpahan/", heads.overview, name="delegations_all"),
    path("pelimpahan/saya/", heads.my_delegations, name="my_delegations"),
    path("saran/", listing.suggest, name="suggest"),
    path("saya/", person.me, name="me"),
    path("<uuid:pk>/", person.detail, name="detail"),
    path("<uuid:pk>/berhenti/", editing.end_service, name="end_service"),
    path("<uuid:pk>/hari-kerja/", days.patterns, name="days"),
    path("<uuid:pk>/hari-kerja/<uuid:row>/akhiri/", days.end_pattern, name="end_pattern"),
    path("<uuid:pk>/jabatan/", histories.add_position, name="add_position"),
    path("<uuid:pk>/jabatan/<uuid:row>/", histories.correct_position, name="correct_position"),
    path("<uuid:pk>/jabatan/<uuid:row>/akhiri/", histories.end_position, name="end_position"),
    path(
        "<uuid:pk>/jabatan/<uuid:row>/batalkan/",
        histories.withdraw,
        {"model": PositionHolding},
        name="withdraw_position",
    ),
    path("<uuid:pk>/jadwal/<year:year>/<month:month>/", days.roster, name="roster"),
    path("<uuid:pk>/nomor/", editing.number, name="number"),
    path("<uuid:pk>/pangkat/", histories.add_rank, name="add_rank"),
    path("<uuid:pk>/pangkat/<uuid:row>/", histories.correct_rank, name="correct_rank"),
    path(
        "<uuid:pk>/pangkat/<uuid:row>/batalkan/", histories.withdraw, {"model": RankHolding}, name="withdraw_rank"
    ),
    path("<uuid:pk>/pelimpahan/", heads.delegations, name="delegations"),
    path("<uuid:pk>/pelimpahan/<uuid:row>/akhiri/", heads.end_delegation, name="end_delegation"),
    path("<uuid:pk>/tampilkan/", person.reveal, name="reveal"),
    path("<uuid:pk>/ubah/", editing.edit, name="edit"),
]
