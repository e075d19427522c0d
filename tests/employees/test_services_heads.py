"""Naming heads, Plt and Plh, and handing authority on."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from kepegawaian.audit.models import Event
from kepegawaian.employees import services
from kepegawaian.employees.enums import HoldingKind, LegalState, PositionKind
from kepegawaian.employees.models import Delegation
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused
from tests.employees.factories import EmployeeFactory, UserFactory, holding_of, make_head
from tests.units.factories import RoleAssignmentFactory, UnitFactory

DAY = datetime.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def give(gov, today, **kwargs):
    facts = {
        "principal": gov.section_head,
        "delegate": gov.employee,
        "valid_from": today,
        "valid_to": today + 4 * DAY,
        "decree_number": "800/1/2026",
    }
    return services.delegate(**{**facts, **kwargs})


# --- Heads ----------------------------------------------------------------------------------------
def test_the_post_of_a_head_is_made_and_named_with_the_first_head(gov):
    unit = UnitFactory(name="Kecamatan Oebobo", office=True, parent=gov.root)
    head = make_head(unit)
    position = holding_of(head).position
    assert (position.name, position.kind, position.heads) == ("Camat Oebobo", PositionKind.STRUCTURAL, unit)
    assert services.head_position(unit) == position


def test_an_elected_head_holds_a_post_of_its_own_kind(gov):
    assert holding_of(gov.mayor).position.kind == PositionKind.OFFICIAL


def test_hr_of_a_subtree_names_heads_there_and_nowhere_else(gov, today):
    officer = RoleAssignmentFactory(user=UserFactory(), unit=gov.office).user
    facts = {"employee": gov.employee, "kind": HoldingKind.PLH, "valid_from": today, "actor": officer}
    services.name_head(unit=gov.section, **facts)
    with pytest.raises(PermissionRefused):
        services.name_head(unit=gov.personnel, **facts)


def test_hr_does_not_name_itself(gov, today):
    with pytest.raises(PermissionRefused, match="petugas lain"):
        services.name_head(
            unit=gov.section, employee=gov.hr, kind=HoldingKind.PLH, valid_from=today, actor=gov.hr.user
        )


def test_who_is_not_in_active_service_heads_nothing(gov, today):
    services.change_facts(employee=gov.employee, changes={"legal_state": LegalState.CLTN})
    gov.employee.refresh_from_db()
    with pytest.raises(RuleRefused, match="hukum aktif"):
        services.name_head(unit=gov.section, employee=gov.employee, kind=HoldingKind.PLH, valid_from=today)


def test_a_plh_is_ended_by_hr_and_a_definitive_head_is_not_ended_this_way(gov, today):
    row = services.name_head(unit=gov.section, employee=gov.employee, kind=HoldingKind.PLH, valid_from=today)
    assert services.end_head(row=row, on=today, actor=gov.hr.user).valid_to == today
    with pytest.raises(RuleRefused, match="riwayat jabatan"):
        services.end_head(row=holding_of(gov.section_head), on=today, actor=gov.hr.user)
    with pytest.raises(PermissionRefused):
        services.end_head(row=row, on=today, actor=gov.employee.user)


# --- Delegations ----------------------------------------------------------------------------------
def test_an_official_hands_on_his_own_authority_and_it_is_recorded(gov, today):
    row = give(gov, today, actor=gov.section_head.user)
    event = Event.objects.get(verb="employees.delegated")
    assert (event.subject_id, event.actor) == (str(gov.section_head.pk), gov.section_head.user)
    assert (event.data["delegate"], event.data["row"]) == (str(gov.employee.pk), str(row.pk))


def test_hr_enters_an_order_given_on_paper_and_others_do_not(gov, today):
    assert give(gov, today, actor=gov.hr.user)
    for actor in (gov.employee.user, gov.office_head.user):
        with pytest.raises(PermissionRefused):
            give(gov, today, actor=actor, valid_from=today + 10 * DAY, valid_to=today + 12 * DAY)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"valid_to": datetime.date(2026, 3, 1)}, "valid_to"),
        ({"valid_from": datetime.date(2026, 2, 1), "valid_to": datetime.date(2026, 2, 20)}, "valid_to"),
        ({"decree_number": " "}, "decree_number"),
    ],
)
def test_a_delegation_has_a_period_to_come_and_an_order(gov, today, facts, field):
    with pytest.raises(RuleRefused) as excinfo:
        give(gov, today, **facts)
    assert excinfo.value.problems[0].field == field


def test_nobody_delegates_to_himself(gov, today):
    with pytest.raises(RuleRefused, match="orang lain"):
        give(gov, today, delegate=gov.section_head)


def test_who_heads_nothing_has_nothing_to_hand_on(gov, today):
    with pytest.raises(RuleRefused, match="tidak memimpin unit"):
        give(gov, today, principal=gov.colleague)


def test_the_delegate_is_in_active_service(gov, today):
    idle = EmployeeFactory(unit=gov.section, legal_state=LegalState.SUSPENDED)
    with pytest.raises(RuleRefused, match="hukum aktif"):
        give(gov, today, delegate=idle)


def test_one_delegation_at_a_time(gov, today):
    row = give(gov, today)
    with pytest.raises(RuleRefused, match="Akhiri lebih dahulu"):
        give(gov, today, delegate=gov.colleague, valid_from=today + 4 * DAY, valid_to=today + 9 * DAY)
    services.end_delegation(row=row)
    assert give(gov, today, delegate=gov.colleague)


def test_a_running_delegation_keeps_its_past_days(gov, today, time_machine):
    row = give(gov, today)
    time_machine.move_to(datetime.datetime(2026, 3, 4, 3, tzinfo=datetime.UTC))
    row = services.end_delegation(row=row, actor=gov.section_head.user)
    assert (row.valid_to, row.ended_at is not None) == (datetime.date(2026, 3, 3), True)


def test_it_ends_once_and_by_who_may(gov, today):
    row = give(gov, today)
    with pytest.raises(PermissionRefused):
        services.end_delegation(row=row, actor=gov.employee.user)
    services.end_delegation(row=row)
    with pytest.raises(ApplicationError, match="sudah diakhiri"):
        services.end_delegation(row=row)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [({"delegate": "section_head"}, "delegation_to_another"), ({"valid_to": None}, "delegation_has_an_end")],
)
def test_postgresql_refuses_what_is_no_delegation(gov, today, facts, constraint):
    values = {"delegate": "employee", "valid_to": today, **facts}
    values["delegate"] = getattr(gov, values["delegate"])
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Delegation.objects.create(principal=gov.section_head, valid_from=today, decree_number="1", **values)
