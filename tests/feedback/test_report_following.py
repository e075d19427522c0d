"""Following a report: by number everybody what was published, by PIN, account or link the reporter all of it."""

import datetime
import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from feedback.enums import CaseState
from feedback.models import (
    Case,
    CaseFile,
    CaseMessage,
    FeedbackSetting,
    Rating,
    Reporter,
    ReporterMail,
    current_setting,
)
from feedback.report_look import story
from feedback.rules.personal import preview
from feedback.services import cases
from feedback.services.cases.mailing import send_waiting
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.exceptions import StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.documents.hostile import photo
from tests.feedback.factories import employed
from tests.feedback.reporting import Citizen, hidden
from tests.feedback.test_desk_case import offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(citizen, desk):
    """`mine(way)`: a case of the citizen, who has shown the PIN, brought on by a way of the desk."""

    def made(way="file", **facts):
        case = getattr(desk, way)(**facts)
        assertRedirects(citizen.open(case, desk.pin), reverse("feedback:mine", args=[case.number]))
        return desk.fresh(case)

    return made


# --- Getting in -----------------------------------------------------------------------------------
def test_number_and_pin_open_the_report_however_they_are_typed(citizen, desk):
    case = desk.file()
    typed = case.number.lower().replace("-", " "), desk.pin.lower().replace("-", "")
    answer = citizen.client.post(reverse("feedback:find"), {"number": typed[0], "pin": typed[1]})
    assertRedirects(answer, reverse("feedback:mine", args=[case.number]))
    assertContains(citizen.mine(case), case.text)


def test_without_pin_the_number_of_a_published_case_leads_to_its_page(client, desk):
    case = desk.assigned()
    answer = client.post(reverse("feedback:find"), {"number": case.number})
    assertRedirects(answer, reverse("feedback:track", args=[case.number]))


def test_the_link_of_a_mail_leads_to_number_and_pin_before_anything_is_published(citizen):
    case, pin, receipt = citizen.file(email="siti@contoh.test")
    send_waiting()
    address = f"/pengaduan/lacak/?nomor={case.number}"
    assert f"http://testserver{address}\n" in mail.outbox[-1].body.replace(settings.BASE_URL, "http://testserver")
    assertContains(receipt, f'href="{address}"')
    assertContains(citizen.client.get(address), f'value="{case.number}"')
    citizen.open(case, pin)
    assertRedirects(citizen.client.get(address), reverse("feedback:mine", args=[case.number]))


def test_the_link_of_a_message_to_an_account_leads_its_person_to_his_own_page(client, desk):
    case = desk.file(user=desk.citizen)
    url = Message.objects.get(recipient=desk.citizen, kind="feedback.received").url
    assertContains(client.get(url), f"?next=/pengaduan/lacak/%3Fnomor%3D{case.number}")
    client.force_login(desk.checker)
    assert client.get(url).status_code == 200
    client.force_login(desk.citizen)
    assertRedirects(client.get(url), reverse("feedback:mine", args=[case.number]))


def test_closing_the_report_ends_the_access(citizen, mine):
    case = mine()
    citizen.client.post(reverse("feedback:leave"))
    assert citizen.mine(case).status_code == 404


def test_a_lost_pin_is_replaced_by_a_link_to_the_known_address(citizen):
    case, pin, _receipt = citizen.file(email="siti@contoh.test", secret="on")
    citizen.client.post(reverse("feedback:ask_link"), {"number": case.number, "email": "SITI@contoh.test"})
    send_waiting()
    link = re.search(r"http\S+/pengaduan/masuk/\S+", mail.outbox[-1].body)[0]
    path = link[link.index("/pengaduan/") :]
    assert citizen.client.get(path).status_code == 200
    assert citizen.mine(case).status_code == 404  # programs that open links get nobody in
    assertRedirects(citizen.client.post(path), reverse("feedback:mine", args=[case.number]))
    assert case.title not in mail.outbox[-1].subject + mail.outbox[-1].body


