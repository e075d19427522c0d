"""The evaluation of a person in a period: saved, assessed, reopened, signed, read (reference sections 7 and 9)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import UNSIGNED, DeadlineKind, EvaluationState, Rating, Value
from evaluations.models import (
    Evaluation,
    Participant,
    Period,
    Plan,
    ResultMark,
    ValueNote,
)
from evaluations.notifications import ratings as notices
from evaluations.permissions.ratings import can_assess, can_receive
from evaluations.registry import tell_result_change
from evaluations.rules import matrix
from evaluations.rules.sources import Citation
from evaluations.selectors.duties import Duty, capacity_of, duty_of
from evaluations.selectors.periods import due_on, is_late
from evaluations.services.common import (
    MANAGEMENT,
    check_version,
    locked_evaluation,
    locked_participant,
    refused,
    require_open,
    verb,
)
from evaluations.services.objections import hand_over_objections
from evaluations.services.papers import follow_receipt
from evaluations.services.ratings_steps import log, wait_for, wait_to_be_read
from evaluations.workflow import Action, next_state
from kepegawaian.audit import services as audit
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.notifications.services import notify_together
from kepegawaian.work.registry import BulkResult
from kepegawaian.work.services import close_items

RULE = Citation(MANAGEMENT)


@dataclass(frozen=True, slots=True)
class Remark:
    """The mark of one result or one value, with what the assessor writes about it; both may be empty."""

    mark: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessor fills in. `results` by origin of the work result, `values` by BerAKHLAK value."""

    results_rating: str = ""
    results_reason: str = ""
    behaviour_rating: str = ""
    behaviour_reason: str = ""
    recommendation: str = ""
    results: Mapping[uuid.UUID, Remark] = field(default_factory=dict)
    values: Mapping[str, Remark] = field(default_factory=dict)


# --- Assessing ------------------------------------------------------------------------------------
@verb
def save_draft(
    *, actor: Any, participant: Participant, period: Period, given: Assessment, version: int | None = None
) -> Evaluation:
    """Keep what was written so far. Nothing is rated yet; nobody but the assessor sees it."""
    evaluation, duty = _begin(actor, participant, period, version)
    if evaluation.state != EvaluationState.OPEN:
        raise StateChanged(_("Evaluasi ini sudah dinilai. Buka kembali sebelum menyimpan draf."))
    _fill(evaluation, given)
    evaluation.assessor, evaluation.predikat = duty.assessor, ""
    evaluation.version += 1
    evaluation.save()
    _write_remarks(evaluation, given, duty.plan)
    audit.record("evaluations.draft_saved", evaluation, actor=actor, data={"version": evaluation.version})
    return evaluation


@verb
def assess(
    *, actor: Any, participant: Participant, period: Period, given: Assessment, version: int | None = None
) -> Evaluation:
    """Both ratings with their reasons; the *predikat* is the cell of the matrix. May be done anew until signed."""
    evaluation, duty = _begin(actor, participant, period, version)
    if duty.plan is None:
        text = _("Penilaian memerlukan SKP yang sudah disepakati.")
        raise refused(text, rule="no_agreed_plan", citation=RULE)
    _require_ratings(given)
    origin, evaluation.state = evaluation.state, next_state(EvaluationState(evaluation.state), Action.ASSESS)
    _fill(evaluation, given)
    evaluation.plan, evaluation.assessed_at = duty.plan, timezone.now()
    evaluation.assessor = duty.assessor
    evaluation.predikat = _predikat(given, period)
    _write_remarks(evaluation, given, duty.plan)
    log(evaluation, Action.ASSESS, origin, actor=actor)
    evaluation.save()
    return evaluation


@verb
def reopen(*, actor: Any, evaluation: Evaluation) -> Evaluation:
    """Back to the drawer before it is signed; what was written stays."""
    evaluation = locked_evaluation(evaluation)
    duty = duty_of(evaluation.participant, evaluation.period)
    demand(can_assess(actor, evaluation.participant, duty))
    require_open(evaluation.participant)
    origin, evaluation.state = evaluation.state, next_state(EvaluationState(evaluation.state), Action.REOPEN)
    evaluation.predikat = ""
    log(evaluation, Action.REOPEN, origin, actor=actor)
    evaluation.save()
    return evaluation


