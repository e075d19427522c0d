"""Published statistics: the numbers, what is left out and hidden, the pages and feeds."""

import csv
import datetime
import io
import itertools
import uuid
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.enums import CaseKind, CaseState, Phase
from feedback.models import Appeal, Case, CaseClock, CaseMessage, Moderation, Rating, StatisticsSheet
from feedback.services import statistics
from kepegawaian.units.models import Indicator
from tests.feedback.factories_surveys import make_bureau

pytestmark = pytest.mark.django_db
Day = datetime.date
NUMBERS = itertools.count(1)
BUDGET = 80_000
MONDAY = Day(2026, 2, 2)


@pytest.fixture(autouse=True)
def _july(time_machine):
    time_machine.move_to("2026-07-15T03:00:00+00:00", tick=False)


@pytest.fixture
def bureau(db):
    return make_bureau()


def at(day: datetime.date, days: float = 0) -> datetime.datetime:
    noon = datetime.datetime.combine(day, datetime.time(5), datetime.UTC)
    return noon + datetime.timedelta(days=days)


def make_case(unit, *, day=MONDAY, verify=None, answer=None, close=None, met=None, rating=None, **facts):
    """Times in days after receipt; `met`: whether the final limit was kept."""
    marks = {"verified_at": verify, "first_answered_at": answer, "answered_at": answer, "closed_at": close}
    times = {name: None if days is None else at(day, days) for name, days in marks.items()}
    given = {
        "number": f"PGD-2602-{next(NUMBERS):06d}",
        "kind": CaseKind.SERVICE,
        "state": CaseState.CLOSED if close is not None else CaseState.NEW,
        "title": "Antrean",
        "text": "Antrean panjang",
        "unit": unit,
        "received_on": day,
        "received_at": at(day),
    }
    case = Case.objects.create(**given | times | facts)
    if met is not None:
        CaseClock.objects.create(
            case=case, phase=Phase.FINAL, started_on=day, days=14, source="uji", stopped_on=day, met=met
        )
    if rating is not None:
        Rating.objects.create(case=case, score=rating)
    return case


def whole(year=2026):
    statistics.refresh(year)
    return StatisticsSheet.objects.get(unit=None, year=year).data


def of(unit, year=2026):
    return StatisticsSheet.objects.get(unit=unit, year=year).data


# --- Numbers --------------------------------------------------------------------------------------
def test_cases_are_counted_by_kind_state_office_and_month(bureau):
    make_case(bureau.office, kind=CaseKind.INFORMATION)
    make_case(bureau.below, close=3)
    make_case(bureau.other, day=Day(2026, 5, 31))
    make_case(None, day=Day(2025, 12, 31))
    data = whole()
    assert (data["total"], data["open"]) == (3, 2)
    assert data["kinds"] == {"berkadar": 0, "tidak_berkadar": 2, "informasi": 1, "aspirasi": 0, "permohonan": 0}
    assert data["states"] == {"baru": 2, "selesai": 1}
    assert data["months"] == {"2026-02": 2, "2026-05": 1}
    assert [(row["name"], row["total"]) for row in data["units"]] == [
        ("Dinas Kesehatan", 2),
        ("Dinas Perhubungan", 1),
    ]
    assert of(bureau.office)["total"] == 2
    assert whole(2025)["units"][0] | {"kinds": {}} == {
        "unit": "",
        "name": "",
        "total": 1,
        "kinds": {},
        "answer": None,
        "in_time": None,
        "rating": None,
    }


def test_the_unit_that_holds_a_case_counts_it(bureau):
    make_case(bureau.office, holder_unit=bureau.other)
    assert [row["name"] for row in whole()["units"]] == ["Dinas Perhubungan"]