def test_the_link_is_old_after_an_hour(citizen, time_machine):
    case, _pin, _receipt = citizen.file(email="siti@contoh.test")
    citizen.client.post(reverse("feedback:ask_link"), {"number": case.number, "email": "siti@contoh.test"})
    send_waiting()
    path = re.search(r"/pengaduan/masuk/\S+", mail.outbox[-1].body)[0]
    time_machine.shift(3601)
    assert citizen.client.post(path).status_code == 410


@pytest.mark.parametrize("email", ["lain@contoh.test", "siti@contoh.test"])
def test_asking_for_a_link_never_says_whether_the_address_is_right(citizen, email):
    case, _pin, _receipt = citizen.file(email="siti@contoh.test")
    before = ReporterMail.objects.count()
    data = {"number": case.number, "email": email}
    answer = citizen.client.post(reverse("feedback:ask_link"), data, follow=True)
    assertContains(answer, "Bila nomor dan surel ini cocok")
    assert ReporterMail.objects.count() - before == (1 if email == "siti@contoh.test" else 0)


# --- The page -------------------------------------------------------------------------------------
def test_the_page_says_who_holds_it_and_until_when(mine, citizen, desk):
    case = mine("assigned")
    page = citizen.mine(case)
    assertContains(page, desk.gov.office.name)
    current = page.context["story"][-1]
    assert (current.state, current.who, current.due) == ("current", desk.gov.office.name, case.due_on)
    clock = next(row for row in page.context["clocks"] if row.clock.phase == "first")
    assert clock.deadline.due_on == clock.clock.due_on
    assertContains(page, "Dari mana tanggal ini?")


def test_the_derivation_names_the_days_that_did_not_count(mine, citizen):
    """15 January 2026 + 3 working days: a national holiday and a weekend lie between."""
    page = citizen.mine(mine())
    clock = next(row for row in page.context["clocks"] if row.clock.phase == "verify")
    assert (clock.weekend_days, [f"{date}" for date, _name in clock.named]) == (2, ["2026-01-16"])


def test_where_it_is_now_stands_once_whatever_was_written_after(mine, citizen, desk):
    case = mine("answered")
    for act in (
        lambda: None,
        lambda: cases.message(actor=desk.liaison, case=case, text="Loket dibuka besok.", audience="public"),
    ):
        act()
        titles = [str(step.title) for step in citizen.mine(case).context["story"]]
        assert (titles.count("Dijawab"), titles[-1]) == (1, "Dijawab")
    assert titles[-2] == "Pesan"


def test_whose_matter_it_is_stands_on_both_pages(mine, citizen, client, desk):
    case = mine("opened")
    cases.refer_outside(actor=desk.admin, case=case, agency="PLN Cabang Contoh", reason="Tiang listrik")
    for page in (citizen.mine(case), client.get(reverse("feedback:track", args=[case.number]))):
        assertContains(page, "PLN Cabang Contoh")
        assertContains(page, "Tiang listrik")


def test_a_person_of_the_office_is_never_named(mine, citizen, desk):
    page = citizen.mine(mine("answered"))
    for person in (desk.admin, desk.liaison, desk.checker):
        assertNotContains(page, person.name)


def test_internal_notes_stay_inside(mine, citizen, desk):
    case = mine("accepted")
    cases.note(actor=desk.liaison, case=case, text="Catatanrahasia internal")
    assertNotContains(citizen.mine(case), "Catatanrahasia")


def test_the_page_in_english(mine, citizen):
    citizen.client.cookies["language"] = "en"
    assertContains(citizen.mine(mine("answered")), 'lang="en"')


def test_the_page_is_kept_by_nobody(mine, citizen):
    page = citizen.mine(mine())
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex"


def test_the_page_costs_the_same_with_many_messages(mine, citizen, desk, django_assert_max_num_queries):
    case = mine("accepted")
    for number in range(10):
        cases.message(actor=desk.liaison, case=case, text=f"Kabar {number}")
    with django_assert_max_num_queries(20):
        citizen.mine(case)


