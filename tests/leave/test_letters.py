"""The official form as a PDF: issued once on the grant, by the worker, with number and QR, for the right eyes."""

import io

import pytest
from pypdf import PdfReader

from kepegawaian.documents.models import IssuedDocument
from kepegawaian.documents.services import document_label, may_read
from kepegawaian.work.jobs import find_kind
from kepegawaian.work.models import Job
from kepegawaian.work.running import run
from leave import letters, services
from tests.leave.factories import data, day, know_years


@pytest.fixture
def granted(flow):
    know_years(flow.employee, 2024, 2025, left=3)
    flow.gov.office.short_name = "DINKES"
    flow.gov.office.save(update_fields=["short_name"])
    return flow.granted(stand_in=flow.gov.colleague)


def text_of(document):
    with document.file.file.open("rb") as file:
        reader = PdfReader(io.BytesIO(file.read()))
        return len(reader.pages), " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_the_grant_orders_the_letter_and_the_job_issues_it(granted):
    job = Job.objects.get(kind="leave.letter")
    assert run(job.pk)
    job.refresh_from_db()
    document = IssuedDocument.objects.get()
    assert (job.state, job.result) == ("done", {"document": str(document.pk)})
    assert (document.number, document.unit.short_name) == ("850/1/DINKES/2026", "DINKES")


def test_the_form_carries_all_eight_blocks_on_one_page(granted, flow):
    pages, text = text_of(letters.issue_letter(request=granted))
    assert pages == 1
    for words in (
        "I. DATA PEGAWAI",
        "II. JENIS CUTI",
        "III. ALASAN CUTI",
        "IV. LAMANYA CUTI",
        "V. CATATAN CUTI",
        "VI. ALAMAT SELAMA",
        "VII. PERTIMBANGAN ATASAN",
        "VIII. KEPUTUSAN PEJABAT",
        flow.employee.name,
        "5 hari kerja",
        "6 April 2026",
        "Menengok orang tua",
        "081234567890",
        flow.gov.section_head.name,
        flow.gov.office_head.name,
        "850/1/DINKES/2026",
        "bukan tanda tangan elektronik",
    ):
        assert words in text, words


def test_block_v_says_what_was_left_before_the_request(granted):
    notes = letters.form_data(granted)["notes"]
    assert notes == [["2024", "0", ""], ["2025", "3", ""], ["2026", "12", ""]]


def test_a_very_long_reason_still_fits_two_pages_at_most(flow):
    request = flow.granted(reason="Sangat panjang " * 60, address="Jalan Panjang " * 20)
    pages, text = text_of(letters.issue_letter(request=request))
    assert pages <= 2
    assert "Sangat panjang" in text


def test_issuing_twice_gives_the_same_document(granted):
    assert letters.issue_letter(request=granted).pk == letters.issue_letter(request=granted).pk
    assert IssuedDocument.objects.count() == 1


def test_a_request_that_was_withdrawn_in_the_meantime_gets_no_letter(granted, flow):
    services.withdraw(actor=flow.employee.user, request=granted)
    assert letters.issue_letter(request=granted) is None


def test_withdrawing_a_granted_request_revokes_its_letter(granted, flow):
    document = letters.issue_letter(request=granted)
    services.withdraw(actor=flow.employee.user, request=granted)
    document.refresh_from_db()
    assert document.revoked_at
    assert "dibatalkan" in document.revoked_reason


def test_the_public_page_learns_no_more_than_the_paper_needs(granted, flow):
    facts = dict(letters.issue_letter(request=granted).facts)
    assert list(facts) == ["Nama", "Unit kerja", "Cuti", "Tanggal", "Diputuskan oleh", "Diputuskan pada"]
    shown = " ".join(facts.values())
    assert flow.gov.office_head.name in shown
    assert "Menengok" not in shown
    assert "081234567890" not in shown


def test_the_letter_is_read_by_who_sees_the_request(granted, flow):
    file = letters.issue_letter(request=granted).file
    readers = {
        name
        for name in ("employee", "section_head", "office_head", "hr", "colleague", "second_section_head")
        if may_read(getattr(flow.gov, name).user, file)
    }
    assert readers == {"employee", "section_head", "office_head", "hr"}


def test_one_person_for_both_boxes_signs_both(flow):
    person = flow.gov.section_head
    request = services.file_request(actor=person.user, employee=person, data=data(day(5, 4), day(5, 4)))
    services.decide(actor=flow.gov.office_head.user, request=request, verdict=services.Verdict("approved"))
    form = letters.form_data(request)
    assert form["opinion"]["name"] == form["decision"]["name"] == flow.gov.office_head.full_name


def test_the_kind_has_a_name_for_the_verification_page():
    assert document_label(letters.KIND) == "Formulir permintaan dan pemberian cuti"
    assert find_kind("leave.letter").handler is letters.write_letter


@pytest.mark.parametrize(
    ("start", "on", "text"),
    [(day(3, 1, 2010), day(3, 2), "16 tahun 0 bulan"), (day(3, 15, 2010), day(3, 2), "15 tahun 11 bulan")],
)
def test_service_in_whole_years_and_months(flow, start, on, text):
    flow.employee.tmt_cpns = start
    assert letters.service_length(flow.employee, on) == text
