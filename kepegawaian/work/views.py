"""The inbox of what waits for me, bulk actions on it, and the progress of background jobs."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.parts import Tab
from kepegawaian.work import inbox as waiting_room
from kepegawaian.work.jobs import JobKind, find_kind
from kepegawaian.work.lines import drawn
from kepegawaian.work.models import Job
from kepegawaian.work.permissions import can_see_job
from kepegawaian.work.registry import bulk_action, bulk_actions

FAILURES_SHOWN = 10


# --- What waits for me ----------------------------------------------------------------------------
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    counts = waiting_room.kinds_waiting(request.user)
    kind = request.GET.get("kind", "")
    if kind not in {count.kind.kind for count in counts}:
        kind = ""
    page = paginate(waiting_room.waiting(request.user, kind), request)
    only = kind or (counts[0].kind.kind if len(counts) == 1 else "")
    actions = bulk_actions(only) if only else []
    context = {
        "page": page,
        "lines": drawn(page, ticked=bool(actions)),
        "tabs": _tabs(counts, kind),
        "kind": only,
        "actions": actions,
    }
    return render(request, "work/inbox.html", context)


def _tabs(counts: list[waiting_room.KindCount], kind: str) -> list[Tab]:
    if len(counts) < 2:
        return []
    every = Tab(_("Semua"), "?", current=not kind, count=sum(count.count for count in counts))
    return [
        every,
        *(Tab(n.kind.label, f"?kind={n.kind.kind}", n.kind.kind == kind, n.count) for n in counts),
    ]


@require_POST
def bulk(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Ask for what the action needs, then do it for every ticked item that still waits for this person."""
    action = bulk_action(kind, name)
    if action is None:
        raise Http404
    ticked = request.POST.getlist("id")
    items = waiting_room.chosen_items(request.user, kind, ticked)
    back = f"{reverse('work:inbox')}?kind={kind}"
    if not items:
        messages.warning(request, _("Pilih dulu yang ingin dikerjakan."))
        return redirect(back)
    form = action.form(request.POST if "confirmed" in request.POST else None) if action.form else None
    if form is not None and not form.is_valid():
        return render(request, "work/bulk.html", {"form": form, "action": action, "items": items, "back": back})
    results = waiting_room.run_bulk(actor=request.user, action=action, items=items, data=_data(form))
    _tell(request, results, gone=len(ticked) - len(items))
    return redirect(back)


def _data(form: Any) -> dict[str, Any]:
    return form.cleaned_data if form is not None else {}


def _tell(request: HttpRequest, results: list[Any], *, gone: int) -> None:
    succeeded = sum(result.ok for _item, result in results)
    if succeeded:
        done(request, ngettext("%(n)d selesai.", "%(n)d selesai.", succeeded) % {"n": succeeded})
    if gone:
        messages.info(request, _("%(n)d sudah tidak menunggu Anda dan dilewati.") % {"n": gone})
    failed = [(item, result) for item, result in results if not result.ok]
    for item, result in failed[:FAILURES_SHOWN]:
        messages.error(request, f"{item.title}: {result.message}")
    if len(failed) > FAILURES_SHOWN:
        left = len(failed) - FAILURES_SHOWN
        messages.error(request, _("%(n)d lainnya juga tidak dapat dikerjakan.") % {"n": left})


# --- Background jobs ------------------------------------------------------------------------------
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    page = paginate(Job.objects.filter(owner_id=request.user.pk).order_by("-id"), request)
    rows = [(job, _label(job)) for job in page]
    return render(request, "work/jobs.html", {"page": page, "rows": rows})


@require_safe
def job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Progress, then the result. htmx asks for the part that changes until the job is over."""
    found = Job.objects.select_related("owner").filter(pk=job_id).first()
    if found is None or not can_see_job(request.user, found):
        raise Http404
    kind = _kind(found)
    over_well = found.state == found.status.DONE
    context = {
        "job": found,
        "label": _label(found),
        "done_url": kind.done_url(found) if kind and kind.done_url and over_well else "",
        "done_label": kind.done_label if kind else "",
        "said": kind.said(found) if kind and kind.said and over_well else "",
    }
    return render(request, "work/_job.html" if request.htmx else "work/job.html", context)  # type: ignore[attr-defined]


def _kind(job: Job) -> JobKind | None:
    try:
        return find_kind(job.kind)
    except ImproperlyConfigured:  # a job of a feature that is gone
        return None


def _label(job: Job) -> str:
    kind = _kind(job)
    return str(kind.label) if kind else job.kind
