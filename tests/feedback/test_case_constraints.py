"""What PostgreSQL itself refuses, whatever the code does."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from feedback.enums import CaseState, Party
from feedback.models import (
    Case,
    CaseAnswer,
    CaseClock,
    CaseMessage,
    CaseStep,
    IdentityRelease,
    Merge,
    Pause,
    ReadLog,
    WhistleReport,
    WhistleStep,
)


def refused(act, *, because):
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        act()


def test_a_secret_case_cannot_be_published(desk):
    case = desk.assigned()
    rows = Case.objects.filter(pk=case.pk)
    refused(lambda: rows.update(secret=True), because="case_secret_never_public")
    refused(lambda: rows.update(held=True), because="case_secret_never_public")
    refused(lambda: rows.update(published_text=""), because="case_public_has_text")


def test_spam_cannot_be_public(desk):
    case = desk.opened()
    rows = Case.objects.filter(pk=case.pk)
    refused(
        lambda: rows.update(state=CaseState.SPAM, published_at=timezone.now(), published_text="x"),
        because="case_secret_never_public",
    )


@pytest.mark.parametrize("state", ["dijawab", "selesai", "duplikat"])
def test_a_state_cannot_be_reached_past_the_table(desk, state):
    rows = Case.objects.filter(pk=desk.file().pk)
    refused(lambda: rows.update(state=state), because="no way from|case_")


def test_an_unknown_state_is_none(desk):
    rows = Case.objects.filter(pk=desk.file().pk)
    refused(lambda: rows.update(state="lain"), because="no way|case_state_known")


def test_a_state_changes_only_with_a_step_in_the_log(desk):
    case = desk.file()

    def silently():
        Case.objects.filter(pk=case.pk).update(state=CaseState.VERIFYING)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused(silently, because="has a step in the log")


@pytest.mark.parametrize("field", ["number", "text", "received_on"])
def test_what_was_filed_is_never_changed(desk, field):
    value = "2026-01-01" if field == "received_on" else "lain"
    rows = Case.objects.filter(pk=desk.file().pk)
    refused(lambda: rows.update(**{field: value}), because="never changed")


def test_the_log_is_append_only(desk):
    case = desk.file()
    refused(lambda: CaseStep.objects.filter(case=case).update(note="x"), because="append-only")
    refused(lambda: CaseStep.objects.filter(case=case).delete(), because="append-only")
    ReadLog.objects.create(case=case, reader=desk.admin, what="secret")
    refused(lambda: ReadLog.objects.all().delete(), because="append-only")


def test_two_steps_of_one_version_are_one_too_many(desk):
    case = desk.file()
    step = CaseStep(case=case, version=1, action="open", party=Party.ADMIN, to_state=CaseState.VERIFYING)
    refused(step.save, because="one_step_a_version")


def test_a_step_of_the_reporter_has_no_name(desk):
    case = desk.file()
    step = CaseStep(
        case=case,
        version=9,
        action="cancel",
        party=Party.REPORTER,
        actor=desk.citizen,
        to_state=CaseState.CANCELLED,
    )
    refused(step.save, because="step_of_reporter_without_name")


def test_a_message_of_the_reporter_has_no_name(desk):
    row = CaseMessage(case=desk.file(), party=Party.REPORTER, author=desk.citizen, audience="reporter", text="x")
    refused(row.save, because="message_of_reporter_without_name")


def test_an_internal_note_is_never_published(desk):
    row = CaseMessage(
        case=desk.file(), party=Party.ADMIN, author=desk.admin, audience="internal", text="x", published_text="x"
    )
    refused(row.save, because="only_public_messages_published")


def test_one_clock_a_phase_and_one_pause_at_a_time(desk):
    case = desk.opened()
    clock = CaseClock(case=case, phase="verify", started_on=case.received_on, days=3, source="x")
    refused(clock.save, because="one_running_clock_a_phase")
    running = CaseClock.objects.filter(case=case, stopped_on=None)
    refused(lambda: running.update(set_aside=True), because="set_aside_clock_has_stopped")
    Pause.objects.create(case=case, began_on=case.received_on)
    refused(Pause(case=case, began_on=case.received_on).save, because="one_open_pause")


def test_a_second_eye_is_another_persons(desk):
    row = CaseAnswer(case=desk.accepted(), text="x", drafted_by=desk.liaison, checked_by=desk.liaison)
    refused(row.save, because="answer_second_eye_is_another")


def test_a_published_answer_is_frozen(desk):
    row = desk.answered().answers.get()
    refused(lambda: CaseAnswer.objects.filter(pk=row.pk).update(text="lain"), because="frozen")
    refused(row.delete, because="frozen")


def test_nobody_decides_on_his_own_request_for_an_identity(desk):
    row = IdentityRelease(
        case=desk.file(anonymous=True),
        asked_by=desk.admin,
        decided_by=desk.admin,
        state="granted",
        reason="x",
        basis="x",
        decision="x",
        valid_until="2026-02-01",
    )
    refused(row.save, because="identity_decided_by_another")


def test_a_case_is_joined_once_and_never_to_itself(desk):
    main, case = desk.opened(), desk.opened()
    refused(Merge(main=main, duplicate=main, merged_by=desk.admin).save, because="merge_joins_two")
    Merge.objects.create(main=main, duplicate=case, merged_by=desk.admin)
    refused(Merge(main=main, duplicate=case, merged_by=desk.admin).save, because="one_merge_in_force")


def test_what_has_a_history_cannot_be_deleted(desk):
    key = desk.file().pk

    def delete():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM feedback_case WHERE id = %s", [key])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused(delete, because="foreign key")


# --- The protected channel ------------------------------------------------------------------------
def test_the_whistle_channel_keeps_random_keys_and_an_untouchable_log(desk):
    report = WhistleReport.objects.create(number="WBS-2601-AAAAAA", pin_digest="x", what="x", evidence="x")
    assert report.pk.version == 4
    step = WhistleStep.objects.create(report=report, version=1, to_state="diterima")
    refused(lambda: WhistleStep.objects.filter(pk=step.pk).update(reason="x"), because="append-only")
    refused(WhistleReport(number="WBS-2601-BBBBBB", what="x").save, because="whistle_is_complete")


def test_it_is_seen_by_its_officers_alone_and_not_by_the_accused(desk):
    report = WhistleReport.objects.create(number="WBS-2601-AAAAAA", pin_digest="x", what="x", evidence="x")
    seen = {
        name
        for name in ("admin", "liaison", "leader", "chief", "inspector", "keeper", "second", "citizen")
        if WhistleReport.objects.visible_to(getattr(desk, name)).exists()
    }
    assert seen == {"keeper", "second"}
    report.parties.create(name="Inspektur", user=desk.keeper)
    assert not WhistleReport.objects.visible_to(desk.keeper).exists()
    assert WhistleReport.objects.visible_to(desk.second).exists()
