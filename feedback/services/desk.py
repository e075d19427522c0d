"""The officers' desk: which cases, what waits for whom, how many; acts on what one has seen; acts on several."""

import contextlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.enums import OPEN_STATES, WITH_ADMIN, WITH_UNIT, AnswerState, CaseState
from feedback.models import Case, CaseAnswer
from feedback.services import cases
from feedback.services.cases.guards import check_version, handed_on, locked
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.lib.prepared import Eyes, Prepared, PreparedCounts, Slots
from kepegawaian.lib.verbs import together
from kepegawaian.units.models import Unit, scope_paths
from kepegawaian.units.registry import ties_of

R = TypeVar("R")
CAP = 100
"""Tabs count no further."""
TABS = ("waiting", "open", "overdue")
AT_ONCE = 100
"""So many cases may be acted on together."""


# --- Lists ----------------------------------------------------------------------------------------
def listed(user: Any) -> QuerySet[Case]:
    """What the role shows, without the long texts."""
    rows = Case.objects.handled_by(user).select_related("unit", "holder_unit", "officer")
    return rows.defer("text", "published_text", "attributes")


def may_see_secret(user: Any) -> bool:
    """Leaders and inspectors never do, so nothing asks them about it."""
    return any(scope_paths(user, right) != [] for right in (Right.HANDLE_COMPLAINTS, Right.ANSWER_COMPLAINTS))


def _in_scope(user: Any, right: Right, field: str) -> Q:
    if scope_paths(user, right) is None:
        return Q()
    return Q(**{f"{field}__in": Unit.objects.in_scope(user, right).values("pk")})


def _role(user: Any, right: Right, states: Sequence[CaseState], field: str) -> Q:
    if scope_paths(user, right) == []:
        return Q(pk__in=[])
    return _in_scope(user, right, field) & Q(state__in=states)


def waiting_for(user: Any) -> Q:
    """Cases on which this person's side acts next, and drafts that need his eye. All of them are open, which is
    said besides so that the few open ones are read by an index and not a million closed ones with them."""
    drafts = CaseAnswer.objects.filter(state=AnswerState.CHECKING).exclude(drafted_by_id=user.pk)
    return is_open() & (
        _role(user, Right.HANDLE_COMPLAINTS, WITH_ADMIN, "unit")
        | _role(user, Right.ANSWER_COMPLAINTS, WITH_UNIT, "holder_unit")
        | Q(pk__in=drafts.values("case_id"))
    )


def is_open() -> Q:
    return Q(state__in=OPEN_STATES)


def is_overdue() -> Q:
    return is_open() & Q(due_on__lt=today())


def tab_counts(user: Any) -> dict[str, int]:
    """How many wait, are open and are overdue, each up to `CAP` + 1; one statement."""
    return dict(zip(TABS, _counting(DeskEyes(user)).all(), strict=True))


class DeskEyes(Eyes):
    """What a desk shows depends on this alone; whoever sees the same on the same day asks the same statements."""

    def __init__(self, user: Any) -> None:
        rights = (Right.HANDLE_COMPLAINTS, Right.ANSWER_COMPLAINTS, Right.VIEW_COMPLAINTS)
        scopes = (scope_paths(user, right) for right in rights)
        self.user = user
        self.key = (
            user.pk,
            user.is_active,
            today(),
            ties_of(user),
            *(None if paths is None else tuple(paths) for paths in scopes),
        )


@lru_cache(maxsize=256)
def _counting(eyes: DeskEyes) -> PreparedCounts:
    """The statement is kept: putting it together takes longer than counting."""
    return PreparedCounts(lambda slot: tab_rows(eyes))


def tab_rows(eyes: DeskEyes) -> list[QuerySet[Any]]:
    """What each tab counts, in the order of `TABS`."""
    rows = Case.objects.handled_by(eyes.user).order_by().values("pk")
    return [rows.filter(condition)[: CAP + 1] for condition in (waiting_for(eyes.user), is_open(), is_overdue())]


@lru_cache(maxsize=1024)
def _scoped(eyes: DeskEyes, read: "Read") -> Prepared[Any]:
    return Prepared(lambda slot: read(Case.objects.handled_by(eyes.user), eyes.user, slot))


def scoped(user: Any, read: "Read") -> Prepared[Any]:
    """A read of the cases that the person's role shows, compiled once for whoever sees the same: the scope is the
    longest part of it. `read(rows, user, slot)` is a function of a module."""
    return _scoped(DeskEyes(user), read)


Read = Callable[[QuerySet[Case], Any, Slots], Any]


# --- One case -------------------------------------------------------------------------------------
def carry_out(*, case: Case, version: int | None, verb: Callable[[], R], lock: bool = True) -> R:
    """The verb, unless the case has changed since its page was read; StateChanged says so.

    `lock=False` for verbs that lock several cases in an order of their own.
    """
    with together(), contextlib.ExitStack() as stack:
        found = locked(case) if lock else Case.objects.get(pk=case.pk)
        check_version(found, version)
        if lock:
            stack.enter_context(handed_on(found))
        return verb()


# --- Several cases --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Outcome:
    case: Case
    ok: bool
    message: str | Promise


def chosen(user: Any, versions: Mapping[uuid.UUID, int]) -> list[Case]:
    """Those of the chosen that this person may see, the most pressing first."""
    keys = list(versions)[:AT_ONCE]
    return list(listed(user).filter(pk__in=keys).order_by("due_on", "id"))


def forward_all(
    *, actor: Any, rows: Sequence[Case], versions: Mapping[uuid.UUID, int], unit: Unit
) -> list[Outcome]:
    """New ones are opened first."""

    def forward(case: Case) -> Case:
        if case.state == CaseState.NEW:
            case = cases.open_case(actor=actor, case=case)
        return cases.assign(actor=actor, case=case, unit=unit)

    return _each(rows, versions, forward, _("Diteruskan."))


def reassign_all(
    *, actor: Any, rows: Sequence[Case], versions: Mapping[uuid.UUID, int], officer: User
) -> list[Outcome]:
    def give(case: Case) -> Case:
        return cases.reassign(actor=actor, case=case, officer=officer)

    return _each(rows, versions, give, _("Petugas diganti."))


def mark_all_spam(*, actor: Any, rows: Sequence[Case], versions: Mapping[uuid.UUID, int]) -> list[Outcome]:
    def mark(case: Case) -> Case:
        if case.held:
            return cases.decide_review(actor=actor, case=case, passed=False)
        return cases.mark_spam(actor=actor, case=case)

    return _each(rows, versions, mark, _("Ditandai bukan laporan."))


def _each(
    rows: Sequence[Case],
    versions: Mapping[uuid.UUID, int],
    verb: Callable[[Case], Any],
    told: str | Promise,
) -> list[Outcome]:
    """One transaction for each: what one refuses changes nothing for the others."""
    found = []
    for case in rows:
        try:
            carry_out(case=case, version=versions.get(case.pk), verb=lambda case=case: verb(case))  # type: ignore[misc]
        except ApplicationError as error:
            found.append(Outcome(case, False, error.message))
        else:
            found.append(Outcome(case, True, told))
    return found
