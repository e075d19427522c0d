import datetime
import uuid

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from kepegawaian.work import services
from kepegawaian.work.models import WorkItem
from tests.accounts.factories import UserFactory
from tests.work.factories import KIND, open_item

pytestmark = pytest.mark.django_db
DUE = datetime.date(2026, 3, 16)


def test_an_item_waits_for_its_holder():
    holder, subject = UserFactory(), UserFactory()
    item = open_item(holder, subject=subject, due_on=DUE, context={"line": "5 hari kerja", "days": 5})
    stored = WorkItem.objects.get(pk=item.pk)
    assert (stored.subject_type, stored.subject_id) == ("accounts.user", subject.pk)
    assert (stored.holder, stored.title, stored.due_on, stored.line) == (holder, "Cuti Siti", DUE, "5 hari kerja")
    assert WorkItem.objects.waiting_for(holder).get() == item


def test_opening_again_renews_the_words_and_keeps_the_age():
    holder, subject = UserFactory(), UserFactory()
    first = open_item(holder, subject=subject)
    again = open_item(holder, subject=subject, title="Cuti Siti, diubah", due_on=DUE)
    assert (again.pk, again.opened_at) == (first.pk, first.opened_at)
    assert WorkItem.objects.get().title == "Cuti Siti, diubah"


def test_opening_costs_one_statement():
    holder = UserFactory()
    with CaptureQueriesContext(connection) as statements:
        open_item(holder)
    assert len(statements) == 1


@pytest.mark.parametrize(("same_holder", "reminded"), [(True, DUE), (False, None)])
def test_a_new_holder_is_reminded_afresh(same_holder, reminded):
    holder, subject = UserFactory(), UserFactory()
    open_item(holder, subject=subject)
    WorkItem.objects.update(reminded_on=DUE)
    open_item(holder if same_holder else UserFactory(), subject=subject)
    assert WorkItem.objects.get().reminded_on == reminded


def test_closing_says_who_and_closes_only_once():
    holder, subject = UserFactory(), UserFactory()
    open_item(holder, subject=subject)
    assert services.close_item(kind=KIND, subject=subject, by=holder)
    assert not services.close_item(kind=KIND, subject=subject, by=holder)
    item = WorkItem.objects.get()
    assert item.closed_by == holder
    assert item.closed_at is not None
    assert not WorkItem.objects.waiting_for(holder).exists()


def test_a_closed_step_can_be_opened_again():
    holder, subject = UserFactory(), UserFactory()
    open_item(holder, subject=subject)
    services.close_item(kind=KIND, subject=subject)
    open_item(holder, subject=subject)
    assert WorkItem.objects.count() == 2


def test_everything_about_a_subject_closes_together():
    holder, subject = UserFactory(), UserFactory()
    open_item(holder, subject=subject)
    open_item(holder, subject=subject, kind="test.decision")
    other = open_item(holder)
    assert services.close_items(subject=subject, by=holder) == 2
    assert WorkItem.objects.waiting_for(holder).get() == other


def test_an_item_moves_to_another_holder_and_to_nobody():
    holder, successor, subject = UserFactory(), UserFactory(), UserFactory()
    open_item(holder, subject=subject)
    WorkItem.objects.update(reminded_on=DUE)
    assert services.move_item(kind=KIND, subject=subject, holder=successor)
    item = WorkItem.objects.get()
    assert (item.holder, item.reminded_on) == (successor, None)
    assert services.move_item(kind=KIND, subject=subject, holder=None)
    assert not services.move_item(kind="test.other", subject=subject, holder=holder)


def test_postgresql_refuses_a_second_open_item_of_a_step():
    item = open_item(UserFactory())
    with pytest.raises(IntegrityError, match="one_open_item_a_step"):
        WorkItem.objects.create(kind=KIND, subject_type="accounts.user", subject_id=item.subject_id, url="/")


def test_a_long_title_is_cut_not_refused():
    assert len(open_item(UserFactory(), subject=("a.b", uuid.uuid4()), title="x" * 300).title) == 200
