"""Numbered documents: ordered when something is signed, made by a worker, revoked when their result changes."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from evaluations.enums import CreditKind, EvaluationState, PlanState
from evaluations.models import CreditEntry, Evaluation, OrganisationResult, Plan
from evaluations.notifications import follow_up as notices
from evaluations.papers.kinds import (
    CONVERSION,
    DISTRIBUTION,
    OF_CREDITS,
    OF_EVALUATION,
    OF_PLAN,
    OF_RECEIPT,
    PAPERS,
    Paper,
)
from evaluations.papers.units import along, organisation_of
from evaluations.papers.units import load as load_result
from evaluations.services.common import verb
from kepegawaian.documents.models import IssuedDocument
from kepegawaian.documents.pdf import render_pdf
from kepegawaian.documents.services import (
    issue_document,
    register_document_kind,
    register_file_guard,
    revoke_document,
)
from kepegawaian.lib.exceptions import StateChanged
from kepegawaian.work.jobs import JobRun, enqueue, register_job
from kepegawaian.work.models import Job

JOB, REMAKE = "evaluations.papers", "evaluations.papers_of_unit"
LANGUAGE = settings.LANGUAGE_CODE
"""Of the documents themselves, whoever asks for them."""
REPLACED_PLAN = "Diganti SKP yang baru"
REPLACED_RESULT = "Diganti putusan keberatan"
RECEIVED = "Diganti dokumen yang memuat tanda terima pegawai"
CHANGED_UNIT = "Capaian organisasi atau alasan polanya diubah"
OTHER_RESULT = "Diganti dokumen yang memuat capaian organisasi yang sekarang"
CHANGED_PATTERN = "Hasil seorang pegawai diubah putusan keberatan"
"""Data that the page of the QR code shows, not texts of a page."""


def issued(paper: Paper, pk: uuid.UUID) -> IssuedDocument | None:
    """The one in force."""
    rows = IssuedDocument.objects.filter(
        subject_type=paper.subject_type, subject_id=pk, kind=paper.kind, revoked_at=None
    )
    return rows.select_related("file").order_by("-id").first()


def issued_of(papers: Iterable[Paper], pks: Iterable[uuid.UUID]) -> dict[tuple[str, uuid.UUID], IssuedDocument]:
    """Those in force of many, in one statement, by (kind, subject)."""
    return by_subject(in_force(papers, list(pks)))


def in_force(papers: Iterable[Paper], pks: Any) -> QuerySet[IssuedDocument]:
    """`pks`: keys of subjects, or a queryset of them."""
    known = list(papers)
    rows = IssuedDocument.objects.filter(
        subject_type__in={paper.subject_type for paper in known},
        subject_id__in=pks,
        kind__in=[paper.kind for paper in known],
        revoked_at=None,
    )
    return rows.select_related("file").order_by("id")


def by_subject(rows: Iterable[IssuedDocument]) -> dict[tuple[str, uuid.UUID], IssuedDocument]:
    return {(row.kind, row.subject_id): row for row in rows}


def draft(paper: Paper, subject: Any) -> bytes:
    """The document as it stands, watermarked and without a number; kept nowhere."""
    with translation.override(LANGUAGE):
        return render_pdf(paper.template, paper.data(paper.load(subject.pk)))


# --- Ordering -------------------------------------------------------------------------------------
def order(papers: Iterable[Paper], pk: uuid.UUID, *, actor: Any) -> Job:
    """A worker makes them once the transaction is in; those that are there already stay as they are."""
    codes = [paper.code for paper in papers]
    return enqueue(JOB, owner=actor, arguments={"papers": codes, "subject": str(pk)})


@verb
def request(*, actor: Any, paper: Paper, subject: Any) -> Job:
    """Somebody who may see the subject wants the numbered document of it."""
    if not paper.signed(paper.load(subject.pk)):
        raise StateChanged(_("Dokumen ini baru terbit sesudah ditandatangani. Sementara itu tersedia drafnya."))
    return order([paper], subject.pk, actor=actor)


def follow_result(evaluation: Evaluation, *, replaced: Evaluation | None, actor: Any) -> None:
    """A signed evaluation is put on paper; the papers of one that an objection altered hold no more."""
    if replaced is not None:
        revoke(OF_EVALUATION, replaced.pk, reason=REPLACED_RESULT, actor=actor)
        for row in along(replaced.participant.path, replaced.period).select_for_update().order_by("id"):
            revoke([DISTRIBUTION], row.pk, reason=CHANGED_PATTERN, actor=actor)
    order(OF_EVALUATION, evaluation.pk, actor=actor)


def follow_receipt(evaluation: Evaluation, *, actor: Any) -> None:
    """Those that show the receipt, or the pattern of the unit as others were rated meanwhile, are made anew."""
    revoke(OF_RECEIPT, evaluation.pk, reason=RECEIVED, actor=actor)
    order(OF_EVALUATION, evaluation.pk, actor=actor)


def follow_unit(result: OrganisationResult, *, other: bool, actor: Any) -> None:
    """What was issued says something else now; whoever needs it has it issued again. `other`: the result itself is
    another, which the papers of the people show too (reference 14): those are made anew at once."""
    revoke([DISTRIBUTION], result.pk, reason=CHANGED_UNIT, actor=actor)
    if other:
        enqueue(REMAKE, owner=actor, arguments={"result": str(result.pk)})


def follow_plan(plan: Plan, *, actor: Any) -> None:
    """The same for a plan that both have agreed on, and those of the year that it replaces."""
    others = Plan.objects.filter(participant=plan.participant_id, state=PlanState.SUPERSEDED)
    for pk in others.values_list("pk", flat=True):
        revoke(OF_PLAN, pk, reason=REPLACED_PLAN, actor=actor)
    order(OF_PLAN, plan.pk, actor=actor)


def order_credit_paper(entry: CreditEntry, *, actor: Any) -> None:
    if entry.kind == CreditKind.CONVERSION:
        order([CONVERSION], entry.pk, actor=actor)


def revoke(papers: Iterable[Paper], pk: uuid.UUID, *, reason: str, actor: Any) -> None:
    rows = IssuedDocument.objects.filter(kind__in=[paper.kind for paper in papers], subject_id=pk, revoked_at=None)
    for document in list(rows):
        revoke_document(document=document, actor=actor, reason=reason)


def revoke_credit_papers(entry: CreditEntry, *, reason: str, actor: Any) -> None:
    """The conversion, and every sum in which it stands."""
    revoke([CONVERSION], entry.pk, reason=reason, actor=actor)
    revoke(OF_CREDITS, entry.employee_id, reason=reason, actor=actor)


# --- Making ---------------------------------------------------------------------------------------
def make(run: JobRun) -> dict[str, Any]:
    """The job: once each, however often it runs."""
    codes, pk = run.arguments["papers"], uuid.UUID(run.arguments["subject"])
    files = []
    for number, code in enumerate(codes, start=1):
        with translation.override(LANGUAGE):
            document = issue(paper=PAPERS[code], pk=pk, actor=run.job.owner)
        if document is not None:
            files.append(str(document.file_id))
        run.progress(number, len(codes), _("Membuat dokumen"))
    return {"files": files, "file": files[-1] if files else ""}


def remake(run: JobRun) -> dict[str, Any]:
    """The job: the papers of everybody whose papers show this result of a unit."""
    result = load_result(run.arguments["result"])
    rows = Evaluation.objects.filter(period=result.period, state=EvaluationState.FINAL)
    path = result.unit.path
    there = Q(participant__path__startswith=path) | Q(plan__posting__unit__path__startswith=path)
    found = rows.filter(there).select_related("participant__unit", "period", "plan__posting__unit")
    shown = [row.pk for row in found if organisation_of(row) == result]
    for number, pk in enumerate(shown, start=1):
        with translation.override(LANGUAGE):
            _remake(result=result, pk=pk, actor=run.job.owner)
        run.progress(number, len(shown), _("Membuat dokumen"))
    return {"evaluations": len(shown)}


@verb
def _remake(*, result: OrganisationResult, pk: uuid.UUID, actor: Any) -> None:
    """Once for each result that was set, however often the job runs. Who is issuing one just now is waited for."""
    list(Evaluation.objects.select_for_update(of=("self",)).filter(pk=pk).values_list("pk"))
    made = IssuedDocument.objects.filter(subject_id=pk)
    if made.filter(revoked_reason=OTHER_RESULT, revoked_at__gte=result.set_at).exists():
        return
    codes = {row.kind for row in in_force(OF_RECEIPT, [pk])}
    revoke(OF_RECEIPT, pk, reason=OTHER_RESULT, actor=actor)
    for paper in OF_RECEIPT:
        if paper.kind in codes:
            issue(paper=paper, pk=pk, actor=actor)


@verb
def issue(*, paper: Paper, pk: uuid.UUID, actor: Any = None) -> IssuedDocument | None:
    """None where it is not signed (any more), or belongs to no office that could number it. What stands on it is
    read under the lock: whoever revokes holds the same."""
    model = type(paper.load(pk))
    list(model._default_manager.select_for_update(of=("self",)).filter(pk=pk).values_list("pk"))
    subject = paper.load(pk)
    known, unit = issued(paper, pk), paper.unit(subject)
    if known is not None or unit is None or not paper.signed(subject):
        return known
    document = issue_document(
        kind=paper.kind,
        subject=(paper.subject_type, pk),
        unit=unit,
        facts=paper.facts(subject),
        template=paper.template,
        data={**paper.data(subject), "draft": False},
        number_template=paper.number,
        actor=actor,
    )
    _tell(paper, subject, document)
    return document


def _tell(paper: Paper, subject: Any, document: IssuedDocument) -> None:
    """Of a conversion alone: the others follow at once on something that the person was told of."""
    person = paper.person(subject)
    if person is not None and paper is CONVERSION:
        url = reverse("documents:file", args=[document.file_id])
        context = {"paper": paper.code, "number": document.number}
        notices.tell(notices.PaperIssued, [person], key=document.pk, url=url, **context)


# --- Registering ----------------------------------------------------------------------------------
def register() -> None:
    """Kinds for the verification page, who may read each file, the job."""
    for paper in PAPERS.values():
        register_document_kind(paper.kind, paper.label)
        register_file_guard(paper.subject_type, _guard(paper))
    register_job(REMAKE, remake, label=_("Dokumen kinerja unit"))
    register_job(JOB, make, label=_("Dokumen kinerja"), done_url=_file_url, done_label=_("Unduh dokumennya"))


def _guard(paper: Paper) -> Any:
    def guard(user: Any, pk: uuid.UUID) -> bool:
        return paper.find(user, pk) is not None

    return guard


def _file_url(job: Job) -> str:
    found = job.result.get("file")
    return reverse("documents:file", args=[found]) if found else reverse("home")
