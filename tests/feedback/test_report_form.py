"""Filing a report: one page, a preview, a receipt; nothing that was typed or chosen is lost on the way."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from feedback.enums import CaseState
from feedback.models import Case, CaseFile, FeedbackSetting, Reporter, ReporterMail, ReviewEntry, SpentChallenge
from feedback.services.cases.mailing import send_waiting
from feedback.services.staging import SUBJECT, forget_staged
from kepegawaian.documents import services
from kepegawaian.documents.models import StoredFile
from kepegawaian.documents.scrubbing import scrubbed
from kepegawaian.units.models import UnitKind
from tests.accounts.factories import UserFactory
from tests.documents.hostile import exif_photo, pdf_of
from tests.feedback.reporting import FIELDS, TEXT, Citizen, hidden, proof_for
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db


def upload(name="foto.jpg", content=None):
    return SimpleUploadedFile(name, content or exif_photo())


# --- The whole way --------------------------------------------------------------------------------
def test_a_citizen_without_an_account_files_a_report_and_gets_number_and_pin(citizen, desk):
    case, pin, receipt = citizen.file(about="Rawat jalan", place="Loket 3", email="siti@contoh.test")
    assert (case.text, case.service, case.unit, case.place) == (TEXT, desk.service, desk.gov.office, "Loket 3")
    assert (case.state, case.held, case.anonymous, case.secret) == (CaseState.NEW, False, False, False)
    assertContains(receipt, case.number)
    assertContains(receipt, pin)
    assertContains(receipt, f"{settings.BASE_URL}/pengaduan/lacak/")
    assert Reporter.objects.get(case=case).email == "siti@contoh.test"


def test_the_receipt_goes_by_mail_too_with_the_pin(citizen):
    case, pin, _receipt = citizen.file(email="siti@contoh.test", anonymous="on", name="")
    send_waiting()
    assert mail.outbox[0].to == ["siti@contoh.test"]
    assert case.number in mail.outbox[0].body
    assert pin in mail.outbox[0].body
    assert not ReporterMail.objects.get().sealed


def test_an_account_holder_needs_neither_name_nor_pin(citizen, desk):
    citizen.client.force_login(desk.citizen)
    case, pin, receipt = citizen.file(name="")
    assert pin == ""
    assert Reporter.objects.get(case=case).user == desk.citizen
    assert citizen.mine(case).status_code == 200
    assertContains(citizen.client.get(reverse("feedback:my_reports")), case.title)


def test_the_page_of_a_service_brings_its_name_and_kind_along(citizen, desk):
    desk.service.suggested_kind = "informasi"
    desk.service.save()
    page = citizen.form(layanan="rawat-jalan")
    assert page.context["form"].chosen.service == desk.service
    assert page.context["form"]["kind"].value() == "informasi"
    assertContains(page, '<input type="hidden" name="choice" value="s:rawat-jalan">', html=True)


def test_the_english_form_is_english(citizen):
    citizen.client.cookies["language"] = "en"
    assertContains(citizen.form(), 'lang="en"')
    _data, page = citizen.preview(text="")
    assert page.status_code == 422
    case, _pin, _receipt = citizen.file(email="x@contoh.test")
    assert Reporter.objects.get(case=case).language == "en"


# --- Nothing is lost ------------------------------------------------------------------------------
def test_a_wrong_form_comes_back_with_everything(citizen):
    _data, page = citizen.preview(text="", place="Jalan Mawar", secret="on", email="bukan surel", kind="aspirasi")
    assert page.status_code == 422
    for words in ("Jalan Mawar", "bukan surel", "Siti Warga"):
        assertContains(page, words, status_code=422)
    form = page.context["form"]
    assert form["secret"].value() is True
    assert form["kind"].value() == "aspirasi"
    assert Case.objects.count() == 0


def test_a_file_survives_an_error_the_preview_and_the_way_back(citizen):
    data, page = citizen.preview(text="", files=[upload()])
    assertContains(page, "foto.jpg", status_code=422)
    kept = hidden(page.content.decode(), "kept")
    page = citizen.post({**data, "text": TEXT, "kept": kept, "files": []})
    assertContains(page, "foto.jpg")
    back = citizen.post(citizen.carried(page), step="change")
    assertContains(back, "foto.jpg")
    again = {**data, "text": TEXT, "kept": hidden(back.content.decode(), "kept"), "files": []}
    receipt = citizen.send(citizen.post(again))
    stored = CaseFile.objects.get(case=receipt.context["case"]).stored
    assert (stored.name, stored.mime) == ("foto.jpg", "image/jpeg")
    assert not StoredFile.objects.filter(subject_type=SUBJECT).exists()


def test_a_file_can_be_thrown_away_again(citizen):
    data, page = citizen.preview(files=[upload("satu.jpg"), upload("dua.jpg")])
    kept = hidden(page.content.decode(), "kept")
    first = page.context["form"].stored[0]
    page = citizen.post({**data, "files": [], "kept": kept, "drop": str(first.pk)})
    assert [row.name for row in page.context["form"].stored] == ["dua.jpg"]


def test_six_files_are_one_too_many_and_five_stay(citizen):
    _data, page = citizen.preview(files=[upload(f"{n}.jpg") for n in range(6)])
    assertContains(page, "Paling banyak 5 berkas", status_code=422)
    assert len(page.context["form"].stored) == 5


def test_the_files_of_another_form_cannot_be_taken(citizen):
    _data, page = citizen.preview(files=[upload()])
    kept = hidden(page.content.decode(), "kept")
    _data, other = citizen.preview(kept=kept)
    assert other.context["form"].stored == []


def test_files_that_were_never_sent_are_gone_after_a_day(citizen, time_machine):
    citizen.preview(files=[upload()])
    assert forget_staged() == 0
    time_machine.shift(25 * 3600)
    assert forget_staged() == 1
    assert not StoredFile.objects.exists()


def test_names_of_files_of_the_anonymous_say_nothing(citizen):
    case, _pin, _receipt = citizen.file(anonymous="on", name="", files=[upload("KTP Budi Santoso.jpg")])
    assert CaseFile.objects.get(case=case).stored.name == "lampiran-1.jpg"


def test_the_draft_is_kept_by_the_browser_until_the_receipt(citizen):
    assertContains(citizen.form(), 'data-draft="laporan"')
    _case, _pin, receipt = citizen.file()
    assertContains(receipt, 'data-draft-sent="laporan"')


# --- What it is about -----------------------------------------------------------------------------
def test_words_that_fit_several_are_asked_back(citizen, desk):
    desk.service.__class__.objects.create(unit=desk.other, code="rawat-inap", name_id="Rawat inap")
    _data, page = citizen.preview(about="rawat")
    assertContains(page, "Pilih salah satu", status_code=422)
    labels = [label for _value, label in page.context["form"].fields["choice"].choices]
    assert labels[:2] == [f"Rawat inap ({desk.other})", f"Rawat jalan ({desk.gov.office})"]
    case, _pin, _receipt = citizen.file(about="rawat", looked="rawat", choice="s:rawat-inap")
    assert case.service.code == "rawat-inap"


def test_the_only_one_that_is_merely_alike_is_asked_back(citizen, desk):
    desk.service.__class__.objects.create(
        unit=desk.other, code="krk", name_id="Keterangan rencana kota", keywords="perizinan"
    )
    _data, page = citizen.preview(about="perizinan usaha")
    assertContains(page, "Pilih salah satu", status_code=422)
    assertContains(page, "Keterangan rencana kota", status_code=422)
    case, _pin, _receipt = citizen.file(about="perizinan usaha", looked="perizinan usaha", choice="?")
    assert case.service is None
    case, _pin, _receipt = citizen.file(about="keterangan kota")
    assert case.service.code == "krk"


def test_who_does_not_find_it_leaves_it_to_the_officer(citizen):
    case, _pin, _receipt = citizen.file(about="rawat jalan", looked="rawat jalan", choice="?")
    assert case.service.code == "rawat-jalan"  # its very name needs no question
    case, _pin, _receipt = citizen.file(about="Kantor antah berantah", place="Alun-alun")
    assert case.unit is None
    assert case.place == "Alun-alun · Kantor antah berantah"


def test_a_unit_can_be_meant_too(citizen, desk):
    case, _pin, _receipt = citizen.file(about="Dinas Perhubungan")
    assert case.unit == desk.other


@pytest.mark.parametrize(
    ("words", "said"),
    [("tidak ada", "tidak terbaca"), ("48.85, 2.35", "di luar Indonesia"), ("-7.2, 512", "di luar")],
)
def test_a_point_that_cannot_be_is_refused_with_a_reason(citizen, words, said):
    _data, page = citizen.preview(point=words)
    assertContains(page, said, status_code=422)
    assertContains(page, words, status_code=422)


def test_the_preview_shows_the_point_on_the_map(citizen):
    FeedbackSetting.objects.update_or_create(defaults={"map_tiles": "/peta/{z}/{x}/{y}.png"})
    _data, page = citizen.preview(point="-6.175392, 106.827153")
    assertContains(page, 'href="geo:-6.175392,106.827153"')
    assertContains(page, 'href="/peta/16/52215/33894.png"')


def test_a_point_may_be_a_link_of_a_map(citizen):
    case, _pin, _receipt = citizen.file(point="https://maps.example/@-7.2575,112.7521,17z")
    assert (float(case.lat), float(case.long)) == (-7.2575, 112.7521)


def test_without_a_name_one_chooses_anonymous(citizen):
    _data, page = citizen.preview(name="")
    assertContains(page, "Tulis nama Anda, atau centang Anonim.", status_code=422)


# --- The preview ----------------------------------------------------------------------------------
def test_the_preview_masks_personal_data_and_says_so(citizen):
    text = "Hubungi 081234567890 atau siti@contoh.test. NIK 3578105203850002, mobil L 1234 AB."
    _data, page = citizen.preview(text=text)
    shown = page.context["shown"]
    for secret in ("081234567890", "siti@contoh.test", "3578105203850002", "L 1234 AB"):
        assert secret not in shown
    assert dict(page.context["masked"]) == {
        "[nomor telepon]": 1,
        "[alamat surel]": 1,
        "[NIK]": 1,
        "[nomor kendaraan]": 1,
    }


def test_similar_published_cases_are_shown_before_sending(citizen, desk):
    like = desk.answered(text="Antrean loket sangat panjang dan petugas hanya satu orang saja.")
    desk.assigned(text="Lampu jalan di depan pasar padam.")
    secret = desk.assigned(text="Antrean loket panjang, petugas satu orang meminta uang.", secret=True)
    desk.answered(text="Calo menawarkan kartu di depan loket akta, tarifnya tinggi.")  # one word is alike
    _data, page = citizen.preview()
    assert page.context["similar"] == [like]
    assert secret.number not in page.content.decode()


def test_a_secret_report_shows_that_nothing_is_published(citizen):
    _data, page = citizen.preview(secret="on")
    assertContains(page, "Tidak ada yang terbit")
    assert TEXT not in page.content.decode().split("data-challenge")[0]


# --- Sent twice -----------------------------------------------------------------------------------
def test_sending_twice_files_once_and_shows_the_same_receipt(citizen):
    _data, page = citizen.preview(anonymous="on", name="", files=[upload()])
    first = citizen.send(page)
    second = citizen.send(page, proof="")
    assert first.context["case"] == second.context["case"]
    assert first.context["pin"] == second.context["pin"] != ""
    assert Case.objects.count() == 1


# --- The pin and the address ----------------------------------------------------------------------
def test_the_receipt_is_kept_by_nobody_and_the_pin_is_in_no_address(citizen):
    _case, pin, receipt = citizen.file()
    assert receipt["Cache-Control"] == "private, no-store"
    assert pin not in receipt.request["PATH_INFO"] + receipt.request["QUERY_STRING"]
    assert "laporan" not in receipt.cookies


# --- Without JavaScript ---------------------------------------------------------------------------
def test_without_javascript_the_report_waits_for_a_person(citizen, desk):
    _data, page = citizen.preview()
    receipt = citizen.send(page, proof="")
    case = receipt.context["case"]
    assert case.held
    assert ReviewEntry.objects.get(case=case).why == "no_proof"
    assertContains(receipt, "Menunggu pemeriksaan petugas")
    assert case not in Case.objects.visible_to(desk.liaison)
    assert case in Case.objects.visible_to(desk.admin)


def test_no_page_needs_a_script_of_its_own(citizen):
    _data, page = citizen.preview()
    for text in (citizen.form().content.decode(), page.content.decode()):
        assert "<script>" not in text
        assert " onclick" not in text
        assert " style=" not in text


# --- Cost -----------------------------------------------------------------------------------------
def test_the_form_costs_few_statements(citizen, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        citizen.form()


def test_the_preview_costs_few_statements_with_many_published_cases(citizen, desk, django_assert_max_num_queries):
    for _time in range(3):
        desk.assigned()
    with django_assert_max_num_queries(12):
        citizen.preview()


# --- Too fast -------------------------------------------------------------------------------------
def test_a_form_that_is_sent_at_once_waits_for_a_person(citizen):
    citizen.wait = lambda: None
    _data, page = citizen.preview()
    receipt = citizen.send(page)
    assert ReviewEntry.objects.get(case=receipt.context["case"]).why == "too_fast"


def test_the_setting_moves_the_shortest_time(citizen):
    FeedbackSetting.objects.update(seconds_to_fill=90)
    case, _pin, _receipt = citizen.file()
    assert ReviewEntry.objects.get(case=case).why == "too_fast"


def test_a_broken_file_is_named_and_the_rest_is_kept(citizen):
    _data, page = citizen.preview(files=[upload(), upload("rusak.pdf", b"%PDF-1.7 nothing")])
    assertContains(page, "rusak.pdf", status_code=422)
    assert [row.name for row in page.context["form"].stored] == ["foto.jpg"]


def test_a_pdf_is_taken(citizen):
    case, _pin, _receipt = citizen.file(files=[upload("bukti.pdf", pdf_of())])
    assert CaseFile.objects.get(case=case).stored.mime == "application/pdf"


def test_people_behind_one_router_are_never_shut_out(citizen):
    """After the hour's share the proof costs more; who brings it is taken like everybody."""
    FeedbackSetting.objects.update(complaints_an_hour=1)
    first = Citizen(wait=citizen.wait).file()[0]
    second = Citizen(wait=citizen.wait).file()[0]
    assert not first.held
    assert not second.held
    assert SpentChallenge.objects.count() == 2