# --- Acts -----------------------------------------------------------------------------------------
def test_the_anonymous_write_back_with_a_file_and_nobody_learns_who(mine, citizen, desk):
    case = mine("accepted", anonymous=True)
    files = [SimpleUploadedFile("KTP Budi.jpg", photo())]
    answer = citizen.act(case, "reply", form=form_of(citizen.mine(case)), text="Ini fotonya", files=files)
    assertRedirects(answer, reverse("feedback:mine", args=[case.number]))
    message = CaseMessage.objects.get(case=case)
    assert (message.text, message.author) == ("Ini fotonya", None)
    assert CaseFile.objects.get(message=message).stored.name == "lampiran-1.jpg"
    assert not Reporter.objects.filter(case=case).exists()


def form_of(page):
    return hidden(page.content.decode(), "form")


def test_what_was_asked_for_is_answered_and_the_clocks_run_again(mine, citizen, desk):
    case = mine("opened")
    cases.ask(actor=desk.admin, case=case, question="Hari apa kejadiannya?")
    page = citizen.mine(case)
    assertContains(page, "Petugas menunggu jawaban Anda")
    assert page.context["question"].text == "Hari apa kejadiannya?"
    assertContains(page, "Hari apa kejadiannya?", count=2)  # beside the answer, and among the messages
    citizen.act(case, "complete", form=form_of(page), text="Hari Senin")
    assert desk.fresh(case).state == CaseState.VERIFYING


def test_an_answer_is_accepted_and_rated(mine, citizen, desk):
    case = mine("answered")
    citizen.act(case, "accept")
    citizen.act(case, "rate", score="4", text="Cepat")
    assert desk.fresh(case).state == CaseState.CLOSED
    assert Rating.objects.get(case=case).score == 4


def test_an_answer_that_is_none_goes_back_to_the_unit(mine, citizen, desk):
    case = mine("answered")
    page = citizen.mine(case)
    citizen.act(case, "object", form=form_of(page), text="Belum ada loket tambahan", public="on")
    assert desk.fresh(case).state == CaseState.IN_PROCESS
    everybody = citizen.client.__class__().get(reverse("feedback:track", args=[case.number]))
    assertContains(everybody, "Belum ada loket tambahan")


def test_a_closed_case_is_asked_to_be_opened_once(mine, citizen, desk):
    case = mine("closed")
    citizen.act(case, "reopen", reason="Antrean kembali panjang")
    assert desk.fresh(case).state == CaseState.REOPENED
    cases.keep_closed(actor=desk.admin, case=desk.fresh(case), reason="Loket sudah ditambah")
    page = citizen.mine(case)
    assert page.context["acts"]["reopen"] is False
    again = desk.fresh(case).reopened_at + datetime.timedelta(days=current_setting().reopen_days)
    assert page.context["reopens_on"] == timezone.localdate(again)
    assertContains(page, "dapat diminta dibuka kembali mulai")
    assertContains(page, "Loket sudah ditambah")
    everybody = citizen.client.__class__().get(reverse("feedback:track", args=[case.number]))
    assertNotContains(everybody, "Loket sudah ditambah")


def test_a_report_can_be_withdrawn(mine, citizen, desk):
    case = mine()
    citizen.act(case, "cancel", reason="")
    assert desk.fresh(case).state == CaseState.CANCELLED


@pytest.mark.parametrize("way", ["PIN", "account"])
def test_what_was_withdrawn_is_taken_up_again_by_its_reporter_alone(citizen, desk, way):
    case = desk.file(user=desk.citizen if way == "account" else None)
    cases.cancel(by=desk.reporter(case), case=case)
    stranger = Citizen()
    for person in (None, desk.admin):
        if person is not None:
            stranger.client.force_login(person)
        assert stranger.act(case, "uncancel").status_code == 404
    assert desk.fresh(case).state == CaseState.CANCELLED
    if way == "PIN":
        citizen.open(case, desk.pin)
    else:
        citizen.client.force_login(desk.citizen)
    assertContains(citizen.mine(case), "Tarik pembatalan")
    assertRedirects(citizen.act(case, "uncancel"), reverse("feedback:mine", args=[case.number]))
    assert desk.fresh(case).state == CaseState.VERIFYING
    assertNotContains(citizen.mine(case), "Tarik pembatalan")


