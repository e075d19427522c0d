"""Coaching: its plan, sessions, outcome, and the two forms of PermenPANRB 6/2022."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.enums import CoachingKind, CoachingState
from evaluations.forms import follow_up as forms
from evaluations.links_follow_up import coaching_url
from evaluations.models import Coaching
from evaluations.permissions import follow_up as permissions
from evaluations.rules.coaching import COMPETENCY_FORM, FORM, STATEMENTS
from evaluations.selectors.follow_up import year_result
from evaluations.services import coaching as verbs
from evaluations.views.follow_up import followed, form_page
from evaluations.views.forms_page import FormPage, posted
from kepegawaian.lib.exceptions import Text, demand


def visible(request: HttpRequest, pk: uuid.UUID) -> Coaching:
    related = ("participant__cycle", "participant__employee__user", "participant__assessor__user", "coach__user")
    rows = Coaching.objects.visible_to(request.user).select_related(*related, "review")
    found: Coaching = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row, user = visible(request, pk), request.user
    review = row.review if hasattr(row, "review") and permissions.can_read_review(user, row) else None
    context = {
        "coaching": row,
        "kind": CoachingKind(row.kind).label,
        "state": CoachingState(row.state),
        "sessions": list(row.sessions.select_related("written_by")),
        "checks": list(row.checks.all()),
        "review": review,
        "answers": [(text, review.answers.get(code)) for code, text in STATEMENTS.items()] if review else [],
        "may_coach": bool(permissions.can_coach(user, row)),
        "may_review": bool(permissions.can_review(user, row)),
        "sees_line": bool(permissions.can_see_follow_up(user, row.participant)),
        "form_source": FORM,
        "competency_source": COMPETENCY_FORM,
    }
    return render(request, "evaluations/follow_up/coaching.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participant = followed(request, pk)
    demand(permissions.can_follow_up(request.user, participant))

    def verb(values: dict[str, Any]) -> None:
        evaluation = year_result(participant)
        verbs.open_coaching(actor=request.user, participant=participant, evaluation=evaluation, **values)

    initial = {"coach": participant.assessor}
    form = forms.CoachingForm(posted(request), user=request.user, initial=initial)
    text = _("Pegawai dan pembina langsung diberi tahu.")
    shown = form_page(participant, _("Rencanakan pembinaan"), _("Pembinaan direncanakan."), text)
    return shown.answer(request, form, verb)


@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _coached(request, pk)

    def verb(values: dict[str, Any]) -> None:
        verbs.add_session(actor=request.user, coaching=row, **values)

    text = _("Catatan pertemuan tidak dapat diubah sesudah disimpan.")
    shown = _form(row, _("Catat pertemuan"), _("Pertemuan dicatat."), text)
    return shown.answer(request, forms.SessionForm(posted(request)), verb)


@require_http_methods(["GET", "POST"])
def competency(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _coached(request, pk)

    def verb(values: dict[str, Any]) -> None:
        verbs.check_competency(actor=request.user, coaching=row, **values)

    shown = _form(row, _("Nilai satu kompetensi"), _("Kompetensi dicatat."), str(COMPETENCY_FORM))
    return shown.answer(request, forms.CompetencyForm(posted(request)), verb)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = _coached(request, pk)

    def verb(values: dict[str, Any]) -> None:
        verbs.close_coaching(actor=request.user, coaching=row, **values)

    text = _("Pegawai lalu diminta mengulas pembinaan ini untuk atasan pejabat penilai.")
    shown = _form(row, _("Tutup pembinaan"), _("Pembinaan ditutup."), text)
    return shown.answer(request, forms.CloseForm(posted(request)), verb)


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = visible(request, pk)
    demand(permissions.can_review(request.user, row))
    form = forms.ReviewForm(posted(request))

    def verb(values: dict[str, Any]) -> None:
        verbs.write_review(actor=request.user, coaching=row, answers=form.answers, note=values["note"])

    text = _("Dibaca atasan pejabat penilai dan pengelola kinerja; pembina dan pejabat penilai tidak membacanya.")
    shown = _form(row, _("Ulas pembinaan"), _("Ulasan dikirim."), text)
    return shown.answer(request, form, verb)


def _coached(request: HttpRequest, pk: uuid.UUID) -> Coaching:
    row = visible(request, pk)
    demand(permissions.can_coach(request.user, row))
    return row


def _form(row: Coaching, title: Text, said: Text, text: Text = "") -> FormPage:
    return FormPage(
        title=title,
        said=said,
        back=coaching_url(row),
        back_label=_("Pembinaan %(name)s") % {"name": row.participant.employee.full_name},
        text=text,
    )
