"""What importing hangs on the shared parts of the house; called from the app's `ready()`."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.registry import register_verbs
from kepegawaian.documents.services import register_file_guard
from kepegawaian.employees import activation
from kepegawaian.employees.importing import permissions, services, staff
from kepegawaian.employees.importing.registry import register_layout
from kepegawaian.employees.models.imports import ImportBatch
from kepegawaian.lib.ui import shell
from kepegawaian.work.jobs import register_job
from kepegawaian.work.models import Job
from kepegawaian.work.registry import ItemKind, register_kind

VERBS = {
    "employees.activation_printed": _("Mencetak kode aktivasi"),
    "employees.import_cancelled": _("Membatalkan impor"),
    "employees.import_confirmed": _("Mengonfirmasi impor"),
    "employees.import_exported": _("Mengunduh baris impor"),
    "employees.import_started": _("Mengunggah berkas impor"),
    "employees.imported": _("Menyimpan impor"),
}


def _may_see(user: Any, subject_id: Any) -> bool:
    return ImportBatch.objects.visible_to(user).filter(pk=subject_id).exists()


def _page(job: Job) -> str:
    return reverse("employee_imports:detail", args=[job.arguments["batch"]])


def _may_import(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(permissions.can_import(request.user))


def _may_print(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(activation.can_print(request.user))


def _register_menu() -> None:
    entry = shell.MenuEntry
    imports, codes = "employee_imports:index", "employee_activation:index"
    shell.register(entry(shell.OFFICE, _("Impor data"), imports, "arrow-up-tray", visible=_may_import, order=60))
    shell.register(entry(shell.OFFICE, _("Kode aktivasi"), codes, "printer", visible=_may_print, order=70))


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
    register_verbs(VERBS)
    _register_menu()
