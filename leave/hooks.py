"""What leave adds to the core: kinds of work items, jobs, guards of files, a category of messages."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.registry import register_verbs
from kepegawaian.documents.services import register_document_kind, register_file_guard
from kepegawaian.employees.importing.registry import register_layout
from kepegawaian.employees.registry import on_holder_change
from kepegawaian.lib.ui import formatting
from kepegawaian.notifications.base import Category, register_category
from kepegawaian.work.jobs import register_job
from kepegawaian.work.registry import ItemKind, register_bulk_action, register_kind
from leave import letters, notifications, permissions, year_end
from leave.forms import BulkOpinionForm
from leave.opening_sheet import OpeningSheet
from leave.services.deciding import LETTER_JOB, bulk_opinion
from leave.services.handing_over import move_steps_on_holder_change
from leave.trail import VERBS

REQUEST_TYPE = "leave.leaverequest"


def item_line(context: Mapping[str, Any]) -> str:
    """What stands under a name in the inbox: "25–27 Jan 2027 · 3 hari kerja"."""
    if "start" not in context:
        return str(context.get("line", ""))
    start, end = (datetime.date.fromisoformat(context[name]) for name in ("start", "end"))
    return f"{formatting.span(start, end)} · {formatting.days(context['days'])}"


def register() -> None:
    register_verbs(VERBS)
    register_category(
        Category(notifications.CATEGORY, _("Cuti"), _("Permohonan cuti Anda dan yang menunggu Anda."))
    )
    register_kind(ItemKind("leave.check", _("Pemeriksaan cuti"), "clipboard-document-check", line=item_line))
    register_kind(ItemKind("leave.opinion", _("Pertimbangan cuti"), "chat-bubble-left-right", line=item_line))
    register_kind(ItemKind("leave.decision", _("Keputusan cuti"), "scale", line=item_line))
    register_kind(ItemKind("leave.response", _("Jawaban atas perubahan cuti"), "arrow-uturn-left", line=item_line))
    register_kind(ItemKind("leave.no_holder", _("Cuti tanpa pejabat"), "exclamation-triangle", line=item_line))
    register_bulk_action("leave.opinion", "approve", _("Setujui yang dipilih"), bulk_opinion, form=BulkOpinionForm)
    register_file_guard(REQUEST_TYPE, permissions.can_read_attachment, issued=permissions.can_read_letter)
    register_document_kind(letters.KIND, _("Formulir permintaan dan pemberian cuti"))
    register_job(LETTER_JOB, letters.write_letter, label=_("Formulir cuti"))
    register_job(
        year_end.JOB,
        year_end.run_job,
        label=_("Tutup tahun cuti"),
        allowed=year_end.may_see,
        done_url=lambda job: f"{reverse('leave:year_end')}?tahun={job.arguments['year']}",
        done_label=_("Lihat per orang"),
    )
    register_job(
        year_end.RECOMPUTE_JOB,
        year_end.recompute_everybody,
        label=_("Hitung ulang saldo cuti"),
        allowed=year_end.may_see,
    )
    register_layout(OpeningSheet)
    on_holder_change(move_steps_on_holder_change)