def test_median_and_ninetieth_percentile_are_those_of_the_days(bureau):
    for days in (1, 2, 3, 4, 10):
        make_case(bureau.office, verify=days / 2, answer=days, close=days * 2)
    make_case(bureau.office)
    times = whole()["times"]
    assert times["answer"] == {"n": 5, "median": "3.0", "p90": "7.6"}
    assert times["verify"] == {"n": 5, "median": "1.5", "p90": "3.8"}
    assert times["close"] == {"n": 5, "median": "6.0", "p90": "15.2"}


def test_of_four_cases_no_median_is_told(bureau):
    for days in (1, 2, 3, 4):
        make_case(bureau.office, answer=days, met=True, rating=5)
    data = whole()
    assert data["times"]["answer"] == {"n": 4, "median": None, "p90": None}
    assert data["in_time"]["final"] == {"n": 4, "met": None, "percent": None}
    assert data["rating"] == {"n": None, "mean": None, "scores": {}}


def test_a_limit_counts_once_a_case_as_missed_where_it_was_missed_once(bureau):
    """Of what was replaced in time nothing is said; a breach stays, however the limit after it ends."""

    def replaced(case, met):
        facts = {"case": case, "phase": Phase.FINAL, "started_on": MONDAY, "days": 5, "source": "uji"}
        CaseClock.objects.create(**facts, stopped_on=MONDAY, met=met, set_aside=True)

    for _number in range(5):
        replaced(make_case(bureau.office, met=True), True)
    replaced(make_case(bureau.office, met=True), False)
    replaced(make_case(bureau.office), False)
    replaced(make_case(bureau.office), True)
    assert whole()["in_time"]["final"] == {"n": 7, "met": 5, "percent": "71.4"}


def test_a_missed_limit_is_of_the_unit_that_held_the_case(bureau):
    """What the next unit was given counts for that one."""

    def clock(case, phase, unit, **facts):
        facts = {"days": 5, "source": "uji", "started_on": MONDAY, "stopped_on": MONDAY, "unit": unit, **facts}
        CaseClock.objects.create(case=case, phase=phase, **facts)

    for _number in range(5):
        case = make_case(bureau.other, met=True)
        clock(case, Phase.FINAL, bureau.below, met=False, set_aside=True)
        clock(case, Phase.FIRST, bureau.below, met=False)
        clock(case, Phase.FIRST, bureau.other, met=True)
        make_case(bureau.office)
    late, kept = {"n": 5, "met": 0, "percent": "0.0"}, {"n": 5, "met": 5, "percent": "100.0"}
    both = {"n": 10, "met": 5, "percent": "50.0"}
    assert whole()["in_time"] == {"final": both, "first": both}
    assert of(bureau.office)["in_time"] == {"final": late, "first": late}
    assert of(bureau.other)["in_time"] == {"final": kept, "first": kept}


def test_in_time_reopened_and_rated(bureau):
    for number in range(6):
        make_case(bureau.office, answer=1, met=number < 4, rating=number % 5 + 1, reopened_at=at(Day(2026, 3, 1)))
    data = whole()
    assert data["in_time"]["final"] == {"n": 6, "met": 4, "percent": "66.7"}
    assert data["reopened"] == 6
    assert data["rating"] == {"n": 6, "mean": "2.67", "scores": {"1": 2, "2": 1, "3": 1, "4": 1, "5": 1}}
    row = data["units"][0]
    assert (row["answer"], row["in_time"], row["rating"]) == ("1.0", "66.7", "2.67")


# --- What is left out -----------------------------------------------------------------------------
def test_secret_held_and_spam_cases_are_in_none_of_it(bureau):
    make_case(bureau.office)
    hidden = [
        make_case(bureau.office, secret=True, answer=1, met=False, rating=1),
        make_case(bureau.office, held=True),
        make_case(bureau.office, state=CaseState.SPAM),
    ]
    Moderation.objects.create(subject_type="feedback.case", subject_id=hidden[0].pk, act="hide", reason="personal")
    message = CaseMessage.objects.create(case=hidden[0], party="reporter", audience="reporter", text="x")
    Moderation.objects.create(
        subject_type="feedback.casemessage", subject_id=message.pk, act="hide", reason="personal"
    )
    data = whole()
    assert data["total"] == 1
    assert sum(data["states"].values()) == sum(data["months"].values()) == 1
    assert (data["in_time"], data["rating"]["n"], data["times"]["answer"]["n"]) == ({}, 0, 0)
    assert data["moderation"] == []


