import datetime

from django.urls import path, register_converter

from leave.views import balance, collective, deciding, filing, office, requests, team


class DateConverter:
    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date) -> str:
        return value.isoformat()


register_converter(DateConverter, "missed")

app_name = "leave"
urlpatterns = [
    path("saldo/", balance.mine, name="balance"),
    path("saldo/<uuid:employee_id>/", balance.of_person, name="balance_of"),
    path("saldo/<uuid:employee_id>/awal/", balance.opening, name="opening"),
    path("saldo/<uuid:employee_id>/cuti-bersama/", collective.days, name="collective"),
    path(
        "saldo/<uuid:employee_id>/cuti-bersama/<missed:missed>/batalkan/", collective.undo, name="undo_collective"
    ),
    path("saya/", requests.requests, name="requests"),
    path("permohonan/baru/", filing.new, name="new"),
    path("permohonan/hitung/", filing.preview, name="preview"),
    path("permohonan/simpan/", filing.autosave, name="autosave"),
    path("permohonan/rekan/", filing.colleagues, name="colleagues"),
    path("permohonan/<uuid:pk>/", requests.detail, name="request"),
    path("permohonan/<uuid:pk>/ubah/", filing.edit, name="edit"),
    path("permohonan/<uuid:pk>/batalkan/", requests.withdraw, name="withdraw"),
    path("permohonan/<uuid:pk>/hapus/", requests.discard, name="discard"),
    path("permohonan/<uuid:pk>/panggil/", requests.recall, name="recall"),
    path("permohonan/<uuid:pk>/jawab/", requests.respond, name="respond"),
    path("permohonan/<uuid:pk>/periksa/", deciding.check, name="check"),
    path("permohonan/<uuid:pk>/pertimbangan/", deciding.opinion, name="opinion"),
    path("permohonan/<uuid:pk>/putuskan/", deciding.decide, name="decide"),
    path("kalender-tim/", team.calendar, name="team_calendar"),
    path("kantor/", office.requests, name="office"),
    path("kantor/unduh/", office.export, name="export"),
    path("kantor/unduh/nanti/", office.export_later, name="export_later"),
    path("kantor/tanpa-pejabat/", office.without_holder, name="without_holder"),
    path("kantor/pemeriksaan/", office.checks, name="checks"),
    path("kantor/saldo-awal/", office.openings, name="openings"),
    path("kantor/akhir-tahun/", office.year_end_page, name="year_end"),
]
