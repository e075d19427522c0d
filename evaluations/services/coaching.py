"""Coaching with its sessions and forms, and the six months to improve (reference 12; PP 30/2019 Ps 57-58)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import ChainState, CoachingKind, CoachingState, PeriodKind, Predikat
from evaluations.links_follow_up import coaching_url, follow_up_url
from evaluations.models import (
    Coaching,
    CoachingReview,
    CoachingSession,
    CompetencyCheck,
    Evaluation,
    ImprovementChain,
    Participant,
)
from evaluations.notifications import follow_up as notices
from evaluations.notifications.common import performance_office
from evaluations.permissions import follow_up as permissions
from evaluations.permissions.common import can_manage
from evaluations.rules import clocks
from evaluations.rules.coaching import COMPETENCY_FORM, FORM, complete
from evaluations.rules.follow_up import improvement_due
from evaluations.selectors.line import superior_of_assessor
from evaluations.services.common import check_version, locked_evaluation, locked_participant, refused, verb
from kepegawaian.audit.services import record
from kepegawaian.employees.enums import AsnStatus
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.work.services import close_items, open_item

ITEM_COACH, ITEM_REVIEW, ITEM_CHAIN = "evaluations.coaching", "evaluations.review", "evaluations.chain"
REVIEW_DAYS = datetime.timedelta(days=14)
"""A target for form B.1.8; no rule sets one."""
CHAIN_AHEAD = datetime.timedelta(days=366)
"""So far ahead the six months may be planned; what is further is a slip of the pen."""


# --- Coaching -------------------------------------------------------------------------------------
@verb
def open_coaching(
    *,
    actor: Any,
    participant: Participant,
    kind: str,
    coach: Employee,
    goal: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    evaluation: Evaluation | None = None,
) -> Coaching:
    """A plan: by whom, what for, from when to when. The coach finds it in the inbox."""
    participant = locked_participant(participant)
    demand(permissions.can_follow_up(actor, participant))
    require_fields(
        [
            ("kind", kind in CoachingKind.values, _("Pilih bimbingan atau konseling.")),
            ("goal", goal.strip(), _("Tuliskan yang hendak dicapai.")),
        ]
    )
    if coach.pk == participant.employee_id:
        message = _("Pembina adalah orang lain, bukan pegawai itu sendiri.")
        raise refused(message, rule="coach_is_another", field="coach")
    if ends_on < starts_on:
        message = _("Tanggal selesai sama dengan atau sesudah tanggal mulai.")
        raise refused(message, rule="coaching_ends_after", field="ends_on")
    row = Coaching.objects.create(
        participant=participant,
        evaluation=evaluation,
        kind=kind,
        coach=coach,
        goal=goal.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        state=CoachingState.RUNNING,
        opened_by=actor,
    )
    data = {"kind": kind, "coach": coach.pk, "starts_on": starts_on, "ends_on": ends_on}
    record("evaluations.coaching_opened", row, actor=actor, data=data)
    _wait_for_coach(row)
    notices.tell_about(
        notices.CoachingOpened,
        participant,
        [participant.employee, coach],
        key=row.pk,
        url=coaching_url(row),
        coach=coach.full_name,
        start=starts_on,
        end=ends_on,
    )
    return row


def _wait_for_coach(row: Coaching) -> None:
    open_item(
        kind=ITEM_COACH,
        subject=row,
        holder=row.coach.user,
        title=row.participant.employee.full_name,
        url=coaching_url(row),
        due_on=row.ends_on,
        context={"kind": row.kind, "year": row.participant.cycle.year},
    )


@verb
def add_session(
    *, actor: Any, coaching: Coaching, held_on: datetime.date, notes: str, agreed: str = ""
) -> CoachingSession:
    """What was said on a day; the same words of the same hand sent again are not written again."""
    coaching = _locked(coaching)
    demand(permissions.can_coach(actor, coaching))
    require_fields([("notes", notes.strip(), _("Tuliskan pokok pembicaraan."))])
    if not coaching.starts_on <= held_on <= today():
        message = _("Pertemuan dicatat sesudah berlangsung, sejak pembinaan dimulai.")
        raise refused(message, rule="session_was_held", field="held_on")
    said = {"held_on": held_on, "notes": notes.strip(), "agreed": agreed.strip(), "written_by": actor}
    row = coaching.sessions.filter(**said).first()
    if row is None:
        row = CoachingSession.objects.create(coaching=coaching, **said)
        record("evaluations.coaching_session", coaching, actor=actor, data={"held_on": held_on})
    return row


@verb
def check_competency(
    *, actor: Any, coaching: Coaching, competency: str, score: int, reason: str
) -> CompetencyCheck:
    """A line of form B.1.9; the same one sent again is not written again."""
    coaching = _locked(coaching)
    demand(permissions.can_coach(actor, coaching))
    require_fields(
        [
            ("competency", competency.strip(), _("Tuliskan kompetensinya.")),
            ("reason", reason.strip(), _("Tuliskan alasan nilainya.")),
        ]
    )
    if not 1 <= score <= 5:
        message = _("Nilai kompetensi 1 sampai 5.")
        raise refused(message, rule="competency_one_to_five", citation=COMPETENCY_FORM, field="score")
    said = {"competency": competency.strip(), "score": score, "reason": reason.strip(), "written_by": actor}
    row = coaching.checks.filter(**said).first()
    if row is None:
        row = CompetencyCheck.objects.create(coaching=coaching, **said)
        record("evaluations.competency_checked", coaching, actor=actor, data={"competency": row.competency})
    return row


@verb
def close_coaching(
    *, actor: Any, coaching: Coaching, outcome: str, dropped: bool = False, version: int | None = None
) -> Coaching:
    """With its outcome; the person is asked for form B.1.8."""
    coaching = _locked(coaching)
    if coaching.state != CoachingState.RUNNING:
        raise StateChanged(_("Pembinaan ini sudah ditutup."))
    demand(permissions.can_coach(actor, coaching))
    check_version(coaching, version)
    require_fields([("outcome", outcome.strip(), _("Tuliskan hasil pembinaan."))])
    coaching.state = CoachingState.DROPPED if dropped else CoachingState.FINISHED
    coaching.outcome, coaching.closed_at = outcome.strip(), timezone.now()
    coaching.version += 1
    coaching.save()
    record("evaluations.coaching_closed", coaching, actor=actor, data={"state": coaching.state})
    close_items(subject=coaching, by=actor)
    if not hasattr(coaching, "review"):
        _ask_review(coaching)
    return coaching


def _ask_review(coaching: Coaching) -> None:
    person = coaching.participant.employee
    open_item(
        kind=ITEM_REVIEW,
        subject=coaching,
        holder=person.user,
        title=person.full_name,
        url=coaching_url(coaching),
        due_on=today() + REVIEW_DAYS,
        context={"kind": coaching.kind, "year": coaching.participant.cycle.year},
    )
    url = coaching_url(coaching)
    notices.tell_about(notices.CoachingClosed, coaching.participant, [person], key=coaching.pk, url=url)


@verb
def write_review(*, actor: Any, coaching: Coaching, answers: Mapping[str, bool], note: str = "") -> CoachingReview:
    """Form B.1.8, once, for the assessor's superior; neither coach nor assessor reads it."""
    coaching = _locked(coaching)
    if hasattr(coaching, "review"):
        raise StateChanged(_("Pembinaan ini sudah diulas."))
    demand(permissions.can_review(actor, coaching))
    if not complete(answers):
        raise refused(_("Jawab semua pernyataan."), rule="review_complete", citation=FORM)
    row = CoachingReview.objects.create(coaching=coaching, answers=dict(answers), note=note.strip())
    record("evaluations.coaching_reviewed", coaching, actor=actor)
    if coaching.state != CoachingState.RUNNING:
        close_items(subject=coaching, by=actor)
    superior = superior_of_assessor(coaching.participant)
    url = coaching_url(coaching)
    notices.tell_about(notices.ReviewGiven, coaching.participant, [superior], key=row.pk, url=url)
    return row


