"""Who may do what with whose account."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kepegawaian.accounts import permissions
from kepegawaian.accounts.registry import roles_of
from kepegawaian.accounts.roles import Right, Role
from tests.accounts.factories import UserFactory, with_role
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
VERBS = {
    "issue": permissions.can_issue_code,
    "deactivate": permissions.can_deactivate,
    "reactivate": permissions.can_reactivate,
    "second_factor": permissions.can_reset_second_factor,
    "sessions": permissions.can_end_sessions,
    "lock": permissions.can_lift_lock,
}
TARGETS = {
    "waiting": lambda: UserFactory(waiting=True),
    "active": lambda: UserFactory(),
    "inactive": lambda: UserFactory(is_active=False),
    "admin": lambda: with_role(Role.ADMIN),
}
# actor: for each target the verbs allowed
ALLOWED = {
    Role.EMPLOYEE: {},
    Role.HR_UNIT: {
        "waiting": {"issue", "deactivate", "second_factor", "sessions", "lock"},
        "active": {"issue", "deactivate", "second_factor", "sessions", "lock"},
        "inactive": {"reactivate", "second_factor", "sessions", "lock"},
    },
    Role.LEADER: {},
    Role.INSPECTOR: {},
    Role.HR_CENTRAL: {
        "waiting": {"issue", "deactivate", "second_factor", "sessions", "lock"},
        "active": {"issue", "deactivate", "second_factor", "sessions", "lock"},
        "inactive": {"reactivate", "second_factor", "sessions", "lock"},
    },
    Role.ADMIN: {
        "waiting": {"issue", "deactivate", "second_factor", "sessions", "lock"},
        "active": {"issue", "deactivate", "second_factor", "sessions", "lock"},
        "inactive": {"reactivate", "second_factor", "sessions", "lock"},
        "admin": {"issue", "deactivate", "second_factor", "sessions", "lock"},
    },
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("role", ALLOWED)
def test_each_role_may_exactly_this_with_each_account(role, target):
    actor, user = with_role(role), TARGETS[target]()
    allowed = {verb for verb, ask in VERBS.items() if ask(actor, user)}
    assert allowed == ALLOWED[role].get(target, set())


@pytest.mark.parametrize("verb", ["deactivate", "second_factor", "issue", "lock"])
def test_nobody_handles_his_own_account(verb):
    admin = with_role(Role.ADMIN)
    answer = VERBS[verb](admin, admin)
    assert not answer
    assert answer.reason == permissions.NOT_YOURSELF.reason


def test_a_refusal_gives_its_reason():
    answer = permissions.can_issue_code(with_role(Role.LEADER), UserFactory())
    assert "Hanya pengelola akun" in str(answer.reason)


def test_the_admin_needs_both_the_mark_and_the_role():
    assert permissions.can_open_admin(with_role(Role.ADMIN))
    assert not permissions.can_open_admin(UserFactory(is_staff=True))
    assert not permissions.can_open_admin(with_role(Role.HR_CENTRAL))
    unmarked = UserFactory()
    RoleAssignmentFactory(user=unmarked, role=Role.ADMIN)
    assert not permissions.can_open_admin(unmarked)


def test_a_superuser_opens_the_admin_without_a_role():
    assert permissions.can_open_admin(UserFactory(is_staff=True, is_superuser=True))


def test_a_visitor_and_an_inactive_person_hold_nothing():
    assert roles_of(AnonymousUser()) == frozenset()
    gone = with_role(Role.ADMIN, is_active=False)
    assert roles_of(gone) == frozenset()
    assert not permissions.is_admin(gone)


def test_a_role_counts_only_while_it_is_in_force():
    user = UserFactory()
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    RoleAssignmentFactory(user=user, role=Role.HR_CENTRAL, valid_from=today - 9 * day, valid_to=today - day)
    RoleAssignmentFactory(user=user, role=Role.INSPECTOR, valid_from=today + day)
    assert roles_of(user) == frozenset()
    assert not permissions.holds(user, Right.VIEW_RECORDS)


def test_django_permissions_follow_the_admin_rule():
    assert with_role(Role.ADMIN).has_perm("units.change_unit")
    assert with_role(Role.ADMIN).has_module_perms("units")
    assert not with_role(Role.HR_CENTRAL).has_perm("units.change_unit")
