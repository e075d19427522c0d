"""From verification to the answer and the end: states, clocks, steps, work items, messages."""

import datetime

import pytest
from django.utils import timezone

from feedback.enums import AnswerState, Audience, CaseKind, CaseState, Party, Phase
from feedback.models import Case, CaseMessage, CaseStep, Moderation, Rating
from feedback.papers_cases import last_limit
from feedback.permissions import Reporting
from feedback.services import cases
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.feedback.factories import TEXT, make_desk

DAY = datetime.date


def day(text):
    return DAY.fromisoformat(f"2026-{text}")


def item(case):
    return WorkItem.objects.filter(subject_id=case.pk, closed_at=None, kind__startswith="feedback.").first()


def clock_of(case, phase):
    return case.clocks.filter(phase=phase).latest("id")


def told(user):
    return list(Message.objects.filter(recipient=user).order_by("id").values_list("kind", flat=True))


# --- Verification ---------------------------------------------------------------------------------
def test_opening_twice_is_opening_once(desk):
    case = desk.opened()
    cases.open_case(actor=desk.admin, case=case)
    assert case.steps.filter(action="open").count() == 1


def test_a_question_stops_the_clocks_and_the_answer_starts_them(desk, clock):
    case = desk.opened(user=desk.citizen)
    clock("01-20")
    cases.ask(actor=desk.admin, case=case, question="Di loket mana?")
    case.refresh_from_db()
    assert (case.state, case.due_phase, case.due_on) == (CaseState.INCOMPLETE, Phase.COMPLETE, day("02-19"))
    assert clock_of(case, Phase.VERIFY).due_on is clock_of(case, Phase.FINAL).due_on is None
    assert item(case) is None
    clock("01-27")
    cases.complete(by=Reporting(user=desk.citizen), case=case, text="Loket 3")
    case.refresh_from_db()
    assert (case.state, case.due_phase, case.due_on) == (CaseState.VERIFYING, Phase.VERIFY, day("01-28"))
    assert clock_of(case, Phase.FINAL).due_on == day("02-12")
    assert item(case).kind == "feedback.verify"
    assert [row.audience for row in case.messages.all()] == [Audience.REPORTER] * 2


def test_forwarding_publishes_the_text_without_personal_data(desk):
    case = desk.opened(text="Hubungi saya 081234567890", title="Telepon 081234567890", user=desk.citizen)
    assert not Case.objects.public().exists()
    cases.assign(actor=desk.admin, case=case, unit=desk.gov.office)
    case = Case.objects.public().get()
    assert (case.published_text, case.text) == ("Hubungi saya [nomor telepon]", "Hubungi saya 081234567890")
    assert "0812" not in case.published_title
    assert (case.officer, case.holder_unit) == (desk.liaison, desk.gov.office)
    assert (case.due_phase, case.due_on) == (Phase.FIRST, day("01-23"))
    assert (item(case).kind, item(case).holder) == ("feedback.accept", desk.liaison)
    assert told(desk.liaison) == ["feedback.waiting"]
    assert told(desk.citizen) == ["feedback.received", "feedback.forwarded"]
    assert clock_of(case, Phase.VERIFY).met is True


def test_a_secret_case_is_forwarded_and_never_published(desk):
    case = desk.assigned(secret=True)
    assert case.published_at is None
    assert case.published_text == ""
    case = desk.answer(cases.accept(actor=desk.liaison, case=case))
    assert case.state == CaseState.ANSWERED
    assert not CaseMessage.objects.public().exists()
    assert case.steps.exclude(public_text="").count() == 0


def test_another_kind_brings_its_own_limit_from_the_same_day(desk, clock):
    case = desk.opened(kind=CaseKind.INFORMATION)
    clock("01-20")
    cases.classify(actor=desk.admin, case=case, kind=CaseKind.SUPERVISION)
    row = clock_of(case, Phase.FINAL)
    assert (row.days, row.started_on) == (60, day("01-15"))
    step = case.steps.get(action="classify")
    assert step.data["before"] == {"kind": "informasi"}


def test_what_becomes_secret_leaves_the_public_at_once(desk):
    case = desk.assigned()
    cases.classify(actor=desk.admin, case=case, secret=True)
    assert not Case.objects.public().exists()


