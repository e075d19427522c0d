"""What every verb does: one transaction, and what PostgreSQL refuses comes out as a sentence."""

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, InternalError, transaction

from kepegawaian.lib.exceptions import Problem, RuleRefused, StateChanged, Text

P = ParamSpec("P")
R = TypeVar("R")
InWords = Callable[[Exception], Exception]


_together = ContextVar("verbs_together", default=False)


@contextlib.contextmanager
def together() -> Iterator[None]:
    """One transaction for all verbs inside: the first refusal undoes everything, so they need no savepoints of
    their own, and none of them may be caught inside."""
    token = _together.set(True)
    try:
        with transaction.atomic():
            yield
    finally:
        _together.reset(token)


def verb_of(in_words: InWords) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The decorator of an app's verbs: one transaction.

    `in_words(error)` gives the refusal behind a constraint or a trigger, or the error itself where the app has
    no sentence for it.
    """

    def verb(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic(savepoint=not _together.get()):
                    return function(*args, **kwargs)
            except (IntegrityError, InternalError) as error:
                refusal = in_words(error)
                if refusal is error:
                    raise
                raise refusal from error

        return wrapper

    return verb


def constraint_of(error: Exception) -> str:
    """The name of the constraint that was broken, "" where there is none (a trigger)."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def changed_in_words(sentences: Mapping[str, Text]) -> InWords:
    """For `verb_of`, where every constraint says that somebody was faster: name of the constraint -> sentence."""

    def in_words(error: Exception) -> Exception:
        sentence = sentences.get(constraint_of(error))
        return StateChanged(sentence) if sentence else error

    return in_words


def require_fields(wanted: Iterable[tuple[str, object, Text]]) -> None:
    """(field, value, sentence) for what may not be empty; white space is empty."""
    problems = [
        Problem(sentence, rule="required", field=field)
        for field, value, sentence in wanted
        if not (value.strip() if isinstance(value, str) else value)
    ]
    if problems:
        raise RuleRefused(problems)
