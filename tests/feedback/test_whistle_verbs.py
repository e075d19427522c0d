"""The verbs of the protected channel: filing, mailbox, officers, conflicts, notices."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from feedback.enums import WhistleOutcome, WhistleState
from feedback.models import WhistleFile, WhistleMessage, WhistleRead, WhistleReport, WhistleStep
from feedback.permissions_whistle import officers, officers_for
from feedback.services import whistle
from feedback.services.whistle import Accused, Whistle
from feedback.services.whistle.notices import waiting_for
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.documents.services import store_file
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.units.models import RoleAssignment
from kepegawaian.work.models import WorkItem
from tests.documents.hostile import exif_photo
from tests.feedback.factories import employed
from tests.feedback.whistling import (
    EVIDENCE,
    WHAT,
    admitted,
    closed,
    examined,
    filed,
    rejected,
    taken,
)
from tests.units.factories import RoleAssignmentFactory

ORIGIN = "jaringan"
R = "Alasannya"


def fresh(report) -> WhistleReport:
    return WhistleReport.objects.get(pk=report.pk)


# --- Filing ---------------------------------------------------------------------------------------
def test_a_report_gets_a_number_a_pin_and_fourteen_days(desk):
    done = whistle.file_report(whistle=Whistle(what=WHAT, evidence=EVIDENCE, accused=(Accused("Budi"),)))
    assert done.report.number.startswith("WBS-2601-")
    assert done.report.due_on == datetime.date(2026, 1, 29)
    assert whistle.open_mailbox(done.report.number, done.pin, ORIGIN) == done.report
    assert whistle.open_mailbox(done.report.number, "0000-0000", ORIGIN) is None
    assert done.pin not in str(list(WhistleReport.objects.values()))


def test_the_same_form_twice_is_one_report_with_the_same_pin(desk):
    facts = Whistle(what=WHAT, evidence=EVIDENCE, unit=desk.other)
    first, second = (whistle.file_report(whistle=facts, key="kunci") for _time in range(2))
    assert (first.report, first.pin, first.again) == (second.report, second.pin, False)
    assert second.again


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"what": " "}, "what"),
        ({"evidence": ""}, "evidence"),
        ({"accused": ()}, "accused"),
        ({"accused": tuple(Accused(str(n)) for n in range(11))}, "accused"),
    ],
)
def test_without_accused_act_and_evidence_it_is_not_accepted(desk, facts, field):
    with pytest.raises(RuleRefused) as refused:
        filed(**facts)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_file_is_scrubbed_nameless_nobodys_and_in_no_trail(desk):
    before = Event.objects.count()
    report = filed(files=(SimpleUploadedFile("foto-budi.jpg", exif_photo()),))
    stored = WhistleFile.objects.get(report=report).stored
    assert (stored.name, stored.uploaded_by, stored.pk.version) == ("lampiran-1.jpg", None, 4)
    assert (stored.uploaded_at.minute, stored.uploaded_at.second) == (0, 0)
    with stored.file.open("rb") as kept:
        assert b"Exif" not in kept.read()
    assert Event.objects.count() == before


def test_an_untraced_file_has_no_owner_and_is_always_scrubbed(desk):
    upload = SimpleUploadedFile("a.jpg", exif_photo())
    for wrong in ({"actor": desk.keeper, "scrub": True}, {"actor": None, "scrub": False}):
        with pytest.raises(ValueError, match="scrubbed"):
            store_file(upload=upload, subject=filed(), untraced=True, **wrong)


# --- Officers -------------------------------------------------------------------------------------
def test_the_way_from_receipt_to_a_result(desk):
    report = closed(desk.keeper)
    assert (report.state, report.outcome) == (WhistleState.CLOSED, WhistleOutcome.PROVEN)
    assert (report.due_on, report.closed_on) == (None, datetime.date(2026, 1, 15))
    actions = list(WhistleStep.objects.filter(report=report).values_list("version", "action"))
    assert actions == [(1, "file"), (2, "take"), (3, "admit"), (4, "examine"), (5, "close")]
    assert WhistleMessage.objects.get(report=report).text == "Sudah ditindak."


def test_after_the_check_the_limit_is_that_of_an_examination(desk):
    assert admitted(desk.keeper).due_on == datetime.date(2026, 4, 15)  # 60 working days, four holidays


def test_opened_again_it_has_a_limit_from_that_day_on(desk, clock):
    report = rejected(desk.keeper)
    clock("03-02")
    report = whistle.reopen(actor=desk.keeper, report=report, reason=R)
    assert (report.state, report.due_on) == (WhistleState.VERIFYING, datetime.date(2026, 3, 16))
    assert (report.closed_on, report.outcome) == (None, "")


def test_a_referral_names_whom_it_went_to(desk):
    report = admitted(desk.keeper)
    words = {"outcome": "diteruskan", "reason": R, "word": "Kami teruskan."}
    with pytest.raises(RuleRefused):
        whistle.close(actor=desk.keeper, report=report, **words)
    assert whistle.close(actor=desk.keeper, report=report, agency="Kejaksaan", **words).agency == "Kejaksaan"


@pytest.mark.parametrize("verb", ["admit", "examine", "reopen"])
def test_a_step_needs_its_reason(desk, verb):
    ways = {"admit": taken, "examine": admitted, "reopen": rejected}
    with pytest.raises(RuleRefused):
        getattr(whistle, verb)(actor=desk.keeper, report=ways[verb](desk.keeper), reason=" ")


def test_an_unknown_outcome_is_refused(desk):
    with pytest.raises(RuleRefused):
        whistle.close(actor=desk.keeper, report=examined(desk.keeper), outcome="x", reason=R, word=R)


VERBS = {
    "ask": {"text": "Kapan?"},
    "note": {"text": "Catatan"},
    "classify": {"name": "Seseorang"},
    "admit": {"reason": R},
    "examine": {"reason": R},
    "close": {"outcome": "terbukti", "reason": R, "word": R},
    "reject": {"reason": R, "word": R},
    "reopen": {"reason": R},
}


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_officer_who_holds_a_report_works_on_it(desk, verb):
    report = taken(desk.keeper)
    strangers = (desk.second, desk.admin, desk.liaison, desk.chief, desk.inspector, desk.citizen)
    for stranger in strangers:
        with pytest.raises(PermissionRefused):
            getattr(whistle, verb)(actor=stranger, report=report, **VERBS[verb])


def test_nobody_without_the_right_takes_or_hands_on_a_report(desk):
    report = filed()
    for stranger in (desk.admin, desk.liaison, desk.leader, desk.chief, desk.inspector, desk.citizen):
        with pytest.raises(PermissionRefused):
            whistle.take(actor=stranger, report=report)
        with pytest.raises(PermissionRefused):
            whistle.reassign(actor=stranger, report=report, officer=desk.keeper, reason=R)
        with pytest.raises(RuleRefused):
            whistle.reassign(actor=desk.keeper, report=report, officer=stranger, reason=R)


def test_an_officer_hands_a_report_on(desk):
    report = whistle.reassign(actor=desk.second, report=taken(desk.keeper), officer=desk.second, reason=R)
    assert report.officer == desk.second
    assert whistle.note(actor=desk.second, report=report, text="Saya lanjutkan").internal


def test_who_decides_on_an_old_page_is_told(desk):
    report = taken(desk.keeper)
    whistle.classify(actor=desk.keeper, report=report, name="Orang lain")
    with pytest.raises(StateChanged):
        whistle.admit(actor=desk.keeper, report=report, reason=R, version=report.version)


# --- Conflicts ------------------------------------------------------------------------------------
def sees(user, report) -> bool:
    return WhistleReport.objects.visible_to(user).filter(pk=report.pk).exists()


@pytest.mark.parametrize(
    "text", ["{name}", "Bapak {name}, S.H.", "{upper}", "Kepala Bidang {name} Saputra Wijaya"]
)
def test_an_officer_of_that_name_sees_nothing_whatever_else_stands_there(desk, text):
    type(desk.keeper).objects.filter(pk=desk.keeper.pk).update(name="Tono Hartono, S.E.")
    desk.keeper.refresh_from_db()
    report = filed(accused=(Accused(text.format(name="Tono Hartono", upper="TONO HARTONO")),))
    assert not sees(desk.keeper, report)
    assert sees(desk.second, report)
    with pytest.raises(PermissionRefused):
        whistle.take(actor=desk.keeper, report=report)


def test_a_first_name_alone_shuts_nobody_out(desk):
    type(desk.keeper).objects.filter(pk=desk.keeper.pk).update(name="Tono Hartono")
    desk.keeper.refresh_from_db()
    assert sees(desk.keeper, filed(accused=(Accused("Tono"),)))


def test_officers_of_the_accused_office_see_nothing(desk):
    own = filed(unit=desk.gov.personnel, accused=())
    assert sees(desk.keeper, own)
    assert not sees(desk.second, own)
    assert officers_for(own) == [desk.keeper]


def test_whom_a_report_turns_out_to_name_loses_it_to_another(desk):
    report = taken(desk.keeper)
    whistle.classify(actor=desk.keeper, report=report, nip=desk.keeper.nip)
    assert fresh(report).officer == desk.second
    assert not sees(desk.keeper, report)
    with pytest.raises(PermissionRefused):
        whistle.ask(actor=desk.keeper, report=report, text="Siapa Anda?")


def test_where_nobody_is_left_a_report_waits_for_a_new_officer(desk):
    report = taken(desk.keeper, unit=desk.gov.personnel)
    whistle.classify(actor=desk.keeper, report=report, nip=desk.keeper.nip)
    assert (fresh(report).officer, officers_for(report)) == (None, [])
    new = employed(desk.other, Role.WHISTLE_OFFICER)
    assert whistle.reassign(actor=new, report=report, officer=new, reason=R).officer == new


def test_an_unknown_nip_is_said_and_nothing_is_written(desk):
    report = taken(desk.keeper)
    with pytest.raises(RuleRefused):
        whistle.classify(actor=desk.keeper, report=report, nip="000000000000000000")
    assert report.parties.count() == 1


def test_the_role_in_a_unit_opens_nothing_and_an_ended_one_neither(desk):
    near = employed(desk.other)
    RoleAssignmentFactory(user=near, role=Role.WHISTLE_OFFICER, unit=desk.other)
    assert not sees(near, filed())
    assert officers() == [desk.keeper, desk.second]
    RoleAssignment.objects.filter(user=desk.keeper).update(valid_to=datetime.date(2026, 1, 1))
    assert officers() == [desk.second]


# --- The mailbox ----------------------------------------------------------------------------------
def test_both_write_in_turn_and_the_reporter_stays_nobody(desk):
    report = taken(desk.keeper)
    whistle.ask(actor=desk.keeper, report=report, text="Kapan terjadinya?")
    whistle.reply(report=report, text="Setiap Senin.")
    whistle.note(actor=desk.keeper, report=report, text="Cocok dengan jadwal.")
    rows = list(report.messages.values_list("sequence", "author", "internal"))
    assert rows == [(1, desk.keeper.pk, False), (2, None, False), (3, desk.keeper.pk, True)]


def test_the_same_words_again_are_one_message(desk):
    report = filed()
    for _time in range(2):
        whistle.reply(report=report, text="Bukti baru ada.")
    assert report.messages.count() == 1


def test_a_reply_is_possible_after_the_end_and_waits_for_the_officer(desk):
    report = closed(desk.keeper)
    assert not waiting_for(desk.keeper).exists()
    whistle.reply(report=report, text="Terjadi lagi.")
    assert waiting_for(desk.keeper).get() == report


# --- Notices --------------------------------------------------------------------------------------
def test_officers_are_told_once_a_day_without_a_word_of_what_it_is(desk, clock):
    first, second = filed(), filed(unit=desk.gov.personnel)
    assert whistle.tell_officers() == 2
    assert whistle.tell_officers() == 0
    rows = Message.objects.filter(kind="feedback.whistle_waiting")
    assert {row.recipient_id for row in rows} == {desk.keeper.pk, desk.second.pk}
    text = str(list(rows.values()))
    assert not any(trace in text for trace in (first.number, second.number, str(first.pk), "Budi"))
    clock("01-16")
    assert whistle.tell_officers() == 2


def test_nothing_is_told_while_nothing_waits_and_nothing_to_whom_it_names(desk, clock):
    report = taken(desk.keeper)
    assert whistle.tell_officers() == 0
    whistle.reply(report=report, text="Apakah sudah dibaca?")
    assert [user for user in (desk.keeper, desk.second) if waiting_for(user).exists()] == [desk.keeper]
    whistle.ask(actor=desk.keeper, report=report, text="Sudah.")
    assert not waiting_for(desk.keeper).exists()
    clock("01-26")
    assert waiting_for(desk.keeper).get() == report  # three days before the limit


# --- What the database and the rest of the portal keep ---------------------------------------------
def refused(act, because):
    def tried():
        with transaction.atomic():
            act()
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match=because):
        tried()


def test_the_database_keeps_the_flow_the_words_and_the_log(desk):
    report = taken(desk.keeper)
    whistle.reply(report=report, text="Pesan")
    rows = WhistleReport.objects.filter(pk=report.pk)
    refused(lambda: rows.update(state="selesai", outcome="terbukti", closed_on="2026-01-15"), "no way from")
    refused(lambda: rows.update(state="penelitian"), "has a step in the log")
    refused(lambda: rows.update(what="lain"), "never changed")
    refused(lambda: rows.update(outcome="terbukti"), "whistle_closed_has_outcome")
    refused(lambda: report.messages.update(text="lain"), "append-only")
    refused(lambda: report.parties.all().delete(), "append-only")


def test_no_trail_no_item_and_no_read_without_a_reader(desk):
    before = Event.objects.count(), WorkItem.objects.count()
    report = closed(desk.keeper)
    whistle.reply(report=report, text="Terima kasih.")
    whistle.note_reading(report, desk.second)
    assert (Event.objects.count(), WorkItem.objects.count()) == before
    assert WhistleRead.objects.get(report=report).reader == desk.second
