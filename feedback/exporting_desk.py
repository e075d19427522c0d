"""The desk as a sheet: what the filters give. A sheet leaves the house, so secret cases are their number alone."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import permissions
from feedback.enums import AnswerState, CaseKind, CaseState, Channel, Outcome, Phase
from feedback.forms_desk import DeskFilter
from feedback.models import Case, CaseAnswer
from feedback.services import desk
from kepegawaian.work.sheets import Column, SheetExport

COLUMNS: list[Column] = [
    (_("Nomor laporan"), lambda case: case.number),
    (_("Judul"), lambda case: "" if case.secret else case.title),
    (_("Jenis"), lambda case: str(CaseKind(case.kind).label)),
    (_("Keadaan"), lambda case: str(CaseState(case.state).label)),
    (_("Unit yang dimaksud"), lambda case: str(case.unit or "")),
    (_("Dipegang unit"), lambda case: str(case.holder_unit or "")),
    (_("Petugas"), lambda case: case.officer.name if case.officer else ""),
    (_("Saluran"), lambda case: str(Channel(case.channel).label)),
    (_("Hari ke-0"), lambda case: case.received_on),
    (_("Batas waktu"), lambda case: case.due_on or ""),
    (_("Batas untuk"), lambda case: str(Phase(case.due_phase).label) if case.due_phase else ""),
    (_("Diverifikasi"), lambda case: timezone.localdate(case.verified_at) if case.verified_at else ""),
    (_("Dijawab"), lambda case: timezone.localdate(case.answered_at) if case.answered_at else ""),
    (_("Putusan"), lambda case: str(Outcome(case.outcome).label) if case.outcome and not case.secret else ""),
    (_("Ditutup"), lambda case: timezone.localdate(case.closed_at) if case.closed_at else ""),
]


def selection(query: str, user: Any) -> QuerySet[Case]:
    """The cases of the list at `?query`, in the scope of who asks for the sheet."""
    asked = QueryDict(query)
    decided = CaseAnswer.objects.filter(case=OuterRef("pk"), state=AnswerState.PUBLISHED).order_by("-id")
    rows = DeskFilter(user, asked).cases(desk.listed(user), sort=asked.get("sort", "") or "")
    return rows.annotate(outcome=Subquery(decided.values("outcome")[:1]))


CASES = SheetExport(
    job="feedback.desk_export",
    verb="feedback.desk_exported",
    subject="feedback.case",
    stem="laporan-warga",
    title=_("Laporan warga"),
    columns=COLUMNS,
    selection=selection,
    may=permissions.can_open_desk,
)
