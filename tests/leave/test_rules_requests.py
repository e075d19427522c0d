from dataclasses import replace
from datetime import date, timedelta

import pytest

from leave.rules import (
    BucketKind,
    Check,
    Level,
    Period,
    RequestFacts,
    RequestPolicy,
    Rule,
    Standing,
    allocate,
    check_postponement,
    check_request,
    new_bucket,
    refuses,
)
from tests.leave.history import ALWAYS, PNS, PPPK, days_of

OWN = [new_bucket(BucketKind.O, 2026, 2026, 12)]
REQUEST = RequestFacts(date(2026, 7, 1), date(2026, 7, 3), date(2026, 6, 1), days_of(2026, 3))
CONTRACT = Period(date(2024, 1, 1), date(2026, 12, 31))


def check(request=REQUEST, *, right=ALWAYS, law=PNS, buckets=OWN, live=(), policy=None, **standing):
    allocation = allocate(request.days, buckets)
    person = Standing(right, **standing)
    return check_request(Check(request, person, allocation, law, live, policy or RequestPolicy()))


def only(found):
    (refusal,) = found
    return refusal.rule, refusal.field, refusal.message


def test_a_plain_request_meets_no_refusal():
    assert check() == ()


def test_a_request_without_a_working_day_is_refused():
    assert only(check(replace(REQUEST, days=[]))) == (
        Rule.MINIMUM,
        "end",
        "Tidak ada hari kerja pada tanggal tersebut. Cuti paling sedikit 1 hari kerja.",
    )


def test_leave_before_a_years_service_names_the_day_on_which_the_right_begins():
    found = check(right=[Period(date(2026, 7, 3))], buckets=[replace(OWN[0], usable_from=date(2026, 7, 3))])
    assert only(found) == (
        Rule.SERVICE,
        "start",
        "Hak cuti tahunan Anda mulai 3 Juli 2026, setelah bekerja satu tahun terus-menerus; "
        "1 Juli 2026 masih sebelum itu.",
    )
    assert found[0].article == "PP 11/2017 Pasal 311 ayat (1)"


def test_the_right_is_judged_by_the_day_of_leave_and_not_by_the_day_of_filing():
    assert check(right=[Period(date(2026, 7, 1))]) == ()


def test_leave_after_the_right_has_ended_is_refused():
    found = check(right=[Period(date(2020, 1, 1), date(2026, 7, 2))])
    assert only(found) == (Rule.SERVICE, "start", "Anda tidak mempunyai hak cuti tahunan pada 3 Juli 2026.")


def test_too_few_days_are_refused_for_each_year_apart():
    days = [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 5)]
    request = replace(REQUEST, start=days[0], end=days[-1], days=days)
    found = check(request, buckets=[replace(OWN[0], granted=1)])
    assert [refusal.message for refusal in found] == [
        "Anda meminta 2 hari kerja pada tahun 2026, sedangkan sisa cuti Anda 1 hari.",
        "Anda meminta 2 hari kerja pada tahun 2027, sedangkan sisa cuti Anda 0 hari.",
    ]
    assert {refusal.rule for refusal in found} == {Rule.BALANCE}


@pytest.mark.parametrize(
    ("held", "refused"),
    [
        (Period(date(2026, 6, 29), date(2026, 7, 1)), True),
        (Period(date(2026, 7, 3), date(2026, 7, 8)), True),
        (Period(date(2026, 7, 2), date(2026, 7, 2)), True),
        (Period(date(2026, 6, 29), date(2026, 6, 30)), False),
        (Period(date(2026, 7, 4), date(2026, 7, 8)), False),
    ],
)
def test_dates_of_another_live_request_are_refused(held, refused):
    assert [refusal.rule for refusal in check(live=[held])] == [Rule.OVERLAP] * refused


def test_the_overlap_names_the_dates_that_are_held():
    found = check(live=[Period(date(2026, 7, 3), date(2026, 7, 8))])
    assert found[0].message == "Anda sudah mempunyai permohonan cuti pada 3 Juli 2026 sampai 8 Juli 2026."


def test_filing_after_the_start_is_refused_unless_the_setting_allows_it():
    late = replace(REQUEST, filed_on=date(2026, 7, 2), earliest_start=date(2026, 7, 9))
    assert [refusal.rule for refusal in check(late)] == [Rule.AFTER_START]
    assert check(late, policy=RequestPolicy(after_start_allowed=True)) == ()


def test_filing_on_the_first_day_is_not_after_the_start():
    assert check(replace(REQUEST, filed_on=REQUEST.start)) == ()


@pytest.mark.parametrize(("strict", "level"), [(False, Level.WARNING), (True, Level.REFUSAL)])
def test_short_notice_is_a_warning_unless_the_setting_refuses_it(strict, level):
    request = replace(REQUEST, filed_on=date(2026, 6, 29), earliest_start=date(2026, 7, 6))
    found = check(request, policy=RequestPolicy(notice_refuses=strict))
    assert [(refusal.rule, refusal.level) for refusal in found] == [(Rule.NOTICE, level)]
    assert "paling lambat 5 hari kerja sebelumnya, jadi mulai 6 Juli 2026" in found[0].message
    assert refuses(found) is strict


def test_a_request_that_keeps_the_notice_is_not_warned():
    assert check(replace(REQUEST, earliest_start=REQUEST.start)) == ()