def test_moderation_is_counted_by_month_act_and_reason(bureau):
    for _time in range(2):
        Moderation.objects.create(
            subject_type="feedback.comment", subject_id=uuid.uuid4(), act="hide", reason="offensive"
        )
    assert whole()["moderation"] == [{"month": "2026-07", "act": "hide", "reason": "offensive", "n": 2}]


def test_the_page_counts_moderation_and_objections_by_month(bureau, client):
    """Reference 7: a monthly public count by reason."""
    for month, times, state in ((5, 1, "granted"), (7, 3, "refused")):
        for _time in range(times):
            done = Moderation.objects.create(
                subject_type="feedback.casemessage",
                subject_id=uuid.uuid4(),
                act="hide",
                reason="offensive",
                at=at(Day(2026, month, 2)),
            )
        decided = {"state": state, "decided_by": bureau.keeper, "decided_at": done.at, "decision": "y"}
        Appeal.objects.create(moderation=done, text="x", at=done.at, **decided)
    statistics.refresh(2026)
    page = client.get(reverse("feedback:statistics"))
    drawn = page.context["drawn"]
    assert [(row["month"], row["times"]) for row in drawn.moderation_months] == [
        (Day(2026, 7, 1), 3),
        (Day(2026, 5, 1), 1),
    ]
    assert [(row.label, *row.numbers) for row in drawn.appeals.rows] == [
        ("Mei 2026", 0, 1, 0),
        ("Juli 2026", 0, 0, 1),
        ("Setahun", 0, 1, 1),
    ]
    assert page.text.count("Mei 2026") == 2


def test_few_protected_cases_are_hidden_with_what_would_tell_them(bureau, client):
    for _time in range(2):
        make_case(bureau.office, kind=CaseKind.SUPERVISION)
    for _time in range(7):
        make_case(bureau.office)
        make_case(bureau.other)
    for _time in range(6):
        make_case(bureau.other, kind=CaseKind.SUPERVISION)
    data = whole()
    cells = {row["name"]: row["kinds"] for row in data["units"]}
    assert cells["Dinas Kesehatan"]["berkadar"] is None
    assert cells["Dinas Kesehatan"]["tidak_berkadar"] is None
    assert cells["Dinas Perhubungan"]["berkadar"] is None
    assert data["kinds"]["berkadar"] == 8
    page = client.get(reverse("feedback:statistics")).text
    assert "disembunyikan" in page
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("feedback:statistics_csv", args=[2026])).text)))
    found = [line["value"] for line in rows if (line["key"], line["measure"]) == ("Dinas Kesehatan", "berkadar")]
    assert found == [""]


def test_an_office_with_one_protected_case_has_no_page_of_its_own(bureau, client):
    make_case(bureau.office, kind=CaseKind.SUPERVISION)
    for _time in range(9):
        make_case(bureau.other)
    data = whole()
    assert [row["total"] for row in data["units"] if row["name"] == "Dinas Kesehatan"] == [None]
    assert not StatisticsSheet.objects.filter(unit=bureau.office).exists()
    url = reverse("feedback:statistics_year", args=[2026])
    assert client.get(url, {"unit": str(bureau.office.pk)}).status_code == 404
    assert data["total"] is None or data["kinds"]["berkadar"] is None