def test_redaction_keeps_only_the_hash_of_what_stood_there(desk):
    case = desk.assigned(text="Pak Budi kasar")
    cases.redact(actor=desk.admin, case=case, title="Petugas kasar", text="[disembunyikan] kasar")
    case.refresh_from_db()
    assert case.published_text == "[disembunyikan] kasar"
    row = Moderation.objects.get()
    assert len(row.text_sha256) == 64
    assert "Budi" not in str(Moderation.objects.values())


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (lambda d, c: cases.reject(actor=d.admin, case=c, reason="unclear", explanation="Tidak jelas"), "ditolak"),
        (
            lambda d, c: cases.refer_outside(actor=d.admin, case=c, agency="PLN", reason="Listrik"),
            "diteruskan_luar",
        ),
        (lambda d, c: cases.mark_spam(actor=d.admin, case=c), "spam"),
        (lambda d, c: cases.merge(actor=d.admin, case=c, main=d.opened()), "duplikat"),
    ],
    ids=["reject", "refer", "spam", "merge"],
)
def test_every_end_of_verification_stops_the_clocks_and_can_be_undone(desk, end, state):
    case = desk.opened(user=desk.citizen)
    end(desk, case)
    case.refresh_from_db()
    assert (case.state, case.due_on, case.closed_at is None) == (state, None, False)
    assert not case.clocks.filter(stopped_on=None).exists()
    assert item(case) is None
    cases.undo(actor=desk.admin, case=case, reason="Keliru")
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.merged_into) == (CaseState.VERIFYING, None, None)
    assert item(case).kind == "feedback.verify"
    assert case.steps.latest("version").note == "Keliru"
    assert told(desk.citizen)[-1] == "feedback.resumed"


@pytest.mark.parametrize("end", ["merge", "reject"])
def test_a_mistake_of_the_office_wins_it_no_days(desk, clock, end):
    case = desk.opened()
    [due] = case.clocks.filter(phase=Phase.FINAL).values_list("due_on", flat=True)
    if end == "merge":
        cases.merge(actor=desk.admin, case=case, main=desk.opened())
    else:
        cases.reject(actor=desk.admin, case=case, reason="unclear", explanation="Tidak jelas")
    clock("03-16")
    cases.undo(actor=desk.admin, case=desk.fresh(case), reason="Keliru")
    [final] = case.clocks.filter(phase=Phase.FINAL)
    assert (final.due_on, final.stopped_on, final.met, final.set_aside) == (due, None, None, False)


@pytest.mark.parametrize("end", ["merge", "cancel"])
def test_nobody_is_said_to_have_kept_a_limit_that_ended_without_him(desk, end):
    case = desk.opened()
    if end == "merge":
        cases.merge(actor=desk.admin, case=case, main=desk.opened())
    else:
        cases.cancel(by=desk.reporter(case), case=case)
    final = case.clocks.get(phase=Phase.FINAL)
    assert (final.met, final.set_aside, str(final.verdict)) == (True, True, "dihentikan")
    assert case.clocks.get(phase=Phase.VERIFY).set_aside is (end == "cancel")


def test_a_limit_that_was_missed_before_stays_missed(desk, clock):
    case = desk.opened()
    clock("03-16")
    cases.cancel(by=desk.reporter(case), case=desk.fresh(case))
    assert str(case.clocks.get(phase=Phase.FINAL).verdict) == "terlambat"


def test_a_draft_does_not_outlive_the_cancellation(desk):
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text="Loket ditambah.")
    by = desk.reporter(case)
    cases.cancel(by=by, case=desk.fresh(case))
    assert case.answers.get().state == AnswerState.DISCARDED


def test_a_rejection_tells_the_reporter_why_and_is_counted(desk):
    case = desk.opened(user=desk.citizen)
    cases.reject(actor=desk.admin, case=case, reason="misplaced", explanation="Bukan kewenangan kami")
    message = Message.objects.get(recipient=desk.citizen, kind="feedback.finished")
    assert message.context["reason"] == "Bukan kewenangan kami"
    assert Moderation.objects.get().reason == "misplaced"


def test_an_old_page_is_refused(desk):
    case = desk.opened()
    version = case.version
    cases.classify(actor=desk.admin, case=case, kind=CaseKind.INFORMATION)
    with pytest.raises(StateChanged):
        cases.reject(actor=desk.admin, case=case, reason="unclear", explanation="x", version=version)


# --- The unit -------------------------------------------------------------------------------------
def test_the_wrong_unit_sends_it_back_with_a_reason(desk, clock):
    case = desk.assigned()
    clock("01-20")
    with pytest.raises(RuleRefused):
        cases.return_case(actor=desk.liaison, case=case, reason=" ")
    cases.return_case(actor=desk.liaison, case=case, reason="Bukan layanan kami")
    case.refresh_from_db()
    assert (case.state, case.holder_unit, case.officer) == (CaseState.VERIFYING, None, None)
    assert clock_of(case, Phase.VERIFY).started_on == day("01-20")
    assert item(case).holder == desk.admin


