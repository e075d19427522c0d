"""How a case is drawn for officers: every step with who, when, and what it did to the deadline."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.enums import CaseState, Party
from feedback.hooks_cases import VERBS
from feedback.models import Case, CaseStep
from feedback.report_look import holder
from feedback.workflow import Action
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.formatting import day, moment
from kepegawaian.lib.ui.parts import Step


def story(case: Case) -> list[Step]:
    rows = list(case.steps.select_related("actor", "unit").order_by("version"))
    done = [_done(row) for row in rows]
    if not case.is_open:
        return done
    last = next((row for row in reversed(rows) if row.from_state != row.to_state), None)
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
    return [*done, now]


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


def _note(row: CaseStep) -> str:
    parts = [row.public_text]
    if row.note and row.note != row.public_text:
        parts.append(_("Catatan: %(note)s") % {"note": row.note})
    if row.due_before is None and not row.from_state and row.due_after:
        parts.append(f"{_('Batas waktu')}: {day(row.due_after)}")
    elif row.due_before != row.due_after:
        before, after = (day(date) if date else _("tanpa batas") for date in (row.due_before, row.due_after))
        parts.append(_("Batas waktu: %(before)s menjadi %(after)s") % {"before": before, "after": after})
    return " · ".join(part for part in parts if part)


def changes_since(case: Case, version: int | None) -> list[Any]:
    """What happened after the page was read, for who was not told in time."""
    if version is None or version >= case.version:
        return []
    rows = case.steps.filter(version__gt=version).select_related("actor", "unit").order_by("version")
    return [_done(row) for row in rows]
