"""/_components/: every component in every state, for those who build pages. Only while developing."""

import datetime
import enum
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.forms import DateField, RadioCards, Textarea
from kepegawaian.lib.ui.months import Mark, months
from kepegawaian.lib.ui.pages import Page
from kepegawaian.lib.ui.parts import Bar, Bars, Because, Step, Tab
from kepegawaian.lib.ui.shell import DOORS, Frame, Link, OpenDoor

Day = datetime.date
LONG_UNIT = "Bidang Pembinaan Ketenagaan PAUD dan Dikmas"
LONG_NAME = "Prof. Dr. Ir. Raden Ayu Kusumaningtyas Hadiningrat, M.Sc., Ph.D."


class SampleStatus(enum.Enum):
    """As the enums of the apps: label, icon, tone."""

    DRAFT = ("Konsep", "pencil", "neutral")
    WAITING = ("Menunggu atasan", "clock", "wait")
    OFFERED = ("Perubahan ditawarkan", "arrow-path", "info")
    GRANTED = ("Disetujui", "check-circle", "success")
    REFUSED = ("Tidak disetujui", "x-circle", "danger")

    def __init__(self, label: str, icon: str, tone: str) -> None:
        self.label = label
        self.icon = icon
        self.tone = tone


class SampleForm(forms.Form):
    start = DateField(label="Tanggal mulai", help_text="Hari pertama Anda tidak masuk kerja.")
    end = DateField(label="Tanggal selesai")
    kind = forms.ChoiceField(label="Jenis cuti", choices=[("CT", "Cuti tahunan"), ("CS", "Cuti sakit")])
    reason = forms.CharField(label="Alasan cuti", widget=Textarea, help_text="Singkat saja, satu kalimat cukup.")
    phone = forms.CharField(label="Nomor telepon selama cuti", required=False)
    letter = forms.FileField(
        label="Surat pendukung", required=False, help_text="PDF, JPG, atau PNG, paling besar 5 MB."
    )
    channels = forms.MultipleChoiceField(
        label="Beri tahu lewat",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("inbox", "Kotak pemberitahuan"), ("mail", "Surel")],
    )
    abroad = forms.BooleanField(label="Saya berada di luar negeri selama cuti", required=False)
    fixed = forms.CharField(label="Unit kerja", initial=LONG_UNIT, disabled=True, required=False)


class SampleDecision(forms.Form):
    outcome = forms.ChoiceField(
        label="Keputusan Anda",
        choices=[
            ("approved", "Disetujui"),
            ("changed", "Perubahan"),
            ("postponed", "Ditangguhkan"),
            ("refused", "Tidak disetujui"),
        ],
        widget=RadioCards(
            hints={
                "changed": "Anda menawarkan tanggal lain; pegawai menerima atau menolaknya.",
                "postponed": "Lima hari ini pindah ke hak tahun depan.",
                "refused": "Alasan wajib diisi dan dibaca oleh pegawai.",
            }
        ),
    )
    note = forms.CharField(label="Alasan", widget=Textarea, required=False)


class SampleFilter(forms.Form):
    q = forms.CharField(label="Cari nama atau NIP", required=False, widget=forms.TextInput({"type": "search"}))
    state = forms.ChoiceField(
        label="Status", required=False, choices=[("", "Semua"), ("active", "Aktif"), ("leave", "Sedang cuti")]
    )
    rank = forms.ChoiceField(
        label="Golongan", required=False, choices=[("", "Semua"), ("III/a", "III/a"), ("III/b", "III/b")]
    )


MENU = {
    "home": [("Beranda", "home", 0)],
    "my": [("Cuti saya", "calendar-days", 0), ("Hak cuti", "calculator", 0), ("Data saya", "identification", 1)],
    "team": [("Kotak masuk", "inbox", 12), ("Kalender tim", "calendar", 0)],
    "office": [("Pegawai", "user-group", 0), ("Unit kerja", "building-office", 0), ("Impor", "arrow-up-tray", 0)],
    "public": [("Pengaduan", "megaphone", 0), ("Statistik", "chart-bar", 0)],
}


def _link(label: str, icon: str, badge: int = 0) -> Link:
    return Link(label, "#", icon, label == "Cuti saya", badge)


def _links(code: str) -> list[Link]:
    return [_link(*row) for row in MENU.get(code, ())]


def sample_shell() -> SimpleNamespace:
    doors = [
        OpenDoor(code, door.label, door.short, door.icon, "#", code == "my", _links(code))
        for code, door in DOORS.items()
    ]
    me = [_link("Profil dan keamanan", "user-circle"), _link("Perangkat yang masuk", "device-phone-mobile")]
    search = Link("Cari pegawai", "#", "magnifying-glass", False)
    notices = Link("Pemberitahuan", "#", "bell", False, 3)
    return SimpleNamespace(
        frame=Frame(doors, me, search, notices),
        public=doors[-1].links,
        name="Siti Aminah, S.AP.",
        search=search,
    )


