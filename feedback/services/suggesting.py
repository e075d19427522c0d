"""Which unit a case may belong to, from what like cases became; always a suggestion, always with its reason."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from feedback.enums import OPEN_STATES
from feedback.models import Case
from feedback.permissions import can_handle
from feedback.rules.personal import preview
from feedback.services.catalogue import telling_words
from kepegawaian.units.models import Unit

LOOKED_AT = 300
"""Matches that are ranked, however many there are."""
NEAREST = 20
SHOWN = 3
EXAMPLES = 3
SAME = 5
ALIKE = 0.3
"""Titles this similar count where no word of the text is found (trigrams, 0 to 1)."""


@dataclass(slots=True)
class Suggestion:
    """`reason` is one sentence; `examples` are published cases that anybody may open."""

    unit: Unit
    reason: str | Promise
    score: float = 0.0
    examples: list[Case] = field(default_factory=list)


def suggest_units(case: Case) -> list[Suggestion]:
    """The unit of the chosen service first, then those that answered published cases in the same words."""
    found: dict[uuid.UUID, Suggestion] = {}
    if case.service is not None and case.service.unit.closed_on is None:
        reason = _("Unit ini menyelenggarakan layanan yang dipilih pelapor.")
        found[case.service.unit_id] = Suggestion(case.service.unit, reason)
    elif case.unit is not None and case.unit.closed_on is None:
        found[case.unit.pk] = Suggestion(case.unit, _("Unit ini dipilih pelapor."))
    for suggestion in _from_past(case):
        found.setdefault(suggestion.unit.pk, suggestion)
    return list(found.values())[:SHOWN]


def likely_same(case: Case, user: Any) -> list[Case]:
    """Open cases in like words, which this officer may join it with; best first."""
    words = telling_words(f"{case.title} {case.text}")
    if not words:
        return []
    matching = Case.objects.handled_by(user).matching(" or ".join(words)).exclude(pk=case.pk)
    matching = matching.filter(state__in=OPEN_STATES, held=False, secret=case.secret)
    keys = [key for key, _rank in _ranked(matching)][:SAME]
    rows = {row.pk: row for row in Case.objects.select_related("unit", "holder_unit").filter(pk__in=keys)}
    return [rows[key] for key in keys if key in rows and can_handle(user, rows[key])]


def _from_past(case: Case) -> list[Suggestion]:
    """Only what is published is looked at, so that no secret shows through a suggestion."""
    nearest = _by_words(case) or _by_title(case)
    keys = [key for key, _rank in nearest]
    past = Case.objects.public().filter(pk__in=keys).select_related("holder_unit").defer("text", "published_text")
    rows = {row.pk: row for row in past}
    groups: dict[Unit, list[tuple[Case, float]]] = defaultdict(list)
    for key, rank in nearest:
        row = rows.get(key)
        if row is not None and row.holder_unit is not None and row.holder_unit.closed_on is None:
            groups[row.holder_unit].append((row, rank))
    total = sum(len(members) for members in groups.values())
    made = [
        Suggestion(unit, _reason(case, len(members), total), sum(rank for _row, rank in members), _first(members))
        for unit, members in groups.items()
    ]
    return sorted(made, key=lambda item: -item.score)


def _first(members: list[tuple[Case, float]]) -> list[Case]:
    return [row for row, _rank in members[:EXAMPLES]]


def _reason(case: Case, count: int, total: int) -> str | Promise:
    sentence = ngettext_lazy(
        "Menjawab %(count)d dari %(total)d laporan serupa.",
        "Menjawab %(count)d dari %(total)d laporan serupa.",
        "count",
    ) % {"count": count, "total": total}
    words = telling_words(f"{case.title} {case.text}")[:4]
    return format_lazy("{} {}", sentence, _("Kata yang dicari: %(words)s.") % {"words": ", ".join(words)})


def _by_words(case: Case) -> list[tuple[uuid.UUID, float]]:
    words = telling_words(f"{case.title} {case.text}")
    if not words:
        return []
    matching = Case.objects.public_matching(" or ".join(words))
    return _ranked(matching.answered().exclude(pk=case.pk).filter(holder_unit__isnull=False))


def _ranked(matching: QuerySet[Case]) -> list[tuple[uuid.UUID, float]]:
    some = list(matching.order_by()[:LOOKED_AT].values_list("pk", "rank"))  # type: ignore[misc]
    return sorted(some, key=lambda pair: -pair[1])[:NEAREST]


def _by_title(case: Case) -> list[tuple[uuid.UUID, float]]:
    title = preview(case.title)
    rows = Case.objects.answered().exclude(pk=case.pk).filter(holder_unit__isnull=False)
    rows = rows.filter(published_title__trigram_similar=title)
    some = rows.annotate(alike=TrigramSimilarity("published_title", title)).filter(alike__gte=ALIKE)
    return list(some.order_by("-alike")[:NEAREST].values_list("pk", "alike"))
