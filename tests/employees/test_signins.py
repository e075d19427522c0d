"""The office page of sign-ins: who sees whom, what an officer may do to an account, and what is left of it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kepegawaian.accounts import locks, permissions, services
from kepegawaian.accounts.models import ActivationCode, User
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.employees import signins
from kepegawaian.employees.enums import LegalState
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import PermissionRefused
from tests.accounts.factories import PASSWORD
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
LIST = "/pegawai/akun/"
CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}")


def signed_in(role=None, **where):
    client = Client()
    client.user = UserFactory()
    if role:
        RoleAssignmentFactory(user=client.user, role=role, **where)
    client.force_login(client.user)
    return client


@pytest.fixture
def central(gov):
    return signed_in(Role.HR_CENTRAL)


@pytest.fixture
def officer(gov):
    """HR of the Dinas and all below it."""
    return signed_in(Role.HR_UNIT, unit=gov.office)


@pytest.fixture
def person(gov):
    """An employee who uses his account."""
    user = gov.employee.user
    user.activated_at, user.email = timezone.now(), "pegawai@contoh.test"
    user.set_password(PASSWORD)
    user.save()
    return gov.employee


def page(person, act=""):
    url = reverse("employees:account", args=[person.pk])
    return f"{url}{act}/" if act else url


def text(response):
    return " ".join(response.content.decode().split())


def found(client, **query):
    return {row.pk for row in client.get(LIST, query).context["page"]}


def reloaded(person) -> User:
    return User.objects.get(pk=person.user_id)


# --- The list -------------------------------------------------------------------------------------
def test_an_officer_lists_exactly_the_people_of_his_subtree(officer, gov):
    below = Employee.objects.filter(current_path__startswith=gov.office.path)
    assert found(officer) == set(below.values_list("pk", flat=True))
    assert gov.personnel_head.pk not in found(officer)


def test_the_list_is_narrowed_by_state(central, gov, person):
    gone = gov.staff[1]
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    assert found(central, keadaan="aktif") == {person.pk}
    assert found(central, keadaan="nonaktif") == {gone.pk}
    waiting = found(central, keadaan="belum")
    assert gov.section_head.pk in waiting
    assert not waiting & {person.pk, gone.pk}
    assert found(central, keadaan="entah") >= {person.pk, gone.pk}


def test_closed_sign_ins_are_found_and_shown(central, gov, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/5m/key"}
    for _ in range(2):
        Client().post("/akun/login/", {"login": person.user.nip, "password": "salah-sekali"})
    assert found(central, keadaan="terkunci") == {person.pk}
    assert "Terkunci" in text(central.get(LIST, {"q": person.current_nip}))
    assert "Masuk sedang terkunci" in text(central.get(page(person)))


def test_people_are_found_by_name_and_nip(officer, gov):
    assert found(officer, q=gov.section_head.name) == {gov.section_head.pk}
    assert found(officer, q=gov.employee.current_nip) == {gov.employee.pk}
    assert found(officer, q=gov.personnel_head.name) == set()


@pytest.mark.parametrize("role", [None, Role.LEADER, Role.INSPECTOR, Role.COMPLAINT_ADMIN])
def test_others_have_no_such_page(gov, role):
    client = signed_in(role)
    for url in (LIST, page(gov.employee), page(gov.employee, "kode"), page(gov.employee, "nonaktifkan")):
        assert client.get(url).status_code == 403
    assert client.post(page(gov.employee, "nonaktifkan"), {"reason": "x"}).status_code == 403


def test_an_account_outside_the_subtree_is_not_found(gov):
    client = signed_in(Role.HR_UNIT, unit=gov.second_section)
    for act in ("", "kode", *signins.ACTS):
        assert client.get(page(gov.employee, act)).status_code == 404


def test_an_act_that_there_is_not_is_not_found(central, person):
    assert central.get(page(person, "hapus")).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_fifty(gov):
    few = signed_in(Role.HR_UNIT, unit=gov.second_section)
    counts = []
    for people in (0, 50):
        for _ in range(people):
            EmployeeFactory(unit=gov.second_section)
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert few.get(LIST).status_code == 200
        counts.append(len(counted))
    assert counts[1] <= counts[0] + 1, "one more to count beyond the page"
    assert counts[1] <= 10


# --- Codes and links ------------------------------------------------------------------------------
def test_the_code_is_shown_once_works_and_is_kept_as_digest(officer, person):
    assert not CODE.search(text(officer.get(page(person, "kode"))))
    response = officer.post(page(person, "kode"), {"format": "html"})
    [code] = set(CODE.findall(text(response)))
    assert "no-store" in response["Cache-Control"]
    assert ActivationCode.objects.get().created_by == officer.user
    assert code not in str(list(Event.objects.values()))
    opened = Client().post(reverse("accounts:activate"), {"login": person.current_nip, "code": code})
    assert opened.status_code == 302
    assert not CODE.search(text(officer.get(page(person))))


def test_the_code_comes_as_pdf_too(officer, person):
    response = officer.post(page(person, "kode"), {"format": "pdf"})
    assert response.content.startswith(b"%PDF")


def test_who_has_a_password_hears_of_a_new_code(officer, person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(page(person, "kode"))
    [message] = mail.outbox
    assert message.to == ["pegawai@contoh.test"]
    assert officer.user.name in message.body
    assert not CODE.search(message.body)


def test_a_link_goes_to_the_address_in_the_record(officer, gov, django_capture_on_commit_callbacks):
    User.objects.filter(pk=gov.employee.user_id).update(email="pegawai@contoh.test")
    with django_capture_on_commit_callbacks(execute=True):
        assert officer.post(page(gov.employee, "tautan")).status_code == 302
    [message] = mail.outbox
    assert "/akun/aktivasi/" in message.body


def test_without_an_address_no_link_is_offered_and_the_verb_says_why(officer, gov):
    assert "Kirim tautan" not in text(officer.get(page(gov.employee)))
    response = officer.post(page(gov.employee, "tautan"))
    assert response.status_code == 422
    assert "belum memiliki surel" in text(response)


# --- Closing and opening --------------------------------------------------------------------------
def test_deactivating_asks_for_a_reason_and_records_it(officer, person):
    response = officer.post(page(person, "nonaktifkan"), {"reason": " "})
    assert response.status_code == 422
    assert reloaded(person).is_active
    officer.post(page(person, "nonaktifkan"), {"reason": "Dipekerjakan di luar daerah"})
    assert not reloaded(person).is_active
    event = Event.objects.get(verb="accounts.deactivated")
    assert (event.actor, event.data["reason"]) == (officer.user, "Dipekerjakan di luar daerah")
    assert "Dipekerjakan di luar daerah" in text(officer.get(page(person)))


def test_reactivating_lets_the_person_in_again(officer, person):
    services.deactivate(user=person.user, actor=None)
    officer.post(page(person, "aktifkan"), {"reason": "Kembali"})
    assert reloaded(person).is_active
    assert Event.objects.get(verb="accounts.reactivated").data == {"reason": "Kembali"}


def test_who_left_service_is_not_let_in_again(officer, person):
    Employee.objects.filter(pk=person.pk).update(legal_state=LegalState.RETIRED)
    services.deactivate(user=person.user, actor=None)
    assert officer.post(page(person, "aktifkan"), {"reason": "x"}).status_code == 403
    assert "sudah tidak bekerja" in text(officer.get(page(person)))
    assert not reloaded(person).is_active


def test_all_sessions_end(officer, person):
    client = Client()
    client.post("/akun/login/", {"login": person.user.nip, "password": PASSWORD})
    assert client.get("/pegawai/saya/").status_code == 200
    officer.post(page(person, "keluarkan"))
    assert client.get("/pegawai/saya/").status_code == 302
    assert Event.objects.get(verb="accounts.sessions_ended").actor == officer.user


def test_a_lock_is_lifted(officer, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1/5m/key"}
    Client().post("/akun/login/", {"login": person.user.nip, "password": "salah-sekali"})
    assert "Buka kunci masuk" in text(officer.get(page(person)))
    officer.post(page(person, "buka-kunci"))
    assert not locks.closed()
    assert "Buka kunci masuk" not in text(officer.get(page(person))).split("Jejak akun")[0]


# --- What an officer may not ----------------------------------------------------------------------
def test_nobody_deactivates_himself(gov, central):
    own = gov.employee
    RoleAssignmentFactory(user=own.user, role=Role.HR_CENTRAL)
    client = Client()
    client.force_login(own.user)
    for act in ("nonaktifkan", "buka-kunci"):
        response = client.post(page(own, act), {"reason": "coba"})
        assert response.status_code == 403
    assert reloaded(own).is_active
    assert str(permissions.NOT_YOURSELF.reason) in text(client.get(page(own)))


def test_an_officer_of_a_unit_touches_no_account_that_holds_more_than_the_unit(officer, central, person):
    RoleAssignmentFactory(user=person.user, role=Role.HR_CENTRAL)
    for act in ("nonaktifkan", "kode"):
        assert officer.post(page(person, act), {"reason": "x"}).status_code == 403
    assert "di luar wilayah Anda" in text(officer.get(page(person)))
    assert not ActivationCode.objects.exists()
    assert central.post(page(person, "nonaktifkan"), {"reason": "x"}).status_code == 302


def test_an_officer_with_the_same_scope_may_be_helped(officer, gov, person):
    RoleAssignmentFactory(user=person.user, role=Role.HR_UNIT, unit=gov.section)
    assert officer.post(page(person, "kode")).status_code == 200


def test_admins_are_left_to_admins(central, person):
    User.objects.filter(pk=person.user_id).update(is_staff=True)
    assert central.post(page(person, "nonaktifkan"), {"reason": "x"}).status_code == 403
    assert reloaded(person).is_active


def test_the_second_step_is_reset_by_the_central_office_alone(officer, central, person):
    Authenticator.objects.create(user=person.user, type="totp", data={})
    assert officer.post(page(person, "dua-langkah")).status_code == 403
    assert Authenticator.objects.exists()
    assert central.post(page(person, "dua-langkah")).status_code == 302
    assert not Authenticator.objects.exists()


def test_the_verb_asks_for_the_scope_itself(gov, person):
    actor = signed_in(Role.HR_UNIT, unit=gov.second_section).user
    for act in signins.ACTS.values():
        with pytest.raises(PermissionRefused):
            signins.carry_out(act, employee=person, actor=actor, reason="x")
    with pytest.raises(PermissionRefused):
        signins.issue_slip(employee=person, actor=actor)


def test_when_somebody_works_is_not_shown(officer, person):
    Client().post("/akun/login/", {"login": person.user.nip, "password": PASSWORD})
    assert Event.objects.filter(verb="accounts.signed_in").exists()
    assert not officer.get(page(person)).context["events"]


def test_the_door_of_the_office_leads_there(officer, gov):
    assert LIST in text(officer.get("/menu/office/"))
    client = Client()
    client.force_login(gov.section_head.user)
    assert client.get(LIST).status_code == 403
