from datetime import date, timedelta

import pytest

from leave.rules import ANNUAL_LEAVE_LAWS, NoLawError, Rule, Scheme, collective_credit_lapse, law_on, total_limit


@pytest.mark.parametrize(
    ("on", "scheme", "since"),
    [
        ((2017, 4, 7), Scheme.PNS, (2017, 4, 7)),
        ((2020, 2, 27), Scheme.PNS, (2017, 4, 7)),
        ((2020, 2, 28), Scheme.PNS, (2020, 2, 28)),
        ((2021, 7, 26), Scheme.PNS, (2021, 7, 26)),
        ((2026, 11, 21), Scheme.PNS, (2021, 7, 26)),
        ((2022, 4, 13), Scheme.PPPK, (2018, 11, 28)),
        ((2022, 4, 14), Scheme.PPPK, (2022, 4, 14)),
    ],
)
def test_the_row_in_force_on_a_date_is_found(on, scheme, since):
    law = law_on(date(*on), scheme)
    assert (law.scheme, law.effective_from) == (scheme, date(*since))


@pytest.mark.parametrize(("on", "scheme"), [((2017, 4, 6), Scheme.PNS), ((2018, 11, 27), Scheme.PPPK)])
def test_before_the_first_row_there_is_no_law(on, scheme):
    with pytest.raises(NoLawError, match=f"{scheme} on {date(*on)}"):
        law_on(date(*on), scheme)


def test_teachers_have_annual_leave_since_pp_17_2020():
    since = date(2020, 2, 28)
    laws = [law_on(day, Scheme.PNS) for day in (since - timedelta(days=1), since)]
    assert [(law.teachers_entitled, str(law.cite(Rule.TEACHER))) for law in laws] == [
        (False, "PP 11/2017 Pasal 315"),
        (True, "PP 17/2020 Pasal 315"),
    ]


def test_a_credit_of_the_last_days_of_the_year_lives_on_only_since_bkn_7_2021():
    old, new = law_on(date(2020, 12, 24), Scheme.PNS), law_on(date(2021, 12, 24), Scheme.PNS)
    assert collective_credit_lapse(date(2020, 12, 24), law=old) == date(2020, 12, 31)
    assert collective_credit_lapse(date(2021, 12, 24), law=new) == date(2022, 12, 31)


def test_pppk_carry_nothing_before_the_rule_that_lets_them():
    assert total_limit(law_on(date(2022, 1, 1), Scheme.PPPK), None) == 12


@pytest.mark.parametrize(("scheme", "remote", "first_year"), [(Scheme.PNS, 12, 0), (Scheme.PPPK, 6, 6)])
def test_the_schemes_differ_in_numbers(scheme, remote, first_year):
    law = law_on(date(2026, 1, 1), scheme)
    assert (law.own_days, law.remote_extra_days, law.first_year_days) == (12, remote, first_year)


@pytest.mark.parametrize("law", ANNUAL_LEAVE_LAWS, ids=lambda law: f"{law.scheme}-{law.effective_from}")
def test_every_rule_of_every_row_names_where_it_stands(law):
    assert all(str(law.cite(rule)) for rule in Rule)
    assert max(len(rule.value) for rule in Rule) <= 12


@pytest.mark.parametrize(
    ("rule", "article", "verified"),
    [
        (Rule.SERVICE, "PP 11/2017 Pasal 311 ayat (1)", True),
        (Rule.R2, "PP 11/2017 Pasal 313 ayat (1)", True),
        (Rule.R5, "PP 11/2017 Pasal 313 ayat (2)", True),
        (Rule.R4, "PP 11/2017 Pasal 314", True),
        (Rule.R7, "Peraturan BKN 7/2021 III.F.6-7", True),
        (Rule.R9, "Pengaturan cuti pemerintah daerah", True),
    ],
)
def test_pns_articles(rule, article, verified):
    citation = law_on(date(2026, 1, 1), Scheme.PNS).cite(rule)
    assert (str(citation), citation.verified) == (article, verified)


def test_a_place_that_no_source_shows_is_marked():
    law = law_on(date(2026, 1, 1), Scheme.PPPK)
    assert [law.cite(rule).verified for rule in (Rule.R2, Rule.R4, Rule.CONTRACT_END)] == [True, False, False]
    assert [each.date_verified for each in ANNUAL_LEAVE_LAWS] == [False, False, True, False, True]