# --- Refreshing -----------------------------------------------------------------------------------
def test_old_years_are_computed_once_a_week_and_the_last_two_each_time(bureau, time_machine):
    make_case(bureau.office, day=Day(2023, 3, 3))
    assert statistics.refresh_due() == [2023, 2024, 2025, 2026]
    assert statistics.refresh_due() == [2025, 2026]
    time_machine.move_to("2026-07-23T03:00:00+00:00")
    assert statistics.refresh_due() == [2023, 2024, 2025, 2026]
    assert StatisticsSheet.objects.filter(unit=None).count() == 4


def test_computing_costs_the_same_with_few_cases_and_with_many(bureau):
    make_case(bureau.office)
    with CaptureQueriesContext(connection) as few:
        statistics.refresh(2026)
    for _time in range(30):
        make_case(bureau.other, answer=2, met=True, rating=4)
    with CaptureQueriesContext(connection) as many:
        statistics.refresh(2026)
    assert len(many) <= len(few) + 1  # indicators of an office that had none before


def test_each_office_gets_its_indicators(bureau):
    for _time in range(5):
        make_case(bureau.below, answer=2, met=True, rating=4)
    statistics.refresh(2026)
    statistics.refresh(2026)
    found = {row.key: float(row.value) for row in Indicator.objects.filter(unit=bureau.office)}
    assert found == {"feedback.in_time": 100.0, "feedback.answer_days": 2.0, "feedback.rating": 4.0}
    assert Indicator.objects.first().derivation == f"/statistik/2026/?unit={bureau.office.pk}"


# --- Pages ----------------------------------------------------------------------------------------
def test_the_page_is_light_cacheable_and_costs_few_statements(bureau, client, django_assert_max_num_queries):
    for number in range(40):
        make_case(bureau.office if number % 2 else bureau.other, answer=2, close=3, met=True, rating=4)
    statistics.refresh(2026)
    with django_assert_max_num_queries(4):
        page = client.get(reverse("feedback:statistics"))
    assert page["Cache-Control"] == "public, max-age=900"
    assert "Cookie" in page["Vary"]
    assert not page.cookies
    assert len(page.content) < BUDGET
    for words in ("Statistik 2026", "Februari 2026", "Dinas Kesehatan", "Median", "100,0", "<svg"):
        assert words in page.text, words


def test_a_page_of_an_office_and_in_english(bureau, client):
    make_case(bureau.office)
    statistics.refresh(2026)
    url = reverse("feedback:statistics_year", args=[2026])
    page = client.get(url, {"unit": str(bureau.office.pk)}).text
    assert "Dinas Kesehatan" in page
    assert reverse("feedback:unit_answers_atom", args=[bureau.office.pk]) in page
    client.cookies["language"] = "en"
    assert "February 2026" in client.get(url).text


def test_before_the_first_numbers_the_page_says_so(client, db):
    assert "Belum ada statistik" in client.get(reverse("feedback:statistics")).text
    assert client.get(reverse("feedback:statistics_year", args=[2026])).status_code == 404
    assert client.get(reverse("feedback:statistics"), {"unit": "bukan"}).status_code == 404


def test_the_same_numbers_as_json_and_csv(bureau, client):
    make_case(bureau.office, answer=1)
    statistics.refresh(2026)
    data = client.get(reverse("feedback:statistics_json", args=[2026])).json()
    assert (data["year"], data["unit"], data["kinds"]["tidak_berkadar"]) == (2026, None, 1)
    sheet = client.get(reverse("feedback:statistics_csv", args=[2026]))
    rows = {tuple(line.values()) for line in csv.DictReader(io.StringIO(sheet.text))}
    assert ("kinds", "tidak_berkadar", "n", "1") in rows
    assert ("units", "Dinas Kesehatan", "total", "1") in rows


def test_a_signed_in_person_gets_a_page_of_his_own(bureau, client):
    make_case(bureau.office)
    statistics.refresh(2026)
    client.force_login(bureau.keeper)
    page = client.get(reverse("feedback:statistics"))
    assert "private" in page["Cache-Control"]


