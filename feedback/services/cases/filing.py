"""A case comes in: from a citizen with or without account, from an officer for somebody, from a program."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import FILED_KINDS, CaseKind, CaseState, Channel, Party, Phase
from feedback.models import (
    ApiClient,
    Case,
    CaseFile,
    CaseStep,
    FeedbackSetting,
    Moderation,
    Reporter,
    ReviewEntry,
    Service,
    current_setting,
)
from feedback.rules import clocks as clock_rules
from feedback.rules import numbers
from feedback.rules.personal import cleaned, headline
from feedback.services.cases import appeals, steps
from feedback.services.cases.clocks import Clocks, calendar_of, hours_of, local_now, mirrored
from feedback.services.cases.guards import locked, refuse, verb
from feedback.services.cases.telling import tell_reporter
from feedback.workflow import Action
from kepegawaian.accounts.crypto import seal
from kepegawaian.audit import services as audit
from kepegawaian.audit.models import Event
from kepegawaian.calendars.rules import WorkCalendar
from kepegawaian.documents.services import Incoming, keep_together
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.inserting import insert_together
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit

MAX_FILES = 5
MAX_FILE_MB = 10
TITLE_LENGTH = 150
LONGEST = 8000
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of the reporter; empty for nobody."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    nik: str = ""

    def __bool__(self) -> bool:
        return any((self.name, self.email, self.phone, self.address, self.nik))


@dataclass(frozen=True, slots=True)
class Filing:
    """What a form, a program or an officer hands in. Without a title the first words of the text are it."""

    text: str
    kind: str = CaseKind.SERVICE
    title: str = ""
    service: Service | None = None
    unit: Unit | None = None
    anonymous: bool = False
    secret: bool = False
    place: str = ""
    lat: Decimal | None = None
    long: Decimal | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    contact: Contact = Contact()
    channel: str = Channel.WEB
    files: tuple[Incoming, ...] = ()
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Filed:
    """`pin` is shown now and never again; empty where an account opens the case. `again`: it had been filed."""

    case: Case
    pin: str = ""
    again: bool = False


def pin_keys() -> list[bytes]:
    return [force_bytes(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def file_case(
    *,
    filing: Filing,
    user: Any = None,
    officer: Any = None,
    client: ApiClient | None = None,
    key: str = "",
    held: str = "",
    setting: FeedbackSetting | None = None,
) -> Filed:
    """Take a case in. `user`: the account of the citizen who files; `officer`: who files it for somebody.

    `key`: random, given out with the form and kept by the browser; sending it again gives the same case and PIN.
    `held`: a `ReviewEntry.Why`, where a person must look at the filing before anything happens with it.
    """
    if officer is not None:
        demand(permissions.can_file_for_others(officer))
    _check(filing)
    found: Filed | None = None
    for _time in range(_TRIES):
        try:
            return found or _file(
                filing=filing,
                user=user,
                officer=officer,
                client=client,
                key=key,
                held=held,
                setting=setting or current_setting(),
            )
        except IntegrityError as error:
            if "feedback_case" not in str(error) or "unique" not in str(error).lower():
                raise  # anything but a number drawn twice, or the same form sent twice
            found = filed_before(key)
    raise refuse(_("Laporan belum dapat diterima. Coba kirim sekali lagi."), rule="number")


@verb
def _file(
    *,
    filing: Filing,
    user: Any,
    officer: Any,
    client: ApiClient | None,
    key: str,
    held: str,
    setting: FeedbackSetting,
) -> Filed:
    case, calendar = _new_case(filing, setting, officer=officer, client=client, held=bool(held))
    case.filing_digest = _digest(key)
    pin = "" if user is not None and not filing.anonymous else _pin(key)
    case.pin_digest = numbers.pin_digest(pin, case.number, pin_keys()[0]) if pin else ""
    reporter = _reporter(case, filing, user)
    clocks = _start_clocks(case, setting, calendar)
    known = [row for row in (reporter, ReviewEntry(case=case, why=held) if held else None) if row is not None]
    insert_together([case, *known, *clocks.new, *_log(case, officer=officer)])
    _keep_files(case, filing.files, party=Party.REPORTER if officer is None else Party.ADMIN, actor=officer)
    steps.wait(case, by=officer, fresh=True)
    if reporter is not None:
        receipt = {"pin": pin} if pin else None
        tell_reporter(
            notifications.Received,
            case,
            occasion="receipt",
            secret=receipt,
            reporter=reporter,
            due=_due_of(clocks, Phase.FINAL) or case.due_on,
        )
    return Filed(case, pin)


_FILED: Prepared[Case] = Prepared(lambda slot: Case.objects.filter(filing_digest=slot("digest")))


def filed_before(key: str) -> Filed | None:
    """The case that this form was filed as, with its PIN: whoever has the key filed it."""
    digest = _digest(key)
    found = _FILED.first(digest=digest) if digest else None
    return Filed(found, _pin(key) if found.pin_digest else "", again=True) if found is not None else None


def _digest(key: str) -> str | None:
    return hashlib.sha256(key.encode()).hexdigest() if key else None


def _pin(key: str) -> str:
    return numbers.pin_of_filing(key, pin_keys()[0]) if key else numbers.new_pin()


def _due_of(clocks: Clocks, phase: Phase) -> Any:
    return next((row.due_on for row in clocks.rows if row.phase == phase), None)


def _check(filing: Filing) -> None:
    text = cleaned(filing.text)
    require_fields([("text", text, _("Tuliskan isi laporan."))])
    if len(text) > LONGEST:
        raise refuse(_("Isi laporan paling panjang %(limit)d huruf.") % {"limit": LONGEST}, field="text")
    if (filing.lat is None) != (filing.long is None):
        raise refuse(_("Titik lokasi tidak lengkap."), field="lat", rule="point")
    if len(filing.files) > MAX_FILES:
        raise refuse(_("Paling banyak %(limit)d berkas.") % {"limit": MAX_FILES}, field="files", rule="files")
    if filing.kind not in FILED_KINDS:
        raise refuse(_("Pilih jenis laporan."), field="kind")


def _new_case(
    filing: Filing, setting: FeedbackSetting, *, officer: Any, client: ApiClient | None, held: bool
) -> tuple[Case, WorkCalendar]:
    unit = filing.unit or (filing.service.unit if filing.service else None)
    now = local_now(unit)
    calendar = calendar_of(unit, now.date(), setting)
    case = Case(
        number=numbers.new_number(now.date()),
        kind=filing.kind,
        service=filing.service,
        unit=unit,
        title=title_of(filing.title, filing.text),
        text=filing.text,
        anonymous=filing.anonymous,
        secret=filing.secret,
        held=held,
        place=cleaned(filing.place)[:300],
        lat=filing.lat,
        long=filing.long,
        attributes=dict(filing.attributes),
        channel=filing.channel,
        client=client,
        filed_by=officer,
        received_at=now,
        received_on=clock_rules.day_zero(now.replace(tzinfo=None), hours_of(setting), calendar),
    )
    case.accused = []
    return case, calendar


def title_of(title: str, text: str) -> str:
    """The title that was given, or the first words of the text."""
    given = cleaned(title)
    return headline(given, TITLE_LENGTH) if given else headline(" ".join(cleaned(text).split()), TITLE_LENGTH // 2)


def _reporter(case: Case, filing: Filing, user: Any) -> Reporter | None:
    contact = filing.contact
    if user is None and not contact:
        return None
    return Reporter(
        case=case,
        user=user,
        name=contact.name.strip()[:150],
        email=contact.email.strip().lower() or (user.email or "" if user is not None else ""),
        phone=contact.phone.strip()[:30],
        address=contact.address.strip()[:300],
        sealed_nik=seal(contact.nik) if contact.nik else "",
        language=filing.language,
    )


def _start_clocks(case: Case, setting: FeedbackSetting, calendar: WorkCalendar) -> Clocks:
    clocks = Clocks(case, setting, on=case.received_on, fresh=True)
    clocks.calendar = calendar  # of the same unit, from the day on which it came
    clocks.start(Phase.VERIFY, case.received_on)
    clocks.start(Phase.FINAL, case.received_on)
    for name, value in mirrored(clocks).items():
        setattr(case, name, value)
    return clocks


def _keep_files(case: Case, files: Iterable[Incoming], *, party: Party, actor: Any, message: Any = None) -> None:
    stored = keep_together(files=files, subject=case, actor=actor, max_mb=MAX_FILE_MB)
    insert_together(CaseFile(case=case, stored=row, party=party, message=message) for row in stored)


def _log(case: Case, *, officer: Any) -> tuple[CaseStep, Event]:
    step = CaseStep(
        case=case,
        version=case.version,
        action=Action.FILE,
        party=Party.REPORTER,
        actor=officer,
        for_reporter=officer is not None,
        to_state=CaseState.NEW,
        due_after=case.due_on,
        data={"channel": case.channel},
    )
    return step, audit.build("feedback.file", case, actor=officer, data={"channel": case.channel})


@verb
def decide_review(*, actor: Any, case: Case, passed: bool) -> Case:
    """A filing that was held: let it pass, from now on an ordinary case, or call it no report."""
    case = locked(case)
    demand(permissions.can_handle(actor, case))
    entry = ReviewEntry.objects.select_for_update().filter(case=case, outcome="").first()
    if entry is None:
        return case
    outcome = ReviewEntry.Outcome.PASSED if passed else ReviewEntry.Outcome.REFUSED
    entry.outcome, entry.decided_by, entry.decided_at = outcome, actor, timezone.now()
    entry.save(update_fields=["outcome", "decided_by", "decided_at"])
    if passed:
        case.held = False
        case.save(update_fields=["held"])
        steps.wait(case, by=actor)
        return case
    steps.advance(case, Action.SPAM, party=Party.ADMIN, actor=actor, held=False)
    appeals.log(case, case, Moderation.Act.SPAM, actor, "", text=case.text, reason=Moderation.Reason.SPAM)
    return case


def add_files(case: Case, files: Iterable[Incoming], *, party: Party, actor: Any, message: Any = None) -> None:
    """More files for a case, in the transaction of the caller; five from the reporter at a time."""
    files = list(files)
    if len(files) > MAX_FILES:
        raise refuse(_("Paling banyak %(limit)d berkas.") % {"limit": MAX_FILES}, field="files", rule="files")
    _keep_files(case, files, party=party, actor=actor, message=message)
