"""How a case is drawn for its reporter and for everybody: who holds it, what happened, what each may do."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.enums import WITH_ADMIN, WITH_UNIT, CaseKind, CaseState, Party, Phase
from feedback.models import Appeal, Case, CaseClock, CaseStep, FeedbackSetting, Merge, Moderation, current_setting
from feedback.request_look import Information
from feedback.rules import clocks as rules
from feedback.rules.maps import MapView, map_view
from feedback.rules.origins import Point
from feedback.rules.personal import preview
from feedback.services.cases import (
    can_reopen,
    can_uncancel,
    explain,
    in_force,
    is_contested,
    moderations_of,
    reopens_from,
)
from feedback.workflow import Action, move
from kepegawaian.calendars.rules import WEEKDAYS_ID
from kepegawaian.lib.dates import today
from kepegawaian.lib.templatetags.ui import status
from kepegawaian.lib.ui.formatting import day, typed
from kepegawaian.lib.ui.moulds import Mould
from kepegawaian.lib.ui.parts import Step

Text = str | Promise
COLUMNS = ("number", "kind", "state", "published_title", "published_at", "unit__name")
_LINE = Mould("feedback/reports/_line.html")
RATEABLE = (CaseState.ANSWERED, CaseState.CLOSED, CaseState.REFERRED, CaseState.REJECTED)
SAID = (Action.MESSAGE, Action.ANSWER)
"""Their words stand among the messages, where they can be hidden; the log cannot be changed."""
TOLD = (Action.KEEP_CLOSED,)
"""Their note is the reason that the reporter reads, and nobody else outside."""
_TITLES: dict[Action, Text] = {
    Action.MESSAGE: gettext_lazy("Pesan"),
    Action.CONVERT: gettext_lazy("Cara penanganan berubah"),
    Action.EXTEND: gettext_lazy("Batas waktu diperpanjang"),
}
"""What happens within a state and is told all the same."""
_MOVES: dict[Action, Text] = {
    Action.OBJECT: gettext_lazy("Menyatakan belum terjawab"),
    Action.UNDO: gettext_lazy("Ditarik kembali; diverifikasi lagi"),
}
"""Where the state alone would read as if it had begun anew."""
_SAID_BY = {
    Party.REPORTER: gettext_lazy("Pelapor"),
    Party.ADMIN: gettext_lazy("Admin pengaduan"),
    Party.LEADER: gettext_lazy("Pimpinan"),
    Party.SYSTEM: gettext_lazy("Otomatis oleh portal"),
}


def drawn_lines(rows: Iterable[tuple[Any, ...]]) -> SafeString:
    """Published cases of a list, from `COLUMNS`."""
    return _LINE.each(
        {
            "url": reverse("feedback:track", args=[number]),
            "title": typed(title),
            "kind": CaseKind(kind).label,
            "number": number,
            "state": status(CaseState(state)),
            "unit": unit,
            "published": day(published_at, weekday=False),
        }
        for number, kind, state, title, published_at, unit, *_count in rows
    )


def drawn_point(place: Case | Point | None) -> MapView | None:
    """On the government's own tiles, where it has some."""
    if place is None or place.lat is None:
        return None
    return map_view(current_setting().map_tiles, place.lat, place.long)


def holder(case: Case, *, own: bool) -> str:
    """Who acts next; units, never persons."""
    if case.state in WITH_ADMIN:
        return _("Admin pengaduan")
    if case.state in WITH_UNIT and case.holder_unit is not None:
        return case.holder_unit.name
    if case.state in (CaseState.INCOMPLETE, CaseState.ANSWERED):
        return _("Anda") if own else _("Pelapor")
    return ""


@dataclass(frozen=True, slots=True)
class Joined:
    """The report that a joined one follows, with its official answers; of a secret one nothing else is shown."""

    main: Case
    answers: list[str]


def joined(case: Case) -> Joined | None:
    main, way = case, []
    while main.merged_into is not None:
        way.append(main)
        main = main.merged_into
    if main is case:
        return None
    rows = main.messages.filter(official=True, hidden_at=None).for_reporter().order_by("id")
    if main.secret:  # what was written for its own reporter alone, before anybody else was to read it
        joinings = Merge.objects.filter(duplicate__in=way, undone_at=None)
        rows = rows.filter(at__gte=max(joinings.values_list("merged_at", flat=True)))
    return Joined(main, [row.published_text or preview(row.text) for row in rows])


def story(case: Case, *, own: bool, private: bool = False) -> list[Step]:
    """What happened, oldest first, and who has it now. `private`: as its reporter reads it, with what was
    written to him alone; for everybody else with personal data masked."""
    rows = _told_rows(case)
    if not case.is_open:
        return [_done(row, private) for row in rows]
    entered = next((row for row in reversed(rows) if row.from_state != row.to_state), None)
    if entered is not None and entered.action not in _MOVES:  # told once, as where it is now
        rows.remove(entered)
    due = case.due_on
    now = Step(
        CaseState(case.state).label,
        "current",
        holder(case, own=own),
        note=_words(entered, private) if entered is not None else "",
        since=timezone.localdate(entered.at) if entered is not None else case.received_on,
        due=due,
        late=due is not None and due < today(),
    )
    return [*(_done(row, private) for row in rows), now]


