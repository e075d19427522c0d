"""Mails to reporters without an account: from a row, once, with the PIN nowhere else; every message's words."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone, translation

from feedback import notifications
from feedback.models import CaseMessage, ReporterMail
from feedback.permissions import Reporting
from feedback.services import cases
from feedback.services.cases import tick
from feedback.services.cases.mailing import send_waiting
from kepegawaian.accounts.roles import Role
from kepegawaian.notifications import base
from kepegawaian.notifications.delivery import words
from kepegawaian.notifications.models import Message
from tests.feedback.factories import CONTACT, THURSDAY, employed


def test_the_receipt_carries_number_and_pin_and_the_row_forgets_it(desk):
    case = desk.file(contact=CONTACT, anonymous=True)
    assert send_waiting() == 1
    assert send_waiting() == 0
    sent = mail.outbox[0]
    assert sent.to == ["siti@contoh.test"]
    assert case.number in sent.subject
    assert desk.pin in sent.body
    assert "Siti" not in sent.body
    assert ReporterMail.objects.get().sealed == ""


def test_a_mail_server_that_fails_is_tried_again_later(desk, monkeypatch, time_machine):
    desk.file(contact=CONTACT)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError("down")))
        assert send_waiting() == 0
    assert ReporterMail.objects.get().state == "pending"
    assert send_waiting() == 0
    time_machine.shift(datetime.timedelta(minutes=2))
    assert send_waiting() == 1
    assert desk.pin in mail.outbox[0].body


def test_what_a_killed_worker_held_leaves_all_the_same(desk):
    desk.file(contact=CONTACT)
    ReporterMail.objects.update(state="sending", claimed_at=timezone.now() - datetime.timedelta(minutes=6))
    assert send_waiting() == 1


def test_after_the_last_try_it_is_given_up_and_the_pin_with_it(desk, monkeypatch):
    desk.file(contact=CONTACT)
    ReporterMail.objects.update(attempts=99)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError("down")))
    send_waiting()
    row = ReporterMail.objects.get()
    assert (row.state, row.sealed) == ("failed", "")


def test_of_a_secret_case_a_mail_says_the_number_alone(desk):
    case = desk.answered(secret=True, contact=CONTACT, title="Judul rahasia")
    send_waiting()
    assert len(mail.outbox) >= 3
    for sent in mail.outbox:
        assert "Judul" not in sent.subject + sent.body
        assert case.number in sent.subject


# --- Words ----------------------------------------------------------------------------------------
def _moderated(desk):
    case = desk.assigned(user=desk.citizen)
    cases.reply(by=desk.reporter(case), case=case, text="Kasar", public=True)
    row = CaseMessage.objects.get(text="Kasar")
    cases.hide_message(actor=desk.admin, message=row, reason="offensive", explanation="Menghina")


def _identity(desk):
    case = desk.assigned(anonymous=True)
    asked = cases.ask_release(actor=desk.liaison, case=case, reason="x", basis="y")
    cases.decide_release(actor=desk.admin, release=asked, granted=True, decision="z")


def _returned(desk):
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text="Konsep")
    cases.submit_answer(actor=desk.liaison, case=case)
    cases.check_answer(actor=desk.checker, case=case, ok=False, note="Perbaiki")


def _reply(desk):
    case = desk.accepted()
    cases.reply(by=desk.reporter(case), case=case, text="Bagaimana?")


def _late(desk, date):
    desk.accepted()
    tick(THURSDAY + datetime.timedelta(days=date))


def _appealed(desk):
    """The reporter objects to a rejection, and another admin decides."""
    second = employed(desk.other, Role.COMPLAINT_ADMIN)
    case = cases.reject(
        actor=desk.admin, case=desk.opened(user=desk.citizen), reason="unclear", explanation="Tidak jelas"
    )
    [moderation] = cases.in_force(case)
    row = cases.appeal(by=Reporting(user=desk.citizen), case=case, moderation=moderation, text="Sudah jelas")
    cases.decide_appeal(actor=second, case=case, appeal=row, granted=False, decision="Tetap tidak jelas")


def _requested(desk):
    return cases.convert(
        actor=desk.liaison, case=desk.accepted(user=desk.citizen), law=True, reason="Minta dokumen"
    )


def _disputed(desk):
    """The request was refused, the objection to it as well, and it went on to the commission."""
    refused = {
        "outcome": "ditolak",
        "outcome_reason": "Rahasia",
        "outcome_basis": "Pasal 17",
        "outcome_ground": "pasal-17",
    }
    case = desk.answer(_requested(desk), **refused)
    by = Reporting(user=desk.citizen)
    case = cases.object_to_answer(by=by, case=case, reason="Tidak rahasia", ground="dikecualikan")
    case = desk.answer(case, checker=desk.leader, **refused)
    cases.record_dispute(by=by, case=case, on=THURSDAY)


def _late_for(desk, user):
    desk.accepted(user=user)
    cases.tick(datetime.date(2026, 2, 6))


def _refused(case, desk):
    return cases.reject(actor=desk.admin, case=case, reason="unclear", explanation="Tidak jelas")


SENDERS = {
    "feedback.appeal_decided": _appealed,
    "feedback.appealed": _appealed,
    "feedback.answer_returned": _returned,
    "feedback.answered": lambda desk: desk.answered(user=desk.citizen),
    "feedback.asked": lambda desk: cases.ask(
        actor=desk.admin, case=desk.opened(user=desk.citizen), question="Kapan?"
    ),
    "feedback.check_answer": _returned,
    "feedback.converted": lambda desk: _requested(desk),
    "feedback.extended": lambda desk: cases.extend(actor=desk.liaison, case=_requested(desk), reason="Arsip lama"),
    "feedback.limit_passed": lambda desk: _late_for(desk, desk.citizen),
    "feedback.disputed": _disputed,
    "feedback.objected": _disputed,
    "feedback.due_soon": lambda desk: _late(desk, 7),
    "feedback.finished": lambda desk: cases.reject(
        actor=desk.admin, case=desk.opened(user=desk.citizen), reason="unclear", explanation="Tidak jelas"
    ),
    "feedback.forwarded": lambda desk: desk.assigned(user=desk.citizen),
    "feedback.identity_asked": _identity,
    "feedback.identity_decided": _identity,
    "feedback.mentioned": lambda desk: cases.note(
        actor=desk.liaison, case=desk.accepted(), text="Lihat", mentions=[desk.checker]
    ),
    "feedback.moderated": _moderated,
    "feedback.overdue": lambda desk: _late(desk, 9),
    "feedback.received": lambda desk: desk.file(user=desk.citizen),
    "feedback.waiting": lambda desk: desk.assigned(),
    "feedback.watched": _reply,
    "feedback.resumed": lambda desk: cases.undo(
        actor=desk.admin, case=_refused(desk.opened(user=desk.citizen), desk), reason="Keliru"
    ),
    "feedback.wrote": lambda desk: cases.message(
        actor=desk.liaison, case=desk.accepted(user=desk.citizen), text="Kami periksa"
    ),
}
SUBJECTS = {
    "feedback.appeal_decided": "Keberatan Anda atas laporan {}",
    "feedback.appealed": "Keberatan atas moderasi {}",
    "feedback.answer_returned": "Jawaban laporan {} perlu diperbaiki",
    "feedback.answered": "Laporan {} sudah dijawab",
    "feedback.asked": "Laporan {} perlu dilengkapi",
    "feedback.check_answer": "Periksa jawaban laporan {}",
    "feedback.converted": "Laporan {} ditangani sebagai permintaan informasi publik",
    "feedback.extended": "Batas waktu laporan {} diperpanjang",
    "feedback.limit_passed": "Batas waktu laporan {} sudah lewat",
    "feedback.disputed": "Sengketa informasi atas laporan {}",
    "feedback.objected": "Keberatan atas permintaan informasi {}",
    "feedback.due_soon": "Laporan {}: batas waktu Jum, 23 Jan 2026",
    "feedback.finished": "Laporan {}: Tidak dapat diterima",
    "feedback.forwarded": "Laporan {} diteruskan ke Dinas Kesehatan",
    "feedback.identity_asked": "Permintaan membuka identitas pelapor {}",
    "feedback.identity_decided": "Keputusan atas permintaan identitas {}",
    "feedback.mentioned": "Anda disebut pada laporan {}",
    "feedback.moderated": "Tulisan Anda pada laporan {} disembunyikan",
    "feedback.overdue": "Laporan {} melewati batas waktu",
    "feedback.received": "Laporan {} sudah kami terima",
    "feedback.waiting": "Laporan {} menunggu Anda",
    "feedback.watched": "Perkembangan laporan {}",
    "feedback.resumed": "Laporan {} diverifikasi lagi",
    "feedback.wrote": "Pesan baru untuk laporan {}",
}


def test_every_message_of_a_case_is_tried_here():
    classes = (cls for cls in vars(notifications).values() if isinstance(cls, type))
    own = {cls.kind for cls in classes if issubclass(cls, base.Notification) and cls is not base.Notification}
    assert own == set(SENDERS) == set(SUBJECTS)
    assert {base.category_of(kind).code for kind in own} == {notifications.CATEGORY}


@pytest.mark.parametrize("kind", SENDERS)
def test_a_message_as_it_is_worded(desk, kind):
    SENDERS[kind](desk)
    message = Message.objects.filter(kind=kind).order_by("-id").first()
    assert words(message, "subject") == SUBJECTS[kind].format(message.context["number"])
    for language in ("id", "en"):
        with translation.override(language):
            parts = [words(message, part) for part in ("subject", "line", "body")]
        assert all(part.strip() and "{" not in part for part in parts)


def _silent(desk):
    case = desk.answered(user=desk.citizen)
    tick(THURSDAY + datetime.timedelta(days=60))
    return case


def _kept_closed(desk):
    case = desk.closed(user=desk.citizen)
    case = cases.reopen(by=Reporting(user=desk.citizen), case=case, reason="Kambuh")
    cases.keep_closed(actor=desk.admin, case=case, reason="Sudah beres")


def _referred(desk):
    case = desk.opened(user=desk.citizen)
    cases.refer_outside(actor=desk.admin, case=case, agency="PLN", reason="Listrik")


@pytest.mark.parametrize(
    ("end", "way"),
    [
        (_silent, "minta dibuka kembali"),
        (_kept_closed, "hubungi kami"),
        (_referred, "hubungi kami"),
        (SENDERS["feedback.finished"], "ajukan keberatan"),
    ],
    ids=["silence", "kept closed", "referred", "rejected"],
)
def test_the_end_names_the_way_that_its_page_has(desk, end, way):
    end(desk)
    body = words(Message.objects.get(kind="feedback.finished"), "body")
    ways = ("minta dibuka kembali", "ajukan keberatan", "hubungi kami", "tulis pesan")
    assert [known for known in ways if known in body] == [way]
