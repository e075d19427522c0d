"""Django's admin: behind our sign-in, for admins alone, changing accounts by the verbs."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core import mail

from kepegawaian.accounts import rules, services
from kepegawaian.accounts.admin_site import PortalAdminSite
from kepegawaian.accounts.models import AccessToken, User
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from tests.accounts.factories import UserFactory, with_role

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"


@pytest.fixture
def chief(client, sign_in):
    user = with_role(Role.ADMIN, name="Admin Utama")
    sign_in(user, client)
    return user


def act(client, action, *users):
    return client.post(LIST, {"action": action, "_selected_action": [str(user.pk) for user in users]}, follow=True)


def test_a_visitor_is_sent_to_the_portals_sign_in(client):
    response = client.get("/admin/accounts/user/", follow=True)
    path, _status = response.redirect_chain[-1]
    assert path.startswith("/akun/login/?next=/admin/")


def test_the_admins_own_sign_in_form_takes_nobody(client, user):
    response = client.post("/admin/login/", {"username": user.nip, "password": "x"})
    assert response.url.startswith("/akun/login/")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_other_roles_are_refused_even_with_the_mark(client, sign_in, role):
    user = with_role(role)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    sign_in(user, client)
    assert client.get(LIST, follow=True).status_code == 403


def test_an_admin_comes_in_and_lands_where_he_wanted(client, chief):
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/?next=/admin/accounts/user/").url == LIST
    assert client.get("/admin/login/?next=https://jahat.test/").url == "/admin/"


def test_password_and_sign_out_are_the_portals(client, chief):
    assert client.get("/admin/password_change/").url == "/akun/password/change/"
    assert client.post("/admin/logout/").url == "/akun/logout/"


def test_people_are_found_by_nip_name_and_address(client, chief):
    user = UserFactory(nip="199003032015032003", name="Budi Santoso", email="budi@contoh.test")
    UserFactory(name="Orang Lain")
    for words in (user.nip, "santoso", "budi@"):
        html = client.get(LIST, {"q": words}).content.decode()
        assert "Budi Santoso" in html
        assert "Orang Lain" not in html


@pytest.mark.parametrize(("choice", "seen"), [("no", "Belum"), ("yes", "Sudah")])
def test_people_are_filtered_by_activation(client, chief, choice, seen):
    UserFactory(name="Sudah Aktif")
    UserFactory(name="Belum Aktif", waiting=True)
    html = client.get(LIST, {"activated": choice}).content.decode()
    assert f"{seen} Aktif" in html
    assert ("Sudah Aktif" in html) is (choice == "yes")


def test_accounts_are_neither_added_nor_deleted_here(client, chief, user):
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{user.pk}/delete/").status_code == 403


def test_only_the_mark_can_be_changed_and_that_is_noted(client, chief, user):
    response = client.post(f"{LIST}{user.pk}/change/", {"is_staff": "on", "name": "Lain", "nip": "1"})
    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.is_staff, user.name) == (True, "Siti Aminah")
    assert Event.objects.get(verb="accounts.admin_mark").data == {"is_staff": True}


def test_nobody_takes_his_own_mark_away(client, chief):
    client.post(f"{LIST}{chief.pk}/change/", {"name": "x"})
    chief.refresh_from_db()
    assert chief.is_staff


def test_codes_are_shown_once_to_whoever_hands_them_out(client, chief):
    users = [UserFactory(waiting=True) for _ in range(3)]
    response = act(client, "issue_codes", *users)
    rows = response.context["rows"]
    html = response.content.decode()
    assert {row.pk for row, _code in rows} == {user.pk for user in users}
    assert all(code in html for _user, code in rows)
    row, code = rows[0]
    assert services.find_activation(login=row.nip, digest=rules.digest(code))


def test_a_refused_code_says_why(client, chief):
    response = act(client, "issue_codes", UserFactory(is_active=False))
    assert "dinonaktifkan" in response.content.decode()


def test_links_are_mailed(client, chief, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        act(client, "send_links", UserFactory(waiting=True), UserFactory(waiting=True, email=None))
    assert len(mail.outbox) == 1


def test_deactivating_and_back_by_the_verbs(client, chief, user):
    AccessToken.objects.create(user=user, name="a")
    assert "1 akun selesai" in act(client, "deactivate", user).content.decode()
    user.refresh_from_db()
    assert not user.is_active
    assert not AccessToken.objects.exists()
    act(client, "reactivate", user)
    user.refresh_from_db()
    assert user.is_active
    verbs = Event.objects.filter(subject_id=str(user.pk)).values_list("verb", flat=True)
    assert list(verbs) == ["accounts.deactivated", "accounts.reactivated"]


def test_one_refusal_does_not_hold_up_the_others(client, chief, user):
    response = act(client, "deactivate", chief, user)
    html = response.content.decode()
    assert "Anda tidak dapat melakukan ini terhadap akun Anda sendiri" in html
    assert "1 akun selesai" in html


def test_a_person_can_be_signed_out_everywhere(client, chief, user, sign_in):
    phone = sign_in(user)
    act(client, "sign_out", user)
    assert phone.get("/akun/saya/").status_code == 302


def test_a_lost_phone_is_taken_off(client, chief, user):
    Authenticator.objects.create(user=user, type="totp", data={})
    act(client, "reset_second_factor", user)
    assert not Authenticator.objects.exists()


def test_roles_are_shown(client, chief):
    html = client.get(f"{LIST}{with_role(Role.INSPECTOR).pk}/change/").content.decode()
    assert "Inspektorat" in html


def test_rows_of_the_sign_in_packages_cannot_be_changed_behind_the_trail():
    assert isinstance(admin.site._wrapped if hasattr(admin.site, "_wrapped") else admin.site, PortalAdminSite)
    for model in (EmailAddress, Authenticator, AccessToken):
        assert not admin.site.is_registered(model)


def test_the_list_costs_the_same_with_ten_and_with_forty(client, chief, django_assert_max_num_queries):
    for count in (10, 30):
        UserFactory.create_batch(count)
        with django_assert_max_num_queries(6):
            client.get(LIST)