@verb
def sign(*, actor: Any, evaluation: Evaluation, version: int | None = None) -> Evaluation:
    """Final: frozen in the database, told to the person, and to whoever computes from it."""
    evaluation = locked_evaluation(evaluation)
    duty = duty_of(evaluation.participant, evaluation.period)
    demand(can_assess(actor, evaluation.participant, duty))
    require_open(evaluation.participant)
    check_version(evaluation, version)
    origin, evaluation.state = evaluation.state, next_state(EvaluationState(evaluation.state), Action.SIGN)
    evaluation.assessor, evaluation.capacity = (
        duty.assessor,
        capacity_of(evaluation.participant, duty.assessor, duty.on),
    )
    evaluation.signed_at = timezone.now()
    evaluation.late = is_late(today(), due_on(evaluation.period, DeadlineKind.ASSESS))
    log(evaluation, Action.SIGN, origin, actor=actor, predikat=evaluation.predikat)
    evaluation.save()
    close_items(subject=evaluation, by=actor)
    wait_to_be_read(evaluation)
    notify_together([notices.signed(evaluation)])
    tell_result_change(evaluation, replaced=None, actor=actor)
    return evaluation


@verb
def receive(*, actor: Any, evaluation: Evaluation) -> Evaluation:
    """The person has read it; the days for an objection run from here (PP 30/2019 Ps 59)."""
    evaluation = locked_evaluation(evaluation)
    demand(can_receive(actor, evaluation))
    origin, evaluation.state = evaluation.state, next_state(EvaluationState(evaluation.state), Action.RECEIVE)
    evaluation.received_at = timezone.now()
    log(evaluation, Action.RECEIVE, origin, actor=actor)
    evaluation.save()
    follow_receipt(evaluation, actor=actor)
    close_items(subject=evaluation, by=actor)
    return evaluation


def bulk_sign(actor: Any, evaluation_ids: Sequence[uuid.UUID], data: Mapping[str, Any]) -> list[BulkResult]:
    """Sign what was assessed, each in a transaction of its own; what could not be signed says why."""
    found = Evaluation.objects.visible_to(actor).in_bulk(list(evaluation_ids))
    return [_one_sign(actor, found.get(key), key) for key in evaluation_ids]


def _one_sign(actor: Any, evaluation: Evaluation | None, key: uuid.UUID) -> BulkResult:
    if evaluation is None:
        return BulkResult(key, False, _("Data ini tidak ditemukan."))
    try:
        sign(actor=actor, evaluation=evaluation)
    except ApplicationError as error:
        return BulkResult(key, False, error.message)
    return BulkResult(key, True)


# --- What the verbs share -------------------------------------------------------------------------
def _begin(actor: Any, participant: Participant, period: Period, version: int | None) -> tuple[Evaluation, Duty]:
    participant = locked_participant(participant)
    duty = duty_of(participant, period)
    demand(can_assess(actor, participant, duty))
    require_open(participant)
    if period.cycle_id != participant.cycle_id or (period.end >= today() and participant.left_on is None):
        text = _("%(period)s belum berakhir; penilaian dibuka sesudahnya.")
        raise refused(text % {"period": period}, rule="period_not_over", citation=RULE)
    evaluation = _counting(participant, period)
    if evaluation is None:
        return _open(participant, period, duty), duty
    check_version(evaluation, version)
    if evaluation.state not in UNSIGNED:
        raise StateChanged(_("Evaluasi ini sudah ditandatangani dan tidak dapat diubah lagi."))
    return evaluation, duty


def _counting(participant: Participant, period: Period) -> Evaluation | None:
    rows = Evaluation.objects.counting().filter(participant=participant, period=period)
    found = rows.select_for_update(of=("self",)).first()
    if found is not None:
        found.participant, found.period = participant, period
    return found


