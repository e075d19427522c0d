"""Credit points of a person with their derivation, and what HR enters."""

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.enums import ApprovalState, CreditKind
from evaluations.forms import follow_up as forms
from evaluations.links_follow_up import credits_url
from evaluations.models import CreditEntry
from evaluations.papers import kinds
from evaluations.permissions.common import is_person
from evaluations.permissions.follow_up import (
    can_approve_credits,
    can_ask_credits,
    can_enter_credits,
    can_view_credits,
)
from evaluations.rules import credits as rules
from evaluations.selectors.credits import approval_of, convertible, standing_of
from evaluations.services import credits, credits_approval, papers
from evaluations.views import papers_drawn
from evaluations.views.common import own_employee
from evaluations.views.credits_drawn import CreditsDrawn
from evaluations.views.forms_page import FormPage, posted
from evaluations.views.papers_drawn import PaperRow
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import Text, demand
from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.ui import shell
from kepegawaian.lib.ui.formatting import number
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import tells


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _page(request, own_employee(request))


@require_safe
def of_person(request: HttpRequest, employee: uuid.UUID) -> HttpResponse:
    return _page(request, viewable(request, employee))


def viewable(request: HttpRequest, pk: uuid.UUID) -> Employee:
    """Whose points this person may see; anybody else is not found."""
    person = Employee.objects.select_related("current_unit", "user").filter(pk=pk).first()
    if person is None or not can_view_credits(request.user, person):
        raise Http404
    if person.user_id != request.user.pk:
        shell.belongs_to(request, resolve_url("employees:list"))
    return person


def _page(request: HttpRequest, employee: Employee) -> HttpResponse:
    standing = standing_of(employee)
    converted = [entry.pk for entry in standing.entries if entry.kind == CreditKind.CONVERSION]
    known = papers.issued_of((kinds.CONVERSION, *kinds.OF_CREDITS), [*converted, employee.pk])
    drawn, approval = CreditsDrawn(standing, known), approval_of(employee)
    state = approval.state if approval else ""
    context = {
        "employee": employee,
        "own": employee.user_id == request.user.pk,
        "standing": standing,
        "drawn": drawn,
        "approval": approval,
        "may_approve": bool(can_approve_credits(request.user, approval)),
        "may_ask": drawn.has_conversion
        and state in ("", ApprovalState.RETURNED)
        and bool(can_ask_credits(request.user, employee)),
        "may_enter": bool(can_enter_credits(request.user, employee)),
        "papers": papers_drawn.drawn(
            request,
            [
                PaperRow(paper, employee.pk, known.get((paper.kind, employee.pk)), state == ApprovalState.APPROVED)
                for paper in kinds.OF_CREDITS
            ],
        ),
    }
    return render(request, "evaluations/follow_up/credits.html", context)


# --- Establishing the sum -------------------------------------------------------------------------
@require_POST
@tells("evaluations:credits")
def ask(request: HttpRequest, employee: uuid.UUID) -> HttpResponse:
    person = viewable(request, employee)
    credits_approval.ask(actor=request.user, employee=person)
    done(request, _("Angka kredit diajukan kepada pejabat penilai untuk ditetapkan."))
    return redirect(credits_url(person))


@require_POST
@tells("evaluations:credits")
def approve(request: HttpRequest, employee: uuid.UUID) -> HttpResponse:
    person, seen = viewable(request, employee), as_uuid(request.POST.get("seen", ""))
    credits_approval.approve(actor=request.user, employee=person, seen=seen or uuid.UUID(int=0))
    done(request, _("Angka kredit ditetapkan; dokumennya sedang dibuat."))
    return redirect(credits_url(person))


@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, employee: uuid.UUID) -> HttpResponse:
    person = viewable(request, employee)
    approval = approval_of(person)
    sent_again = request.method == "POST" and approval is not None and is_person(request.user, approval.approver)
    if not sent_again:  # else the verb says how it stands by now
        demand(can_approve_credits(request.user, approval))
    text = _("Pengelola kinerja memperbaikinya, lalu mengajukannya lagi. Pegawai membaca alasan ini.")
    page = _form_page(person, _("Kembalikan angka kredit"), _("Angka kredit dikembalikan."), text)
    return page.answer(
        request, forms.GiveBackForm(posted(request)), partial(_with, credits_approval.give_back, request, person)
    )


