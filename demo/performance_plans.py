"""Plans of a performance year: most people's agreed, some on their way, written set by set past the verbs."""

import datetime
import json
import random
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from demo.performance_texts import Line, expectations, results_for
from evaluations.enums import Appendix, Aspect, PlanState, ResultKind
from evaluations.models import (
    AppendixLine,
    BehaviourExpectation,
    Cycle,
    Indicator,
    Participant,
    Plan,
    PlanResult,
    PlanStep,
    Posting,
)
from evaluations.services.plans_flow import identity_of
from evaluations.services.plans_start import leads
from evaluations.services.plans_steps import ask_assessor, ask_employee

POINT = """
UPDATE evaluations_participant p SET plan_id = made.id FROM evaluations_plan made
WHERE made.participant_id = p.id AND p.cycle_id = %s
"""
MOVE = """
UPDATE evaluations_plan p
SET state = %s, version = p.version + 1, submitted_at = to_be.submitted_at, agreed_at = to_be.agreed_at,
    assessor_id = to_be.assessor, identity = to_be.identity::jsonb
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::uuid[], %s::text[])
    AS to_be (id, submitted_at, agreed_at, assessor, identity)
WHERE p.id = to_be.id
"""
NOTE = "Target ketiga terlalu mudah; naikkan dan tambahkan ukuran mutunya."
BATCH = 2000


def load(
    cycle: Cycle,
    rng: random.Random,
    *,
    all_agreed: bool = False,
    drafts: Collection[uuid.UUID] = (),
    without: Collection[uuid.UUID] = (),
    agreed: Collection[uuid.UUID] = (),
) -> int:
    """Plans for everybody in the cycle; how many. `all_agreed`: for years that are over. `drafts`, `without`,
    `agreed`: ids of employees whose state is given."""
    with transaction.atomic():
        writer = Writer(cycle, rng)
        rows = Participant.objects.filter(cycle=cycle, excused_reason="", left_on=None)
        related = ("employee__user", "employee__current_unit", "assessor__user", "assessor__current_unit", "cycle")
        rows = rows.select_related(*related).order_by("id")
        for participant in rows:
            state = writer.state_of(participant, drafts, without, agreed)
            if all_agreed:
                state = PlanState.AGREED if participant.assessor_id else None
            if state is not None:
                writer.add(participant, state)
        writer.write()
        return len(writer.plans)


