"""The request form: preview with and without htmx, drafts, sending, mistakes that lose nothing."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.ids import uuid7
from leave.enums import RequestState
from leave.forms import RequestForm
from leave.models import LeaveRequest
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.leave.factories import day, know_years
from tests.units.factories import RoleAssignmentFactory

NEW = "/cuti/permohonan/baru/"
PREVIEW = "/cuti/permohonan/hitung/"
AUTOSAVE = "/cuti/permohonan/simpan/"
COLLEAGUES = "/cuti/permohonan/rekan/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def values(**more):
    return {
        "start": "2026-04-06",
        "end": "2026-04-10",
        "reason": "Menengok orang tua",
        "address": "Jalan Melati 3",
        "phone": "0812 3456 7890",
        "draft": str(uuid7()),
        "action": "submit",
    } | more


@pytest.fixture
def me(sign_in, gov):
    know_years(gov.employee, 2024, 2025)
    return sign_in(gov.employee)


def text(response):
    return response.content.decode()


def requests_of(gov):
    return LeaveRequest.objects.filter(employee=gov.employee)


# --- The empty form -------------------------------------------------------------------------------
def test_it_offers_address_and_phone_of_the_last_request(me, flow):
    flow.submitted(address="Jalan Kenanga 9", phone="0899111222")
    html = text(me.get(NEW))
    assert "Jalan Kenanga 9" in html
    assert "0899111222" in html


def test_an_earlier_request_can_be_copied_but_not_somebody_elses(me, flow, gov, sign_in):
    filed = flow.draft(reason="Upacara adat")
    assert "Upacara adat" in text(me.get(NEW, {"salin": str(filed.pk)}))
    assert "Upacara adat" not in text(sign_in(gov.colleague).get(NEW, {"salin": str(filed.pk)}))
    assert sign_in(gov.colleague).get(NEW, {"salin": "bukan-nomor"}).status_code == 200


def test_drafts_are_offered_to_go_on_with(me, flow):
    draft = flow.draft()
    assert reverse("leave:edit", args=[draft.pk]) in text(me.get(NEW))


def test_an_account_without_a_record_cannot_file(client, db):
    client.force_login(UserFactory())
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, values()).status_code == 403


# --- The preview ----------------------------------------------------------------------------------
def test_the_button_previews_without_javascript_and_asks_for_nothing_else(me, gov):
    dates = {"start": "2026-03-16", "end": "2026-03-20"}
    html = text(me.post(NEW, dates | {"draft": str(uuid7()), "action": "preview"}))
    assert '<span class="figure">5 ' in html
    assert "Sisa cuti 12 menjadi <strong>7</strong> hari" in html
    assert "Bayu Bidang" in html
    assert "Dewi Dinas" in html
    assert "error-summary" not in html
    assert not requests_of(gov).exists()


def test_htmx_gets_the_same_panel_alone_with_the_consequence(me):
    whole = text(me.post(NEW, values(action="preview")))
    part = text(me.post(PREVIEW, values()))
    panel = part[part.index('<div id="preview"') : part.index('<p class="consequence"')].strip()
    assert "<html" not in part
    assert "".join(panel.split()) in "".join(whole.split())
    assert 'hx-swap-oob="true"' in part
    assert "<strong>5 hari kerja</strong>, sisa 7" in part


def test_each_skipped_day_is_named(me, gov):
    from kepegawaian.calendars.models import Holiday

    Holiday.objects.create(date=day(4, 8), kind="national", name_id="Hari Contoh", name_en="Sample Day")
    html = text(me.post(PREVIEW, values(end="2026-04-12")))
    assert "Rab, 8 Apr 2026: Hari Contoh" in html
    assert "Sab, 11 Apr 2026: Sabtu" in html


def test_refusals_come_before_sending_with_rule_and_article(me):
    html = text(me.post(PREVIEW, values(end="2026-04-30")))
    assert "CT-BALANCE · PP 11/2017 Pasal 311 ayat (2) dan 313" in html
    assert "Perbaiki yang ditolak" in html


def test_one_person_for_both_boxes_is_named_once(sign_in, gov):
    html = text(sign_in(gov.section_head).post(PREVIEW, values()))
    assert "Pertimbangan dan keputusan" in html
    assert html.count("Dewi Dinas") == 1


def test_a_missing_or_absurd_date_gives_a_hint_and_no_error(me):
    assert "Isi kedua tanggal" in text(me.post(PREVIEW, values(end="")))
    assert "Isi tanggal antara" in text(me.post(PREVIEW, values(start="0001-01-01", end="9999-12-31")))
    assert "sama dengan atau sesudah" in text(me.post(PREVIEW, values(end="2026-04-01")))


def test_the_days_of_the_request_being_edited_count_as_free(me, flow):
    filed = flow.submitted()
    html = text(me.post(PREVIEW, values(draft=str(filed.pk), end="2026-04-07")))
    assert "Sisa cuti 12 menjadi <strong>10</strong> hari" in html


def test_previewing_writes_nothing(me, gov):
    me.post(PREVIEW, values())
    assert not requests_of(gov).exists()


# --- Sending --------------------------------------------------------------------------------------
def test_sending_files_it_and_the_message_can_take_it_back(me, gov):
    response = me.post(NEW, values(), follow=True)
    filed = requests_of(gov).get()
    assert filed.state == RequestState.SUBMITTED
    assert filed.charged_days == 5
    html = text(response)
    assert "Permohonan terkirim." in html
    me.post(reverse("leave:withdraw", args=[filed.pk]))
    filed.refresh_from_db()
    assert filed.state == RequestState.WITHDRAWN


def test_a_double_click_files_it_once(me, gov):
    sent = values()
    first, second = me.post(NEW, sent), me.post(NEW, sent)
    assert first.url == second.url
    assert requests_of(gov).count() == 1


def test_what_is_missing_is_said_beside_each_field_and_in_the_summary(me, gov):
    html = text(me.post(NEW, values(reason="", phone="rumah")))
    assert 'href="#id_reason"' in html
    assert "Tulis nomor telepon dengan angka" in html
    assert "Jalan Melati 3" in html
    assert not requests_of(gov).exists()


def test_a_refusal_by_a_rule_keeps_everything_typed(me, gov):
    html = text(me.post(NEW, values(end="2026-04-30", reason="Ziarah keluarga")))
    assert "CT-BALANCE" in html
    assert "Ziarah keluarga" in html
    assert not requests_of(gov).exists()


def test_abroad_needs_a_country_and_goes_to_the_regional_head(me, gov):
    assert "Sebutkan negara" in text(me.post(NEW, values(abroad="on")))
    html = text(me.post(PREVIEW, values(abroad="on", country="Malaysia")))
    assert "Yohanes Wali" in html


def test_sending_costs_at_most_twenty_five_statements(me, gov, django_assert_max_num_queries):
    """Two more here: outside a test the transaction of the verb needs no savepoint."""
    me.get("/cuti/saldo/")
    with django_assert_max_num_queries(25 + 2):
        me.post(NEW, values())


# --- The stand-in ---------------------------------------------------------------------------------
def test_a_name_that_fits_one_colleague_is_taken(me, gov):
    EmployeeFactory(unit=gov.section, name="Wahyuni Penata")
    me.post(NEW, values(stand_in="wahyuni"))
    assert requests_of(gov).get().stand_in.name == "Wahyuni Penata"


def test_several_of_a_name_are_offered_as_buttons_without_javascript(me, gov):
    people = [EmployeeFactory(unit=gov.section, name=f"Agus Salim {n}") for n in (1, 2)]
    html = text(me.post(NEW, values(stand_in="Agus Salim")))
    assert html.count('name="stand_in"') == 3
    chosen = f"{people[1].full_name} ({people[1].current_nip})"
    again = me.post(NEW, values(stand_in=["Agus Salim", chosen]))
    assert again.status_code == 302
    assert requests_of(gov).get().stand_in == people[1]


def test_suggestions_are_colleagues_of_the_own_office_only(me, gov):
    EmployeeFactory(unit=gov.second_section, name="Sri Dekat")
    EmployeeFactory(unit=gov.personnel, name="Sri Jauh")
    html = text(me.get(COLLEAGUES, {"stand_in": "sri"}))
    assert "Sri Dekat" in html
    assert "Sri Jauh" not in html
    assert gov.employee.name not in text(me.get(COLLEAGUES, {"stand_in": gov.employee.name}))


def test_nobody_stands_in_for_himself(me, gov):
    html = text(me.post(NEW, values(stand_in=gov.employee.current_nip)))
    assert "Pengganti harus orang lain" in html


# --- Drafts ---------------------------------------------------------------------------------------
def test_a_draft_needs_its_dates_alone(me, gov):
    response = me.post(NEW, values(action="draft", reason="", address="", phone=""))
    draft = requests_of(gov).get()
    assert response.url == reverse("leave:edit", args=[draft.pk])
    assert draft.state == RequestState.DRAFT
    html = text(me.post(NEW, values(action="draft", end="")))
    assert 'href="#id_end"' in html
    assert "(boleh kosong)" not in html[html.index("Alasan cuti") : html.index("Alasan cuti") + 40]


def test_a_form_saves_itself_into_one_draft(me, gov):
    sent = values()
    assert me.post(AUTOSAVE, sent).status_code == 204
    assert me.post(AUTOSAVE, sent | {"reason": "Alasan yang lebih baik"}).status_code == 204
    assert requests_of(gov).get().reason == "Alasan yang lebih baik"
    me.post(NEW, sent)
    assert requests_of(gov).get().state == RequestState.SUBMITTED


def test_it_does_not_save_itself_without_dates_and_words_or_once_it_was_sent(me, flow):
    assert me.post(AUTOSAVE, values(start="")).status_code == 422
    assert me.post(AUTOSAVE, values(reason="")).status_code == 422
    assert me.post(AUTOSAVE, values(end="2026-04-01")).status_code == 422
    filed = flow.submitted()
    assert me.post(AUTOSAVE, values(draft=str(filed.pk), reason="Lain")).status_code == 409
    filed.refresh_from_db()
    assert filed.reason != "Lain"


def test_a_draft_can_be_thrown_away(me, flow, gov):
    draft = flow.draft()
    response = me.post(reverse("leave:discard", args=[draft.pk]), follow=True)
    assert "Draf dihapus" in text(response)
    assert not requests_of(gov).exists()


def test_somebody_elses_request_can_be_neither_saved_nor_given_files(flow, gov, sign_in):
    draft = flow.draft()
    other = sign_in(gov.colleague)
    stolen = values(draft=str(draft.pk))
    assert other.post(AUTOSAVE, stolen).status_code == 404
    file = SimpleUploadedFile("surat.pdf", PDF)
    assert other.post(NEW, stolen | {"attachment": file}).status_code == 404
    assert not StoredFile.objects.exists()
    assert other.get(reverse("leave:edit", args=[draft.pk])).status_code == 404


# --- Editing --------------------------------------------------------------------------------------
def test_what_nobody_has_touched_can_be_changed(me, flow):
    filed = flow.submitted()
    url = reverse("leave:edit", args=[filed.pk])
    assert "Menengok orang tua" in text(me.get(url))
    sent = values(end="2026-04-07", draft=str(filed.pk), version=str(filed.version))
    assert me.post(url, sent).url == reverse("leave:request", args=[filed.pk])
    filed.refresh_from_db()
    assert (filed.end, filed.charged_days, filed.state) == (day(4, 7), 2, RequestState.SUBMITTED)


def test_what_somebody_has_touched_cannot(me, flow):
    filed = flow.opined()
    assert me.get(reverse("leave:edit", args=[filed.pk])).status_code == 403


def test_an_old_page_does_not_overwrite_newer_words(me, flow):
    filed = flow.submitted()
    url = reverse("leave:edit", args=[filed.pk])
    html = text(me.post(url, values(draft=str(filed.pk), version=str(filed.version - 1), reason="Kata lama")))
    assert "berubah sejak Anda membukanya" in html
    assert "Kata lama" in html
    filed.refresh_from_db()
    assert filed.reason == "Menengok orang tua"


# --- Attachments ----------------------------------------------------------------------------------
def upload(name="surat.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_a_chosen_file_survives_a_mistake_elsewhere(me, gov):
    sent = values(reason="")
    html = text(me.post(NEW, sent | {"attachment": upload()}))
    assert "surat.pdf" in html
    assert "sudah tersimpan" in html
    me.post(NEW, sent | {"reason": "Sekarang lengkap"})
    assert StoredFile.objects.get().subject_id == requests_of(gov).get().pk


def test_the_same_file_sent_twice_is_kept_once(me):
    sent = values(reason="")
    for _round in range(2):
        me.post(NEW, sent | {"attachment": upload()})
    assert StoredFile.objects.count() == 1


def test_a_file_that_is_no_scan_is_refused_beside_its_field(me):
    html = text(me.post(NEW, values(attachment=upload("tagihan.pdf", b"MZ\x90\x00program"))))
    assert "Jenis berkas ini tidak diterima" in html
    assert "Menengok orang tua" in html
    assert not StoredFile.objects.exists()


def test_who_holds_the_request_may_open_its_file_and_who_merely_reads_it_may_not(me, gov, sign_in):
    me.post(NEW, values(attachment=upload()))
    url = reverse("documents:file", args=[StoredFile.objects.get().pk])
    page = reverse("leave:request", args=[requests_of(gov).get().pk])
    leader = RoleAssignmentFactory(user=UserFactory(), role=Role.LEADER).user
    for person, status in ((gov.employee, 200), (gov.section_head, 200), (gov.hr, 200), (leader, 404)):
        client = sign_in(person)
        assert client.get(url).status_code == status
        html = text(client.get(page))
        assert (url in html) is (status == 200)
        assert ("Hanya dibuka oleh pemohon" in html) is (status == 404)
    assert sign_in(gov.colleague).get(url).status_code == 404


def test_a_relaxed_form_is_drawn_with_what_the_request_will_need(gov):
    form = RequestForm({"start": "2026-04-06"}, employee=gov.employee, mode=RequestForm.DRAFT)
    assert not form.is_valid()
    assert set(form.errors) == {"end", "draft"}
    assert form.fields["reason"].required


def test_today_decides_which_years_are_plausible(gov, time_machine):
    time_machine.move_to(datetime.datetime(2026, 12, 31, 3, tzinfo=datetime.UTC))
    dates = {"start": "2027-12-31", "end": "2028-01-01", "draft": str(uuid7())}
    form = RequestForm(dates, employee=gov.employee, mode=RequestForm.PREVIEW)
    assert not form.is_valid()
    assert set(form.errors) == {"end"}
