"""The bundle for the Ombudsman: the case, its deadlines, what was said and what was filed, on paper.

A report to the Ombudsman needs proof that the provider was told first (UU 37/2008 art. 24; reference 1.8). Made
for the reporter and for the admin alike, from what the reporter may read; who he is he writes in by hand.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback import report_look as look
from feedback.enums import LAST_PHASES, OFFICE_PHASES, CaseState
from feedback.models import Case, CaseClock, CaseFile
from feedback.request_look import information_of
from feedback.templatetags.reports import said_by
from kepegawaian.documents.files import PDF
from kepegawaian.documents.services import render_pdf
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui import formatting

TEMPLATE = "feedback/pdf/bundle.typ"
STOPPED = Denied(
    gettext_lazy(
        "Berkas untuk Ombudsman dapat dibuat setelah batas waktu terakhir lewat. Batas itu sedang tidak berjalan."
    )
)
EARLY = gettext_lazy(
    "Berkas untuk Ombudsman dapat dibuat setelah batas waktu terakhir lewat, yaitu setelah %(day)s."
)


def last_limit(clocks: Iterable[CaseClock]) -> datetime.date | None:
    """Of the final limit, as it was where the report ended without it (joined to another, cancelled); else of the
    office's last one. None while it stands still or where none was set."""
    office = sorted((row for row in clocks if row.phase in OFFICE_PHASES), key=lambda row: row.pk)
    final = [row for row in office if row.phase in LAST_PHASES]
    rows = [row for row in office if not row.set_aside]
    rows = [row for row in rows if row.phase in LAST_PHASES] or final[-1:] or rows
    if any(row.due_on is None for row in rows):
        return None
    return max((row.due_on for row in rows if row.due_on is not None), default=None)


def can_bundle(clocks: Iterable[CaseClock]) -> Answer:
    last = last_limit(clocks)
    if last is None:
        return STOPPED
    return ALLOWED if last < today() else Denied(EARLY % {"day": formatting.long_day(last)})


def bundle_pdf(case: Case) -> bytes:
    """Raises PermissionRefused, with the day, before the last limit has passed."""
    demand(can_bundle(case.clocks.all()))
    with translation.override(settings.LANGUAGE_CODE):
        return render_pdf(TEMPLATE, _data(case))


def bundle_answer(case: Case) -> HttpResponse:
    response = HttpResponse(bundle_pdf(case), content_type=PDF)
    response["Content-Disposition"] = f'attachment; filename="{case.number}-ombudsman.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _data(case: Case) -> dict[str, Any]:
    clocks = look.drawn_clocks(case, settings.LANGUAGE_CODE)
    messages = case.messages.for_reporter().select_related("unit").order_by("id")
    return {
        "number": case.number,
        "title": case.title,
        "made": formatting.moment(timezone.now()),
        "facts": _facts(case),
        "text": _paragraphs(case.text),
        "limits": [_limit(row) for row in clocks],
        "steps": [
            [formatting.moment(at), str(title), str(who), said] for at, title, who, said in look.deeds(case)
        ],
        "messages": [
            {
                "who": str(said_by(row, own=False)),
                "when": formatting.moment(row.at),
                "official": row.official,
                "text": _paragraphs(row.text),
            }
            for row in messages
        ],
        "files": [_file(number, row) for number, row in enumerate(_files(case), start=1)],
    }


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _decisions(case: Case) -> list[tuple[str, str]]:
    """What was decided on a request for information, each with its reason and article."""
    found = information_of(case, case.clocks.all())
    if found is None:
        return []
    return [
        (
            _("Putusan"),
            " · ".join(
                filter(None, (formatting.day(row.on), str(row.outcome.label), row.ground, row.reason, row.basis))
            ),
        )
        for row in found.decisions
    ]


def _facts(case: Case) -> list[list[str]]:
    last = last_limit(case.clocks.all())
    facts = [
        (_("Jenis"), case.get_kind_display()),
        (_("Keadaan"), str(CaseState(case.state).label)),
        (_("Unit yang dimaksud"), str(case.unit or "")),
        (_("Layanan"), str(case.service or "")),
        (_("Dipegang unit"), str(case.holder_unit or "")),
        (_("Ada pada"), str(look.holder(case, own=False)) if case.is_open else ""),
        (_("Instansi tujuan"), case.outside),
        (_("Saluran"), case.get_channel_display()),
        (_("Diterima"), formatting.moment(case.received_at)),
        (_("Hari ke-0"), formatting.long_day(case.received_on)),
        (_("Jawaban pertama"), formatting.moment(case.first_answered_at) if case.first_answered_at else ""),
        (_("Batas waktu terakhir"), formatting.long_day(last)),
        (_("Tempat"), case.place),
        *_decisions(case),
    ]
    return [[str(label), str(value)] for label, value in facts if value]


def _limit(row: look.DrawnClock) -> dict[str, Any]:
    clock, counted = row.clock, "kalender" if row.clock.calendar_days else "kerja"
    late = clock.due_on is not None and clock.due_on < (clock.stopped_on or today())
    outside = [f"{formatting.day(date)} ({name})" for date, name in row.named]
    return {
        "label": str(row.label),
        "start": formatting.day(clock.started_on),
        "length": formatting.days(clock.days, counted),
        "source": clock.source,
        "weekend": row.weekend_days,
        "named": outside,
        "paused": row.paused,
        "due": formatting.day(clock.due_on) or _("berhenti, menunggu pelapor"),
        "stopped": formatting.day(clock.stopped_on),
        "verdict": _("terlambat") if late else str(clock.verdict),
    }


def _files(case: Case) -> list[CaseFile]:
    """What belongs to the report and to messages that the reporter reads."""
    messages = case.messages.for_reporter().values("pk")
    rows = case.files.select_related("stored").order_by("id")
    return list(rows.filter(message=None) | rows.filter(message__in=messages))


def _file(number: int, row: CaseFile) -> list[str]:
    size = formatting.number(max(1, round(row.stored.size / 1000)))
    return [
        str(number),
        formatting.moment(row.stored.uploaded_at),
        row.stored.mime,
        f"{size} kB",
        row.stored.sha256,
    ]
