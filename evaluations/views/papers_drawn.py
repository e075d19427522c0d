"""Lists of documents, written from a mould: a year has a dozen of them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.safestring import SafeString

from evaluations.papers.kinds import Paper
from kepegawaian.documents.models import IssuedDocument
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.moulds import Mould

_LINE = Mould("evaluations/follow_up/_paper.html")


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line of a list of documents; `signed`: it may be issued."""

    paper: Paper
    subject: uuid.UUID
    document: IssuedDocument | None
    signed: bool
    note: Text = ""


def drawn(request: HttpRequest, rows: Iterable[PaperRow]) -> SafeString:
    return _LINE.each(_words(request, row) for row in rows)


def _words(request: HttpRequest, row: PaperRow) -> dict[str, Any]:
    words: dict[str, Any] = {"label": row.paper.label, "note": row.note}
    words |= dict.fromkeys(("file", "number", "draft", "issue", "token"), "")
    if row.document is not None:
        file = row.document.file_id
        return words | {"file": address("documents:file", file) if file else "", "number": row.document.number}
    words["draft"] = address("evaluations:paper", row.subject, of=row.paper.code)
    if row.signed:
        words["issue"] = address("evaluations:paper_issue", row.subject, of=row.paper.code)
        words["token"] = csrf_input(request)
    return words
