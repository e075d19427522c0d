"""What a confirmed import writes: people, accounts, units, heads, and their dated rows."""

import datetime

import pytest

from kepegawaian.accounts.models import User
from kepegawaian.audit.models import Event
from kepegawaian.employees.enums import LegalState
from kepegawaian.employees.models import Employee, EmployeeNumber, Position, PositionHolding, RankHolding
from kepegawaian.employees.models.imports import ImportState
from kepegawaian.employees.registry import forget, on_holder_change
from kepegawaian.units.models import Unit, UnitKind
from tests.employees.factories import UserFactory
from tests.employees.imports import difference, import_rows, issues, preview_rows, save, the_person, verdicts
from tests.employees.staff_files import INSTANSI, code, office_head, person
from tests.units.factories import UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
Day = datetime.date


# --- New people -----------------------------------------------------------------------------------
def test_a_new_person_has_number_rank_post_unit_and_an_account_without_a_password(tmp_path):
    batch = import_rows(tmp_path, person(7))
    employee = the_person(person(7)["NIP BARU"])
    assert (batch.state, batch.counts["accounts"]) == (ImportState.DONE, 1)
    assert (employee.current_golongan, employee.current_position) == ("III/c", "Penelaah Bidang 7")
    assert employee.current_unit.name == "Bidang Urusan 7"
    assert Unit.objects.get_parent(employee.current_unit).name == "Dinas Urusan 7"
    assert employee.ranks.get().mk_years == 5
    assert employee.user.nip == employee.current_nip
    assert not employee.user.has_usable_password()
    assert employee.user.email == "pegawai.7@contoh.test"


def test_the_trail_names_the_import_and_who_confirmed_it(tmp_path):
    hr = UserFactory()
    batch = import_rows(tmp_path, person(7), actor=hr)
    event = Event.objects.get(verb="employees.created")
    assert (event.actor, event.data["import"], event.data["row"]) == (hr, str(batch.pk), 2)
    assert Event.objects.get(verb="employees.imported").subject_id == str(batch.pk)
    assert Event.objects.filter(verb="accounts.created").count() == 1


def test_an_account_that_waits_for_its_person_is_linked_and_not_made_again(tmp_path):
    user = UserFactory(nip=person(7)["NIP BARU"].strip("'"))
    import_rows(tmp_path, person(7))
    assert the_person(person(7)["NIP BARU"]).user == user
    assert User.objects.count() == 1


def test_a_shared_address_makes_accounts_without_it_and_says_so(tmp_path):
    UserFactory(email="ani@contoh.test")
    batch = import_rows(
        tmp_path, person(1, EMAIL="Ani@contoh.test"), person(2, EMAIL="b@c.id"), person(3, EMAIL="B@c.id")
    )
    emails = {number: the_person(person(number)["NIP BARU"]).user.email for number in (1, 2, 3)}
    assert emails == {1: None, 2: "b@c.id", 3: None}
    assert [number for number, _level, _message in issues(batch)] == [2, 4]


def test_a_retired_person_is_kept_without_account_and_post(tmp_path):
    import_rows(tmp_path, person(7, **{"KEDUDUKAN HUKUM NAMA": "Pensiun"}))
    employee = the_person(person(7)["NIP BARU"])
    assert (employee.legal_state, employee.user, employee.current_unit) == (LegalState.RETIRED, None, None)


def test_an_old_nip_is_kept_as_a_number_of_its_own(tmp_path):
    import_rows(tmp_path, person(7, **{"NIP LAMA": "131234567"}))
    assert EmployeeNumber.objects.get(kind="old_nip").value == "131234567"
    assert verdicts(preview_rows(tmp_path, person(7, **{"NIP LAMA": "131234567"}))) == ["unchanged"]


