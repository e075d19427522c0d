"""Feedback: who may give, by which relation, what is shown when, and that no join tells who wrote what."""

import itertools

import pytest
from django.db import connection

from evaluations.enums import FeedbackRelation
from evaluations.models import EvaluationSetting, Feedback, FeedbackBox, FeedbackInvitation, Participant, Period
from evaluations.selectors.feedback import feedback_shown, who_can_read
from evaluations.services import feedback
from evaluations.services.feedback import Entry
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused
from kepegawaian.notifications.models import Message
from kepegawaian.work import running
from kepegawaian.work.models import Job, JobState, WorkItem
from tests.employees.factories import EmployeeFactory
from tests.evaluations.factories import join
from tests.evaluations.ratings_world import (
    AFTER_FEEDBACK,
    AFTER_QUARTER,
    IN_QUARTER,
    published,
    quarter_world,
    user_of,
)

pytestmark = pytest.mark.django_db
PEER = FeedbackRelation.PEER


@pytest.fixture(autouse=True)
def _in_the_quarter(time_machine):
    time_machine.move_to(IN_QUARTER, tick=False)


@pytest.fixture
def world():
    return quarter_world()


def peers(world, number):
    """So many colleagues of the same unit and assessor, besides the ready-made ones."""
    people = [EmployeeFactory(unit=world.gov.section) for _n in range(number)]
    joined = set(Participant.objects.filter(cycle=world.cycle).values_list("employee", flat=True))
    for person in people:
        if person.pk not in joined:
            join(world.cycle, person, world.gov.section_head)
    return people


def give(world, person, *texts, **about):
    entries = [Entry(text, **about) for text in texts]
    return feedback.give(actor=person.user, participant=world.me, period=world.quarter, entries=entries)


def close(time_machine):
    time_machine.move_to(AFTER_FEEDBACK, tick=False)
    count = published()
    for job in Job.objects.filter(kind=feedback.TELL, state=JobState.WAITING):
        assert running.run(job.pk)
    return count


def shown_texts(world):
    batches = feedback_shown(world.me, [world.quarter]).anonymous
    return [(batch.relation, batch.givers, sorted(said.text for said in batch.said)) for batch in batches]


# --- By name --------------------------------------------------------------------------------------
def test_the_superior_gives_by_name_and_is_read_at_once(world):
    assert give(world, world.gov.section_head, "Rapi") == FeedbackRelation.SUPERIOR
    [batch] = feedback_shown(world.me, [world.quarter]).named
    assert [(said.text, said.giver) for said in batch.said] == [("Rapi", world.gov.section_head.full_name)]
    assert Message.objects.get(kind="evaluations.feedback_received").recipient == user_of(world.me)


def test_one_writes_about_oneself_too_and_nobody_is_told(world):
    assert give(world, world.gov.employee, "Saya belajar") == FeedbackRelation.SELF
    assert not Message.objects.exists()


def test_where_the_agency_wants_names_peers_give_by_name(world):
    EvaluationSetting.objects.create(feedback_anonymous=False)
    give(world, world.gov.colleague, "Suka menolong")
    row = Feedback.objects.get()
    assert (row.anonymous, row.giver) == (False, world.gov.colleague)


def test_feedback_is_about_a_value_a_result_or_the_whole(world):
    origin = world.me.plan.results.first().origin
    head = world.gov.section_head
    give(world, head, "Menjaga rahasia", value="loyal")
    give(world, head, "Lengkap", result=str(origin))
    abouts = [str(said.about) for batch in feedback_shown(world.me, [world.quarter]).named for said in batch.said]
    assert abouts == ["Loyal", "Tersedianya laporan layanan 1"]
    with pytest.raises(RuleRefused):
        give(world, head, "Lain", result=str(world.me.pk))


def test_a_stranger_gives_nothing_unless_asked(world):
    stranger = world.gov.second_staff[0]
    with pytest.raises(PermissionRefused):
        give(world, stranger, "Baik")
    feedback.ask(actor=world.gov.employee.user, participant=world.me, period=world.quarter, givers=[stranger])
    assert give(world, stranger, "Baik") == FeedbackRelation.TEAM_LEAD


