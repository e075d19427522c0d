"""What citizens look for: services and units by words, cases like theirs, answers that exist already."""

import re
import uuid
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVectorField,
    TrigramWordSimilarity,
)
from django.db.models import Case as When
from django.db.models import Q, QuerySet, Value
from django.db.models import When as If
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThanOrEqual

from feedback.models import Case, Service
from feedback.models.catalogue import in_language
from feedback.rules.personal import without_personal
from feedback.rules.words import COMMON, sought
from kepegawaian.lib.dates import today
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.together import Together
from kepegawaian.units.models import Unit, UnitKind

LIKE_ENOUGH = 0.45
NOT_FAR = 0.34
"""Of the best score. Words in requirements alone never come this near to one in a name."""
SHOWN = 8
SIMILAR = 5
LISTED = 150
_CANDIDATES = 300
_NEWEST = 3000
"""Answers that are ranked: of a common word these are the newest. With fewer PostgreSQL would look for a rare word
by walking along the dates (a million cases: 0.4 s instead of 1 ms)."""
_WORDS, _SHORTEST = 8, 5
_VECTOR = RawSQL("feedback_service.search", [], output_field=SearchVectorField())
_PUBLIC_FIELDS = (
    "id",
    "number",
    "kind",
    "state",
    "unit",
    "service",
    "published_title",
    "published_at",
    "received_at",
    "answered_at",
    "closed_at",
)


def found_services(text: str, limit: int = SHOWN) -> list[Service]:
    """With any word of the text: in name and keywords, then in description and product, then in requirements and
    procedure (weights of migration 0016). What is far behind the best is left out: most services ask for a KTP."""
    words = sought(text)
    if not words:
        return []
    known = _known(words)
    scores = [SearchRank(_VECTOR, _stems(word)) if word in known else _alike(word) for word in words]
    rows = Service.objects.active().select_related("unit").annotate(score=sum(scores, Value(0.0)))
    found = list(rows.filter(score__gt=0).order_by("-score", "order", "name_id")[:limit])
    return [row for row in found if row.score >= found[0].score * NOT_FAR]


def _known(words: list[str]) -> set[str]:
    """Those that stand in any service; the others may be slips of the pen."""
    rows = Service.objects.active().alias(vector=_VECTOR)
    stands = rows.aggregate(**{f"word{at}": BoolOr(Q(vector=_stems(word))) for at, word in enumerate(words)})
    return {word for word, found in zip(words, stands.values(), strict=True) if found}


def _stems(word: str) -> SearchQuery:
    return SearchQuery(word, config="indonesian") | SearchQuery(word, config="english")


def _alike(word: str) -> When:
    """How much a name or keyword is written like it; nothing where that is little."""
    names = (TrigramWordSimilarity(word, name) for name in ("name_id", "name_en", "keywords"))
    most = Greatest(*names)
    return When(If(GreaterThanOrEqual(most, LIKE_ENOUGH), then=most), default=Value(0.0))


def found_units(words: str, limit: int = SHOWN) -> list[Unit]:
    words = words.strip()
    if not words:
        return []
    rows = Unit.objects.open().annotate(like=TrigramWordSimilarity(words, "name"))
    rows = rows.filter(Q(name__icontains=words) | Q(short_name__iexact=words) | Q(like__gte=LIKE_ENOUGH))
    return list(rows.order_by("-like", "depth", "path")[:limit])


def offices(on: Any = None) -> QuerySet[Unit]:
    """Whom citizens know: the government, its offices and its places of service, not their sections. `on`: today
    unless said, as a slot where the statement is kept."""
    kinds = (UnitKind.GOVERNMENT, UnitKind.OFFICE, UnitKind.SERVICE)
    found: QuerySet[Unit] = Unit.objects.open(on).filter(kind__in=kinds).order_by("name")
    return found


_LISTED = Together(
    lambda slot: (
        Service.objects.active().values_list("name_id", "name_en", "unit__name")[:LISTED],
        offices(slot("on")).values_list("name")[:LISTED],
    )
)
UPPER = 2
_UPPER: Prepared[tuple[uuid.UUID, str]] = Prepared(
    lambda slot: offices(slot("on")).filter(Q(depth__lte=UPPER) | Q(pk=slot("chosen"))).values_list("pk", "name")
)


def upper_offices(chosen: str = "") -> list[tuple[str, str]]:
    """(key, name) of the government and its offices, and of a place of service below them where it is the one
    chosen: there may be a thousand schools."""
    return [(str(pk), name) for pk, name in _UPPER.all(on=today(), chosen=as_uuid(chosen))]


def suggestions() -> tuple[tuple[str, str], ...]:
    """(what may be chosen, whose it is) for whoever starts to type what the report is about."""
    services, units = _LISTED.all(on=today())
    named = ((in_language(name, english), unit) for name, english, unit in services)
    return (*named, *((name, "") for (name,) in units))


# --- The tree, a step at a time -------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shelf:
    """One step of the tree: what belongs to a unit itself and what is right below it."""

    here: Unit | None
    above: list[Unit]
    services: list[Service]
    units: list[tuple[Unit, bool]]
    """With whether there is more inside."""


