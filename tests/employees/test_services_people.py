"""The verbs of a person's own facts."""

import datetime

import pytest

from kepegawaian.accounts.models import User
from kepegawaian.audit.models import Event
from kepegawaian.employees import services
from kepegawaian.employees.enums import AsnStatus, LegalState, NumberKind, Sex
from kepegawaian.employees.models import Employee, EmployeeNumber
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused
from tests.employees.factories import EmployeeFactory, make_nip

D = datetime.date
NIP = "198609262015051001"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def events(verb, subject):
    return Event.objects.filter(verb=verb, subject_id=subject.pk)


def refusal(excinfo):
    return [(problem.field, problem.rule) for problem in excinfo.value.problems]


# --- Enter ----------------------------------------------------------------------------------------
def test_a_new_person_has_a_number_in_force_and_an_account_without_a_password():
    person = services.create_employee(nip=f"'{NIP}", name=" Budi Santoso ", status=AsnStatus.PNS)
    assert (person.name, person.current_nip, person.user.nip) == ("Budi Santoso", NIP, NIP)
    assert not person.user.has_usable_password()
    number = person.numbers.get()
    assert (number.kind, number.valid_from, number.valid_to) == (NumberKind.NIP, D(2015, 5, 1), None)


def test_what_the_nip_tells_fills_what_was_left_open():
    person = services.create_employee(nip=NIP, name="Budi", status=AsnStatus.PNS)
    assert (person.birth_date, person.sex, person.tmt_cpns) == (D(1986, 9, 26), Sex.MALE, D(2015, 5, 1))


def test_what_was_said_is_not_overwritten_by_the_nip():
    person = services.create_employee(nip=NIP, name="Budi", status=AsnStatus.PNS, birth_date=D(1986, 9, 27))
    assert person.birth_date == D(1986, 9, 27)


def test_a_pppk_has_an_ni_pppk():
    person = EmployeeFactory(pppk=True)
    assert person.numbers.get().kind == NumberKind.NI_PPPK
    assert (person.current_scheme, person.current_golongan, person.tmt_cpns) == ("pppk", "IX", None)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"nip": "123"}, [("nip", "number_length")]),
        ({"nip": "198609262026041001"}, [("nip", "number_future")]),
        ({"nik": "12"}, [("nik", "nik_length")]),
        ({"nip": "1", "nik": "12"}, [("nip", "number_length"), ("nik", "nik_length")]),
    ],
)
def test_an_impossible_number_is_refused_with_its_rule(facts, expected):
    with pytest.raises(RuleRefused) as excinfo:
        services.create_employee(**{"nip": NIP, "name": "Budi", "status": AsnStatus.PNS, **facts})
    assert refusal(excinfo) == expected
    assert not Employee.objects.exists()


def test_a_number_in_force_belongs_to_one_person():
    services.create_employee(nip=NIP, name="Budi", status=AsnStatus.PNS)
    with pytest.raises(RuleRefused, match="NIP ini sudah dipakai pegawai lain"):
        services.create_employee(nip=NIP, name="Lain", status=AsnStatus.PNS)
    assert (Employee.objects.count(), User.objects.count()) == (1, 1)


def test_the_same_without_accounts():
    services.create_employee(nip=NIP, name="Budi", status=AsnStatus.PNS, account=False)
    with pytest.raises(RuleRefused, match="NIP ini sudah dipakai pegawai lain"):
        services.create_employee(nip=NIP, name="Lain", status=AsnStatus.PNS, account=False)


def test_an_address_of_another_account_is_said_beside_the_address(gov):
    type(gov.hr.user).objects.filter(pk=gov.hr.user.pk).update(email="satu@contoh.test")
    with pytest.raises(ApplicationError, match="Surel ini sudah dipakai") as excinfo:
        services.create_employee(nip=NIP, name="Budi", status=AsnStatus.PNS, email="Satu@contoh.test")
    assert excinfo.value.problems[0].field == "email"
    assert not Employee.objects.filter(name="Budi").exists()


def test_an_elected_official_may_have_a_number_of_any_shape_but_not_none():
    mayor = services.create_employee(nip="WALIKOTA1", name="Wali", status=AsnStatus.OFFICIAL)
    assert mayor.current_nip == "WALIKOTA1"
    with pytest.raises(RuleRefused, match="wajib diisi"):
        services.create_employee(nip=" ", name="Wakil", status=AsnStatus.OFFICIAL)


def test_only_hr_enters_people(gov):
    facts = {"nip": make_nip(900), "name": "Baru", "status": AsnStatus.PNS, "unit": gov.section}
    with pytest.raises(PermissionRefused):
        services.create_employee(**facts, actor=gov.section_head.user)
    person = services.create_employee(**facts, actor=gov.hr.user)
    assert events("employees.created", person).get().actor == gov.hr.user


# --- Change ---------------------------------------------------------------------------------------
def test_a_change_keeps_the_old_value_in_the_trail(gov):
    person = services.change_facts(
        employee=gov.employee, changes={"title_back": "S.E.", "phone": "0812"}, actor=gov.hr.user
    )
    assert person.full_name.endswith(", S.E.")
    data = events("employees.changed", person).get().data
    assert data == {"title_back": {"from": "", "to": "S.E."}, "phone": {"from": "", "to": "0812"}}


