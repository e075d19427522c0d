"""Errors that carry a sentence for the user apart from what a developer reads in the log."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise

from kepegawaian.lib.access import Answer, Denied

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: the sentence, and where a rule of law refused, its id and article.

    `verified` is False where nobody has seen the text of the article yet; whoever shows it says so.
    """

    message: Text
    rule: str = ""
    article: str = ""
    field: str = ""
    verified: bool = True

    @property
    def cited(self) -> str:
        """What a person reads of rule and article. Ids in capitals are those of a table of rules that the docs
        explain ("CT-BALANCE"); others are for programs."""
        return " · ".join(part for part in (self.rule if self.rule.isupper() else "", self.article) if part)


@dataclass
class ApplicationError(Exception):
    """A verb could not be carried out; nothing was written. Pages show it, the API answers 409 or 422."""

    message: Text
    status: int = 409
    problems: Sequence[Problem] = field(default_factory=tuple)

    def __str__(self) -> str:
        return str(self.message)


class PermissionRefused(ApplicationError, PermissionDenied):
    """The actor may see the object but not do this to it (403, on pages with the reason)."""

    def __init__(self, denied: Denied) -> None:
        super().__init__(denied.reason, status=403)


def demand(answer: Answer) -> None:
    """Go on when a permission allowed it; raises PermissionRefused with its reason otherwise."""
    if isinstance(answer, Denied):
        raise PermissionRefused(answer)


class RuleRefused(ApplicationError):
    """A rule of the domain refused (422), each problem with rule and article."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message, status=422, problems=tuple(problems))


class StateChanged(ApplicationError):
    """Somebody else was faster: the object is no longer in the state the actor saw (409)."""
