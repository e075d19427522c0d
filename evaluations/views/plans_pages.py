"""What the page of a plan shows, asked for when the template wants it, each at most once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.enums import Appendix, Approach, DeadlineKind, PlanState, ResultKind, Value
from evaluations.models import Deadline, Plan, PlanComment, PlanResult, PlanStep
from evaluations.permissions import plans as permissions
from evaluations.permissions.common import is_person
from evaluations.rules.behaviour import guides_on
from evaluations.selectors.person_year import plans as plans_of
from evaluations.selectors.person_year import readable_plans
from evaluations.selectors.plans import comments_of, of_best_plan, results_shown
from evaluations.workflow import Action
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.together import Together
from kepegawaian.lib.ui.formatting import typed
from kepegawaian.lib.ui.parts import Step

ACTIONS: dict[str, Text] = {
    Action.SUBMIT: gettext_lazy("Diajukan"),
    Action.WITHDRAW: gettext_lazy("Ditarik pegawai"),
    Action.RETURN: gettext_lazy("Dikembalikan untuk diperbaiki"),
    Action.AGREE: gettext_lazy("Disepakati"),
    Action.CHANGE: gettext_lazy("Versi baru mulai disusun"),
    Action.SUPERSEDE: gettext_lazy("Diganti versi baru"),
    Action.HAND_OVER: gettext_lazy("Berpindah ke pejabat penilai baru"),
}
_LOOKS = {
    Action.RETURN: ("wait", "arrow-uturn-left"),
    Action.WITHDRAW: ("neutral", "arrow-uturn-left"),
    Action.SUPERSEDE: ("neutral", "archive-box"),
    Action.CHANGE: ("info", "pencil-square"),
    Action.HAND_OVER: ("info", "arrow-path"),
}


@dataclass(slots=True)
class ShownResult:
    row: PlanResult
    number: int
    comments: list[PlanComment] = field(default_factory=list)

    @property
    def above(self) -> str:
        return self.row.intervenes.text if self.row.intervenes else self.row.intervened_text

    @property
    def indicators(self) -> list[Any]:
        return list(self.row.indicators.all())


@dataclass(frozen=True, slots=True)
class ShownValue:
    value: Value
    guides: Sequence[Text]
    text: str


def timeline(plan: Plan, steps: Sequence[PlanStep], limit: Any = None) -> list[Step]:
    """What happened, who holds it since when, and what comes."""
    drawn = [
        Step(
            ACTIONS.get(step.action, step.action),
            "done",
            who=_who(step),
            when=step.at,
            note=typed(step.note),
            tone=_LOOKS.get(Action(step.action), ("success", "check-circle"))[0],
            icon=_LOOKS.get(Action(step.action), ("success", "check-circle"))[1],
        )
        for step in steps
    ]
    participant, state = plan.participant, PlanState(plan.state)
    if state == PlanState.SUBMITTED:
        holder = participant.assessor.full_name if participant.assessor else _("Belum ada pejabat penilai")
        drawn.append(_current(_("Menunggu persetujuan"), holder, plan.submitted_at, limit))
    elif state in (PlanState.DRAFT, PlanState.RETURNED):
        title = _("Disusun pegawai") if state == PlanState.DRAFT else _("Diperbaiki pegawai")
        since = steps[-1].at if steps else plan.created_at
        drawn.append(_current(title, participant.employee.full_name, since, limit))
        drawn.append(Step(_("Menunggu persetujuan"), "coming"))
    if state not in (PlanState.AGREED, PlanState.SUPERSEDED):
        drawn.append(Step(_("Disepakati keduanya"), "coming"))
    return drawn


def _who(step: PlanStep) -> str:
    name = step.actor.name if step.actor else _("Portal")
    return f"{name}, {step.capacity}" if step.capacity else name


def _current(title: str, who: str, since: Any, limit: Any) -> Step:
    late = limit is not None and limit < today()
    return Step(
        title, "current", who=who, since=timezone.localdate(since) if since else None, due=limit, late=late
    )


PLAN_DEADLINES = (DeadlineKind.PLAN_SUBMIT, DeadlineKind.PLAN_AGREE)


def limits_of(cycle: Any) -> QuerySet[Deadline, Any]:
    """Pairs for `deadline_of`."""
    rows = Deadline.objects.filter(cycle=cycle, period=None, kind__in=PLAN_DEADLINES)
    return rows.values_list("kind", "due_on")


def deadline_of(plan: Plan, limits: Mapping[str, Any]) -> Any:
    """Whose turn it is, until when; None for later versions and posts. `limits`: the days of `PLAN_DEADLINES`."""
    if plan.number > 1 or plan.posting.number > 1:
        return None
    submitted = plan.state == PlanState.SUBMITTED
    return limits.get(DeadlineKind.PLAN_AGREE if submitted else DeadlineKind.PLAN_SUBMIT)


def _beside(slot: Slots) -> tuple[QuerySet[Any, Any], ...]:
    return (
        comments_of(slot("posting")),
        PlanStep.objects.filter(plan=slot("plan")).select_related("actor").order_by("id"),
        limits_of(slot("cycle")),
        plans_of(slot),
    )


_BESIDE = Together(lambda slot: (*_beside(slot), PlanResult.objects.none()))
_WITH_LINKS = Together(lambda slot: (*_beside(slot), results_shown(slot("assessor"), slot("cycle"))))


class PlanPage:
    def __init__(self, user: Any, plan: Plan) -> None:
        self.user, self.plan, self.participant = user, plan, plan.participant

    @cached_property
    def own(self) -> bool:
        return is_person(self.user, self.participant.employee)

    @cached_property
    def state(self) -> PlanState:
        return PlanState(self.plan.state)

    @property
    def approach(self) -> Approach:
        return Approach(self.plan.approach)

    @property
    def quantitative(self) -> bool:
        return self.plan.approach == Approach.QUANTITATIVE

    # --- What it says --------------------------------------------------------------------------------
    @cached_property
    def results(self) -> list[ShownResult]:
        numbers: dict[str, int] = {}
        shown = []
        for row in self.plan.results.all():
            numbers[row.kind] = numbers.get(row.kind, 0) + 1
            lines = {row.origin, *(one.origin for one in row.indicators.all())}
            said = [comment for comment in self.comments if comment.line in lines]
            shown.append(ShownResult(row, numbers[row.kind], said))
        return shown

    @property
    def blocks(self) -> list[tuple[Text, list[ShownResult]]]:
        titles = {
            ResultKind.MAIN: _("Hasil kerja utama"),
            ResultKind.ADDITIONAL: _("Hasil kerja tambahan"),
        }
        found = [(title, [one for one in self.results if one.row.kind == kind]) for kind, title in titles.items()]
        return [(title, rows) for title, rows in found if rows or title == titles[ResultKind.MAIN]]

    @cached_property
    def expectations(self) -> dict[str, str]:
        return {row.value: row.text for row in self.plan.expectations.all()}

    @property
    def values(self) -> list[ShownValue]:
        guides = guides_on().guides
        return [ShownValue(value, guides[value], self.expectations.get(value.value, "")) for value in Value]

    @property
    def appendix(self) -> list[tuple[Text, list[str]]]:
        lines: dict[str, list[str]] = {}
        for row in self.plan.appendix.all():
            lines.setdefault(row.kind, []).append(row.text)
        return [(kind.label, lines[kind.value]) for kind in Appendix if kind.value in lines]

    @cached_property
    def _read(self) -> list[list[Any]]:
        """Comments, the log, deadlines, versions and the superior's results that may be linked; one statement."""
        return (_WITH_LINKS if self.may_link else _BESIDE).all(
            plan=self.plan.pk,
            posting=self.plan.posting_id,
            participant=self.participant.pk,
            cycle=self.participant.cycle_id,
            assessor=self.participant.assessor_id,
        )

    # --- Dialogue ------------------------------------------------------------------------------------
    @property
    def comments(self) -> list[PlanComment]:
        return self._read[0]

    @property
    def general_comments(self) -> list[PlanComment]:
        shown = {comment.pk for result in self.results for comment in result.comments}
        return [comment for comment in self.comments if comment.pk not in shown]

    @property
    def open_requests(self) -> int:
        return sum(comment.asks_change and comment.settled_at is None for comment in self.comments)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What a comment may be about."""
        found = []
        for result in self.results:
            found.append((str(result.row.origin), f"{result.number}. {Truncator(result.row.text).chars(80)}"))
            for one in result.indicators:
                found.append((str(one.origin), f"– {Truncator(one.text).chars(80)}"))
        return found

    # --- How it went ---------------------------------------------------------------------------------
    @property
    def timeline(self) -> list[Step]:
        _comments, steps, limits, *_rest = self._read
        return timeline(self.plan, steps, deadline_of(self.plan, dict(limits)))

    @property
    def versions(self) -> list[Plan]:
        """Others of this person in this year."""
        return [row for row in readable_plans(self._read[3], own=self.own) if row.pk != self.plan.pk]

    # --- What this person may do now -----------------------------------------------------------------
    @cached_property
    def may_edit(self) -> bool:
        return bool(permissions.can_edit(self.user, self.plan))

    @cached_property
    def may_withdraw(self) -> bool:
        return bool(permissions.can_withdraw(self.user, self.plan))

    @cached_property
    def may_answer(self) -> bool:
        return bool(permissions.can_answer(self.user, self.plan))

    @cached_property
    def may_change(self) -> bool:
        return bool(permissions.can_change(self.user, self.plan)) and not any(
            row.state in (PlanState.DRAFT, PlanState.SUBMITTED, PlanState.RETURNED)
            for row in self._read[3]
            if row.posting_id == self.plan.posting_id
        )

    @cached_property
    def may_talk(self) -> bool:
        return bool(permissions.can_talk(self.user, self.plan))

    @cached_property
    def may_settle(self) -> bool:
        return permissions.is_party(self.user, self.participant)

    @cached_property
    def may_share(self) -> bool:
        return bool(permissions.can_share(self.user, self.plan))

    @cached_property
    def may_link(self) -> bool:
        """Where a result is not linked yet and may still be."""
        rows = self.plan.results.all()
        missing = any(row.kind == ResultKind.MAIN and row.intervenes_id is None for row in rows)
        return missing and not self.plan.leader_form and bool(permissions.can_link(self.user, self.plan))

    @cached_property
    def to_link(self) -> list[tuple[str, str]]:
        """The superior's results."""
        return [(str(row.pk), Truncator(row.text).chars(120)) for row in of_best_plan(self._read[4])]
