"""Numbers, ranks and months of service: the examples of the records reference, sections 1, 3 and 7."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepegawaian.employees import rules
from kepegawaian.employees.enums import AsnStatus, NumberKind, RankScheme, Sex
from kepegawaian.employees.rules import Level, Service

D = datetime.date
ON = D(2026, 3, 2)
NIP = "198609262015051001"
NI_PPPK = "199009132025242014"


def codes(findings):
    return [(finding.level.value, finding.code) for finding in findings]


# --- Cleaning and taking apart --------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed", [NIP, f"'{NIP}", "19860926 201505 1 001", "19860926.201505.1.001", f" ’{NIP}\u00a0 "]
)
def test_a_number_is_cleaned_of_what_sheets_and_people_add(typed):
    assert rules.clean_number(typed) == NIP


def test_the_nip_of_the_reference_is_taken_apart():
    parts = rules.parse_number(NIP)
    assert (parts.birth_date, parts.sex, parts.sequence) == (D(1986, 9, 26), Sex.MALE, 1)
    assert (parts.tmt_cpns, parts.kind, parts.looks_like_pppk) == (D(2015, 5, 1), NumberKind.NIP, False)


def test_the_ni_pppk_of_the_reference_is_taken_apart():
    parts = rules.parse_number(NI_PPPK)
    assert (parts.birth_date, parts.year, parts.month) == (D(1990, 9, 13), 2025, 24)
    assert (parts.sex, parts.sequence, parts.kind, parts.tmt_cpns) == (Sex.FEMALE, 14, NumberKind.NI_PPPK, None)


@pytest.mark.parametrize(("month", "kind"), [("12", NumberKind.NIP), ("13", NumberKind.NI_PPPK)])
def test_digits_13_and_14_tell_nip_and_ni_pppk_apart(month, kind):
    assert rules.parse_number(f"198609262015{month}1001").kind == kind


# --- Errors ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param("19860926201505100", "number_length", id="17 digits"),
        pytest.param("1986092620150510012", "number_length", id="19 digits"),
        pytest.param("", "number_length", id="empty"),
        pytest.param("1986O9262015051001", "number_length", id="a letter O"),
        pytest.param("１98609262015051001", "number_length", id="a digit of another script"),
        pytest.param("199313992024011111", "number_birth_date", id="month 13 of birth"),
        pytest.param("198602302015051001", "number_birth_date", id="30 February"),
        pytest.param("198609262015053001", "number_sex", id="sex 3"),
        pytest.param("198609262015050001", "number_sex", id="sex 0"),
        pytest.param("198609262015051000", "number_sequence", id="sequence 000"),
        pytest.param("198609262015001001", "number_month", id="month 00"),
        pytest.param("198609260000051001", "number_month", id="year 0000"),
        pytest.param("198609262026041001", "number_future", id="TMT next month"),
        pytest.param("198609262004091001", "number_age", id="under 18 at TMT"),
        pytest.param("199009132027211001", "number_future", id="PPPK next year"),
        pytest.param("199009132007211001", "number_age", id="PPPK under 18 all that year"),
    ],
)
def test_an_impossible_number_is_refused_with_one_reason(number, code):
    assert codes(rules.check_number(number, on=ON)) == [("error", code)]


@pytest.mark.parametrize(
    ("number", "on"),
    [
        pytest.param(NIP, ON, id="the reference NIP"),
        pytest.param(NI_PPPK, ON, id="the reference NI PPPK"),
        pytest.param("198609262026031001", D(2026, 3, 1), id="TMT today"),
        pytest.param("198609012004091001", ON, id="18 on the very day"),
        pytest.param("198402292002031001", ON, id="born on 29 February, 18 on 1 March"),
        pytest.param("199009132026211001", ON, id="PPPK this year"),
        pytest.param("198609262015051999", ON, id="sequence 999"),
    ],
)
def test_a_possible_number_passes(number, on):
    assert rules.check_number(number, on=on) == []


def test_born_on_29_february_is_not_yet_18_a_month_before():
    assert codes(rules.check_number("198402292002021001", on=ON)) == [("error", "number_age")]


@pytest.mark.parametrize("status", [AsnStatus.PNS, AsnStatus.CPNS])
def test_a_civil_servant_cannot_have_a_month_above_12(status):
    assert codes(rules.check_number(NI_PPPK, on=ON, status=status)) == [("error", "number_month")]


# --- Warnings -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"birth_date": D(1986, 9, 27)}, "number_birth_date_differs"),
        ({"sex": Sex.FEMALE}, "number_sex_differs"),
        ({"tmt_cpns": D(2015, 6, 1)}, "number_start_differs"),
        ({"tmt_cpns": D(2016, 5, 1)}, "number_start_differs"),
        ({"status": AsnStatus.PPPK}, "number_kind"),
    ],
)
def test_a_difference_from_the_other_fields_warns_only(facts, code):
    assert codes(rules.check_number(NIP, on=ON, **facts)) == [("warning", code)]


def test_agreeing_fields_do_not_warn():
    facts = {"birth_date": D(1986, 9, 26), "sex": Sex.MALE, "tmt_cpns": D(2015, 5, 1), "status": AsnStatus.PNS}
    assert rules.check_number(NIP, on=ON, **facts) == []


def test_an_ni_pppk_is_compared_by_year_alone():
    assert rules.check_number(NI_PPPK, on=ON, status=AsnStatus.PPPK, tmt_cpns=D(2025, 10, 1)) == []
    different = rules.check_number(NI_PPPK, on=ON, status=AsnStatus.PPPK, tmt_cpns=D(2024, 10, 1))
    assert codes(different) == [("warning", "number_start_differs")]


# --- NIK ------------------------------------------------------------------------------------------
WOMAN = "3273015309900001"
MAN = "3273011309900001"


def test_the_nik_of_the_reference_is_a_womans():
    assert rules.check_nik(WOMAN, birth_date=D(1990, 9, 13), sex=Sex.FEMALE) == []
    assert rules.check_nik(MAN, birth_date=D(1990, 9, 13), sex=Sex.MALE) == []


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("327301530990000", "nik_length"),
        ("32730153099000011", "nik_length"),
        ("3273O15309900001", "nik_length"),
        ("3273017309900001", "nik_date"),
        ("3273013213900001", "nik_date"),
        ("3273013002900001", "nik_date"),
    ],
)
def test_an_impossible_nik_is_refused(nik, code):
    assert codes(rules.check_nik(nik)) == [("error", code)]


def test_29_february_of_any_century_is_possible():
    assert rules.check_nik("3273012902000001") == []


def test_a_nik_that_differs_from_the_person_warns_only():
    differing = rules.check_nik(WOMAN, birth_date=D(1990, 9, 14), sex=Sex.MALE)
    assert codes(differing) == [("warning", "nik_birth_date_differs"), ("warning", "nik_sex_differs")]
    assert {finding.field for finding in differing} == {"nik"}


# --- Golongan -------------------------------------------------------------------------------------
def test_there_are_17_steps_of_pns_and_17_of_pppk():
    assert (len(rules.PNS_GOLONGAN), len(rules.PPPK_GOLONGAN)) == (17, 17)


@pytest.mark.parametrize(
    ("code", "name", "pangkat"),
    [
        (11, "I/a", "Juru Muda"),
        (14, "I/d", "Juru Tingkat I"),
        (21, "II/a", "Pengatur Muda"),
        (24, "II/d", "Pengatur Tingkat I"),
        (31, "III/a", "Penata Muda"),
        (33, "III/c", "Penata"),
        (41, "IV/a", "Pembina"),
        (42, "IV/b", "Pembina Tingkat I"),
        (43, "IV/c", "Pembina Utama Muda"),
        (44, "IV/d", "Pembina Utama Madya"),
        (45, "IV/e", "Pembina Utama"),
    ],
)
def test_each_golongan_has_its_code_and_pangkat(code, name, pangkat):
    golongan = rules.golongan(RankScheme.PNS, code)
    assert (golongan.name, golongan.pangkat, str(golongan)) == (name, pangkat, f"{pangkat} ({name})")


def test_sorting_goes_by_code_and_not_by_text():
    names = [golongan.name for golongan in sorted(rules.PPPK_GOLONGAN, key=lambda golongan: golongan.code)]
    assert names.index("V") < names.index("IX") < names.index("XVII")
    assert rules.golongan(RankScheme.PPPK, 9).group == 9


@pytest.mark.parametrize(
    ("text", "scheme", "expected"),
    [
        ("III/a", RankScheme.PNS, 31),
        ("III/A", RankScheme.PNS, 31),
        (" iii / a ", RankScheme.PNS, 31),
        ("IIIa", RankScheme.PNS, 31),
        ("III.a", RankScheme.PNS, 31),
        ("Penata Muda (III/a)", RankScheme.PNS, 31),
        ("31", RankScheme.PNS, 31),
        ("IX", RankScheme.PPPK, 9),
        ("ix", RankScheme.PPPK, 9),
        ("09", RankScheme.PPPK, 9),
        ("IX", RankScheme.PNS, None),
        ("III/a", RankScheme.PPPK, None),
        ("III/e", RankScheme.PNS, None),
        ("V/a", RankScheme.PNS, None),
        ("XVIII", RankScheme.PPPK, None),
        ("99", RankScheme.PNS, None),
        ("", RankScheme.PNS, None),
    ],
)
def test_a_golongan_is_read_by_name_or_code(text, scheme, expected):
    found = rules.parse_golongan(text, scheme)
    assert (found.code if found else None) == expected


@given(st.sampled_from([*rules.PNS_GOLONGAN, *rules.PPPK_GOLONGAN]))
def test_every_golongan_is_found_by_its_own_words(golongan):
    for text in (golongan.name, str(golongan), str(golongan.code)):
        assert rules.parse_golongan(text, golongan.scheme) == golongan


def test_an_unknown_code_or_scheme_has_no_golongan():
    assert rules.golongan("", 31) is None
    assert rules.golongan(RankScheme.PNS, 46) is None


@pytest.mark.parametrize(
    ("status", "scheme"),
    [
        (AsnStatus.PNS, RankScheme.PNS),
        (AsnStatus.CPNS, RankScheme.PNS),
        (AsnStatus.PPPK, RankScheme.PPPK),
        (AsnStatus.PPPK_PART_TIME, RankScheme.PPPK),
    ],
)
def test_the_status_decides_the_scheme(status, scheme):
    assert rules.scheme_of(status) == scheme


# --- Months of service ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (D(2024, 2, 1), D(2025, 12, 1), 22),
        (D(2024, 2, 15), D(2024, 3, 14), 0),
        (D(2024, 2, 15), D(2024, 3, 15), 1),
        (D(2024, 3, 1), D(2024, 2, 1), 0),
        (D(2024, 1, 31), D(2024, 2, 29), 0),
    ],
)
def test_only_full_months_count(start, end, months):
    assert rules.full_months(start, end) == months


@pytest.mark.parametrize(
    ("decreed", "tmt", "on", "expected"),
    [
        pytest.param(Service(1, 0), D(2008, 3, 1), D(2009, 3, 1), Service(2, 0), id="section 9 example 1"),
        pytest.param(Service(10, 2), D(2024, 2, 1), D(2025, 12, 1), Service(12, 0), id="section 9 example 2"),
        pytest.param(Service(5, 6), D(2025, 7, 1), D(2027, 1, 1), Service(7, 0), id="section 9 example 3"),
        pytest.param(Service(7, 3), D(2025, 4, 1), D(2026, 1, 1), Service(8, 0), id="section 9 example 4"),
    ],
)
def test_masa_kerja_golongan_grows_from_the_last_decree(decreed, tmt, on, expected):
    assert rules.service_at(decreed, tmt, on) == expected


@pytest.mark.parametrize(
    ("old", "new", "service", "expected"),
    [
        pytest.param(24, 31, Service(12, 3), Service(7, 3), id="II/d to III/a loses 5 years"),
        pytest.param(14, 21, Service(10, 0), Service(4, 0), id="I/d to II/a loses 6 years"),
        pytest.param(31, 32, Service(4, 0), Service(4, 0), id="within a group nothing is lost"),
        pytest.param(34, 41, Service(20, 1), Service(20, 1), id="III to IV loses nothing"),
        pytest.param(14, 21, Service(5, 0), Service(0, 0), id="never below zero"),
    ],
)
def test_crossing_a_group_takes_years_off(old, new, service, expected):
    groups = [rules.golongan(RankScheme.PNS, code) for code in (old, new)]
    assert rules.after_crossing(service, *groups) == expected


def test_total_service_adds_recognised_months_and_takes_off_cltn():
    assert rules.total_service(D(2015, 5, 1), D(2026, 3, 2)) == Service(10, 10)
    assert rules.total_service(D(2015, 5, 1), D(2026, 3, 2), recognised=14, unpaid=24) == Service(10, 0)


@pytest.mark.parametrize(
    ("status", "facts", "expected"),
    [
        pytest.param(AsnStatus.PNS, {"tmt_cpns": D(2015, 5, 1)}, D(2015, 5, 1), id="PNS: TMT CPNS"),
        pytest.param(AsnStatus.PNS, {"tmt_cpns": None}, None, id="unknown"),
        pytest.param(
            AsnStatus.PPPK, {"tmt_cpns": None, "contract_start": D(2022, 1, 1)}, D(2022, 1, 1), id="PPPK: contract"
        ),
        pytest.param(AsnStatus.PPPK, {"tmt_cpns": D(2022, 12, 1)}, D(2022, 12, 1), id="PPPK: SIASN's TMT"),
        pytest.param(
            AsnStatus.PPPK,
            {
                "tmt_cpns": None,
                "contract_start": D(2026, 1, 1),
                "earlier_contracts": [(D(2021, 1, 1), D(2022, 12, 31)), (D(2023, 1, 1), D(2025, 12, 31))],
            },
            D(2021, 1, 1),
            id="PPPK: contracts without a gap",
        ),
        pytest.param(
            AsnStatus.PPPK,
            {
                "tmt_cpns": None,
                "contract_start": D(2026, 1, 1),
                "earlier_contracts": [(D(2021, 1, 1), D(2025, 12, 30))],
            },
            D(2026, 1, 1),
            id="PPPK: a day between breaks it",
        ),
        pytest.param(
            AsnStatus.PPPK_PART_TIME,
            {"tmt_cpns": None, "earlier_contracts": [(D(2025, 10, 1), None)]},
            D(2025, 10, 1),
            id="only an open contract",
        ),
    ],
)
def test_continuous_service_begins(status, facts, expected):
    assert rules.first_service_day(status, **facts) == expected


# --- Words ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("front", "back", "expected"),
    [
        ("", "", "Selvi Aisyah"),
        ("Drs.", "S.Kom.", "Drs. Selvi Aisyah, S.Kom."),
        ("", "S.E.", "Selvi Aisyah, S.E."),
        ("dr.", "", "dr. Selvi Aisyah"),
    ],
)
def test_titles_stand_before_and_after_the_name(front, back, expected):
    assert rules.full_name("Selvi Aisyah", front, back) == expected


@pytest.mark.parametrize(
    ("unit", "title", "elected"),
    [
        ("Dinas Kesehatan", "Kepala Dinas Kesehatan", False),
        ("Sekretariat Daerah", "Sekretaris Daerah", False),
        ("Kecamatan Oebobo", "Camat Oebobo", False),
        ("Kelurahan Fatululi", "Lurah Fatululi", False),
        ("SMP Negeri 3", "Kepala SMP Negeri 3", False),
        ("RSUD S. K. Lerik", "Direktur RSUD S. K. Lerik", False),
        ("Inspektorat Daerah", "Inspektur Daerah", False),
        ("Pemerintah Kota Contoh", "Wali Kota Contoh", True),
        ("Pemerintah Kabupaten Belitung", "Bupati Belitung", True),
        ("Pemerintah Provinsi Contoh", "Gubernur Contoh", True),
    ],
)
def test_heads_are_called_as_local_governments_do(unit, title, elected):
    assert (rules.head_title(unit), rules.is_elected(unit)) == (title, elected)


def test_findings_say_how_grave_they_are():
    assert {level.value for level in Level} == {"error", "warning"}


@given(st.text(max_size=30))
def test_no_text_breaks_the_checks(text):
    assert all(finding.message for finding in rules.check_number(rules.clean_number(text), on=ON))
    assert all(finding.message for finding in rules.check_nik(text))
