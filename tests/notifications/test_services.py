import pytest
from django.db import transaction

from kepegawaian.notifications import services
from kepegawaian.notifications.models import Delivery, DeliveryState, Message, Preference
from tests.accounts.factories import UserFactory
from tests.notifications.factories import tell, told

pytestmark = pytest.mark.django_db


def test_a_message_stands_in_the_inbox_with_a_delivery():
    user = UserFactory()
    assert tell(user) == 1
    message = Message.objects.get(recipient=user)
    assert (message.kind, message.url, message.read_at) == ("work.due", "/pekerjaan/", None)
    assert message.deliveries.get().state == DeliveryState.PENDING


def test_the_same_key_tells_nothing_new():
    user = UserFactory()
    assert [tell(user), tell(user), tell(user, key="b")] == [1, 0, 1]
    assert Delivery.objects.count() == 2


def test_somebody_named_twice_is_told_once_and_nobody_is_nobody():
    user = UserFactory()
    assert tell(user, None, user) == 1
    assert tell() == 0


def test_who_left_is_not_told():
    assert tell(UserFactory(is_active=False)) == 0


def test_telling_many_costs_one_statement(django_assert_num_queries):
    people = UserFactory.create_batch(20)
    with django_assert_num_queries(1):
        assert tell(*people) == 20


def test_nothing_is_told_when_the_verb_fails(django_capture_on_commit_callbacks):
    def failing_verb():
        with transaction.atomic():
            tell(UserFactory())
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks() as queued, pytest.raises(ZeroDivisionError):
        failing_verb()
    assert queued == []
    assert not Message.objects.exists()


def test_the_mail_waits_for_the_commit(django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks() as queued:
        tell(UserFactory())
        assert mailoutbox == []
    assert len(queued) == 1
    queued[0]()
    assert len(mailoutbox) == 1


def test_unread_ones_are_counted_no_further_than_needed(monkeypatch):
    user = UserFactory()
    monkeypatch.setattr(services, "UNREAD_CAP", 2)
    for key in "abcd":
        tell(user, key=key)
    assert services.unread_count(user) == 3


def test_only_ones_own_message_is_marked_read():
    owner, other = UserFactory(), UserFactory()
    message = told(owner).message
    assert services.mark_read(user=other, message_id=message.pk) is None
    assert services.mark_read(user=owner, message_id=message.pk) == message
    message.refresh_from_db()
    assert message.read_at is not None


def test_what_came_after_the_look_stays_unread():
    user = UserFactory()
    seen = told(user).message
    tell(user, key="b")
    assert services.mark_all_read(user=user, newest=seen.pk) == 1
    assert services.unread_count(user) == 1


def test_a_choice_that_is_the_default_is_forgotten():
    user = UserFactory()
    services.choose_modes(user=user, modes={"work": "digest"})
    assert services.modes_of(user)["work"] == "digest"
    services.choose_modes(user=user, modes={"work": "instant"})
    assert not Preference.objects.exists()
    assert services.modes_of(user)["work"] == "instant"


def test_a_mode_that_nobody_offers_is_not_kept():
    user = UserFactory()
    services.choose_modes(user=user, modes={"work": "pigeon"})
    assert services.modes_of(user)["work"] == "instant"


def test_a_failed_delivery_gets_a_new_start(django_capture_on_commit_callbacks, mailoutbox):
    actor = UserFactory()
    failed = told(UserFactory(), state=DeliveryState.FAILED, attempts=7)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.try_again(actor=actor, deliveries=Delivery.objects.all()) == 1
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, len(mailoutbox)) == (DeliveryState.SENT, 1, 1)