def test_the_old_nip_of_somebody_else_is_left_out_with_a_warning(tmp_path):
    rows = [person(n, **{"NIP LAMA": "131234567"}) for n in (7, 8)]
    batch = import_rows(tmp_path, *rows)
    assert EmployeeNumber.objects.filter(kind="old_nip").count() == 1
    assert [(number, level) for number, level, _message in issues(batch)] == [(3, "warning")]


def test_without_unit_columns_a_person_is_kept_without_a_post(tmp_path):
    row = {name: person(7)[name] for name in ("NIP BARU", "NAMA", "STATUS ASN")}
    batch = import_rows(tmp_path, row)
    employee = the_person(row["NIP BARU"])
    assert employee.current_unit is None
    assert {level for _row, level, _message in issues(batch)} == {"warning"}
    assert employee.birth_date == Day(1970, 1, 8)


def test_a_missing_tmt_is_taken_from_the_first_day_of_service(tmp_path):
    import_rows(tmp_path, person(7, **{"TMT GOLONGAN": "", "TMT JABATAN": ""}))
    assert RankHolding.objects.get().valid_from == Day(1999, 8, 1)
    assert PositionHolding.objects.get().valid_from == Day(1999, 8, 1)


# --- Units and heads ------------------------------------------------------------------------------
def test_units_that_exist_are_used_by_code_and_by_name_below_their_parent(tmp_path):
    root = UnitFactory(name=INSTANSI, kind=UnitKind.GOVERNMENT)
    office = UnitFactory(name="DINAS URUSAN 7", parent=root, kind=UnitKind.OFFICE)
    section = UnitFactory(name="Nama lain", parent=office, code=code("section", 7))
    import_rows(tmp_path, person(7))
    assert Unit.objects.count() == 3
    assert the_person(person(7)["NIP BARU"]).current_unit == section


def test_a_unit_entered_by_hand_gets_the_code_of_the_file(tmp_path):
    root = UnitFactory(name=INSTANSI, kind=UnitKind.GOVERNMENT)
    office = UnitFactory(name="Dinas Urusan 7", parent=root, kind=UnitKind.OFFICE)
    import_rows(tmp_path, office_head(7, 7))
    office.refresh_from_db()
    assert office.code == code("office", 7)


def test_units_of_one_name_below_different_offices_stay_apart(tmp_path):
    rows = [person(n, **{"UNOR ID": "", "UNOR NAMA": "Sekretariat", "UNOR INDUK ID": ""}) for n in (1, 2)]
    import_rows(tmp_path, *rows)
    assert Unit.objects.filter(name="Sekretariat").count() == 2


def test_units_that_name_each_other_as_parent_end_at_the_top(tmp_path):
    one = person(1, **{"UNOR ID": "A", "UNOR NAMA": "Dinas A", "UNOR INDUK ID": "B", "UNOR INDUK NAMA": "Dinas B"})
    two = person(2, **{"UNOR ID": "B", "UNOR NAMA": "Dinas B", "UNOR INDUK ID": "A", "UNOR INDUK NAMA": "Dinas A"})
    import_rows(tmp_path, one, two)
    assert {unit.depth for unit in Unit.objects.exclude(name=INSTANSI)} == {2, 3}


def test_a_structural_post_heads_its_unit_and_others_know_it(tmp_path):
    told = []
    on_holder_change(told.append)
    try:
        import_rows(tmp_path, office_head(7, 3))
    finally:
        forget(told.append)
    head = PositionHolding.objects.get()
    assert head.heads.name == "Dinas Urusan 3"
    assert (head.position.heads, head.position.eselon) == (head.heads, "II.b")
    assert told[-1].units == {head.heads_id}


def test_of_two_who_claim_a_unit_the_first_heads_it(tmp_path):
    batch = import_rows(tmp_path, office_head(7, 3), office_head(8, 3))
    assert [(number, level) for number, level, _message in issues(batch)] == [(3, "warning")]
    assert PositionHolding.objects.get(heads__isnull=False).employee == the_person(person(7)["NIP BARU"])
    assert PositionHolding.objects.filter(position__heads__isnull=False).count() == 2