def test_a_subordinate_counts_as_one(world):
    head = world.of(world.gov.section_head)
    entries = [Entry("Terbuka")]
    found = feedback.give(actor=world.gov.employee.user, participant=head, period=world.quarter, entries=entries)
    assert found == FeedbackRelation.SUBORDINATE


# --- Asking ---------------------------------------------------------------------------------------
def test_who_is_asked_has_an_item_and_a_message_and_giving_closes_it(world):
    colleague = world.gov.colleague
    feedback.ask(
        actor=world.gov.employee.user, participant=world.me, period=world.quarter, givers=[colleague], question="?"
    )
    item = WorkItem.objects.get(kind="evaluations.feedback")
    assert (item.holder, str(item.due_on)) == (colleague.user, "2026-04-05")
    assert Message.objects.get(kind="evaluations.feedback_asked").recipient == colleague.user
    give(world, colleague, "Baik")
    item.refresh_from_db()
    assert item.closed_at is not None


def test_nobody_is_asked_twice_and_only_the_person_or_the_assessor_asks(world):
    about = {"participant": world.me, "period": world.quarter, "givers": [world.gov.colleague]}
    feedback.ask(actor=world.gov.section_head.user, **about)
    with pytest.raises(RuleRefused):
        feedback.ask(actor=world.gov.employee.user, **about)
    with pytest.raises(PermissionRefused):
        feedback.ask(actor=world.gov.colleague.user, **about)


def test_who_was_asked_may_decline_for_himself_alone(world):
    [one] = feedback.ask(
        actor=world.gov.employee.user, participant=world.me, period=world.quarter, givers=[world.gov.colleague]
    )
    with pytest.raises(PermissionRefused):
        feedback.decline(actor=world.gov.section_head.user, invitation=one)
    assert feedback.decline(actor=world.gov.colleague.user, invitation=one).declined
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_closed_period_takes_nothing_more(world, time_machine):
    time_machine.move_to(AFTER_FEEDBACK, tick=False)
    with pytest.raises(RuleRefused) as refusal:
        give(world, world.gov.section_head, "Terlambat")
    assert refusal.value.problems[0].rule == "feedback_closed"


def test_a_deadline_moved_later_does_not_open_what_was_published(world, time_machine):
    for person in peers(world, 3):
        give(world, person, f"Dari {person.pk}")
    close(time_machine)
    world.cycle.deadlines.filter(kind="feedback").update(due_on="2026-12-31")
    with pytest.raises(RuleRefused):
        give(world, world.gov.colleague, "Menyusul")


# --- Anonymity ------------------------------------------------------------------------------------
def test_nothing_is_shown_before_the_period_closes(world, time_machine):
    for person in peers(world, 3):
        give(world, person, "Baik")
    assert not feedback_shown(world.me, [world.quarter])
    time_machine.move_to(AFTER_QUARTER, tick=False)
    assert feedback.publish_due() == 0
    assert close(time_machine) == 1
    assert feedback.publish_due() == 0
    assert shown_texts(world) == [(PEER, 3, ["Baik"])]


def test_a_group_below_the_threshold_is_withheld_and_not_announced(world, time_machine):
    for person in peers(world, 2):
        give(world, person, f"Kata {person.pk}")
    close(time_machine)
    shown = feedback_shown(world.me, [world.quarter])
    assert shown.anonymous == ()
    assert shown.withheld == ((world.quarter, frozenset({PEER})),)
    assert Job.objects.get(kind=feedback.TELL).result == {"told": 0}
    assert not Message.objects.filter(kind="evaluations.feedback_published").exists()


def thresholds(number):
    EvaluationSetting.objects.update_or_create(defaults={"feedback_threshold": number})


@pytest.mark.parametrize("lowered", ["before it closes", "after it closed"])
def test_lowering_the_threshold_shows_nothing_that_was_promised_to_larger_groups(world, time_machine, lowered):
    for person in peers(world, 2):
        give(world, person, f"Kata {person.pk}")
    if lowered == "before it closes":
        thresholds(2)
    close(time_machine)
    thresholds(2)
    assert shown_texts(world) == []
    assert who_can_read(Period.objects.get(pk=world.quarter.pk), [world.me.pk]) == set()


