"""Filling the boxes of the form: completeness check, opinion (VII), decision (VIII), and on to the next one."""

import datetime
import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.ui.formatting import span
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import show_refusal, tells
from kepegawaian.work.models import WorkItem
from leave import services
from leave.enums import Outcome
from leave.forms import CheckForm, VerdictForm
from leave.models import LeaveRequest
from leave.pages import CHECK, OPINION, RequestPage
from leave.permissions import NOT_HOLDER
from leave.views.common import visible_request

KINDS = ("leave.check", "leave.opinion", "leave.decision")


def answer_page(request: HttpRequest, page: RequestPage, form: forms.Form | None = None) -> HttpResponse:
    """The facts on one screen and the form beside them; only for whom the request waits."""
    form = form or _empty_form(page)
    if not page.task or isinstance(form, CheckForm) != (page.task == CHECK):
        raise PermissionRefused(NOT_HOLDER)
    context = {"page": page, "filed": page.filed, "form": form, "url_name": f"leave:{page.task}"}
    return render(request, "leave/decide.html", context, status=422 if form.errors else 200)


def _empty_form(page: RequestPage) -> forms.Form:
    initial = {"version": page.filed.version, "start": page.filed.start, "end": page.filed.end}
    if page.task == CHECK:
        return CheckForm(initial=initial)
    return VerdictForm(initial=initial, advice=page.task == OPINION)


@require_POST
@tells("leave:request")
def opinion(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _verdict(request, pk, VerdictForm(request.POST, advice=True), services.give_opinion)


@require_POST
@tells("leave:request")
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Box VIII; both boxes where superior and decider are one person."""
    return _verdict(request, pk, VerdictForm(request.POST), services.decide)


@require_POST
@tells("leave:request")
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    filed = visible_request(request, pk)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return answer_page(request, RequestPage(request.user, filed), form)
    values = form.cleaned_data
    services.check_complete(
        actor=request.user,
        request=filed,
        complete=values["result"] == form.COMPLETE,
        reason=values["reason"],
        version=values["version"],
    )
    return _next(request, filed, _("Pemeriksaan disimpan."))


def _verdict(request: HttpRequest, pk: uuid.UUID, form: VerdictForm, verb: Any) -> HttpResponse:
    """Whoever holds the box may see the request; what the verb refuses is told only to who may see it."""
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            filed = verb(actor=request.user, request=LeaveRequest(pk=pk), verdict=form.verdict(), version=version)
        except RuleRefused as error:
            show_refusal(form, error)
        except ApplicationError:
            visible_request(request, pk)
            raise
        else:
            outcome = Outcome(form.cleaned_data["outcome"]).label
            said = _("%(name)s: %(outcome)s, tersimpan.") % {"name": filed.employee.full_name, "outcome": outcome}
            return _next(request, filed, said)
    return answer_page(request, RequestPage(request.user, visible_request(request, pk)), form)


def _most_urgent(slot: Slots) -> Any:
    waiting = WorkItem.objects.filter(holder=slot("user"), closed_at=None, kind__in=KINDS)
    return waiting.exclude(subject_id=slot("besides")).order_by("due_on", "id")[:1]


_WAITING: Prepared[WorkItem] = Prepared(_most_urgent)


def _next(request: HttpRequest, filed: LeaveRequest, said: str) -> HttpResponse:
    """To the next request that waits for this person, the most urgent first; after the last one to the inbox."""
    item = _WAITING.first(user=request.user.pk, besides=filed.pk)
    if item is None:
        done(request, _("%(said)s Tidak ada lagi permohonan cuti yang menunggu Anda.") % {"said": said})
        return redirect("work:inbox")
    days = [datetime.date.fromisoformat(item.context[name]) for name in ("start", "end")]
    dates = f" ({span(*days)})"
    done(
        request, _("%(said)s Berikutnya: %(name)s%(dates)s.") % {"said": said, "name": item.title, "dates": dates}
    )
    return redirect(item.url)
