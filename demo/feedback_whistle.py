"""A few invented reports of the protected channel, at different stages, and two officers who keep it."""

import json
from pathlib import Path

from demo.accounts import REPORTED
from demo.moments import ago, moment
from feedback.models import WhistleReport
from feedback.services import whistle
from feedback.services.whistle import Accused, Whistle
from kepegawaian.accounts.models import User
from kepegawaian.units.models import Unit

FEE = Whistle(
    what="Setiap pengurusan surat keterangan diminta uang di luar tarif. Yang tidak membayar menunggu lama.",
    accused=(Accused("Bambang Rekaan", "kepala seksi"),),
    when="Setiap hari layanan sejak Januari",
    where="Ruang di belakang loket",
    how="Uang dimasukkan ke map sebelum diserahkan.",
    evidence="Catatan nama dan jumlah dari dua belas pemohon; dua di antaranya bersedia ditanya.",
)
FAKE = Whistle(
    what="Perjalanan dinas dicatat tiga hari, yang bersangkutan pulang pada hari yang sama.",
    accused=(Accused("Sulastri Khayali", "bendahara"), Accused("Joko Rekaan", "staf")),
    when="Maret dan April",
    how="Tiket dan penginapan dibuat sendiri.",
    evidence="Salinan dua tiket dengan nomor yang sama.",
)
GOODS = Whistle(
    what="Barang yang diterima gudang lebih sedikit daripada yang dibayar.",
    evidence="Foto isi gudang pada hari penerimaan; daftar barang ada di papan gudang.",
    where="Gudang di lantai bawah",
)
RUMOUR = Whistle(
    what="Katanya ada jual beli jabatan.",
    accused=(Accused("Pejabat tinggi"),),
    evidence="Cerita dari teman.",
)


def load(officer: User, second: User, accounts: Path) -> None:
    """The number and the PIN of one report stand among the sign-ins, to open its mailbox."""
    units = {unit.short_name: unit for unit in Unit.objects.filter(short_name__in=REPORTED)}
    _closed(officer, units.get("Disdikbud"))
    filed = _in_research(officer, second, units.get("DPUPR"))
    with moment(ago(6)):
        _rejected(officer)
    with moment(ago(2)):
        _file(GOODS, units.get("Dishub"), held=True)
    rows = json.loads(accounts.read_text(encoding="utf-8"))
    rows.append(
        {"role": "wbs", "login": filed.report.number, "password": filed.pin, "name": "Nomor dan PIN laporan WBS"}
    )
    accounts.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


def _file(facts: Whistle, unit: Unit | None, *, held: bool = False) -> whistle.Filed:
    accused = facts.accused or (() if unit is not None else (Accused("Petugas gudang"),))
    words = {name: getattr(facts, name) for name in ("what", "evidence", "when", "where", "how")}
    return whistle.file_report(whistle=Whistle(**words, accused=accused, unit=unit), held=held)


def _closed(officer: User, unit: Unit | None) -> None:
    with moment(ago(75)):
        report = _file(FAKE, unit).report
    with moment(ago(73)):
        report = whistle.take(actor=officer, report=report)
    with moment(ago(70)):
        report = whistle.admit(actor=officer, report=report, reason="Memuat siapa, apa, kapan, dan bukti awal.")
    with moment(ago(52)):
        report = whistle.examine(actor=officer, report=report, reason="Nomor tiket sama pada dua nama.")
    with moment(ago(30)):
        whistle.close(
            actor=officer,
            report=report,
            outcome="terbukti",
            reason="Laporan hasil pemeriksaan 700/12.",
            word="Terima kasih. Perbuatan itu terbukti; uang dikembalikan dan pelakunya diperiksa tim disiplin.",
        )


def _in_research(officer: User, second: User, unit: Unit | None) -> whistle.Filed:
    with moment(ago(12)):
        filed = _file(FEE, unit)
    report = filed.report
    with moment(ago(10)):
        report = whistle.take(actor=second, report=report)
        whistle.note_reading(report, second)
        whistle.ask(actor=second, report=report, text="Apakah ada hari tertentu yang paling sering?")
    with moment(ago(8)):
        whistle.reply(report=report, text="Senin dan Kamis pagi, sebelum pukul sembilan.")
    with moment(ago(7)):
        report = whistle.reassign(actor=second, report=report, officer=officer, reason="Saya cuti minggu depan.")
        whistle.note_reading(report, officer)
        report = whistle.admit(actor=officer, report=report, reason="Dua saksi bersedia ditanya.")
        whistle.note(actor=officer, report=report, text="Cocokkan dengan jadwal loket.")
    with moment(ago(1)):
        whistle.reply(report=report, text="Minggu ini mapnya diganti amplop.")
    return filed


def _rejected(officer: User) -> WhistleReport:
    report = whistle.take(actor=officer, report=_file(RUMOUR, None).report)
    word = "Tulis siapa, kapan, dan bukti yang dapat dilihat; kotak ini tetap terbuka bagi Anda."
    return whistle.reject(actor=officer, report=report, reason="Hanya desas-desus.", word=word)
