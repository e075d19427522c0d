"""What every verb does: one transaction, and what PostgreSQL refuses comes out as a sentence."""

import functools
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, InternalError, transaction

from kepegawaian.lib.exceptions import Problem, RuleRefused, Text

P = ParamSpec("P")
R = TypeVar("R")
InWords = Callable[[Exception], Exception]


def verb_of(in_words: InWords) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The decorator of an app's verbs: one transaction.

    `in_words(error)` gives the refusal behind a constraint or a trigger, or the error itself where the app has
    no sentence for it.
    """

    def verb(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
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


def require_fields(wanted: Iterable[tuple[str, object, Text]]) -> None:
    """(field, value, sentence) for what may not be empty; white space is empty."""
    problems = [
        Problem(sentence, rule="required", field=field)
        for field, value, sentence in wanted
        if not (value.strip() if isinstance(value, str) else value)
    ]
    if problems:
        raise RuleRefused(problems)