def _locked(coaching: Coaching) -> Coaching:
    """The coaching with its participant, fresh, both locked."""
    participant = locked_participant(coaching.participant)
    rows = Coaching.objects.select_related("coach__user").select_for_update(of=("self",))
    found = rows.get(pk=coaching.pk)
    found.participant = participant
    return found


# --- Six months to improve ------------------------------------------------------------------------
@verb
def open_chain(*, actor: Any, evaluation: Evaluation, starts_on: datetime.date | None = None) -> ImprovementChain:
    """For a PNS whose year was *Kurang* or *Sangat Kurang*, by HR; the date after six months is set here."""
    evaluation = locked_evaluation(evaluation)
    participant = evaluation.participant
    demand(can_manage(actor, participant))
    poor = evaluation.predikat and improvement_due(
        Predikat(evaluation.predikat), AsnStatus(participant.employee.status)
    )
    if evaluation.period.kind != PeriodKind.YEAR or evaluation.state != "final" or not poor:
        message = _("Masa perbaikan enam bulan hanya untuk PNS dengan predikat tahunan Kurang atau Sangat Kurang.")
        raise refused(message, rule="improvement_due", citation=clocks.IMPROVEMENT)
    if ImprovementChain.objects.filter(evaluation=evaluation).exists():
        raise StateChanged(_("Masa perbaikan atas evaluasi ini sudah dibuka."))
    start = starts_on or today()
    if not evaluation.period.end < start <= today() + CHAIN_AHEAD:
        message = _("Masa perbaikan dimulai sesudah tahun yang dinilai, paling lambat setahun dari sekarang.")
        raise refused(message, rule="chain_start", field="starts_on")
    row = ImprovementChain.objects.create(
        participant=participant,
        evaluation=evaluation,
        starts_on=start,
        ends_on=_six_months(start),
        opened_by=actor,
    )
    _moved(row, "evaluations.chain_opened", actor)
    return row


