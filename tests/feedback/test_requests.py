"""Requests for public information (UU 14/2008): conversion, the limits of the law, one extension, objection; and
the reporter of any report is told once when its last limit has passed."""

import datetime

import pytest

from feedback.enums import CaseKind, CaseState, Phase
from feedback.models import CaseClock, LimitRule, ReporterMail, StatisticsSheet
from feedback.papers_cases import can_bundle
from feedback.services import cases, statistics
from feedback.services.cases import Contact
from feedback.services.cases.mailing import send_waiting
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from tests.feedback.factories import CONTACT

ASKED = "Mohon salinan daftar aset kantor tahun ini."


def converted(desk, case=None, actor=None, law=True, **facts):
    case = case or desk.accepted(text=ASKED, kind=CaseKind.INFORMATION, **facts)
    return cases.convert(actor=actor or desk.liaison, case=case, law=law, reason="Ini permintaan dokumen.")


def limit(case, phase=Phase.FINAL):
    return CaseClock.objects.get(case=case, phase=phase, stopped_on=None)


def day(text):
    return datetime.date.fromisoformat(f"2026-{text}")


# --- Conversion -----------------------------------------------------------------------------------
def test_the_day_of_receipt_stays_and_the_limit_is_that_of_the_law(desk):
    case = converted(desk)
    row = limit(case)
    assert (case.kind, row.started_on, row.days, row.due_on) == (CaseKind.REQUEST, day("01-15"), 10, day("01-30"))
    assert "UU 14/2008" in row.source
    step = case.steps.latest("version")
    assert (step.action, step.public_text, step.data["from"]) == (
        "convert",
        "Ini permintaan dokumen.",
        "informasi",
    )
    assert Event.objects.filter(verb="feedback.convert").count() == 1


def test_the_first_answer_of_the_flow_of_complaints_is_not_waited_for(desk, clock):
    case = desk.accepted(text=ASKED, kind=CaseKind.INFORMATION)
    assert limit(case, Phase.FIRST).due_on < limit(case).due_on + datetime.timedelta(days=1)
    case = converted(desk, case)
    assert CaseClock.objects.get(case=case, phase=Phase.FIRST).set_aside
    assert (case.due_phase, case.due_on) == (Phase.FINAL, day("01-30"))
    clock("01-20")
    case = converted(desk, case, actor=desk.admin, law=False)
    assert limit(case, Phase.FIRST).started_on == day("01-20")


@pytest.mark.parametrize("spoken", [False, True])
def test_as_a_question_again_it_waits_for_a_word_of_the_unit_that_has_it_now(desk, clock, spoken):
    case = desk.accepted(text=ASKED, kind=CaseKind.INFORMATION)
    cases.message(actor=desk.liaison, case=case, text="Sedang kami cari.")
    case = converted(desk, case)
    case = cases.reroute(actor=desk.liaison, case=case, unit=desk.other, reason="Aset di sana")
    clock("01-20")
    if spoken:
        cases.message(actor=desk.other_liaison, case=case, text="Kami teruskan pencariannya.")
    case = converted(desk, case, actor=desk.admin, law=False)
    running = CaseClock.objects.filter(case=case, phase=Phase.FIRST, stopped_on=None)
    assert list(running.values_list("started_on", flat=True)) == ([] if spoken else [day("01-20")])


def test_nor_is_it_after_forwarding(desk):
    case = converted(desk, desk.opened(text=ASKED, kind=CaseKind.INFORMATION), actor=desk.admin)
    case = cases.assign(actor=desk.admin, case=case, unit=desk.other)
    assert set(CaseClock.objects.filter(case=case, stopped_on=None).values_list("phase", flat=True)) == {
        Phase.FINAL
    }


def test_an_agency_may_set_a_first_answer_for_requests_itself(desk):
    LimitRule.objects.create(
        phase=Phase.FIRST, kind=CaseKind.REQUEST, days=2, source="SOP PPID", valid_from=day("01-01")
    )
    row = limit(converted(desk), Phase.FIRST)
    assert (row.days, row.source) == (2, "SOP PPID")


def test_the_reporter_is_told_with_the_rule_and_the_day(desk):
    converted(desk, user=desk.citizen)
    context = Message.objects.get(kind="feedback.converted", recipient=desk.citizen).context
    assert (context["law"], context["days"], context["more"]) == (True, 10, 7)
    assert "UU 14/2008" in context["source"]


def test_doing_it_twice_is_doing_it_once(desk):
    case = converted(desk)
    assert converted(desk, case).version == case.version


def test_and_back_into_a_question_with_its_own_limit(desk):
    case = converted(desk, converted(desk), law=False)
    assert (case.kind, limit(case).days, limit(case).started_on) == (CaseKind.INFORMATION, 5, day("01-15"))


