"""What followed a person's result: suggestions with their source, coaching, the six months, proposals."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.enums import (
    ChainState,
    CoachingState,
    EvaluationState,
    Predikat,
    RecommendationKind,
    RecommendationState,
)
from evaluations.forms import follow_up as forms
from evaluations.links_follow_up import follow_up_url
from evaluations.models import Coaching, ImprovementChain, Participant, Recommendation
from evaluations.permissions import follow_up as permissions
from evaluations.permissions.common import can_manage
from evaluations.rules.clocks import IMPROVEMENT, ChainDate, Milestone, improvement_chain
from evaluations.rules.follow_up import improvement_due
from evaluations.sections import Facts, Reads
from evaluations.selectors import person_year
from evaluations.selectors.follow_up import recommended, year_result
from evaluations.selectors.readers import Reader
from evaluations.services import coaching as coachings
from evaluations.services import follow_up
from evaluations.views.common import way_to
from evaluations.views.forms_page import FormPage, posted
from kepegawaian.employees.enums import AsnStatus
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text, demand
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.ui.formatting import day, typed
from kepegawaian.lib.ui.parts import Step


def followed(request: HttpRequest, pk: uuid.UUID) -> Participant:
    """Strangers to the person get 404, whatever else their role lets them see."""
    rows = Participant.objects.select_related("cycle", "employee__user", "assessor__user", "unit")
    participant = rows.filter(pk=pk).first()
    if participant is None or not permissions.can_see_follow_up(request.user, participant):
        raise Http404
    found: Participant = participant
    way_to(request, found)
    return found


@require_safe
def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant = followed(request, pk)
    user, result = request.user, year_result(participant)
    chains = list(ImprovementChain.objects.filter(participant=participant).select_related("evaluation"))
    proposals = Recommendation.objects.filter(participant=participant).select_related("proposed_by", "answered_by")
    due = bool(result and improvement_due(Predikat(result.predikat), AsnStatus(participant.employee.status)))
    context = {
        "participant": participant,
        "way": way_to(request, participant),
        "own": participant.employee.user_id == user.pk,
        "result": result,
        "predikat": Predikat(result.predikat) if result else None,
        "suggestions": recommended(result, participant.employee),
        "coachings": coachings_of(user, participant),
        "chains": [drawn_chain(user, chain, participant) for chain in chains],
        "proposals": [drawn_proposal(user, row, participant) for row in proposals],
        "may_follow_up": bool(permissions.can_follow_up(user, participant)),
        "may_open_chain": due and bool(can_manage(user, participant)) and not _has_chain(chains, result),
    }
    return render(request, "evaluations/follow_up/page.html", context)


def coachings_of(user: Any, participant: Participant) -> list[tuple[Coaching, CoachingState]]:
    rows = Coaching.objects.visible_to(user).filter(participant=participant).select_related("coach")
    return [(row, CoachingState(row.state)) for row in rows]


def _has_chain(chains: list[ImprovementChain], result: Any) -> bool:
    return any(chain.evaluation_id == result.pk for chain in chains)


def drawn_chain(user: Any, chain: ImprovementChain, participant: Participant) -> dict[str, Any]:
    chain.participant = participant
    return {
        "row": chain,
        "state": ChainState(chain.state),
        "steps": chain_steps(chain),
        "source": IMPROVEMENT,
        "outdated": chain.evaluation.state == EvaluationState.REPLACED,
        "next": _next_title(chain) if permissions.can_run_chain(user, chain) else "",
    }


def chain_steps(chain: ImprovementChain) -> list[Step]:
    """The dates of the six months, what came out, and whom the next step waits for."""
    dates = {one.milestone: one for one in improvement_chain(chain.starts_on)}
    steps = [_milestone(dates[name]) for name in (Milestone.BEGINS, Milestone.HALFWAY, Milestone.ENDS)]
    state = ChainState(chain.state)
    over = chain.ends_on <= today()
    steps.append(_step(_("Hasil sesudah enam bulan"), typed(chain.finding), waits=over))
    if state == ChainState.RECOVERED:
        return steps
    if state == ChainState.IMPROVING:
        steps.append(_milestone(dates[Milestone.TEST], past=False))
    else:
        planned = _("Dijadwalkan %(day)s") % {"day": day(chain.test_on)} if chain.test_on else ""
        tested = _step(_("Uji kompetensi"), typed(chain.test_result), waits=True, when=chain.test_on, hint=planned)
        steps.append(tested)
    words = f"{chain.decision} ({chain.decree_number})" if chain.decision else ""
    at = localtime(chain.closed_at) if chain.closed_at else None
    waits = bool(chain.test_result)
    steps.append(_step(_("Keputusan pejabat berwenang"), typed(words), waits=waits, when=at))
    return [*steps, _milestone(dates[Milestone.TEMPORARY_ENDS])]


def _milestone(one: ChainDate, *, past: bool | None = None) -> Step:
    done = one.on <= today() if past is None else past
    note = "" if one.citation == IMPROVEMENT else str(one.citation)
    state = "done" if done else "coming"
    return Step(one.milestone.label, state, when=one.on, note=note, tone="neutral", icon="calendar")


def _step(title: Text, said: str, *, waits: bool, when: Any = None, hint: str = "") -> Step:
    """Done once its words are there; before, it waits for HR or is to come."""
    if said:
        return Step(title, "done", when=when, note=said)
    return Step(title, "current", _("pengelola kinerja"), note=hint) if waits else Step(title, "coming")


def drawn_proposal(user: Any, row: Recommendation, participant: Participant) -> dict[str, Any]:
    row.participant = participant
    return {
        "row": row,
        "kind": RecommendationKind(row.kind).label,
        "state": RecommendationState(row.state),
        "may_answer": bool(permissions.can_answer(user, row)),
    }


# --- Proposals ------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant = followed(request, pk)
    demand(permissions.can_follow_up(request.user, participant))

    def verb(values: dict[str, Any]) -> None:
        follow_up.propose(actor=request.user, participant=participant, **values)

    text = _("Pengelola kinerja menjawab usul ini; tidak ada yang berjalan otomatis.")
    shown = form_page(participant, _("Usulkan tindak lanjut"), _("Usul dikirim."), text)
    return shown.answer(request, forms.ProposalForm(posted(request)), verb)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = Recommendation.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    participant = followed(request, row.participant_id)
    row.participant = participant
    demand(permissions.can_answer(request.user, row))

    def verb(values: dict[str, Any]) -> None:
        accepted = values["accepted"] == forms.YES
        follow_up.answer(actor=request.user, recommendation=row, accepted=accepted, reason=values["reason"])

    shown = form_page(participant, _("Jawab usul"), _("Usul dijawab."), typed(row.text))
    return shown.answer(request, forms.AnswerForm(posted(request)), verb)


# --- Six months to improve ------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def chain_open(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant = followed(request, pk)
    demand(can_manage(request.user, participant))
    result = year_result(participant)
    if result is None:
        raise Http404

    def verb(values: dict[str, Any]) -> None:
        coachings.open_chain(actor=request.user, evaluation=result, starts_on=values["starts_on"])

    text = _(
        "PNS dengan predikat Kurang atau Sangat Kurang diberi kesempatan enam bulan (PP 30/2019 Pasal 57-58)."
    )
    shown = form_page(participant, _("Buka masa perbaikan"), _("Masa perbaikan dibuka."), text)
    return shown.answer(request, forms.ChainStartForm(posted(request)), verb)


@require_http_methods(["GET", "POST"])
def chain(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The next step of the chain: what came out after six months, the test, or the decision."""
    row = ImprovementChain.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    participant = followed(request, row.participant_id)
    row.participant = participant
    demand(permissions.can_run_chain(request.user, row))
    if row.state == ChainState.IMPROVING:
        return _finding(request, row)
    return _decision(request, row) if row.test_result else _test(request, row)