def test_a_proof_from_before_the_rush_is_looked_at_by_a_person(citizen):
    _data, early = citizen.preview()
    proof = proof_for(early.content.decode())
    FeedbackSetting.objects.update(complaints_an_hour=0)
    receipt = citizen.send(early, proof=proof)
    assert ReviewEntry.objects.get(case=receipt.context["case"]).why == "busy"


def test_an_account_of_a_colleague_files_as_himself_only(citizen):
    other = UserFactory()
    citizen.client.force_login(other)
    case, _pin, _receipt = citizen.file(name="")
    assert Reporter.objects.get(case=case).user == other


def test_a_photo_is_drawn_anew_once_and_filed_as_it_was_kept(citizen, monkeypatch):
    drawn = []
    monkeypatch.setattr(services, "scrubbed", lambda content, mime: drawn.append(mime) or scrubbed(content, mime))
    _data, page = citizen.preview(files=[upload()])
    kept = page.context["form"].stored[0]
    receipt = citizen.send(page)
    stored = CaseFile.objects.get(case=receipt.context["case"]).stored
    assert drawn == ["image/jpeg"]
    assert (stored.pk, stored.sha256) == (kept.pk, kept.sha256)
    assert stored.subject_id == receipt.context["case"].pk


# --- The tree -------------------------------------------------------------------------------------
def picking(citizen, page, **pressed):
    return citizen.post(citizen.carried(page) | pressed, step=pressed.get("step", "pick"))