def _six_months(start: datetime.date) -> datetime.date:
    dates = {row.milestone: row.on for row in clocks.improvement_chain(start)}
    return dates[clocks.Milestone.ENDS]


@verb
def record_finding(*, actor: Any, chain: ImprovementChain, recovered: bool, finding: str) -> ImprovementChain:
    """After the six months: the work has improved and it ends here, or a competency test follows."""
    chain = _locked_chain(chain, actor, ChainState.IMPROVING)
    require_fields([("finding", finding.strip(), _("Tuliskan hasil sesudah enam bulan."))])
    if today() < chain.ends_on and not recovered:
        message = _("Kesempatan memperbaiki kinerja berlangsung enam bulan; belum berakhir.")
        raise refused(message, rule="six_months", citation=clocks.IMPROVEMENT, field="finding")
    chain.finding = finding.strip()
    chain.state = ChainState.RECOVERED if recovered else ChainState.TESTED
    chain.closed_at = timezone.now() if recovered else None
    _moved(chain, "evaluations.chain_found", actor)
    return chain


@verb
def record_test(
    *, actor: Any, chain: ImprovementChain, test_on: datetime.date, test_result: str = ""
) -> ImprovementChain:
    """When the competency test is, and later what came out."""
    chain = _locked_chain(chain, actor, ChainState.TESTED)
    if test_on < chain.ends_on:
        message = _("Uji kompetensi sesudah masa perbaikan berakhir.")
        raise refused(message, rule="test_after_six_months", citation=clocks.IMPROVEMENT, field="test_on")
    chain.test_on, chain.test_result = test_on, test_result.strip()
    _moved(chain, "evaluations.chain_tested", actor)
    return chain


@verb
def record_decision(*, actor: Any, chain: ImprovementChain, decision: str, decree_number: str) -> ImprovementChain:
    """What the authority decided, by its decree. The portal decides nothing."""
    chain = _locked_chain(chain, actor, ChainState.TESTED)
    require_fields(
        [
            ("decision", decision.strip(), _("Tuliskan keputusan pejabat yang berwenang.")),
            ("decree_number", decree_number.strip(), _("Tuliskan nomor keputusannya.")),
        ]
    )
    if not chain.test_result:
        message = _("Catat hasil uji kompetensi dahulu.")
        raise refused(message, rule="test_before_decision", citation=clocks.IMPROVEMENT)
    chain.decision, chain.decree_number = decision.strip(), decree_number.strip()
    chain.state, chain.closed_at = ChainState.DECIDED, timezone.now()
    _moved(chain, "evaluations.chain_decided", actor)
    return chain


def _locked_chain(chain: ImprovementChain, actor: Any, wanted: ChainState) -> ImprovementChain:
    participant = locked_participant(chain.participant)
    found = ImprovementChain.objects.select_for_update(of=("self",)).get(pk=chain.pk)
    found.participant = participant
    demand(can_manage(actor, participant))
    if found.state != wanted:
        raise StateChanged(_("Masa perbaikan ini sudah sampai tahap lain. Muat ulang halaman."))
    return found


def _moved(chain: ImprovementChain, what: str, actor: Any) -> None:
    """Written down, told, and waiting for HR on its next date."""
    chain.version += 1
    chain.save()
    data = {"state": chain.state, "ends_on": chain.ends_on, "test_on": chain.test_on}
    record(what, chain, actor=actor, data=data)
    participant = chain.participant
    close_items(subject=chain, by=actor)
    if chain.closed_at is None:
        office = [user for user in performance_office() if user.pk != participant.employee.user_id]
        improving = chain.state == ChainState.IMPROVING
        open_item(
            kind=ITEM_CHAIN,
            subject=chain,
            holder=office[0] if office else None,
            title=participant.employee.full_name,
            url=follow_up_url(participant),
            due_on=chain.ends_on if improving else chain.test_on,
            context={"state": chain.state, "year": participant.cycle.year},
        )
    notices.tell_about(
        notices.ChainMoved,
        participant,
        [participant.employee, participant.assessor],
        key=f"{chain.pk}:{chain.version}",
        url=follow_up_url(participant),
        state=ChainState(chain.state),
    )
