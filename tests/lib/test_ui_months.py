"""Months with their marks."""

import datetime

import pytest
import time_machine

from kepegawaian.lib.ui.months import Mark, months

Day = datetime.date


def days(drawn):
    return {day.date: day for month in drawn.months for week in month.weeks for day in week if day}


def test_every_month_of_the_span_is_drawn_over_the_turn_of_the_year():
    drawn = months(Day(2026, 11, 20), Day(2027, 1, 2), {})
    assert [month.name for month in drawn.months] == ["November 2026", "Desember 2026", "Januari 2027"]
    assert len(days(drawn)) == 30 + 31 + 31


def test_weeks_begin_on_monday_and_other_months_days_are_blank():
    week = months(Day(2026, 4, 1), Day(2026, 4, 1), {}).months[0].weeks[0]
    assert [day.date.day if day else None for day in week] == [None, None, 1, 2, 3, 4, 5]


def test_weekends_are_off_unless_marked_otherwise():
    drawn = days(months(Day(2026, 3, 1), Day(2026, 3, 31), {Day(2026, 3, 21): Mark("holiday", "Idul Fitri")}))
    assert drawn[Day(2026, 3, 14)].kind == "off"
    assert (drawn[Day(2026, 3, 21)].kind, drawn[Day(2026, 3, 21)].label) == ("holiday", "Idul Fitri")
    assert drawn[Day(2026, 3, 16)].kind == ""


def test_a_six_day_week_has_only_sunday_off():
    drawn = days(months(Day(2026, 3, 1), Day(2026, 3, 31), {}, days_off=frozenset({6})))
    assert drawn[Day(2026, 3, 14)].kind == ""
    assert drawn[Day(2026, 3, 15)].kind == "off"


def test_the_legend_has_the_kinds_in_use_only():
    drawn = months(Day(2026, 3, 1), Day(2026, 3, 31), {Day(2026, 3, 16): Mark("leave")})
    assert [kind for kind, _label in drawn.kinds] == ["leave", "off"]


def test_a_mark_without_words_takes_those_of_its_kind():
    drawn = days(months(Day(2026, 3, 1), Day(2026, 3, 31), {Day(2026, 3, 16): Mark("leave")}))
    assert str(drawn[Day(2026, 3, 16)].label) == "cuti"


@time_machine.travel(datetime.datetime(2026, 3, 16, 20, 0, tzinfo=datetime.UTC), tick=False)
def test_today_is_today_where_people_work():
    drawn = days(months(Day(2026, 3, 1), Day(2026, 3, 31), {}))
    assert [date for date, day in drawn.items() if day.today] == [Day(2026, 3, 17)]


def test_an_unknown_mark_is_refused():
    with pytest.raises(ValueError, match="leave, pending"):
        Mark("party")