def test_nothing_changed_writes_nothing(gov):
    services.change_facts(employee=gov.employee, changes={"title_back": ""}, actor=gov.hr.user)
    assert not events("employees.changed", gov.employee).exists()


def test_a_new_name_reaches_the_account(gov):
    services.change_facts(employee=gov.employee, changes={"name": "Nama Baru"}, actor=gov.hr.user)
    gov.employee.user.refresh_from_db()
    assert gov.employee.user.name == "Nama Baru"


def test_a_bad_value_is_refused_beside_its_field(gov):
    with pytest.raises(RuleRefused) as excinfo:
        services.change_facts(employee=gov.employee, changes={"email": "bukan surel"}, actor=gov.hr.user)
    assert refusal(excinfo) == [("email", "")]


def test_mirror_columns_cannot_be_changed_by_hand(gov):
    with pytest.raises(ValueError, match="current_nip"):
        services.change_facts(employee=gov.employee, changes={"current_nip": "1"})


def test_nobody_changes_his_own_record(gov):
    with pytest.raises(PermissionRefused, match="petugas lain"):
        services.change_facts(employee=gov.hr, changes={"name": "Saya"}, actor=gov.hr.user)


def test_a_superior_does_not_change_records(gov):
    with pytest.raises(PermissionRefused):
        services.change_facts(employee=gov.employee, changes={"name": "X"}, actor=gov.section_head.user)


# --- Number ---------------------------------------------------------------------------------------
def test_a_new_number_keeps_the_old_one_and_moves_the_sign_in(gov, today):
    old, new = gov.employee.current_nip, make_nip(901)
    services.change_number(employee=gov.employee, nip=new, on=today, actor=gov.hr.user)
    gov.employee.refresh_from_db()
    gov.employee.user.refresh_from_db()
    assert (gov.employee.current_nip, gov.employee.user.nip) == (new, new)
    assert gov.employee.numbers.get(value=old).valid_to == D(2026, 3, 1)


def test_a_number_of_somebody_else_is_refused(gov, today):
    with pytest.raises(RuleRefused, match="sudah dipakai"):
        services.change_number(employee=gov.employee, nip=gov.colleague.current_nip, on=today)
    assert gov.employee.numbers.get().valid_to is None


def test_a_number_once_used_may_be_taken_again_by_nobody_while_it_is_in_force(gov, today):
    old = gov.employee.current_nip
    services.change_number(employee=gov.employee, nip=make_nip(902), on=today)
    assert not EmployeeNumber.objects.filter(value=old, valid_to=None).exists()


# --- Leave service --------------------------------------------------------------------------------
def test_who_leaves_loses_posts_and_sign_in_but_not_history(gov, today):
    last = today - datetime.timedelta(days=1)
    services.end_service(employee=gov.section_head, on=last, legal_state=LegalState.RETIRED, actor=gov.hr.user)
    head = Employee.objects.select_related("user").get(pk=gov.section_head.pk)
    assert (head.legal_state, head.current_unit, head.current_golongan, head.user.is_active) == (
        LegalState.RETIRED,
        None,
        "",
        False,
    )
    assert list(head.holdings.values_list("valid_to", flat=True)) == [last]


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"on": D(2026, 3, 2)}, "sesudah hari terakhir"), ({"legal_state": LegalState.STUDY}, "masih aktif")],
)
def test_leaving_is_entered_afterwards_and_with_a_state_that_says_so(gov, facts, words):
    with pytest.raises(RuleRefused, match=words):
        services.end_service(employee=gov.employee, **{"on": D(2026, 3, 1), **facts})


def test_leaving_is_refused_while_a_later_row_waits(gov):
    services.add_rank(employee=gov.employee, golongan="III/b", valid_from=D(2026, 4, 1))
    with pytest.raises(RuleRefused, match="Perbaiki lebih dahulu"):
        services.end_service(employee=gov.employee, on=D(2026, 3, 1))


# --- Reveal ---------------------------------------------------------------------------------------
@pytest.fixture
def person(gov):
    return services.change_facts(employee=gov.employee, changes={"nik": "5371021703850001", "phone": "0812"})


def test_opening_restricted_data_is_recorded_with_its_reason(gov, person):
    values = services.reveal(employee=person, fields=("nik",), reason="Cek BPJS", actor=gov.hr.user)
    assert values == {"nik": "5371021703850001"}
    event = events("employees.revealed", person).get()
    assert (event.actor, event.data) == (gov.hr.user, {"fields": ["nik"], "reason": "Cek BPJS"})


def test_others_must_say_why_and_the_person_need_not(gov, person):
    with pytest.raises(RuleRefused, match="keperluan"):
        services.reveal(employee=person, fields=("nik",), reason="  ", actor=gov.hr.user)
    assert services.reveal(employee=person, fields=("phone",), reason="", actor=person.user) == {"phone": "0812"}


def test_superiors_and_colleagues_may_not_open_it(gov, person):
    for actor in (gov.section_head.user, gov.colleague.user):
        with pytest.raises(PermissionRefused):
            services.reveal(employee=person, fields=("nik",), reason="ingin tahu", actor=actor)
    assert not events("employees.revealed", person).exists()


def test_only_restricted_fields_are_opened_this_way(gov, person):
    with pytest.raises(ValueError, match="name"):
        services.reveal(employee=person, fields=("name",), reason="x", actor=gov.hr.user)
