"""Who holds which box: the decider table of leave reference section 7 over the reporting line."""

import pytest

from kepegawaian.employees import services as employees
from kepegawaian.employees.enums import PositionKind
from kepegawaian.employees.models import Position, PositionHolding
from kepegawaian.units.models import Unit, UnitFunction
from leave.approvals import Case, Resolver, seed_decider_rules
from leave.enums import DeciderKind, LeaveType, RankClass, StepKind
from leave.models import DeciderRule
from tests.employees.factories import EmployeeFactory, holding_of, make_head
from tests.leave.factories import MONDAY, day


def resolver(employee, leave_type="CT", *, abroad=False, length=5):
    return Resolver(Case(employee, leave_type, abroad, length), MONDAY)


def names(employee, *args, **kwargs):
    asked = resolver(employee, *args, **kwargs)
    return tuple(
        each.holder.employee.name if each.holder else None for each in (asked.opinion(), asked.decision())
    )


def rank_class(employee):
    return resolver(employee).rank_class


def give_post(employee, name, kind, **facts):
    position, _made = Position.objects.update_or_create(name=name, kind=kind, defaults=facts)
    holding = holding_of(employee)
    PositionHolding.objects.filter(pk=holding.pk).update(position=position)
    return employee


def rule(**values):
    return DeciderRule.objects.create(valid_from=day(1, 1), **values)


# --- Classes ----------------------------------------------------------------------------------------
def test_classes_of_the_reference_table(gov):
    assert rank_class(gov.employee) == RankClass.STAFF
    assert rank_class(gov.teachers[0]) == RankClass.SERVICE_STAFF
    assert rank_class(gov.office_head) == RankClass.OFFICE_HEAD
    assert rank_class(gov.secretary) == RankClass.SECRETARY


@pytest.mark.parametrize(
    ("eselon", "expected"),
    [
        ("II.b", RankClass.OFFICE_HEAD),
        ("III.a", RankClass.ADMINISTRATOR),
        ("III/b", RankClass.ADMINISTRATOR),
        ("32", RankClass.ADMINISTRATOR),
        ("IV.a", RankClass.STAFF),
        ("", RankClass.STAFF),
    ],
)
def test_structural_posts_by_eselon(gov, eselon, expected):
    give_post(gov.employee, "Pejabat", PositionKind.STRUCTURAL, eselon=eselon)
    assert rank_class(gov.employee) == expected


def test_functional_posts_count_as_madya_from_iv_a_on(gov):
    low, high = EmployeeFactory(unit=gov.section), EmployeeFactory(unit=gov.section, golongan="IV/a")
    for person in (low, high):
        give_post(person, "Auditor", PositionKind.FUNCTIONAL)
    assert (rank_class(low), rank_class(high)) == (RankClass.STAFF, RankClass.ADMINISTRATOR)


def test_a_pppk_is_a_class_of_its_own(gov):
    assert rank_class(EmployeeFactory(pppk=True, unit=gov.section)) == RankClass.PPPK


def test_a_plt_keeps_the_class_of_his_own_post(gov):
    vacate(gov.second_section)
    employees.name_head(
        unit=gov.second_section, employee=gov.employee, kind="plt", valid_from=day(3, 1), decree_number="9"
    )
    assert rank_class(gov.employee) == RankClass.STAFF


# --- The default table ------------------------------------------------------------------------------
def test_staff_by_the_default_table(gov):
    assert names(gov.employee) == ("Bayu Bidang", "Dewi Dinas")
    assert names(gov.employee, LeaveType.CS, length=14) == ("Bayu Bidang", "Dewi Dinas")
    assert names(gov.employee, LeaveType.CM, length=90) == ("Bayu Bidang", "Dewi Dinas")
    assert names(gov.employee, LeaveType.CB, length=60) == ("Bayu Bidang", "Budi Badan")
    assert names(gov.employee, LeaveType.CLTN, length=400) == ("Bayu Bidang", "Yohanes Wali")


def test_school_staff_by_the_default_table(gov):
    assert names(gov.teachers[0]) == ("Gani Kepala", "Dewi Dinas")


def test_the_head_of_an_office_by_the_default_table(gov):
    assert names(gov.office_head) == ("Sinta Sekretaris", "Sinta Sekretaris")
    assert names(gov.office_head, LeaveType.CB) == ("Sinta Sekretaris", "Yohanes Wali")


def test_the_secretary_by_the_default_table(gov):
    assert names(gov.secretary) == ("Yohanes Wali", "Yohanes Wali")


def test_administrators_go_higher_for_long_sickness(gov):
    give_post(gov.employee, "Sekretaris Dinas", PositionKind.STRUCTURAL, eselon="III.a")
    assert names(gov.employee, LeaveType.CS, length=14)[1] == "Dewi Dinas"
    assert names(gov.employee, LeaveType.CS, length=15)[1] == "Budi Badan"
    assert names(gov.employee, LeaveType.CB)[1] == "Sinta Sekretaris"


