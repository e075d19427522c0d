"""Months of public feedback: who takes part, and what they do, the same for any number of staff."""

import random
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from demo import feedback_cases, feedback_forums, feedback_requests, feedback_surveys, feedback_whistle, names
from demo.accounts import CITIZEN, LIAISON_OFFICE, REPORTED, SINCE
from demo.feedback_cases import Cast
from demo.government import Node
from demo.people import Person
from feedback.models import Service
from feedback.services import statistics
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.units.models import RoleAssignment

CITIZENS = 16
LIAISONS_OF_AN_OFFICE = 2


def load(
    nodes: list[Node], staff: list[Person], chosen: dict[str, Person], rng: random.Random, accounts: Path
) -> None:
    """Cases, surveys and forums through their verbs, then the figures that are published of them."""
    cast = Cast(
        admin=_user(chosen[Role.COMPLAINT_ADMIN]),
        liaisons=_liaisons(staff, chosen),
        citizen=User.objects.get(email=CITIZEN),
        citizens=_citizens(rng),
    )
    feedback_cases.play(cast, rng)
    feedback_requests.play(cast)
    of_liaison = Service.objects.filter(unit__short_name=LIAISON_OFFICE).select_related("unit")
    feedback_surveys.load(cast, list(of_liaison), rng)
    feedback_forums.load(cast, of_liaison[0].unit, rng)
    feedback_whistle.load(_user(chosen[Role.WHISTLE_OFFICER]), _second_keeper(staff, chosen), accounts)
    statistics.refresh_due()


def _second_keeper(staff: list[Person], chosen: dict[str, Person]) -> User:
    """Somebody of another office than the first one, who cannot sign in."""
    first, taken = chosen[Role.WHISTLE_OFFICER], {person.user_id for person in chosen.values()}
    apart = (*REPORTED, first.node.office.short)
    free = [person for person in reversed(staff) if person.user_id not in taken]
    user = _user(next((person for person in free if person.node.office.short not in apart), free[0]))
    RoleAssignment.objects.create(user=user, role=Role.WHISTLE_OFFICER, valid_from=SINCE)
    return user


def _user(person: Person) -> User:
    return User.objects.get(pk=person.user_id)


def _citizens(rng: random.Random) -> list[User]:
    """Invented people who cannot sign in; their addresses are confirmed, so that they may vote."""
    given, now, nobody = names.MALE + names.FEMALE, timezone.now(), make_password(None)
    users = User.objects.bulk_create(
        User(
            email=f"warga{number}@contoh.test",
            name=f"{rng.choice(given).replace('_', ' ')} {rng.choice(names.FAMILY)}",
            password=nobody,
            activated_at=now,
        )
        for number in range(1, CITIZENS + 1)
    )
    addresses = [EmailAddress(user=user, email=str(user.email), verified=True, primary=True) for user in users]
    EmailAddress.objects.bulk_create(addresses)
    roles = [RoleAssignment(user=user, role=Role.CITIZEN, valid_from=SINCE) for user in users]
    RoleAssignment.objects.bulk_create(roles)
    return users


def _liaisons(staff: list[Person], chosen: dict[str, Person]) -> dict[object, tuple[User, User]]:
    """Two for every office that has services; the demo's own liaison is the first of his.

    A small government lends people: first those of the office, then its heads, then who is left elsewhere.
    """
    own = chosen[Role.COMPLAINT_LIAISON]
    taken = {person.user_id for person in chosen.values()}
    found: dict[object, tuple[User, User]] = {}
    for office in feedback_cases.offices():
        people = [own] if own.node.office.id == office.pk else []
        free = [person for person in staff if person.user_id not in taken]
        people += sorted(free, key=lambda person: (person.node.office.id != office.pk, bool(person.heads)))
        taken.update(person.user_id for person in people[:LIAISONS_OF_AN_OFFICE])
        first, second, *_rest = (_user(person) for person in people[:LIAISONS_OF_AN_OFFICE])
        for user in (first, second):
            if user.pk != own.user_id:
                RoleAssignment.objects.create(
                    user=user, role=Role.COMPLAINT_LIAISON, unit_id=office.pk, valid_from=SINCE
                )
        found[office.pk] = (first, second)
    return found