@pytest.mark.parametrize("who", ["admin", "liaison"])
def test_admin_and_unit_convert(desk, who):
    assert converted(desk, actor=getattr(desk, who)).kind == CaseKind.REQUEST


@pytest.mark.parametrize("who", ["leader", "inspector", "other_liaison", "citizen"])
def test_others_convert_and_extend_nothing(desk, who):
    case = converted(desk)
    with pytest.raises(PermissionRefused):
        converted(desk, case, actor=getattr(desk, who), law=False)
    with pytest.raises(PermissionRefused):
        cases.extend(actor=getattr(desk, who), case=case, reason="x")


@pytest.mark.parametrize("state", [CaseState.NEW, CaseState.ANSWERED, CaseState.CLOSED])
def test_it_is_converted_before_it_is_answered(desk, state):
    with pytest.raises((RuleRefused, PermissionRefused)):
        converted(desk, desk.in_state(state), actor=desk.admin)


def test_a_conversion_has_a_reason_and_a_page_that_is_not_old(desk):
    case = desk.accepted()
    with pytest.raises(RuleRefused, match="alasannya"):
        cases.convert(actor=desk.liaison, case=case, law=True, reason=" ")
    with pytest.raises(StateChanged):
        cases.convert(actor=desk.liaison, case=case, law=True, reason="x", version=1)


def test_nobody_files_a_request_and_no_classification_makes_one(desk):
    with pytest.raises(RuleRefused, match="Pilih jenis"):
        desk.file(kind=CaseKind.REQUEST)
    with pytest.raises(RuleRefused, match="Pilih jenis"):
        cases.classify(actor=desk.admin, case=desk.accepted(), kind=CaseKind.REQUEST)
    with pytest.raises(RuleRefused, match="Pilih jenis"):
        cases.classify(actor=desk.admin, case=converted(desk), kind=CaseKind.SERVICE)


# --- Extension ------------------------------------------------------------------------------------
def test_it_is_extended_once_with_a_reason(desk):
    case = converted(desk, user=desk.citizen)
    with pytest.raises(RuleRefused, match="alasannya"):
        cases.extend(actor=desk.liaison, case=case, reason="")
    case = cases.extend(actor=desk.liaison, case=case, reason="Arsip di gudang")
    row = limit(case)
    assert (row.days, row.started_on, row.due_on) == (17, day("01-15"), day("02-10"))
    assert Message.objects.get(kind="feedback.extended").context["reason"] == "Arsip di gudang"
    with pytest.raises(RuleRefused, match="satu kali"):
        cases.extend(actor=desk.liaison, case=case, reason="Lagi")


def test_after_its_limit_it_is_extended_no_more(desk, clock):
    case = converted(desk)
    clock("01-30")
    cases.extend(actor=desk.liaison, case=case, reason="Hari terakhir")
    late = converted(desk)
    clock("03-02")
    with pytest.raises(RuleRefused, match="sudah lewat"):
        cases.extend(actor=desk.liaison, case=late, reason="Terlambat")


def test_only_requests_are_extended_and_only_where_a_limit_is_set(desk):
    with pytest.raises(RuleRefused, match="Hanya permintaan"):
        cases.extend(actor=desk.liaison, case=desk.accepted(), reason="x")
    LimitRule.objects.filter(phase=Phase.EXTENSION).delete()
    with pytest.raises(RuleRefused, match="Tidak ada perpanjangan"):
        cases.extend(actor=desk.liaison, case=converted(desk), reason="x")


# --- Objection ------------------------------------------------------------------------------------
def test_the_reporter_may_object_within_thirty_days_and_is_answered_within_thirty(desk, clock):
    case = desk.answer(converted(desk))
    silence = limit(case, Phase.SILENCE)
    assert silence.days == 30
    clock("01-20")
    cases.reply(by=desk.reporter(case), case=case, text="Terima kasih, saya baca dahulu.")
    assert limit(case, Phase.SILENCE).due_on == silence.due_on  # the days to object are the law's
    case = cases.object_to_answer(
        by=desk.reporter(case), case=case, reason="Tidak sebagaimana diminta", ground="tidak_sesuai"
    )
    assert case.state == CaseState.IN_PROCESS
    assert (limit(case, Phase.OBJECTION).days, case.due_phase) == (30, Phase.OBJECTION)
    assert not CaseClock.objects.filter(case=case, phase=Phase.FINAL, stopped_on=None).exists()


