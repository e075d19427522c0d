"""Who stands behind a request comes in one statement, with all that every page needs of the person."""

import datetime

import pytest

from kepegawaian.accounts.backends import PortalBackend
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.sessions import SessionStore
from kepegawaian.notifications.services import unread_count
from kepegawaian.units.models import current_roles
from kepegawaian.work.inbox import waiting_count
from tests.employees.factories import UserFactory, make_head
from tests.units.factories import RoleAssignmentFactory, UnitFactory
from tests.work.factories import open_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    """Heads a unit, held two roles of which one is over, and has something waiting."""
    unit = UnitFactory(office=True)
    person = make_head(unit)
    RoleAssignmentFactory(user=person.user, role=Role.HR_UNIT, unit=unit)
    RoleAssignmentFactory(user=person.user, role=Role.LEADER, unit=None)
    RoleAssignmentFactory(user=person.user, role=Role.ADMIN, valid_to=datetime.date(2020, 1, 2))
    for holder in (person.user, person.user, UserFactory()):
        open_item(holder)
    return person.user


def test_one_statement_brings_the_person_with_rights_and_counts(officer, django_assert_num_queries):
    fresh = User.objects.get(pk=officer.pk)
    asked = (current_roles(fresh), headed_paths(fresh), waiting_count(fresh), unread_count(fresh))
    with django_assert_num_queries(1):
        person = PortalBackend().get_user(officer.pk)
        brought = (current_roles(person), headed_paths(person), person.waiting_along, person.unread_along)
    assert ([tuple(pair) for pair in brought[0]], *brought[1:]) == asked
    assert len(asked[0]) == 2
    assert len(asked[1]) == 1
    assert asked[2] == 2


def test_whoever_may_not_sign_in_is_nobody(officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert PortalBackend().get_user(officer.pk) is None
    assert PortalBackend().get_user(uuid7()) is None


def test_a_person_without_anything_has_nothing():
    person = PortalBackend().get_user(UserFactory().pk)
    assert (current_roles(person), headed_paths(person), person.waiting_along, person.unread_along) == (
        [],
        [],
        0,
        0,
    )


def test_a_session_is_read_in_one_statement_until_it_ends(django_assert_num_queries, time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC))
    kept = SessionStore()
    kept["word"] = "ada"
    kept.create()
    with django_assert_num_queries(1):
        assert SessionStore(kept.session_key)["word"] == "ada"
    time_machine.move_to(datetime.datetime(2026, 3, 4, tzinfo=datetime.UTC))
    over = SessionStore(kept.session_key)
    assert over.load() == {}
    assert over.session_key is None
