"""Progress and evidence by their verbs: whose, of which indicators, when, and what the trail keeps."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evaluations.models import Progress
from evaluations.selectors.execution import progress_of, unit_numbers
from evaluations.services import execution
from evaluations.services.execution import Entry
from kepegawaian.audit.models import Event
from kepegawaian.documents.services import may_read
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from kepegawaian.units.models import Indicator as UnitNumber
from tests.evaluations.factories import make_plan
from tests.evaluations.ratings_world import (
    AFTER_QUARTER,
    IN_QUARTER,
    indicators,
    quarter_world,
    signed,
    user_of,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 bukti"


@pytest.fixture(autouse=True)
def _in_the_quarter(time_machine):
    time_machine.move_to(IN_QUARTER, tick=False)


@pytest.fixture
def world():
    return quarter_world()


def save(world, *entries, period=None, actor=None):
    return execution.save_progress(
        actor=actor or user_of(world.me),
        participant=world.me,
        period=period or world.quarter,
        entries=list(entries),
    )


def test_all_indicators_are_saved_at_once_and_unchanged_ones_left_alone(world):
    one, other = indicators(world.me)
    assert len(save(world, Entry(one, "Tiga laporan", 25), Entry(other, "Dua"))) == 2
    assert len(save(world, Entry(one, "Tiga laporan", 25), Entry(other, "Empat"))) == 1


def test_the_earlier_text_is_kept_in_the_trail(world):
    [one, _other] = indicators(world.me)
    save(world, Entry(one, "Tiga laporan", 25))
    save(world, Entry(one, "Empat laporan", 33))
    event = Event.objects.filter(verb="evaluations.progress_saved").last()
    assert event.data["earlier"] == {"text": "Tiga laporan", "percent": 25}


@pytest.mark.parametrize("who", ["section_head", "colleague", "hr"])
def test_nobody_writes_for_somebody_else(world, who):
    [one, _other] = indicators(world.me)
    with pytest.raises(PermissionRefused):
        save(world, Entry(one, "Tiga"), actor=getattr(world.gov, who).user)


def test_only_indicators_of_the_agreed_plan(world):
    with pytest.raises(RuleRefused) as refusal:
        save(world, Entry(uuid.uuid4(), "Tiga"))
    assert refusal.value.problems[0].rule == "unknown_indicator"


def test_without_an_agreed_plan_there_is_nothing_to_report_on(world):
    other = world.of(world.gov.second_staff[0])
    plan = make_plan(other, state="submitted")
    [one, _other] = indicators(other)
    with pytest.raises(RuleRefused) as refusal:
        execution.save_progress(
            actor=user_of(other), participant=other, period=world.quarter, entries=[Entry(one, "Tiga")]
        )
    assert (refusal.value.problems[0].rule, plan.state) == ("no_agreed_plan", "submitted")


def test_a_period_to_come_takes_nothing(world):
    [one, _other] = indicators(world.me)
    second = world.cycle.periods.get(kind="quarter", number=2)
    with pytest.raises(RuleRefused) as refusal:
        save(world, Entry(one, "Tiga"), period=second)
    assert refusal.value.problems[0].rule == "period_not_begun"


def test_late_progress_is_taken_and_marked(world, time_machine):
    one, other = indicators(world.me)
    save(world, Entry(one, "Tepat waktu"))
    time_machine.move_to("2026-04-20T02:00:00+00:00", tick=False)
    save(world, Entry(other, "Menyusul"))
    parts = progress_of(world.me, world.me.plan, [world.quarter])
    late = {
        reported.row.text: reported.late for part in parts for line in part.lines for reported in line.reported
    }
    assert late == {"Tepat waktu": False, "Menyusul": True}


def test_a_signed_period_is_not_rewritten(world, time_machine):
    [one, _other] = indicators(world.me)
    time_machine.move_to(AFTER_QUARTER, tick=False)
    signed(world.me, world.quarter)
    with pytest.raises(RuleRefused) as refusal:
        save(world, Entry(one, "Menyusul"))
    assert refusal.value.problems[0].rule == "already_signed"


def test_texts_of_the_last_period_are_copied_where_none_is_written_and_hinted_at(world, time_machine):
    one, other = indicators(world.me)
    save(world, Entry(one, "Tersusun dua belas laporan layanan"), Entry(other, "Lama"))
    time_machine.move_to("2026-05-10T02:00:00+00:00", tick=False)
    second = world.cycle.periods.get(kind="quarter", number=2)
    save(world, Entry(other, "Baru"), period=second)
    actor = user_of(world.me)
    assert execution.copy_progress(actor=actor, participant=world.me, period=second) == 1
    rows = Progress.objects.filter(period=second).values_list("indicator", "text")
    assert dict(rows) == {one: "Tersusun dua belas laporan layanan", other: "Baru"}
    parts = progress_of(world.me, world.me.plan, [second], [world.quarter])
    hints = [reported.hint for part in parts for line in part.lines for reported in line.reported]
    assert [hint is not None for hint in hints] == [True, False]
    with pytest.raises(RuleRefused):
        execution.copy_progress(actor=actor, participant=world.me, period=world.quarter)


def test_evidence_is_a_checked_file_that_those_who_see_the_person_may_read(world):
    [one, _other] = indicators(world.me)
    about = {"actor": user_of(world.me), "participant": world.me, "period": world.quarter, "indicator": one}
    evidence = execution.add_evidence(**about, upload=SimpleUploadedFile("a.pdf", PDF))
    assert may_read(world.gov.section_head.user, evidence.file)
    assert not may_read(world.gov.colleague.user, evidence.file)
    with pytest.raises(RuleRefused):
        execution.add_evidence(**about, upload=SimpleUploadedFile("a.pdf", b"MZ ini program"))
    with pytest.raises(RuleRefused):
        execution.add_evidence(**about)
    with pytest.raises(RuleRefused):
        execution.add_evidence(**about, upload=SimpleUploadedFile("a.pdf", PDF), url="https://contoh.test/")


def test_evidence_has_an_end_and_may_be_taken_off(world):
    [one, _other] = indicators(world.me)
    about = {"actor": user_of(world.me), "participant": world.me, "period": world.quarter, "indicator": one}
    links = [execution.add_evidence(**about, url=f"https://contoh.test/{number}") for number in range(10)]
    with pytest.raises(RuleRefused):
        execution.add_evidence(**about, url="https://contoh.test/11")
    with pytest.raises(PermissionRefused):
        execution.remove_evidence(actor=world.gov.section_head.user, evidence=links[0])
    assert execution.remove_evidence(actor=user_of(world.me), evidence=links[0]).removed_at is not None
    assert execution.add_evidence(**about, url="https://contoh.test/11")


def test_what_citizens_say_is_that_of_the_nearest_unit_that_has_numbers(world):
    span = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    for unit, value in ((world.gov.root, 70), (world.gov.office, 82)):
        UnitNumber.objects.create(unit=unit, key="feedback.ikm", value=value, derivation="/survei/", **span)
    UnitNumber.objects.create(unit=world.gov.office, key="lain", value=1, **span)
    [(label, row)] = unit_numbers(world.me)
    assert (str(label), row.unit, int(row.value)) == ("Indeks kepuasan masyarakat", world.gov.office, 82)