@pytest.mark.parametrize(("end", "refused"), [(date(2026, 7, 3), False), (date(2026, 7, 2), True)])
def test_leave_may_not_run_past_the_end_of_the_contract(end, refused):
    found = check(law=PPPK, contract=Period(date(2024, 1, 1), end))
    assert [(refusal.rule, refusal.citation.verified) for refusal in found] == [
        (Rule.CONTRACT_END, False)
    ] * refused


@pytest.mark.parametrize(("country", "refused"), [("Malaysia", False), ("  ", True)])
def test_leave_abroad_needs_its_country(country, refused):
    found = check(replace(REQUEST, abroad=True, country=country))
    assert [(refusal.rule, refusal.field) for refusal in found] == [(Rule.COUNTRY, "country")] * refused


SCHOOL_HOLIDAY = Period(date(2026, 6, 22), date(2026, 7, 2))


@pytest.mark.parametrize(("setting", "days", "refused"), [(False, 3, False), (True, 2, False), (True, 3, True)])
def test_teachers_may_be_held_to_the_school_holidays(setting, days, refused):
    found = check(
        replace(REQUEST, days=days_of(2026, days)),
        policy=RequestPolicy(teacher_only_in_school_holiday=setting),
        teacher=True,
        school_holidays=[SCHOOL_HOLIDAY],
    )
    assert refuses(found) is refused
    assert [refusal.message for refusal in found] == [
        "Guru mengambil cuti tahunan pada libur sekolah; 3 Juli 2026 bukan libur sekolah."
    ] * refused


def test_others_are_not_held_to_the_school_holidays():
    assert check(policy=RequestPolicy(teacher_only_in_school_holiday=True)) == ()


def test_a_pppk_teacher_with_school_holidays_is_refused_by_the_article():
    found = check(law=PPPK, contract=CONTRACT, teacher=True)
    assert [(refusal.rule, refusal.article) for refusal in found] == [(Rule.TEACHER, "PP 49/2018 Pasal 81")]


def test_all_refusals_come_at_once_with_rule_and_article():
    request = replace(REQUEST, filed_on=date(2026, 7, 9), abroad=True, days=days_of(2026, 13))
    found = check(request, live=[SCHOOL_HOLIDAY])
    assert {refusal.rule for refusal in found} == {Rule.BALANCE, Rule.OVERLAP, Rule.AFTER_START, Rule.COUNTRY}
    assert all(refusal.article and refusal.message for refusal in found)


def test_a_refusal_becomes_a_problem_for_page_and_api():
    (problem,) = [refusal.problem for refusal in check(replace(REQUEST, abroad=True))]
    assert (problem.rule, problem.article, problem.field) == ("CT-COUNTRY", "Peraturan BKN 7/2021 IV.3", "country")
    assert problem.message == "Sebutkan negara tujuan cuti ke luar negeri."


def charges(*kinds, year=2026):
    buckets = [new_bucket(kind, year, year, 1) for kind in kinds]
    buckets += [new_bucket(BucketKind.O, year, year, 12)]
    return allocate(days_of(year, len(kinds) + 3), buckets).charges


def test_own_days_may_be_postponed_until_the_end_of_the_next_year():
    assert check_postponement(charges(), law=PNS, not_before=date(2027, 12, 31)) == ()


def test_postponing_beyond_the_next_year_is_refused():
    (refusal,) = check_postponement(charges(), law=PNS, not_before=date(2028, 1, 1))
    assert (refusal.field, refusal.article) == ("not_before", "PP 11/2017 Pasal 314")
    assert refusal.message == "Cuti ditangguhkan paling lama satu tahun, jadi sampai akhir 2027."


def test_days_of_earlier_years_cannot_be_postponed_again():
    (refusal,) = check_postponement(charges(BucketKind.P)[:1], law=PNS)
    assert "hanya hak cuti tahun berjalan" in refusal.message


def test_a_request_with_own_days_among_others_can_be_postponed():
    assert check_postponement(charges(BucketKind.C1), law=PNS) == ()


@pytest.mark.parametrize(
    ("already", "contract", "room"),
    [
        pytest.param(0, Period(date(2025, 1, 1), date(2026, 12, 31)), 0, id="two-years"),
        pytest.param(4, CONTRACT, 2, id="three-years-four-postponed"),
        pytest.param(7, CONTRACT, 0, id="three-years-seven-postponed"),
    ],
)
def test_a_pppk_contract_limits_what_can_be_postponed(already, contract, room):
    (refusal,) = check_postponement(charges(), law=PPPK, contract=contract, postponed_already=already)
    assert refusal.message == f"Dari 3 hari hanya {room} hari yang masih dapat ditangguhkan ke tahun berikutnya."


def test_a_pppk_with_room_in_the_contract_may_be_postponed():
    assert check_postponement(charges(), law=PPPK, contract=CONTRACT, postponed_already=3) == ()


def test_periods_with_an_open_end_overlap_everything_after_their_start():
    open_end = Period(date(2026, 1, 1))
    day_before = Period(date(2025, 12, 1), date(2026, 1, 1) - timedelta(days=1))
    assert open_end.overlaps(Period(date(2030, 1, 1), date(2030, 1, 2)))
    assert open_end.overlaps(Period(date(2020, 1, 1)))
    assert not open_end.overlaps(day_before)
    assert not day_before.overlaps(open_end)
