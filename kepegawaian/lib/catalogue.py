"""The English catalogue: every text that users see stands in the code in Indonesian and is collected from here.

GNU gettext is not needed: Babel reads and writes the catalogue, Django turns templates into something it can read.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_SKIPPED = {".venv", "var", "tests", "bench", "migrations", "node_modules"}

Key = tuple[str | None, str]


def source_files(root: Path) -> Iterator[Path]:
    """Python files and templates of ours, in a stable order."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        is_text = path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in parts)
        if is_text and not _SKIPPED.intersection(parts):
            yield path


def _messages(path: Path) -> Iterator[tuple[str, object]]:
    text = path.read_text(encoding="utf-8")
    # Templates have no indentation that means anything; Python's tokenizer trips over theirs.
    code = text if path.suffix == ".py" else re.sub(r"^\s+", "", templatize(text, origin=str(path)), flags=re.M)
    for _line, function, arguments, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}):
        yield str(function), arguments


def _entry(function: str, arguments: object) -> tuple[str | None, str | tuple[str, str]] | None:
    values = arguments if isinstance(arguments, tuple) else (arguments,)
    if function.startswith("npgettext"):
        context, ids = values[0], values[1:3]
    elif function.startswith("pgettext"):
        context, ids = values[0], values[1:2]
    elif function.startswith("ngettext"):
        context, ids = None, values[:2]
    else:
        context, ids = None, values[:1]
    if not ids or not all(isinstance(value, str) and value for value in ids):
        return None
    return context, ids[0] if len(ids) == 1 else (ids[0], ids[1])


def extract(root: Path) -> Catalog:
    """All msgids of the project, with the file each stands in (no line numbers: they only make noise)."""
    catalog = Catalog(locale="en", project="Portal Kepegawaian", charset="utf-8", fuzzy=False)
    for path in source_files(root):
        for function, arguments in _messages(path):
            entry = _entry(function, arguments)
            if entry:
                context, message_id = entry
                catalog.add(message_id, locations=[(str(path.relative_to(root)), 0)], context=context)
    return catalog


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def translated(message: Message) -> bool:
    values = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(values) and all(values) and "fuzzy" not in message.flags


def key(message: Message) -> Key:
    return message.context, message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def missing(root: Path, known: Catalog) -> list[str]:
    """Msgids without a complete English text."""
    done = {key(message) for message in known if message.id and translated(message)}
    return sorted(key(message)[1] for message in extract(root) if message.id and key(message) not in done)


def unused(root: Path, known: Catalog) -> list[str]:
    """Entries of the catalogue that no file uses any more."""
    used = {key(message) for message in extract(root) if message.id}
    return sorted(key(message)[1] for message in known if message.id and key(message) not in used)


def _fill(fresh: Message, old: Message) -> None:
    known = old.string if isinstance(old.string, (tuple, list)) else [str(old.string)]
    fresh.string = [*known, known[-1]][:2] if isinstance(fresh.id, (tuple, list)) else known[0]


def update(root: Path, catalogue: Path, parts: list[Path]) -> Catalog:
    """Rewrite `catalogue` from the sources, keeping its texts and taking in those of `parts`."""
    fresh = extract(root)
    texts: dict[Key, Message] = {}
    for source in [*parts, *([catalogue] if catalogue.exists() else [])]:
        texts |= {key(message): message for message in read(source) if message.id and translated(message)}
    for message in fresh:
        if message.id and key(message) in texts:
            _fill(message, texts[key(message)])
    with catalogue.open("wb") as file:
        write_po(file, fresh, sort_output=True, width=110, omit_header=False, include_lineno=False)
    return fresh
