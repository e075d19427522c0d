"""What a sheet looks like: columns with their synonyms, and the protocol that every kind of import follows."""

import datetime
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext_noop

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.importing.issues import Issue
from kepegawaian.employees.rules import Level
from kepegawaian.lib.exceptions import Text
from kepegawaian.work.cells import Wrong, text_of
from kepegawaian.work.reading import Cell, UnreadableSheet
from kepegawaian.work.verdicts import RowVerdict


@dataclass(frozen=True, slots=True)
class Column:
    """`names`: how sheets head it, the first as we write it. `stored` is False for what we know but leave out."""

    key: str
    names: tuple[str, ...]
    required: bool = False
    stored: bool = True


def normalised(header: object) -> str:
    """A header without case, blanks, underscores and signs: "Tmt_Gol. Ru" and "TMT GOLRU" are one."""
    return re.sub(r"[^a-z0-9]", "", str(header or "").lower())


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet beside the columns of a layout."""

    cells: tuple[str, ...]
    places: Mapping[str, int]
    unknown: tuple[str, ...]

    @classmethod
    def match(cls, cells: Sequence[Cell], columns: Iterable[Column]) -> "Header":
        texts = tuple(text_of(cell) for cell in cells)
        first: dict[str, int] = {}
        for index, text in enumerate(texts):
            if name := normalised(text):
                first.setdefault(name, index)
        places: dict[str, int] = {}
        for column in columns:
            found = next(
                (place for name in column.names if (place := first.pop(normalised(name), None)) is not None), None
            )
            if found is not None:
                places[column.key] = found
        taken = set(places.values())
        unknown = tuple(text for index, text in enumerate(texts) if text and index not in taken)
        return cls(texts, places, unknown)

    def name(self, key: str) -> str:
        """The column as this sheet heads it; "" when it has none."""
        return self.cells[self.places[key]] if key in self.places else ""


@dataclass(slots=True)
class Row:
    """One line of a sheet, read by column keys; what is wrong with it gathers in `issues`."""

    number: int
    cells: tuple[Cell, ...]
    header: Header
    issues: list[Issue] = field(default_factory=list)

    def cell(self, key: str) -> Cell:
        place = self.header.places.get(key)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def take(self, key: str, result: Any, level: Level = Level.WARNING) -> Any:
        """The parsed value; a Wrong becomes an issue of the column, and None."""
        if isinstance(result, Wrong):
            self.add(key, level, result.message, **result.params)
            return None
        return result

    def add(self, key: str, level: Level, message: str, **params: Any) -> None:
        name = self.header.name(key) or key
        self.issues.append(Issue(name, level, message, text_of(self.cell(key)), params))


@dataclass(slots=True)
class Parsed:
    """A row as understood. `key` names the thing it is about (a NIP): it may stand once in a file.

    `values` must survive JSON. A row with an error among its `issues` is refused and never compared. `plausible`
    says that the row fits its key: of two rows with one key the plausible one stays.
    """

    number: int
    key: str
    values: dict[str, Any]
    issues: list[Issue] = field(default_factory=list)
    plausible: bool = True

    @property
    def refused(self) -> bool:
        return any(issue.level == Level.ERROR for issue in self.issues)


@dataclass(slots=True)
class Compared:
    """What a row would do: `difference` lists {"field", "old", "new"}; `subject` is the employee's id if known."""

    verdict: RowVerdict
    difference: list[dict[str, Any]] = field(default_factory=list)
    subject: Any = None
    issues: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Afterthought:
    """An issue of a row that only shows when the whole file has been read."""

    number: int
    issue: Issue


@dataclass(frozen=True, slots=True)
class _Twin:
    number: int
    content: int
    plausible: bool


