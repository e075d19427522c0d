"""Who sees which case: the four combinations of anonymous and secret, every role, and nobody's own matter."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser

from feedback import permissions
from feedback.enums import CaseKind, Undecided
from feedback.models import Case, CaseStep, FeedbackSetting, ReadLog
from feedback.services import cases
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.units.registry import ties_of
from kepegawaian.work.models import WorkItem
from tests.feedback.factories import CONTACT, employed

COMBINATIONS = list(itertools.product((False, True), repeat=2))
OFFICERS = ("admin", "liaison", "checker", "leader", "chief", "inspector", "other_liaison", "citizen")


def seen_by(desk, case):
    return {name for name in OFFICERS if Case.objects.visible_to(getattr(desk, name)).filter(pk=case.pk).exists()}


@pytest.mark.parametrize(("anonymous", "secret"), COMBINATIONS)
def test_the_four_combinations(desk, anonymous, secret):
    case = desk.assigned(anonymous=anonymous, secret=secret, contact=CONTACT)
    assert Case.objects.public().filter(pk=case.pk).exists() is not secret
    assert Case.objects.public_matching("antrean").exists() is not secret
    everybody = {"admin", "liaison", "checker", "leader", "chief", "inspector"}
    assert seen_by(desk, case) == ({"admin", "liaison", "checker"} if secret else everybody)
    for officer in (desk.admin, desk.liaison):
        assert bool(permissions.can_see_identity(officer, case)) is not anonymous
    for other in (desk.leader, desk.inspector, desk.other_liaison, desk.citizen):
        assert not permissions.can_see_identity(other, case)


@pytest.mark.parametrize(("anonymous", "secret"), COMBINATIONS)
def test_no_log_message_or_item_says_who_the_reporter_is(desk, anonymous, secret):
    case = desk.closed(anonymous=anonymous, secret=secret, contact=CONTACT, user=desk.citizen)
    written = [str(list(model.objects.values())) for model in (CaseStep, WorkItem)] + [
        str(list(Message.objects.exclude(recipient=desk.citizen).values()))
    ]
    for text in written:
        for trace in (CONTACT.name, CONTACT.email, CONTACT.phone, str(desk.citizen.pk)):
            assert trace not in text
    if anonymous:
        assert not Message.objects.filter(recipient=desk.citizen).exists()
    if secret:
        assert all(case.title not in text for text in written)


def test_before_it_is_verified_only_the_admin_sees_it(desk):
    assert seen_by(desk, desk.opened(service=None)) >= {"admin"}
    assert "liaison" not in seen_by(desk, desk.opened(service=None))
    assert not Case.objects.public().exists()


def test_spam_is_seen_by_the_admin_alone(desk):
    case = desk.opened()
    cases.mark_spam(actor=desk.admin, case=case)
    assert seen_by(desk, case) == {"admin"}


def test_ones_own_case_is_seen_by_the_account_and_by_nobody_without(desk):
    case = desk.file(user=desk.citizen, secret=True)
    assert "citizen" in seen_by(desk, case)
    assert not Case.objects.visible_to(AnonymousUser()).exists()
    desk.citizen.is_active = False
    assert not Case.objects.visible_to(desk.citizen).exists()


def test_search_finds_stems_in_the_original_for_officers_and_in_the_published_for_all(desk):
    desk.assigned(text="Pembayaran retribusi lewat Pak Budi 081234567890", title="Pungutan")
    assert Case.objects.visible_to(desk.admin).matching("bayar").count() == 1
    assert Case.objects.visible_to(desk.admin).matching("081234567890").count() == 1
    assert Case.objects.public_matching("dibayar").count() == 1
    assert Case.objects.public_matching("081234567890").count() == 0


# --- About oneself or one's unit ------------------------------------------------------------------
def test_ties_reach_from_the_post_up_to_the_office_but_not_to_the_government(desk):
    gov = desk.gov
    assert ties_of(gov.employee.user) == {gov.section.path, gov.office.path}
    assert ties_of(gov.mayor.user) == ties_of(desk.citizen) == frozenset()


def test_whom_a_case_names_neither_sees_nor_handles_it(desk):
    case = desk.accepted()
    cases.accuse(actor=desk.admin, case=case, name="Pegawai", nip=desk.liaison.nip)
    case = desk.fresh(case)
    assert "liaison" not in seen_by(desk, case)
    assert case.officer == desk.checker
    with pytest.raises(PermissionRefused) as refused:
        cases.message(actor=desk.liaison, case=case, text="Saya")
    assert str(refused.value) == str(permissions.ABOUT_YOU.reason)


def test_a_case_for_examination_is_hidden_from_the_unit_it_is_about(desk):
    case = desk.opened(kind=CaseKind.SUPERVISION)
    assert seen_by(desk, case) == {"admin", "chief", "inspector"}
    with pytest.raises(PermissionRefused):
        cases.assign(actor=desk.admin, case=case, unit=desk.gov.office, officer=desk.liaison)
    given = cases.assign(actor=desk.admin, case=case, unit=desk.other)
    assert given.officer == desk.other_liaison


def test_the_people_of_an_accused_unit_are_kept_out(desk):
    case = desk.accepted()
    cases.accuse(actor=desk.admin, case=case, unit=desk.gov.section)
    assert seen_by(desk, case).isdisjoint({"liaison", "checker"})
    assert "leader" in seen_by(desk, case)


def test_an_admin_moderates_nothing_about_the_own_unit(desk):
    own = employed(desk.gov.section, Role.COMPLAINT_ADMIN)
    case = desk.file()
    with pytest.raises(PermissionRefused):
        cases.open_case(actor=own, case=case)
    assert {WorkItem.objects.get(subject_id=desk.file().pk).holder for _time in range(4)} == {desk.admin}


@pytest.mark.parametrize(
    "act",
    [
        lambda who, case: cases.open_case(actor=who, case=case),
        lambda who, case: cases.ask(actor=who, case=case, question="?"),
        lambda who, case: cases.classify(actor=who, case=case, kind="informasi"),
        lambda who, case: cases.reject(actor=who, case=case, reason="unclear", explanation="x"),
        lambda who, case: cases.mark_spam(actor=who, case=case),
        lambda who, case: cases.undo(actor=who, case=case, reason="x"),
        lambda who, case: cases.redact(actor=who, case=case, title="x", text="x"),
        lambda who, case: cases.accept(actor=who, case=case),
        lambda who, case: cases.note(actor=who, case=case, text="x"),
        lambda who, case: cases.message(actor=who, case=case, text="x"),
        lambda who, case: cases.reveal(actor=who, case=case),
        lambda who, case: cases.ask_release(actor=who, case=case, reason="x", basis="x"),
    ],
)
@pytest.mark.parametrize("who", ["inspector", "other_liaison", "citizen"])
def test_whoever_has_no_part_in_a_case_can_do_nothing_to_it(desk, act, who):
    case = desk.opened()
    before = Case.objects.filter(pk=case.pk).values().get()
    with pytest.raises(PermissionRefused):
        act(getattr(desk, who), case)
    assert Case.objects.filter(pk=case.pk).values().get() == before


# --- Identity -------------------------------------------------------------------------------------
def test_reading_an_identity_leaves_a_row(desk):
    case = desk.assigned(contact=CONTACT)
    found = cases.reveal(actor=desk.liaison, case=case)
    assert (found.name, found.nik) == (CONTACT.name, CONTACT.nik)
    row = ReadLog.objects.get()
    assert (row.reader, row.what, row.case) == (desk.liaison, "identity", case)


def test_of_an_anonymous_reporter_only_by_a_decision_of_somebody_else(desk, clock):
    case = desk.assigned(anonymous=True, contact=CONTACT)
    with pytest.raises(PermissionRefused):
        cases.reveal(actor=desk.liaison, case=case)
    asked = cases.ask_release(actor=desk.liaison, case=case, reason="Pemeriksaan", basis="Perpres 76/2013")
    assert cases.ask_release(actor=desk.liaison, case=case, reason="Lagi", basis="x") == asked
    assert Message.objects.filter(kind="feedback.identity_asked", recipient=desk.admin).exists()
    with pytest.raises(PermissionRefused):
        cases.decide_release(actor=desk.liaison, release=asked, granted=True, decision="Ya")
    with pytest.raises(RuleRefused):
        cases.decide_release(actor=desk.admin, release=asked, granted=True, decision=" ")
    cases.decide_release(actor=desk.admin, release=asked, granted=True, decision="Perlu untuk pemeriksaan")
    assert cases.reveal(actor=desk.liaison, case=case).name == CONTACT.name
    with pytest.raises(PermissionRefused):
        cases.reveal(actor=desk.checker, case=case)  # it was not he who asked
    with pytest.raises(StateChanged):
        cases.decide_release(actor=desk.inspector, release=asked, granted=False, decision="Tidak")
    clock("01-23")
    with pytest.raises(PermissionRefused):
        cases.reveal(actor=desk.liaison, case=case)  # seven days are over


def test_a_refusal_opens_nothing(desk):
    case = desk.assigned(anonymous=True, contact=CONTACT)
    asked = cases.ask_release(actor=desk.liaison, case=case, reason="Ingin tahu", basis="-")
    row = cases.decide_release(actor=desk.inspector, release=asked, granted=False, decision="Tidak perlu")
    assert row.state == Undecided.REFUSED
    with pytest.raises(PermissionRefused):
        cases.reveal(actor=desk.liaison, case=case)


def test_a_setting_hides_identities_from_the_unit(desk):

    FeedbackSetting.objects.update(split_identity=True)
    case = desk.assigned(contact=CONTACT)
    assert not permissions.can_see_identity(desk.liaison, case)
    assert permissions.can_see_identity(desk.admin, case)
