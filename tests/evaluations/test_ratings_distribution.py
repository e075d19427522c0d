"""The examples of the reference (section 9, units of ten) through the page: it warns, asks why, blocks nothing."""

import pytest
from django.urls import reverse

from evaluations.enums import EvaluationState, Predikat
from evaluations.models import OrganisationResult, Participant
from tests.evaluations.factories import make_evaluation, make_plan
from tests.evaluations.ratings_world import quarter_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]
SB, B, BP, K, SK = Predikat
EXAMPLES = [
    pytest.param("baik", {SB: 2, B: 7, BP: 1}, 0, id="Baik {SB2,B7,BP1}"),
    pytest.param("baik", {SB: 2, B: 8}, 2, id="Baik {SB2,B8}"),
    pytest.param("istimewa", {SB: 8, B: 2}, 1, id="Istimewa {SB8,B2}"),
    pytest.param("butuh_perbaikan", {SB: 1, B: 3, BP: 6}, 0, id="Butuh Perbaikan {SB1,B3,BP6}"),
    pytest.param("butuh_perbaikan", {SB: 2, B: 2, BP: 6}, 1, id="Butuh Perbaikan {SB2,B2,BP6}"),
    pytest.param("kurang", {B: 2, BP: 1, K: 6, SB: 1}, 0, id="Kurang {B2,BP1,K6,SB1}"),
    pytest.param("sangat_kurang", {SB: 1, B: 2, K: 1, SK: 6}, 1, id="Sangat Kurang {SB1,B2,K1,SK6}"),
]


@pytest.fixture
def world():
    return quarter_world(staff=10)


def rate(world, result, pattern):
    wanted = [predikat for predikat, number in pattern.items() for _n in range(number)]
    people = [world.of(person) for person in world.gov.staff]
    for participant, predikat in zip(people, wanted, strict=True):
        make_evaluation(participant, world.quarter, state=EvaluationState.FINAL, predikat=predikat)
    OrganisationResult.objects.create(
        unit=world.gov.section, period=world.quarter, result=result, reason="x", set_by=world.gov.office_head.user
    )


def page_of(world):
    return reverse("evaluations:distribution", args=[world.gov.section.pk, world.quarter.pk])


@pytest.mark.parametrize(("result", "pattern", "warnings"), EXAMPLES)
def test_the_page_warns_where_the_guide_is_left(client, world, result, pattern, warnings):
    rate(world, result, pattern)
    client.force_login(world.gov.section_head.user)
    response = client.get(page_of(world))
    html = response.content.decode()
    assert len(response.context["warnings"]) == warnings
    assert ("Mengapa polanya berbeda?" in html) == bool(warnings)
    assert ("Pola ini sesuai pedoman." in html) == (not warnings)
    for predikat, number in pattern.items():
        assert f"{predikat.label}: {number} ({number * 10},0%)" in html


def test_the_chart_runs_from_sangat_kurang_to_sangat_baik(client, world):
    rate(world, "baik", {SB: 2, B: 7, BP: 1})
    client.force_login(world.gov.section_head.user)
    bars = client.get(page_of(world)).context["chart"].bars
    assert [str(bar.label) for bar in bars] == [str(one.label) for one in (SK, K, BP, B, SB)]


def test_a_reason_is_taken_and_shown(client, world):
    rate(world, "baik", {SB: 2, B: 8})
    client.force_login(world.gov.section_head.user)
    assert client.post(page_of(world), {"reason": ""}).status_code == 422
    assert client.post(page_of(world), {"reason": "Unit baru, semua terlatih"}).status_code == 302
    client.force_login(world.gov.hr.user)
    assert "Unit baru, semua terlatih" in client.get(page_of(world)).content.decode()


def test_a_tiny_unit_gets_a_note_and_is_asked_nothing(client):
    world = quarter_world(staff=2)
    Participant.objects.filter(pk=world.of(world.gov.section_head).pk).update(path="")
    for person in world.gov.staff:
        participant = world.of(person)
        if participant.plan is None:
            make_plan(participant)
        make_evaluation(participant, world.quarter, state=EvaluationState.FINAL)
    OrganisationResult.objects.create(
        unit=world.gov.section, period=world.quarter, result="baik", reason="x", set_by=world.gov.office_head.user
    )
    client.force_login(world.gov.section_head.user)
    html = client.get(page_of(world)).content.decode()
    assert "Unit ini hanya 2 pegawai" in html
    assert "Mengapa polanya berbeda?" not in html