def test_words_and_files_stay_when_a_reply_is_refused(mine, citizen):
    case = mine("accepted")
    files = [SimpleUploadedFile("foto.jpg", photo())]
    page = citizen.act(case, "reply", form=form_of(citizen.mine(case)), text=" ", files=files)
    assertContains(page, "foto.jpg", status_code=422)
    assert page.context["forms"]["reply"].kept_token


def test_a_verb_that_no_longer_fits_is_said_and_changes_nothing(mine, citizen, desk):
    case = mine("answered")
    cases.accept_answer(by=desk.reporter(case), case=case)
    page = citizen.act(case, "object", form=form_of(citizen.mine(case)), text="Belum")
    assert page.status_code == 422
    assert desk.fresh(case).state == CaseState.CLOSED


def test_too_many_replies_wait_and_lose_nothing(mine, citizen):
    case = mine("accepted")
    FeedbackSetting.objects.update(replies_an_hour=1)
    token = form_of(citizen.mine(case))
    citizen.act(case, "reply", form=token, text="Satu")
    page = citizen.act(case, "reply", form=token, text="Dua kali tekan")
    assertContains(page, "Dua kali tekan", status_code=422)
    assert CaseMessage.objects.count() == 1


def test_an_unknown_verb_is_unknown(mine, citizen):
    assert citizen.act(mine(), "publish").status_code == 404


# --- What everybody sees --------------------------------------------------------------------------
def test_the_public_page_shows_what_was_published_and_no_more(client, desk):
    case = desk.answered(text="Hubungi 081234567890 soal loket", place="Rumah Pak Budi")
    page = client.get(reverse("feedback:track", args=[case.number]))
    assertContains(page, "[nomor telepon]")
    assertContains(page, "Loket ditambah mulai besok.")
    assertNotContains(page, "081234567890")
    assertNotContains(page, "Rumah Pak Budi")


def test_a_file_is_public_only_after_an_officer_published_it(citizen, desk):
    case, _pin, _receipt = citizen.file(files=[SimpleUploadedFile("foto.jpg", photo())])
    case = cases.assign(actor=desk.admin, case=cases.open_case(actor=desk.admin, case=case), unit=desk.gov.office)
    row = CaseFile.objects.get(case=case)
    address = reverse("feedback:case_file", args=[case.number, row.pk])
    stranger = citizen.client.__class__()
    assert stranger.get(address).status_code == 404
    cases.check_photo(actor=desk.liaison, file=cases.offer_photo(actor=desk.admin, file=row), ok=True)
    assert stranger.get(address).status_code == 200
    assertContains(stranger.get(reverse("feedback:track", args=[case.number])), "Foto 1")


def test_a_joined_case_leads_to_its_main_one(client, desk):
    main = desk.assigned(text="Laporan utama tentang loket")
    double = cases.open_case(actor=desk.admin, case=desk.file(text="Laporan kembar tentang loket"))
    cases.merge(actor=desk.admin, case=double, main=main, reason="Sama")
    page = client.get(reverse("feedback:track", args=[double.number]))
    assert page.status_code == 404  # it never was public itself
    Case.objects.filter(pk=double.pk).update(published_at=double.received_at, published_text="x")
    page = client.get(reverse("feedback:track", args=[double.number]))
    assertContains(page, reverse("feedback:track", args=[main.number]))


def test_a_decision_that_was_taken_back_is_told_as_that(client, desk):
    case = cases.reject(actor=desk.admin, case=desk.opened(), reason="unclear", explanation="Kurang jelas")
    case = cases.undo(actor=desk.admin, case=case, reason="Keliru")
    last = [str(step.title) for step in story(case, own=True)][-3:]
    assert last == ["Tidak dapat diterima", "Ditarik kembali; diverifikasi lagi", "Diverifikasi"]


