import datetime

import pytest
from django.db import IntegrityError, transaction

from feedback.models import Follow, Process
from feedback.rules.forum_templates import TEMPLATES
from feedback.services import forums
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from tests.feedback.forum_factories import START, fresh

DAY = datetime.date.fromisoformat
FACTS = {"title": "Forum", "summary": "Ringkasan", "starts_on": START}


def create(square, **more):
    facts = {"actor": square.organiser, "unit": square.office, "slug": "lain", "kind": "fkp", "facts": FACTS}
    return forums.create_process(**facts | more)


@pytest.mark.parametrize("kind", list(TEMPLATES))
def test_a_template_brings_its_phases_settings_and_dates(square, kind):
    process = create(square, kind=kind)
    template = TEMPLATES[kind]
    rows = list(process.phases.order_by("order"))
    assert [row.kind for row in rows] == [draft.kind for draft in template.phases]
    assert (rows[0].starts_on, rows[-1].ends_on) == (START, process.ends_on)
    assert {name: getattr(process, name) for name in template.settings} == template.settings
    assert process.published_at is None


def test_only_an_organiser_of_the_unit_makes_a_forum_there(square):
    for actor in (square.siti, square.stranger):
        with pytest.raises(PermissionRefused):
            create(square, actor=actor)
    assert create(square, actor=square.second).created_by == square.second


@pytest.mark.parametrize("slug", ["kantor", "saya", "jalan-2026"])
def test_an_address_in_use_is_refused_at_its_field(square, slug):
    with pytest.raises(RuleRefused) as refusal:
        create(square, slug=slug)
    assert refusal.value.problems[0].field == "slug"


def test_a_copy_moves_all_dates_and_copies_no_words_of_citizens(square):
    square.propose()
    start = START + datetime.timedelta(days=365)
    copy = forums.copy_process(
        actor=square.organiser, source=square.forum, slug="jalan-2027", title="Jalan 2027", starts_on=start
    )
    assert copy.copied_from == square.forum
    assert copy.proposals.count() == 0
    assert copy.published_at is None
    old = [(row.kind, row.starts_on, row.ends_on) for row in square.forum.phases.all()]
    moved = datetime.timedelta(days=365)
    assert [(row.kind, row.starts_on - moved, row.ends_on - moved) for row in copy.phases.all()] == old


def test_phases_outside_the_forum_are_refused_and_nothing_changes(square):
    rows = [_phase("2026-03-01", "2026-03-20")]
    with pytest.raises(RuleRefused, match="keluar dari tanggal forum"):
        forums.set_phases(actor=square.organiser, process=square.forum, phases=rows)
    assert square.forum.phases.count() == 3


def test_phases_are_kept_in_the_order_of_their_beginning(square):
    rows = [_phase("2026-03-20", "2026-03-22", title="B"), _phase("2026-03-03", "2026-03-05", title="A")]
    process = forums.set_phases(actor=square.organiser, process=square.forum, phases=rows)
    assert list(process.phases.values_list("order", "title")) == [(1, "A"), (2, "B")]


def test_a_published_forum_keeps_at_least_one_phase(square):
    with pytest.raises(RuleRefused):
        forums.set_phases(actor=square.organiser, process=square.forum, phases=[])


def _phase(start, end, *, title="Tahap"):
    return {
        "kind": "proposals",
        "title": title,
        "text": "",
        "starts_on": DAY(start),
        "ends_on": DAY(end),
        "proposals": True,
        "supports": False,
        "comments": True,
    }


def test_a_forum_without_phases_is_not_published(square):
    process = create(square)
    forums.set_phases(actor=square.organiser, process=process, phases=[])
    with pytest.raises(RuleRefused):
        forums.publish_process(actor=square.organiser, process=process)
    assert fresh(process).published_at is None


def test_publishing_twice_keeps_the_first_moment(square, on):
    first = square.forum.published_at
    on("2026-03-05")
    assert forums.publish_process(actor=square.organiser, process=square.forum).published_at == first
    assert Event.objects.filter(verb="feedback.forum_published").count() == 1


def test_a_change_is_recorded_with_what_was_before(square):
    facts = {"supports_each": 2, "title": "Jalan kita semua"}
    forums.edit_process(actor=square.organiser, process=square.forum, facts=facts)
    event = Event.objects.get(verb="feedback.forum_changed")
    assert event.data == {"from": {"title": "Jalan kita", "supports_each": 5}, "to": facts}


def test_dates_that_would_leave_a_phase_outside_are_refused(square):
    facts = {"ends_on": DAY("2026-03-10")}
    with pytest.raises(RuleRefused) as refusal:
        forums.edit_process(actor=square.organiser, process=square.forum, facts=facts)
    assert refusal.value.problems[0].field == "ends_on"


def test_an_area_without_seen_identity_cards_is_refused_by_the_database(square):
    with pytest.raises(IntegrityError, match="area_needs_seen_nik"), transaction.atomic():
        Process.objects.filter(pk=square.forum.pk).update(area=square.office)


def test_drafts_are_seen_by_their_organisers_alone(square):
    draft = create(square)
    assert draft in Process.objects.visible_to(square.second)
    assert draft not in Process.objects.visible_to(square.stranger)
    assert draft not in Process.objects.visible_to(square.siti)
    assert square.forum in Process.objects.visible_to(square.siti)


def test_who_takes_part_follows_by_digest_unless_he_chose_otherwise(square):
    forums.choose_level(user=square.budi, process=square.forum, level="none")
    square.propose(square.siti)
    square.propose(square.budi, title="Trotoar")
    levels = dict(Follow.objects.values_list("user__name", "level"))
    assert levels == {"Siti Warga": "digest", "Budi Warga": "none"}