def test_a_new_claim_does_not_unseat_the_sitting_head(tmp_path):
    import_rows(tmp_path, office_head(7, 3))
    batch = import_rows(tmp_path, office_head(8, 3))
    assert "masih dipimpin" in issues(batch)[0][2]
    assert PositionHolding.objects.get(heads__isnull=False).employee == the_person(person(7)["NIP BARU"])


def test_a_head_who_moves_in_the_same_file_makes_room(tmp_path):
    import_rows(tmp_path, office_head(7, 3))
    moved = office_head(7, 4, **{"TMT JABATAN": "01-02-2026"})
    batch = import_rows(tmp_path, office_head(8, 3, **{"TMT JABATAN": "01-02-2026"}), moved)
    assert issues(batch) == []
    heads = PositionHolding.objects.filter(heads__isnull=False, valid_to=None)
    assert {row.heads.name: row.employee.name for row in heads} == {
        "Dinas Urusan 3": "PEGAWAI NOMOR 8",
        "Dinas Urusan 4": "PEGAWAI NOMOR 7",
    }


def test_people_in_one_post_share_its_position(tmp_path):
    import_rows(tmp_path, person(7), person(37), person(67, **{"JABATAN ID": ""}))
    assert Position.objects.count() == 1


# --- Changes --------------------------------------------------------------------------------------
def test_the_same_file_again_changes_nothing(tmp_path):
    rows = [office_head(7, 3), person(8), person(9)]
    import_rows(tmp_path, *rows)
    again = preview_rows(tmp_path, *rows)
    assert verdicts(again) == ["unchanged"] * 3
    assert again.counts["new"] == again.counts["changed"] == 0


def test_an_empty_cell_erases_nothing(tmp_path):
    import_rows(tmp_path, person(7))
    assert verdicts(preview_rows(tmp_path, person(7, EMAIL="", ALAMAT="", **{"NOMOR HP": ""}))) == ["unchanged"]


def test_changed_facts_are_listed_with_old_and_new_and_then_written(tmp_path):
    import_rows(tmp_path, person(7))
    batch = preview_rows(tmp_path, person(7, NAMA="Budi", **{"TANGGAL SK CPNS": "02-01-2000"}))
    assert difference(batch) == {
        "name": ("PEGAWAI NOMOR 7", "Budi"),
        "sk_cpns_date": ("1999-08-01", "2000-01-02"),
    }
    save(batch)
    employee = the_person(person(7)["NIP BARU"])
    assert (employee.name, employee.user.name, employee.sk_cpns_date) == ("Budi", "Budi", Day(2000, 1, 2))
    assert Event.objects.get(verb="employees.changed").data["name"] == {"from": "PEGAWAI NOMOR 7", "to": "Budi"}


def test_a_promotion_ends_the_rank_before(tmp_path):
    import_rows(tmp_path, person(7))
    up = {"GOL AKHIR ID": "34", "GOL AKHIR NAMA": "III/d", "TMT GOLONGAN": "01-02-2026"}
    batch = import_rows(tmp_path, person(7, **up))
    rows = RankHolding.objects.order_by("valid_from").values_list(
        "golongan", "valid_from", "valid_to", "superseded_at"
    )
    assert list(rows) == [
        ("III/c", Day(2023, 4, 1), Day(2026, 1, 31), None),
        ("III/d", Day(2026, 2, 1), None, None),
    ]
    assert batch.counts["changed"] == 1
    assert Employee.objects.get().current_golongan == "III/d"


def test_a_corrected_rank_keeps_the_wrong_row_superseded(tmp_path):
    import_rows(tmp_path, person(7))
    import_rows(tmp_path, person(7, **{"MK TAHUN": "6", "TMT GOLONGAN": "01-03-2023"}))
    wrong = RankHolding.objects.get(superseded_at__isnull=False)
    right = RankHolding.objects.standing().get()
    assert (wrong.mk_years, right.mk_years, right.valid_from) == (5, 6, Day(2023, 3, 1))
    assert wrong.superseded_reason == "Impor pegawai.csv"