def test_the_tree_is_walked_without_scripts_and_nothing_typed_is_lost(citizen, desk):
    data = {
        "form": hidden(citizen.form().content.decode(), "form"),
        "text": "",
        "place": "Loket 3",
        "secret": "on",
    }
    page = citizen.post({**data, "files": [upload()]}, step="pick")
    assertContains(page, "Dinas Kesehatan")
    assertNotContains(page, "Bidang Pelayanan Kesehatan")
    page = picking(citizen, page, at=str(desk.gov.office.pk))
    for words in ("SMP Negeri 3", "Rawat jalan", "Pemerintah Kota Contoh"):
        assertContains(page, words)
    page = picking(citizen, page, choose="s:rawat-jalan")
    form = page.context["form"]
    assert (form.chosen.service, form.errors, form["secret"].value()) == (desk.service, {}, "on")
    for words in ("foto.jpg", "Loket 3", 'name="choice" value="s:rawat-jalan"', form.chosen.label):
        assertContains(page, words)
    kept = hidden(page.content.decode(), "kept")
    looked = {"about": form.chosen.label, "looked": form.chosen.label, "choice": "s:rawat-jalan"}
    page = citizen.post({**FIELDS, **data, **looked, "text": TEXT, "kept": kept})
    assert citizen.send(page).context["case"].service == desk.service


