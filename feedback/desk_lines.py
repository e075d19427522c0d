"""Cases as the desk lists them: plain columns, drawn by a mould. Whole rows of cases cost three times as much."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.enums import OPEN_STATES, CaseKind, CaseState, Phase
from feedback.forms_desk import Asked
from feedback.models import Case
from feedback.rules.personal import preview
from feedback.services import desk
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared, PreparedCounts, Slots
from kepegawaian.lib.templatetags.ui import badge, status
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.formatting import day, since, typed
from kepegawaian.lib.ui.moulds import Mould
from kepegawaian.lib.ui.pages import CAP, Page, paged

COLUMNS = (
    *("pk", "version", "number", "kind", "state", "secret", "anonymous", "held", "title", "due_on", "due_phase"),
    *("received_at", "unit__name", "holder_unit__name", "officer__name"),
)
_ROW = Mould("feedback/desk/_row.html")
_masked = lru_cache(maxsize=2048)(preview)
"""Titles that stand on desks all day are looked through once."""


@dataclass(frozen=True, slots=True)
class Line:
    """A case of the list: `COLUMNS`, in their order."""

    pk: uuid.UUID
    version: int
    number: str
    kind: str
    state: str
    secret: bool
    anonymous: bool
    held: bool
    title: str
    due_on: datetime.date | None
    due_phase: str
    received_at: datetime.datetime
    unit: str | None
    holder: str | None
    officer: str | None

    @property
    def late(self) -> bool:
        return self.due_on is not None and self.due_on < today() and self.state in OPEN_STATES

    def words(self, *, tickable: bool) -> dict[str, Any]:
        """Lists stand open on screens: no personal data, and of a secret case not what it says."""
        about = [str(CaseKind(self.kind).label)]
        if self.unit and self.unit != self.holder:
            about.append(self.unit)
        return {
            "key": f"{self.pk}:{self.version}" if tickable else "",
            "number": self.number,
            "url": address("feedback:case", self.pk),
            "title": _("Laporan rahasia") if self.secret else typed(_masked(self.title)),
            "about": " · ".join(about),
            "due": day(self.due_on),
            "phase": f"{Phase(self.due_phase).label} · {since(self.due_on)}" if self.due_on else "",
            "state": status(CaseState(self.state)),
            "flags": self._flags(),
            "holder": self.holder or _("Admin pengaduan"),
            "officer": self.officer,
            "received": day(self.received_at, weekday=False),
        }

    def _flags(self) -> SafeString:
        flags = []
        if self.secret:
            flags.append(badge(_("Rahasia"), tone="danger", icon="lock-closed"))
        if self.anonymous:
            flags.append(badge(_("Anonim"), icon="eye-slash"))
        if self.held:
            flags.append(badge(_("Perlu dilihat"), tone="wait", icon="shield-exclamation"))
        return mark_safe("".join(f" {flag}" for flag in flags))  # noqa: S308 - badges are markup


def drawn(lines: Iterable[Line], *, tickable: bool) -> SafeString:
    rows = (_drawn(_shown(line), tickable, get_language(), today()) for line in lines)
    return mark_safe("\n".join(rows))  # noqa: S308 - drawn by a template, and every word escaped


def _shown(line: Line) -> Line:
    """Nothing keeps what a secret case is called, not even the process."""
    return replace(line, title="") if line.secret else line


@lru_cache(maxsize=2048)
def _drawn(line: Line, tickable: bool, language: str | None, on: datetime.date) -> SafeString:
    """The same few hundred cases stand on desks all day: each is drawn once for all that its row shows."""
    return _ROW.fill(line.words(tickable=tickable), late=line.late)


# --- Which -----------------------------------------------------------------------------------------
def page_of(request: HttpRequest, asked: Asked) -> tuple[Page, list[int]]:
    """A page of the list, and how many stand in each tab. The statements are compiled once for whoever sees the
    same and asks the same."""
    eyes, found = desk.DeskEyes(request.user), {"words": asked.words}
    tabs: list[int] = []

    def lines(first: int, last: int) -> list[Line]:
        return [Line(*row) for row in _listing(eyes, asked, first, last).all(**found)]

    def count(items: list[Line]) -> int:
        nonlocal tabs
        *tabs, all_of_them = _counting(eyes, asked).all(**found)
        return all_of_them

    page = paged(request, lines, count)
    return page, tabs or list(desk.tab_counts(request.user).values())


@lru_cache(maxsize=512)
def _listing(eyes: desk.DeskEyes, asked: Asked, first: int, last: int) -> Prepared[Any]:
    return Prepared(lambda slot: _asked_for(eyes, asked, slot).values_list(*COLUMNS)[first:last])


@lru_cache(maxsize=512)
def _counting(eyes: desk.DeskEyes, asked: Asked) -> PreparedCounts:
    """Of the tabs and, where its page does not tell, of the list, in one statement."""
    return PreparedCounts(
        lambda slot: [*desk.tab_rows(eyes), _asked_for(eyes, asked, slot).order_by().values("pk")[: CAP + 1]]
    )


def _asked_for(eyes: desk.DeskEyes, asked: Asked, slot: Slots) -> QuerySet[Case]:
    return asked.of(Case.objects.handled_by(eyes.user), eyes.user, slot("words"))
