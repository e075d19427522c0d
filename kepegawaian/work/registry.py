"""What features add to the shared pages of work: cards of the home page, kinds of items, bulk actions.

They register from the `ready()` of their apps; nothing here knows a feature.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise
WAITING, COMING, NUMBERS = "waiting", "coming", "numbers"
"""The home page answers in this order: what I wait for, what is coming, my numbers."""


@dataclass(frozen=True, slots=True)
class HomeCard:
    """`context(request)` gives what `template` needs, or None when there is nothing to show this person."""

    code: str
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    section: str = WAITING
    order: int = 100


@dataclass(frozen=True, slots=True)
class ItemKind:
    """How items of a kind are called in the filter of the inbox; `icon` is a name of lib/ui/icons.py.

    `line(context)` says in the reader's language what stands under the title; without it `context["line"]` does.
    """

    kind: str
    label: Text
    icon: str = "inbox"
    line: Callable[[Mapping[str, Any]], str] | None = None


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one of the chosen subjects; `message` says why when it could not be done."""

    subject_id: uuid.UUID
    ok: bool
    message: Text = ""


Handler = Callable[[Any, Sequence[uuid.UUID], Mapping[str, Any]], Sequence[BulkResult]]


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button under the list of one kind. `form` asks for what the action needs; `handler(actor, subject_ids,
    data)` calls the verb for each, one transaction each, and reports every one."""

    kind: str
    name: str
    label: Text
    handler: Handler
    form: type[Any] | None = None
    order: int = 100


_cards: dict[str, HomeCard] = {}
_kinds: dict[str, ItemKind] = {}
_actions: dict[tuple[str, str], BulkAction] = {}
_escalations: dict[str, list[Callable[[Any], None]]] = {}


def register_escalation(kind: str, escalate: Callable[[Any], None]) -> None:
    """`escalate(item)` is called in the transaction in which the holder of an overdue item is reminded."""
    _escalations.setdefault(kind, []).append(escalate)


def escalations(kind: str) -> list[Callable[[Any], None]]:
    return list(_escalations.get(kind, ()))


def register_card(card: HomeCard) -> None:
    if card.section not in (WAITING, COMING, NUMBERS):
        raise ValueError(f"card {card.code}: there is no section {card.section!r}")
    _cards[card.code] = card


def register_kind(kind: ItemKind) -> None:
    _kinds[kind.kind] = kind


def register_bulk_action(
    kind: str, name: str, label: Text, handler: Handler, *, form: type[Any] | None = None, order: int = 100
) -> None:
    _actions[kind, name] = BulkAction(kind, name, label, handler, form, order)


def cards(section: str) -> list[HomeCard]:
    return sorted(
        (card for card in _cards.values() if card.section == section), key=lambda card: (card.order, card.code)
    )


def kind_of(kind: str) -> ItemKind:
    return _kinds.get(kind) or ItemKind(kind, kind)


def bulk_actions(kind: str) -> list[BulkAction]:
    found = [action for action in _actions.values() if action.kind == kind]
    return sorted(found, key=lambda action: (action.order, action.name))


def bulk_action(kind: str, name: str) -> BulkAction | None:
    return _actions.get((kind, name))
