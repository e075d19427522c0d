"""*Cuti bersama* days worked: entered by HR on a page, listed with source and author, taken back by a movement."""

import datetime

import pytest
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.calendars.models import Holiday
from kepegawaian.employees.models import DutyDay
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from leave import services
from leave.models import Movement
from leave.selectors import balance_of, credits_of
from leave.services.collective import credit_worked_days
from tests.employees.factories import EmployeeFactory
from tests.leave.factories import day
from tests.units.factories import RoleAssignmentFactory

MISSED = day(2, 16)


@pytest.fixture(autouse=True)
def holiday(db):
    return Holiday.objects.create(
        date=MISSED, kind="collective", name_id="Cuti bersama Imlek", name_en="Lunar New Year leave"
    )


@pytest.fixture
def hr(sign_in, gov):
    return sign_in(gov.hr)


def page(person):
    return reverse("leave:collective", args=[person.pk])


def undo_page(person, missed=MISSED):
    return reverse("leave:undo_collective", args=[person.pk, missed])


def enter(client, person, missed=MISSED, order="800/12/2026"):
    return client.post(page(person), {"missed": missed.isoformat(), "order_number": order})


def undo(flow, **more):
    values = {"actor": flow.gov.hr.user, "employee": flow.employee, "missed": MISSED, "reason": "Salah orang"}
    services.undo_collective_leave(**values | more)


def text(response):
    return " ".join(response.content.decode().split())


def moved(person):
    rows = Movement.objects.filter(bucket__account__employee=person, bucket__kind="X").order_by("id")
    return [(row.kind, row.days, row.note) for row in rows]


def test_hr_enters_a_day_and_it_is_listed_with_its_order_and_author(hr, gov):
    assert "Cuti bersama Imlek" in text(hr.get(page(gov.employee)))
    assert enter(hr, gov.employee).status_code == 302
    assert balance_of(gov.employee).left == 13
    html = text(hr.get(page(gov.employee)))
    assert "800/12/2026" in html
    assert gov.hr.name in html
    assert "Dapat dipakai sampai 31 Des 2026" in html
    assert moved(gov.employee) == [("credit", 1, "800/12/2026")]


def test_the_balance_page_leads_there_and_names_the_order(hr, gov):
    enter(hr, gov.employee)
    html = text(hr.get(reverse("leave:balance_of", args=[gov.employee.pk])))
    assert page(gov.employee) in html
    assert "800/12/2026" in html


def test_the_same_day_twice_is_one_day(hr, gov):
    enter(hr, gov.employee)
    assert "sudah pernah ditambahkan" in text(
        hr.post(page(gov.employee), {"missed": MISSED.isoformat(), "order_number": "800/13"}, follow=True)
    )
    assert balance_of(gov.employee).left == 13


def test_without_an_order_or_on_another_day_nothing_is_entered(hr, gov):
    assert enter(hr, gov.employee, order="").status_code == 422
    assert enter(hr, gov.employee, missed=day(2, 17)).status_code == 422
    assert not DutyDay.objects.exists()
    assert balance_of(gov.employee).left == 12


def test_undoing_moves_against_it_and_keeps_both_visible(hr, gov):
    enter(hr, gov.employee)
    assert "Batalkan tambahan cuti" in text(hr.get(undo_page(gov.employee)))
    assert hr.post(undo_page(gov.employee), {"reason": "Salah orang"}).status_code == 302
    assert balance_of(gov.employee).left == 12
    assert moved(gov.employee) == [("credit", 1, "800/12/2026"), ("correction", -1, "Salah orang")]
    assert not DutyDay.objects.exists()
    html = text(hr.get(page(gov.employee)))
    assert "Sudah dibatalkan" in html
    assert "Salah orang" in html
    assert undo_page(gov.employee) not in html
    event = Event.objects.get(verb="leave.credit_undone")
    assert (event.actor, event.data["reason"]) == (gov.hr.user, "Salah orang")


def test_what_was_undone_can_be_entered_again_and_the_night_does_not_do_it_alone(hr, gov, flow):
    enter(hr, gov.employee)
    undo(flow)
    assert credit_worked_days() == 0
    enter(hr, gov.employee, order="800/14")
    assert balance_of(gov.employee).left == 13
    [credit] = credits_of(gov.employee)
    assert (credit.undone, credit.entered.note) == (None, "800/14")
    assert credit_worked_days() == 0


def test_undoing_wants_a_reason(hr, gov):
    enter(hr, gov.employee)
    assert hr.post(undo_page(gov.employee), {"reason": "  "}).status_code == 422
    assert balance_of(gov.employee).left == 13


def test_a_day_that_was_used_is_not_taken_back(hr, gov, flow):
    enter(hr, gov.employee)
    flow.submitted(day(4, 6), day(4, 6))
    assert "Sudah dipakai" in text(hr.get(page(gov.employee)))
    with pytest.raises(RuleRefused, match="sudah dipakai"):
        undo(flow)
    response = hr.post(undo_page(gov.employee), {"reason": "Salah orang"})
    assert response.status_code == 422
    assert "sudah dipakai" in text(response)
    assert balance_of(gov.employee).left == 12


def test_undoing_twice_is_refused(flow, hr, gov):
    enter(hr, gov.employee)
    undo(flow)
    with pytest.raises(RuleRefused, match="sudah dibatalkan"):
        undo(flow)


def test_a_credit_of_last_year_in_its_last_days_can_be_entered_late(hr, gov):
    Holiday.objects.create(date=day(12, 26, 2025), kind="collective", name_id="Cuti bersama", name_en="Leave")
    enter(hr, gov.employee, missed=day(12, 26, 2025))
    [credit] = credits_of(gov.employee)
    assert credit.bucket.lapses_on == datetime.date(2026, 12, 31)


def test_only_the_central_office_enters_and_takes_back(sign_in, gov, flow):
    services.credit_collective_leave(actor=gov.hr.user, employee=gov.employee, missed=MISSED, order_number="800/1")
    unit_officer = RoleAssignmentFactory(user=EmployeeFactory().user, role=Role.HR_UNIT, unit=gov.office).user
    for person, status in ((gov.employee, 403), (gov.office_head, 403), (unit_officer, 403), (gov.colleague, 404)):
        client = sign_in(person)
        for url in (page(gov.employee), undo_page(gov.employee)):
            assert client.get(url).status_code == status
            assert client.post(url, {"reason": "x"}).status_code == status
    with pytest.raises(PermissionRefused):
        undo(flow, actor=gov.office_head.user)
    assert balance_of(gov.employee).left == 13


def test_nobody_gives_himself_a_day(hr, gov):
    assert hr.get(page(gov.hr)).status_code == 403
    assert enter(hr, gov.hr).status_code == 403


def test_a_day_that_has_no_credit_cannot_be_undone_by_its_address(hr, gov):
    assert hr.get(undo_page(gov.employee)).status_code == 404
    assert hr.get(page(gov.employee) + "2026-13-45/batalkan/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(hr, gov, django_assert_max_num_queries):
    counts = []
    for n in range(2, 12):
        Holiday.objects.create(date=day(1, n), kind="collective", name_id=f"Hari {n}", name_en=f"Day {n}")
        enter(hr, gov.employee, missed=day(1, n))
        if n in (2, 11):
            with django_assert_max_num_queries(20) as counted:
                hr.get(page(gov.employee))
            counts.append(len(counted))
    assert counts[0] == counts[1]