def test_the_clock_of_an_objection_goes_on_when_the_unit_changes(desk):
    case = desk.answer(converted(desk))
    case = cases.object_to_answer(by=desk.reporter(case), case=case, reason="Belum", ground="tidak_dipenuhi")
    before = limit(case, Phase.OBJECTION)
    case = cases.reroute(actor=desk.liaison, case=case, unit=desk.other, reason="Aset di sana")
    assert limit(case, Phase.OBJECTION).pk == before.pk
    assert not CaseClock.objects.filter(case=case, phase=Phase.FINAL, stopped_on=None).exists()


def test_an_ordinary_report_keeps_its_final_limit_after_an_objection(desk):
    case = desk.answered()
    case = cases.object_to_answer(by=desk.reporter(case), case=case, reason="Belum")
    assert limit(case).days == 14
    assert not CaseClock.objects.filter(phase=Phase.OBJECTION).exists()


# --- Where it is seen -----------------------------------------------------------------------------
def test_the_tracking_page_says_what_holds(desk, client):
    case = converted(desk)
    page = client.get(f"/pengaduan/{case.number}/").text
    assert "Permintaan informasi publik" in page
    assert "10 hari kerja" in page
    assert "Komisi Informasi" in page
    assert "Cara penanganan berubah" in page
    other = client.get(f"/pengaduan/{desk.accepted().number}/").text
    assert "Komisi Informasi" not in other


def test_statistics_count_it_apart(desk):
    converted(desk), desk.accepted(kind=CaseKind.INFORMATION)
    statistics.refresh(2026)
    kinds = StatisticsSheet.objects.get(year=2026, unit=None).data["kinds"]
    assert (kinds["permohonan"], kinds["informasi"]) == (1, 1)


def test_the_officer_converts_and_extends_by_pages(desk, sign_in):
    case = desk.accepted(text=ASKED)
    client = sign_in(desk.liaison)
    page = f"/pengaduan/meja/{case.pk}/"
    assert "Tangani sebagai permintaan informasi publik" in client.get(page).text
    done = client.post(f"{page}lakukan/permohonan/", {"reason": "Ini permintaan dokumen", "version": case.version})
    assert done.status_code == 302
    case = desk.fresh(case)
    assert case.kind == CaseKind.REQUEST
    extended = {"reason": "Arsip di gudang", "version": case.version}
    assert client.post(f"{page}lakukan/perpanjang/", extended).status_code == 302
    assert limit(case).days == 17


# --- The last limit has passed --------------------------------------------------------------------
def test_the_reporter_is_told_once_on_the_day_after(desk, clock):
    case = desk.accepted(user=desk.citizen)
    told = Message.objects.filter(kind="feedback.limit_passed")
    for date, wanted in (("02-05", 0), ("02-06", 1), ("02-06", 1), ("03-20", 1)):
        clock(date)
        cases.tick()
        assert told.count() == wanted, date
    assert told.get().recipient == desk.citizen
    assert can_bundle(case.clocks.all())


def test_an_objection_that_is_late_too_tells_nothing_again(desk, clock):
    case = desk.accepted(user=desk.citizen)
    clock("02-06")
    cases.tick()
    case = cases.object_to_answer(by=desk.reporter(case), case=desk.answer(case), reason="Belum")
    clock("04-28")
    cases.tick()
    assert Message.objects.filter(kind="feedback.limit_passed").count() == 1


def test_who_was_answered_in_time_or_is_asked_himself_is_told_nothing(desk, clock):
    desk.answered(user=desk.citizen)
    cases.ask(actor=desk.admin, case=desk.opened(user=desk.citizen), question="Kapan?")
    clock("02-06")
    cases.tick()
    assert not Message.objects.filter(kind="feedback.limit_passed").exists()


def test_who_is_anonymous_hears_by_mail_alone(desk, clock, mailoutbox):
    desk.accepted(user=desk.citizen, anonymous=True, contact=Contact(email=CONTACT.email))
    clock("02-06")
    cases.tick()
    cases.tick()
    assert not Message.objects.filter(kind="feedback.limit_passed").exists()
    assert ReporterMail.objects.filter(kind="feedback.limit_passed").count() == 1
    send_waiting()
    body = next(mail.body for mail in mailoutbox if "sudah lewat" in mail.subject)
    assert "Ombudsman" in body
    assert "Komisi Informasi" not in body


def test_of_a_request_the_way_to_the_commission_is_told_as_well(desk, clock):
    converted(desk, user=desk.citizen)
    clock("02-02")
    cases.tick()
    assert Message.objects.get(kind="feedback.limit_passed").context["request"] is True


def test_without_an_address_nobody_is_told_and_nothing_fails(desk, clock):
    case = desk.accepted()
    clock("02-06")
    assert cases.tick()["told"] == 0
    assert CaseClock.objects.get(case=case, phase=Phase.FINAL).reporter_told
