"""A report comes into the protected channel; nothing of it says from whom or at what hour."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from feedback.models import WhistleParty, WhistleReport, WhistleStep
from feedback.rules import numbers
from feedback.rules.personal import cleaned
from feedback.rules.whistle import name_tokens
from feedback.services.cases.filing import pin_keys
from feedback.services.cases.guards import refuse, verb
from feedback.services.whistle.steps import deadline, keep_files
from feedback.workflow_whistle import WhistleAction
from kepegawaian.lib.dates import today
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit

_TRIES = 5
MOST_ACCUSED = 10
UNIQUE = ("feedback_whistlereport_number", "feedback_whistlereport_filing_digest")


@dataclass(frozen=True, slots=True)
class Accused:
    name: str
    position: str = ""


@dataclass(frozen=True, slots=True)
class Whistle:
    """What a report needs to be accepted: whom, what, first evidence (SE MenPANRB 8/2012); the rest helps."""

    what: str
    evidence: str
    accused: tuple[Accused, ...] = ()
    unit: Unit | None = None
    when: str = ""
    where: str = ""
    how: str = ""
    files: tuple[UploadedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """`pin` is shown now and never again. `again`: it had been filed."""

    report: WhistleReport
    pin: str
    again: bool = False


def file_report(*, whistle: Whistle, key: str = "", held: bool = False) -> Filed:
    """`key`: random, given out with the form; sending it again gives the same number and PIN. `held`: it looks
    like a machine's, or came without proof of work."""
    for _time in range(_TRIES):
        try:
            return _file(whistle=whistle, key=key, held=held)
        except IntegrityError as error:
            if not any(name in str(error) for name in UNIQUE):
                raise  # anything but a number drawn twice, or the same form sent twice at the same moment
    raise refuse(_("Laporan belum dapat diterima. Coba kirim sekali lagi."), rule="number")


@verb
def _file(*, whistle: Whistle, key: str, held: bool) -> Filed:
    _check(whistle)
    if found := filed_before(key):
        return found
    number = numbers.new_number(today(), numbers.WHISTLE)
    pin = _pin(key)
    report = WhistleReport(
        number=number,
        pin_digest=numbers.pin_digest(pin, number, pin_keys()[0]),
        filing_digest=_digest(key),
        unit=whistle.unit,
        what=cleaned(whistle.what),
        when=cleaned(whistle.when)[:300],
        where=cleaned(whistle.where)[:300],
        how=cleaned(whistle.how),
        evidence=cleaned(whistle.evidence),
        held=held,
    )
    report.save(force_insert=True)
    WhistleStep.objects.create(report=report, version=1, action=WhistleAction.FILE, to_state=report.state)
    report.due_on = deadline(report)
    report.save(update_fields=["due_on"])
    for one in whistle.accused:
        add_party(report, name=one.name, position=one.position)
    keep_files(report, whistle.files)
    return Filed(report, pin)


def add_party(report: WhistleReport, *, name: str, position: str = "", **more: Any) -> WhistleParty:
    """Where the account is known, namesakes are not meant."""
    name = cleaned(name)[:150]
    tokens = [] if more.get("user") else name_tokens(name)
    return WhistleParty.objects.create(
        report=report, name=name, position=cleaned(position)[:150], name_tokens=tokens, **more
    )


def _check(whistle: Whistle) -> None:
    require_fields(
        [
            ("what", cleaned(whistle.what), _("Tuliskan apa yang terjadi.")),
            (
                "evidence",
                cleaned(whistle.evidence),
                _("Sebutkan bukti awal, atau di mana bukti itu dapat dilihat."),
            ),
        ]
    )
    if not whistle.accused and whistle.unit is None:
        raise refuse(_("Sebutkan siapa yang dilaporkan, atau perangkat daerahnya."), field="accused")
    if len(whistle.accused) > MOST_ACCUSED:
        raise refuse(_("Paling banyak %(limit)d orang.") % {"limit": MOST_ACCUSED}, field="accused")


def filed_before(key: str) -> Filed | None:
    """The report that this form was filed as, with its PIN: whoever has the key filed it."""
    digest = _digest(key)
    found = WhistleReport.objects.filter(filing_digest=digest).first() if digest else None
    return Filed(found, _pin(key), again=True) if found is not None else None


def _digest(key: str) -> str | None:
    return hashlib.sha256(f"whistle:{key}".encode()).hexdigest() if key else None


def _pin(key: str) -> str:
    return numbers.pin_of_filing(f"whistle:{key}", pin_keys()[0]) if key else numbers.new_pin()