# --- Feeds ----------------------------------------------------------------------------------------
def published(unit, title="Antrean loket", **facts):
    given = {
        "answer": 1,
        "state": CaseState.ANSWERED,
        "holder_unit": unit,
        "published_title": title,
        "published_text": "Antrean panjang sekali",
        "published_at": at(Day(2026, 2, 3)),
        "text": "Nomor saya 081234567890",
    }
    case = make_case(unit, **given | facts)
    message = {"party": "liaison", "audience": "public", "official": True}
    CaseMessage.objects.create(case=case, text="a", published_text="Loket sudah ditambah.", **message)
    return case


@pytest.mark.parametrize(("name", "entry"), [("atom", "{http://www.w3.org/2005/Atom}entry"), ("rss", "item")])
def test_a_feed_has_the_published_answers_of_the_unit_and_below(bureau, client, name, entry):
    published(bureau.below)
    published(bureau.other, title="Trayek angkutan")
    make_case(bureau.office, secret=True, answer=1, title="Rahasia")
    everybody = client.get(reverse(f"feedback:answers_{name}"))
    assert len(list(ET.fromstring(everybody.text).iter(entry))) == 2
    response = client.get(reverse(f"feedback:unit_answers_{name}", args=[bureau.office.pk]))
    assert len(list(ET.fromstring(response.text).iter(entry))) == 1
    assert "Loket sudah ditambah." in response.text
    for never in ("Trayek", "Rahasia", "081234567890"):
        assert never not in response.text
    assert "max-age=900" in response["Cache-Control"]
    assert not response.cookies


def test_a_feed_has_answers_alone_the_newest_first_and_ids_of_its_own(bureau, client):
    """A word in between is no answer; an old case that is answered today comes first."""
    old = published(bureau.office, "Lama", answer=60)
    new = published(bureau.below, "Baru", published_at=at(Day(2026, 3, 1)))
    in_process = {"state": CaseState.IN_PROCESS, "first_answered_at": at(MONDAY, 90)}
    waiting = published(bureau.office, "Diproses", **in_process, answered_at=None)
    published(bureau.office, "Keberatan", **in_process)
    CaseMessage.objects.create(
        case=old, party="liaison", audience="public", text="b", published_text="Terima kasih."
    )
    names = {"a": "http://www.w3.org/2005/Atom"}
    feeds = [
        ET.fromstring(client.get(address).text)
        for address in (
            reverse("feedback:answers_atom"),
            *(reverse("feedback:unit_answers_atom", args=[unit.pk]) for unit in (bureau.office, bureau.below)),
        )
    ]
    entries = feeds[0].findall("a:entry", names)
    assert [entry.find("a:title", names).text for entry in entries] == ["Lama", "Baru"]
    assert entries[0].find("a:summary", names).text == "Loket sudah ditambah."
    assert entries[0].find("a:published", names).text.startswith("2026-04-03")
    ids = [feed.find("a:id", names).text for feed in feeds]
    ids += [entry.find("a:id", names).text for entry in entries]
    assert len(set(ids)) == 5
    assert all(each.startswith("http") for each in ids)
    assert [each.rstrip("/").split("/")[-1] for each in ids[3:]] == [old.number, new.number]
    assert waiting.number not in ET.tostring(feeds[1]).decode()
    assert str(bureau.office.pk) in feeds[1].find("a:link[@rel='alternate']", names).get("href")


def test_a_feed_of_no_unit_is_not_there_and_a_long_one_costs_the_same(
    bureau, client, django_assert_max_num_queries
):
    assert client.get(reverse("feedback:unit_answers_atom", args=[uuid.uuid4()])).status_code == 404
    for _time in range(35):
        published(bureau.office)
    with django_assert_max_num_queries(3):
        response = client.get(reverse("feedback:unit_answers_atom", args=[bureau.office.pk]))
    assert response.text.count("<entry>") == 30
