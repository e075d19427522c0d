"""Pages of credit points, follow-up, coaching, talent and exports: what they show, to whom, what they refuse."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations import exporting
from evaluations.enums import CycleState, Predikat
from evaluations.models import Coaching, CreditAppointment, CreditEntry, Cycle, Recommendation, TalentPlacement
from evaluations.rules.coaching import STATEMENTS
from evaluations.selectors.credits import standing_of
from evaluations.services import coaching, credits
from evaluations.views.credits_drawn import CreditsDrawn
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.work import running, sheets
from kepegawaian.work.models import Job, JobState
from tests.employees.factories import EmployeeFactory
from tests.evaluations.factories_follow_up import altered, official, part_of, rated
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
SB, B, BP, K, SK = Predikat


@pytest.fixture(autouse=True)
def _january(time_machine):
    time_machine.move_to("2027-01-20T03:00:00+00:00", tick=False)


@pytest.fixture
def sign_in(client):
    def signed_in(person):
        client.force_login(person.user)
        return client

    return signed_in


def at(name: str, *args) -> str:
    return reverse(f"evaluations:{name}", args=args)


# --- Credit points --------------------------------------------------------------------------------
def test_my_points_open_their_derivation(gov, sign_in):
    person = official(gov)
    rated(gov, person, 2025, SB)
    rated(gov, person, 2026, B)
    page = sign_in(person).get(at("my_credits")).content.decode()
    assert "31,25" in page
    assert "12/12 × 150% × 12,5 = 18,75" in page
    assert "Pangkat berikutnya: III/b" in page
    assert "Dengan predikat Baik: 2 tahun lagi." in page


@pytest.mark.parametrize(("who", "status"), [("hr", 200), ("colleague", 404), ("section_head", 404)])
def test_who_sees_the_points_of_another(gov, sign_in, who, status):
    person = official(gov)
    assert sign_in(getattr(gov, who)).get(at("credits", person.pk)).status_code == status


def test_the_assessor_sees_the_points_he_signs_and_enters_none(gov, sign_in):
    person = official(gov)
    rated(gov, person, 2026, B)
    entry, browser = CreditEntry.objects.get(), sign_in(gov.section_head)
    assert "12,5" in browser.get(at("credits", person.pk)).content.decode()
    assert CreditEntry.objects.visible_to(gov.section_head.user).get() == entry
    assert browser.get(at("paper", "pak", person.pk)).status_code == 200
    assert browser.get(at("credits_integrasi", person.pk)).status_code == 403
    Cycle.objects.update(state=CycleState.CLOSED, closed_at=timezone.now())
    assert browser.get(at("credits", person.pk)).status_code == 404
    assert not CreditEntry.objects.visible_to(gov.section_head.user).exists()


def test_a_need_that_is_met_shows_what_is_left_over(gov, sign_in):
    person = official(gov)
    data = {"on": "2022-12-31", "value": "62.5", "source": "PAK 2022"}
    sign_in(gov.hr).post(at("credits_integrasi", person.pk), data)
    rank, jenjang = CreditsDrawn(standing_of(person), {}).gaps
    assert (rank.met, str(rank.label), rank.value) == (True, "Kelebihan", "12,5")
    assert (jenjang.met, str(jenjang.label), jenjang.value) == (False, "Kekurangan", "37,5")
    assert "Kelebihan" in sign_in(gov.hr).get(at("credits", person.pk)).content.decode()


def test_the_inspector_reads_and_enters_nothing(gov, sign_in):
    person, inspector = official(gov), EmployeeFactory(unit=gov.personnel)
    RoleAssignmentFactory(user=inspector.user, role=Role.INSPECTOR)
    browser = sign_in(inspector)
    assert browser.get(at("credits", person.pk)).status_code == 200
    assert browser.get(at("credits_integrasi", person.pk)).status_code == 403


def test_who_holds_no_functional_post_reads_why_there_are_no_points(gov, sign_in):
    page = sign_in(gov.employee).get(at("my_credits")).content.decode()
    assert "hanya untuk pejabat fungsional" in page


def test_hr_enters_integrasi_on_a_page(gov, sign_in):
    person = official(gov)
    data = {"on": "2022-12-31", "conventional": "137.5", "source": "PAK 2022"}
    answer = sign_in(gov.hr).post(at("credits_integrasi", person.pk), data)
    assert answer.url == at("credits", person.pk)
    assert str(CreditEntry.objects.get().value) == "37.5000"


def test_what_the_rule_refuses_stands_beside_the_field(gov, sign_in):
    person = official(gov)
    data = {"on": "2022-12-31", "conventional": "50", "source": "PAK 2022"}
    answer = sign_in(gov.hr).post(at("credits_integrasi", person.pk), data)
    assert answer.status_code == 422
    assert "nilai dasar jenjang" in answer.content.decode()
    assert "PAK 2022" in answer.content.decode()


def test_the_education_page_proposes_its_amount(gov, sign_in):
    person = official(gov)
    browser = sign_in(gov.hr)
    assert "12,5 (25% dari kebutuhan" in browser.get(at("credits_education", person.pk)).content.decode()
    browser.post(at("credits_education", person.pk), {"on": "2026-06-01", "source": "Ijazah S-2"})
    assert CreditEntry.objects.get().kind == "education"


def test_hr_says_a_jenjang_on_a_page(gov, sign_in):
    person = official(gov, "Guru Kelas")
    rated(gov, person, 2026, B)
    browser = sign_in(gov.hr)
    assert "Jenjang jabatan belum diketahui" in browser.get(at("credits", person.pk)).content.decode()
    data = {"jenjang": "ahli_pertama", "since": "2020-01-01", "source": "SK 1"}
    browser.post(at("credits_jenjang", person.pk), data)
    assert CreditAppointment.objects.count() == CreditEntry.objects.count() == 1


def test_a_part_of_the_year_is_converted_on_a_page(gov, sign_in):
    person = official(gov)
    may = rated(gov, person, 2026, SB, month=5)
    data = {"evaluation": str(may.pk), "first": "2026-01-01"}
    assert sign_in(gov.hr).post(at("credits_convert", person.pk), data).status_code == 302
    assert CreditEntry.objects.get().months == 5


def test_a_correction_is_made_on_a_page_and_both_lines_stay(gov, sign_in):
    person = official(gov)
    rated(gov, person, 2026, B)
    entry = CreditEntry.objects.get()
    browser = sign_in(gov.hr)
    browser.post(at("credit_reverse", entry.pk), {"reason": "Jenjang keliru"})
    page = browser.get(at("credits", person.pk)).content.decode()
    assert "Dikoreksi" in page
    assert "Jenjang keliru" in page


def test_fifty_movements_cost_no_more_than_one(gov, sign_in, django_assert_max_num_queries):
    person = official(gov)
    for number in range(50):
        credits.grant_education(
            actor=gov.hr.user, employee=person, on=datetime.date(2022, 12, 31), source=f"Ijazah {number}"
        )
    browser = sign_in(person)
    with django_assert_max_num_queries(16):
        browser.get(at("my_credits"))


# --- Follow-up ------------------------------------------------------------------------------------
def test_the_person_reads_suggestions_with_their_source(gov, sign_in):
    rated(gov, gov.employee, 2026, K)
    page = sign_in(gov.employee).get(at("follow_up", part_of(gov, gov.employee, 2026).pk)).content.decode()
    assert "PP 30/2019 Pasal 57-58" in page
    assert "Rencanakan pembinaan" not in page


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.LEADER])
def test_other_roles_find_no_follow_up(gov, sign_in, role):
    reader = EmployeeFactory(unit=gov.personnel)
    RoleAssignmentFactory(user=reader.user, role=role)
    assert sign_in(reader).get(at("follow_up", part_of(gov, gov.employee, 2026).pk)).status_code == 404


def test_a_stranger_finds_neither_follow_up_nor_coaching(gov, sign_in):
    participant = part_of(gov, gov.employee, 2026)
    row = planned(gov, participant)
    browser = sign_in(gov.second_staff[0])
    for url in (at("follow_up", participant.pk), at("coaching", row.pk), at("coaching_new", participant.pk)):
        assert browser.get(url).status_code == 404


def planned(gov, participant) -> Coaching:
    return coaching.open_coaching(
        actor=gov.section_head.user,
        participant=participant,
        kind="bimbingan",
        coach=gov.section_head,
        goal="Laporan tepat waktu",
        starts_on=datetime.date(2027, 1, 4),
        ends_on=datetime.date(2027, 3, 31),
    )


def test_coaching_by_its_pages(gov, sign_in):
    participant = part_of(gov, gov.employee, 2026)
    browser = sign_in(gov.section_head)
    data = {
        "kind": "konseling",
        "coach": gov.section_head.current_nip,
        "goal": "Laporan tepat waktu",
        "starts_on": "2027-01-04",
        "ends_on": "2027-03-31",
    }
    assert browser.post(at("coaching_new", participant.pk), data).status_code == 302
    row = Coaching.objects.get()
    browser.post(at("coaching_session", row.pk), {"held_on": "2027-01-18", "notes": "Membahas jadwal"})
    browser.post(at("coaching_competency", row.pk), {"competency": "Menulis", "score": "4", "reason": "Rapi"})
    browser.post(at("coaching_close", row.pk), {"outcome": "Tepat waktu"})
    page = browser.get(at("coaching", row.pk)).content.decode()
    assert all(text in page for text in ("Membahas jadwal", "Menulis", "Tepat waktu", "Selesai"))


def test_form_b18_is_read_by_the_superior_and_hr_and_not_by_the_coach(gov, sign_in):
    participant = part_of(gov, gov.employee, 2026)
    part_of(gov, gov.section_head, 2026)
    row = planned(gov, participant)
    answers = dict.fromkeys(STATEMENTS, "ya") | {"note": "Terbantu sekali"}
    assert sign_in(gov.employee).post(at("coaching_review", row.pk), answers).status_code == 302
    for who, reads in (("section_head", False), ("office_head", True), ("hr", True), ("employee", True)):
        page = sign_in(getattr(gov, who)).get(at("coaching", row.pk)).content.decode()
        assert ("Terbantu sekali" in page) is reads


def test_the_six_months_by_their_pages(gov, sign_in, time_machine):
    rated(gov, gov.employee, 2026, K)
    participant = part_of(gov, gov.employee, 2026)
    browser = sign_in(gov.hr)
    browser.post(at("chain_open", participant.pk), {"starts_on": "2027-01-20"})
    chain = participant.chains.get()
    time_machine.move_to("2027-07-21T03:00:00+00:00", tick=False)
    browser = sign_in(gov.hr)
    waiting = browser.get(at("follow_up", participant.pk)).content.decode()
    assert waiting.index("Ada pada pengelola kinerja") < waiting.index("Catat hasil sesudah enam bulan")
    browser.post(at("chain", chain.pk), {"recovered": "tidak", "finding": "Belum"})
    browser.post(at("chain", chain.pk), {"test_on": "2027-08-01", "test_result": "Tidak memenuhi"})
    browser.post(at("chain", chain.pk), {"decision": "Jabatan lain", "decree_number": "800/9"})
    page = browser.get(at("follow_up", participant.pk)).content.decode()
    assert "Jabatan lain (800/9)" in page
    assert "Diputus pejabat berwenang" in page


def test_an_objection_marks_the_six_months_as_outdated(gov, sign_in):
    poor = rated(gov, gov.employee, 2026, K)
    coaching.open_chain(actor=gov.hr.user, evaluation=poor)
    altered(gov, poor, B)
    page = sign_in(gov.hr).get(at("follow_up", part_of(gov, gov.employee, 2026).pk)).content.decode()
    assert "Dasarnya berubah" in page


def test_a_proposal_by_its_pages(gov, sign_in):
    participant = part_of(gov, gov.employee, 2026)
    sign_in(gov.section_head).post(at("propose", participant.pk), {"kind": "training", "text": "Diklat"})
    row = Recommendation.objects.get()
    browser = sign_in(gov.hr)
    browser.post(at("recommendation_answer", row.pk), {"accepted": "ya", "reason": "Sesuai rencana"})
    assert "Sesuai rencana" in browser.get(at("follow_up", participant.pk)).content.decode()


# --- Talent ---------------------------------------------------------------------------------------
def test_the_grid_marks_succession_and_lists_who_has_no_box(gov, sign_in):
    rated(gov, gov.employee, 2026, SB)
    rated(gov, gov.colleague, 2026, B)
    browser = sign_in(gov.hr)
    participant = part_of(gov, gov.employee, 2026)
    browser.post(at("talent_place", participant.pk), {"potential": "high", "reason": "Uji 2026"})
    assert TalentPlacement.objects.get().box == 9
    page = browser.get(at("talent"), {"tahun": 2026}).content.decode()
    assert page.count("Kelompok rencana suksesi") == 3
    assert gov.colleague.full_name in page.split("Belum punya kotak", 1)[1]


def test_potential_is_offered_to_whom_it_is_open(gov, sign_in):
    rated(gov, gov.employee, 2026, B)
    participant = part_of(gov, gov.employee, 2026)
    where = at("talent_place", participant.pk)
    for person, may in ((gov.section_head, False), (gov.office_head, True), (gov.hr, True)):
        browser = sign_in(person)
        assert (where in browser.get(at("talent"), {"tahun": 2026}).content.decode()) == may
        assert browser.get(where).status_code == (200 if may else 403)
    assert "Potensi dicatat oleh atasan pejabat penilai" in sign_in(gov.section_head).get(where).content.decode()


def test_a_potential_is_corrected_from_its_box_by_whom_it_is_open_to(gov, sign_in):
    rated(gov, gov.employee, 2026, B)
    participant = part_of(gov, gov.employee, 2026)
    where, grid = at("talent_place", participant.pk), {"tahun": 2026, "kotak": 8}
    browser = sign_in(gov.hr)
    done = browser.post(where, {"potential": "high", "reason": "Uji 2026"}, follow=True)
    assert done.redirect_chain == [(f"{at('talent')}?tahun=2026#daftar", 302)]
    assert f"Potensi {gov.employee.full_name} dicatat" in done.content.decode()
    assert f'href="{where}"' in browser.get(at("talent"), grid).content.decode()
    form = browser.get(where).context["form"]
    assert (form["potential"].value(), form["reason"].value()) == ("high", "Uji 2026")
    shown = sign_in(gov.section_head).get(at("talent"), grid).content.decode()
    assert gov.employee.full_name in shown
    assert where not in shown


def test_a_year_without_results_says_when_boxes_come(gov, sign_in):
    part_of(gov, gov.employee, 2026)
    page = sign_in(gov.hr).get(at("talent"), {"tahun": 2026}).content.decode()
    assert "sesudah evaluasi tahunan ditandatangani" in page


def test_people_are_found_by_name_nip_and_unit(gov, sign_in):
    rated(gov, gov.employee, 2026, B)
    rated(gov, gov.colleague, 2026, B)
    browser = sign_in(gov.hr)

    def listed(**asked) -> list[str]:
        page = browser.get(at("talent"), {"tahun": 2026, **asked})
        return sorted(row.employee.name for row in page.context["listed"])

    assert listed() == sorted([gov.employee.name, gov.colleague.name])
    assert listed(q=gov.employee.current_nip) == [gov.employee.name]
    assert listed(q=gov.colleague.name, unit=gov.section.name) == [gov.colleague.name]
    assert listed(unit=gov.second_staff[0].current_unit.name) == []
    browser.post(at("talent_place", part_of(gov, gov.employee, 2026).pk), {"potential": "high", "reason": "Uji"})
    grid = browser.get(at("talent"), {"tahun": 2026, "q": gov.employee.current_nip}).context["grid"]
    assert sum(cell.count for row in grid for cell in row) == 1
    grid = browser.get(at("talent"), {"tahun": 2026, "q": gov.colleague.current_nip}).context["grid"]
    assert sum(cell.count for row in grid for cell in row) == 0


def test_the_grid_is_not_for_everybody(gov, sign_in):
    part_of(gov, gov.employee, 2026)
    assert sign_in(gov.employee).get(at("talent")).status_code == 403
    assert sign_in(gov.section_head).get(at("talent")).status_code == 200


def test_the_grid_opens_at_the_newest_year_that_has_results(gov, sign_in):
    rated(gov, gov.employee, 2025, B)
    part_of(gov, gov.employee, 2026)
    assert sign_in(gov.hr).get(at("talent")).context["cycle"].year == 2025


# --- Exports --------------------------------------------------------------------------------------
def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_export_of_years_has_the_columns_and_codes_of_siasn(gov, sign_in):
    rated(gov, gov.employee, 2026, K)
    (row,) = rows_of(sign_in(gov.hr).get(at("export", "skp22"), {"tahun": 2026, "jenis": "csv"}))
    assert (row["hasilKinerjaNilai"], row["perilakuKerjaNilai"], row["kuadranKinerjaNilai"]) == ("2", "3", "4")
    assert (row["nip"], row["penilaiNipNrp"]) == (gov.employee.current_nip, gov.section_head.current_nip)
    assert row["penilaiNama"] == gov.section_head.full_name
    assert (row["statusPenilai"], row["tahun"]) == ("ASN", "2026")
    assert Event.objects.filter(verb="evaluations.exported_years", actor=gov.hr.user).count() == 1


def test_the_export_of_periods_names_the_months(gov, sign_in):
    rated(gov, gov.employee, 2026, B, month=5)
    (row,) = rows_of(sign_in(gov.hr).get(at("export", "periodik"), {"tahun": 2026, "jenis": "csv"}))
    assert (row["periodikId"], row["bulanMulaiPenilaian"], row["bulanSelesaiPenilaian"]) == ("1", "5", "5")


def test_after_an_objection_the_export_gives_the_changed_result(gov, sign_in):
    altered(gov, rated(gov, gov.employee, 2026, K), B)
    (row,) = rows_of(sign_in(gov.hr).get(at("export", "skp22"), {"tahun": 2026, "jenis": "csv"}))
    assert row["kuadranKinerjaNilai"] == "2"


@pytest.mark.parametrize("who", ["office_head", "employee"])
def test_only_hr_exports(gov, sign_in, who):
    part_of(gov, gov.employee, 2026)
    browser = sign_in(getattr(gov, who))
    assert browser.get(at("exports")).status_code == 403
    assert browser.get(at("export", "skp22"), {"tahun": 2026, "jenis": "csv"}).status_code == 403


def test_hr_of_a_unit_exports_its_people_alone(gov, sign_in):
    rated(gov, gov.employee, 2026, B)
    rated(gov, gov.hr, 2026, B)
    officer = EmployeeFactory(unit=gov.office)
    RoleAssignmentFactory(user=officer.user, role=Role.HR_UNIT, unit=gov.office)
    rows = rows_of(sign_in(officer).get(at("export", "skp22"), {"tahun": 2026, "jenis": "csv"}))
    assert [row["nama"] for row in rows] == [gov.employee.full_name]


def test_a_long_export_is_written_by_a_worker(gov, sign_in, monkeypatch):
    rated(gov, gov.employee, 2026, B)
    rated(gov, gov.colleague, 2026, B)
    monkeypatch.setattr(sheets, "AT_ONCE", 1)
    browser = sign_in(gov.hr)
    assert browser.get(at("export", "skp22"), {"tahun": 2026, "jenis": "csv"}).url == at("exports")
    browser.post(at("export_later", "skp22"), {"query": "tahun=2026", "jenis": "csv"})
    job = Job.objects.get(kind=exporting.SKP22.job)
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == (JobState.DONE, 2)
    assert browser.get(reverse("documents:file", args=[job.result["file"]])).status_code == 200


# --- API ------------------------------------------------------------------------------------------
def api(name: str, *args) -> str:
    return reverse(f"evaluations_api:{name}", args=args)


def test_the_api_gives_points_as_text_and_the_gap(gov, sign_in):
    person = official(gov)
    rated(gov, person, 2026, SB)
    body = sign_in(person).get(api("credits", "me")).json()
    assert (body["jenjang"], body["golongan"], body["total"]) == ("ahli_pertama", "III/a", "18.7500")
    assert body["rank"] == {"target": "III/b", "needed": "50", "missing": "31.2500", "met": False}
    assert [row["value"] for row in body["entries"]] == ["18.7500"]


def test_the_api_hides_the_points_of_others(gov, sign_in):
    person = official(gov)
    browser = sign_in(gov.colleague)
    assert browser.get(api("credits", person.pk)).status_code == 404
    assert browser.get(api("credits", "nobody")).status_code == 404


def test_coaching_and_proposals_over_the_api(gov, sign_in):
    rated(gov, gov.employee, 2026, K)
    participant = part_of(gov, gov.employee, 2026)
    browser = sign_in(gov.section_head)
    data = {
        "kind": "bimbingan",
        "coach": str(gov.section_head.pk),
        "goal": "Laporan",
        "starts_on": "2027-01-20",
        "ends_on": "2027-03-20",
    }
    kind = "application/json"
    assert browser.post(api("coaching", participant.pk), data, content_type=kind).status_code == 201
    wish = {"kind": "training", "text": "Diklat"}
    assert browser.post(api("recommendations", participant.pk), wish, content_type=kind).status_code == 201
    body = browser.get(api("follow-up", participant.pk)).json()
    assert (len(body["coaching"]), len(body["recommendations"])) == (1, 1)
    assert "improvement" in [one["kind"] for one in body["suggestions"]]
    assert sign_in(gov.second_staff[0]).get(api("follow-up", participant.pk)).status_code == 404


def test_an_export_over_the_api_is_a_job_of_hr(gov, sign_in):
    body, kind = {"year": 2026, "kind": "csv"}, "application/json"
    assert sign_in(gov.employee).post(api("export", "skp22"), body, content_type=kind).status_code == 403
    answer = sign_in(gov.hr).post(api("export", "skp22"), body, content_type=kind)
    assert answer.status_code == 202
    assert Job.objects.get(pk=answer.json()["job"]).owner == gov.hr.user
