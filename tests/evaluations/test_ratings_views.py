"""The pages of progress, feedback, assessing, signing, reading, objecting and deciding, through the client."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluations.enums import EvaluationState, ObjectionState, OrgResult, Predikat, Rating
from evaluations.models import (
    AssessorAssignment,
    Cycle,
    Evaluation,
    Evidence,
    Feedback,
    FeedbackBox,
    Objection,
    OrganisationResult,
    Participant,
    Progress,
)
from evaluations.papers import kinds
from evaluations.services import opening, organisation, papers
from tests.employees.factories import EmployeeFactory
from tests.evaluations.factories import join, make_plan
from tests.evaluations.factories_follow_up import altered
from tests.evaluations.ratings_world import (
    assessed,
    indicators,
    ratings_sent,
    read,
    signed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]


@pytest.fixture
def sign_in(client):
    def signed_in(person):
        client.force_login(person.user)
        return client

    return signed_in


def url(name, *args):
    return reverse(f"evaluations:{name}", args=args)


def text(response):
    return response.content.decode()


# --- My team --------------------------------------------------------------------------------------
def test_who_waits_for_a_rating_stands_first_in_the_team_with_a_link(sign_in, world, time_machine):
    first, second = sorted(world.gov.staff, key=lambda person: person.name)
    third = EmployeeFactory(name="Zainal Terakhir", current_unit=world.gov.section)
    world.people[third.pk] = join(world.cycle, third, world.gov.section_head)
    make_plan(world.people[third.pk])
    opening.open_due()
    signed(world.of(first), world.quarter)
    assessed(world.of(second), world.quarter)
    time_machine.move_to("2026-04-20T02:00:00+00:00", tick=False)
    page = text(sign_in(world.gov.section_head).get(url("team")))
    assert page.index(second.name) < page.index(third.name) < page.index(first.name)
    assert page.count("Nilai Triwulan 1") == page.count("Tandatangani Triwulan 1") == 1
    assert page.count("Terlambat") == 2
    assert url("assess", world.of(third).pk, world.quarter.pk) in page
    assert url("assess", world.of(first).pk, world.quarter.pk) not in page
    Cycle.objects.update(closed_at=timezone.now())
    page = text(sign_in(world.gov.section_head).get(url("team")))
    assert page.index(first.name) < page.index(second.name)
    assert "Nilai Triwulan 1" not in page


# --- Progress -------------------------------------------------------------------------------------
def test_all_indicators_are_saved_with_one_tap(sign_in, world):
    client, [one, other] = sign_in(world.gov.employee), indicators(world.me)
    page = client.get(url("progress", world.me.pk), {"periode": world.quarter.pk})
    assert page.status_code == 200
    sent = {
        "periode": world.quarter.pk,
        f"text_{one}": "Tiga laporan",
        f"percent_{one}": "90",
        f"text_{other}": "",
    }
    response = client.post(url("progress_save", world.me.pk), sent)
    assert response.status_code == 302
    row = Progress.objects.get()
    assert (row.indicator, row.text, row.percent) == (one, "Tiga laporan", 90)
    assert "Tiga laporan" in text(client.get(response.url))


def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(sign_in, world):
    client, [one, _other] = sign_in(world.gov.employee), indicators(world.me)
    sent = {"periode": world.quarter.pk, f"text_{one}": "Tiga laporan", f"percent_{one}": "banyak"}
    response = client.post(url("progress_save", world.me.pk), sent)
    assert response.status_code == 422
    assert "Tiga laporan" in text(response)


def test_evidence_is_a_file_or_a_link_and_may_be_taken_off_the_list(sign_in, world):
    client, [one, other] = sign_in(world.gov.employee), indicators(world.me)
    file = SimpleUploadedFile("bukti.pdf", b"%PDF-1.4 bukti")
    sent = {"periode": world.quarter.pk, "file": file, "label": "Laporan Maret"}
    assert client.post(url("evidence_add", world.me.pk, one), sent).status_code == 302
    sent = {"periode": world.quarter.pk, "url": "https://contoh.test/laporan"}
    assert client.post(url("evidence_add", world.me.pk, other), sent).status_code == 302
    html = text(client.get(url("progress", world.me.pk), {"periode": world.quarter.pk}))
    assert "Laporan Maret" in html
    assert "https://contoh.test/laporan" in html
    evidence = Evidence.objects.get(label="Laporan Maret")
    client.post(url("evidence_remove", evidence.pk))
    assert "Laporan Maret" not in text(client.get(url("progress", world.me.pk), {"periode": world.quarter.pk}))


def test_neither_file_nor_link_is_said_beside_the_form(sign_in, world):
    client, [one, _other] = sign_in(world.gov.employee), indicators(world.me)
    response = client.post(url("evidence_add", world.me.pk, one), {"periode": world.quarter.pk})
    assert response.status_code == 422
    assert "Pilih satu berkas atau tulis satu tautan." in text(response)
    assert "belum diverifikasi" not in text(response)


def test_the_assessor_reads_and_a_colleague_gets_404(sign_in, world):
    assert "Simpan semua" not in text(sign_in(world.gov.section_head).get(url("progress", world.me.pk)))
    assert sign_in(world.gov.colleague).get(url("progress", world.me.pk)).status_code == 404


# --- Feedback -------------------------------------------------------------------------------------
def test_a_colleague_gives_anonymously_and_the_page_says_so(sign_in, world):
    client = sign_in(world.gov.colleague)
    page = client.get(url("feedback_give", world.me.pk))
    assert "Tanpa nama" in text(page)
    response = client.post(
        f"{url('feedback_give', world.me.pk)}?periode={world.quarter.pk}", {"value_loyal": "Menjaga rahasia"}
    )
    assert response.status_code == 302
    assert FeedbackBox.objects.count() == 1
    assert not Feedback.objects.exists()


def test_the_assessor_gives_by_name_and_the_person_reads_it(sign_in, world):
    where = f"{url('feedback_give', world.me.pk)}?periode={world.quarter.pk}"
    sign_in(world.gov.section_head).post(where, {"text": "Laporan rapi"})
    html = text(sign_in(world.gov.employee).get(url("feedback_of", world.me.pk)))
    assert "Laporan rapi" in html
    assert world.gov.section_head.full_name in html


def test_a_stranger_is_told_nothing(sign_in, world):
    client = sign_in(world.gov.second_staff[0])
    assert client.get(url("feedback_give", world.me.pk)).status_code == 404
    assert client.get(url("feedback_of", world.me.pk)).status_code == 404


def test_who_is_asked_finds_it_in_the_inbox_and_may_pass(sign_in, world):
    client = sign_in(world.gov.employee)
    sent = {"people": [str(world.gov.colleague.pk)], "question": "Bagaimana loket?"}
    assert client.post(url("feedback_ask", world.me.pk), sent).status_code == 302
    client = sign_in(world.gov.colleague)
    html = text(client.get(url("feedback_inbox")))
    assert "Bagaimana loket?" in html
    invitation = world.me.invitations.get()
    client.post(url("feedback_decline", invitation.pk))
    assert "Bagaimana loket?" not in text(client.get(url("feedback_inbox")))


def test_the_same_words_for_a_team_are_marked_for_every_reader(sign_in, world):
    client = sign_in(world.gov.section_head)
    people = [str(world.of(person).pk) for person in world.gov.staff]
    sent = {"people": people, "text": "Terima kasih atas kerja bulan ini", "periode": world.quarter.pk}
    assert client.post(url("feedback_team"), sent).status_code == 302
    html = text(sign_in(world.gov.employee).get(url("feedback_of", world.me.pk)))
    assert "teks yang sama diberikan kepada 2 orang" in html


# --- Assessing ------------------------------------------------------------------------------------
def test_everything_of_one_person_is_on_one_page_and_signed_from_it(sign_in, world):
    client = sign_in(world.gov.section_head)
    where = url("assess", world.me.pk, world.quarter.pk)
    html = text(client.get(where))
    assert "Tersedianya laporan layanan 1" in html
    assert "Loyal" in html
    assert client.post(where, {**ratings_sent(Rating.ABOVE, Rating.BELOW), "act": "assess"}).status_code == 302
    row = Evaluation.objects.get()
    html = text(client.get(where))
    assert "Kurang/misconduct" in html
    assert "Tandatangani" in html
    assert url("evaluation_sign", row.pk) in html
    client.post(url("evaluation_sign", row.pk), {"version": row.version})
    row.refresh_from_db()
    assert row.state == EvaluationState.FINAL


def test_a_missing_reason_is_said_at_its_field_and_a_draft_needs_none(sign_in, world):
    client = sign_in(world.gov.section_head)
    where = url("assess", world.me.pk, world.quarter.pk)
    response = client.post(where, {**ratings_sent(), "results_reason": ""})
    assert response.status_code == 422
    assert "Tuliskan alasannya" in text(response)
    assert client.post(where, {"results_reason": "Baru separuh", "act": "draft"}).status_code == 302
    assert "Baru separuh" in text(client.get(where))


def test_suggestions_are_marked_as_such(sign_in, world):
    client = sign_in(world.gov.section_head)
    where = url("assess", world.me.pk, world.quarter.pk)
    marks = {f"result_{one.origin}_mark": Rating.ABOVE for one in world.me.plan.results.all()}
    client.post(where, {**marks, "act": "draft"})
    html = text(client.get(where))
    assert "Saran" in html
    assert "2 dari 2 hasil kerja di atas ekspektasi" in html


def test_the_rating_of_a_unit_head_is_suggested_from_the_unit(sign_in, world):
    head = world.of(world.gov.section_head)
    type(head).objects.filter(pk=head.pk).update(heads=world.gov.section)
    organisation.set_organisation(
        actor=world.gov.office_head.user,
        unit=world.gov.section,
        period=world.quarter,
        result=OrgResult.ISTIMEWA,
        reason="Semua target terlampaui",
    )
    html = text(sign_in(world.gov.office_head).get(url("assess", head.pk, world.quarter.pk)))
    assert "Capaian organisasi unit yang dipimpin: Istimewa." in html


def test_copied_and_empty_reasons_are_warned_of(sign_in, world):
    client = sign_in(world.gov.section_head)
    for person in world.gov.staff:
        client.post(url("assess", world.of(person).pk, world.quarter.pk), ratings_sent())
    html = text(client.get(url("assess", world.me.pk, world.quarter.pk)))
    assert "Teks ini sama dengan teks sebelumnya" in html
    client.post(
        url("assess", world.me.pk, world.quarter.pk), {**ratings_sent(), "results_reason": "Sesuai Ekspektasi"}
    )
    assert "hanya mengulang ratingnya" in text(client.get(url("assess", world.me.pk, world.quarter.pk)))


def test_only_the_assessor_opens_the_form(sign_in, world):
    where = url("assess", world.me.pk, world.quarter.pk)
    assert sign_in(world.gov.employee).get(where).status_code == 403
    assert sign_in(world.gov.colleague).get(where).status_code == 404
    assert sign_in(world.gov.hr).get(where).status_code == 403


def test_the_list_of_the_team_signs_many(sign_in, world):
    rows = [assessed(world.of(person), world.quarter) for person in world.gov.staff]
    client = sign_in(world.gov.section_head)
    assert "Tandatangani yang dipilih" in text(client.get(url("open_evaluations")))
    client.post(url("sign_many"), {"id": [str(row.pk) for row in rows], "periode": world.quarter.pk})
    assert {row.state for row in Evaluation.objects.all()} == {EvaluationState.FINAL}


def test_the_list_of_a_team_costs_the_same_for_two_and_for_twenty(sign_in, world):
    client = sign_in(world.gov.section_head)
    with CaptureQueriesContext(connection) as few:
        client.get(url("open_evaluations"))
    for _n in range(18):
        person = EmployeeFactory(unit=world.gov.section)
        if not Participant.objects.filter(employee=person).exists():
            join(world.cycle, person, world.gov.section_head)
        participant = Participant.objects.get(employee=person)
        make_plan(participant, results=1)
        assessed(participant, world.quarter)
    with CaptureQueriesContext(connection) as many:
        html = text(client.get(url("open_evaluations")))
    assert html.count("data-row") == 20
    assert len(many) == len(few)


# --- Reading and objecting ------------------------------------------------------------------------
def test_a_get_reads_nothing_for_anybody_and_the_button_does(sign_in, world):
    row = signed(world.me, world.quarter)
    client = sign_in(world.gov.employee)
    assert "Saya sudah membaca" in text(client.get(url("evaluation", row.pk)))
    row.refresh_from_db()
    assert row.received_at is None
    client.post(url("evaluation_receive", row.pk))
    row.refresh_from_db()
    assert row.received_at is not None
    assert "Ajukan keberatan" in text(client.get(url("evaluation", row.pk)))


def test_an_objection_goes_from_filing_to_a_changed_result(sign_in, world):
    row = read(world.me, world.quarter)
    client = sign_in(world.gov.employee)
    client.post(url("objection_file", row.pk), {"reasons": "Target lampau tidak dihitung"})
    own = text(client.get(url("objection", row.pk)))
    assert f"Ada pada {world.gov.office_head.full_name}" in own
    assert "keberatan tidak dapat diajukan lagi" in own
    client = sign_in(world.gov.office_head)
    assert "Target lampau tidak dihitung" in text(client.get(url("objection", row.pk)))
    client.post(url("objection_hear", row.pk), {"employee": "Ada bukti", "assessor": "Terlewat"})
    sent = {"results_rating": "above", "behaviour_rating": "above", "reason": "Bukti sah"}
    first = text(client.post(url("objection_decide", row.pk), sent))
    assert "Pastikan putusan Anda" in first
    assert "Sangat baik" in first
    assert Objection.objects.get().state == ObjectionState.HEARD
    again = text(client.post(url("objection_decide", row.pk), {**sent, "act": "change"}))
    assert "Lihat predikatnya" in again
    assert "Bukti sah" in again
    assert client.post(url("objection_decide", row.pk), {**sent, "act": "decide"}).status_code == 302
    assert Objection.objects.get().state == ObjectionState.CHANGED
    html = text(sign_in(world.gov.employee).get(url("evaluation", row.pk)))
    assert "diganti putusan keberatan" in html
    assert "Baik" in html
    later = Evaluation.objects.get(replaces=row)
    page = text(sign_in(world.gov.employee).get(url("evaluation", later.pk)))
    assert "Sangat baik" in page
    assert "Putusan keberatan ini final" in page
    assert "Masa keberatan dihitung" not in page
    decided = text(sign_in(world.gov.employee).get(url("objection", row.pk)))
    assert decided.index("Predikat sesudah putusan") < decided.index("Alasan keberatan")


def test_withdrawing_an_objection_asks_first(sign_in, world):
    row = read(world.me, world.quarter)
    client = sign_in(world.gov.employee)
    client.post(url("objection_file", row.pk), {"reasons": "Target lampau tidak dihitung"})
    asked = text(client.get(url("objection_withdraw", row.pk)))
    assert "tidak dapat diurungkan" in asked
    assert Objection.objects.get().state == ObjectionState.FILED
    client.post(url("objection_withdraw", row.pk))
    assert Objection.objects.get().state == ObjectionState.WITHDRAWN
    assert client.get(url("objection_withdraw", row.pk)).status_code == 403


def test_who_decides_has_plan_progress_and_evidence_on_the_page(sign_in, world):
    first = indicators(world.me)[0]
    Progress.objects.create(
        participant=world.me,
        period=world.quarter,
        indicator=first,
        text="Tiga laporan selesai",
        written_by=world.gov.employee.user,
    )
    row = read(world.me, world.quarter)
    own = sign_in(world.gov.employee)
    own.post(url("objection_file", row.pk), {"reasons": "Target lampau tidak dihitung"})
    assert "Bahan untuk memutus" not in text(own.get(url("objection", row.pk)))
    client = sign_in(world.gov.office_head)
    html = text(client.get(url("objection", row.pk)))
    assert "Tiga laporan selesai" in html
    assert url("plan", row.plan_id) in html
    client.post(url("objection_hear", row.pk), {"employee": "Ada bukti", "assessor": "Terlewat"})
    assert "2 Apr 2026" in text(client.get(url("objection", row.pk))).split("Kedua pihak didengar")[1]


def test_hr_names_who_decides_where_nobody_stands_above_the_assessor(sign_in, world):
    person = world.of(world.gov.secretary)
    AssessorAssignment.objects.create(
        participant=person, assessor=world.gov.mayor, source="proposed", valid_from="2026-01-01"
    )
    Participant.objects.filter(pk=person.pk).update(assessor=world.gov.mayor)
    person.refresh_from_db()
    make_plan(person)
    row = read(person, world.quarter)
    client = sign_in(world.gov.secretary)
    client.post(url("objection_file", row.pk), {"reasons": "Target lampau"})
    assert "Penunjukan pejabat yang memutus" in text(client.get(url("objection", row.pk)))
    client = sign_in(world.gov.hr)
    assert "Tunjuk pejabat yang memutus" in text(client.get(url("objection", row.pk)))
    sent = {"decider": world.gov.personnel_head.current_nip, "reason": "Ditugaskan Wali Kota"}
    assert client.post(url("objection_name", row.pk), sent).status_code == 302
    page = text(sign_in(world.gov.secretary).get(url("objection", row.pk)))
    assert "Ditugaskan Wali Kota" in page
    assert f"Ada pada {world.gov.personnel_head.full_name}" in page


def test_a_stranger_finds_neither_evaluation_nor_objection(sign_in, world):
    row = read(world.me, world.quarter)
    client = sign_in(world.gov.colleague)
    assert client.get(url("evaluation", row.pk)).status_code == 404
    assert client.get(url("objection", row.pk)).status_code == 404
    assert client.post(url("evaluation_receive", row.pk)).status_code == 404


# --- Units ----------------------------------------------------------------------------------------
def test_the_leader_sets_a_result_and_sees_the_pattern_with_numbers(sign_in, world):
    assessed(world.me, world.quarter)
    client = sign_in(world.gov.office_head)
    where = url("organisation_set", world.gov.section.pk, world.quarter.pk)
    assert client.get(where).status_code == 200
    response = client.post(where, {"result": "baik", "reason": "Sembilan dari sepuluh target"})
    html = text(client.get(response.url))
    assert "Sembilan dari sepuluh target" in html
    assert "<svg" in html
    assert "1 dari 3 orang sudah dinilai" in html


def test_the_paper_of_a_unit_is_issued_from_its_page_and_revoked_when_it_changes(sign_in, world):
    evaluation = read(world.me, world.quarter)
    client, unit = sign_in(world.gov.office_head), world.gov.section
    values = {"actor": world.gov.office_head.user, "unit": unit, "period": world.quarter}
    row = organisation.set_organisation(**values, result="baik", reason="Sembilan dari sepuluh")
    page = url("distribution", unit.pk, world.quarter.pk)
    issue = url("paper_issue", "distribution", row.pk)
    assert issue in text(client.get(page))

    def issued():
        papers.issue(paper=kinds.DISTRIBUTION, pk=row.pk)
        assert "Unduh" in text(client.get(page))

    def revoked():
        assert papers.issued(kinds.DISTRIBUTION, row.pk) is None
        assert issue in text(client.get(page))

    issued()
    same = organisation.set_organisation(**values, result="baik", reason="Sembilan dari sepuluh")
    assert papers.issued(kinds.DISTRIBUTION, row.pk) is not None
    organisation.set_organisation(**values, result="kurang", reason="Keliru hitung", version=same.version)
    revoked()
    issued()
    organisation.explain_distribution(**values, reason="Unit kecil")
    revoked()
    issued()
    altered(world.gov, evaluation, Predikat.SANGAT_BAIK)
    revoked()


def test_an_ordinary_employee_sees_no_pattern(sign_in, world):
    client = sign_in(world.gov.employee)
    assert client.get(url("distribution", world.gov.section.pk, world.quarter.pk)).status_code == 404
    assert client.get(url("organisation_set", world.gov.section.pk, world.quarter.pk)).status_code == 404
    assert client.get(url("calibration")).status_code == 403


def test_leaders_compare_units_and_filter_people(sign_in, world):
    assessed(world.me, world.quarter)
    client = sign_in(world.gov.office_head)
    asked = {"unit": world.gov.office.pk, "periode": world.quarter.pk}
    html = text(client.get(url("calibration"), asked))
    assert '<td data-label="Sangat kurang" class="number">0</td>' in html
    assert world.gov.section.name in html
    assert world.gov.employee.full_name in html
    html = text(client.get(url("calibration"), {**asked, "predikat": "none"}))
    assert world.gov.employee.full_name not in html
    assert world.gov.colleague.full_name in html
    assert 'aria-hidden="true">–</span><span class="hidden-text">Belum dinilai</span>' in html
    assert sign_in(world.gov.section_head).get(url("calibration"), asked).status_code == 404


def test_the_result_of_units_below_me_is_listed(sign_in, world):
    head = world.of(world.gov.section_head)
    type(head).objects.filter(pk=head.pk).update(heads=world.gov.section)
    html = text(sign_in(world.gov.office_head).get(url("organisation")))
    assert world.gov.section.name in html
    assert "Belum ditetapkan" in html
    assert not OrganisationResult.objects.exists()