def test_accepting_makes_one_its_officer_and_the_final_limit_runs(desk):
    case = cases.accept(actor=desk.checker, case=desk.assigned())
    assert case.officer == desk.checker
    assert item(case).kind == "feedback.answer"
    running = set(case.clocks.filter(stopped_on=None).values_list("phase", flat=True))
    assert running == {Phase.FIRST, Phase.FINAL}


def test_a_first_word_of_the_unit_ends_the_clock_of_the_first_answer(desk):
    case = desk.accepted()
    cases.message(actor=desk.liaison, case=case, text="Sedang kami periksa.", audience=Audience.PUBLIC)
    case.refresh_from_db()
    assert case.first_answered_at is not None
    assert (case.due_phase, case.due_on) == (Phase.FINAL, day("02-05"))
    assert CaseMessage.objects.public().get().published_text == "Sedang kami periksa."


def test_to_another_unit_although_it_was_accepted(desk):
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text="Konsep")
    cases.reroute(actor=desk.liaison, case=case, unit=desk.other, reason="Jalan, bukan kesehatan")
    case.refresh_from_db()
    assert (case.state, case.officer) == (CaseState.ASSIGNED, desk.other_liaison)
    assert case.answers.get().state == AnswerState.DISCARDED
    with pytest.raises(PermissionRefused):
        cases.accept(actor=desk.liaison, case=case)


def test_a_limit_that_was_missed_stays_missed_when_another_unit_gets_its_own(desk, clock):
    case = desk.accepted()
    clock("01-26")
    cases.reroute(actor=desk.liaison, case=case, unit=desk.other, reason="Jalan, bukan kesehatan")
    missed, running = case.clocks.filter(phase=Phase.FIRST)
    assert (missed.unit, missed.stopped_on, missed.met, missed.set_aside) == (
        desk.gov.office,
        day("01-26"),
        False,
        True,
    )
    assert (running.unit, running.started_on, running.stopped_on) == (desk.other, day("01-26"), None)
    assert (str(missed.verdict), str(running.verdict)) == ("terlambat", "berjalan")
    assert (desk.fresh(case).due_phase, desk.fresh(case).due_on) == (Phase.FIRST, day("02-02"))


def test_the_first_word_of_the_next_unit_is_its_first_answer(desk, clock):
    case = desk.accepted()
    cases.message(actor=desk.liaison, case=case, text="Kami teliti dulu.")
    clock("01-19")
    case = cases.reroute(actor=desk.liaison, case=case, unit=desk.other, reason="Jalan, bukan kesehatan")
    case = cases.accept(actor=desk.other_liaison, case=case)
    clock("01-20")
    cases.message(actor=desk.other_liaison, case=case, text="Kami periksa jalannya.")
    rows = case.clocks.filter(phase=Phase.FIRST).values_list("unit", "stopped_on", "met", "set_aside")
    assert list(rows) == [
        (desk.gov.office.pk, day("01-15"), True, False),
        (desk.other.pk, day("01-20"), True, False),
    ]
    assert timezone.localdate(desk.fresh(case).first_answered_at) == day("01-15")


def test_of_two_kinds_one_after_the_other_the_limit_of_the_last_counts(desk):
    case = desk.opened(kind=CaseKind.SUPERVISION)
    case = cases.classify(actor=desk.admin, case=case, kind=CaseKind.SERVICE)
    before, now = case.clocks.filter(phase=Phase.FINAL)
    assert (before.days, before.met, str(before.verdict)) == (60, True, "dihentikan")
    assert last_limit(case.clocks.all()) == now.due_on == day("02-05")


def test_a_replaced_limit_knows_the_unit_that_held_the_case(desk):
    case = cases.assign(actor=desk.admin, case=desk.opened(), unit=desk.other)
    assert case.clocks.get(phase=Phase.FINAL).unit == desk.gov.office, "whom the report is about"
    cases.convert(actor=desk.admin, case=case, law=True, reason="Minta dokumen")
    assert case.clocks.get(phase=Phase.FINAL, set_aside=True).unit == desk.other


def test_a_leader_gives_it_to_another_officer(desk):
    case = desk.accepted()
    cases.reassign(actor=desk.leader, case=case, officer=desk.checker)
    case.refresh_from_db()
    assert (case.officer, item(case).holder) == (desk.checker, desk.checker)
    assert case.steps.latest("version").party == Party.LEADER


def test_a_note_calls_those_who_may_see_the_case(desk):
    case = desk.accepted(secret=True)
    cases.note(
        actor=desk.liaison, case=case, text="Lihat ini", mentions=[desk.checker, desk.inspector, desk.citizen]
    )
    assert told(desk.checker) == ["feedback.mentioned"]
    assert told(desk.inspector) == told(desk.citizen) == []


