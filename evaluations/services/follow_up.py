"""What follows a result, as records that people make: proposals, the talent box, and the line in the record.

Nothing here acts by itself; what an objection changes is reckoned anew (reference 10, 12, 13).
"""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from evaluations.enums import PeriodKind, Potential, Predikat, RecommendationKind, RecommendationState
from evaluations.links_follow_up import follow_up_url
from evaluations.models import Evaluation, Participant, Recommendation, TalentPlacement
from evaluations.notifications import follow_up as notices
from evaluations.notifications.common import performance_office
from evaluations.permissions import follow_up as permissions
from evaluations.rules import talent
from evaluations.rules.follow_up import recommendations, regular_promotion
from evaluations.selectors import follow_up as selectors
from evaluations.services.common import locked_participant, refused, verb
from evaluations.services.papers import LANGUAGE
from kepegawaian.audit.services import record
from kepegawaian.employees.enums import AsnStatus
from kepegawaian.employees.models import Employee
from kepegawaian.employees.services import note_performance
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.work.services import close_items, open_item

ITEM_ANSWER = "evaluations.recommendation"


# --- Proposals ------------------------------------------------------------------------------------
@verb
def propose(*, actor: Any, participant: Participant, kind: str, text: str) -> Recommendation:
    """Training or an award for somebody, by the assessor, his superior or HR; HR answers. The same proposal sent
    again while it waits is one."""
    participant = locked_participant(participant)
    demand(permissions.can_follow_up(actor, participant))
    require_fields(
        [
            ("kind", kind in RecommendationKind.values, _("Pilih jenis usul.")),
            ("text", text.strip(), _("Tuliskan usulnya.")),
        ]
    )
    said = {"kind": kind, "text": text.strip(), "proposed_by": actor}
    same = participant.recommendations.filter(**said, state=RecommendationState.PROPOSED).first()
    if same is not None:
        return same
    row = Recommendation.objects.create(
        participant=participant, evaluation=selectors.year_result(participant), **said
    )
    record("evaluations.recommended", row, actor=actor, data={"kind": kind, "text": row.text})
    office = [user for user in performance_office() if user.pk not in (actor.pk, participant.employee.user_id)]
    open_item(
        kind=ITEM_ANSWER,
        subject=row,
        holder=office[0] if office else None,
        title=participant.employee.full_name,
        url=follow_up_url(participant),
        context={"kind": kind, "year": participant.cycle.year},
    )
    return row


@verb
def answer(*, actor: Any, recommendation: Recommendation, accepted: bool, reason: str) -> Recommendation:
    participant = locked_participant(recommendation.participant)
    rows = Recommendation.objects.select_related("proposed_by__employee").select_for_update(of=("self",))
    row = rows.get(pk=recommendation.pk)
    row.participant = participant
    if row.state != RecommendationState.PROPOSED:
        raise StateChanged(_("Usul ini sudah dijawab."))
    demand(permissions.can_answer(actor, row))
    require_fields([("reason", reason.strip(), _("Tuliskan alasan jawabannya."))])
    row.state = RecommendationState.ACCEPTED if accepted else RecommendationState.REFUSED
    row.answer, row.answered_by, row.answered_at = reason.strip(), actor, timezone.now()
    row.save()
    record(
        "evaluations.recommendation_answered", row, actor=actor, data={"state": row.state, "reason": row.answer}
    )
    close_items(subject=row, by=actor)
    proposer = getattr(row.proposed_by, "employee", None)
    notices.tell_about(
        notices.RecommendationAnswered,
        participant,
        [participant.employee, proposer],
        key=row.pk,
        url=follow_up_url(participant),
        what=RecommendationKind(row.kind),
        state=RecommendationState(row.state),
    )
    return row


