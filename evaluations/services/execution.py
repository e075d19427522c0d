"""Progress and evidence during the year: by the person, for the agreed plan's indicators, period by period."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import EvaluationState
from evaluations.models import Evaluation, Evidence, Indicator, Participant, Period, Plan, Progress
from evaluations.permissions.execution import can_report
from evaluations.rules.sources import Citation
from evaluations.selectors.duties import agreed_plan
from evaluations.selectors.periods import working_periods
from evaluations.services.common import MANAGEMENT, locked_participant, refused, require_open, verb
from kepegawaian.audit import services as audit
from kepegawaian.documents.files import OFFICE
from kepegawaian.documents.services import store_file
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, demand

MOST_EVIDENCE = 10
"""Live files and links of one indicator in one period."""
RULE = Citation(MANAGEMENT)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the person writes about one indicator (its `origin`)."""

    indicator: uuid.UUID
    text: str
    percent: int | None = None


@verb
def save_progress(
    *, actor: Any, participant: Participant, period: Period, entries: Sequence[Entry]
) -> list[Progress]:
    """One indicator or all of them at once; what did not change is left alone. Earlier texts go to the trail."""
    participant, known = _begin(actor, participant, period)
    _require_known(known, [entry.indicator for entry in entries])
    rows = _rows(participant, period)
    changed = [entry for entry in entries if _differs(rows.get(entry.indicator), entry)]
    return [_write(rows.get(entry.indicator), participant, period, entry, actor) for entry in changed]


@verb
def copy_progress(*, actor: Any, participant: Participant, period: Period) -> int:
    """Texts of the period before into indicators that have none yet; how many. They are there to be rewritten."""
    participant, known = _begin(actor, participant, period)
    earlier = [row for row in working_periods(participant.cycle) if row.start < period.start]
    if not earlier:
        raise refused(_("Tidak ada periode sebelumnya pada tahun ini."), rule="no_earlier_period", field="")
    rows = _rows(participant, period)
    found = [row for row in _rows(participant, earlier[-1]).values() if row.text and row.indicator in known]
    missing = [row for row in found if row.indicator not in rows or not rows[row.indicator].text]
    for row in missing:
        entry = Entry(row.indicator, row.text, row.percent)
        _write(rows.get(row.indicator), participant, period, entry, actor)
    return len(missing)


@verb
def add_evidence(
    *,
    actor: Any,
    participant: Participant,
    period: Period,
    indicator: uuid.UUID,
    upload: UploadedFile | None = None,
    url: str = "",
    label: str = "",
) -> Evidence:
    """A file (a scan or an Office document, told by its content) or a link; before any text is written, too."""
    participant, known = _begin(actor, participant, period)
    _require_known(known, [indicator])
    if (upload is None) == (not url):
        text = _("Pilih satu berkas atau tulis satu tautan.")
        raise RuleRefused([Problem(text, rule="evidence", field="file")])
    row = _rows(participant, period).get(indicator) or _write(
        None, participant, period, Entry(indicator, ""), actor
    )
    if row.evidence.filter(removed_at=None).count() >= MOST_EVIDENCE:
        text = _("Paling banyak sepuluh bukti dukung untuk satu indikator pada satu periode.")
        raise refused(text, rule="most_evidence", field="file")
    file = store_file(upload=upload, subject=row, actor=actor, allowed=OFFICE) if upload is not None else None
    evidence = Evidence.objects.create(
        progress=row, file=file, url="" if file else url, label=label.strip() or (file.name if file else "")
    )
    data = {"indicator": str(indicator), "period": str(period), "label": evidence.label}
    audit.record("evaluations.evidence_added", row, actor=actor, data=data)
    return evidence


@verb
def remove_evidence(*, actor: Any, evidence: Evidence) -> Evidence:
    """No longer shown; the file stays, as what was signed may have rested on it."""
    progress = evidence.progress
    _begin(actor, progress.participant, progress.period)
    if Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=timezone.now()):
        audit.record("evaluations.evidence_removed", progress, actor=actor, data={"label": evidence.label})
    evidence.refresh_from_db()
    return evidence


def _begin(actor: Any, participant: Participant, period: Period) -> tuple[Participant, set[uuid.UUID]]:
    """The locked participant and the indicators of the agreed plan; refuses what cannot be reported on."""
    participant = locked_participant(participant)
    demand(can_report(actor, participant))
    require_open(participant)
    if period not in working_periods(participant.cycle) or period.start > today():
        raise refused(_("Periode ini belum dimulai."), rule="period_not_begun", citation=RULE)
    plan = agreed_plan(participant, period)
    if plan is None:
        text = _("Realisasi diisi atas SKP yang sudah disepakati dengan pejabat penilai.")
        raise refused(text, rule="no_agreed_plan", citation=RULE)
    signed = Evaluation.objects.filter(participant=participant, period=period, state=EvaluationState.FINAL)
    if signed.exists():
        text = _("Evaluasi periode ini sudah ditandatangani; realisasinya tidak diubah lagi.")
        raise refused(text, rule="already_signed")
    return participant, indicators_of(plan)


def indicators_of(plan: Plan) -> set[uuid.UUID]:
    return set(Indicator.objects.filter(result__plan=plan).values_list("origin", flat=True))


def _require_known(known: set[uuid.UUID], asked: Iterable[uuid.UUID]) -> None:
    if not set(asked) <= known:
        raise refused(_("Indikator ini tidak ada pada SKP Anda yang berlaku."), rule="unknown_indicator")


def _rows(participant: Participant, period: Period) -> dict[uuid.UUID, Progress]:
    return {row.indicator: row for row in Progress.objects.filter(participant=participant, period=period)}


def _differs(row: Progress | None, entry: Entry) -> bool:
    text = entry.text.strip()
    if row is None:
        return bool(text) or entry.percent is not None
    return (row.text, row.percent) != (text, entry.percent)


def _write(row: Progress | None, participant: Participant, period: Period, entry: Entry, actor: Any) -> Progress:
    earlier = {"text": row.text, "percent": row.percent} if row else None
    row = row or Progress(participant=participant, period=period, indicator=entry.indicator, version=0)
    row.text, row.percent = entry.text.strip(), entry.percent
    row.written_by, row.written_at, row.version = actor, timezone.now(), row.version + 1
    row.save()
    data = {
        "indicator": str(entry.indicator),
        "period": str(period),
        "text": row.text,
        "percent": row.percent,
        "earlier": earlier,
    }
    audit.record("evaluations.progress_saved", row, actor=actor, data=data)
    return row