def deeds(case: Case) -> list[tuple[datetime.datetime, Text, Text, str]]:
    """The same for paper, as the reporter reads it: when, what, who, and his words as they were written."""
    return [(timezone.localtime(row.at), _title(row), _who(row), _said(row, True)) for row in _told_rows(case)]


def _told_rows(case: Case) -> list[CaseStep]:
    return [row for row in case.steps.select_related("unit").order_by("version") if _belongs(row)]


def _belongs(row: CaseStep) -> bool:
    return row.from_state != row.to_state or (row.action in _TITLES and bool(row.public_text))


def _said(row: CaseStep, private: bool) -> str:
    if row.action in SAID:
        return ""
    if not private:
        return preview(row.public_text)
    return row.note if row.action in TOLD else row.public_text


def _words(row: CaseStep, private: bool) -> str:
    return typed(_said(row, private))


def _title(row: CaseStep) -> Text:
    if row.from_state == row.to_state:
        return _TITLES[Action(row.action)]
    return _MOVES.get(Action(row.action), CaseState(row.to_state).label)


def _who(row: CaseStep) -> Text:
    if row.party == Party.LIAISON:
        return row.unit.name if row.unit else _("Unit")
    return _SAID_BY.get(Party(row.party), "")


def _done(row: CaseStep, private: bool) -> Step:
    state = CaseState(row.to_state)
    tone = state.tone if row.from_state != row.to_state else "info"
    at = timezone.localtime(row.at)
    return Step(_title(row), "done", _who(row), at, _words(row, private), tone, state.icon)


# --- Deadlines ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DrawnClock:
    """A limit with the days that did not count: [(date, why)], weekends counted together."""

    clock: CaseClock
    label: Text
    deadline: rules.Deadline
    weekend_days: int
    named: list[tuple[datetime.date, str]]
    paused: int

    @property
    def running(self) -> bool:
        return self.clock.stopped_on is None


def drawn_clocks(case: Case, language: str, setting: FeedbackSetting | None = None) -> list[DrawnClock]:
    """`setting`: where the page has read it for itself."""
    found = []
    for clock, deadline in explain(case, setting):
        off = [day for day in deadline.skipped if day.kind == rules.DayOf.OFF]
        holidays = [day for day in off if day.name_id not in ("", *WEEKDAYS_ID)]
        named = [(day.date, (day.name_en if language == "en" else "") or day.name_id) for day in holidays]
        found.append(
            DrawnClock(
                clock,
                Phase(clock.phase).label,
                deadline,
                len(off) - len(named),
                named,
                len(deadline.skipped) - len(off),
            )
        )
    return sorted(found, key=lambda row: (not row.running, row.clock.due_on or datetime.date.max))


# --- What the reporter may do ---------------------------------------------------------------------
def acts_of(case: Case, information: Information | None = None) -> dict[str, bool]:
    """The forms that his page shows. `information`: the course of a request for information."""
    fits = {action: move(case.state, action) is not None for action in Action}
    return {
        "complete": fits[Action.COMPLETE],
        "accept": fits[Action.CLOSE],
        "object": fits[Action.OBJECT] if information is None else information.objects,
        "dispute": information is not None and information.disputable,
        "reopen": fits[Action.REOPEN] and bool(can_reopen(case)),
        "cancel": fits[Action.CANCEL],
        "uncancel": can_uncancel(case),
        "reply": case.is_open and not fits[Action.COMPLETE],
        "rate": case.state in RATEABLE,
        "contest": case.state == CaseState.DUPLICATE and not is_contested(case),
    }


def reopens_on(case: Case) -> datetime.date | None:
    """The day from which a closed report may be asked to be opened once more, where that is still to come."""
    waits = move(case.state, Action.REOPEN) is not None and not can_reopen(case)
    again = reopens_from(case) if waits else None
    return timezone.localdate(again) if again else None


@dataclass(frozen=True, slots=True)
class Moderated:
    """Something of the reporter's that was hidden or refused, and his objection. `open`: he may still object."""

    row: Moderation
    act: Text
    reason: Text
    appeal: Appeal | None
    open: bool


def moderations(case: Case) -> list[Moderated]:
    rows = list(moderations_of(case))
    held = {row.pk for row in in_force(case, rows)}
    found = []
    for row in rows:
        appeal = getattr(row, "appeal", None)
        named = Moderation.Act(row.act).label, Moderation.Reason(row.reason).label
        found.append(Moderated(row, *named, appeal, appeal is None and row.pk in held))
    return [item for item in found if item.open or item.appeal is not None]


def numbered(files: Iterable[Any]) -> list[tuple[int, Any]]:
    return list(enumerate(files, start=1))
