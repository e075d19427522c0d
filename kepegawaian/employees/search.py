"""Finding people by what one remembers: part of a name, of a NIP or of a position; also when it is misspelt."""

import re
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Upper

from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.lib.prepared import Prepared

SIMILARITY = 0.4
"""Word similarity from which a misspelt word counts: "Wijaja" finds "Wijaya" (0.57), "Sri" alone does not."""
_NIP_PART = re.compile(r"[\d .'’]{3,}")
MAX_WORDS = 6
TRIGRAM = 3
_NAMED: Prepared[Any] = Prepared(
    lambda slot: (
        Employee.objects.order_by().filter(name__icontains=slot.value("word", "text")).values_list("pk")[:1]
    )
)


def words_of(text: str) -> list[str]:
    return text.replace("\x00", "").split()[:MAX_WORDS]


def is_nip(text: str) -> bool:
    return bool(_NIP_PART.fullmatch(text.strip()))


def matching(people: EmployeeQuerySet, text: str) -> EmployeeQuerySet:
    """People whose NIP contains the digits, or whose name or position contain every word."""
    if is_nip(text):
        return people.filter(current_nip__contains=re.sub(r"\D", "", text))
    for word in words_of(text):
        people = people.filter(Q(name__icontains=word) | Q(current_position__icontains=word))
    return people


def names_match(text: str) -> bool:
    """Whether any name contains one of the words that the trigram index can look up."""
    return any(bool(_NAMED.all(word=word)) for word in words_of(text) if len(word) >= TRIGRAM)


def unindexed(fields: tuple[str, ...]) -> list[Any]:
    """The same order by an expression that no index has. People of one name stand together in the index by name,
    which PostgreSQL does not know: it would walk through half of it for the first page of "Melkianus"."""
    first = fields[0].removeprefix("-")
    field = Employee._meta.get_field(first)
    key = F(first) + Value(0) if field.get_internal_type() != "CharField" else Concat(first, Value(""))
    return [key.desc() if fields[0].startswith("-") else key.asc(), *fields[1:]]


def similar(people: EmployeeQuerySet, text: str) -> EmployeeQuerySet:
    """People with a name like the misspelt words, the likest first."""
    words = [word.upper() for word in words_of(text)]
    named: Any = people.annotate(upper_name=Upper("name"))
    for word in words:
        named = named.filter(upper_name__trigram_word_similar=word)
    likeness = sum((TrigramWordSimilarity(word, "upper_name") for word in words), Value(0.0))
    likest: EmployeeQuerySet = named.annotate(likeness=likeness)
    return likest.order_by(F("likeness").desc(), "name", "id")


def set_threshold(connection: Any, **kwargs: Any) -> None:
    """On every new connection: what PostgreSQL's `%>` takes for similar. Only this search uses it, and setting it
    once spares each search three statements. Behind a pooler that forgets it, fewer misspellings are found."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(SIMILARITY)])