def _steps() -> list[Step]:
    now = today()
    two, three = datetime.timedelta(days=2), datetime.timedelta(days=3)
    return [
        Step("Diajukan", "done", "Siti Aminah", now - three - two, icon="paper-airplane"),
        Step(
            "Pertimbangan atasan langsung: disetujui",
            "done",
            "Budi Santoso, S.Sos.",
            now - three,
            note="Pekerjaan sudah dialihkan kepada Dewi.",
        ),
        Step(
            "Keputusan pejabat yang berwenang",
            "current",
            LONG_NAME,
            since=now - three,
            due=now + three,
            reminder=now + two,
        ),
        Step("Surat izin cuti terbit", "coming"),
    ]


def _late_steps() -> list[Step]:
    due = today() - datetime.timedelta(days=2)
    return [
        Step("Diajukan", "done", "Budi", due, icon="paper-airplane"),
        Step("Pertimbangan atasan langsung: tidak disetujui", "done", "Siti", due, tone="danger", icon="x-circle"),
        Step("Keputusan pejabat yang berwenang", "current", "Kepala Bidang", since=due, due=due, late=True),
    ]


def _reason() -> list[Because]:
    return [
        Because("Hak tahun 2026", 12, "R1", "PP 11/2017 Ps. 312"),
        Because("Sisa tahun 2025", 6, "R3", "PP 11/2017 Ps. 313 ayat (2)"),
        Because("Cuti bersama yang dijalani", "−8", "R6", "Keppres 3/2026", url="#"),
        Because("Cuti 2–3 Feb 2026", "−3", "R2", "PP 11/2017 Ps. 312", url="#"),
    ]


def _months() -> Any:
    marks = {Day(2026, 3, day): Mark("leave", "Cuti Anda") for day in (16, 17)}
    marks |= {
        Day(2026, 3, 19): Mark("holiday", "Hari Suci Nyepi"),
        Day(2026, 3, 18): Mark("joint", "Cuti bersama Nyepi"),
    }
    marks |= {Day(2026, 3, day): Mark("away", "Budi Santoso cuti") for day in (24, 25)}
    marks |= {Day(2026, 4, day): Mark("pending", "Menunggu keputusan") for day in (1, 2)}
    return months(Day(2026, 3, 1), Day(2026, 4, 30), marks)


BKPSDM = "Badan Kepegawaian dan Pengembangan SDM"
MIDWIFE = "Ni Luh Ketut Ayu Wulandari, A.Md.Keb."
PEOPLE = [
    ("Siti Aminah, S.AP.", "198609262015052001", "Analis Kepegawaian", BKPSDM, 7, SampleStatus.GRANTED),
    (LONG_NAME, "197001011995031002", "Kepala Bidang", LONG_UNIT, 12, SampleStatus.WAITING),
    (
        "Budi",
        "199503122020121003",
        "Pengadministrasi Umum",
        "Kecamatan Tanjungpinang Timur",
        0,
        SampleStatus.REFUSED,
    ),
    (MIDWIFE, "199009132019032014", "Bidan Terampil", "UPTD Puskesmas Batu Sepuluh", 5, SampleStatus.OFFERED),
]
PERSON_KEYS = ("name", "nip", "position", "unit", "left", "status")


def _context(request: HttpRequest) -> dict[str, Any]:
    people = [dict(zip(PERSON_KEYS, row, strict=True)) for row in PEOPLE]
    wrong = SampleForm({"start": "2026-03-16", "end": "", "kind": "XX", "reason": ""})
    wrong.add_error(None, "Sisa cuti tahunan Anda 7 hari kerja, yang diminta 10 (PP 11/2017 Ps. 312).")
    return {
        "shell": sample_shell(),
        "statuses": list(SampleStatus),
        "tabs": [Tab("Menunggu", "#", True, 12), Tab("Selesai", "#", False, 1240), Tab("Semua", "#")],
        "form": SampleForm(initial={"start": Day(2026, 3, 16)}),
        "wrong": wrong,
        "decision": SampleDecision(initial={"outcome": "approved"}, auto_id="dec_%s"),
        "filter": SampleFilter(request.GET, auto_id="filter_%s"),
        "people": people,
        "page": Page(people, 3, 25, 1000, True, True),
        "steps": _steps(),
        "late_steps": _late_steps(),
        "reason": _reason(),
        "calendar": _months(),
        "bars": Bars(
            "Hari cuti per jenis, 2026",
            [
                Bar("Cuti tahunan", 8412),
                Bar("Cuti sakit", 2190),
                Bar("Cuti melahirkan", 1260),
                Bar("Cuti besar", 38, "wait"),
            ],
            "hari",
        ),
        "today": Day(2026, 3, 9),
        "range": (Day(2026, 3, 30), Day(2026, 4, 3)),
    }


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    return render(request, "_components/page.html", _context(request))
