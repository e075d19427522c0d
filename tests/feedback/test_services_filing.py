"""Filing: by whom, with what receipt, once; what is kept of the reporter and what is not."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.enums import CaseKind, CaseState, Channel, Party, Phase
from feedback.models import Case, CaseClock, CaseFile, CaseStep, Reporter, ReporterMail, ReviewEntry
from feedback.rules import numbers
from feedback.rules.personal import preview
from feedback.services import cases
from feedback.services.cases import Filing
from kepegawaian.audit.models import Event
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.documents.hostile import pdf_of
from tests.feedback.factories import CONTACT, TEXT

PDF = pdf_of()


def test_a_citizen_without_account_gets_a_number_and_a_pin(desk):
    case = desk.file(anonymous=True)
    assert numbers.parse_number(case.number) == case.number
    assert case.number.startswith("PGD-2601-")
    assert numbers.clean_pin(desk.pin).isalnum()
    assert desk.pin not in str(Case.objects.filter(pk=case.pk).values())


def test_a_signed_in_citizen_needs_no_pin_unless_he_stays_anonymous(desk):
    desk.file(user=desk.citizen)
    assert desk.pin == ""
    desk.file(user=desk.citizen, anonymous=True)
    assert desk.pin


def test_the_clocks_run_from_the_receipt_with_their_derivation(desk):
    case = desk.file(kind=CaseKind.SERVICE)
    due = dict(case.clocks.values_list("phase", "due_on"))
    assert due == {Phase.VERIFY: datetime.date(2026, 1, 21), Phase.FINAL: datetime.date(2026, 2, 5)}
    assert (case.due_on, case.due_phase) == (datetime.date(2026, 1, 21), Phase.VERIFY)
    explained = {row.phase: found for row, found in cases.explain(case)}
    assert explained[Phase.VERIFY].due_on == case.due_on
    assert explained[Phase.VERIFY].limit.source


@pytest.mark.parametrize(("kind", "days"), [("informasi", 5), ("tidak_berkadar", 14), ("berkadar", 60)])
def test_each_kind_has_its_final_limit(desk, kind, days):
    case = desk.file(kind=kind)
    assert case.clocks.get(phase=Phase.FINAL).days == days


def test_receipt_after_hours_counts_from_the_next_working_day(desk, time_machine):
    time_machine.move_to("2026-01-15T10:00:00+00:00", tick=False)  # 17.00 in Jakarta, tomorrow is a holiday
    assert desk.file().received_on == datetime.date(2026, 1, 19)


def test_the_hours_are_those_of_the_unit_in_its_own_time_zone(desk, time_machine):
    desk.gov.office.timezone = "Asia/Jayapura"
    desk.gov.office.save()
    time_machine.move_to("2026-01-14T08:00:00+00:00", tick=False)  # 15.00 in Jakarta, 17.00 in Jayapura
    assert desk.file().received_on == datetime.date(2026, 1, 15)
    assert desk.file(service=None, unit=desk.other).received_on == datetime.date(2026, 1, 14)


def test_the_first_step_is_logged_without_a_name(desk):
    case = desk.file(user=desk.citizen)
    step = CaseStep.objects.get(case=case)
    assert (step.action, step.party, step.actor, step.to_state) == ("file", Party.REPORTER, None, CaseState.NEW)
    assert Event.objects.filter(verb="feedback.file", actor=None, subject_id=str(case.pk)).exists()


def test_it_waits_for_an_admin(desk):
    case = desk.file()
    item = WorkItem.objects.get(subject_id=case.pk, closed_at=None)
    assert (item.kind, item.holder, item.due_on) == ("feedback.verify", desk.admin, case.due_on)
    assert item.line == "Pengaduan pelayanan · Diterima"


def test_a_secret_case_shows_its_number_alone_in_the_inbox(desk):
    case = desk.file(secret=True, title="Nama di judul")
    assert WorkItem.objects.get(subject_id=case.pk).title == case.number


def test_the_same_form_sent_twice_files_once_and_shows_the_same_pin(desk):
    first = cases.file_case(filing=Filing(text=TEXT, anonymous=True), key="kunci-acak-1")
    again = cases.file_case(filing=Filing(text=TEXT, anonymous=True), key="kunci-acak-1")
    assert (again.case, again.pin, again.again) == (first.case, first.pin, True)
    assert Case.objects.count() == 1
    assert CaseStep.objects.count() == 1
    other = cases.file_case(filing=Filing(text=TEXT, anonymous=True), key="kunci-acak-2")
    assert other.pin != first.pin


def test_what_is_known_of_the_reporter_lies_apart_and_the_nik_sealed(desk):
    case = desk.file(contact=CONTACT)
    row = Reporter.objects.get(case=case)
    assert row.email == "siti@contoh.test"
    assert CONTACT.nik not in row.sealed_nik
    assert "Siti" not in str(Case.objects.filter(pk=case.pk).values())
    assert not hasattr(case, "reporter")


def test_without_contact_nothing_is_kept(desk):
    assert not Reporter.objects.filter(case=desk.file(anonymous=True)).exists()


def test_an_officer_files_for_somebody_at_the_desk(desk):
    case = desk.file(officer=desk.liaison, channel=Channel.PHONE, contact=CONTACT)
    step = CaseStep.objects.get(case=case)
    assert (step.actor, step.for_reporter) == (desk.liaison, True)
    assert (case.filed_by, case.channel) == (desk.liaison, Channel.PHONE)
    assert desk.pin


def test_a_citizen_cannot_file_as_an_officer(desk):
    with pytest.raises(PermissionRefused):
        desk.file(officer=desk.citizen)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": " \u200b\n"}, "text"),
        ({"text": "x" * 8001}, "text"),
        ({"lat": 1}, "lat"),
        ({"kind": "lain"}, "kind"),
        ({"files": tuple(SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(6))}, "files"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(desk, facts, field):
    with pytest.raises(RuleRefused) as refused:
        desk.file(**facts)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert Case.objects.count() == 0


def test_eight_thousand_letters_are_taken_whole(desk):
    assert len(desk.file(text="a" * 8000).text) == 8000


def test_without_a_title_the_first_words_are_it(desk):
    assert desk.file(text="kata " * 50).title == "kata " * 14 + "kata…"
    assert desk.file(text="Lampu mati").title == "Lampu mati"


NIK = "3578125201900001"


@pytest.mark.parametrize("before", range(40, 76, 5))
@pytest.mark.parametrize("number", [NIK, "3578 1252 0190 0001", "0812 9876 5432", "sari.dewi@contoh.test"])
def test_a_title_never_ends_in_half_of_what_is_masked(desk, before, number):
    """Whatever the cut, the public reads no part of it."""
    title = preview(desk.file(text="k" * (before - 1) + f" {number} " + "dan seterusnya " * 9).title)
    assert not any(part in title for part in re.findall(r"\w{4,}", number))


def test_a_report_that_begins_with_a_number_has_a_title(desk):
    assert desk.file(text=f"{'9' * 80} {NIK} mohon dibantu").title
    assert preview(desk.file(text=f"{NIK} " + "mohon dibantu " * 9).title).startswith("[NIK] mohon")


def test_files_belong_to_the_case_and_name_no_uploader(desk):
    case = desk.file(user=desk.citizen, files=(SimpleUploadedFile("bukti.pdf", PDF),))
    row = CaseFile.objects.get(case=case)
    assert (row.party, row.published_at, row.stored.uploaded_by) == (Party.REPORTER, None, None)


def test_a_refused_file_refuses_the_filing_and_leaves_nothing(desk):
    bad = SimpleUploadedFile("virus.pdf", b"<svg onload=alert(1)>")
    with pytest.raises(RuleRefused):
        desk.file(files=(SimpleUploadedFile("bukti.pdf", PDF), bad))
    assert Case.objects.count() == StoredFile.objects.count() == CaseClock.objects.count() == 0


# --- Receipts -------------------------------------------------------------------------------------
def test_the_receipt_goes_to_the_inbox_of_the_account(desk):
    case = desk.file(user=desk.citizen)
    message = Message.objects.get(recipient=desk.citizen)
    assert (message.kind, message.context["number"]) == ("feedback.received", case.number)
    assert not ReporterMail.objects.exists()


def test_an_anonymous_account_gets_a_mail_but_no_message_that_ties_it_to_the_case(desk):
    case = desk.file(user=desk.citizen, anonymous=True)
    assert not Message.objects.filter(recipient=desk.citizen).exists()
    row = ReporterMail.objects.get(case=case)
    assert desk.pin not in str(ReporterMail.objects.values())
    assert row.sealed


def test_whoever_leaves_no_address_is_told_nothing(desk):
    desk.file(anonymous=True)
    assert not ReporterMail.objects.exists()


# --- Manual review --------------------------------------------------------------------------------
def test_a_held_filing_is_seen_by_the_admin_alone(desk):
    case = desk.file(held=ReviewEntry.Why.NO_PROOF, kind=CaseKind.SERVICE)
    assert WorkItem.objects.get(subject_id=case.pk).kind == "feedback.review"
    seen = {name for name in ("admin", "liaison", "leader", "inspector") if _sees(getattr(desk, name), case)}
    assert seen == {"admin"}
    with pytest.raises(RuleRefused):
        cases.open_case(actor=desk.admin, case=case)


def _sees(user, case):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def test_passed_it_is_an_ordinary_case_refused_it_is_spam(desk):
    passed, refused = (desk.file(held=ReviewEntry.Why.NO_PROOF) for _time in range(2))
    cases.decide_review(actor=desk.admin, case=passed, passed=True)
    cases.decide_review(actor=desk.admin, case=refused, passed=False)
    cases.decide_review(actor=desk.admin, case=refused, passed=True)  # too late
    passed.refresh_from_db()
    refused.refresh_from_db()
    assert (passed.held, passed.state) == (False, CaseState.NEW)
    assert WorkItem.objects.get(subject_id=passed.pk, closed_at=None).kind == "feedback.verify"
    assert refused.state == CaseState.SPAM
    assert not WorkItem.objects.filter(subject_id=refused.pk, closed_at=None).exists()


# --- The way in -----------------------------------------------------------------------------------
def test_number_and_pin_open_the_case(desk):
    case = desk.file(anonymous=True, secret=True)
    assert cases.open_by_pin(case.number.lower(), desk.pin, "10.0.0") == case
    assert cases.open_by_pin(case.number, "0000-0000", "10.0.0") is None


def test_after_five_wrong_pins_even_the_right_one_waits_and_not_for_others(desk, time_machine):
    case = desk.file(anonymous=True)
    for _time in range(5):
        assert cases.open_by_pin(case.number, "0000-0000", "10.0.0") is None
    assert 29 <= cases.pin_wait(case.number, "10.0.0") <= 31
    assert cases.open_by_pin(case.number, desk.pin, "10.0.0") is None
    assert cases.open_by_pin(case.number, desk.pin, "192.168.1") == case
    time_machine.shift(datetime.timedelta(seconds=31))
    assert cases.open_by_pin(case.number, desk.pin, "10.0.0") == case
    assert cases.pin_wait(case.number, "10.0.0") == 0


def test_unknown_numbers_are_counted_like_known_ones(desk):
    unknown = numbers.new_number(datetime.date(2026, 1, 1))
    for _time in range(6):
        assert cases.open_by_pin(unknown, "0000-0000", "10.0.0") is None
    assert cases.pin_wait(unknown, "10.0.0") > 30


def test_a_case_of_an_account_opens_with_no_pin(desk):
    case = desk.file(user=desk.citizen)
    assert cases.open_by_pin(case.number, "", "10.0.0") is None
