"""Objections of reporters: against a message that was hidden, and a report that was called no report or refused.
Somebody other than who acted decides; what is granted is as it was before."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import CaseState, Party, Undecided
from feedback.models import Appeal, Case, CaseMessage, Moderation
from feedback.permissions import Reporting
from feedback.rules.personal import cleaned
from feedback.services.cases import people
from feedback.services.cases.guards import locked, refuse, verb
from feedback.services.cases.steps import advance
from feedback.services.cases.telling import tell_reporter
from feedback.workflow import Action
from kepegawaian.accounts.models import User
from kepegawaian.lib.access import ALLOWED, Answer
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.work.services import close_items, open_item

ITEM = "feedback.appeal"
REASON = _("Tuliskan alasannya.")
Act = Moderation.Act
ACT_OF_STATE = {CaseState.REJECTED: Act.REJECT, CaseState.SPAM: Act.SPAM}
CASE, MESSAGE = Case._meta.label_lower, CaseMessage._meta.label_lower


def moderations_of(case: Case) -> QuerySet[Moderation]:
    """Whatever was done to the case and to the reporter's messages in it, newest first, with the objection."""
    messages = CaseMessage.objects.filter(case=case, party=Party.REPORTER).values("pk")
    about = Q(subject_type=CASE, subject_id=case.pk) | Q(subject_type=MESSAGE, subject_id__in=messages)
    return Moderation.objects.filter(about).select_related("appeal", "actor").order_by("-id")


def in_force(case: Case, rows: Iterable[Moderation] | None = None) -> list[Moderation]:
    """Of each thing that is hidden or refused now, the act that did it. `rows`: where they are read already."""
    rows = list(moderations_of(case) if rows is None else rows)
    if not rows:
        return []
    hidden = set(case.messages.exclude(hidden_at=None).values_list("pk", flat=True))
    found: dict[Any, Moderation] = {}
    for row in rows:
        withheld = row.subject_type == CASE and row.act == ACT_OF_STATE.get(CaseState(case.state))
        if withheld or (row.act == Act.HIDE and row.subject_id in hidden):
            found.setdefault(row.subject_id, row)
    return list(found.values())


def waiting(case: Case) -> list[Appeal]:
    rows = in_force(case)
    return [row.appeal for row in rows if _filed(row) and row.appeal.state == Undecided.WAITING]


def _filed(row: Moderation) -> bool:
    return hasattr(row, "appeal")


def refuse_while_it_waits(case: Case, subject_id: Any) -> None:
    """What is objected to is not quietly put right by the one who did it: somebody else decides, where there
    is somebody."""
    about = [row.moderation for row in waiting(case) if row.moderation.subject_id == subject_id]
    if any(deciders(case, row) for row in about):
        raise refuse(_("Pelapor mengajukan keberatan. Petugas lain memutusnya dahulu."), rule="appeal")


def deciders(case: Case, moderation: Moderation) -> list[User]:
    """Other admins than the one who acted; without any, who leads the government, but for secret cases."""
    admins = [user for user in people.admins_for(case) if permissions.can_decide_appeal(user, case, moderation)]
    if admins or case.secret:
        return admins
    return [user for user in people.leaders_of(case, government=True) if user.pk != moderation.actor_id]


def can_decide_appeal(user: Any, case: Case, moderation: Moderation) -> Answer:
    """One of `deciders`."""
    answer = permissions.can_decide_appeal(user, case, moderation)
    if answer or moderation.actor_id == user.pk or case.secret:
        return answer
    return ALLOWED if user in deciders(case, moderation) else answer


def can_decide_some_appeal(user: Any, case: Case) -> Answer:
    answers = [can_decide_appeal(user, case, row.moderation) for row in waiting(case)]
    return next((answer for answer in answers if answer), permissions.NOT_ADMIN)


def decides_on_spam(user: Any, case: Case) -> Answer:
    """A leader sees no spam; the one whom the objection to it waits for sees it until it is decided."""
    return can_decide_some_appeal(user, case) if case.state == CaseState.SPAM else permissions.NOT_ADMIN