class Layout:
    """One kind of import. An instance lives for one reading or one saving, so it may keep what it has seen.

    Reading: `parse` for each row, `compare` for each batch of 1,000, then `afterthoughts` and `plan` once.
    Saving, all in one transaction: `prepare` once, `compare` again and `apply` for each batch, `finish` once.
    Other apps subclass this and call `registry.register_layout` from their `ready()`.
    """

    name: ClassVar[str]
    label: ClassVar[Text]
    columns: ClassVar[tuple[Column, ...]]
    right: ClassVar[Right] = Right.IMPORT_RECORDS
    fields: ClassVar[Mapping[str, Text]] = {}
    """Labels of the fields that a difference names."""
    choices: ClassVar[Mapping[str, type[TextChoices]]] = {}
    """Fields whose values are codes with a label."""
    restricted: ClassVar[frozenset[str]] = frozenset()
    """Fields whose values are masked on pages (UU 27/2022)."""
    shown: ClassVar[tuple[str, ...]] = ("nip", "name")
    """What is kept of `values` to name a row after it is saved."""
    do_not_call_in_templates: ClassVar[bool] = True
    """Templates show the kind, they do not make one."""

    def __init__(self, *, on: datetime.date, header: Header, planned: Mapping[str, Any] | None = None) -> None:
        self.on = on
        self.header = header
        self.planned: Mapping[str, Any] = planned or {}
        self.saving = False
        self.refused: set[int] = set()
        self._twins: dict[str, tuple[_Twin, ...]] = {}

    # --- Reading ----------------------------------------------------------------------------------
    def parse(self, row: Row) -> Parsed:
        raise NotImplementedError

    def compare(self, batch: Sequence[Parsed]) -> list[Compared]:
        """What each row would change, in the order of `batch`; no row of it is refused yet.

        While `saving` it must lock what it compares with.
        """
        raise NotImplementedError

    def remember(self, parsed: Parsed) -> None:
        """Called for every row while reading, so that twins are found however far apart they stand."""
        if parsed.refused:
            self.refused.add(parsed.number)
        if parsed.key:
            content = hash(json.dumps(parsed.values, sort_keys=True))
            twin = _Twin(parsed.number, content, parsed.plausible and not parsed.refused)
            self._twins[parsed.key] = (*self._twins.get(parsed.key, ()), twin)

    def afterthoughts(self) -> Iterable[Afterthought]:
        """Errors and warnings that need the whole file; subclasses add theirs to these about twins."""
        for key, twins in self._twins.items():
            if len(twins) > 1:
                yield from self._about_twins(key, twins)

    def _about_twins(self, key: str, twins: tuple[_Twin, ...]) -> Iterable[Afterthought]:
        """Equal rows count once; else the only plausible one stays, and without one all are refused."""
        plausible = [twin for twin in twins if twin.plausible]
        same = len({twin.content for twin in twins}) == 1
        kept = twins[0] if same else plausible[0] if len(plausible) == 1 else None
        column = next(column.key for column in self.columns if column.required)
        for twin in twins:
            if twin is not kept:
                other = kept or next(other for other in twins if other is not twin)
                self.refused.add(twin.number)
                message = gettext_noop("Sama dengan baris %(row)d, padahal hanya boleh satu.")
                issue = Issue(self.header.name(column), Level.ERROR, message, key, {"row": other.number})
                yield Afterthought(twin.number, issue)

    def plan(self) -> dict[str, Any]:
        """What saving needs to know of the whole file; kept with the batch as JSON and given back as `planned`."""
        return {}

    # --- Saving -----------------------------------------------------------------------------------
    def prepare(self, values: Iterable[Mapping[str, Any]], *, actor: Any, source: Any) -> None:
        """Before the first batch. `values` are those of all rows to be saved; `source` is the ImportBatch."""
        self.saving = True

    def key_of(self, values: Mapping[str, Any]) -> str:
        """`Parsed.key` from values that come back from the database."""
        return str(values[self.shown[0]])

    def apply(self, batch: Sequence[tuple[Parsed, Compared]]) -> None:
        """Write one batch. For people who are new, `Compared.subject` becomes the employee's id."""
        raise NotImplementedError

    def finish(self) -> dict[str, Any]:
        """After the last batch; what it returns is kept with the counts."""
        return {}


def missing_columns(header: Header, columns: Iterable[Column]) -> list[str]:
    return [column.names[0] for column in columns if column.required and column.key not in header.places]


def refuse_header(missing: Sequence[str]) -> UnreadableSheet:
    text = gettext_noop("Kolom %(columns)s tidak ada. Baris judul kolom harus memuat kolom itu.")
    return UnreadableSheet(text, columns=", ".join(missing))