def test_the_public_page_is_cacheable_and_sets_no_cookie(client, desk):
    page = client.get(reverse("feedback:track", args=[desk.assigned().number]))
    assert set(page["Cache-Control"].split(", ")) == {"max-age=60", "public"}
    assert not page.cookies


# --- Parts ----------------------------------------------------------------------------------------
def split_off(desk, case):
    part = cases.Part(text="Lampu jalan padam", title="Lampu")
    return cases.split(actor=desk.admin, case=case, parts=[part])[0]


def test_the_parts_of_a_report_are_found_on_its_page_and_opened_from_there(citizen, desk, mine):
    case = mine("opened", anonymous=True, secret=True)
    part = split_off(desk, case)
    assertContains(citizen.mine(case), reverse("feedback:mine", args=[part.number]))
    assertContains(citizen.mine(part), "Lampu jalan padam")
    assertContains(citizen.mine(part), reverse("feedback:mine", args=[case.number]))
    assertContains(citizen.mine(case), case.text)


def test_a_part_and_a_part_of_it_open_with_the_pin_of_the_first(citizen, desk):
    case, pin = desk.opened(anonymous=True), desk.pin
    part = split_off(desk, case)
    further = split_off(desk, cases.open_case(actor=desk.admin, case=part))
    for row in (part, further):
        assertRedirects(citizen.open(row, pin), reverse("feedback:mine", args=[row.number]))
        citizen.client.post(reverse("feedback:leave"))
    other, other_pin = desk.opened(), desk.pin
    assert citizen.open(part, other_pin).status_code == 422
    citizen.open(other, other_pin)
    assert citizen.mine(part).status_code == 404


def test_a_part_keeps_place_and_files_and_its_reporter_hears_of_it(citizen, desk):
    case, _pin, _receipt = citizen.file(
        email="siti@contoh.test", place="Pasar Baru", files=[SimpleUploadedFile("a.jpg", photo())]
    )
    Case.objects.filter(pk=case.pk).update(lat="-2.5", long="112.9")
    part = split_off(desk, cases.open_case(actor=desk.admin, case=case))
    assert (part.place, float(part.lat), float(part.long)) == ("Pasar Baru", -2.5, 112.9)
    assert part.files.get().stored == case.files.get().stored
    send_waiting()
    assert part.number in mail.outbox[-1].subject
    assert case.number in mail.outbox[-1].body


# --- Joined ---------------------------------------------------------------------------------------
def test_the_reporter_of_a_joined_secret_report_reads_the_answer_of_the_main_and_nothing_else(citizen, desk):
    main = desk.accepted(secret=True, title="Judul orang lain", text="Isi orang lain")
    case, pin, _receipt = citizen.file(email="siti@contoh.test", secret="on")
    cases.merge(actor=desk.admin, case=cases.open_case(actor=desk.admin, case=case), main=main)
    send_waiting()
    assert "di halaman laporan Anda" in mail.outbox[-1].body
    assert "tulis pesan" not in mail.outbox[-1].body
    desk.answer(desk.fresh(main))
    send_waiting()
    assert (main.number in mail.outbox[-1].body, case.number in mail.outbox[-1].subject) == (True, True)
    citizen.open(case, pin)
    page = citizen.mine(case)
    assertContains(page, main.messages.get(official=True).text)
    assertNotContains(page, "orang lain")


def test_what_was_answered_to_another_secret_reporter_before_is_not_shown(citizen, desk, time_machine):
    main = desk.answered(secret=True)
    case, pin, _receipt = citizen.file(secret="on")
    time_machine.shift(60)
    cases.merge(actor=desk.admin, case=cases.open_case(actor=desk.admin, case=case), main=desk.fresh(main))
    citizen.open(case, pin)
    assertNotContains(citizen.mine(case), main.messages.get(official=True).text)


