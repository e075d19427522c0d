"""What is decided on a request for public information, the objection to the superior, the dispute (UU 14/2008)."""

import csv
import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from feedback.enums import AnswerState, CaseKind, CaseState, Outcome, Phase
from feedback.models import (
    Case,
    CaseAnswer,
    CaseClock,
    InformationObjection,
    RefusalGround,
    ReporterMail,
    StatisticsSheet,
)
from feedback.services import cases, statistics
from feedback.services.cases.mailing import send_waiting
from feedback.services.defaults import seed_defaults
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.accounts.factories import with_role
from tests.feedback.factories import CONTACT

REASON, ARTICLE = "Memuat data pribadi pihak lain.", "UU 14/2008 Pasal 17"
GROUND = "pasal-17"
REFUSED = {
    "outcome": Outcome.REFUSED,
    "outcome_reason": REASON,
    "outcome_basis": ARTICLE,
    "outcome_ground": GROUND,
}


def request_of(desk, **facts):
    case = desk.accepted(text="Mohon salinan daftar aset.", kind=CaseKind.INFORMATION, **facts)
    return cases.convert(actor=desk.liaison, case=case, law=True, reason="Ini permintaan dokumen.")


def objected(desk, case=None, ground="dikecualikan"):
    case = case or desk.answer(request_of(desk), **REFUSED)
    return cases.object_to_answer(by=desk.reporter(case), case=case, reason="Aset itu publik.", ground=ground)


def decided(desk, case=None):
    """The superior has decided on the objection."""
    case = case or objected(desk)
    return desk.answer(case, checker=desk.leader, outcome=Outcome.PARTLY, outcome_reason="Tanpa nama pemegang.")


def limit(case, phase):
    return CaseClock.objects.get(case=case, phase=phase, stopped_on=None)


def day(text):
    return datetime.date.fromisoformat(f"2026-{text}")


# --- The decision ---------------------------------------------------------------------------------
def test_the_decision_is_published_with_the_answer(desk):
    case = desk.answer(request_of(desk), **REFUSED)
    row = cases.decisions_of(case)[0]
    assert row.refusal_ground.code == GROUND
    assert (row.outcome, row.outcome_reason, row.outcome_basis) == (Outcome.REFUSED, REASON, ARTICLE)
    assert case.steps.latest("version").data["outcome"] == "ditolak"
    assert Event.objects.filter(verb="feedback.answer").count() == 1


def test_a_request_is_not_handed_in_without_a_decision(desk):
    case = request_of(desk)
    cases.draft_answer(actor=desk.liaison, case=case, text="Nanti")
    with pytest.raises(RuleRefused, match="Pilih putusan"):
        cases.submit_answer(actor=desk.liaison, case=case)


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"outcome": Outcome.PARTLY}, "alasan putusannya"),
        ({"outcome": Outcome.NOT_HELD}, "alasan putusannya"),
        ({"outcome": Outcome.REFUSED, "outcome_basis": ARTICLE}, "alasan putusannya"),
        ({"outcome": Outcome.REFUSED, "outcome_reason": REASON, "outcome_ground": GROUND}, "pasal pengecualian"),
        ({"outcome": "lain"}, "Pilih putusan"),
    ],
)
def test_whatever_is_not_granted_wholly_has_a_reason_and_a_refusal_its_article(desk, facts, wanted):
    case = request_of(desk)
    with pytest.raises(RuleRefused, match=wanted):
        cases.draft_answer(actor=desk.liaison, case=case, text="Jawaban", **facts)


# --- Its ground -----------------------------------------------------------------------------------
def test_what_the_portal_starts_with_is_what_its_source_gives_marked_as_such(desk):
    [ground] = RefusalGround.objects.all()
    assert (ground.code, ground.source, ground.unverified) == (GROUND, ARTICLE, True)


def test_starting_again_keeps_what_the_admin_made_of_it(desk):
    RefusalGround.objects.update(name="Rahasia", unverified=False, active=False)
    seed_defaults()
    assert RefusalGround.objects.get().name == "Rahasia"


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.PARTLY])
def test_a_refusal_in_whole_or_in_part_keeps_its_ground(desk, outcome):
    case = desk.answer(request_of(desk), **REFUSED | {"outcome": outcome})
    assert cases.decisions_of(case)[0].refusal_ground.code == GROUND


