"""What several sections of a person's page read, each under one name; of people whom the reader may see."""

from django.db.models import F, QuerySet

from evaluations.enums import EvaluationState, PeriodKind, PlanState
from evaluations.models import Evaluation, Participant, Plan, Posting
from evaluations.selectors.readers import Reader
from kepegawaian.lib.prepared import Slots

PLANS, POSTINGS, EVALUATIONS = "plans", "postings", "evaluations"


def plans(slot: Slots) -> QuerySet[Plan]:
    """Every plan of the year, the newest first."""
    rows = Plan.objects.filter(participant=slot("participant")).select_related("posting")
    return rows.order_by("-posting__number", "-number")


def postings(slot: Slots) -> QuerySet[Posting]:
    """The posts that the person holds in this year's plans today."""
    return Posting.objects.filter(participant=slot("participant"), valid_to=None)


def readable_plans(rows: list[Plan], *, own: bool) -> list[Plan]:
    """Drafts of others stay with their author."""
    return [row for row in rows if own or row.state != PlanState.DRAFT]


def evaluations(reader: Reader, slot: Slots) -> QuerySet[Evaluation]:
    """Of all years, in their order, those replaced too: the original stays visible. Without the long texts;
    `by`: the account of the assessor."""
    rows = Evaluation.objects.told() if reader.own else Evaluation.objects.visible_to(reader)
    rows = rows.filter(participant__employee=slot("employee")).select_related("period", "objection")
    short = rows.defer("results_reason", "behaviour_reason", "recommendation").annotate(by=F("assessor__user"))
    return short.order_by("period__start", "period__number", "id")


def of_year(rows: list[Evaluation], participant: Participant) -> list[Evaluation]:
    return [row for row in rows if row.participant_id == participant.pk]


def is_unread(row: Evaluation) -> bool:
    """Signed, and the person has not yet said that he has read it."""
    return row.state == EvaluationState.FINAL and row.received_at is None


def year_result(rows: list[Evaluation], participant: Participant) -> Evaluation | None:
    """The final one of the participant's year."""
    final = (row for row in of_year(rows, participant) if row.state == EvaluationState.FINAL)
    return next((row for row in final if row.period.kind == PeriodKind.YEAR), None)