def test_everybody_abroad_is_decided_by_the_head_of_government(gov):
    people = (gov.employee, gov.teachers[0], gov.office_head, EmployeeFactory(pppk=True, unit=gov.section))
    assert {names(person, abroad=True)[1] for person in people} == {"Yohanes Wali"}


def test_seeding_twice_adds_nothing(gov):
    before = DeciderRule.objects.count()
    assert seed_decider_rules() == 0
    assert DeciderRule.objects.count() == before


# --- Rows of a region -------------------------------------------------------------------------------
def test_a_row_for_a_unit_wins_over_the_general_one(gov):
    rule(type="CT", unit=gov.section, decider=DeciderKind.SUPERIOR, abroad=False)
    assert names(gov.employee) == ("Bayu Bidang", "Bayu Bidang")
    assert names(gov.second_staff[0])[1] == "Dewi Dinas"


def test_the_deeper_unit_wins(gov):
    rule(unit=gov.office, decider=DeciderKind.PPK)
    rule(unit=gov.section, decider=DeciderKind.SECRETARY)
    assert names(gov.employee)[1] == "Sinta Sekretaris"


def test_abroad_is_not_overruled_by_a_row_that_does_not_speak_of_it(gov):
    rule(type="CT", rank_class=RankClass.STAFF, unit=gov.section, decider=DeciderKind.SUPERIOR)
    assert names(gov.employee, abroad=True)[1] == "Yohanes Wali"


def test_a_row_may_name_the_head_of_a_certain_unit(gov):
    rule(unit=gov.section, decider=DeciderKind.OFFICE_HEAD, decider_unit=gov.second_section)
    assert names(gov.employee)[1] == "Citra Bidang"


def test_a_row_may_say_who_gives_the_opinion(gov):
    rule(step=StepKind.OPINION, unit=gov.section, decider=DeciderKind.OFFICE_HEAD)
    assert names(gov.employee)[0] == "Dewi Dinas"


def test_rows_of_the_past_do_not_count(gov):
    rule(unit=gov.section, decider=DeciderKind.PPK, valid_to=day(2, 1))
    assert names(gov.employee)[1] == "Dewi Dinas"


def test_of_two_equal_rows_the_newer_one_holds(gov):
    rule(unit=gov.section, decider=DeciderKind.PPK)
    DeciderRule.objects.create(unit=gov.section, decider=DeciderKind.SECRETARY, valid_from=day(2, 1))
    assert names(gov.employee)[1] == "Sinta Sekretaris"


def test_without_a_row_nobody_decides(gov):
    DeciderRule.objects.all().delete()
    asked = resolver(gov.employee).decision()
    assert asked.holder is None
    assert "Tabel pejabat cuti" in str(asked.missing)


# --- Vacant posts and oneself -----------------------------------------------------------------------
def vacate(unit):
    PositionHolding.objects.filter(heads=unit).delete()


def test_a_vacant_deciding_post_is_not_guessed_from_the_tree(gov):
    vacate(gov.office)
    asked = resolver(gov.employee).decision()
    assert asked.holder is None
    assert "belum ada pemegangnya" in str(asked.missing)


def test_a_vacant_superior_is_climbed_over(gov):
    vacate(gov.section)
    assert names(gov.employee)[0] == "Dewi Dinas"


def test_a_plt_decides_for_a_vacant_post(gov):
    vacate(gov.office)
    make_head(gov.office, kind="plt", name="Pelaksana Tugas", since=day(3, 1))
    asked = resolver(gov.employee).decision()
    assert (asked.holder.employee.name, asked.holder.capacity) == ("Pelaksana Tugas", "Plt.")


def test_a_delegate_decides_in_the_name_of_the_principal(gov):
    employees.delegate(
        principal=gov.office_head,
        delegate=gov.section_head,
        valid_from=day(3, 1),
        valid_to=day(3, 31),
        decree_number="800/1",
        actor=gov.office_head.user,
    )
    holder = resolver(gov.second_staff[0]).decision().holder
    assert (holder.employee, holder.principal) == (gov.section_head, gov.office_head)


def test_nobody_decides_on_himself_but_the_next_one_above(gov):
    rule(unit=gov.office, decider=DeciderKind.OFFICE_HEAD)
    assert names(gov.office_head)[1] == "Sinta Sekretaris"


def test_a_plt_of_ones_own_office_does_not_decide_on_himself(gov):
    vacate(gov.office)
    employees.name_head(
        unit=gov.office, employee=gov.section_head, kind="plt", valid_from=day(3, 1), decree_number="7"
    )
    assert names(gov.section_head)[1] == "Sinta Sekretaris"


def test_an_unknown_personnel_office_leaves_the_step_without_holder(gov):
    Unit.objects.filter(function=UnitFunction.PERSONNEL).update(function="")
    assert resolver(gov.employee, LeaveType.CB).decision().holder is None


def test_both_boxes_cost_a_constant_number_of_statements(gov, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        asked = resolver(gov.employee)
        asked.opinion()
        asked.decision()
