"""Dated rows: what a new one does to its neighbours, and how a wrong one is put right."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from kepegawaian.audit.models import Event
from kepegawaian.employees import registry, services
from kepegawaian.employees.enums import HoldingKind, PositionKind
from kepegawaian.employees.models import Employee, Position, PositionHolding, RankHolding
from kepegawaian.employees.services import guards, refresh_current
from kepegawaian.employees.tasks import refresh_current as nightly
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from kepegawaian.units import services as units
from tests.employees.factories import SINCE, EmployeeFactory, holding_of, make_head

D = datetime.date
DAY = datetime.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def ranks(person):
    rows = RankHolding.objects.standing().filter(employee=person).order_by("valid_from")
    return list(rows.values_list("golongan", "valid_from", "valid_to"))


def posts(person):
    rows = PositionHolding.objects.standing().filter(employee=person).order_by("valid_from", "kind")
    return list(rows.values_list("position__name", "valid_from", "valid_to"))


def add_post(person, unit, name, valid_from, **kwargs):
    position = services.position_named(name, PositionKind.EXECUTIVE)
    return services.add_position(employee=person, position=position, unit=unit, valid_from=valid_from, **kwargs)


@pytest.fixture
def changes():
    heard = []
    registry.on_holder_change(heard.append)
    yield heard
    registry.forget(heard.append)


# --- Rank -----------------------------------------------------------------------------------------
def test_a_rank_ends_the_one_before(gov):
    services.add_rank(employee=gov.employee, golongan="Penata Muda Tingkat I (III/b)", valid_from=D(2024, 4, 1))
    assert ranks(gov.employee) == [("III/a", SINCE, D(2024, 3, 31)), ("III/b", D(2024, 4, 1), None)]
    gov.employee.refresh_from_db()
    assert (gov.employee.current_golongan, gov.employee.current_rank_order) == ("III/b", 32)


def test_a_rank_found_later_goes_between_its_neighbours(gov):
    services.add_rank(employee=gov.employee, golongan="III/c", valid_from=D(2025, 4, 1))
    services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2023, 4, 1))
    assert [row[1:] for row in ranks(gov.employee)] == [
        (SINCE, D(2023, 3, 31)),
        (D(2023, 4, 1), D(2025, 3, 31)),
        (D(2025, 4, 1), None),
    ]
    gov.employee.refresh_from_db()
    assert gov.employee.current_golongan == "III/c"


def test_a_rank_of_long_ago_stands_before_all_others(gov):
    services.add_rank(employee=gov.employee, golongan="II/c", valid_from=D(2012, 4, 1))
    assert ranks(gov.employee)[0] == ("II/c", D(2012, 4, 1), SINCE - DAY)


def test_two_ranks_of_one_date_are_refused(gov):
    with pytest.raises(RuleRefused, match="TMT itu"):
        services.add_rank(employee=gov.employee, golongan="III/b", valid_from=SINCE)


def test_a_constraint_without_a_sentence_of_its_own_shows_no_name():
    assert "one_rank" not in str(guards._message(RankHolding, "one_rank_at_a_time"))


@pytest.mark.parametrize("golongan", ["IX", "III/e", ""])
def test_a_golongan_of_another_scheme_is_refused(gov, golongan):
    with pytest.raises(RuleRefused, match="tidak dikenal"):
        services.add_rank(employee=gov.employee, golongan=golongan, valid_from=D(2024, 1, 1))


# --- Position -------------------------------------------------------------------------------------
def test_a_definitive_post_ends_the_one_before_and_moves_the_person(gov):
    add_post(gov.employee, gov.second_section, "Arsiparis Ahli Pertama", D(2025, 1, 1))
    assert posts(gov.employee) == [
        ("Penata Layanan Operasional", SINCE, D(2024, 12, 31)),
        ("Arsiparis Ahli Pertama", D(2025, 1, 1), None),
    ]
    gov.employee.refresh_from_db()
    assert gov.employee.current_unit == gov.second_section
    assert (gov.employee.current_path, gov.employee.current_position) == (
        gov.second_section.path,
        "Arsiparis Ahli Pertama",
    )


def test_a_plt_stands_beside_the_definitive_post(gov):
    services.end_holding(row=holding_of(gov.second_section_head), on=D(2026, 3, 1))
    row = services.name_head(
        unit=gov.second_section, employee=gov.section_head, kind=HoldingKind.PLT, valid_from=D(2026, 3, 2)
    )
    assert (row.heads, row.kind) == (gov.second_section, HoldingKind.PLT)
    assert holding_of(gov.section_head).valid_to is None
    gov.section_head.refresh_from_db()
    assert gov.section_head.current_unit == gov.section


def test_a_post_of_the_same_name_and_kind_is_shared(gov):
    assert services.position_named("Penata  Layanan Operasional", PositionKind.EXECUTIVE).name == (
        "Penata Layanan Operasional"
    )
    assert Position.objects.filter(name="Penata Layanan Operasional").count() == 1


def test_a_second_head_is_refused_with_the_name_of_the_first(gov):
    with pytest.raises(RuleRefused, match=r"Bayu Bidang masih menjabat sejak 1 Januari 2020"):
        services.name_head(unit=gov.section, employee=gov.employee, valid_from=D(2026, 3, 2))


def test_a_plt_for_a_filled_post_is_refused_and_a_plh_is_not(gov):
    with pytest.raises(RuleRefused, match="gunakan Plh"):
        services.name_head(unit=gov.section, employee=gov.employee, kind=HoldingKind.PLT, valid_from=D(2026, 3, 2))
    services.name_head(unit=gov.section, employee=gov.employee, kind=HoldingKind.PLH, valid_from=D(2026, 3, 2))


def test_a_new_head_may_follow_from_the_day_after(gov):
    services.end_holding(row=holding_of(gov.section_head), on=D(2026, 3, 31))
    services.name_head(unit=gov.section, employee=gov.employee, valid_from=D(2026, 4, 1))
    assert PositionHolding.objects.filter(heads=gov.section).count() == 2


def test_nobody_gets_a_post_in_a_closed_unit(gov):
    type(gov.section).objects.filter(pk=gov.section.pk).update(closed_on=D(2026, 1, 1))
    gov.section.refresh_from_db()
    with pytest.raises(RuleRefused, match="sudah ditutup"):
        add_post(gov.colleague, gov.section, "Arsiparis", D(2026, 3, 1))


def test_a_unit_with_people_does_not_close(gov, today):
    for person in [gov.section_head, *gov.staff[1:]]:
        services.end_holding(row=holding_of(person), on=today - DAY)
    with pytest.raises(RuleRefused, match="1 pegawai"):
        units.close(unit=gov.section, on=today)
    services.end_holding(row=holding_of(gov.employee), on=today - DAY)
    assert units.close(unit=gov.section, on=today).closed_on == today


def test_hr_alone_adds_rows_and_only_where_it_has_a_say(gov):
    for actor in (gov.employee.user, gov.section_head.user, gov.mayor.user):
        with pytest.raises(PermissionRefused):
            services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2024, 1, 1), actor=actor)
        with pytest.raises(PermissionRefused):
            services.name_head(
                unit=gov.second_section,
                employee=gov.employee,
                kind=HoldingKind.PLH,
                valid_from=D(2026, 3, 2),
                actor=actor,
            )


# --- End, correct, withdraw -----------------------------------------------------------------------
def test_an_ended_post_is_vacant_from_the_next_day(gov, today):
    services.end_holding(row=holding_of(gov.employee), on=today - DAY, actor=gov.hr.user)
    gov.employee.refresh_from_db()
    assert (gov.employee.current_unit, gov.employee.current_position) == (None, "")


def test_a_post_does_not_end_before_it_begins_nor_later_than_it_ended(gov, today):
    row = holding_of(gov.employee)
    with pytest.raises(RuleRefused, match="sesudah tanggal mulai"):
        services.end_holding(row=row, on=SINCE - DAY)
    services.end_holding(row=row, on=today)
    with pytest.raises(RuleRefused, match="sudah berakhir"):
        services.end_holding(row=row, on=today + DAY)


def test_a_correction_keeps_the_wrong_row_visible(gov):
    wrong = services.add_rank(employee=gov.employee, golongan="III/c", valid_from=D(2024, 4, 1))
    right = services.correct(
        row=wrong, changes={"golongan": "III/b", "order": 32}, reason="Salah ketik", actor=gov.hr.user
    )
    wrong.refresh_from_db()
    assert (wrong.golongan, wrong.superseded_reason, right.golongan) == ("III/c", "Salah ketik", "III/b")
    assert wrong.superseded_at is not None
    gov.employee.refresh_from_db()
    assert gov.employee.current_golongan == "III/b"
    event = Event.objects.get(verb="employees.rank_corrected")
    assert event.data["changes"]["golongan"] == {"from": "III/c", "to": "III/b"}


@pytest.mark.parametrize("start", [D(2024, 3, 1), D(2024, 5, 1)])
def test_a_corrected_date_moves_the_end_of_the_row_before(gov, start):
    row = services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2024, 4, 1))
    services.correct(row=row, changes={"valid_from": start}, reason="TMT salah")
    assert ranks(gov.employee) == [("III/a", SINCE, start - DAY), ("III/b", start, None)]


def test_a_correction_does_not_jump_over_its_neighbours(gov):
    middle = services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2022, 4, 1))
    services.add_rank(employee=gov.employee, golongan="III/c", valid_from=D(2024, 4, 1))
    for start, words in ((SINCE, "mendahului"), (D(2024, 4, 1), "melewati")):
        with pytest.raises(RuleRefused, match=words):
            services.correct(row=middle, changes={"valid_from": start}, reason="x")


def test_a_correction_says_why_and_happens_once(gov):
    row = services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2024, 4, 1))
    with pytest.raises(RuleRefused, match="alasan"):
        services.correct(row=row, changes={"mk_years": 4}, reason=" ")
    services.correct(row=row, changes={"mk_years": 4}, reason="MK")
    with pytest.raises(RuleRefused, match="diperbaiki orang lain"):
        services.correct(row=row, changes={"mk_years": 5}, reason="MK")


def test_a_corrected_unit_moves_the_person(gov):
    services.correct(row=holding_of(gov.employee), changes={"unit": gov.second_section}, reason="Salah unit")
    gov.employee.refresh_from_db()
    assert gov.employee.current_unit == gov.second_section


def test_a_row_taken_back_lets_the_one_before_hold_on(gov):
    row = services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2024, 4, 1))
    services.withdraw(row=row, reason="Milik orang lain", actor=gov.hr.user)
    assert ranks(gov.employee) == [("III/a", SINCE, None)]
    row.refresh_from_db()
    assert row.superseded_reason == "Milik orang lain"


def test_a_plh_taken_back_touches_no_other_row(gov):
    row = services.name_head(
        unit=gov.section, employee=gov.employee, kind=HoldingKind.PLH, valid_from=D(2026, 3, 2)
    )
    services.withdraw(row=row, reason="Batal")
    assert holding_of(gov.employee).valid_to is None


# --- Projection and the turn of a date ------------------------------------------------------------
def mirror(person):
    fields = ("current_nip", "current_unit_id", "current_path", "current_position", "current_golongan")
    return tuple(Employee.objects.values_list(*fields).get(pk=person.pk))


def test_the_mirror_says_what_the_rows_say_for_everybody(gov):
    before = {person.pk: mirror(person) for person in Employee.objects.all()}
    Employee.objects.update(current_nip="", current_unit=None, current_path="", current_golongan="")
    assert refresh_current() == len(before)
    assert {person.pk: mirror(person) for person in Employee.objects.all()} == before


def test_a_right_mirror_is_not_written_again_and_others_are_left_alone(gov):
    assert refresh_current() == 0
    Employee.objects.update(current_position="salah")
    assert refresh_current([gov.employee.pk]) == 1
    assert mirror(gov.colleague)[3] == "salah"


def test_the_mirror_is_rebuilt_in_one_statement(gov, django_assert_num_queries):
    with django_assert_num_queries(1):
        refresh_current()


def test_a_row_to_come_takes_effect_by_the_nightly_task(gov, time_machine, changes):
    add_post(gov.employee, gov.second_section, "Arsiparis", D(2026, 4, 1))
    services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2026, 4, 1))
    assert mirror(gov.employee)[3:] == ("Penata Layanan Operasional", "III/a")
    changes.clear()
    time_machine.move_to(datetime.datetime(2026, 4, 1, 3, tzinfo=datetime.UTC))
    assert (nightly(), nightly()) == (1, 0)
    assert mirror(gov.employee)[3:] == ("Arsiparis", "III/b")
    assert changes[0].people == {gov.employee.pk}


def test_a_plh_whose_days_are_over_is_told_by_the_nightly_task(gov, time_machine, changes):
    services.name_head(
        unit=gov.section,
        employee=gov.employee,
        kind=HoldingKind.PLH,
        valid_from=D(2026, 3, 2),
        valid_to=D(2026, 3, 6),
    )
    changes.clear()
    time_machine.move_to(datetime.datetime(2026, 3, 7, 3, tzinfo=datetime.UTC))
    nightly(days=1)
    assert [(change.units, change.people) for change in changes] == [
        (frozenset({gov.section.pk}), frozenset({gov.employee.pk}))
    ]


def test_a_moved_unit_takes_its_people_along(gov, today):
    units.move(unit=gov.section, parent=gov.personnel, on=today)
    gov.section.refresh_from_db()
    assert mirror(gov.employee)[2] == gov.section.path
    assert gov.section.path.startswith(gov.personnel.path)


# --- Who is told ----------------------------------------------------------------------------------
def test_a_change_of_head_is_told_within_the_transaction(gov, changes, today):
    services.end_holding(row=holding_of(gov.section_head), on=today - DAY)
    head = make_head(gov.section, since=today)
    assert [change.units for change in changes if change.units] == [{gov.section.pk}] * 2
    assert changes[-1].people == {head.pk}


def test_a_change_of_rank_alone_is_told_to_nobody(gov, changes):
    services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2024, 4, 1))
    assert changes == []


def test_a_head_who_moves_away_leaves_his_old_unit_too(gov, changes):
    add_post(gov.section_head, gov.second_section, "Analis", D(2026, 3, 2))
    assert changes[-1].units == {gov.section.pk}


def test_a_delegation_is_told_when_given_and_when_ended(gov, changes, today):
    row = services.delegate(
        principal=gov.section_head,
        delegate=gov.employee,
        valid_from=today,
        valid_to=today + 5 * DAY,
        decree_number="800/1",
    )
    services.end_delegation(row=row)
    people = {gov.section_head.pk, gov.employee.pk}
    assert [(change.units, change.people) for change in changes] == [({gov.section.pk}, people)] * 2


# --- As of a date ---------------------------------------------------------------------------------
def test_people_are_asked_as_of_a_date(gov, django_assert_num_queries):
    add_post(gov.employee, gov.second_section, "Arsiparis", D(2025, 1, 1))
    services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2025, 4, 1))
    with django_assert_num_queries(1):
        then = Employee.objects.as_of(D(2024, 12, 31)).get(pk=gov.employee.pk)
    assert (then.golongan_then, then.position_then, then.unit_then) == (
        "III/a",
        "Penata Layanan Operasional",
        gov.section.pk,
    )
    later = Employee.objects.as_of(D(2025, 4, 1)).get(pk=gov.employee.pk)
    assert (later.golongan_then, later.rank_order_then, later.unit_then) == ("III/b", 32, gov.second_section.pk)
    assert Employee.objects.as_of(D(2010, 1, 1)).get(pk=gov.employee.pk).golongan_then is None


def test_superseded_rows_do_not_count_as_of_a_date(gov):
    row = services.add_rank(employee=gov.employee, golongan="III/c", valid_from=D(2024, 4, 1))
    services.correct(row=row, changes={"golongan": "III/b", "order": 32}, reason="salah")
    assert [p.golongan_then for p in Employee.objects.as_of(D(2024, 5, 1)).filter(pk=gov.employee.pk)] == ["III/b"]


# --- In PostgreSQL --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("model", "constraint"),
    [
        (RankHolding, "one_rank_at_a_time"),
        (PositionHolding, "one_definitive_position_at_a_time"),
    ],
)
def test_postgresql_refuses_overlapping_rows(gov, model, constraint):
    row = model.objects.filter(employee=gov.employee).get()
    row.pk, row.valid_from = None, SINCE + DAY
    row._state.adding = True
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


def test_postgresql_refuses_two_heads_of_a_kind(gov):
    row = holding_of(gov.section_head)
    row.pk, row.employee, row._state.adding = None, EmployeeFactory(), True
    with pytest.raises(IntegrityError, match="one_head_of_a_kind_at_a_time"), transaction.atomic():
        row.save(force_insert=True)