def test_a_rank_older_than_the_recorded_one_is_not_believed(tmp_path):
    import_rows(tmp_path, person(7))
    old = {"GOL AKHIR ID": "32", "GOL AKHIR NAMA": "III/b", "TMT GOLONGAN": "01-04-2019"}
    batch = preview_rows(tmp_path, person(7, **old))
    assert verdicts(batch) == ["unchanged"]
    assert "lebih lama" in issues(batch)[0][2]


def test_a_new_post_in_another_unit_ends_the_one_before(tmp_path):
    import_rows(tmp_path, person(7))
    there = {name: person(8)[name] for name in ("UNOR ID", "UNOR NAMA", "UNOR INDUK ID", "UNOR INDUK NAMA")}
    batch = import_rows(tmp_path, person(7, **there, **{"TMT JABATAN": "01-01-2026"}))
    assert [entry["field"] for entry in batch.rows.get().difference] == ["unit", "position_tmt"]
    first, second = PositionHolding.objects.order_by("valid_from")
    assert (first.valid_to, second.valid_from, second.unit.name) == (
        Day(2025, 12, 31),
        Day(2026, 1, 1),
        "Bidang Urusan 8",
    )
    assert Employee.objects.get().current_path == second.unit.path


def test_another_unit_since_the_same_day_is_a_correction(tmp_path):
    import_rows(tmp_path, person(7))
    import_rows(tmp_path, person(7, **{"UNOR ID": code("section", 9), "UNOR NAMA": "Bidang Urusan 9"}))
    assert PositionHolding.objects.standing().get().unit.name == "Bidang Urusan 9"
    assert PositionHolding.objects.count() == 2


def test_a_head_whose_tmt_is_corrected_still_heads_the_unit(tmp_path):
    import_rows(tmp_path, office_head(7, 3))
    import_rows(tmp_path, office_head(7, 3, **{"TMT JABATAN": "01-05-2023"}))
    standing = PositionHolding.objects.standing().get()
    assert (standing.heads.name, standing.valid_from) == ("Dinas Urusan 3", Day(2023, 5, 1))


def test_a_move_without_a_date_is_said_and_not_made(tmp_path):
    import_rows(tmp_path, person(7))
    batch = preview_rows(tmp_path, person(7, **{"UNOR ID": "", "UNOR NAMA": "Bidang Lain", "TMT JABATAN": ""}))
    assert verdicts(batch) == ["unchanged"]
    assert [level for _row, level, _message in issues(batch)] == ["warning"]


def test_another_number_with_the_same_pns_id_is_a_change_of_number(tmp_path):
    import_rows(tmp_path, person(7))
    new = "'197001082026011001"
    batch = import_rows(tmp_path, person(7, **{"NIP BARU": new, "TMT CPNS": "01-01-2026"}))
    assert batch.counts["changed"] == 1
    employee = Employee.objects.get()
    assert (employee.current_nip, employee.user.nip) == (new[1:], new[1:])
    assert set(employee.numbers.values_list("valid_to", flat=True)) == {Day(2025, 12, 31), None}


def test_a_number_that_is_no_longer_in_force_is_refused(tmp_path):
    import_rows(tmp_path, person(7))
    import_rows(tmp_path, person(7, **{"NIP BARU": "'197001082026011001", "TMT CPNS": "01-01-2026"}))
    batch = preview_rows(tmp_path, person(7))
    assert verdicts(batch) == ["refused"]
    assert "tidak berlaku" in issues(batch)[-1][2]