@verb
def appeal(*, by: Reporting, case: Case, moderation: Moderation, text: str) -> Appeal:
    """Once a decision; doing it twice is doing it once."""
    case = locked(case)
    demand(permissions.can_report(by, case))
    require_fields([("text", text, _("Tuliskan keberatan Anda."))])
    found = next((row for row in in_force(case) if row.pk == moderation.pk), None)
    if found is None:
        raise StateChanged(_("Keputusan ini sudah tidak berlaku; tidak ada yang perlu dikeberatani."))
    if _filed(found):
        return found.appeal
    row = Appeal.objects.create(moderation=found, text=cleaned(text)[:1000])
    advance(
        case,
        Action.APPEAL,
        party=Party.REPORTER,
        actor=by.officer,
        for_reporter=by.officer is not None,
        data={"appeal": row.pk},
    )
    able = deciders(case, found)
    open_item(
        kind=ITEM,
        subject=row,
        holder=able[0] if able else None,
        title=case.number,
        url=notifications.moderation_url(case),
        context={"state": case.state, "kind": case.kind},
    )
    notifications.tell(notifications.Appealed, case, able, occasion=row.pk)
    return row


@verb
def decide_appeal(*, actor: Any, case: Case, appeal: Appeal, granted: bool, decision: str) -> Appeal:
    """The decision goes to the reporter and counts in the open."""
    case = locked(case)
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("moderation")
    row = rows.get(pk=appeal.pk)
    demand(can_decide_appeal(actor, case, row.moderation))
    require_fields([("decision", decision, _("Tuliskan pertimbangannya."))])
    if row.state != Undecided.WAITING or row.moderation not in in_force(case):
        raise StateChanged(_("Keberatan ini sudah diputus."))
    row.state = Undecided.GRANTED if granted else Undecided.REFUSED
    row.decided_by, row.decided_at, row.decision = actor, timezone.now(), cleaned(decision)[:500]
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    close_items(subject=row, by=actor)
    data = {"appeal": row.pk, "granted": granted}
    party = Party.ADMIN if permissions.can_handle(actor, case) else Party.LEADER
    advance(case, Action.APPEAL_DONE, party=party, actor=actor, note=decision, data=data)
    if granted:
        _take_back(case, row.moderation, party, actor, decision)
    tell_reporter(
        notifications.AppealDecided,
        case,
        occasion=f"appeal:{row.pk}",
        outcome=Undecided(row.state),
        reason=row.decision,
    )
    return row


def _take_back(case: Case, moderation: Moderation, party: Party, actor: Any, reason: str) -> None:
    if moderation.subject_type == MESSAGE:
        show_again(case, CaseMessage.objects.get(pk=moderation.subject_id), party, actor, reason)
        return
    log(case, case, Act.RESTORE, actor, reason, text=case.text)
    advance(case, Action.UNDO, party=party, actor=actor, note=reason, merged_into=None, outside="")


# --- Shown again ----------------------------------------------------------------------------------
@verb
def restore_message(*, actor: Any, message: CaseMessage, explanation: str) -> CaseMessage:
    """Show a hidden message again, also by the admin who hid it, unless its author has objected meanwhile."""
    case = locked(message.case)
    demand(permissions.can_handle(actor, case))
    require_fields([("explanation", explanation, REASON)])
    message = CaseMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.hidden_at is None:
        raise StateChanged(_("Pesan ini sudah tampil kembali."))
    refuse_while_it_waits(case, message.pk)
    return show_again(case, message, Party.ADMIN, actor, explanation)


def show_again(case: Case, message: CaseMessage, party: Party, actor: Any, reason: str) -> CaseMessage:
    message.hidden_at, message.hidden_by, message.hidden_reason = None, None, ""
    message.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    log(message, case, Act.RESTORE, actor, reason, text=message.text)
    advance(case, Action.RESTORE, party=party, actor=actor, note=reason, data={"message": message.pk})
    return message


def log(
    subject: Case | CaseMessage,
    case: Case,
    act: str,
    actor: Any,
    explanation: str,
    *,
    text: str,
    reason: str = Moderation.Reason.OTHER,
) -> Moderation:
    return Moderation.objects.create(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        unit=case.unit,
        act=act,
        reason=reason,
        explanation=cleaned(explanation)[:500],
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        actor=actor,
    )