# --- The answer -----------------------------------------------------------------------------------
def test_nobody_checks_his_own_answer(desk):
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text="Jawaban")
    cases.submit_answer(actor=desk.liaison, case=case)
    with pytest.raises(PermissionRefused):
        cases.check_answer(actor=desk.liaison, case=case, ok=True)
    assert told(desk.checker) == ["feedback.check_answer"]


def test_a_checked_answer_is_published_with_the_silence_running(desk):
    case = desk.answered(user=desk.citizen)
    assert (case.state, case.due_phase, case.due_on) == (CaseState.ANSWERED, Phase.SILENCE, day("01-30"))
    row = case.answers.get()
    assert (row.state, row.drafted_by, row.checked_by) == (AnswerState.PUBLISHED, desk.liaison, desk.checker)
    assert CaseMessage.objects.public().get().official
    assert case.clocks.filter(phase=Phase.FINAL, met=True).exists()
    assert told(desk.citizen)[-1] == "feedback.answered"
    assert WorkItem.objects.filter(subject_id=case.pk, closed_at=None).count() == 0


def test_returned_it_is_written_again(desk):
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text="Pendek")
    cases.submit_answer(actor=desk.liaison, case=case)
    cases.check_answer(actor=desk.checker, case=case, ok=False, note="Sebutkan tanggalnya")
    assert told(desk.liaison)[-1] == "feedback.answer_returned"
    with pytest.raises(StateChanged):
        cases.submit_answer(actor=desk.liaison, case=case)
    case = desk.answer(case, "Mulai 20 Januari.")
    assert case.answers.get().note == ""
    assert case.state == CaseState.ANSWERED


def test_where_no_second_eye_is_wanted_it_is_published_at_once(db, clock):
    desk = make_desk(second_eye=False)
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text="Jawaban")
    cases.submit_answer(actor=desk.liaison, case=case)
    assert desk.fresh(case).state == CaseState.ANSWERED


def test_an_answer_shows_no_personal_data(desk):
    case = desk.answer(desk.accepted(), "Hubungi Bu Tini 081234567890")
    assert CaseMessage.objects.public().get(case=case).published_text == "Hubungi Bu Tini [nomor telepon]"


# --- The reporter ---------------------------------------------------------------------------------
def test_accepting_an_answer_closes_and_twice_is_once(desk):
    case = desk.answered()
    for _time in range(2):
        cases.accept_answer(by=desk.reporter(case), case=case)
    case.refresh_from_db()
    assert (case.state, case.due_on) == (CaseState.CLOSED, None)
    assert case.steps.filter(action="close").count() == 1


def test_an_objection_brings_it_back_with_a_new_final_limit(desk, clock):
    case = desk.answered()
    clock("01-20")
    cases.object_to_answer(by=desk.reporter(case), case=case, reason="Belum ada perubahan")
    case.refresh_from_db()
    assert (case.state, item(case).holder) == (CaseState.IN_PROCESS, desk.liaison)
    assert clock_of(case, Phase.FINAL).started_on == day("01-20")
    assert case.steps.latest("version").actor is None


def test_it_is_reopened_once_within_the_days_of_the_setting(desk, clock):
    case = desk.closed()
    by = desk.reporter(case)
    cases.reopen(by=by, case=case, reason="Kambuh lagi")
    assert item(case).kind == "feedback.reopened"
    cases.keep_closed(actor=desk.admin, case=case, reason="Sudah dijelaskan")
    with pytest.raises(PermissionRefused):
        cases.reopen(by=by, case=case, reason="Sekali lagi")
    clock("01-30")
    cases.reopen(by=by, case=case, reason="Sekali lagi")
    cases.resume(actor=desk.admin, case=case)
    case.refresh_from_db()
    assert case.state == CaseState.IN_PROCESS


def test_an_officer_speaks_for_a_reporter_at_the_desk_and_is_named(desk):
    case = desk.answered()
    cases.accept_answer(by=Reporting(officer=desk.liaison), case=case)
    step = case.steps.latest("version")
    assert (step.actor, step.for_reporter, step.party) == (desk.liaison, True, Party.REPORTER)


@pytest.mark.parametrize("stranger", ["nobody", "citizen", "other PIN"])
def test_nobody_else_speaks_for_the_reporter(desk, stranger):
    case, other = desk.answered(), desk.file()
    by = {
        "nobody": Reporting(),
        "citizen": Reporting(user=desk.citizen),
        "other PIN": Reporting(case_id=other.pk),
    }[stranger]
    for act in (cases.accept_answer, cases.cancel, cases.uncancel):
        with pytest.raises(PermissionRefused):
            act(by=by, case=case)