def test_nip_and_pns_id_of_two_people_refuse_the_row(tmp_path):
    import_rows(tmp_path, person(7), person(8))
    batch = preview_rows(tmp_path, person(7, **{"PNS ID": code("person", 8)}))
    assert verdicts(batch) == ["refused"]


def test_retiring_ends_post_rank_and_sign_in(tmp_path):
    import_rows(tmp_path, office_head(7, 3))
    import_rows(tmp_path, office_head(7, 3, **{"KEDUDUKAN HUKUM NAMA": "Mencapai BUP"}))
    employee = Employee.objects.get()
    assert (employee.legal_state, employee.user.is_active) == (LegalState.RETIRED, False)
    assert PositionHolding.objects.get().valid_to == Day(2026, 3, 1)
    again = preview_rows(tmp_path, office_head(7, 3, **{"KEDUDUKAN HUKUM NAMA": "Mencapai BUP"}))
    assert verdicts(again) == ["unchanged"]


def test_somebody_who_comes_back_may_sign_in_again(tmp_path):
    import_rows(tmp_path, person(7))
    import_rows(tmp_path, person(7, **{"KEDUDUKAN HUKUM NAMA": "Pensiun"}))
    import_rows(tmp_path, person(7))
    employee = Employee.objects.get()
    assert (employee.legal_state, employee.user.is_active) == (LegalState.ACTIVE, True)


def test_a_retired_person_who_comes_back_gets_an_account(tmp_path):
    import_rows(tmp_path, person(7, **{"KEDUDUKAN HUKUM NAMA": "Pensiun"}))
    import_rows(tmp_path, person(7))
    employee = Employee.objects.get()
    assert employee.user.nip == employee.current_nip
    assert employee.current_unit.name == "Bidang Urusan 7"


def test_leaving_is_refused_while_something_begins_later(tmp_path):
    import_rows(tmp_path, person(7, **{"TMT JABATAN": "01-04-2026"}))
    batch = preview_rows(tmp_path, person(7, **{"TMT JABATAN": "01-04-2026", "KEDUDUKAN HUKUM NAMA": "Pensiun"}))
    assert verdicts(batch) == ["refused"]


# --- Rows about one person ------------------------------------------------------------------------
def test_a_repeated_line_counts_once(tmp_path):
    batch = preview_rows(tmp_path, person(7), person(8), person(7))
    assert verdicts(batch) == ["new", "new", "refused"]
    assert batch.counts["new"] == 2


def test_of_two_lines_with_one_nip_the_plausible_one_stays(tmp_path):
    wrong = person(7, NAMA="Orang lain", **{"PNS ID": code("person", 99), "TANGGAL LAHIR": "01-01-1999"})
    assert verdicts(preview_rows(tmp_path, wrong, person(7))) == ["refused", "new"]


def test_two_lines_with_one_nip_that_both_could_be_are_both_refused(tmp_path):
    other = person(7, NAMA="Orang lain", **{"PNS ID": code("person", 99)})
    assert verdicts(preview_rows(tmp_path, person(7), other)) == ["refused", "refused"]


def test_two_numbers_of_one_person_do_not_both_count(tmp_path):
    import_rows(tmp_path, person(7))
    other = person(7, **{"NIP BARU": "'197001082026011001", "TMT CPNS": "01-01-2026"})
    assert verdicts(preview_rows(tmp_path, person(7), other)) == ["unchanged", "refused"]


def test_two_new_lines_with_one_pns_id_do_not_both_count(tmp_path):
    other = person(8, **{"PNS ID": code("person", 7)})
    assert verdicts(preview_rows(tmp_path, person(7), other)) == ["new", "refused"]


def test_a_nik_that_somebody_else_has_is_a_warning(tmp_path):
    import_rows(tmp_path, person(7))
    batch = preview_rows(tmp_path, person(7, **{"PNS ID": "", "NIP BARU": "'197001081999082009"}))
    assert "NIK" in issues(batch)[0][2]
    assert verdicts(batch) == ["new"]
