"""The list of participants as a sheet, and what HR does to all of it in the background: remind, assign."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from evaluations.enums import EvaluationState, PlanState, Predikat
from evaluations.forms.cycles import PeopleFilter
from evaluations.models import Cycle, Deadline, Participant
from evaluations.permissions.cycles import can_manage_some, can_oversee, paths_managed
from evaluations.selectors import monitor, participants
from evaluations.services.assessors import set_assessor
from evaluations.services.reminders import remind_by_hand
from kepegawaian.audit.services import record
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, demand
from kepegawaian.work.jobs import JobRun, enqueue, register_job
from kepegawaian.work.models import Job
from kepegawaian.work.sheets import Column, SheetExport

REMIND, ASSIGN = "evaluations.remind", "evaluations.assign"
LABELS = {choices: dict(choices.choices) for choices in (PlanState, EvaluationState, Predikat)}


def people(query: str, user: Any, *, managed: bool = False) -> QuerySet[Participant]:
    """The list at `?query`, in the scope of who asks; `managed`: only whom he may change."""
    asked = QueryDict(query)
    cycle = Cycle.objects.filter(year=int(asked["tahun"])).first() if asked.get("tahun", "").isdecimal() else None
    cycle = cycle or Cycle.objects.exclude(opened_at=None).order_by("-year").first()
    if cycle is None:
        return Participant.objects.none()
    look = monitor.look_at(cycle, asked.get("periode", ""))
    paths = paths_managed(user) if managed else monitor.paths_overseen(user)
    return PeopleFilter(asked).people(look, paths, sort=asked.get("sort", ""))


def selection(query: str, user: Any) -> QuerySet[Participant]:
    """`people` with all that the sheet shows."""
    found = people(query, user).select_related("employee", "unit", "assessor", "plan")
    return participants.with_results(found)


COLUMNS: list[Column] = [
    (_("NIP"), lambda row: row.employee.current_nip),
    (_("Nama"), lambda row: row.employee.full_name),
    (_("Jabatan"), lambda row: row.position),
    (_("Unit"), lambda row: str(row.unit or "")),
    (_("Pejabat penilai"), lambda row: row.assessor.full_name if row.assessor else ""),
    (_("Keadaan SKP"), lambda row: str(LABELS[PlanState][row.plan.state]) if row.plan else ""),
    (_("SKP terlambat"), lambda row: str(_("ya")) if row.plan and row.plan.late else ""),
    (_("Evaluasi"), lambda row: str(LABELS[EvaluationState].get(row.rated_state or "", ""))),
    (_("Evaluasi terlambat"), lambda row: str(_("ya")) if row.rated_late else ""),
    (_("Predikat"), lambda row: _predikat(row)),
    (_("Tidak ikut karena"), lambda row: row.excused_reason),
]


def _predikat(row: Any) -> str:
    """Only what is signed: before that it is the assessor's own."""
    final = row.rated_state == EvaluationState.FINAL
    return str(LABELS[Predikat].get(row.rated_predikat or "", "")) if final else ""


PEOPLE = SheetExport(
    job="evaluations.people",
    verb="evaluations.people_exported",
    subject="evaluations.participant",
    stem="kinerja",
    title=_("Kinerja"),
    columns=COLUMNS,
    selection=selection,
    may=can_oversee,
    keys=people,
)


# --- For all of the list --------------------------------------------------------------------------
def start_reminding(*, actor: Any, query: str, deadline: Deadline) -> Job:
    demand(can_manage_some(actor))
    arguments = {"query": query, "deadline": str(deadline.pk), "day": today().isoformat()}
    return enqueue(REMIND, owner=actor, arguments=arguments)


def run_reminding(run: JobRun) -> dict[str, Any]:
    """Messages know their occasion, so a run that starts again tells nobody twice; cursor `{"told": n}`."""
    owner, told = run.job.owner, int(run.cursor.get("told", 0))
    demand(can_manage_some(owner))
    deadline = Deadline.objects.select_related("cycle", "period").get(pk=run.arguments["deadline"])
    among = Participant.objects.filter(pk__in=people(run.arguments["query"], owner, managed=True).values("pk"))

    def report(new: int, done: int, total: int) -> None:
        run.save_cursor({"told": int(run.cursor.get("told", 0)) + new, "people": total})
        run.progress(done, total, _("Mengingatkan"))

    day = datetime.date.fromisoformat(run.arguments["day"])
    told += remind_by_hand(deadline, among, day=day, report=report)
    with transaction.atomic():
        if not run.cursor.get("over"):
            record("evaluations.reminded", deadline, actor=owner, data={"told": told})
        everybody = int(run.cursor.get("people", 0))
        run.save_cursor({"told": told, "people": everybody, "over": True})
    return {"told": told, "before": max(everybody - told, 0)}


def said_of_reminding(job: Job) -> str:
    """How many were told, and how many had been told that day."""
    told, before = int(job.result.get("told", 0)), int(job.result.get("before", 0))
    if not told and not before:
        return gettext("Tidak ada yang mendapat giliran; tidak seorang pun diingatkan.")
    said = ngettext("%(n)d orang diingatkan", "%(n)d orang diingatkan", told) % {"n": told}
    if not before:
        return f"{said}."
    rest = ngettext("%(n)d sudah diingatkan hari itu", "%(n)d sudah diingatkan hari itu", before) % {"n": before}
    return f"{said}, {rest}."


def start_assigning(
    *, actor: Any, query: str, assessor: Employee, reason: str, valid_from: datetime.date | None = None
) -> Job:
    demand(can_manage_some(actor))
    since = valid_from.isoformat() if valid_from else ""
    arguments = {"query": query, "assessor": str(assessor.pk), "reason": reason, "since": since}
    keys = people(query, actor, managed=True).values_list("pk", flat=True)
    return enqueue(ASSIGN, owner=actor, arguments=arguments | {"people": [str(key) for key in keys]})


def run_assigning(run: JobRun) -> dict[str, Any]:
    """Each person by the verb, in one transaction with the cursor; who is refused is counted, and why."""
    keys, since = run.arguments["people"], run.arguments["since"]
    assessor = Employee.objects.select_related("user").get(pk=run.arguments["assessor"])
    changed = int(run.cursor.get("changed", 0))
    refused: dict[str, int] = dict(run.cursor.get("refused", {}))
    for number in range(int(run.cursor.get("row", 0)), len(keys)):
        with transaction.atomic():
            try:
                set_assessor(
                    actor=run.job.owner,
                    participant=Participant(pk=keys[number]),
                    assessor=assessor,
                    reason=run.arguments["reason"],
                    valid_from=datetime.date.fromisoformat(since) if since else None,
                )
                changed += 1
            except ApplicationError as error:
                refused[str(error)] = refused.get(str(error), 0) + 1
            run.save_cursor({"row": number + 1, "changed": changed, "refused": refused})
        run.progress(number + 1, len(keys), _("Mengubah pejabat penilai"))
    return {"changed": changed, "refused": refused}


def register() -> None:
    PEOPLE.register(_("Unduhan peserta kinerja"))
    register_job(REMIND, run_reminding, label=_("Pengingat kinerja"), said=said_of_reminding)
    register_job(ASSIGN, run_assigning, label=_("Penetapan pejabat penilai"))
