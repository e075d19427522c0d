"""The organisers' side of a forum: list, new, change, phases, publish, copy; people who may vote."""

import uuid
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from feedback import permissions_forums as permissions
from feedback.enums import ProposalState
from feedback.forms_forum_office import (
    CopyProcessForm,
    NewProcessForm,
    NikForm,
    PhaseFormSet,
    ProcessForm,
    RevokeForm,
)
from feedback.models import OfficialAnswer, Process
from feedback.rules.forum_templates import TEMPLATES
from feedback.services import forums, forums_people
from feedback.services.forums_common import phases_of, refuse
from feedback.views.forums.common import frame, managed_process, told
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.exceptions import RuleRefused, demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.refusals import carried_out
from kepegawaian.units.models import Unit

SHOWN = 25
"""Of each list on the page of one forum; all of them are on its public pages."""
PHASE_FIELDS = ("kind", "title", "text", "starts_on", "ends_on", "proposals", "supports", "comments")


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The forums of the organiser's units, with what waits in each."""
    demand(permissions.can_organise_anywhere(request.user))
    units = Unit.objects.in_scope(request.user, Right.MANAGE_FORUMS)
    rows = Process.objects.filter(unit__in=units).select_related("unit").order_by("-starts_on", "title")
    rows = rows.annotate(
        number_of_proposals=Count("proposals", filter=Q(proposals__state=ProposalState.OPEN), distinct=True),
        waiting=Count("proposals", filter=Q(proposals__state=ProposalState.PENDING), distinct=True),
    )
    return render(request, "feedback/forum/office/desk.html", {"page": paginate(rows, request)})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_organise_anywhere(request.user))
    form = NewProcessForm(request.POST or None, initial=_from_template(request.GET.get("templat", "")))
    made: list[Process] = []
    if request.method == "POST" and carried_out(form, lambda data: made.append(forums.create_process(
        actor=request.user, unit=data["unit"], slug=data["slug"], kind=data["kind"], facts=data
    ))):  # fmt: skip
        done(request, _("Forum disiapkan dengan tahap dari templatnya. Periksa, lalu terbitkan."))
        return redirect("feedback:forum_manage", made[0].pk)
    context = {"form": form, "templates": TEMPLATES.values()}
    return render(request, "feedback/forum/office/new.html", context, status=422 if form.errors else 200)


def _from_template(kind: str) -> dict[str, Any]:
    template = TEMPLATES.get(kind)
    if template is None:
        return {}
    return {"kind": kind, "title": template.title, "summary": template.summary}


@require_GET
def manage(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One forum at a glance: what waits for a decision and the ways to everything else."""
    process = managed_process(request, pk)
    open_proposals = process.proposals.filter(state=ProposalState.OPEN)
    answered = Q(answers__published_at__isnull=False)
    context = frame(request, process) | {
        "unanswered": open_proposals.exclude(answered).count(),
        "pending": process.proposals.filter(state=ProposalState.PENDING).count(),
        "pending_comments": process.comments.filter(state="pending").count(),
        "drafts": OfficialAnswer.objects.filter(proposal__process=process, published_at=None).count(),
        "proposals": open_proposals.order_by("-supports", "number").prefetch_related("answers")[:SHOWN],
        "meetings": list(process.meetings.order_by("-starts_at")),
        "results": list(process.results.select_related("owner_unit")[:SHOWN]),
    }
    return render(request, "feedback/forum/office/manage.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    process = managed_process(request, pk)
    form = ProcessForm(request.POST or None, instance=process)
    if request.method == "POST" and carried_out(
        form, lambda data: forums.edit_process(actor=request.user, process=process, facts=data)
    ):
        done(request, _("Perubahan disimpan."))
        return redirect("feedback:forum_manage", pk)
    context = {"form": form, "process": Process.objects.get(pk=pk)}
    return render(request, "feedback/forum/office/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def phases(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole table of phases at once."""
    process = managed_process(request, pk)
    kept = [{name: getattr(phase, name) for name in PHASE_FIELDS} for phase in phases_of(process)]
    formset: Any = PhaseFormSet(request.POST or None, initial=kept)
    refusal = ""
    if request.method == "POST" and formset.is_valid():
        try:
            forums.set_phases(actor=request.user, process=process, phases=formset.rows())
        except RuleRefused as error:
            refusal = str(error.message)
        else:
            done(request, _("Tahap disimpan."))
            return redirect("feedback:forum_manage", pk)
    wrong = bool(refusal) or (formset.is_bound and not formset.is_valid())
    context = {"formset": formset, "process": process, "refusal": refusal}
    return render(request, "feedback/forum/office/phases.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    process = managed_process(request, pk)
    if request.method == "POST":
        return told(request, reverse("feedback:forum_manage", args=[pk]), lambda: _publish(request, process))
    return render(request, "feedback/forum/office/publish.html", frame(request, process))


def _publish(request: HttpRequest, process: Process) -> None:
    forums.publish_process(actor=request.user, process=process)
    done(request, _("Forum terbit."))


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    source = managed_process(request, pk)
    form = CopyProcessForm(request.POST or None, initial={"title": source.title})
    made: list[Process] = []
    if request.method == "POST" and carried_out(
        form, lambda data: made.append(forums.copy_process(actor=request.user, source=source, **data))
    ):
        done(request, _("Salinan disiapkan. Periksa, lalu terbitkan."))
        return redirect("feedback:forum_manage", made[0].pk)
    context = {"form": form, "process": source}
    return render(request, "feedback/forum/office/copy.html", context, status=422 if form.errors else 200)


# --- People ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """An identity card was shown: the account behind the e-mail may vote where that is asked for."""
    demand(permissions.can_organise_anywhere(request.user))
    form = NikForm(request.POST or None)
    if request.method == "POST" and carried_out(form, lambda data: forums_people.verify_nik(
        actor=request.user, user=_account(data["email"]), nik=data["nik"], area=data["area"]
    )):  # fmt: skip
        done(request, _("NIK diperiksa; warga ini dapat mendukung usulan di forum yang memintanya."))
        return redirect("feedback:forum_people")
    context = {"form": form, "revoke_form": RevokeForm(auto_id="revoke_%s")}
    return render(request, "feedback/forum/office/people.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Take somebody out of the forums, or let him in again."""
    demand(permissions.can_organise_anywhere(request.user))
    form = RevokeForm(request.POST, auto_id="revoke_%s")
    back_in = request.POST.get("action") == "restore"

    def decide(data: dict[str, Any]) -> None:
        user = _account(data["email"])
        if back_in:
            forums_people.restore_person(actor=request.user, user=user)
        else:
            forums_people.revoke_person(actor=request.user, user=user, reason=data["reason"])

    if carried_out(form, decide):
        done(request, _("Warga ini dapat ikut serta lagi.") if back_in else _("Keikutsertaan dihentikan."))
        return redirect("feedback:forum_people")
    context = {"form": NikForm(), "revoke_form": form}
    return render(request, "feedback/forum/office/people.html", context, status=422)


def _account(email: str) -> User:
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise refuse(_("Tidak ada akun dengan surel ini."), field="email")
    return user
