"""Objections, what is shown again, photos for everybody, and whom a case does not accuse after all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from feedback.enums import Audience, CaseState, Undecided
from feedback.models import Appeal, Case, CaseFile, CaseMessage, CaseStep, Moderation, StatisticsSheet
from feedback.services import cases, statistics
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.documents.hostile import exif_photo, pdf_of, photo
from tests.feedback.factories import CONTACT, employed

pytestmark = pytest.mark.django_db
WHY = "Saya menulis fakta, bukan hinaan."


@pytest.fixture
def second(desk):
    """Another complaint admin of an office that no case of these tests is about."""
    return employed(desk.other, Role.COMPLAINT_ADMIN)


def said(desk, case, text="Petugasnya tidak sopan") -> CaseMessage:
    return cases.reply(by=desk.reporter(case), case=case, text=text, public=True)


def hidden(desk, **facts) -> tuple[Case, CaseMessage]:
    case = desk.assigned(**facts)
    message = said(desk, case)
    cases.hide_message(actor=desk.admin, message=message, reason="offensive", explanation="Menghina")
    return desk.fresh(case), CaseMessage.objects.get(pk=message.pk)


def rejected(desk, **facts) -> Case:
    case = desk.opened(**facts)
    return cases.reject(actor=desk.admin, case=case, reason="unclear", explanation="Tidak jelas")


def objected(desk, case) -> Appeal:
    [moderation] = cases.in_force(case)
    return cases.appeal(by=desk.reporter(case), case=case, moderation=moderation, text=WHY)


# --- Objections -----------------------------------------------------------------------------------
def test_a_granted_objection_shows_the_message_again(desk, second):
    case, message = hidden(desk)
    row = cases.decide_appeal(
        actor=second, case=case, appeal=objected(desk, case), granted=True, decision="Bukan hinaan"
    )
    assert (row.state, row.decided_by) == (Undecided.GRANTED, second)
    message.refresh_from_db()
    assert (message.hidden_at, message.hidden_by, message.hidden_reason) == (None, None, "")
    assert CaseMessage.objects.public().filter(pk=message.pk).exists()
    acts = list(Moderation.objects.filter(subject_id=message.pk).order_by("id").values_list("act", flat=True))
    assert acts == ["hide", "restore"]


def test_a_refused_one_keeps_it_hidden_and_cannot_be_filed_again(desk, second):
    case, message = hidden(desk)
    row = objected(desk, case)
    cases.decide_appeal(actor=second, case=case, appeal=row, granted=False, decision="Memang menghina")
    message.refresh_from_db()
    assert message.hidden_at is not None
    assert objected(desk, case) == row
    assert Appeal.objects.count() == 1


@pytest.mark.parametrize("way", ["rejected", "spam", "review"])
def test_a_report_that_was_withheld_comes_back_to_verification(desk, second, way):
    if way == "rejected":
        case = rejected(desk)
    elif way == "spam":
        case = cases.mark_spam(actor=desk.admin, case=desk.opened())
    else:
        case = cases.decide_review(actor=desk.admin, case=desk.file(held="no_proof"), passed=False)
    row = objected(desk, case)
    cases.decide_appeal(actor=second, case=case, appeal=row, granted=True, decision="Dapat diperiksa")
    assert desk.fresh(case).state == CaseState.VERIFYING
    assert cases.in_force(desk.fresh(case)) == []


def test_another_admin_decides_never_the_one_who_acted_nor_anybody_else(desk, second):
    case, _message = hidden(desk)
    row = objected(desk, case)
    for wrong in (desk.admin, desk.liaison, desk.leader, desk.chief, desk.inspector, desk.citizen):
        with pytest.raises(PermissionRefused):
            cases.decide_appeal(actor=wrong, case=case, appeal=row, granted=True, decision="Ya")
    with pytest.raises(RuleRefused):
        cases.decide_appeal(actor=second, case=case, appeal=row, granted=True, decision=" ")
    with pytest.raises(IntegrityError, match="somebody else"):
        Appeal.objects.filter(pk=row.pk).update(state="granted", decided_by=desk.admin, decision="Ya")


def test_where_there_is_one_admin_who_leads_the_government_decides(desk, sign_in):
    case = rejected(desk)
    row = objected(desk, case)
    assert WorkItem.objects.get(kind="feedback.appeal", closed_at=None).holder == desk.chief
    client = sign_in(desk.chief)
    assertContains(client.get(reverse("feedback:case_moderation", args=[case.pk])), "Putuskan keberatan")
    url = reverse("feedback:case_act", args=[case.pk, "putus-keberatan"])
    assert client.get(url, {"keberatan": row.pk}).status_code == 200
    with pytest.raises(PermissionRefused):
        cases.decide_appeal(actor=desk.admin, case=case, appeal=row, granted=True, decision="Ya")
    answer = client.post(url, {"appeal": row.pk, "granted": "1", "decision": "Dapat diperiksa"}, follow=True)
    assert answer.status_code == 200, "who came for the objection alone is led to a page that he may open"
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (Undecided.GRANTED, desk.chief)
    assert desk.fresh(case).state == CaseState.VERIFYING
    by_decider = list(case.steps.filter(actor=desk.chief).order_by("version").values_list("action", "party"))
    assert by_decider == [("appeal_done", "leader"), ("undo", "leader")]


@pytest.mark.parametrize("way", ["spam", "review"])
def test_who_leads_the_government_opens_spam_while_an_objection_to_it_waits_for_him(desk, sign_in, way):
    if way == "spam":
        case = cases.mark_spam(actor=desk.admin, case=desk.opened())
    else:
        case = cases.decide_review(actor=desk.admin, case=desk.file(held="no_proof"), passed=False)
    page = reverse("feedback:case_moderation", args=[case.pk])
    client = sign_in(desk.chief)
    assert client.get(page).status_code == 404
    row = objected(desk, case)
    assertContains(client.get(page), "Putuskan keberatan")
    assert sign_in(desk.leader).get(page).status_code == 404
    client = sign_in(desk.chief)
    url = reverse("feedback:case_act", args=[case.pk, "putus-keberatan"])
    done = client.post(url, {"appeal": row.pk, "granted": "0", "decision": "Memang iklan"}, follow=True)
    assert done.status_code == 200
    row.refresh_from_db()
    assert row.state == Undecided.REFUSED
    assert client.get(page).status_code == 404


def test_of_a_secret_report_the_only_admin_takes_his_decision_back_himself(desk):
    """No leader knows of it, and nobody decides on his own act; giving in is always possible."""
    case = rejected(desk, secret=True)
    objected(desk, case)
    assert WorkItem.objects.get(kind="feedback.appeal", closed_at=None).holder is None
    cases.undo(actor=desk.admin, case=case, reason="Keliru")
    assert desk.fresh(case).state == CaseState.VERIFYING


def test_it_waits_with_another_admin_who_is_told(desk, second):
    case, _message = hidden(desk)
    row = objected(desk, case)
    item = WorkItem.objects.get(kind="feedback.appeal", closed_at=None)
    assert (item.holder, item.url) == (second, reverse("feedback:case_moderation", args=[case.pk]))
    assert [told.recipient for told in Message.objects.filter(kind="feedback.appealed")] == [second]
    cases.decide_appeal(actor=second, case=case, appeal=row, granted=False, decision="Tetap")
    assert not WorkItem.objects.filter(kind="feedback.appeal", closed_at=None).exists()


def test_only_the_reporter_objects_and_only_to_what_is_in_force(desk):
    case, message = hidden(desk)
    [moderation] = cases.in_force(case)
    other = desk.file(text="Laporan orang lain")
    with pytest.raises(PermissionRefused):
        cases.appeal(by=desk.reporter(other), case=case, moderation=moderation, text=WHY)
    with pytest.raises(StateChanged):
        cases.appeal(by=desk.reporter(other), case=other, moderation=moderation, text=WHY)
    cases.restore_message(actor=desk.admin, message=message, explanation="Keliru")
    with pytest.raises(StateChanged):
        cases.appeal(by=desk.reporter(case), case=case, moderation=moderation, text=WHY)


def test_what_is_objected_to_is_not_quietly_put_right_by_the_one_who_did_it(desk):
    case, message = hidden(desk)
    objected(desk, case)
    with pytest.raises(RuleRefused):
        cases.restore_message(actor=desk.admin, message=message, explanation="Keliru")
    refused = rejected(desk)
    objected(desk, refused)
    with pytest.raises(RuleRefused):
        cases.undo(actor=desk.admin, case=refused, reason="Keliru")


def test_an_objection_names_no_reporter(desk, second):
    case = desk.assigned(anonymous=True, user=desk.citizen, contact=CONTACT)
    cases.hide_message(actor=desk.admin, message=said(desk, case), reason="offensive", explanation="Menghina")
    case = desk.fresh(case)
    row = objected(desk, case)
    cases.decide_appeal(actor=second, case=case, appeal=row, granted=True, decision="Ya")
    tables = (Appeal, Moderation, CaseStep, WorkItem, Message)
    text = "".join(str(list(model.objects.values())) for model in tables)
    for trace in (CONTACT.name, CONTACT.email, str(desk.citizen.pk)):
        assert trace not in text


# --- Shown again ----------------------------------------------------------------------------------
def test_a_message_is_shown_again_by_the_admin_with_a_reason_in_the_log(desk):
    case, message = hidden(desk)
    for wrong in (desk.liaison, desk.leader, desk.inspector):
        with pytest.raises(PermissionRefused):
            cases.restore_message(actor=wrong, message=message, explanation="Keliru")
    cases.restore_message(actor=desk.admin, message=message, explanation="Keliru")
    step = CaseStep.objects.filter(case=case).latest("version")
    assert (step.action, step.note, step.actor) == ("restore", "Keliru", desk.admin)
    with pytest.raises(StateChanged):
        cases.restore_message(actor=desk.admin, message=message, explanation="Sekali lagi")


# --- Whom it does not accuse ------------------------------------------------------------------------
def test_a_withdrawn_party_sees_the_case_again_and_the_log_says_why(desk):
    case = desk.accepted()
    party = cases.accuse(actor=desk.admin, case=case, nip=desk.liaison.nip)
    assert not Case.objects.visible_to(desk.liaison).filter(pk=case.pk).exists()
    for wrong in (desk.liaison, desk.checker, desk.leader, desk.inspector):
        with pytest.raises(PermissionRefused):
            cases.withdraw_party(actor=wrong, case=case, party=party, reason="Orang lain")
    with pytest.raises(RuleRefused):
        cases.withdraw_party(actor=desk.admin, case=case, party=party, reason=" ")
    cases.withdraw_party(actor=desk.admin, case=case, party=party, reason="Orang lain dengan nama sama")
    assert Case.objects.visible_to(desk.liaison).filter(pk=case.pk).exists()
    step = CaseStep.objects.filter(case=case).latest("version")
    assert (step.action, step.note, step.data) == (
        "withdraw",
        "Orang lain dengan nama sama",
        {"party": str(party.pk)},
    )
    with pytest.raises(StateChanged):
        cases.withdraw_party(actor=desk.admin, case=desk.fresh(case), party=party, reason="Lagi")


# --- Photos ---------------------------------------------------------------------------------------
def with_photo(desk, content=None, name="loket.jpg", **facts) -> tuple[Case, CaseFile]:
    upload = SimpleUploadedFile(name, content or exif_photo())
    case = desk.accepted(files=(upload,), **facts)
    return case, CaseFile.objects.get(case=case)


def shown(client, row):
    answer = client.get(reverse("feedback:case_file", args=[row.case.number, row.pk]))
    return b"".join(answer) if answer.status_code == 200 else answer.status_code


def test_a_photo_is_seen_by_everybody_after_a_second_officer_looked(desk, client):
    case, row = with_photo(desk)
    assert shown(client, row) == 404
    cases.offer_photo(actor=desk.liaison, file=row)
    assert shown(client, row) == 404
    with pytest.raises(PermissionRefused):
        cases.check_photo(actor=desk.liaison, file=row, ok=True)
    cases.check_photo(actor=desk.admin, file=row, ok=True)
    assert b"Exif" not in shown(client, row)
    page = client.get(reverse("feedback:track", args=[case.number]))
    assertContains(page, reverse("feedback:case_file", args=[case.number, row.pk]))


def test_everybody_sees_the_redacted_copy_and_the_reporter_his_own(desk, client):
    _case, row = with_photo(desk)
    copy = SimpleUploadedFile("samaran.png", photo("PNG", (20, 10)))
    row = cases.offer_photo(actor=desk.admin, file=row, redacted=copy)
    cases.check_photo(actor=desk.liaison, file=row, ok=True)
    assert shown(client, row).startswith(b"\x89PNG")
    with row.stored.file.open("rb") as original:
        assert not original.read().startswith(b"\x89PNG")


def test_what_is_not_good_enough_goes_back_and_can_be_offered_anew(desk):
    _case, row = with_photo(desk)
    cases.offer_photo(actor=desk.liaison, file=row)
    with pytest.raises(RuleRefused):
        cases.check_photo(actor=desk.admin, file=row, ok=False)
    row = cases.check_photo(actor=desk.admin, file=row, ok=False, note="Wajah terlihat")
    assert (row.offered, row.offered_by, row.published_at) == (None, None, None)
    assert cases.offer_photo(actor=desk.admin, file=row).waits
    assert WorkItem.objects.get(kind="feedback.photo", closed_at=None).holder == desk.liaison


def test_a_photo_is_taken_back_at_once(desk, client):
    _case, row = with_photo(desk)
    cases.check_photo(actor=desk.admin, file=cases.offer_photo(actor=desk.liaison, file=row), ok=True)
    for wrong in (desk.leader, desk.inspector, desk.other_liaison):
        with pytest.raises(PermissionRefused):
            cases.withdraw_photo(actor=wrong, file=row, reason="Ada wajah")
    cases.withdraw_photo(actor=desk.liaison, file=row, reason="Ada wajah")
    assert shown(client, row) == 404
    with pytest.raises(StateChanged):
        cases.withdraw_photo(actor=desk.liaison, file=row, reason="Ada wajah")


def test_nothing_of_a_secret_case_and_no_paper_is_offered(desk):
    _case, secret = with_photo(desk, secret=True)
    _case, paper = with_photo(desk, content=pdf_of(), name="surat.pdf")
    for row in (secret, paper):
        with pytest.raises(RuleRefused):
            cases.offer_photo(actor=desk.admin, file=row)


def test_a_photo_of_a_case_that_became_secret_meanwhile_is_not_published(desk, client):
    case, row = with_photo(desk)
    cases.offer_photo(actor=desk.liaison, file=row)
    cases.classify(actor=desk.admin, case=case, secret=True)
    with pytest.raises(RuleRefused):
        cases.check_photo(actor=desk.admin, file=row, ok=True)
    assert shown(client, row) == 404


def test_the_database_wants_two_officers_for_a_photo(desk):
    _case, row = with_photo(desk)
    one = {"offered": row.stored, "offered_by": desk.admin, "published_by": desk.admin}
    with pytest.raises(IntegrityError, match="file_second_eye_is_another"):
        CaseFile.objects.filter(pk=row.pk).update(published_at=timezone.now(), **one)


def test_only_who_handles_or_answers_offers_and_looks(desk):
    _case, row = with_photo(desk)
    for wrong in (desk.leader, desk.inspector, desk.other_liaison, desk.citizen):
        with pytest.raises(PermissionRefused):
            cases.offer_photo(actor=wrong, file=row)
    cases.offer_photo(actor=desk.admin, file=row)
    for wrong in (desk.leader, desk.inspector, desk.other_liaison, desk.citizen):
        with pytest.raises(PermissionRefused):
            cases.check_photo(actor=wrong, file=row, ok=True)
    assert cases.check_photo(actor=desk.checker, file=row, ok=True).published_by == desk.checker


# --- The public count -----------------------------------------------------------------------------
def test_objections_are_counted_by_month_and_outcome_but_not_those_of_secret_cases(desk, second, client):
    for granted in (True, False):
        case, _message = hidden(desk)
        cases.decide_appeal(actor=second, case=case, appeal=objected(desk, case), granted=granted, decision="Ya")
    objected(desk, rejected(desk, secret=True))
    statistics.refresh(2026)
    sheet = StatisticsSheet.objects.get(unit=None, year=2026)
    assert sheet.data["appeals"] == [
        {"month": "2026-01", "state": "granted", "n": 1},
        {"month": "2026-01", "state": "refused", "n": 1},
    ]
    assertContains(client.get(reverse("feedback:statistics_year", args=[2026])), "Keberatan atas moderasi")
    assert b"appeals,2026-01,granted,1" in client.get(reverse("feedback:statistics_csv", args=[2026])).content


# --- Pages ----------------------------------------------------------------------------------------
def act_url(case, name):
    return reverse("feedback:case_act", args=[case.pk, name])


def test_the_reporter_objects_on_his_own_page_once_and_reads_the_decision(citizen, desk, second):
    case, pin, _receipt = citizen.file()
    case = cases.assign(actor=desk.admin, case=cases.open_case(actor=desk.admin, case=case), unit=desk.gov.office)
    cases.hide_message(actor=desk.admin, message=said(desk, case), reason="offensive", explanation="Menghina")
    citizen.open(case, pin)
    [moderation] = cases.in_force(desk.fresh(case))
    assertContains(citizen.mine(case), str(moderation.pk))
    assert citizen.act(case, "appeal", moderation=moderation.pk, text="").status_code == 422
    assert citizen.act(case, "appeal", moderation=case.pk, text=WHY).status_code == 404
    assert citizen.act(case, "appeal", moderation=moderation.pk, text=WHY).status_code == 302
    page = citizen.mine(case)
    assertContains(page, WHY)
    assertNotContains(page, f'value="{moderation.pk}"')
    row = Appeal.objects.get()
    cases.decide_appeal(actor=second, case=case, appeal=row, granted=True, decision="Kami keliru")
    assertContains(citizen.mine(case), "Kami keliru")


def test_the_second_admin_decides_by_the_pages(desk, second, sign_in):
    case, message = hidden(desk)
    row = objected(desk, case)
    page_url = reverse("feedback:case_moderation", args=[case.pk])
    url = act_url(case, "putus-keberatan")
    assertContains(sign_in(desk.admin).get(page_url), "bukan oleh yang memoderasi")
    client = sign_in(second)
    assertContains(client.get(page_url), f"{url}?keberatan={row.pk}")
    page = client.get(url, {"keberatan": row.pk})
    assertContains(page, WHY)
    assertContains(page, message.text)
    assert client.get(url, {"keberatan": message.pk}).status_code == 404
    answer = client.post(url, {"appeal": row.pk, "granted": "1", "decision": "Ya"})
    assert answer.status_code == 302, answer.content.decode()
    assert client.get(url, {"keberatan": row.pk}).status_code == 404
    assertContains(client.post(url, {"appeal": row.pk, "granted": "0", "decision": "Tidak"}), "sudah diputus",
                   status_code=422)  # fmt: skip


def test_a_hidden_message_is_shown_again_by_the_pages(desk, sign_in):
    case, message = hidden(desk)
    client, url = sign_in(desk.admin), act_url(case, "tampilkan")
    assertContains(client.get(reverse("feedback:case_moderation", args=[case.pk])), f"{url}?pesan={message.pk}")
    data = {"message": message.pk, "version": case.version, "explanation": "Keliru"}
    assert client.post(url, data).status_code == 302
    assert client.get(url, {"pesan": message.pk}).status_code == 404


def test_a_photo_goes_the_way_of_two_officers_by_the_pages(desk, sign_in):
    case, row = with_photo(desk)
    page_url = reverse("feedback:case_moderation", args=[case.pk])
    offer, look = act_url(case, "usul-foto"), act_url(case, "periksa-foto")
    client = sign_in(desk.liaison)
    assertContains(client.get(page_url), f"{offer}?berkas={row.pk}")
    assert client.get(offer, {"berkas": row.pk}).status_code == 200
    copy = SimpleUploadedFile("samaran.png", photo("PNG", (20, 10)))
    there = f"{page_url}#foto-{row.pk}"
    assertContains(client.get(reverse("feedback:case", args=[case.pk])), there)
    assertRedirects(client.post(offer, {"file": row.pk, "redacted": copy}), page_url)
    assertNotContains(client.get(page_url), f"{look}?berkas={row.pk}")
    client = sign_in(desk.admin)
    assertContains(client.get(page_url), f"{look}?berkas={row.pk}")
    file_url = reverse("feedback:desk_file", args=[case.pk, row.pk])
    assertContains(client.get(look, {"berkas": row.pk}), f"{file_url}?versi=umum")
    assert b"".join(client.get(file_url, {"versi": "umum"})).startswith(b"\x89PNG")
    assertRedirects(client.post(look, {"file": row.pk, "ok": "1"}), page_url)
    assert CaseFile.objects.get().published_by == desk.admin
    away = act_url(case, "tarik-foto")
    assert client.post(away, {"file": row.pk, "reason": "Ada wajah"}).status_code == 302


def test_a_party_is_withdrawn_by_the_pages(desk, sign_in):
    case = desk.accepted()
    party = cases.accuse(actor=desk.admin, case=case, name="Orang Keliru")
    client, url = sign_in(desk.admin), act_url(case, "cabut-terlapor")
    assertContains(client.get(url), "Orang Keliru")
    data = {"version": desk.fresh(case).version, "party": party.pk, "reason": "Keliru"}
    assert client.post(url, data).status_code == 302
    assert client.get(url).status_code == 302


def test_who_neither_handles_nor_answers_finds_no_page_of_its_moderation(desk, sign_in):
    case, _message = hidden(desk)
    url = reverse("feedback:case_moderation", args=[case.pk])
    assert sign_in(desk.inspector).get(url).status_code == 403
    assert sign_in(desk.other_liaison).get(url).status_code == 404
    assertNotContains(sign_in(desk.liaison).get(url), "Menghina")
    assert CaseMessage.objects.filter(audience=Audience.PUBLIC).count() == 1
