"""One step of a case: state, clocks, log, audit, work item, in the transaction of the verb."""

from typing import Any

from django.utils import timezone

from feedback import notifications
from feedback.enums import FINAL_STATES, LAST_PHASES, CaseKind, CaseState, Party, Phase
from feedback.models import Case, CaseStep, Watch
from feedback.services.cases import people
from feedback.services.cases.clocks import Clocks, mirrored
from feedback.workflow import MOVES, PAUSING, Action, next_state
from kepegawaian.audit import services as audit
from kepegawaian.lib.inserting import Change, insert_together, update_together
from kepegawaian.lib.prepared import Prepared
from kepegawaian.work.services import close_items, open_item

ITEM_OF_STATE = {
    CaseState.NEW: "feedback.verify",
    CaseState.VERIFYING: "feedback.verify",
    CaseState.REOPENED: "feedback.reopened",
    CaseState.ASSIGNED: "feedback.accept",
    CaseState.IN_PROCESS: "feedback.answer",
}
ITEM_REVIEW = "feedback.review"
ITEM_CHECK = "feedback.check"
ENDED_BY_OFFICE = frozenset({CaseState.REJECTED, CaseState.DUPLICATE, CaseState.SPAM, CaseState.REFERRED})
"""By mistake, where it is undone: the limit counts on, so that the mistake wins no days."""
ADMIN_ITEMS = frozenset({"feedback.verify", "feedback.reopened", ITEM_REVIEW})


def advance(
    case: Case,
    action: Action,
    *,
    party: Party,
    actor: Any = None,
    for_reporter: bool = False,
    clocks: Clocks | None = None,
    public_text: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
    **values: Any,
) -> CaseStep:
    """Carry the action out on a locked case. `values`: more columns to save.

    The actor of a reporter's own act is never written down; an officer who acts for him is.
    """
    if party == Party.REPORTER and not for_reporter:
        actor = None
    origin = CaseState(case.state)
    target = next_state(origin, action) if action in MOVES else origin
    due_before = case.due_on
    for name, value in values.items():
        setattr(case, name, value)
    clocks = clocks or Clocks(case)
    if target != origin:
        _turn(clocks, origin, target)
    case.state, case.version, case.updated_at = target, case.version + 1, timezone.now()
    columns = {**mirrored(clocks), **_stamps(case, target, origin)}
    for name, value in columns.items():
        setattr(case, name, value)
    step = CaseStep(
        case=case,
        version=case.version,
        action=action,
        party=party,
        actor=actor,
        for_reporter=for_reporter,
        from_state=origin,
        to_state=target,
        unit=case.holder_unit,
        public_text=public_text,
        note=note,
        due_before=due_before,
        due_after=case.due_on,
        data=data or {},
    )
    told = {"states": [origin, target], "version": case.version}
    update_together([Change(case, ["state", "version", "updated_at", *columns, *values])])
    insert_together([*clocks.new, step, audit.build(f"feedback.{action}", case, actor=actor, data=told)])
    clocks.new.clear()
    if target != origin:
        wait(case, by=actor)
    _tell_watchers(case, step)
    return step


def _turn(clocks: Clocks, origin: CaseState, target: CaseState) -> None:
    """What the change of state does to the clocks."""
    objected = clocks.runs(Phase.OBJECTION)
    if origin in PAUSING:
        clocks.resume()
    clocks.enter(target)
    if target in PAUSING:
        clocks.start(Phase.COMPLETE, clocks.on)
    elif target in (CaseState.VERIFYING, CaseState.REOPENED):
        clocks.start(Phase.VERIFY, clocks.on)
        if origin in ENDED_BY_OFFICE:
            clocks.revive(LAST_PHASES)
        if target == CaseState.VERIFYING:
            _run_last(clocks, Phase.FINAL)
    elif target == CaseState.ASSIGNED:
        clocks.restart(Phase.FIRST, clocks.on)
        _run_last(clocks, Phase.FINAL)
    elif target == CaseState.IN_PROCESS:
        objects = origin == CaseState.ANSWERED and clocks.case.kind == CaseKind.REQUEST
        _run_last(clocks, Phase.OBJECTION if objects else Phase.FINAL)
    elif target == CaseState.ANSWERED:
        disputable = objected and clocks.limit(Phase.DISPUTE) is not None
        clocks.start(Phase.DISPUTE if disputable else Phase.SILENCE, clocks.on)


def _run_last(clocks: Clocks, phase: Phase) -> None:
    """One of the two runs: the answer to an objection takes the place of the final limit."""
    if not any(clocks.runs(each) for each in LAST_PHASES):
        clocks.start(phase, clocks.on)


def _stamps(case: Case, target: CaseState, origin: CaseState) -> dict[str, Any]:
    if target == origin:
        return {}
    now = case.updated_at
    stamps: dict[str, Any] = {}
    if target in (CaseState.ASSIGNED, CaseState.REFERRED) and case.verified_at is None:
        stamps["verified_at"] = now
    if target == CaseState.ANSWERED:
        stamps["answered_at"] = now
        if case.first_answered_at is None:
            stamps["first_answered_at"] = now
    if (target in FINAL_STATES) != (origin in FINAL_STATES):
        stamps["closed_at"] = now if target in FINAL_STATES else None
    if target == CaseState.REOPENED:
        stamps["reopened_at"] = now
    return stamps


def wait(case: Case, *, by: Any = None, fresh: bool = False) -> None:
    """Close what waited and let the case wait for whoever acts next in its state; tell him. `fresh`: a case of
    this moment, for which nothing waits yet."""
    if not fresh:
        close_items(subject=case, by=by)
    kind = ITEM_REVIEW if case.held else ITEM_OF_STATE.get(CaseState(case.state), "")
    if not kind:
        return
    holder = people.admin_for(case) if kind in ADMIN_ITEMS else case.officer
    if holder is None:
        holder = people.admin_for(case)
    open_item(
        kind=kind,
        subject=case,
        holder=holder,
        title=case.number if case.secret else f"{case.number} {case.title}",
        url=notifications.case_url(case),
        due_on=case.due_on,
        context={"state": case.state, "kind": case.kind},
    )
    if kind not in ADMIN_ITEMS and holder is not None and holder != by:
        notifications.tell(notifications.Waiting, case, [holder], occasion=case.version, due=case.due_on)


_WATCHING: Prepared[Watch] = Prepared(
    lambda slot: Watch.objects.filter(case=slot("case"), user__is_active=True).select_related("user")
)


def _tell_watchers(case: Case, step: CaseStep) -> None:
    """Of what everybody may know, and who may still see it; never the one who did it."""
    if not (step.public_text or step.from_state != step.to_state) or case.held:
        return
    watching = [row.user for row in _WATCHING.all(case=case.pk) if row.user_id != step.actor_id]
    told = [
        user for user in watching if case.is_public or Case.objects.visible_to(user).filter(pk=case.pk).exists()
    ]
    if told:
        notifications.tell(notifications.Watched, case, told, occasion=case.version)
