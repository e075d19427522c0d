"""Official answers, which freeze once published, and results: what became of it, in hundredths."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import notifications_forums as notices
from feedback.enums import Progress, ProposalState, Verdict
from feedback.models import OfficialAnswer, Process, Proposal, Result, ResultUpdate
from feedback.permissions_forums import can_manage, is_answered
from feedback.rules.forums import counts_shown
from feedback.services.forums_common import locked, phases_of, refuse, verb
from kepegawaian.audit.services import record
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand

ANSWER = ("verdict", "reason", "cost", "period", "private_note")
RESULT = ("title", "text", "owner_unit", "due_on", "parent")
WHOLE = 100


# --- Answers --------------------------------------------------------------------------------------
@verb
def draft_answer(*, actor: Any, proposal: Proposal, facts: Mapping[str, Any]) -> OfficialAnswer:
    """The answer in preparation; one at a time. "Still evaluating" may come once, before the final one."""
    proposal = locked(Proposal, proposal.pk, "process__unit")
    demand(can_manage(actor, proposal.process))
    if proposal.state != ProposalState.OPEN:
        raise refuse(_("Usulan ini tidak terbuka lagi."))
    if is_answered(proposal, finally_only=True):
        raise refuse(_("Usulan ini sudah dijawab."))
    if not str(facts["reason"]).strip():
        raise refuse(_("Tuliskan alasannya."), field="reason")
    if facts["verdict"] == Verdict.EVALUATING and is_answered(proposal):
        raise refuse(_("Bahwa usulan ini dikaji sudah diumumkan; jawab dengan keputusan."), field="verdict")
    values = {name: facts.get(name) or ("" if name in ("period", "private_note") else None) for name in ANSWER}
    draft, _created = OfficialAnswer.objects.update_or_create(
        proposal=proposal, published_at=None, defaults=values, create_defaults={**values, "drafted_by": actor}
    )
    record("feedback.answer_drafted", draft, actor=actor, data={"verdict": str(values["verdict"])})
    return draft


@verb
def publish_answer(*, actor: Any, answer: OfficialAnswer) -> OfficialAnswer:
    """For everybody, and from then on nobody changes it."""
    answer = locked(OfficialAnswer, answer.pk, "proposal__process__unit", "proposal__author")
    demand(can_manage(actor, answer.proposal.process))
    return _publish(actor, answer)


def _publish(actor: Any, answer: OfficialAnswer) -> OfficialAnswer:
    if answer.published_at is not None:
        return answer
    process = answer.proposal.process
    if answer.proposal.state != ProposalState.OPEN:
        raise refuse(_("Usulan ini tidak terbuka lagi."))
    if answer.verdict != Verdict.EVALUATING and not counts_shown(phases_of(process), today(), hidden=True):
        raise refuse(_("Keputusan diumumkan sesudah semua tahap dukungan selesai."))
    answer.published_at, answer.published_by = timezone.now(), actor
    answer.save(update_fields=["published_at", "published_by"])
    notices.tell_answer(answer)
    record("feedback.answered", answer.proposal, actor=actor, data={"verdict": answer.verdict})
    return answer


@verb
def publish_all(*, actor: Any, process: Process) -> int:
    """Every answer in preparation, together, so that nobody learns before the others; how many. What was
    withdrawn, merged or hidden since is left."""
    process = locked(Process, process.pk, "unit")
    demand(can_manage(actor, process))
    drafts = OfficialAnswer.objects.filter(
        proposal__process=process, proposal__state=ProposalState.OPEN, published_at=None
    )
    rows = drafts.select_related("proposal__process__unit", "proposal__author").select_for_update(of=("self",))
    return len([_publish(actor, answer) for answer in rows])


# --- Results --------------------------------------------------------------------------------------
@verb
def save_result(*, actor: Any, process: Process, facts: Mapping[str, Any], result: Result | None = None) -> Result:
    """What is to be done, by whom, until when, and from which proposals and meetings it came. A new one that says
    what another does is that one."""
    process = locked(Process, process.pk, "unit")
    demand(can_manage(actor, process))
    values = {name: facts.get(name) for name in RESULT}
    parent = values["parent"]
    if parent is not None and (parent.process_id != process.pk or parent.parent_id or parent == result):
        raise refuse(_("Pilih hasil utama lain dari forum ini."), field="parent")
    values["text"] = values["text"] or ""
    if result is None:
        twin = _twin(process, values, facts)
        if twin is not None:
            return twin
        result = Result.objects.create(process=process, **values)
    else:
        result = _changed(process, result, values)
    for name in ("proposals", "meetings"):
        chosen = list(facts.get(name) or [])
        if any(each.process_id != process.pk for each in chosen):
            raise refuse(_("Pilih usulan dan pertemuan dari forum ini."), field=name)
        getattr(result, name).set(chosen)
    record("feedback.result_saved", result, actor=actor, data={"title": result.title})
    return result


def _twin(process: Process, values: Mapping[str, Any], facts: Mapping[str, Any]) -> Result | None:
    """The one that says all the same and comes from the same."""
    from_what = [{each.pk for each in facts.get(name) or ()} for name in ("proposals", "meetings")]
    for row in Result.objects.filter(process=process, **values):
        if [{each.pk for each in rows.all()} for rows in (row.proposals, row.meetings)] == from_what:
            return row
    return None


def _changed(process: Process, result: Result, values: Mapping[str, Any]) -> Result:
    found: Result = locked(Result, result.pk)
    if found.process_id != process.pk:
        raise refuse(_("Hasil ini milik forum lain."))
    if values["parent"] is not None and found.children.exists():
        raise refuse(_("Hasil yang mempunyai bagian tidak menjadi bagian dari hasil lain."), field="parent")
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))
    return found


@verb
def report_progress(*, actor: Any, result: Result, percent: int, state: str, text: str) -> ResultUpdate:
    """How far it is today. Participants are told, and the earlier states stay readable."""
    result = locked(Result, result.pk, "process__unit")
    demand(can_manage(actor, result.process))
    update = write_progress(actor=actor, result=result, percent=percent, state=state, text=text)
    if update is None:
        return result.updates.latest("id")
    if result.process.published_at:
        notices.tell_result(update)
    return update


def write_progress(*, actor: Any, result: Result, percent: int, state: str, text: str) -> ResultUpdate | None:
    """Inside the verb that locked the result; nothing when it was said already."""
    if not 0 <= percent <= WHOLE:
        raise refuse(_("Kemajuan dari 0 sampai 100 persen."), field="percent")
    if (state == Progress.DONE) != (percent == WHOLE):
        raise refuse(_("Selesai berarti 100 persen, dan sebaliknya."), field="percent")
    if state == Progress.DROPPED and not text.strip():
        raise refuse(_("Tuliskan mengapa tidak dilanjutkan."), field="text")
    last = result.updates.last()
    if last is not None and (last.percent, last.state, last.text) == (percent, state, text.strip()):
        return None
    result.percent, result.state = percent, state
    result.save(update_fields=["percent", "state"])
    update = ResultUpdate.objects.create(result=result, percent=percent, state=state, text=text.strip(), by=actor)
    record("feedback.result_progress", result, actor=actor, data={"percent": percent, "state": str(state)})
    return update
