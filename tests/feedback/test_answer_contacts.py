"""What officers write for everybody: masked like all else, but for contacts of the office in an official answer
that who publishes it lets stay."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from feedback.enums import AnswerState, Audience
from feedback.models import CaseAnswer, CaseMessage, FeedbackSetting
from feedback.rules.personal import contacts, preview
from feedback.services import cases
from tests.feedback.test_desk_case import offered, send, url

pytestmark = pytest.mark.django_db
PHONE, MAIL, NIK = "081298765432", "loket@contoh.test", "3578105203850002"
TEXT = f"Telepon kami {PHONE} atau tulis ke {MAIL}. NIK Anda {NIK} sudah kami perbaiki."


@pytest.fixture
def checking(desk):
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text=TEXT)
    cases.submit_answer(actor=desk.liaison, case=case)
    return desk.fresh(case)


def test_of_a_person_nothing_is_kept():
    assert contacts(TEXT) == [PHONE, MAIL]
    assert preview(TEXT, keep=[PHONE, NIK]) == (
        f"Telepon kami {PHONE} atau tulis ke [alamat surel]. NIK Anda [NIK] sudah kami perbaiki."
    )


def test_who_checks_sees_what_the_public_will_read_and_lets_a_contact_stay(desk, sign_in, client, checking):
    checker = sign_in(desk.checker)
    page = checker.get(url(checking, "periksa"))
    assertContains(page, "Telepon kami [nomor telepon] atau tulis ke [alamat surel]. NIK Anda [NIK] sudah")
    assertContains(page, f'value="{PHONE}"')
    assertNotContains(page, f'value="{NIK}"')
    assert send(checker, checking, "periksa", ok="1", keep=[NIK]).status_code == 422
    assert send(checker, checking, "periksa", ok="1", keep=[PHONE]).status_code == 302
    words = CaseMessage.objects.get(official=True)
    assert (PHONE in words.published_text, MAIL in words.published_text) == (True, False)
    service = reverse("feedback:open311:request_json", args=[checking.number]) + "?extensions=true"
    for address in (reverse("feedback:track", args=[checking.number]), reverse("feedback:answers_atom"), service):
        read = client.get(address).content.decode()
        assert PHONE in read, address
        assert MAIL not in read, address
        assert NIK not in read, address


def test_a_joined_report_reads_the_answer_as_it_was_published(desk, sign_in, checking):
    other = desk.opened()
    cases.merge(actor=desk.admin, case=other, main=checking)
    cases.check_answer(actor=desk.checker, case=checking, ok=True, keep=[MAIL])
    client = sign_in(desk.citizen)
    client.post(reverse("feedback:find"), {"number": other.number, "pin": desk.pin})
    page = client.get(reverse("feedback:mine", args=[other.number]))
    assertContains(page, f"Telepon kami [nomor telepon] atau tulis ke {MAIL}.")


def test_what_stays_in_the_answer_stays_in_the_reasons_of_the_decision(desk, client):
    case = cases.convert(actor=desk.liaison, case=desk.accepted(), law=True, reason="Minta dokumen")
    reason = f"Sisanya ada di {MAIL} dan {PHONE}"
    cases.draft_answer(actor=desk.liaison, case=case, text=TEXT, outcome="sebagian", outcome_reason=reason)
    cases.submit_answer(actor=desk.liaison, case=case)
    cases.check_answer(actor=desk.checker, case=case, ok=True, keep=[MAIL])
    page = client.get(reverse("feedback:track", args=[case.number]))
    assertContains(page, f"Sisanya ada di {MAIL} dan [nomor telepon]")


def everywhere(client, case):
    """Each output that anybody may read, of a published case."""
    for address in (
        reverse("feedback:track", args=[case.number]),
        reverse("feedback:reports"),
        reverse("feedback:reports") + "?q=loket",
        reverse("feedback:public_search") + "?q=loket",
        reverse("feedback:answers_atom"),
        reverse("feedback:answers_rss"),
        reverse("feedback:open311:request_json", args=[case.number]) + "?extensions=true",
        reverse("feedback:open311:request_xml", args=[case.number]) + "?extensions=true",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        yield address, answer.content.decode()


def typed(words):
    return f"{words} {NIK} {PHONE}"


def test_what_officers_write_for_everybody_is_masked_in_every_output(desk, client, citizen):
    case = desk.opened(text=typed("loket"))
    cases.redact(actor=desk.admin, case=case, title=f"loket {NIK}", text=f"loket tutup {NIK}")
    case = cases.assign(actor=desk.admin, case=case, unit=desk.gov.office, public_text=typed("diteruskan"))
    case = cases.accept(actor=desk.liaison, case=case)
    case = cases.convert(actor=desk.liaison, case=case, law=True, reason=typed("diubah"))
    case = cases.extend(actor=desk.liaison, case=case, reason=typed("diperpanjang"))
    cases.message(actor=desk.liaison, case=case, text=typed("pesan"), audience=Audience.PUBLIC)
    words = {"outcome": "sebagian", "outcome_reason": typed("alasan"), "outcome_basis": typed("pasal")}
    case = desk.answer(case, typed("jawaban"), **words)
    citizen.open(case, desk.pin)
    told = ("diteruskan", "diubah", "diperpanjang", "pesan", "alasan", "pasal", "jawaban")
    own, page = citizen.mine(case), client.get(reverse("feedback:track", args=[case.number]))
    for word in told:
        assertContains(own, typed(word))
        assertContains(page, f"{word} [NIK] [nomor telepon]")
    for address, read in everywhere(client, case):
        assert (NIK in read, PHONE in read) == (False, False), address


def test_whose_matter_it_is_and_why_it_stays_closed_are_masked_too(desk, client, citizen):
    words = {"agency": typed("PLN"), "reason": typed("bukan kami")}
    case = cases.refer_outside(actor=desk.admin, case=desk.opened(), **words)
    citizen.open(case, desk.pin)
    own, page = citizen.mine(case), client.get(reverse("feedback:track", args=[case.number]))
    for word in ("PLN", "bukan kami"):
        assertContains(own, typed(word))
        assertContains(page, f"{word} [NIK] [nomor telepon]")
    closed = desk.closed()
    cases.reopen(by=desk.reporter(closed), case=closed, reason="Masih antre")
    cases.keep_closed(actor=desk.admin, case=closed, reason=typed("tetap"))
    for address, read in (*everywhere(client, case), *everywhere(client, closed)):
        assert (NIK in read, PHONE in read) == (False, False), address


def test_who_redacts_a_report_lets_contacts_stand_but_no_number_of_a_person(desk, sign_in):
    case = desk.opened(text=typed("loket"))
    page = sign_in(desk.admin).get(url(case, "sunting"))
    assert [row.text for row in page.context["form"].findings] == [PHONE]
    case = cases.redact(actor=desk.admin, case=case, title="Loket", text=typed("loket"))
    assert case.published_text == f"loket [NIK] {PHONE}"


def test_the_page_of_the_draft_shows_what_would_be_masked(desk, sign_in):
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text=TEXT)
    for page in ("", "konsep"):
        assertContains(sign_in(desk.liaison).get(url(case, page)), "Telepon kami [nomor telepon]")


def test_without_a_second_eye_who_publishes_looks_first_where_something_is_masked(desk, sign_in):
    FeedbackSetting.objects.update(second_eye=False)
    case, client = desk.accepted(), sign_in(desk.liaison)
    answer = send(client, case, "konsep", text=TEXT, then="submit")
    assertRedirects(answer, url(case, "terbitkan"))
    assert {"terbitkan", "ajukan"} & offered(desk.liaison, case) == {"terbitkan"}
    assert CaseAnswer.objects.get().state == AnswerState.DRAFT
    assertContains(client.get(url(case, "terbitkan")), f'value="{MAIL}"')
    assert send(client, case, "terbitkan", keep=[MAIL]).status_code == 302
    assert MAIL in CaseMessage.objects.get(official=True).published_text


def test_a_message_for_everybody_with_contacts_is_looked_at_once_more(desk, sign_in):
    case, client = desk.accepted(), sign_in(desk.liaison)
    said = {"text": TEXT, "audience": "public"}
    page = send(client, case, "pesan", **said)
    assertContains(page, f'value="{PHONE}"', status_code=422)
    assertNotContains(page, f'value="{NIK}"', status_code=422)
    assert not CaseMessage.objects.exists()
    looked = page.context["form"]["looked"].value()
    assert send(client, case, "pesan", looked=looked, keep=[PHONE], **said).status_code == 302
    words = CaseMessage.objects.get().published_text
    assert (PHONE in words, MAIL in words, NIK in words) == (True, False, False)
    for said in ({"text": TEXT, "audience": "reporter"}, {"text": "Tanpa kontak.", "audience": "public"}):
        assert send(client, case, "pesan", **said).status_code == 302


def test_of_a_secret_case_nothing_is_masked_and_nothing_ticked(desk, sign_in):
    case = desk.accepted(secret=True)
    cases.draft_answer(actor=desk.liaison, case=case, text=TEXT)
    cases.submit_answer(actor=desk.liaison, case=case)
    page = sign_in(desk.admin).get(url(case, "periksa"))
    assertContains(page, PHONE)
    assertNotContains(page, f'value="{PHONE}"')
