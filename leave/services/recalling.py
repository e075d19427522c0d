"""A running leave that ends early: recalled for urgent service, or its rest cancelled through the deciding officer
(leave reference 1.9 and 5.2; the days not taken stay the employee's)."""

import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from kepegawaian.documents.models import IssuedDocument
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import RuleRefused, demand
from kepegawaian.lib.inserting import insert_together
from kepegawaian.lib.ui.formatting import long_day
from kepegawaian.lib.verbs import require_fields
from leave import ledger, notifications, permissions, rules
from leave.approvals import Case, Resolver
from leave.enums import StepKind
from leave.models import HeldPeriod, LeaveRequest, RequestDay
from leave.services.filing import days_of, held_period, request_book
from leave.services.guards import check_version, locked_request, verb
from leave.services.steps import move_request
from leave.standing import law_for
from leave.workflow import Action

DAY = datetime.timedelta(days=1)


@verb
def recall(
    *,
    actor: Any,
    request: LeaveRequest,
    back_on: datetime.date,
    reason: str,
    own_wish: bool = False,
    version: int | None = None,
) -> LeaveRequest:
    """The employee is at work again from `back_on`: it and all later days go back to their buckets (W5).

    Raises RuleRefused for a day outside the leave or after its last charged day.
    """
    request = locked_request(request)
    check_version(request, version)
    demand(permissions.can_recall(actor, request))
    require_fields([("reason", reason.strip(), _("Tuliskan alasannya."))])
    days = days_of(request)
    unused = [day for day in days if day.date >= back_on]
    _check(request, back_on, unused)
    until, granted = request.end, request.charged_days
    rows = _return_days(request, unused, back_on, actor=actor)
    principal = Resolver(Case.of(request), today()).decision().holder
    log = move_request(
        request,
        Action.SHORTEN if own_wish else Action.RECALL,
        actor=actor,
        reason=reason.strip(),
        on_behalf_of=principal.principal if principal else None,
        data={"back_on": back_on, "until": until, "granted": granted, "returned": len(unused)},
        end=back_on - DAY,
        charged_days=granted - len(unused),
    )
    insert_together([*rows, *log])
    _note_on_letters(request, back_on)
    _tell(request, back_on=back_on, until=until, returned=len(unused), actor=actor)
    return request


def _check(request: LeaveRequest, back_on: datetime.date, unused: list[RequestDay]) -> None:
    if not request.start < back_on <= request.end:
        label = _("Isi hari sesudah cuti dimulai, paling lambat %(end)s.")
    elif not unused:
        label = _("Sejak hari itu tidak ada lagi hari kerja yang dihitung; cuti berakhir %(end)s.")
    else:
        return
    law = law_for(request.employee, request.start)
    sentence = rules.Sentence(label, {"end": request.end})
    refusal = rules.Refusal(rules.Rule.RECALL, law.cite(rules.Rule.RECALL), sentence, field="back_on")
    raise RuleRefused([refusal.problem])


def _return_days(
    request: LeaveRequest, unused: list[RequestDay], back_on: datetime.date, *, actor: Any
) -> list[Model]:
    book = request_book(request, actor=actor)
    ledger.give_back(book, request, unused, on=today())
    ledger.settle(book, [day.date.year for day in unused], today=today())
    RequestDay.objects.filter(pk__in=[day.pk for day in unused]).delete()
    HeldPeriod.objects.filter(request=request).delete()
    return [*ledger.to_insert(book), held_period(request, request.start, back_on - DAY)]


def _note_on_letters(request: LeaveRequest, back_on: datetime.date) -> None:
    """The form stays what was decided; whoever checks it by its QR code reads that the leave ended early."""
    issued = IssuedDocument.objects.filter(
        subject_type=request._meta.label_lower, subject_id=request.pk, revoked_at=None
    )
    for document in issued.select_for_update(of=("self",)):
        document.facts = [*document.facts, ["Masuk kerja kembali mulai", long_day(back_on)]]
        document.save(update_fields=["facts"])


def _tell(request: LeaveRequest, *, actor: Any, **about: Any) -> None:
    steps = request.steps.filter(kind=StepKind.OPINION).select_related("holder", "acted_by")
    people = [request.employee.user, *(step.acted_by or step.holder for step in steps)]
    people.append(request.stand_in.user if request.stand_in else None)
    told = {person.pk: person for person in people if person is not None and person.pk != actor.pk}
    notifications.tell(notifications.Recalled, request, told.values(), occasion=request.version, **about)
