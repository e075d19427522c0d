"""Printing first sign-ins: for whom, by whom, and what becomes of the codes."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kepegawaian.accounts.models import ActivationCode
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.employees import activation
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.units.factories import RoleAssignmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
INDEX = reverse("employee_activation:index")
CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}")


@pytest.fixture
def hr(gov):
    return signed_in(Role.HR_CENTRAL)


def signed_in(role=None, **where):
    client = Client()
    client.user = UserFactory()
    if role:
        RoleAssignmentFactory(user=client.user, role=role, **where)
    client.force_login(client.user)
    return client


def page(unit):
    return reverse("employee_activation:unit", args=[unit.pk])


def text(response):
    return " ".join(response.content.decode().split())


def test_units_with_accounts_never_used_are_listed_with_their_number(hr, gov):
    rows = dict(hr.get(INDEX).context["rows"])
    assert rows[gov.section] == Employee.objects.filter(current_unit=gov.section).count()
    assert gov.root not in rows or rows[gov.root]


def test_a_unit_is_found_by_its_name(hr, gov):
    rows = hr.get(INDEX, {"q": gov.school.name}).context["rows"]
    assert [unit for unit, _count in rows] == [gov.school]


def test_an_activated_account_waits_no_more(hr, gov, time_machine):
    person = gov.staff[0]
    person.user.activated_at = person.user.created_at
    person.user.save()
    names = {row.pk for row in hr.get(page(gov.section)).context["page"]}
    assert person.pk not in names


@pytest.mark.parametrize("role", [None, Role.LEADER, Role.INSPECTOR, Role.ADMIN])
def test_others_may_not_print(gov, role):
    client = signed_in(role)
    assert client.get(INDEX).status_code == 403
    assert client.post(page(gov.section)).status_code == 403
    assert not ActivationCode.objects.exists()


def test_hr_of_another_office_does_not_find_the_unit(gov):
    client = signed_in(Role.HR_UNIT, unit=gov.personnel)
    assert client.post(page(gov.section)).status_code == 404
    assert client.get(page(gov.personnel)).status_code == 200


def test_a_get_makes_no_code(hr, gov):
    assert not CODE.search(text(hr.get(page(gov.section))))
    assert not ActivationCode.objects.exists()


def test_the_print_has_a_working_code_for_everybody_of_the_unit(hr, gov):
    waiting = Employee.objects.filter(current_unit=gov.section).count()
    response = hr.post(page(gov.section), {"format": "html"})
    codes = CODE.findall(text(response))
    assert len(codes) == len(set(codes)) == waiting == ActivationCode.objects.count()
    assert "no-store" in response["Cache-Control"]
    person = Employee.objects.filter(current_unit=gov.section).order_by("name").first()
    opened = Client().post(reverse("accounts:activate"), {"login": person.current_nip, "code": codes[0]})
    assert opened.status_code == 302


def test_only_the_chosen_get_one(hr, gov):
    chosen = gov.staff[0]
    response = hr.post(page(gov.section), {"format": "html", "id": [str(chosen.pk), "bukan-id"]})
    assert len(CODE.findall(text(response))) == 1
    assert ActivationCode.objects.get().user == chosen.user


def test_a_person_of_another_unit_cannot_be_slipped_in(hr, gov):
    response = hr.post(page(gov.section), {"id": [str(gov.teachers[0].pk)]}, follow=True)
    assert "Tidak ada akun yang menunggu" in text(response)
    assert not ActivationCode.objects.exists()


def test_printing_again_ends_the_codes_before(hr, gov):
    first = CODE.findall(text(hr.post(page(gov.section))))
    second = CODE.findall(text(hr.post(page(gov.section))))
    assert not set(first) & set(second)
    assert ActivationCode.objects.count() == len(second)


def test_the_trail_says_who_printed_for_whom_and_no_code(hr, gov):
    codes = CODE.findall(text(hr.post(page(gov.section))))
    event = Event.objects.get(verb="employees.activation_printed")
    assert (event.actor, len(event.data["people"])) == (hr.user, len(codes))
    assert not any(code in str(row.data) for row in Event.objects.all() for code in codes)


def test_the_pdf_is_a_pdf_and_is_not_cached(hr, gov):
    response = hr.post(page(gov.section), {"format": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]


def test_too_many_for_one_print_are_refused_in_words(gov, monkeypatch):
    monkeypatch.setattr(activation, "AT_ONCE", 1)
    hr = signed_in(Role.HR_CENTRAL).user
    with pytest.raises(ApplicationError, match="Paling banyak 1 kode"):
        activation.issue_slips(unit=gov.section, chosen=[], actor=hr)


def test_the_verb_asks_for_the_right_itself(gov):
    with pytest.raises(PermissionRefused):
        activation.issue_slips(unit=gov.section, chosen=[], actor=gov.employee.user)


def test_printing_costs_the_same_for_one_person_and_for_many(hr, gov, django_assert_max_num_queries):
    for unit, people in ((gov.section, 1), (gov.second_section, 30)):
        for _number in range(people):
            EmployeeFactory(unit=unit)
    hr.get(page(gov.section))
    counts = []
    for unit in (gov.section, gov.second_section):
        with django_assert_max_num_queries(25) as counted:
            hr.post(page(unit))
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_the_lists_cost_few_statements(hr, gov, django_assert_max_num_queries):
    hr.get(INDEX)
    for url in (INDEX, page(gov.section)):
        with django_assert_max_num_queries(10):
            hr.get(url)
