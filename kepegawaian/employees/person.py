"""What the page of a person shows: his own one and the one that officers see are made of the same parts."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees import permissions, reporting, rules
from kepegawaian.employees.enums import NumberKind
from kepegawaian.employees.models import Delegation, Employee, EmployeeNumber, PositionHolding, RankHolding
from kepegawaian.employees.services import RESTRICTED
from kepegawaian.lib.dates import today
from kepegawaian.lib.together import read_together

DOT = "•"
SHOWN_DIGITS = 3


@dataclass(frozen=True, slots=True)
class PersonPanel:
    """A part of a person's page that another app brings, such as the leave balance. `context(request, person)`
    gives what `template` needs, or None when there is nothing for this reader."""

    code: str
    template: str
    context: Callable[[HttpRequest, Employee], dict[str, Any] | None]
    order: int = 100


_panels: dict[str, PersonPanel] = {}


def register_panel(panel: PersonPanel) -> None:
    _panels[panel.code] = panel


def panels(request: HttpRequest, person: Employee) -> list[tuple[str, dict[str, Any]]]:
    ordered = sorted(_panels.values(), key=lambda panel: (panel.order, panel.code))
    made = ((panel.template, panel.context(request, person)) for panel in ordered)
    return [(template, context) for template, context in made if context is not None]


# --- Restricted values ----------------------------------------------------------------------------
LABELS: dict[str, str | Promise] = {
    "nik": "NIK",
    "npwp": "NPWP",
    "bpjs": "BPJS",
    "phone": _("Nomor HP"),
    "address": _("Alamat"),
}


@dataclass(frozen=True, slots=True)
class Restricted:
    """A restricted value as the page may write it: masked, or in plain right after it was asked for."""

    name: str
    label: str | Promise
    text: str
    known: bool
    plain: bool


def masked(name: str, value: str) -> str:
    """Dots, and of a number the last digits, by which its owner knows it again; an address stays all dots."""
    if not value:
        return ""
    if name == "address":
        return DOT * 8
    return DOT * max(len(value) - SHOWN_DIGITS, SHOWN_DIGITS) + value[-SHOWN_DIGITS:]


def restricted(person: Employee, revealed: dict[str, str] | None = None) -> list[Restricted]:
    revealed = revealed or {}
    return [
        Restricted(
            name=name,
            label=LABELS[name],
            text=revealed.get(name, masked(name, getattr(person, name))),
            known=bool(getattr(person, name)),
            plain=name in revealed,
        )
        for name in RESTRICTED
    ]


# --- The page -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Career:
    """A person's histories and what follows from them on a date."""

    ranks: list[RankHolding]
    posts: list[PositionHolding]
    on: datetime.date

    @property
    def rank(self) -> RankHolding | None:
        return next(self._in_force(self.ranks), None)

    @property
    def golongan(self) -> rules.Golongan | None:
        return rules.golongan(self.rank.scheme, self.rank.order) if self.rank else None

    @property
    def service_in_rank(self) -> rules.Service | None:
        """*Masa kerja golongan* today."""
        if self.rank is None:
            return None
        decreed = rules.Service(self.rank.mk_years, self.rank.mk_months)
        return rules.service_at(decreed, self.rank.valid_from, self.on)

    @property
    def posts_now(self) -> list[PositionHolding]:
        return list(self._in_force(self.posts))

    def _in_force(self, rows: Iterable[Any]) -> Any:
        for row in rows:
            begun = row.superseded_at is None and row.valid_from <= self.on
            if begun and (row.valid_to is None or row.valid_to >= self.on):
                yield row


@dataclass(frozen=True, slots=True)
class Histories:
    career: Career
    numbers: list[EmployeeNumber]
    delegations: list[Delegation]


def histories(person: Employee, on: datetime.date) -> Histories:
    """What was ever decided about a person, the newest first, and the delegations that are not over."""
    order = ("-valid_from", "-id")
    delegations = Delegation.objects.filter(principal=person, ended_at=None, valid_to__gte=on)
    ranks, posts, numbers, delegated = read_together(
        RankHolding.objects.filter(employee=person).order_by(*order),
        PositionHolding.objects.filter(employee=person)
        .select_related("position", "unit", "heads")
        .order_by(*order),
        EmployeeNumber.objects.filter(employee=person).order_by(*order),
        delegations.select_related("delegate"),
    )
    return Histories(Career(ranks, posts, on), numbers, delegated)


def total_service(person: Employee, on: datetime.date) -> rules.Service | None:
    first = rules.first_service_day(person.status, tmt_cpns=person.tmt_cpns, contract_start=person.contract_start)
    return rules.total_service(first, on) if first else None


def page_context(request: HttpRequest, person: Employee, revealed: dict[str, str] | None = None) -> dict[str, Any]:
    on = today()
    user = request.user
    known = histories(person, on)
    leads = any(post.heads_id for post in known.career.posts_now)
    return {
        "employee": person,
        "own": permissions.is_own(user, person),
        "career": known.career,
        "service": total_service(person, on),
        "superior": reporting.superior_of(person, on),
        "numbers": [number for number in known.numbers if number.valid_to or number.kind == NumberKind.OLD_NIP],
        "delegations": known.delegations,
        "restricted": restricted(person, revealed),
        "revealed": bool(revealed),
        "may_reveal": bool(permissions.can_reveal(user, person)),
        "may_edit": bool(permissions.can_edit(user, person)),
        "may_delegate": leads and bool(permissions.can_delegate(user, person)),
        "panels": panels(request, person),
    }