@pytest.mark.parametrize("ground", ["", "lain", "tutup"])
def test_a_refusal_has_a_ground_that_may_be_chosen_now(desk, ground):
    RefusalGround.objects.create(code="tutup", name="Tidak dipakai lagi", source="-", active=False)
    with pytest.raises(RuleRefused, match="Pilih dasar penolakan") as refusal:
        cases.draft_answer(
            actor=desk.liaison, case=request_of(desk), text="x", **REFUSED | {"outcome_ground": ground}
        )
    assert refusal.value.problems[0].field == "outcome_ground"


def test_in_part_may_have_another_cause_and_what_is_granted_has_none(desk):
    partly = desk.answer(request_of(desk), outcome=Outcome.PARTLY, outcome_reason="Sisanya belum ada.")
    granted = desk.answer(request_of(desk), outcome=Outcome.GRANTED, outcome_ground=GROUND)
    assert [cases.decisions_of(case)[0].refusal_ground for case in (partly, granted)] == [None, None]


def test_where_the_agency_keeps_no_grounds_none_is_asked_for(desk, sign_in):
    RefusalGround.objects.update(active=False)
    case = request_of(desk)
    assert "Dasar penolakan" not in sign_in(desk.liaison).get(f"/pengaduan/meja/{case.pk}/lakukan/konsep/").text
    assert desk.answer(case, **REFUSED | {"outcome_ground": ""}).state == CaseState.ANSWERED


def test_postgresql_keeps_a_ground_with_refusals_alone_and_loses_none(desk):
    ground, case = RefusalGround.objects.get(), request_of(desk)
    facts = {"case": case, "text": "x", "drafted_by": desk.liaison, "refusal_ground": ground}
    for outcome in ("", Outcome.GRANTED):
        with pytest.raises(IntegrityError, match="answer_ground_of_refusal"), transaction.atomic():
            CaseAnswer.objects.create(outcome=outcome, **facts)
    desk.answer(case, **REFUSED)
    with pytest.raises(ProtectedError):
        ground.delete()


def test_admins_keep_the_list_and_the_trail_keeps_every_change(desk, sign_in):
    ground = RefusalGround.objects.get()
    client, page = sign_in(with_role(Role.ADMIN)), f"/admin/feedback/refusalground/{ground.pk}/change/"
    facts = {"name": "Informasi dikecualikan", "source": f"{ARTICLE} huruf a", "active": "on", "order": "1"}
    assert client.post(page, facts | {"code": "lain"}).status_code == 302
    ground.refresh_from_db()
    assert (ground.code, str(ground)) == (GROUND, f"Informasi dikecualikan ({ARTICLE} huruf a)")
    assert Event.objects.get(verb="feedback.refusalground_changed").data["to"]["unverified"] is False
    assert client.get(page.replace("change", "delete")).status_code == 403
    assert sign_in(desk.liaison).get(page).status_code != 200


