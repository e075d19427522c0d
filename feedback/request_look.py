"""How a request for public information is drawn: what was decided, the objection, and what comes next."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.enums import CaseKind, CaseState, ObjectionGround, Outcome, Phase
from feedback.models import Case, CaseAnswer, CaseClock, InformationObjection, current_setting
from feedback.rules import clocks as rules
from feedback.rules.personal import contacts, preview
from feedback.services.cases import can_dispute, decisions_of, last_day_to_object, objection_of
from feedback.services.cases.clocks import Clocks
from kepegawaian.lib.dates import today

Text = str | Promise
MAY_OBJECT = _("Belum puas? Keberatan tertulis dapat diajukan kepada atasan PPID, paling lambat:")
MAY_OBJECT_LATE = _(
    "Tidak dijawab dalam batas waktunya. Keberatan dapat diajukan kepada atasan PPID, paling lambat:"
)
WAITS = _("Atasan PPID menanggapi keberatan secara tertulis, paling lambat:")
MAY_DISPUTE = _("Belum puas? Sengketa informasi dapat diajukan ke Komisi Informasi, paling lambat:")
MAY_DISPUTE_LATE = _(
    "Keberatan tidak ditanggapi dalam batas waktunya. Sengketa dapat diajukan ke Komisi Informasi."
)


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: Outcome
    on: datetime.date
    reason: str
    basis: str
    ground: str
    of_objection: bool


@dataclass(frozen=True, slots=True)
class Following:
    """What may be done now, and the last day for it."""

    text: Text
    until: datetime.date | None = None


@dataclass
class Information:
    """`public`: for everybody, with personal data masked in what was typed."""

    case: Case
    clocks: list[CaseClock]
    public: bool = False
    objection: InformationObjection | None = field(init=False)

    def __post_init__(self) -> None:
        self.objection = objection_of(self.case)

    @cached_property
    def decisions(self) -> list[Decision]:
        return [self._drawn(row) for row in decisions_of(self.case)]

    def _drawn(self, row: CaseAnswer) -> Decision:
        kept = contacts(row.message.published_text) if row.message else []
        shown = partial(preview, keep=kept) if self.public else str
        answered = self.objection.answer_id if self.objection else None
        on = timezone.localdate(row.message.at if row.message else row.drafted_at)
        reason, basis = shown(row.outcome_reason), shown(row.outcome_basis)
        ground = str(row.refusal_ground or "")
        return Decision(Outcome(row.outcome), on, reason, basis, ground, row.pk == answered)

    @property
    def ground(self) -> Text:
        return ObjectionGround(self.objection.ground).label if self.objection else ""

    @property
    def dispute_number(self) -> str:
        number = self.objection.dispute_number if self.objection else ""
        return preview(number) if self.public else number

    @cached_property
    def disputable(self) -> bool:
        return can_dispute(self.case, self.objection)

    @cached_property
    def last_late_day(self) -> datetime.date | None:
        """Of an objection because nobody answered."""
        if self.objection is not None or not self._passed(Phase.FINAL):
            return None
        return last_day_to_object(self.case, Clocks(self.case))

    @property
    def objects(self) -> bool:
        return self.objection is None and (self.case.state == CaseState.ANSWERED or self.last_late_day is not None)

    @cached_property
    def following(self) -> Following | None:
        objection = self.objection
        if objection is None:
            silence = self._running(Phase.SILENCE)
            if silence is not None:
                return Following(MAY_OBJECT, silence.due_on)
            return Following(MAY_OBJECT_LATE, self.last_late_day) if self.last_late_day else None
        if objection.disputed_on is not None:
            return None
        if objection.answer_id is None:
            clock = self._running(Phase.OBJECTION)
            late = Following(MAY_DISPUTE_LATE)
            return late if self.disputable else Following(WAITS, clock.due_on) if clock else None
        dispute = self._running(Phase.DISPUTE)
        return Following(MAY_DISPUTE, dispute.due_on) if dispute else None

    @property
    def commission(self) -> str:
        """How to reach the Komisi Informasi, where that is the way."""
        return current_setting().commission_text if self.objection is not None else ""

    def _running(self, phase: Phase) -> CaseClock | None:
        return next((row for row in self.clocks if row.phase == phase and row.stopped_on is None), None)

    def _passed(self, phase: Phase) -> bool:
        row = self._running(phase)
        return row is not None and rules.passed(row.due_on, today())


def information_of(case: Case, clocks: Iterable[CaseClock], *, public: bool = False) -> Information | None:
    """Nothing for other reports. `clocks`: those of the case, as the page has read them."""
    return Information(case, list(clocks), public) if case.kind == CaseKind.REQUEST else None