class Writer:
    def __init__(self, cycle: Cycle, rng: random.Random) -> None:
        self.cycle, self.rng = cycle, rng
        rows = Posting.objects.filter(participant__cycle=cycle, valid_to=None).select_related("heads", "unit")
        self.postings = {row.participant_id: row for row in rows}
        self.plans: list[Plan] = []
        self.wanted: dict[str, list[Plan]] = defaultdict(list)
        self.results: dict[uuid.UUID, list[PlanResult]] = defaultdict(list)
        self.indicators: dict[uuid.UUID, list[Indicator]] = defaultdict(list)
        self.rows: dict[Any, list[Any]] = defaultdict(list)
        self.seen: dict[Any, int] = defaultdict(int)

    def state_of(
        self,
        participant: Participant,
        drafts: Collection[uuid.UUID],
        without: Collection[uuid.UUID],
        agreed: Collection[uuid.UUID],
    ) -> PlanState | None:
        """Of each assessor's people the fourth waits for him and the seventh was returned; a few still write."""
        person = participant.employee_id
        if person in without:
            return None
        if person in drafts:
            return PlanState.DRAFT
        if person in agreed or participant.assessor_id is None or participant.heads_id is not None:
            return PlanState.AGREED if participant.assessor_id else PlanState.DRAFT
        self.seen[participant.assessor_id] += 1
        place = self.seen[participant.assessor_id]
        if place == 4:
            return PlanState.SUBMITTED
        if place == 7:
            return PlanState.RETURNED
        return PlanState.DRAFT if place > 8 and place % 9 == 0 else PlanState.AGREED

    def add(self, participant: Participant, state: PlanState) -> None:
        posting = self.postings.get(participant.pk)
        if posting is None:
            return
        begun = self._moment(participant.joined_on, 3, 12)
        plan = Plan(
            participant=participant,
            posting=posting,
            approach=self.cycle.approach or "quantitative",
            leader_form=leads(posting.heads),
            created_at=begun,
            saved_at=begun,
        )
        self.plans.append(plan)
        self.wanted[state].append(plan)
        self._lines(plan)

    def _moment(self, day: datetime.date, least: int, most: int) -> datetime.datetime:
        """Some working hour that many days later, never in the future."""
        at = datetime.datetime.combine(
            day + datetime.timedelta(days=self.rng.randint(least, most)),
            datetime.time(self.rng.randint(8, 15), self.rng.randint(0, 59)),
            tzinfo=timezone.get_current_timezone(),
        )
        return min(at, timezone.now())

    def _lines(self, plan: Plan) -> None:
        main, more = results_for(plan.posting.position, heads=plan.posting.heads_id is not None, rng=self.rng)
        for kind, lines in ((ResultKind.MAIN, main), (ResultKind.ADDITIONAL, more)):
            for number, line in enumerate(lines, start=1):
                self._result(plan, kind, number, line)
        for value, words in expectations(self.rng).items():
            self.rows[BehaviourExpectation].append(BehaviourExpectation(plan=plan, value=value, text=words))
        for appendix, words in (
            (Appendix.DUKUNGAN, "Laptop, jaringan, dan akses ke data unit"),
            (Appendix.SKEMA, "Laporan tertulis setiap triwulan kepada pejabat penilai"),
            (Appendix.KONSEKUENSI, "Bila tidak tercapai, dibahas dalam dialog kinerja triwulan berikutnya"),
        ):
            self.rows[AppendixLine].append(AppendixLine(plan=plan, kind=appendix, number=1, text=words))

    def _result(self, plan: Plan, kind: ResultKind, number: int, line: Line) -> None:
        text, perspective, indicators = line
        result = PlanResult(
            plan=plan,
            origin=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            kind=kind,
            number=number,
            text=text,
            perspective=perspective if plan.leader_form else "",
            assigned_by="Kepala unit kerja" if kind == ResultKind.ADDITIONAL else "",
        )
        self.results[plan.participant.employee_id].append(result)
        for place, (aspect, words, target) in enumerate(indicators, start=1):
            self._indicator(plan, result, place, aspect, words, target)

    def _indicator(
        self, plan: Plan, result: PlanResult, place: int, aspect: Aspect, words: str, target: str
    ) -> None:
        qualitative = plan.approach == "qualitative"
        row = Indicator(
            result=result,
            origin=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            number=place,
            aspect="" if plan.leader_form else aspect,
            text=f"{words}, {target}" if qualitative else words,
            target="" if qualitative else target,
        )
        self.rows[Indicator].append(row)
        self.indicators[result.pk].append(row)

    # --- Into the database ------------------------------------------------------------------------
    def write(self) -> None:
        """As drafts first: the database locks lines from submission on, and wants a step for each move."""
        self._link()
        Plan.objects.bulk_create(self.plans, batch_size=BATCH)
        PlanResult.objects.bulk_create((row for rows in self.results.values() for row in rows), batch_size=BATCH)
        for model in (Indicator, BehaviourExpectation, AppendixLine):
            model.objects.bulk_create(self.rows[model], batch_size=BATCH)
        with connection.cursor() as cursor:
            cursor.execute(POINT, [self.cycle.pk])
        agreed, waiting, returned = (
            self.wanted[one] for one in (PlanState.AGREED, PlanState.SUBMITTED, PlanState.RETURNED)
        )
        self._move([*agreed, *waiting, *returned], PlanState.DRAFT, PlanState.SUBMITTED, "submit")
        self._move(agreed, PlanState.SUBMITTED, PlanState.AGREED, "agree")
        self._move(returned, PlanState.SUBMITTED, PlanState.RETURNED, "return")
        for plan in waiting:
            ask_assessor(plan)
        for plan in returned:
            ask_employee(plan)

    def _link(self) -> None:
        """Each main result serves one of the superior's."""
        for plan in self.plans:
            assessor = plan.participant.assessor_id
            above = self.results.get(assessor, []) if assessor else []
            offered = [row for row in above if row.kind == ResultKind.MAIN]
            for row in self.results[plan.participant.employee_id]:
                if offered and row.kind == ResultKind.MAIN and not plan.leader_form:
                    row.intervenes = self.rng.choice(offered)
                    row.serves = self.rng.choice(self.indicators[row.intervenes.pk])

    def _move(self, plans: Iterable[Plan], origin: PlanState, target: PlanState, action: str) -> None:
        plans, steps = list(plans), []
        for plan in plans:
            participant = plan.participant
            by = participant.assessor if participant.assessor and action != "submit" else participant.employee
            plan.version += 1
            plan.state = target
            at = self._moment((plan.submitted_at or plan.created_at).date(), 1, 9)
            if action == "submit":
                plan.submitted_at = at
            elif action == "agree":
                plan.agreed_at, plan.assessor, plan.identity = at, participant.assessor, identity_of(plan)
            steps.append(
                PlanStep(
                    plan=plan,
                    action=action,
                    from_state=origin,
                    to_state=target,
                    actor_id=by.user_id,
                    capacity=by.current_position[:120],
                    note=NOTE if action == "return" else "",
                    version=plan.version,
                    at=at,
                )
            )
        PlanStep.objects.bulk_create(steps, batch_size=BATCH)
        columns: list[list[Any]] = [
            [plan.pk for plan in plans],
            [plan.submitted_at for plan in plans],
            [plan.agreed_at for plan in plans],
            [plan.assessor_id for plan in plans],
            [json.dumps(plan.identity, cls=DjangoJSONEncoder) for plan in plans],
        ]
        with connection.cursor() as cursor:
            cursor.execute(MOVE, [target, *columns])
