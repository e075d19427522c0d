"""When a period is over its evaluations are opened, in sets: for everybody who takes part with an agreed plan and
an assessor. Who agrees later is opened at the next run, or when the assessor begins. Safe to run twice."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evaluations.enums import CycleState, DeadlineKind, PlanState
from evaluations.links_ratings import assess_url, organisation_url
from evaluations.models import Evaluation, OrganisationResult, Participant, Period
from evaluations.selectors.duties import duties, former_plans
from evaluations.selectors.periods import due_on
from evaluations.services import organisation
from evaluations.services.ratings_steps import ITEM
from kepegawaian.audit import services as audit
from kepegawaian.lib.dates import today
from kepegawaian.work.models import WorkItem
from kepegawaian.work.services import open_item

BATCH = 2000


def open_due() -> int:
    """Every period of a running cycle that is over; how many evaluations were opened."""
    over = Period.objects.filter(cycle__state=CycleState.OPEN, end__lt=today()).order_by("end")
    return sum(open_period(period) for period in over.select_related("cycle"))


def open_period(period: Period) -> int:
    """Batches of their own transactions, so that 50,000 people lock nothing for long."""
    due = due_on(period, DeadlineKind.ASSESS)
    opened = 0
    for batch in _batches(_missing(period)):
        with transaction.atomic():
            opened += _open_batch(period, batch, due)
    if period.opened_at is None:
        with transaction.atomic():
            _ask_for_results(period)
            Period.objects.filter(pk=period.pk, opened_at=None).update(opened_at=timezone.now())
            audit.record("evaluations.period_opened", period, data={"period": str(period), "evaluations": opened})
    return opened


def _missing(period: Period) -> "QuerySet[Participant]":
    counting = Evaluation.objects.counting().filter(participant=OuterRef("pk"), period=period)
    former = former_plans(period).order_by().values("participant")
    rows = Participant.objects.taking_part().filter(
        ~Exists(counting),
        Q(plan__state=PlanState.AGREED) | Q(pk__in=former),
        cycle_id=period.cycle_id,
        assessor__isnull=False,
        joined_on__lte=period.end,
    )
    return rows.select_related("employee", "assessor", "plan").order_by("pk")


def _batches(rows: "QuerySet[Participant]") -> Iterator[list[Participant]]:
    last: Any = None
    while batch := list((rows.filter(pk__gt=last) if last else rows)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _open_batch(period: Period, people: list[Participant], due: Any) -> int:
    known = duties(people, period)
    rows = [
        Evaluation(participant=person, period=period, plan=duty.plan, assessor=duty.assessor)
        for person in people
        if (duty := known[person.pk])
    ]
    Evaluation.objects.bulk_create(rows, ignore_conflicts=True)
    kept = set(Evaluation.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    items = [
        WorkItem(
            kind=ITEM,
            subject_type=Evaluation._meta.label_lower,
            subject_id=row.pk,
            holder_id=row.assessor.user_id if row.assessor else None,
            title=row.participant.employee.full_name[:200],
            context={"line": str(period)},
            url=assess_url(row.participant_id, period.pk),
            due_on=due,
        )
        for row in rows
        if row.pk in kept
    ]
    WorkItem.objects.bulk_create(items, ignore_conflicts=True)
    return len(kept)


def _ask_for_results(period: Period) -> None:
    """Of units whose head takes part: the head's assessor is the leader one level up."""
    done = OrganisationResult.objects.filter(period=period).values("unit")
    heads = Participant.objects.taking_part().filter(cycle_id=period.cycle_id, heads__isnull=False)
    due = due_on(period, DeadlineKind.ORGANISATION)
    for head in heads.exclude(heads__in=done).select_related("heads", "assessor__user"):
        unit = head.heads
        if unit is None or head.assessor is None:
            continue
        open_item(
            kind=organisation.ITEM,
            subject=("units.unit", organisation.item_key(unit, period)),
            holder=head.assessor.user,
            title=unit.name,
            url=organisation_url(unit, period),
            due_on=due,
            context={"line": str(period)},
        )
