"""The verbs of the unit tree, and the dated rows they leave."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused
from kepegawaian.units import registry, services
from kepegawaian.units.models import Unit, UnitFunction, UnitKind, UnitPeriod
from kepegawaian.units.tasks import apply_due
from tests.employees.factories import UserFactory
from tests.units.factories import RoleAssignmentFactory, UnitFactory

D = datetime.date
TODAY = D(2026, 3, 2)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 2, 3, tzinfo=datetime.UTC))


@pytest.fixture
def root():
    return UnitFactory(government=True)


@pytest.fixture
def office(root):
    return UnitFactory(office=True, name="Dinas Kesehatan", parent=root)


def periods(unit):
    return list(UnitPeriod.objects.filter(unit=unit).values_list("name", "parent__name", "valid_from", "valid_to"))


# --- Create ---------------------------------------------------------------------------------------
def test_a_unit_begins_with_a_dated_row_and_an_event(root):
    unit = services.create_unit(name="Dinas Sosial", parent=root, kind=UnitKind.OFFICE, opened_on=D(2024, 1, 1))
    assert unit.path.startswith(root.path)
    assert periods(unit) == [("Dinas Sosial", root.name, D(2024, 1, 1), None)]
    assert Event.objects.filter(verb="units.created", subject_id=unit.pk).exists()


def test_units_may_stand_at_any_depth(root):
    unit = root
    for level in range(10):
        unit = UnitFactory(parent=unit, name=f"Unit {level}")
    assert unit.depth == 11


@pytest.mark.parametrize(
    ("taken", "field"), [({"code": "A1"}, "code"), ({"function": UnitFunction.PERSONNEL}, "function")]
)
def test_code_and_function_are_held_by_one_unit(root, taken, field):
    services.create_unit(name="Satu", parent=root, **taken)
    with pytest.raises(RuleRefused) as refused:
        services.create_unit(name="Dua", parent=root, **taken)
    assert refused.value.problems[0].field == field


def test_nothing_is_opened_below_a_closed_unit(root, office):
    services.close(unit=office, on=TODAY)
    office.refresh_from_db()
    with pytest.raises(RuleRefused, match="sudah ditutup"):
        services.create_unit(name="Bidang", parent=office, opened_on=TODAY)


# --- Rename and move ------------------------------------------------------------------------------
def test_a_new_name_keeps_the_old_one_for_its_time(office, root):
    services.rename(unit=office, name="Dinas Kesehatan dan KB", on=D(2026, 1, 1), decree="Perda 1/2025")
    office.refresh_from_db()
    assert office.name == "Dinas Kesehatan dan KB"
    assert periods(office) == [
        ("Dinas Kesehatan", root.name, D(2000, 1, 1), D(2025, 12, 31)),
        ("Dinas Kesehatan dan KB", root.name, D(2026, 1, 1), None),
    ]


def test_a_unit_moves_with_all_below_it(root, office):
    section = UnitFactory(parent=office)
    other = UnitFactory(office=True, name="Dinas Lain", parent=root)
    services.move(unit=section, parent=other, on=TODAY)
    section.refresh_from_db()
    assert section.path.startswith(other.path)
    assert periods(section)[-1] == (section.name, "Dinas Lain", TODAY, None)
    office.refresh_from_db()
    assert (office.numchild, Unit.objects.find_problems()) == (0, ([], [], [], [], []))


def test_a_unit_cannot_stand_below_itself(office):
    section = UnitFactory(parent=office)
    for target in (office, section):
        with pytest.raises(RuleRefused, match="bawah dirinya"):
            services.move(unit=office, parent=target, on=TODAY)


def test_a_change_to_come_waits_for_its_day(time_machine, office, root):
    other = UnitFactory(office=True, name="Dinas Lain", parent=root)
    section = UnitFactory(parent=office, name="Bidang Lama")
    services.rename(unit=section, name="Bidang Baru", on=D(2026, 4, 1))
    services.move(unit=section, parent=other, on=D(2026, 4, 1))
    section.refresh_from_db()
    assert (section.name, section.path.startswith(office.path)) == ("Bidang Lama", True)
    time_machine.move_to(datetime.datetime(2026, 4, 1, 3, tzinfo=datetime.UTC))
    assert (apply_due(), apply_due()) == (1, 0)
    section.refresh_from_db()
    assert (section.name, section.path.startswith(other.path)) == ("Bidang Baru", True)


def test_a_missed_night_is_made_up_for(time_machine, office):
    services.rename(unit=office, name="Dinas Baru", on=D(2026, 4, 1))
    time_machine.move_to(datetime.datetime(2026, 6, 1, 3, tzinfo=datetime.UTC))
    apply_due()
    office.refresh_from_db()
    assert office.name == "Dinas Baru"


def test_a_second_change_on_the_same_day_joins_the_first(root, office):
    services.rename(unit=office, name="Dinas A", on=TODAY)
    services.rename(unit=office, name="Dinas B", on=TODAY)
    assert [row[0] for row in periods(office)] == ["Dinas Kesehatan", "Dinas B"]


def test_history_is_not_rewritten_behind_a_later_change(office):
    services.rename(unit=office, name="Dinas A", on=TODAY)
    with pytest.raises(RuleRefused, match="sesudah tanggal itu"):
        services.rename(unit=office, name="Dinas B", on=D(2025, 1, 1))


# --- Close and open again -------------------------------------------------------------------------
def test_a_closed_unit_stays_with_the_end_of_its_time(office):
    services.close(unit=office, on=TODAY)
    office.refresh_from_db()
    assert office.closed_on == TODAY
    assert office not in Unit.objects.open(TODAY)
    assert office in Unit.objects.open(D(2026, 3, 1))
    assert periods(office)[-1][3] == D(2026, 3, 1)


def test_a_unit_with_open_units_below_does_not_close(office):
    section = UnitFactory(parent=office)
    with pytest.raises(RuleRefused, match="1 unit di bawahnya"):
        services.close(unit=office, on=TODAY)
    services.close(unit=section, on=TODAY)
    assert services.close(unit=office, on=TODAY).closed_on == TODAY


def test_a_unit_closes_once_and_not_before_it_opened(office):
    with pytest.raises(RuleRefused, match="sesudah tanggal dibuka"):
        services.close(unit=office, on=D(2000, 1, 1))
    services.close(unit=office, on=TODAY)
    with pytest.raises(ApplicationError, match="sudah ditutup"):
        services.close(unit=office, on=TODAY)
    with pytest.raises(RuleRefused, match="sudah ditutup"):
        services.rename(unit=office, name="X", on=TODAY)


def test_a_closing_by_mistake_is_taken_back(office):
    services.close(unit=office, on=TODAY)
    services.reopen(unit=office, on=TODAY)
    office.refresh_from_db()
    assert office.closed_on is None
    assert [(row[2], row[3]) for row in periods(office)] == [(D(2000, 1, 1), D(2026, 3, 1)), (TODAY, None)]
    with pytest.raises(ApplicationError, match="tidak ditutup"):
        services.reopen(unit=office, on=TODAY)


def test_a_unit_does_not_open_again_below_a_closed_one(office):
    section = UnitFactory(parent=office)
    services.close(unit=section, on=TODAY)
    services.close(unit=office, on=TODAY)
    with pytest.raises(RuleRefused, match="induk sudah ditutup"):
        services.reopen(unit=section, on=TODAY)


# --- Who may, and who is told ---------------------------------------------------------------------
def test_only_who_manages_units_there_may_change_them(root, office):
    other = UnitFactory(office=True, name="Dinas Lain", parent=root)
    manager = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_CENTRAL, unit=office).user
    services.rename(unit=office, name="Dinas A", on=TODAY, actor=manager)
    for verb in (
        lambda: services.rename(unit=other, name="X", on=TODAY, actor=manager),
        lambda: services.move(unit=office, parent=other, on=TODAY, actor=manager),
        lambda: services.close(unit=other, on=TODAY, actor=manager),
        lambda: services.create_unit(name="X", parent=root, actor=manager),
        lambda: services.create_unit(name="X", actor=manager),
    ):
        with pytest.raises(PermissionRefused):
            verb()


def test_apps_above_hear_of_a_changed_tree_and_may_refuse_a_closing(monkeypatch, office):
    heard = []
    monkeypatch.setattr(registry, "_tree_changed", [heard.append])
    services.rename(unit=office, name="Dinas A", on=TODAY)
    assert heard == [office.path]


# --- In PostgreSQL --------------------------------------------------------------------------------
def test_postgresql_refuses_a_unit_that_closes_before_it_opens(office):
    with pytest.raises(IntegrityError, match="unit_closes_after_opening"), transaction.atomic():
        Unit.objects.filter(pk=office.pk).update(closed_on=office.opened_on)


def test_postgresql_refuses_a_second_unit_of_a_function(root, office):
    with pytest.raises(IntegrityError, match="one_unit_per_function"), transaction.atomic():
        Unit.objects.filter(pk=office.pk).update(function=UnitFunction.HEAD_OF_GOVERNMENT)