def shelf(key: str) -> Shelf:
    """Of the unit `key`, else of the government. What sections have stands with the office."""
    shown = offices().order_by("path").only("name", "path")
    found = as_uuid(key)
    here = (shown.filter(pk=found).first() if found else None) or shown.first()
    if here is None:
        return Shelf(None, [], [], [])
    prefixes = _prefixes(here.path)
    inside = list(shown.filter(path__startswith=here.path).exclude(pk=here.pk))
    paths = {row.path for row in inside}
    tops = [row for row in inside if len(_prefixes(row.path) & paths) == 1]
    rows = Service.objects.active().filter(unit__path__startswith=here.path).select_related("unit")
    services = list(rows.order_by("order", "name_id"))
    first = {row.path for row in tops}
    more = {path for row in inside for path in _prefixes(row.path) & first if path != row.path}
    more |= {path for row in services for path in _prefixes(row.unit.path) & first}
    return Shelf(
        here,
        list(shown.filter(path__in=prefixes - {here.path})),
        [row for row in services if not _prefixes(row.unit.path) & first],
        [(row, row.path in more) for row in sorted(tops, key=lambda row: row.name.casefold())],
    )


def _prefixes(path: str) -> set[str]:
    """Of the unit itself and of those above it."""
    return {path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)}


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about, as the form names it: `s:<code>` or `u:<id>`."""

    service: Service | None = None
    unit: Unit | None = None

    @property
    def value(self) -> str:
        if self.service is not None:
            return f"s:{self.service.code}"
        return f"u:{self.unit.pk}" if self.unit is not None else ""

    @property
    def label(self) -> str:
        if self.service is not None:
            return f"{self.service.name} ({self.service.unit.name})"
        return self.unit.name if self.unit is not None else ""


def about(value: str) -> About | None:
    """None for a value that names nothing."""
    kind, _colon, key = value.partition(":")
    if kind == "s":
        service = Service.objects.active().select_related("unit").filter(code=key).first()
        return About(service=service) if service is not None else None
    if kind == "u" and re.fullmatch(r"[0-9a-f-]{32,36}", key):
        unit = Unit.objects.open().filter(pk=key).first()
        return About(unit=unit) if unit is not None else None
    return None


def candidates(words: str) -> list[About]:
    """What somebody may have meant; the only one when the words are its very name."""
    services = [About(service=row) for row in found_services(words)]
    units = [About(unit=row) for row in found_units(words)]
    exact = [row for row in [*services, *units] if _is_name(words, row)]
    return exact[:1] if len(exact) == 1 else [*services, *units]


def named(words: str, found: list[About]) -> About | None:
    """The only one found, where every word typed stands in its name. One that is merely alike is asked back, so
    that nobody's report goes to an office he never named."""
    if len(found) != 1:
        return None
    label = found[0].label.casefold()
    return (
        found[0] if all(word in label for word in words.casefold().split()) or _is_name(words, found[0]) else None
    )


def _is_name(words: str, row: About) -> bool:
    return words.strip().casefold() in _names(row)


def _names(row: About) -> set[str]:
    if row.service is not None:
        return {name.casefold() for name in (row.service.name_id, row.service.name_en, row.label) if name}
    return {name.casefold() for name in (row.unit.name, row.unit.short_name) if name} if row.unit else set()


# --- Cases ----------------------------------------------------------------------------------------
def published(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With units and services, without a word of what was not published."""
    return rows.select_related("unit", "service").only(
        *_PUBLIC_FIELDS, "unit__name", "service__name_id", "service__name_en", "service__code"
    )


def similar_cases(text: str, chosen: About | None = None, limit: int = SIMILAR) -> list[Case]:
    """Published cases that use two of the longest words of the text; those of the same unit before others. One
    word ("lampu", "gelap") is in too many that are about something else; it is enough where there are no three.

    Bounded: at most `_CANDIDATES` matches are looked at, however many there are.
    """
    words = telling_words(text)
    if not words:
        return []
    asked = [" ".join(pair) for pair in combinations(words, 2)] if len(words) > 2 else words
    matching = Case.objects.public_matching(" or ".join(asked)).order_by()
    unit = chosen and (chosen.unit or (chosen.service.unit if chosen.service else None))
    found: list[Case] = []
    if unit:
        found = _best(matching.filter(unit=unit), limit)
    if len(found) < limit:
        known = [row.pk for row in found]
        found += _best(matching.exclude(pk__in=known), limit - len(found))
    return found


def _best(matching: QuerySet[Case], limit: int, candidates: int = _CANDIDATES) -> list[Case]:
    """Of the first candidates in the order given."""
    some = matching.values_list("pk", "rank")[:candidates]  # type: ignore[misc]
    best = [key for key, rank in sorted(some, key=lambda row: -row[1]) if rank > 0][:limit]
    rows = {row.pk: row for row in published(Case.objects.public()).filter(pk__in=best)}
    return [rows[key] for key in best if key in rows]


def telling_words(text: str) -> list[str]:
    """What a report is about: abbreviations (KTP, KK), then the longest words, which are rare ones. Nothing that
    looks like personal data, and not what stands in every letter."""
    found = re.findall(r"[^\W\d_]+", without_personal(text))
    short = {word.casefold() for word in found if word.isupper() and 1 < len(word) < _SHORTEST}
    words = short | {word.casefold() for word in found if len(word) >= _SHORTEST}
    return sorted(words - COMMON, key=lambda word: (word not in short, -len(word), word))[:_WORDS]


def latest_answers(rows: QuerySet[Case], limit: int = SHOWN) -> list[Case]:
    return list(published(rows).order_by("-answered_at", "-id")[:limit])


def found_answers(text: str, limit: int = SHOWN) -> tuple[list[Case], str]:
    """Answered cases with all words of the text, or where none has all with any of them, the best of the newest
    first; and what was looked for, as the list of cases takes it."""
    words = sought(text)
    for asked in dict.fromkeys((" ".join(words), " or ".join(words))) if words else ():
        matching = Case.objects.public_matching(asked).answered()
        if found := _best(matching.order_by("-answered_at", "-id"), limit, _NEWEST):
            return found, asked
    return [], ""
