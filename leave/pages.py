"""What the page of one request shows, asked for when the template wants it, each at most once."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kepegawaian.calendars.services import holidays_between
from kepegawaian.documents.models import IssuedDocument, StoredFile
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.months import WEEKEND, Mark, Months, months
from kepegawaian.lib.ui.parts import Because, Step
from leave import permissions, selectors
from leave.drawing import bucket_label, holiday_marks, status_of, timeline_steps, whole_months
from leave.enums import FINAL, LeavePhase, Outcome, RequestState, StepKind
from leave.ledger import current_setting
from leave.letters import letter_of
from leave.models import LeaveRequest, LeaveStep, RequestDay, Transition
from leave.workflow import Action

DECIDE, OPINION, CHECK = "decide", "opinion", "check"


@dataclass(frozen=True, slots=True)
class ChargedBucket:
    label: str
    days: int


@dataclass(frozen=True, slots=True)
class Actions:
    """What this person may do to the request now; the template shows these alone."""

    edit: bool
    withdraw: bool
    respond: bool
    copy: bool
    recall: bool = False

    def __bool__(self) -> bool:
        return self.edit or self.withdraw or self.respond or self.copy or self.recall


_ACTIONS = {
    Action.SUBMIT: gettext_lazy("Diajukan"),
    Action.EDIT: gettext_lazy("Diubah pemohon"),
    Action.CHECK: gettext_lazy("Dinyatakan lengkap"),
    Action.RETURN: gettext_lazy("Dikembalikan untuk dilengkapi"),
    Action.OPINE: gettext_lazy("Pertimbangan diberikan"),
    Action.GRANT: gettext_lazy("Diberikan"),
    Action.OFFER: gettext_lazy("Tanggal lain ditawarkan"),
    Action.POSTPONE: gettext_lazy("Ditangguhkan"),
    Action.REFUSE: gettext_lazy("Tidak disetujui"),
    Action.ACCEPT: gettext_lazy("Perubahan diterima"),
    Action.DECLINE: gettext_lazy("Perubahan ditolak"),
    Action.WITHDRAW: gettext_lazy("Dibatalkan pemohon"),
    Action.RECALL: gettext_lazy("Dipanggil kembali bekerja"),
    Action.SHORTEN: gettext_lazy("Sisa cuti dibatalkan"),
    Action.HAND_OVER: gettext_lazy("Berpindah pemegang"),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    label: Text
    reason: str
    actor: str
    on_behalf_of: str
    at: datetime.datetime

    @classmethod
    def of(cls, row: Transition) -> "LogLine":
        actor = row.actor.name if row.actor else _("Sistem")
        principal = row.on_behalf_of.full_name if row.on_behalf_of else ""
        return cls(_ACTIONS[Action(row.action)], row.reason, actor, principal, row.at)


@dataclass(frozen=True, slots=True)
class EndedEarly:
    label: Text
    back_on: datetime.date
    until: datetime.date
    """The last day as it was granted."""
    returned: int
    reason: str

    @classmethod
    def of(cls, row: Transition) -> "EndedEarly":
        back_on, until = (datetime.date.fromisoformat(row.data[name]) for name in ("back_on", "until"))
        return cls(_ACTIONS[Action(row.action)], back_on, until, row.data["returned"], row.reason)


class RequestPage:
    def __init__(self, user: Any, filed: LeaveRequest) -> None:
        self.user, self.filed = user, filed
        self.is_own = permissions.is_own(user, filed.employee)

    # --- Who may do what ---------------------------------------------------------------------------
    @cached_property
    def step(self) -> LeaveStep | None:
        return permissions.open_step(self.filed)

    @cached_property
    def task(self) -> str:
        """What the request waits for from this person: "decide", "opinion", "check" or nothing."""
        user, filed, step = self.user, self.filed, self.step
        if step is None or self.is_own:
            return ""
        if permissions.can_decide(user, filed, step):
            return DECIDE
        if permissions.can_opine(user, filed, step):
            return OPINION
        return CHECK if permissions.can_check(user, filed, step) else ""

    @cached_property
    def fills_both(self) -> bool:
        return self.task == DECIDE and self.step is not None and self.step.kind == StepKind.OPINION

    @cached_property
    def actions(self) -> Actions:
        user, filed = self.user, self.filed
        return Actions(
            edit=bool(permissions.can_edit(user, filed)),
            withdraw=bool(permissions.can_withdraw(user, filed)),
            respond=bool(permissions.can_respond(user, filed)),
            copy=self.is_own and filed.state in FINAL,
            recall=bool(permissions.can_recall(user, filed)),
        )

    # --- The request -------------------------------------------------------------------------------
    @property
    def status(self) -> RequestState | LeavePhase:
        return status_of(self.filed)

    @cached_property
    def days(self) -> list[RequestDay]:
        return list(self.filed.days.select_related("bucket"))

    @cached_property
    def charged(self) -> list[datetime.date]:
        """The days that count now: of the offered dates while a change is offered."""
        offered = self.filed.state == RequestState.OFFERED
        return [day.date for day in self.days if day.offer is offered]

    @property
    def offered_days(self) -> int:
        return sum(day.offer for day in self.days)

    @property
    def by_bucket(self) -> list[ChargedBucket]:
        counts = Counter((day.bucket.kind, day.bucket.origin) for day in self.days if not day.offer)
        return [ChargedBucket(bucket_label(kind, origin), days) for (kind, origin), days in counts.items()]

    @cached_property
    def steps(self) -> Sequence[Step]:
        return timeline_steps(self.filed, selectors.timeline(self.filed))

    @cached_property
    def log(self) -> list["LogLine"]:
        """Every transition as it was written down, the newest last."""
        return [LogLine.of(row) for row in self.transitions]

    @cached_property
    def transitions(self) -> list[Transition]:
        return list(self.filed.transitions.select_related("actor", "on_behalf_of"))

    @property
    def ended_early(self) -> EndedEarly | None:
        """What a recall changed, the last one when there were several."""
        rows = [row for row in self.transitions if row.action in (Action.RECALL, Action.SHORTEN)]
        return EndedEarly.of(rows[-1]) if rows else None

    @cached_property
    def files(self) -> list[StoredFile]:
        return list(selectors.attachments_of(self.filed))

    @cached_property
    def attachments(self) -> list[StoredFile]:
        """What the applicant attached: every file but the letter."""
        letter = self.letter.file_id if self.letter else None
        return [file for file in self.files if file.pk != letter]

    @cached_property
    def reads_attachments(self) -> bool:
        return self.is_own or permissions.can_read_attachment(self.user, self.filed.pk)

    @cached_property
    def letter(self) -> IssuedDocument | None:
        return letter_of(self.filed) if self.filed.state == RequestState.GRANTED else None

    # --- The calendar ------------------------------------------------------------------------------
    @cached_property
    def away(self) -> list[selectors.Absence]:
        """Colleagues of the same unit away on those dates; asked only for whom decides."""
        return selectors.colleagues_away(self.filed) if self.task else []

    @cached_property
    def calendar(self) -> Months | None:
        filed = self.filed
        if filed.state in FINAL or not self.charged:
            return None
        first, last = whole_months(self.charged[0], self.charged[-1])
        marks = holiday_marks(holidays_between(first, last)) | self._away_marks()
        kind = "leave" if filed.state == RequestState.GRANTED else "pending"
        marks |= {date: Mark(kind) for date in self.charged}
        return months(first, last, marks, days_off=WEEKEND - {date.weekday() for date in self.charged})

    def _away_marks(self) -> dict[datetime.date, Mark]:
        return {day: Mark("away", ", ".join(names)) for day, names in self._names_away().items()}

    def _names_away(self) -> dict[datetime.date, list[str]]:
        names: dict[datetime.date, list[str]] = {}
        for absence in self.away:
            for first, last, _granted in absence.periods:
                for offset in range((last - first).days + 1):
                    names.setdefault(first + datetime.timedelta(days=offset), []).append(absence.name)
        return names

    @cached_property
    def crowding(self) -> Text:
        """A sentence where too many of the unit would be away on one of the days, else empty."""
        counts = [(len(names), day) for day, names in self._names_away().items() if day in set(self.charged)]
        unit = self.filed.employee.current_unit_id
        if not counts or unit is None:
            return ""
        others, _day = max(counts)
        size = Employee.objects.active().filter(current_unit=unit).count()
        if (others + 1) * 100 <= size * current_setting().overlap_percent:
            return ""
        words = _("Bila disetujui, %(total)s dari %(size)s orang di unit ini tidak masuk pada hari yang sama.")
        return words % {"total": others + 1, "size": size}

    # --- For whom decides --------------------------------------------------------------------------
    @cached_property
    def balance(self) -> selectors.Balance:
        return selectors.balance_of(self.filed.employee, year=self.filed.start.year)

    @property
    def balance_rows(self) -> list[Because]:
        """What is left by origin; what this request reserves is already gone from it."""
        return [Because(bucket_label(bucket.kind, bucket.origin), bucket.left) for bucket in self.balance.buckets]

    @property
    def late(self) -> bool:
        return self.step is not None and self.step.due_on is not None and self.step.due_on < today()

    @cached_property
    def opinion(self) -> LeaveStep | None:
        """What the superior said."""
        rows = self.filed.steps.filter(kind=StepKind.OPINION, acted_by__isnull=False)
        return rows.select_related("acted_by", "principal").order_by("-id").first()

    @property
    def opinion_outcome(self) -> Outcome | None:
        return Outcome(self.opinion.outcome) if self.opinion and self.opinion.outcome else None

    # --- For others --------------------------------------------------------------------------------
    @cached_property
    def offer_reason(self) -> str:
        """Why the decider offers other dates."""
        rows = self.filed.steps.filter(kind=StepKind.DECISION, outcome=Outcome.CHANGED).order_by("-id")
        return rows.values_list("reason", flat=True).first() or ""

    @property
    def may_oversee(self) -> bool:
        return bool(permissions.can_oversee(self.user))
