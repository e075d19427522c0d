"""A report that turns out to be a request for public information (UU 14/2008, reference 1.2 and 6.2).

Converted with its day of receipt, answered within a limit of its own that may be extended once, with a reason. An
objection is answered within a limit of its own as well (objections.py). All of them are settings."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import WITH_UNIT, AnswerState, CaseKind, CaseState, Party, Phase
from feedback.models import Case, CaseAnswer, CaseStep, InformationObjection
from feedback.rules import clocks as rules
from feedback.rules.personal import cleaned
from feedback.services.cases.clocks import Clocks
from feedback.services.cases.guards import check_version, locked, refuse, verb
from feedback.services.cases.steps import advance
from feedback.services.cases.telling import tell_reporter
from feedback.workflow import Action
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.verbs import require_fields

BEFORE_THE_ANSWER = (CaseState.VERIFYING, CaseState.ASSIGNED, CaseState.IN_PROCESS)
PHASES = (Phase.FINAL, Phase.EXTENSION, Phase.SILENCE, Phase.OBJECTION, Phase.DISPUTE)
REASON = _("Tuliskan alasannya.")


@dataclass(frozen=True, slots=True)
class RequestRule:
    """The limits that hold for a request, in words of the page and the mail; None where none is set."""

    answer: rules.Limit | None
    extension: rules.Limit | None
    objecting: rules.Limit | None
    objection: rules.Limit | None
    dispute: rules.Limit | None


def rule_of(case: Case, clocks: Clocks | None = None) -> RequestRule | None:
    """Nothing for other reports."""
    if case.kind != CaseKind.REQUEST:
        return None
    known = clocks or Clocks(case)
    return RequestRule(*(known.limit(phase) for phase in PHASES))


def _handled(actor: Any, case: Case, version: int | None) -> tuple[Case, Party]:
    case = locked(case)
    demand(permissions.can_note(actor, case))
    check_version(case, version)
    if case.state not in BEFORE_THE_ANSWER or case.held:
        raise refuse(_("Ini dapat dilakukan sebelum laporan dijawab."), rule="state")
    return case, permissions.party_of(actor, case) or Party.LIAISON


@verb
def convert(*, actor: Any, case: Case, law: bool, reason: str, version: int | None = None) -> Case:
    """`law`: from now on a request under UU 14/2008; otherwise one that was becomes a question again. The day of
    receipt stays, and the reporter is told in words. Doing it twice is doing it once."""
    case, party = _handled(actor, case, version)
    if (case.kind == CaseKind.REQUEST) == law:
        return case
    require_fields([("reason", reason, REASON)])
    if not law:
        _forget_outcome(case)
    before = case.kind
    case.kind = CaseKind.REQUEST if law else CaseKind.INFORMATION
    clocks = Clocks(case)
    final = clocks.running(Phase.FINAL)
    clocks.restart(Phase.FINAL, final.started_on if final is not None else case.received_on)
    if clocks.runs(Phase.FIRST) or (case.state in WITH_UNIT and not _has_spoken(case)):
        clocks.restart(Phase.FIRST, clocks.on)
    words = cleaned(reason)
    advance(
        case, Action.CONVERT, party=party, actor=actor, clocks=clocks, public_text=words,
        data={"from": before}, kind=case.kind,
    )  # fmt: skip
    tell_reporter(notifications.Converted, case, due=case.due_on, reason=words, **_in_words(case, clocks))
    return case


def _has_spoken(case: Case) -> bool:
    """Whether the unit has said a word to the reporter since the case came to it."""
    steps = CaseStep.objects.filter(case=case)
    came = steps.filter(action__in=(Action.ASSIGN, Action.REROUTE)).aggregate(last=Max("version"))["last"]
    words = steps.filter(party=Party.LIAISON, action__in=(Action.MESSAGE, Action.ANSWER))
    return words.filter(version__gt=came or 0).exists()


def _forget_outcome(case: Case) -> None:
    """What was drafted goes; what was decided or objected to under the law stays a request."""
    answers = CaseAnswer.objects.filter(case=case).exclude(outcome="")
    decided = answers.filter(state=AnswerState.PUBLISHED)
    if decided.exists() or InformationObjection.objects.filter(case=case).exists():
        raise refuse(_("Permintaan ini sudah diputus atau dikeberatani menurut UU 14/2008."), rule="decided")
    open_ones = answers.exclude(state=AnswerState.DISCARDED)
    open_ones.update(outcome="", outcome_reason="", outcome_basis="", refusal_ground=None)


def _in_words(case: Case, clocks: Clocks) -> dict[str, Any]:
    found = rule_of(case, clocks)
    if found is None:
        return {"law": False}
    final = clocks.running(Phase.FINAL)
    return {
        "law": True,
        "days": found.answer.days if found.answer else 0,
        "more": found.extension.days if found.extension else 0,
        "until": final.due_on if final is not None else None,
        "source": found.answer.source if found.answer else "",
    }


@verb
def extend(*, actor: Any, case: Case, reason: str, version: int | None = None) -> Case:
    """More days for a request, once, while its limit still runs; the reporter is told why and until when."""
    case, party = _handled(actor, case, version)
    if case.kind != CaseKind.REQUEST:
        raise refuse(_("Hanya permintaan informasi publik yang dapat diperpanjang."), rule="kind")
    require_fields([("reason", reason, REASON)])
    if CaseStep.objects.filter(case=case, action=Action.EXTEND).exists():
        raise refuse(_("Batas waktu ini sudah diperpanjang satu kali."), rule="once")
    clocks = Clocks(case)
    limit = clocks.limit(Phase.EXTENSION)
    row = clocks.running(Phase.FINAL)
    if limit is None or row is None:
        raise refuse(_("Tidak ada perpanjangan yang ditetapkan."), rule="limit")
    if rules.passed(row.due_on, clocks.on):
        raise refuse(_("Batas waktunya sudah lewat, jadi tidak dapat diperpanjang lagi."), rule="late")
    clocks.extend(row, limit)
    words = cleaned(reason)
    data = {"days": limit.days}
    advance(case, Action.EXTEND, party=party, actor=actor, clocks=clocks, public_text=words, data=data)
    tell_reporter(
        notifications.Extended, case, until=row.due_on, reason=words, days=limit.days, source=limit.source
    )
    return case