def test_who_answers_a_secret_report_is_told_who_else_reads_it(desk, client):
    main = desk.accepted(secret=True)
    cases.merge(actor=desk.admin, case=desk.opened(secret=True), main=main)
    cases.draft_answer(actor=desk.liaison, case=desk.fresh(main), text="Hubungi 0812 3456 7890.")
    client.force_login(desk.liaison)
    page = client.get(reverse("feedback:case", args=[main.pk]))
    assertContains(page, "Dibaca juga oleh pelapor 1 laporan")
    assertContains(page, preview("Hubungi 0812 3456 7890."))


def test_the_reporter_of_a_joined_report_is_led_to_the_public_main(citizen, desk, mine):
    main, case = desk.assigned(), mine("opened")
    cases.merge(actor=desk.admin, case=case, main=main)
    assertContains(citizen.mine(case), reverse("feedback:track", args=[main.number]))


def test_who_says_that_his_joined_report_is_another_one_is_heard(citizen, desk, mine):
    main, case = desk.assigned(), mine("opened")
    cases.merge(actor=desk.admin, case=case, main=main)
    assertContains(citizen.mine(case), "Laporan saya berbeda")
    for _twice in range(2):
        assertRedirects(
            citizen.act(case, "contest", reason="Loket lain"), reverse("feedback:mine", args=[case.number])
        )
    waiting = WorkItem.objects.get(kind="feedback.contest", closed_at=None)
    assert (waiting.holder, CaseMessage.objects.get(case=case).text) == (desk.admin, "Loket lain")
    assertNotContains(citizen.mine(case), "Laporan saya berbeda")
    assert {"tetap-digabung", "batalkan"} <= offered(desk.admin, case)
    assert not {"tetap-digabung", "batalkan"} & offered(desk.liaison, case)
    cases.keep_joined(actor=desk.admin, case=case, reason="Loket yang sama")
    assert not WorkItem.objects.filter(kind="feedback.contest", closed_at=None).exists()
    assertContains(citizen.mine(case), "Loket yang sama")
    with pytest.raises(StateChanged):
        cases.keep_joined(actor=desk.admin, case=case, reason="Sekali lagi")
    citizen.act(case, "contest", reason="Bukan, loket 3")
    cases.unmerge(actor=desk.admin, case=case, reason="Memang lain")
    assert not WorkItem.objects.filter(kind="feedback.contest", closed_at=None).exists()
    assert "tetap-digabung" not in offered(desk.admin, case)


def test_who_joined_two_reports_does_not_refuse_the_objection_where_another_admin_can(citizen, desk, mine, client):
    main, case = desk.assigned(), mine("opened")
    cases.merge(actor=desk.admin, case=case, main=main)
    second = employed(desk.other, Role.COMPLAINT_ADMIN)
    citizen.act(case, "contest", reason="Loket lain")
    assert WorkItem.objects.get(kind="feedback.contest", closed_at=None).holder == second
    client.force_login(desk.admin)
    page = reverse("feedback:case_act", args=[case.pk, "tetap-digabung"])
    said = "Anda yang menggabungkan laporan ini"
    assertContains(client.get(page), said)
    sent = {"version": desk.fresh(case).version, "reason": "Loket yang sama"}
    assertContains(client.post(page, sent), said, status_code=403)
    client.force_login(second)
    assertNotContains(client.get(page), said)
    assertRedirects(client.post(page, sent), reverse("feedback:case", args=[case.pk]))
    citizen.act(case, "contest", reason="Bukan, loket 3")
    assert cases.unmerge(actor=desk.admin, case=case, reason="Memang lain").merged_into is None


def test_only_the_reporter_of_a_joined_report_says_so(citizen, desk, mine):
    case = mine("opened")
    answer = citizen.act(case, "contest", reason="Lain")
    assertContains(answer, "tidak sedang digabung", status_code=422)
    other = desk.opened()
    cases.merge(actor=desk.admin, case=other, main=case)
    assert citizen.act(other, "contest", reason="Lain").status_code == 404