# --- Talent ---------------------------------------------------------------------------------------
@verb
def place_talent(*, actor: Any, participant: Participant, potential: str, reason: str) -> TalentPlacement:
    """The box of a year: performance by its *predikat*, potential as recorded here, with its reason."""
    participant = locked_participant(participant)
    demand(permissions.can_place_talent(actor, participant))
    require_fields(
        [
            ("potential", potential in Potential.values, _("Pilih tingkat potensi.")),
            ("reason", reason.strip(), _("Tuliskan dasar penilaian potensi.")),
        ]
    )
    evaluation = selectors.year_result(participant)
    if evaluation is None:
        message = _("Kotak talenta memerlukan evaluasi tahunan yang sudah ditandatangani.")
        raise refused(message, rule="talent_needs_result", citation=talent.AXES)
    return _place(participant, evaluation, Potential(potential), reason.strip(), actor)


def _place(
    participant: Participant, evaluation: Evaluation, potential: Potential, reason: str, actor: Any
) -> TalentPlacement:
    box = talent.box_of(Predikat(evaluation.predikat), potential)
    standing = TalentPlacement.objects.filter(
        cycle=participant.cycle_id, employee=participant.employee_id, superseded_at=None
    )
    standing.update(superseded_at=timezone.now())
    row = TalentPlacement.objects.create(
        cycle=participant.cycle,
        employee=participant.employee,
        evaluation=evaluation,
        potential=potential,
        box=box.number,
        reason=reason,
        placed_by=actor,
    )
    data = {"box": box.number, "potential": potential, "reason": reason}
    record("evaluations.talent_placed", row, actor=actor, data=data)
    return row


# --- The record of the person ----------------------------------------------------------------------
def follow_result(evaluation: Evaluation, *, replaced: Evaluation | None, actor: Any) -> None:
    """Runs with each result that comes to count. A year is noted in the record, with what it is needed for; the
    year after it is noted anew, since two years stand behind a promotion."""
    if evaluation.period.kind != PeriodKind.YEAR:
        return
    employee = evaluation.participant.employee
    results = selectors.year_results(employee)
    year = evaluation.participant.cycle.year
    for one in (year, year + 1):
        if one in results:
            _note(employee, results[one], results, actor)
    if replaced is not None:
        _place_anew(evaluation, replaced, actor)


def _place_anew(evaluation: Evaluation, replaced: Evaluation, actor: Any) -> None:
    """The recorded potential stays; the box follows the new result."""
    row = TalentPlacement.objects.filter(evaluation=replaced, superseded_at=None).first()
    if row is not None:
        _place(evaluation.participant, evaluation, Potential(row.potential), row.reason, actor)


def _note(employee: Employee, evaluation: Evaluation, results: dict[int, Evaluation], actor: Any) -> None:
    year, predikat = evaluation.participant.cycle.year, Predikat(evaluation.predikat)
    with translation.override(LANGUAGE):
        meaning, sources = _meaning(employee, year, results)
        note_performance(
            employee=employee,
            year=year,
            label=str(predikat.label),
            meaning=meaning,
            source="; ".join(dict.fromkeys(sources)),
            evaluation=evaluation.pk,
            actor=actor,
        )


def _meaning(employee: Employee, year: int, results: dict[int, Evaluation]) -> tuple[str, list[str]]:
    """What the result gates, by the person's status, and the rules that say so."""
    status = AsnStatus(employee.status)
    if status in (AsnStatus.PPPK, AsnStatus.PPPK_PART_TIME):
        due = recommendations(Predikat(results[year].predikat), status)
        gating = [one for one in due if one.kind in ("contract", "full_time")]
        return "; ".join(str(one.kind.label) for one in gating), [str(one.citation) for one in gating]
    by_year = {one: Predikat(row.predikat) for one, row in results.items()}
    gate = regular_promotion(by_year, year + 1)
    met = _now("Syarat kinerja kenaikan pangkat reguler %(year)s terpenuhi: %(reason)s")
    unmet = _now("Syarat kinerja kenaikan pangkat reguler %(year)s belum terpenuhi: %(reason)s")
    text = (met if gate.open else unmet) % {"year": year + 1, "reason": gate.reason}
    return text, [str(gate.citation)]