def test_a_lowered_threshold_holds_for_who_writes_in_a_later_period_and_a_raised_one_at_once(world, time_machine):
    thresholds(2)
    for person in peers(world, 2):
        give(world, person, f"Kata {person.pk}")
    close(time_machine)
    assert len(shown_texts(world)) == 1
    thresholds(3)
    assert shown_texts(world) == []


def test_the_strictest_promise_of_a_period_holds(world):
    first, second = peers(world, 2)
    for number, person, promised in ((5, first, 5), (2, second, 5)):
        thresholds(number)
        give(world, person, "Kata")
        assert Period.objects.get(pk=world.quarter.pk).feedback_threshold == promised


def test_who_is_told_is_who_has_something_to_read_and_once(world, time_machine, monkeypatch):
    """Groups above and below the threshold, and small ones that are shown together, for several people at once."""
    monkeypatch.setattr(feedback, "TOLD_AT_ONCE", 1)
    monkeypatch.setattr(feedback, "BOXES", 1)
    head, other = world.of(world.gov.section_head), world.of(world.gov.colleague)
    givers = peers(world, 3)
    for person in givers:
        give(world, person, f"Kata {person.pk}")
    about = {"period": world.quarter, "entries": [Entry("Sebuah kata")]}
    for person in givers[:2]:
        feedback.give(actor=person.user, participant=other, **about)
        feedback.give(actor=person.user, participant=head, **about)
    feedback.give(actor=world.gov.second_section_head.user, participant=head, **about)
    close(time_machine)
    readable = {one.employee.user_id for one in (world.me, head, other) if feedback_shown(one, [world.quarter])}
    told = Message.objects.filter(kind="evaluations.feedback_published")
    assert (
        set(told.values_list("recipient", flat=True))
        == readable
        == {
            world.gov.employee.user_id,
            world.gov.section_head.user_id,
        }
    )
    job = Job.objects.get(kind=feedback.TELL)
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, cursor={})
    assert running.run(job.pk)
    assert told.count() == 2


def test_telling_many_costs_no_more_than_telling_a_few(world, time_machine, django_assert_max_num_queries):
    people = [world.of(person) for person in (*world.gov.staff, world.gov.section_head)]
    givers = peers(world, 3)
    for one in people:
        for person in givers:
            feedback.give(
                actor=person.user, participant=one, period=world.quarter, entries=[Entry(f"Kata {person.pk}")]
            )
    time_machine.move_to(AFTER_FEEDBACK, tick=False)
    with django_assert_max_num_queries(15):
        feedback.publish_due()
    with django_assert_max_num_queries(18):
        running.run(Job.objects.get(kind=feedback.PUBLISH).pk)
    with django_assert_max_num_queries(18):
        running.run(Job.objects.get(kind=feedback.TELL).pk)
    assert Message.objects.filter(kind="evaluations.feedback_published").count() == len(people)


def test_a_large_group_hides_where_a_small_one_would_stand_alone(world, time_machine):
    head = world.of(world.gov.section_head)
    subordinates = [person.user for person in world.gov.staff]
    peer_of_head = world.gov.second_section_head.user
    for user in (*subordinates, peer_of_head):
        feedback.give(actor=user, participant=head, period=world.quarter, entries=[Entry(f"Kata {user.pk}")])
    close(time_machine)
    [batch] = feedback_shown(head, [world.quarter]).anonymous
    assert (batch.relation, batch.givers, len(batch.said)) == (None, 3, 3)


def test_one_who_writes_three_times_is_still_one_giver(world, time_machine):
    [one, other] = peers(world, 2)
    give(world, one, "Satu", "Dua")
    give(world, one, "Tiga")
    give(world, other, "Empat")
    close(time_machine)
    assert shown_texts(world) == []


def test_neither_trail_nor_message_tells_of_anonymous_giving(world):
    before = Event.objects.count()
    give(world, world.gov.colleague, "Baik")
    assert Event.objects.count() == before
    assert not Message.objects.exists()