def _next_title(chain: ImprovementChain) -> Text:
    if chain.state == ChainState.IMPROVING:
        return _("Catat hasil sesudah enam bulan")
    return _("Catat keputusan") if chain.test_result else _("Catat uji kompetensi")


def _finding(request: HttpRequest, row: ImprovementChain) -> HttpResponse:
    def verb(values: dict[str, Any]) -> None:
        recovered = values["recovered"] == forms.YES
        coachings.record_finding(actor=request.user, chain=row, recovered=recovered, finding=values["finding"])

    shown = form_page(row.participant, _next_title(row), _("Hasil dicatat."))
    return shown.answer(request, forms.FindingForm(posted(request)), verb)


def _test(request: HttpRequest, row: ImprovementChain) -> HttpResponse:
    def verb(values: dict[str, Any]) -> None:
        coachings.record_test(actor=request.user, chain=row, **values)

    initial = {"test_on": row.test_on, "test_result": row.test_result}
    shown = form_page(row.participant, _next_title(row), _("Uji kompetensi dicatat."))
    return shown.answer(request, forms.TestForm(posted(request), initial=initial), verb)


def _decision(request: HttpRequest, row: ImprovementChain) -> HttpResponse:
    def verb(values: dict[str, Any]) -> None:
        coachings.record_decision(actor=request.user, chain=row, **values)

    text = _("Yang memutuskan pejabat yang berwenang; di sini keputusannya dicatat.")
    shown = form_page(row.participant, _next_title(row), _("Keputusan dicatat."), text)
    return shown.answer(request, forms.DecisionForm(posted(request)), verb)


def form_page(participant: Participant, title: Text, said: Text, text: Text = "") -> FormPage:
    return FormPage(
        title=title,
        said=said,
        back=follow_up_url(participant),
        back_label=_("Tindak lanjut %(name)s") % {"name": participant.employee.full_name},
        text=text,
    )


def section_reads(reader: Reader, slot: Slots) -> Reads:
    rows = Coaching.objects.all() if reader.own else Coaching.objects.visible_to(reader)
    return {
        person_year.EVALUATIONS: person_year.evaluations(reader, slot),
        "coachings": rows.filter(participant=slot("participant")),
    }


def section(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    """On the page of a person: whether there is something to follow up."""
    if not permissions.can_see_follow_up(request.user, participant):
        return None
    result = person_year.year_result(facts[person_year.EVALUATIONS], participant)
    running = [(row, CoachingState(row.state)) for row in facts["coachings"]]
    if result is None and not running and not permissions.can_follow_up(request.user, participant):
        return None
    return {
        "participant": participant,
        "suggestions": recommended(result, participant.employee),
        "coachings": running,
    }