def test_a_reply_is_public_only_on_a_public_case_and_without_personal_data(desk):
    case = desk.assigned()
    row = cases.reply(by=desk.reporter(case), case=case, text="NIK saya 3578101203850001", public=True)
    assert row.published_text == "NIK saya [NIK]"
    secret = desk.assigned(secret=True)
    row = cases.reply(by=desk.reporter(secret), case=secret, text="Rahasia", public=True)
    assert (row.audience, row.published_text) == (Audience.REPORTER, "")


def test_a_case_is_rated_once_and_only_when_answered(desk):
    case = desk.accepted()
    with pytest.raises(RuleRefused):
        cases.rate(by=desk.reporter(case), case=case, score=5)
    case = desk.answer(case)
    cases.rate(by=desk.reporter(case), case=case, score=2, text="Lama")
    cases.rate(by=desk.reporter(case), case=case, score=4)
    assert Rating.objects.get().score == 4
    assert case.steps.filter(action="rate").count() == 1
    with pytest.raises(RuleRefused):
        cases.rate(by=desk.reporter(case), case=case, score=6)


def test_what_is_not_answered_can_be_cancelled(desk):
    case = desk.accepted()
    cases.cancel(by=desk.reporter(case), case=case, reason="Sudah beres")
    case.refresh_from_db()
    assert case.state == CaseState.CANCELLED
    with pytest.raises(StateChanged):
        cases.reopen(by=desk.reporter(case), case=case, reason="x")


def test_who_cancelled_takes_it_back_and_twice_is_once(desk):
    case = desk.accepted(user=desk.citizen)
    by = Reporting(user=desk.citizen)
    cases.cancel(by=by, case=case)
    for _time in range(2):
        case = cases.uncancel(by=by, case=case)
    assert (case.state, case.due_phase, item(case).kind) == (CaseState.VERIFYING, Phase.VERIFY, "feedback.verify")
    step = case.steps.get(action="undo")
    assert (step.party, step.actor) == (Party.REPORTER, None)


def test_what_the_office_ended_the_reporter_does_not_take_back(desk):
    case = cases.reject(actor=desk.admin, case=desk.opened(), reason="unclear", explanation="Tidak jelas")
    with pytest.raises(StateChanged):
        cases.uncancel(by=desk.reporter(case), case=case)
    assert desk.fresh(case).state == CaseState.REJECTED


# --- Joining --------------------------------------------------------------------------------------
def test_joined_both_numbers_stay_and_the_followers_go_along(desk):
    main, case = desk.assigned(), desk.opened(user=desk.citizen)
    cases.watch(user=desk.admin, case=case)
    cases.merge(actor=desk.admin, case=case, main=main, reason="Sama")
    case.refresh_from_db()
    assert (case.state, case.merged_into) == (CaseState.DUPLICATE, main)
    assert main.watches.filter(user=desk.admin).exists()
    assert Message.objects.get(recipient=desk.citizen, kind="feedback.finished").context["main"] == main.number
    cases.unmerge(actor=desk.admin, case=case, reason="Ternyata lain")
    assert desk.fresh(case).state == CaseState.VERIFYING
    cases.merge(actor=desk.admin, case=case, main=main)
    assert case.merged_as.count() == 2


def test_what_may_not_be_joined(desk):
    main, case = desk.opened(), desk.opened()
    with pytest.raises(RuleRefused):
        cases.merge(actor=desk.admin, case=case, main=case)
    with pytest.raises(RuleRefused):
        cases.merge(actor=desk.admin, case=desk.opened(secret=True), main=main)
    cases.merge(actor=desk.admin, case=main, main=case)
    with pytest.raises(RuleRefused):
        cases.merge(actor=desk.admin, case=desk.opened(), main=main)


def test_split_parts_keep_the_day_of_receipt_and_the_reporter(desk, clock):
    case = desk.opened(user=desk.citizen)
    clock("01-20")
    part = cases.Part(text="Lampu jalan padam", title="Lampu", unit=desk.other)
    made = cases.split(actor=desk.admin, case=case, parts=[part])
    assert [(row.unit, row.received_on, row.split_from) for row in made] == [(desk.other, day("01-15"), case)]
    assert made[0].due_on == day("01-21")
    assert Case.objects.visible_to(desk.citizen).count() == 2
    assert case.steps.latest("version").data["parts"] == [made[0].number]
    assert CaseStep.objects.filter(case=made[0]).count() == 1
    assert made[0].text != TEXT