def test_other_reports_have_no_decision(desk):
    with pytest.raises(RuleRefused, match="Hanya permintaan informasi"):
        cases.draft_answer(actor=desk.liaison, case=desk.accepted(), text="Jawaban", outcome=Outcome.GRANTED)


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": Outcome.REFUSED, "outcome_basis": ARTICLE},
        {"outcome": Outcome.REFUSED, "outcome_reason": REASON},
        {"outcome": "lain"},
    ],
)
def test_postgresql_keeps_no_refusal_without_reason_and_article(desk, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseAnswer.objects.create(case=request_of(desk), text="x", drafted_by=desk.liaison, **facts)


def test_postgresql_keeps_a_decision_on_requests_alone(desk):
    other, request = desk.accepted(), request_of(desk)
    with pytest.raises(IntegrityError, match="only a request"), transaction.atomic():
        CaseAnswer.objects.create(case=other, text="x", drafted_by=desk.liaison, outcome=Outcome.GRANTED)
    message = cases.message(actor=desk.liaison, case=request, text="Kata")
    with pytest.raises(IntegrityError, match="answered with an outcome"), transaction.atomic():
        CaseAnswer.objects.create(
            case=request, text="x", drafted_by=desk.liaison, state=AnswerState.PUBLISHED, message=message
        )
    cases.draft_answer(actor=desk.liaison, case=request, text="x", outcome=Outcome.GRANTED)
    with pytest.raises(IntegrityError, match="stays a request"), transaction.atomic():
        Case.objects.filter(pk=request.pk).update(kind=CaseKind.INFORMATION)
    row = {"case": other, "ground": "biaya", "filed_on": day("01-20"), "message": message}
    with pytest.raises(IntegrityError, match="has an objection"), transaction.atomic():
        InformationObjection.objects.create(**row)


def test_a_draft_loses_its_decision_when_the_request_becomes_a_question_again(desk):
    case = request_of(desk)
    cases.draft_answer(actor=desk.liaison, case=case, text="Jawaban", **REFUSED)
    case = cases.convert(actor=desk.liaison, case=case, law=False, reason="Bukan dokumen")
    draft = CaseAnswer.objects.get(case=case)
    assert (case.kind, draft.outcome, draft.refusal_ground) == (CaseKind.INFORMATION, "", None)


def test_what_was_decided_stays_a_request(desk):
    with pytest.raises(RuleRefused, match="sudah diputus"):
        cases.convert(actor=desk.liaison, case=objected(desk), law=False, reason="Bukan dokumen")


def test_the_one_who_asked_is_told_what_why_and_until_when(desk):
    desk.answer(request_of(desk, user=desk.citizen), **REFUSED)
    context = Message.objects.get(kind="feedback.answered", recipient=desk.citizen).context
    assert (context["reason"], context["basis"]) == (REASON, ARTICLE)
    assert context["due"]


def test_the_mail_says_what_why_and_the_way_on(desk, mailoutbox):
    case = desk.answer(request_of(desk, contact=CONTACT), **REFUSED)
    decided(desk, objected(desk, case))
    send_waiting()
    first, second = (mail.body for mail in mailoutbox if "sudah dijawab" in mail.subject)
    for words in ("sudah diputus: Ditolak", REASON, ARTICLE, "keberatan kepada atasan PPID sampai"):
        assert words in first
    assert "sengketa ke Komisi Informasi sampai" in second


def test_of_a_secret_request_the_mail_says_nothing_of_it(desk):
    desk.answer(request_of(desk, secret=True, contact=CONTACT), **REFUSED)
    assert REASON not in str(ReporterMail.objects.get(kind="feedback.answered").context)


# --- The objection --------------------------------------------------------------------------------
def test_an_objection_has_a_ground_and_is_made_once(desk):
    case = desk.answer(request_of(desk), **REFUSED)
    with pytest.raises(RuleRefused, match="Pilih alasan"):
        objected(desk, case, ground="")
    case = decided(desk, objected(desk, case))
    row = cases.objection_of(case)
    assert (row.ground, row.answer.outcome, row.message.text) == ("dikecualikan", "sebagian", "Aset itu publik.")
    with pytest.raises(RuleRefused, match="satu kali"):
        objected(desk, case)


def test_the_superior_is_told_and_the_check_waits_for_him(desk):
    case = objected(desk)
    assert Message.objects.get(kind="feedback.objected").recipient == desk.leader
    cases.draft_answer(actor=desk.liaison, case=case, text="Jawaban", outcome=Outcome.GRANTED)
    cases.submit_answer(actor=desk.liaison, case=case)
    assert WorkItem.objects.get(kind="feedback.check", closed_at=None).holder == desk.leader


@pytest.mark.parametrize("who", ["checker", "other_liaison", "inspector"])
def test_nobody_but_the_superior_decides_on_it(desk, who):
    with pytest.raises(PermissionRefused):
        desk.answer(objected(desk), checker=getattr(desk, who))


@pytest.mark.parametrize("who", ["leader", "chief", "admin"])
def test_who_leads_the_unit_or_one_above_decides_and_so_does_the_admin(desk, who):
    assert desk.answer(objected(desk), checker=getattr(desk, who)).state == CaseState.ANSWERED


def test_who_decided_on_the_request_does_not_decide_on_the_objection(desk):
    case = desk.answer(request_of(desk), checker=desk.leader, **REFUSED)
    with pytest.raises(PermissionRefused, match="orang lain"):
        desk.answer(objected(desk, case), checker=desk.leader)


def test_without_a_second_eye_an_objection_is_decided_by_the_superior_all_the_same(desk):
    type(cases.answering.current_setting()).objects.update(second_eye=False)
    case = request_of(desk)
    cases.draft_answer(actor=desk.liaison, case=case, text="Tidak", **REFUSED)
    cases.submit_answer(actor=desk.liaison, case=case)
    case = objected(desk, desk.fresh(case))
    cases.draft_answer(actor=desk.liaison, case=case, text="Ya", outcome=Outcome.GRANTED)
    assert cases.submit_answer(actor=desk.liaison, case=case).state == AnswerState.CHECKING


def test_of_a_secret_request_the_admin_decides_and_no_leader(desk):
    case = desk.answer(request_of(desk, secret=True), **REFUSED)
    case = objected(desk, case)
    with pytest.raises(PermissionRefused):
        desk.answer(case, checker=desk.leader)
    cases.check_answer(actor=desk.admin, case=case, ok=True)
    assert not Message.objects.filter(recipient=desk.leader).exists()


def test_who_was_not_answered_in_time_objects_without_an_answer(desk, clock):
    case = request_of(desk)
    by = desk.reporter(case)
    with pytest.raises(RuleRefused, match="batas jawabannya lewat"):
        cases.object_to_answer(by=by, case=case, reason="Mana?", ground="tidak_ditanggapi")
    clock("02-02")
    case = cases.object_to_answer(by=by, case=case, reason="Mana?", ground="tidak_ditanggapi")
    assert (case.state, limit(case, Phase.OBJECTION).days) == (CaseState.IN_PROCESS, 30)
    assert CaseClock.objects.get(case=case, phase=Phase.FINAL, set_aside=False).met is False
    assert cases.objection_of(decided(desk, case)).answer is not None


def test_thirty_working_days_after_the_limit_it_is_too_late(desk, clock):
    case = request_of(desk)
    clock("03-31")
    with pytest.raises(RuleRefused, match="batas jawabannya lewat"):
        cases.object_to_answer(by=desk.reporter(case), case=case, reason="Mana?", ground="terlambat")


# --- The dispute ----------------------------------------------------------------------------------
def test_after_the_superior_fourteen_days_run_for_the_dispute(desk, clock):
    case = decided(desk)
    assert (case.due_phase, limit(case, Phase.DISPUTE).days) == (Phase.DISPUTE, 14)
    clock("02-09")
    cases.tick()
    assert desk.fresh(case).state == CaseState.CLOSED


def test_the_day_of_the_dispute_is_kept_and_the_officers_are_told(desk, clock):
    case = decided(desk)
    clock("01-20")
    by = desk.reporter(case)
    row = cases.record_dispute(by=by, case=case, on=day("01-19"), number="012/KI")
    again = cases.record_dispute(by=by, case=case, on=day("01-19"), number="012/KI")
    assert (row.disputed_on, again.dispute_number) == (day("01-19"), "012/KI")
    assert case.steps.filter(action="dispute").count() == 1
    told = Message.objects.filter(kind="feedback.disputed")
    assert {message.recipient for message in told} == {desk.leader, desk.liaison}


@pytest.mark.parametrize("text", ["01-14", "01-16"])
def test_a_dispute_is_neither_before_the_answer_nor_tomorrow(desk, text):
    case = decided(desk)
    with pytest.raises(RuleRefused, match="Tanggal sengketa"):
        cases.record_dispute(by=desk.reporter(case), case=case, on=day(text))


def test_before_the_superior_or_the_end_of_his_limit_there_is_no_dispute(desk, clock):
    case = objected(desk)
    by = desk.reporter(case)
    with pytest.raises(RuleRefused, match="setelah keberatan"):
        cases.record_dispute(by=by, case=case, on=day("01-15"))
    clock("03-20")
    assert cases.record_dispute(by=by, case=case, on=day("03-20")).disputed_on == day("03-20")


def test_a_stranger_records_no_dispute(desk):
    case = decided(desk)
    with pytest.raises(PermissionRefused):
        cases.record_dispute(by=desk.reporter(desk.file()), case=case, on=day("01-15"))


# --- Pages ----------------------------------------------------------------------------------------
def test_everybody_reads_outcome_reason_article_and_the_way_on(desk, client):
    facts = REFUSED | {"outcome_reason": "Memuat NIK 3578105203850002."}
    page = client.get(f"/pengaduan/{desk.answer(request_of(desk), **facts).number}/").text
    assert f"Dikecualikan sesudah uji konsekuensi ({ARTICLE}, belum diverifikasi)" in page
    for words in ("Putusan atas permintaan informasi", "Ditolak", ARTICLE, "Keberatan tertulis dapat diajukan"):
        assert words in page
    assert "3578105203850002" not in page


def test_the_page_says_what_comes_after_the_objection(desk, client):
    case = objected(desk)
    assert "Atasan PPID menanggapi keberatan" in client.get(f"/pengaduan/{case.number}/").text
    case = decided(desk, case)
    page = client.get(f"/pengaduan/{case.number}/").text
    assert "Sengketa informasi dapat diajukan ke Komisi Informasi" in page
    assert "Tanggapan atasan PPID atas keberatan" in page


def test_an_ordinary_report_shows_nothing_of_it(desk, client):
    assert 'id="decision"' not in client.get(f"/pengaduan/{desk.answered().number}/").text


def test_who_asked_objects_and_records_the_dispute_by_pages(desk, sign_in):
    case = desk.answer(request_of(desk, user=desk.citizen), **REFUSED)
    client, page = sign_in(desk.citizen), f"/pengaduan/{case.number}/saya/"
    assert "Ajukan keberatan kepada atasan PPID" in client.get(page).text
    refused = client.post(f"{page}object/", {"text": "Aset itu publik"})
    assert refused.status_code == 422
    done = client.post(f"{page}object/", {"text": "Aset itu publik", "ground": "dikecualikan"})
    assert done.status_code == 302
    assert "Ajukan keberatan kepada atasan PPID" not in client.get(page).text
    decided(desk, desk.fresh(case))
    assert client.post(f"{page}dispute/", {"on": "2026-01-15", "number": "7"}).status_code == 302
    assert "Sengketa di Komisi Informasi" in client.get(page).text


def test_the_officer_decides_by_the_page_of_the_draft(desk, sign_in):
    case, client = request_of(desk), sign_in(desk.liaison)
    page = f"/pengaduan/meja/{case.pk}/"
    form = f"{page}lakukan/konsep/"
    assert "Dikabulkan seluruhnya" in client.get(form).text
    data = {"text": "Jawaban", "version": case.version, "seen": "", "then": "submit"}
    refused = client.post(form, data | {"outcome": "ditolak", "outcome_reason": REASON})
    assert refused.status_code == 422
    assert "pasal pengecualian" in refused.text
    assert client.post(form, data | {f"{name}": value for name, value in REFUSED.items()}).status_code == 302
    checked = sign_in(desk.checker).get(f"{page}lakukan/periksa/").text
    assert ARTICLE in checked
    assert "Dikecualikan sesudah uji konsekuensi" in checked


def test_the_draft_shows_again_what_was_chosen(desk, sign_in):
    case = request_of(desk)
    cases.draft_answer(actor=desk.liaison, case=case, text="Jawaban", **REFUSED)
    page = sign_in(desk.liaison).get(f"/pengaduan/meja/{case.pk}/lakukan/konsep/").text
    assert f'<option value="{GROUND}" selected>' in page


def test_who_answers_an_objection_reads_it_beside_the_form(desk, sign_in):
    case = objected(desk)
    page = sign_in(desk.liaison).get(f"/pengaduan/meja/{case.pk}/lakukan/konsep/").text
    assert "Keberatan pemohon" in page
    assert "Aset itu publik." in page


def test_the_draft_of_another_report_asks_for_no_decision(desk, sign_in):
    page = sign_in(desk.liaison).get(f"/pengaduan/meja/{desk.accepted().pk}/lakukan/konsep/").text
    assert "Dasar pengecualian" not in page


def test_an_officer_records_objection_and_dispute_for_who_asked(desk, sign_in):
    case = desk.answer(request_of(desk), **REFUSED)
    client, acts = sign_in(desk.liaison), f"/pengaduan/meja/{case.pk}/lakukan/"
    data = {"text": "Disampaikan di loket", "ground": "biaya", "version": case.version}
    assert client.post(f"{acts}belum-terjawab/", data).status_code == 302
    case = decided(desk, desk.fresh(case))
    assert client.post(f"{acts}sengketa/", {"on": "2026-01-15", "version": case.version}).status_code == 302
    assert cases.objection_of(case).disputed_on == day("01-15")
    assert case.steps.get(action="dispute").for_reporter


# --- Counted --------------------------------------------------------------------------------------
def test_statistics_count_by_the_last_decision(desk, client):
    decided(desk)
    desk.answer(request_of(desk))
    request_of(desk)
    desk.answer(request_of(desk, secret=True), **REFUSED)
    statistics.refresh(2026)
    found = StatisticsSheet.objects.get(year=2026, unit=None).data["requests"]
    assert found["outcomes"] == {"dikabulkan": 1, "sebagian": 1}
    assert (found["n"], found["objections"], found["disputes"], found["mean_days"]) == (3, 1, 0, None)
    assert "Permintaan menurut putusan terakhir" in client.get("/statistik/2026/").text
    rows = list(csv.reader(client.get("/statistik/2026.csv").text.splitlines()))
    assert ["requests", "sebagian", "n", "1"] in rows
    assert client.get("/statistik/2026.json").json()["requests"]["n"] == 3


def test_statistics_count_refusals_by_their_ground_and_those_without_one(desk, client):
    RefusalGround.objects.create(code="lain", name="Dasar lain", source="Peraturan")
    for facts in (REFUSED, REFUSED | {"outcome": Outcome.PARTLY}, REFUSED | {"outcome_ground": "lain"}, {}):
        desk.answer(request_of(desk), **facts)
    desk.answer(request_of(desk), outcome=Outcome.PARTLY, outcome_reason="Sisanya belum ada.")
    desk.answer(request_of(desk, secret=True), **REFUSED)
    desk.answer(objected(desk), checker=desk.leader, outcome=Outcome.GRANTED)
    statistics.refresh(2026)
    counted = [("pasal-17", 2), ("lain", 1), ("", 1)]
    found = client.get("/statistik/2026.json").json()["requests"]
    assert [(row["ground"], row["n"]) for row in found["refusals"]] == counted
    assert found["outcomes"] == {"dikabulkan": 2, "ditolak": 2, "sebagian": 2}
    page = client.get("/statistik/2026/").text
    for words in ("Penolakan menurut dasarnya", "Dasar lain", "Tanpa dasar tercatat"):
        assert words in page
    rows = list(csv.reader(client.get("/statistik/2026.csv").text.splitlines()))
    assert [(row[1], int(row[3])) for row in rows if row[0] == "refusals"] == counted
    office = StatisticsSheet.objects.filter(unit__isnull=False).get().data["requests"]["refusals"]
    assert [(row["ground"], row["n"]) for row in office] == counted


def test_sheets_from_before_grounds_are_shown_as_they_are(desk, client):
    desk.answer(request_of(desk))
    statistics.refresh(2026)
    sheet = StatisticsSheet.objects.get(year=2026, unit=None)
    del sheet.data["requests"]["refusals"]
    sheet.save(update_fields=["data"])
    for address in ("/statistik/2026/", "/statistik/2026.csv", "/statistik/2026.json"):
        assert client.get(address).status_code == 200


def test_where_the_number_of_requests_hides_a_protected_one_its_parts_are_hidden_too(desk, client):
    desk.answer(request_of(desk))
    desk.opened(kind=CaseKind.SUPERVISION)
    statistics.refresh(2026)
    data = StatisticsSheet.objects.get(year=2026, unit=None).data
    assert data["kinds"]["permohonan"] is None
    assert data["requests"] is None
    assert client.get("/statistik/2026/").status_code == 200
    assert "requests" not in client.get("/statistik/2026.csv").text