def _tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def _lines(table, where="true", *params):
    """Each row of a table as JSON text, with where and when PostgreSQL wrote it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT xmin::text, ctid::text, to_jsonb(t)::text FROM "{table}" t WHERE {where}',
            params,
        )
        return cursor.fetchall()


def test_before_closing_no_table_holds_a_text_and_a_box_belongs_to_nobody(world):
    people = peers(world, 3)
    for number, person in enumerate(people):
        give(world, person, f"Kalimat rahasia {number}")
    holding = [table for table in _tables() if any("Kalimat rahasia" in line for _x, _c, line in _lines(table))]
    assert holding == []
    [(_xmin, _ctid, box)] = _lines("evaluations_feedbackbox")
    assert not any(str(key) in box for person in people for key in (person.pk, person.user.pk))


def test_after_closing_no_join_over_any_table_tells_who_wrote_what(world, time_machine):
    people = peers(world, 4)
    for number, person in enumerate(people):
        give(world, person, f"Kalimat rahasia {number}", value="loyal")
    close(time_machine)
    rows = _lines("evaluations_feedback", "anonymous")
    assert len(rows) == 4
    own_keys = {str(key) for key in Feedback.objects.filter(anonymous=True).values_list("pk", flat=True)}
    givers = {str(key) for person in people for key in (person.pk, person.user.pk)}
    assert not any(key in line for _x, _c, line in rows for key in givers)
    assert len({xmin for xmin, _ctid, _line in rows}) == 1, "one transaction for all: none is one giver's"
    for table in _tables():
        lines = [] if table == "evaluations_feedback" else _lines(table)
        told = [
            line for _x, _c, line in lines if "Kalimat rahasia" in line or any(key in line for key in own_keys)
        ]
        assert told == [], table
    same = {"participant_id", "period_id", "relation", "value", "result", "anonymous", "giver_id", "given_at"}
    facts = Feedback.objects.filter(anonymous=True).values(*same)
    assert len({tuple(sorted(fact.items(), key=str)) for fact in map(_plain, facts)}) == 1


def _plain(fact):
    return {name: str(value) for name, value in fact.items()}


def test_rows_do_not_come_out_in_the_order_in_which_they_went_in(world, time_machine):
    people = peers(world, 8)
    for number, person in enumerate(people):
        give(world, person, f"{number}")
    close(time_machine)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM evaluations_feedback WHERE anonymous ORDER BY ctid")
        stored = [row[0] for row in cursor.fetchall()]
    assert sorted(stored) == [str(number) for number in range(8)]
    shuffles = set()
    for box_texts in itertools.repeat(list(range(8)), 20):
        texts = list(box_texts)
        feedback._SHUFFLE(texts)
        shuffles.add(tuple(texts))
    assert len(shuffles) > 1


def test_an_uninvited_giver_leaves_no_hour_in_the_key(world):
    give(world, world.gov.colleague, "Baik")
    assert FeedbackInvitation.objects.get().pk.version == 4


def test_the_page_and_the_selectors_tell_no_giver(world, time_machine, client):
    people = peers(world, 3)
    for person in people:
        give(world, person, f"Kata {person.pk}")
    close(time_machine)
    for reader in (world.gov.employee, world.gov.section_head, world.gov.hr):
        client.force_login(reader.user)
        html = client.get(f"/kinerja/umpan-balik/{world.me.pk}/").content.decode()
        assert "dari 3 orang" in html
        said = html[html.index("Yang dikatakan") : html.index("Tanpa nama, dari 3 orang")]
        assert not any(person.full_name in said for person in people)


def test_a_box_under_an_unknown_key_waits_and_loses_nothing(world, time_machine):
    for person in peers(world, 3):
        give(world, person, f"Kata {person.pk}")
    FeedbackBox.objects.update(sealed="tidak terbaca")
    close(time_machine)
    assert FeedbackBox.objects.count() == 1
    assert not Feedback.objects.exists()


def test_the_same_words_to_a_team_are_only_for_the_assessor(world):
    team = [world.of(person) for person in world.gov.staff]
    given = {"participants": team, "period": world.quarter, "text": "Terima kasih"}
    assert feedback.give_to_team(actor=world.gov.section_head.user, **given) == 2
    [batch] = feedback_shown(world.me, [world.quarter]).named
    assert batch.said[0].same_text == 2
    with pytest.raises(PermissionRefused):
        feedback.give_to_team(actor=world.gov.office_head.user, **given)
    assert Participant.objects.filter(feedback__isnull=False).distinct().count() == 2