# --- What HR enters -------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def integrasi(request: HttpRequest, employee: uuid.UUID) -> HttpResponse:
    person = _enterable(request, employee)
    verb = partial(_with, credits.enter_integrasi, request, person)
    text = _("Angka kredit lama menjadi AK integrasi: angka konvensional dikurangi nilai dasar jenjangnya.")
    page = _form_page(person, _("Masukkan AK integrasi"), _("AK integrasi dicatat."), text)
    return page.answer(request, forms.IntegrasiForm(posted(request)), verb)


@require_http_methods(["GET", "POST"])
def education(request: HttpRequest, employee: uuid.UUID) -> HttpResponse:
    """The amount is proposed by the rule; HR decides whether it is due."""
    person = _enterable(request, employee)
    verb = partial(_with, credits.grant_education, request, person)
    span = standing_of(person).span
    text = _("Besarnya menurut ketentuan; pengelola memastikan ijazahnya lebih tinggi dan relevan.")
    if span is not None and span.jenjang is not None:
        points = rules.education_bonus(span.jenjang)
        text = _("Usul: %(points)s (25%% dari kebutuhan pangkat berikutnya). %(rest)s") % {
            "points": number(f"{points.normalize():f}"),
            "rest": text,
        }
    page = _form_page(person, _("Tambah angka kredit pendidikan"), _("Angka kredit pendidikan dicatat."), text)
    return page.answer(request, forms.EducationForm(posted(request)), verb)


@require_http_methods(["GET", "POST"])
def jenjang(request: HttpRequest, employee: uuid.UUID) -> HttpResponse:
    person = _enterable(request, employee)
    verb = partial(_with, credits.set_jenjang, request, person)
    text = _("Tahun yang menunggu jenjang ini langsung dikonversi.")
    page = _form_page(person, _("Isi jenjang"), _("Jenjang disimpan; angka kredit dihitung."), text)
    return page.answer(request, forms.JenjangForm(posted(request)), verb)


@require_http_methods(["GET", "POST"])
def convert(request: HttpRequest, employee: uuid.UUID) -> HttpResponse:
    """A part of the year by a periodic evaluation, or a year again after a correction."""
    person = _enterable(request, employee)
    form = forms.ConvertForm(posted(request), evaluations=convertible(person))

    def verb(values: dict[str, Any]) -> None:
        credits.convert(actor=request.user, evaluation=values["evaluation"], first=values["first"])

    text = _("Evaluasi tahunan dikonversi otomatis. Di sini: sebagian tahun, atau ulang sesudah koreksi.")
    page = _form_page(person, _("Konversi predikat"), _("Predikat dikonversi."), text)
    return page.answer(request, form, verb)


@require_http_methods(["GET", "POST"])
def reverse(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rows = CreditEntry.objects.visible_to(request.user).select_related("employee__user")
    entry = get_object_or_404(rows, pk=pk)
    demand(can_enter_credits(request.user, entry.employee))
    form = forms.ReverseForm(posted(request))

    def verb(values: dict[str, Any]) -> None:
        credits.reverse(actor=request.user, entry=entry, reason=values["reason"])

    text = _(
        "Baris ini tetap terlihat; baris koreksi dengan nilai berlawanan ditambahkan, dan dokumennya dicabut."
    )
    page = _form_page(entry.employee, _("Koreksi angka kredit"), _("Angka kredit dikoreksi."), text)
    return page.answer(request, form, verb)


def _enterable(request: HttpRequest, pk: uuid.UUID) -> Employee:
    person = viewable(request, pk)
    demand(can_enter_credits(request.user, person))
    return person


def _with(verb: Any, request: HttpRequest, person: Employee, values: dict[str, Any]) -> None:
    verb(actor=request.user, employee=person, **values)


def _form_page(person: Employee, title: Text, said: Text, text: Text) -> FormPage:
    return FormPage(
        title=title,
        said=said,
        back=credits_url(person),
        back_label=_("Angka kredit %(name)s") % {"name": person.full_name},
        text=text,
    )
