"""What importing hangs on the shared parts of the house; called from the app's `ready()`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kepegawaian.documents.services import register_file_guard
from kepegawaian.employees.importing import services, staff
from kepegawaian.employees.importing.registry import register_layout
from kepegawaian.employees.models.imports import ImportBatch
from kepegawaian.work.jobs import register_job
from kepegawaian.work.models import Job
from kepegawaian.work.registry import ItemKind, register_kind


def _may_see(user: Any, subject_id: Any) -> bool:
    return ImportBatch.objects.visible_to(user).filter(pk=subject_id).exists()


def _page(job: Job) -> str:
    return reverse("employee_imports:detail", args=[job.arguments["batch"]])


def register() -> None:
    register_layout(staff.Siasn)
    register_layout(staff.Nominatif)
    jobs = ((services.READ_JOB, services.run_reading), (services.SAVE_JOB, services.run_saving))
    for kind, handler in jobs:
        register_job(
            kind,
            handler,
            label=_("Impor data"),
            allowed=lambda user, job: _may_see(user, job.arguments["batch"]),
            done_url=_page,
            done_label=_("Lihat hasil impor"),
        )
    register_kind(ItemKind(services.WAITING, _("Pratinjau impor"), "arrow-up-tray"))
    register_file_guard("employees.importbatch", _may_see)
