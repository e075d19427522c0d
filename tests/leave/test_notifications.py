"""Every message of leave as it is worded, in both languages, from the flow that sends it."""

import datetime

import pytest
import time_machine
from django.utils import translation

from kepegawaian.employees.models import PositionHolding
from kepegawaian.notifications import base
from kepegawaian.notifications.delivery import words
from kepegawaian.notifications.models import Message
from leave import letters, notifications, services
from leave.enums import Outcome
from leave.models import UnitLeaveSetting
from tests.leave.factories import day

REASON = {"reason": "Ada pemeriksaan BPK"}
KINDS = sorted(kind for kind in base.classes() if kind.startswith("leave."))


def _returned(flow):
    UnitLeaveSetting.objects.create(unit=flow.gov.office, hr_check=True)
    request = flow.submitted()
    services.check_complete(actor=flow.gov.hr.user, request=request, complete=False, reason="Lengkapi alamat")


def _holder_missing(flow):
    PositionHolding.objects.filter(heads=flow.gov.office).delete()
    flow.opined()


def _answered(flow):
    request = flow.offered(day(4, 20), day(4, 22))
    services.respond(actor=flow.employee.user, request=request, accept=True)


def _recalled(flow):
    request = flow.granted()
    with time_machine.travel(datetime.datetime(2026, 4, 7, 3, tzinfo=datetime.UTC), tick=False):
        services.recall(actor=flow.gov.office_head.user, request=request, back_on=day(4, 8), reason="Banjir")


SENDERS = {
    "leave.answered": _answered,
    "leave.decided": lambda flow: flow.granted(),
    "leave.granted": lambda flow: flow.granted(),
    "leave.holder_missing": _holder_missing,
    "leave.letter": lambda flow: letters.issue_letter(request=flow.granted()),
    "leave.offered": lambda flow: flow.offered(day(4, 20), day(4, 22)),
    "leave.opined": lambda flow: flow.opined(),
    "leave.postponed": lambda flow: flow.decide(flow.opined(), Outcome.POSTPONED, **REASON, not_before=day(9, 1)),
    "leave.recalled": _recalled,
    "leave.refused": lambda flow: flow.decide(flow.opined(), Outcome.REFUSED, **REASON),
    "leave.returned": _returned,
    "leave.stand_in": lambda flow: flow.granted(stand_in=flow.gov.colleague),
    "leave.waiting": lambda flow: flow.submitted(),
    "leave.withdrawn": lambda flow: services.withdraw(actor=flow.employee.user, request=flow.submitted()),
}
SUBJECTS = {
    "leave.answered": "Pegawai Contoh menerima perubahan cuti",
    "leave.decided": "Cuti Pegawai Contoh: Disetujui",
    "leave.granted": "Cuti Anda disetujui: 6–10 Apr 2026",
    "leave.holder_missing": "Cuti Pegawai Contoh belum ada pejabatnya",
    "leave.letter": "Formulir cuti Anda terbit: 850/1/DINKES/2026",
    "leave.offered": "Jawab perubahan tanggal cuti Anda",
    "leave.opined": "Atasan Anda memberi pertimbangan: Disetujui",
    "leave.postponed": "Cuti Anda ditangguhkan",
    "leave.recalled": "Cuti Pegawai Contoh berakhir lebih awal: masuk kerja Rab, 8 Apr 2026",
    "leave.refused": "Cuti Anda tidak disetujui",
    "leave.returned": "Permohonan cuti Anda perlu dilengkapi",
    "leave.stand_in": "Anda menggantikan Pegawai Contoh",
    "leave.waiting": "Cuti Pegawai Contoh menunggu Anda sampai Rab, 4 Mar 2026",
    "leave.withdrawn": "Pegawai Contoh membatalkan cuti 6–10 Apr 2026",
}


@pytest.fixture
def named(flow):
    flow.employee.name = "Pegawai Contoh"
    flow.employee.save(update_fields=["name"])
    flow.gov.office.short_name = "DINKES"
    flow.gov.office.save(update_fields=["short_name"])
    return flow


def test_every_kind_is_tried_here():
    assert KINDS == sorted(SENDERS) == sorted(SUBJECTS)
    assert {base.classes()[kind].category for kind in KINDS} == {notifications.CATEGORY}


@pytest.mark.parametrize("kind", SENDERS)
def test_a_message_in_both_languages(named, kind):
    SENDERS[kind](named)
    message = Message.objects.filter(kind=kind).order_by("-id").first()
    assert words(message, "subject") == SUBJECTS[kind]
    indonesian = {part: words(message, part) for part in ("subject", "line", "body")}
    with translation.override("en"):
        english = {part: words(message, part) for part in indonesian}
    for part, text in [*indonesian.items(), *english.items()]:
        assert text.strip(), part
        assert "{" not in text
        assert "None" not in text
    assert english["body"] != indonesian["body"]
    assert message.recipient.name in indonesian["body"]
    assert "/cuti/permohonan/" in indonesian["body"]


def test_no_reason_of_leave_leaves_the_house(named):
    named.granted(reason="Operasi yang sangat pribadi", stand_in=named.gov.colleague)
    for message in Message.objects.filter(kind__startswith="leave."):
        assert "pribadi" not in words(message, "body") + str(message.context)


def test_a_declined_change_is_told_as_such(named):
    request = named.offered(day(4, 20), day(4, 22))
    services.respond(actor=named.employee.user, request=request, accept=False)
    message = Message.objects.filter(kind="leave.answered").first()
    assert words(message, "subject") == "Pegawai Contoh menolak perubahan cuti"
    assert "dilepas" in words(message, "body")


def test_a_postponement_says_from_when_on(named):
    SENDERS["leave.postponed"](named)
    message = Message.objects.get(kind="leave.postponed")
    assert "Tidak sebelum Sel, 1 Sep 2026" in words(message, "body")


def test_a_verb_that_is_repeated_tells_nobody_twice(named):
    request = named.granted()
    before = Message.objects.count()
    named.decide(request)
    assert Message.objects.count() == before