def test_who_chooses_nothing_in_the_tree_is_back_at_the_form_as_it_was(citizen):
    data = {"form": hidden(citizen.form().content.decode(), "form"), "about": "Rawat jalan", "place": "Loket 3"}
    page = picking(citizen, citizen.post(data, step="pick"), choose="")
    assert page.context["form"].chosen.value == "s:rawat-jalan"
    assertContains(page, "Loket 3")
    assertNotContains(page, "data-error-summary")


def test_a_step_of_the_tree_stays_small_however_many_schools_there_are(
    citizen, desk, django_assert_max_num_queries
):
    for number in range(130):
        UnitFactory(name=f"SD Negeri {number:03}", kind=UnitKind.SERVICE, parent=desk.gov.section)
    data = {"form": hidden(citizen.form().content.decode(), "form"), "at": str(desk.gov.office.pk)}
    with django_assert_max_num_queries(10):
        page = citizen.post(data, step="pick")
    assert page.content.decode().count("SD Negeri") == 100
    assert len(page.content) < 80_000
    assertContains(citizen.post({**data, "page": "2"}, step="pick"), "SD Negeri 129")


def test_a_name_that_fits_several_is_not_said_to_be_optional(citizen):
    _data, page = citizen.preview(about="dinas")
    found = re.search(
        r"<legend[^>]*>(.*?)</legend>",
        page.content.decode().split('name="choice"')[0].rpartition("<fieldset")[2],
        re.S,
    )
    assert "Yang mana yang Anda maksud?" in found[1]
    assert "boleh kosong" not in found[1]


def test_other_words_than_those_of_the_choice_look_anew_and_none_leave_it_to_the_officers(citizen, desk):
    """Words changed or cleared after a service was picked: the picked one no longer counts."""
    picked = {"choice": "s:rawat-jalan", "looked": "Rawat jalan"}
    _data, page = citizen.preview(about="Dinas Kesehatan", **picked)
    assert page.context["form"].chosen.unit == desk.gov.office
    _data, page = citizen.preview(about="zzzz", **picked)
    assert (page.status_code, page.context["form"].chosen) == (200, None)
    case, _pin, _receipt = citizen.file(about="", **picked)
    assert (case.service, case.unit) == (None, None)