def _open(participant: Participant, period: Period, duty: Duty) -> Evaluation:
    """The row that opening the period did not make, because the plan was agreed upon later."""
    return Evaluation.objects.create(
        participant=participant,
        period=period,
        plan=duty.plan,
        assessor=duty.assessor,
    )


def _require_ratings(given: Assessment) -> None:
    choose, why = _("Pilih salah satu rating."), _("Tuliskan alasannya; pegawai berhak mengetahuinya.")
    require_fields(
        [
            ("results_rating", given.results_rating in Rating.values, choose),
            ("results_reason", given.results_reason.strip(), why),
            ("behaviour_rating", given.behaviour_rating in Rating.values, choose),
            ("behaviour_reason", given.behaviour_reason.strip(), why),
        ]
    )


def _predikat(given: Assessment, period: Period) -> str:
    return str(matrix.predikat(Rating(given.results_rating), Rating(given.behaviour_rating), on=period.end))


def _fill(evaluation: Evaluation, given: Assessment) -> None:
    evaluation.results_rating, evaluation.behaviour_rating = given.results_rating, given.behaviour_rating
    evaluation.results_reason = given.results_reason.strip()
    evaluation.behaviour_reason = given.behaviour_reason.strip()
    evaluation.recommendation = given.recommendation.strip()


def _write_remarks(evaluation: Evaluation, given: Assessment, plan: Plan | None) -> None:
    known = set(plan.results.values_list("origin", flat=True)) if plan else set()
    if not set(given.results) <= known or not set(given.values) <= set(Value.values):
        raise refused(_("Hasil kerja atau nilai ini tidak ada pada SKP orang ini."), rule="unknown_line")
    evaluation.marks.all().delete()
    evaluation.value_notes.all().delete()
    ResultMark.objects.bulk_create(
        ResultMark(evaluation=evaluation, result=key, mark=one.mark, feedback=one.text.strip())
        for key, one in given.results.items()
        if one.mark or one.text.strip()
    )
    ValueNote.objects.bulk_create(
        ValueNote(evaluation=evaluation, value=key, mark=one.mark, text=one.text.strip())
        for key, one in given.values.items()
        if one.mark or one.text.strip()
    )


# --- A change of assessor -------------------------------------------------------------------------
def hand_over_evaluations(participants: Sequence[Participant], *, actor: Any = None, reason: str = "") -> int:
    """Unsigned evaluations go to the assessor of today, with a row of the log each; how many moved. Those of a
    post that was left stay with who assessed there.

    Called inside the transaction of the change, with the participants locked; it tells the assessor. What the
    former one wrote stays for the new one to weigh. Open objections follow the line above them.
    """
    moved = 0
    for participant in participants:
        rows = Evaluation.objects.filter(participant=participant, state__in=UNSIGNED).select_related("period")
        for evaluation in rows.select_for_update(of=("self",)):
            evaluation.participant, duty = participant, duty_of(participant, evaluation.period)
            if evaluation.assessor_id != (duty.assessor and duty.assessor.pk):
                _hand_over(evaluation, duty, actor=actor, reason=reason)
                moved += 1
    hand_over_objections(participants, actor=actor)
    return moved


def _hand_over(evaluation: Evaluation, duty: Duty, *, actor: Any, reason: str) -> None:
    former, evaluation.assessor = evaluation.assessor, duty.assessor
    evaluation.capacity = capacity_of(evaluation.participant, duty.assessor, duty.on)
    origin, evaluation.state = evaluation.state, next_state(EvaluationState(evaluation.state), Action.HAND_OVER)
    new = evaluation.assessor
    people = {"from": str(former.pk) if former else "", "to": str(new.pk) if new else ""}
    log(evaluation, Action.HAND_OVER, origin, actor=actor, note=reason, people=people)
    evaluation.save()
    wait_for(evaluation, new)
