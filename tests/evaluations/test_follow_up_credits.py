"""Credit points through the verbs: the eight worked examples of the reference by number, and the ledger."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.enums import CreditKind, Predikat
from evaluations.models import CreditEntry, EvaluationSetting
from evaluations.papers.credits import accumulation_data, conversion_data, load_entry, pak_data, shown
from evaluations.selectors.credits import standing_of
from evaluations.services import credits
from kepegawaian.audit.models import Event
from kepegawaian.employees import services as employees
from kepegawaian.employees.enums import PositionKind
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import Job, WorkItem
from tests.evaluations.factories import make_evaluation
from tests.evaluations.factories_follow_up import altered, official, part_of, rated

pytestmark = pytest.mark.django_db
SB, B, BP, K, SK = Predikat


def values(employee):
    return [entry.value for entry in CreditEntry.objects.filter(employee=employee).order_by("id")]


# --- The worked examples --------------------------------------------------------------------------
def test_example_1_a_whole_year_sangat_baik(gov):
    person = official(gov)
    rated(gov, person, 2023, SB)
    assert values(person) == [Decimal("18.75")]


def test_example_2_january_and_february_baik(gov):
    person = official(gov)
    february = rated(gov, person, 2024, B, month=2)
    (entry,) = credits.convert(actor=gov.hr.user, evaluation=february, first=datetime.date(2024, 1, 1))
    assert (entry.value, entry.months, shown(entry.value)) == (Decimal("2.0833"), 2, "2,08")


def test_example_3_accumulated(gov):
    person = official(gov)
    rated(gov, person, 2023, SB)
    february = rated(gov, person, 2024, B, month=2)
    credits.convert(actor=gov.hr.user, evaluation=february, first=datetime.date(2024, 1, 1))
    assert accumulation_data(person)["total"] == "20,83"


def test_example_4_ahli_muda_meets_the_points_for_the_next_rank(gov, time_machine):
    time_machine.move_to("2027-02-01T03:00:00+00:00", tick=False)
    person = official(gov, "Analis Kebijakan Ahli Muda", "III/c")
    for year, predikat in ((2023, B), (2024, B), (2025, B), (2026, SB)):
        rated(gov, person, year, predikat)
    standing = standing_of(person)
    assert standing.total == Decimal("112.5")
    assert standing.rank.met
    assert standing.rank.target == "III/d"
    assert standing.total - standing.rank.needed == Decimal("12.5")
    assert ["Kenaikan pangkat ke III/d", "100,00", "kelebihan 12,50"] in pak_data(person)["gaps"]


def test_example_5_appointed_on_1_april(gov):
    person = official(gov, since=datetime.date(2026, 4, 1))
    rated(gov, person, 2026, B)
    (entry,) = CreditEntry.objects.filter(employee=person)
    assert (entry.months, entry.value, shown(entry.value)) == (9, Decimal("9.375"), "9,38")


def test_example_5_truncated_where_the_office_rounds_down(gov):
    EvaluationSetting.objects.create(credit_down=True)
    assert shown(Decimal("9.375")) == "9,37"


def test_example_6_ahli_madya_butuh_perbaikan(gov):
    person = official(gov, "Analis Kebijakan Ahli Madya", "IV/a")
    rated(gov, person, 2026, BP)
    (entry,) = CreditEntry.objects.filter(employee=person)
    assert (entry.value, shown(entry.value)) == (Decimal("28.125"), "28,13")


def test_example_7_two_parts_of_a_year_converted_separately(gov):
    person = official(gov, "Analis Kebijakan Ahli Madya", "IV/a")
    may = rated(gov, person, 2026, SB, month=5)
    credits.convert(actor=gov.hr.user, evaluation=may, first=datetime.date(2026, 1, 1))
    rated(gov, person, 2026, B)
    rows = CreditEntry.objects.filter(employee=person).order_by("id")
    assert [(row.months, shown(row.value)) for row in rows] == [(5, "23,44"), (7, "21,88")]
    assert accumulation_data(person)["total"] == "45,32"


def test_example_8_pemula_sangat_kurang(gov):
    person = official(gov, "Pranata Komputer Pemula", "II/a")
    rated(gov, person, 2026, SK)
    (entry,) = CreditEntry.objects.filter(employee=person)
    assert (entry.value, shown(entry.value)) == (Decimal("0.9375"), "0,94")


# --- Conversion -----------------------------------------------------------------------------------
def test_a_post_that_is_not_functional_earns_no_points(gov):
    rated(gov, gov.employee, 2026, SB)
    assert values(gov.employee) == []


def test_a_quarter_is_not_converted_by_itself(gov):
    person = official(gov)
    rated(gov, person, 2026, B, month=3)
    assert values(person) == []


def test_telling_the_same_result_twice_converts_once(gov):
    person = official(gov)
    evaluation = rated(gov, person, 2026, B)
    credits.follow_result(evaluation, replaced=None, actor=None)
    assert values(person) == [Decimal("12.5")]


def test_a_new_jenjang_within_the_year_splits_the_months(gov):
    person = official(gov)
    post = employees.position_named("Analis Kebijakan Ahli Muda", PositionKind.FUNCTIONAL)
    employees.add_position(employee=person, position=post, unit=gov.section, valid_from=datetime.date(2026, 7, 1))
    rated(gov, person, 2026, B)
    assert values(person) == [Decimal("6.25"), Decimal("12.5")]
    assert standing_of(person, on=datetime.date(2027, 1, 1)).total == Decimal("12.5")


def test_a_new_rank_within_the_year_splits_nothing(gov):
    person = official(gov)
    employees.add_rank(employee=person, golongan="III/b", valid_from=datetime.date(2026, 4, 1))
    rated(gov, person, 2026, B)
    (entry,) = CreditEntry.objects.filter(employee=person)
    assert (entry.months, entry.golongan) == (12, "III/b")


def test_an_objection_converts_anew_and_keeps_the_old_line(gov):
    person = official(gov)
    original = rated(gov, person, 2026, B)
    altered(gov, original, SB)
    kinds = list(CreditEntry.objects.filter(employee=person).order_by("id").values_list("kind", flat=True))
    assert kinds == [CreditKind.CONVERSION, CreditKind.CORRECTION, CreditKind.CONVERSION]
    assert standing_of(person).balance == Decimal("18.75")


def test_an_objection_converts_a_part_of_the_year_anew_too(gov):
    person = official(gov)
    may = rated(gov, person, 2026, B, month=5)
    credits.convert(actor=gov.hr.user, evaluation=may, first=datetime.date(2026, 1, 1))
    altered(gov, may, K)
    assert standing_of(person).balance == Decimal("2.6042")


def test_an_open_evaluation_is_not_converted(gov):
    person = official(gov)
    participant = part_of(gov, person, 2026)
    evaluation = make_evaluation(participant, participant.cycle.periods.get(kind="year"))
    with pytest.raises(StateChanged):
        credits.convert(actor=gov.hr.user, evaluation=evaluation)


def test_months_beyond_the_period_are_refused(gov):
    person = official(gov)
    february = rated(gov, person, 2026, B, month=2)
    with pytest.raises(RuleRefused):
        credits.convert(actor=gov.hr.user, evaluation=february, last=datetime.date(2026, 3, 31))


def test_months_that_have_points_already_are_refused(gov):
    person = official(gov)
    evaluation = rated(gov, person, 2026, B)
    with pytest.raises(RuleRefused, match="belum dikonversi"):
        credits.convert(actor=gov.hr.user, evaluation=evaluation)


def test_after_a_correction_the_year_is_converted_again(gov):
    person = official(gov)
    evaluation = rated(gov, person, 2026, B)
    credits.reverse(actor=gov.hr.user, entry=CreditEntry.objects.get(), reason="Jenjang keliru")
    (again,) = credits.convert(actor=gov.hr.user, evaluation=evaluation)
    assert again.attempt == 2
    assert standing_of(person).balance == Decimal("12.5")


def test_the_person_is_told_and_a_document_is_ordered(gov):
    person = official(gov)
    rated(gov, person, 2026, B)
    assert Message.objects.filter(recipient=person.user, kind="evaluations.credits").count() == 1
    ordered = [job.arguments["papers"] for job in Job.objects.filter(kind="evaluations.papers")]
    assert ["conversion"] in ordered
    assert Event.objects.filter(verb="evaluations.credit_converted").count() == 1


# --- Unknown jenjang ------------------------------------------------------------------------------
def test_an_unknown_jenjang_is_asked_for_and_not_guessed(gov):
    person = official(gov, "Guru Kelas")
    rated(gov, person, 2026, B)
    assert values(person) == []
    item = WorkItem.objects.get(kind="evaluations.jenjang", closed_at=None)
    assert (item.holder, item.subject_id) == (gov.hr.user, person.pk)
    assert standing_of(person).missing_jenjang


def test_the_jenjang_of_hr_converts_the_years_that_waited(gov):
    person = official(gov, "Guru Kelas")
    rated(gov, person, 2025, B)
    rated(gov, person, 2026, SB)
    credits.set_jenjang(
        actor=gov.hr.user,
        employee=person,
        jenjang="ahli_pertama",
        since=datetime.date(2020, 1, 1),
        source="SK 800/1/2020",
    )
    assert values(person) == [Decimal("12.5"), Decimal("18.75")]
    assert not WorkItem.objects.filter(kind="evaluations.jenjang", closed_at=None).exists()


def test_nobody_says_his_own_jenjang(gov):
    with pytest.raises(PermissionRefused):
        credits.set_jenjang(
            actor=gov.hr.user, employee=gov.hr, jenjang="mahir", since=datetime.date(2020, 1, 1), source="SK"
        )


# --- Entries of HR --------------------------------------------------------------------------------
def test_integrasi_is_the_old_total_less_the_base(gov):
    person = official(gov)
    entry = credits.enter_integrasi(
        actor=gov.hr.user,
        employee=person,
        on=datetime.date(2022, 12, 31),
        source="PAK 2022",
        conventional=Decimal("137.5"),
    )
    assert (entry.kind, entry.value, entry.source) == (CreditKind.INTEGRASI, Decimal("37.5"), "PAK 2022")


def brought(gov, person, value="48.9999", on=datetime.date(2022, 12, 31), source="PAK 2022"):
    return credits.enter_integrasi(actor=gov.hr.user, employee=person, on=on, source=source, value=Decimal(value))


def test_integrasi_comes_once_a_jenjang_unless_it_was_taken_back(gov):
    person = official(gov)
    first = brought(gov, person)
    with pytest.raises(RuleRefused, match="Koreksi dahulu"):
        brought(gov, person, "250.555", source="PAK 2022 (salinan)")
    credits.reverse(actor=gov.hr.user, entry=first, reason="Salah ketik")
    assert brought(gov, person, "50").attempt == 2
    assert standing_of(person).total == Decimal("50")


def test_what_is_sent_twice_is_entered_once(gov):
    person = official(gov)
    assert brought(gov, person) == brought(gov, person)
    facts = {"actor": gov.hr.user, "employee": person, "on": datetime.date(2026, 6, 1), "source": "Ijazah S-2"}
    assert credits.grant_education(**facts) == credits.grant_education(**facts)
    assert CreditEntry.objects.filter(employee=person).count() == 2


def test_the_database_keeps_a_second_integrasi_out(gov):
    entry = brought(gov, official(gov))
    entry.pk, entry._state.adding = uuid.uuid4(), True
    with pytest.raises(IntegrityError, match="one_integration_a_jenjang"):
        entry.save(force_insert=True)


def test_integrasi_below_the_base_is_refused(gov):
    person = official(gov)
    with pytest.raises(RuleRefused, match="nilai dasar"):
        credits.enter_integrasi(
            actor=gov.hr.user,
            employee=person,
            on=datetime.date(2022, 12, 31),
            source="PAK 2022",
            conventional=Decimal("90"),
        )


def test_integrasi_needs_its_source_and_one_amount(gov):
    person, on = official(gov), datetime.date(2022, 12, 31)
    with pytest.raises(RuleRefused):
        credits.enter_integrasi(actor=gov.hr.user, employee=person, on=on, source=" ", value=Decimal(1))
    with pytest.raises(RuleRefused):
        credits.enter_integrasi(actor=gov.hr.user, employee=person, on=on, source="PAK")


def test_a_higher_degree_adds_a_quarter_of_the_next_rank(gov):
    person = official(gov)
    entry = credits.grant_education(
        actor=gov.hr.user, employee=person, on=datetime.date(2026, 6, 1), source="Ijazah S-2"
    )
    assert (entry.kind, entry.value) == (CreditKind.EDUCATION, Decimal("12.5"))


@pytest.mark.parametrize("who", ["office_head", "section_head", "colleague"])
def test_only_hr_enters_points(gov, who):
    person = official(gov)
    with pytest.raises(PermissionRefused):
        credits.grant_education(
            actor=getattr(gov, who).user, employee=person, on=datetime.date(2026, 6, 1), source="Ijazah S-2"
        )


def test_a_correction_is_written_once_and_not_corrected(gov):
    person = official(gov)
    rated(gov, person, 2026, B)
    entry = CreditEntry.objects.get(employee=person)
    reversal = credits.reverse(actor=gov.hr.user, entry=entry, reason="Salah periode")
    with pytest.raises(StateChanged):
        credits.reverse(actor=gov.hr.user, entry=entry, reason="Sekali lagi")
    with pytest.raises(RuleRefused):
        credits.reverse(actor=gov.hr.user, entry=reversal, reason="Koreksi koreksi")


def test_a_rank_outside_the_jenjang_shows_why_there_is_no_gap(gov):
    person = official(gov, golongan="III/d")
    assert "bukan golongan jenjang" in str(standing_of(person).problem)


def test_a_conversion_on_paper_names_its_factors(gov):
    person = official(gov)
    rated(gov, person, 2026, SB)
    row = conversion_data(load_entry(CreditEntry.objects.get().pk))["row"]
    assert row == ["Sangat baik", "150%", "12,5", "12/12", "18,75"]


def three_single_months(gov, person):
    for month in (1, 2, 3):
        result = rated(gov, person, 2026, B, month=month)
        credits.convert(actor=gov.hr.user, evaluation=result)


def test_the_pak_adds_up_and_agrees_with_the_akumulasi(gov):
    person = official(gov, "Analis Kebijakan Ahli Muda", "III/c")
    brought(gov, person, "268.3049")
    three_single_months(gov, person)
    data = pak_data(person)
    assert [value for _label, value in data["parts"]] == ["268,30", "6,24", "0,00"]
    assert (data["total"], accumulation_data(person)["total"]) == ("274,54", "6,24")
    assert data["exact"] == "274,5548"
    assert ["Kenaikan jenjang ke Ahli madya", "200,00", "kelebihan 74,55"] in data["gaps"]


def test_nobody_is_said_to_have_approved_a_sum_before_he_did(gov):
    person = official(gov)
    rated(gov, person, 2026, B)
    for data in (pak_data(person), accumulation_data(person)):
        (block,) = data["signatures"]
        assert (block["name"], block["recorded"]) == (gov.section_head.full_name, "")
        assert not data["signed_text"]


def test_a_conversion_names_the_post_of_its_months(gov):
    person = official(gov)
    post = employees.position_named("Analis Kebijakan Ahli Muda", PositionKind.FUNCTIONAL)
    july = datetime.date(2026, 7, 1)
    employees.add_position(employee=person, position=post, unit=gov.second_section, valid_from=july)
    employees.add_rank(employee=person, golongan="III/c", valid_from=july)
    person.refresh_from_db()
    rated(gov, person, 2026, B)
    papers = [dict(conversion_data(load_entry(entry.pk))["facts"]) for entry in person.credits.order_by("id")]
    assert [paper["Jenjang"] for paper in papers] == ["Ahli pertama", "Ahli muda"]
    assert [paper["Jabatan"] for paper in papers] == ["Analis Kebijakan Ahli Pertama", post.name]
    assert [paper["Unit kerja"] for paper in papers] == [str(gov.section), str(gov.second_section)]
    assert [paper["Pangkat, golongan ruang"] for paper in papers] == ["Penata Muda (III/a)", "Penata (III/c)"]


# --- Properties -----------------------------------------------------------------------------------
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amount=st.decimals(Decimal("0.0001"), Decimal(400), places=4),
    degrees=st.integers(0, 5),
    back=st.sets(st.integers(0, 5)),
)
def test_the_balance_is_the_sum_of_movements_and_a_reversal_restores_it(gov, amount, degrees, back):
    person, on = official(gov), datetime.date(2022, 12, 31)
    entries = [brought(gov, person, amount)]
    for number in range(degrees):
        source = f"Ijazah {number}"
        facts = {"actor": gov.hr.user, "employee": person, "on": on, "source": source}
        entries.append(credits.grant_education(**facts))
    kept = sum(entry.value for entry in entries)
    assert standing_of(person).balance == standing_of(person).total == kept
    for index in sorted(back):
        if index < len(entries):
            credits.reverse(actor=gov.hr.user, entry=entries[index], reason="Keliru")
            kept -= entries[index].value
            assert standing_of(person).balance == standing_of(person).total == kept
