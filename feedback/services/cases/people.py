"""Which officer a case goes to. Roles carry a unit; the nearest one counts; nobody gets a case about himself."""

from collections.abc import Iterable, Iterator

from feedback.enums import CaseKind
from feedback.models import Case
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared
from kepegawaian.units.models import RoleAssignment, Unit
from kepegawaian.units.registry import is_own_unit


def chain(unit: Unit | None) -> list[str]:
    if unit is None:
        return []
    return [unit.path[:end] for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)]


_HOLDERS: Prepared[RoleAssignment] = Prepared(
    lambda slot: (
        RoleAssignment.objects.in_force(slot("on"))
        .filter(role=slot("role"), user__is_active=True)
        .select_related("user", "unit")
        .order_by("valid_from", "id")
    )
)


def holders(role: Role, unit: Unit | None) -> list[tuple[int, User]]:
    """(depth of the role's unit, person) of everybody whose role covers the unit, the nearest first."""
    rows = _HOLDERS.all(on=today(), role=role.value)
    paths = set(chain(unit))
    found = [
        (row.unit.depth if row.unit else 0, row.user) for row in rows if not row.unit or row.unit.path in paths
    ]
    if unit is None:
        roots = [(row.unit.depth, row.user) for row in rows if row.unit and row.unit.depth == 1]
        found += roots
    return sorted(found, key=lambda pair: -pair[0])


def admins_for(case: Case) -> list[User]:
    """Admins who may handle this case, the nearest first."""
    return list(_apart([user for _depth, user in holders(Role.COMPLAINT_ADMIN, case.unit)], case, strict=True))


def admin_for(case: Case) -> User | None:
    """One of them; the cases spread evenly and each stays with the same one."""
    found = [user for _depth, user in holders(Role.COMPLAINT_ADMIN, case.unit)]
    if not found:
        return None
    first = case.pk.int % len(found)
    return next(_apart(found[first:] + found[:first], case, strict=True), None)


def liaison_for(case: Case, unit: Unit) -> User | None:
    """The liaison nearest to the unit who may handle this case."""
    found = [user for _depth, user in holders(Role.COMPLAINT_LIAISON, unit)]
    return next(_apart(found, case, strict=False), None)


def leaders_of(case: Case, *, government: bool) -> list[User]:
    """The leader nearest to the unit that holds the case; with `government`, those of the whole of it.

    Of a secret case leaders know nothing: its admins are told instead.
    """
    found = [] if case.secret else holders(Role.LEADER, case.holder_unit or case.unit)
    if not found:
        return admins_for(case)
    depths = [depth for depth, _user in found]
    wanted = min(depths) if government else max(depths)
    people = list(_apart([user for depth, user in found if depth == wanted], case, strict=False))
    return people or admins_for(case)


def _apart(people: Iterable[User], case: Case, *, strict: bool) -> Iterator[User]:
    """Without those whom the case names, whose unit it accuses or, where it is examined or moderated, is about."""
    named = {row.user_id for row in case.accused}
    units = [row.unit for row in case.accused if row.unit is not None]
    if case.unit is not None and (strict or case.kind == CaseKind.SUPERVISION):
        units.append(case.unit)
    for user in people:
        if user.pk not in named and not any(is_own_unit(user, unit) for unit in units):
            yield user
