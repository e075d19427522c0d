"""The page of one SKP and what its two parties do there: propose, answer, talk, change, share."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.forms.plans import AnswerForm, CommentForm, ExpectationsForm, ReasonForm, ShareForm
from evaluations.models import Plan, PlanComment, PlanTemplate
from evaluations.permissions import plans as permissions
from evaluations.permissions.common import NOT_ASSESSOR
from evaluations.selectors.seen import plan_seen
from evaluations.services import plans as verbs
from evaluations.services.plans_steps import ITEM_AGREE
from evaluations.views.common import way_to
from evaluations.views.plans_pages import PlanPage
from kepegawaian.lib.exceptions import PermissionRefused, demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.ui import messages
from kepegawaian.lib.ui.refusals import carried_out, tells
from kepegawaian.work.models import WorkItem


def visible_plan(request: HttpRequest, pk: uuid.UUID) -> Plan:
    """Strangers get 404, and so does everybody but the author while it is a draft."""
    found = plan_seen(request.user, pk)
    if found is None:
        raise Http404
    return found


@require_safe
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same address for all; to the assessor for whom it waits it asks for the answer."""
    return _show(request, visible_plan(request, pk))


def _show(request: HttpRequest, plan: Plan, **forms: Any) -> HttpResponse:
    page = PlanPage(request.user, plan)
    context: dict[str, Any] = {"page": page, "plan": plan, "way": way_to(request, plan.participant), **forms}
    if page.may_answer:
        context.setdefault("answer", AnswerForm(initial={"version": plan.version}))
        context.setdefault("expectations", ExpectationsForm(known=page.expectations))
    if page.may_talk:
        context.setdefault("comment_form", CommentForm(lines=page.lines))
    wrong = any(getattr(form, "errors", None) for form in forms.values())
    return render(request, "evaluations/plans/plan.html", context, status=422 if wrong else 200)


@require_POST
@tells("evaluations:plan")
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    verbs.withdraw(actor=request.user, plan=visible_plan(request, pk))
    messages.done(request, _("SKP ditarik dan kembali menjadi draf Anda."))
    return redirect("evaluations:plan_edit", pk)


@require_POST
@tells("evaluations:plan")
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The assessor agrees or returns; special expectations are kept either way."""
    plan = visible_plan(request, pk)
    if not permissions.may_assess(request.user, plan):
        raise PermissionRefused(NOT_ASSESSOR)
    form = AnswerForm(request.POST)
    known = {row.value: row.text for row in plan.expectations.all()}
    wished = ExpectationsForm(request.POST, known=known)
    if not form.is_valid() or not wished.is_valid():
        return _show(request, plan, answer=form, expectations=wished)
    values = form.cleaned_data
    if values["outcome"] == form.RETURN:
        verbs.give_back(actor=request.user, plan=plan, note=values["note"], version=values["version"])
        return _next(request, plan, _("SKP %(name)s dikembalikan."))
    verbs.agree(actor=request.user, plan=plan, version=values["version"], expectations=wished.changed())
    return _next(request, plan, _("SKP %(name)s disepakati."))


def _next(request: HttpRequest, plan: Plan, said: str) -> HttpResponse:
    """To the next plan that waits for this assessor; after the last one to the team."""
    text = said % {"name": plan.participant.employee.full_name}
    waiting = WorkItem.objects.filter(holder=request.user.pk, closed_at=None, kind=ITEM_AGREE)
    item = waiting.exclude(subject_id=plan.pk).order_by("due_on", "id").first()
    if item is None:
        messages.done(request, text)
        return redirect("evaluations:team")
    messages.done(request, _("%(said)s Berikutnya: %(name)s") % {"said": text, "name": item.title})
    return redirect(item.url)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A new version, with its reason; the agreed one holds until the new one is agreed."""
    plan = visible_plan(request, pk)
    demand(permissions.can_change(request.user, plan))
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": plan.version})
    begun: list[Plan] = []

    def carry_out(values: dict[str, Any]) -> None:
        begun.append(verbs.change(actor=request.user, plan=plan, **values))

    if request.method == "POST" and carried_out(form, carry_out):
        messages.done(
            request, _("Versi baru dimulai. SKP yang disepakati tetap berlaku sampai versi baru disepakati.")
        )
        if permissions.can_edit(request.user, begun[0]):
            return redirect("evaluations:plan_edit", begun[0].pk)
        return redirect("evaluations:plan", plan.pk)
    context = {"plan": plan, "form": form}
    return render(request, "evaluations/plans/change.html", context, status=422 if form.errors else 200)


@require_POST
@tells("evaluations:plan")
def comment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    plan = visible_plan(request, pk)
    demand(permissions.can_talk(request.user, plan))
    form = CommentForm(request.POST, lines=PlanPage(request.user, plan).lines)
    if not form.is_valid():
        return _show(request, plan, comment_form=form)
    values = form.cleaned_data
    values["line"] = as_uuid(values["line"])
    verbs.comment(actor=request.user, plan=plan, **values)
    messages.done(request, _("Tanggapan tersimpan; yang bersangkutan diberi tahu."))
    return redirect(reverse("evaluations:plan", args=[pk]) + "#tanggapan")


@require_POST
def settle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    plans = Plan.objects.visible_to(request.user)
    rows = PlanComment.objects.filter(plan__in=plans).select_related(
        "participant__employee", "participant__assessor"
    )
    row = get_object_or_404(rows, pk=pk)
    verbs.settle(actor=request.user, comment=row)
    messages.done(request, _("Ditandai selesai."))
    return redirect(reverse("evaluations:plan", args=[row.plan_id]) + "#tanggapan")


@require_POST
@tells("evaluations:plan")
def link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Each `above-<result>` that was chosen."""
    plan = visible_plan(request, pk)
    demand(permissions.can_link(request.user, plan))
    chosen = {row.pk: request.POST.get(f"above-{row.pk}", "") for row in plan.results.all()}
    for result, above in chosen.items():
        if above:
            verbs.link_result(actor=request.user, plan=plan, result=result, above=above)
    messages.done(request, _("Hasil kerja dikaitkan dengan SKP atasan."))
    return redirect("evaluations:plan", pk)


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    plan = visible_plan(request, pk)
    demand(permissions.can_share(request.user, plan))
    form = ShareForm(request.POST if request.method == "POST" else None, initial={"title": plan.posting.position})

    def carry_out(values: dict[str, Any]) -> None:
        verbs.share(actor=request.user, plan=plan, title=values["title"])

    if request.method == "POST" and carried_out(form, carry_out):
        messages.done(request, _("Rekan di kantor Anda dapat memakainya sebagai contoh."))
        return redirect("evaluations:plan", pk)
    shared = PlanTemplate.objects.filter(shared_by=plan.participant.employee_id, withdrawn_at=None)
    context = {"plan": plan, "form": form, "shared": shared}
    return render(request, "evaluations/plans/share.html", context, status=422 if form.errors else 200)


@require_POST
def unshare(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(PlanTemplate, pk=pk, shared_by__user_id=request.user.pk)
    verbs.unshare(actor=request.user, template=row)
    messages.done(request, _("Contoh ditarik."))
    return redirect("evaluations:mine")
