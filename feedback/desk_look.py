"""How a case is drawn for officers: every step with who, when, and what it did to the deadline."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback.enums import CaseState, Party
from feedback.hooks_cases import VERBS
from feedback.models import Case, CaseFile, CaseMessage, CaseStep, Mention
from feedback.report_look import holder
from feedback.rules.personal import preview
from feedback.workflow import Action
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.ui.formatting import day, moment, typed
from kepegawaian.lib.ui.pages import DEEPEST
from kepegawaian.lib.ui.pages import SIZE as SHOWN
from kepegawaian.lib.ui.parts import Step


def desk_title(case: Case) -> str:
    """Lists stand open on screens: without personal data, and a secret case shows on its own page alone what it
    says."""
    return _("Laporan rahasia") if case.secret else preview(case.title)


@dataclass(frozen=True, slots=True)
class Story:
    steps: list[Step]
    earlier: bool
    """There are older steps than these."""


def _told(slot: Slots) -> QuerySet[CaseStep]:
    moved = Q(due_before__lt=F("due_after")) | Q(due_before__gt=F("due_after"))
    rows = CaseStep.objects.filter(~Q(action=Action.MESSAGE) | moved, case=slot("case"))
    return rows.select_related("actor", "unit").order_by("-version")


_ALL_STEPS: Prepared[CaseStep] = Prepared(_told)
_STEPS: Prepared[CaseStep] = Prepared(lambda slot: _told(slot)[: SHOWN + 1])


def story(case: Case, *, whole: bool = False) -> Story:
    """What was done with the case, the newest `SHOWN` unless it is the whole. Messages stand in the thread; here
    only those that moved a deadline."""
    found = (_ALL_STEPS if whole else _STEPS).all(case=case.pk)
    earlier, found = not whole and len(found) > SHOWN, found if whole else found[:SHOWN]
    done = [_done(row) for row in reversed(found)]
    if not case.is_open:
        return Story(done, earlier)
    last = next((row for row in found if row.from_state != row.to_state), None)
    who = case.officer.name if case.officer is not None and case.holder_unit is not None else ""
    named = " · ".join(part for part in (holder(case, own=False), who) if part)
    now = Step(
        CaseState(case.state).label,
        "current",
        named,
        since=timezone.localdate(last.at) if last else case.received_on,
        due=case.due_on,
        late=is_late(case),
    )
    return Story([*done, now], earlier)


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of what was said, the newest on page 1, in the order in which it was said."""

    messages: list[Any]
    files: list[CaseFile]
    """Those of the report itself."""
    number: int
    older: bool

    @property
    def newer(self) -> bool:
        return self.number > 1


@lru_cache(maxsize=64)
def _messages(number: int) -> Prepared[CaseMessage]:
    def build(slot: Slots) -> QuerySet[CaseMessage]:
        called = Mention.objects.filter(message=OuterRef("pk")).order_by("id").values("user__name")
        rows = CaseMessage.objects.filter(case=slot("case")).select_related("author", "unit", "hidden_by")
        rows = rows.annotate(called=ArraySubquery(called)).order_by("-id")
        return rows[(number - 1) * SHOWN : number * SHOWN + 1]

    return Prepared(build)


def _files_of(slot: Slots) -> QuerySet[CaseFile]:
    of_these = Q(message=None) | Q(message__in=slot.any("messages", "uuid"))
    return CaseFile.objects.filter(of_these, case=slot("case")).select_related("stored").order_by("id")


_FILES: Prepared[CaseFile] = Prepared(_files_of)


def thread_of(case: Case, page: str) -> Thread:
    """Two statements: the messages with whom they call, and the files of these and of the report."""
    number = min(max(int(page), 1), DEEPEST) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    found = _messages(number).all(case=case.pk)
    messages: list[Any] = list(reversed(found[:SHOWN]))
    files: dict[Any, list[CaseFile]] = {}
    for file in _FILES.all(case=case.pk, messages=[row.pk for row in messages]):
        files.setdefault(file.message_id, []).append(file)
    for row in messages:
        row.attached = files.get(row.pk, [])
    return Thread(messages, files.get(None, []), number, len(found) > SHOWN)


def is_late(case: Case) -> bool:
    return case.is_open and case.due_on is not None and case.due_on < today()


def _done(row: CaseStep) -> Step:
    state, moved = CaseState(row.to_state), row.from_state != row.to_state
    title = str(VERBS.get(Action(row.action), state.label))
    if moved and row.from_state:
        title = f"{title} → {state.label}"
    icon, tone = (state.icon, state.tone) if moved else ("information-circle", "neutral")
    return Step(title, "done", f"{_who(row)} · {moment(timezone.localtime(row.at))}", None, _note(row), tone, icon)


def _who(row: CaseStep) -> str:
    if row.for_reporter:
        return _("Pelapor, dicatat %(officer)s") % {"officer": row.actor.name if row.actor else ""}
    if row.actor is not None:
        return f"{row.actor.name} ({Party(row.party).label})"
    return str(Party(row.party).label)


def _note(row: CaseStep) -> SafeString:
    parts: list[str] = [typed(row.public_text)]
    if row.note and row.note != row.public_text:
        parts.append(format_html("{}: {}", _("Catatan"), typed(row.note)))
    if row.due_before is None and not row.from_state and row.due_after:
        parts.append(f"{_('Batas waktu')}: {day(row.due_after)}")
    elif row.due_before != row.due_after:
        before, after = (day(date) if date else _("tanpa batas") for date in (row.due_before, row.due_after))
        parts.append(_("Batas waktu: %(before)s menjadi %(after)s") % {"before": before, "after": after})
    return format_html_join(" · ", "{}", ((part,) for part in parts if part))


def changes_since(case: Case, version: int | None) -> list[Any]:
    """What happened after the page was read, for who was not told in time."""
    if version is None or version >= case.version:
        return []
    rows = case.steps.filter(version__gt=version).select_related("actor", "unit").order_by("version")
    return [_done(row) for row in rows]
