"""Cases that say the same are joined, ones that say several things are split; both can be followed back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import Audience, CaseState, Party, Phase
from feedback.models import Case, CaseFile, CaseMessage, CaseParty, CaseStep, Merge, Reporter, Service, Watch
from feedback.permissions import Reporting
from feedback.rules import numbers
from feedback.rules.personal import cleaned
from feedback.services.cases import people
from feedback.services.cases.clocks import Clocks, mirrored
from feedback.services.cases.guards import locked, refuse, verb
from feedback.services.cases.steps import advance, wait
from feedback.services.cases.telling import tell_reporter
from feedback.workflow import Action
from kepegawaian.audit import services as audit
from kepegawaian.lib.access import Answer
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.inserting import insert_together
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit
from kepegawaian.work.services import close_item, open_item

ITEM = "feedback.contest"
NOT_JOINED = _("Laporan ini tidak sedang digabung.")
NOT_CONTESTED = _("Tidak ada keberatan pelapor yang menunggu.")


@verb
def merge(*, actor: Any, case: Case, main: Case, reason: str = "") -> Merge:
    """`case` says what `main` says: it ends here, both numbers stay, and its followers follow the main one.

    Locked in the order of their ids, so that two officers joining the same two never wait for each other.
    """
    if case.pk == main.pk:
        raise refuse(_("Laporan tidak dapat digabung dengan dirinya sendiri."), field="main", rule="merge")
    first, second = sorted((case, main), key=lambda row: row.pk)
    rows = {row.pk: row for row in (locked(first), locked(second))}
    case, main = rows[case.pk], rows[main.pk]
    demand(permissions.can_handle(actor, case))
    demand(permissions.can_handle(actor, main))
    if main.merged_into_id is not None or main.state == CaseState.SPAM:
        raise refuse(_("Laporan utama itu sendiri sudah digabung atau ditutup."), field="main", rule="merge")
    if main.secret != case.secret:
        raise refuse(_("Laporan rahasia tidak digabung dengan laporan terbuka."), field="main", rule="merge")
    row = Merge.objects.create(main=main, duplicate=case, reason=cleaned(reason)[:300], merged_by=actor)
    data = {"main": main.number, "merge": row.pk}
    advance(case, Action.MERGE, party=Party.ADMIN, actor=actor, note=reason, data=data, merged_into=main)
    followers = Watch.objects.filter(case=case).exclude(user__in=Watch.objects.filter(case=main).values("user"))
    Watch.objects.bulk_create(
        [Watch(case=main, user_id=user) for user in followers.values_list("user_id", flat=True)]
    )
    tell_reporter(notifications.Finished, case, reason="", agency="", main=main.number, open=main.is_public)
    return row


@verb
def unmerge(*, actor: Any, case: Case, reason: str) -> Case:
    """It was another matter after all: the case goes on by itself, from verification."""
    case = locked(case)
    demand(permissions.can_handle(actor, case))
    require_fields([("reason", reason, _("Tuliskan alasannya."))])
    row = Merge.objects.select_for_update().filter(duplicate=case, undone_at=None).first()
    if row is None:
        raise refuse(NOT_JOINED, rule="merge")
    row.undone_by, row.undone_at = actor, timezone.now()
    row.save(update_fields=["undone_by", "undone_at"])
    advance(case, Action.UNDO, party=Party.ADMIN, actor=actor, note=reason, merged_into=None)
    tell_reporter(notifications.Resumed, case, due=case.due_on)
    return case


# --- The reporter says that it is another matter ----------------------------------------------------
def is_contested(case: Case) -> bool:
    """Said, and nobody has decided on it since."""
    if case.state != CaseState.DUPLICATE:
        return False
    decisive = (Action.MERGE, Action.CONTEST, Action.KEEP_JOINED)
    last = CaseStep.objects.filter(case=case, action__in=decisive).order_by("-version").first()
    return last is not None and last.action == Action.CONTEST


def can_keep_joined(user: Any, case: Case) -> Answer:
    """Another admin than the one who joined them, where there is another; taking them apart is anybody's."""
    answer = permissions.can_handle(user, case)
    joined = Merge.objects.filter(duplicate=case, undone_at=None, merged_by=user)
    if not answer or not joined.exists():
        return answer
    others = (row for row in people.admins_for(case) if row.pk != user.pk)
    return permissions.OWN_MERGE if any(permissions.can_handle(row, case) for row in others) else answer


def _decider(case: Case) -> Any:
    able = (people.admin_for(case), *people.admins_for(case))
    return next((user for user in able if user is not None and can_keep_joined(user, case)), None)


@verb
def contest_merge(*, by: Reporting, case: Case, reason: str) -> Case:
    """The admin takes the case apart again, or says why it stays. Saying it twice is saying it once."""
    case = locked(case)
    demand(permissions.can_report(by, case))
    require_fields([("reason", reason, _("Tuliskan apa yang berbeda."))])
    if case.state != CaseState.DUPLICATE:
        raise StateChanged(NOT_JOINED)
    if is_contested(case):
        return case
    CaseMessage.objects.create(case=case, party=Party.REPORTER, audience=Audience.REPORTER, text=cleaned(reason))
    for_reporter = by.officer is not None
    advance(case, Action.CONTEST, party=Party.REPORTER, actor=by.officer, for_reporter=for_reporter)
    admin = _decider(case)
    open_item(
        kind=ITEM,
        subject=case,
        holder=admin,
        title=case.number if case.secret else f"{case.number} {case.title}",
        url=notifications.case_url(case),
        context={"state": case.state, "kind": case.kind},
    )
    notifications.tell(notifications.Watched, case, [admin], occasion=case.version)
    return case


@verb
def keep_joined(*, actor: Any, case: Case, reason: str) -> Case:
    """It is the same matter, a second admin finds; the reporter reads why."""
    case = locked(case)
    demand(can_keep_joined(actor, case))
    require_fields([("reason", reason, _("Tuliskan alasannya."))])
    if not is_contested(case):
        raise StateChanged(NOT_CONTESTED)
    text = cleaned(reason)
    CaseMessage.objects.create(case=case, party=Party.ADMIN, author=actor, audience=Audience.REPORTER, text=text)
    advance(case, Action.KEEP_JOINED, party=Party.ADMIN, actor=actor, note=reason)
    close_item(kind=ITEM, subject=case, by=actor)
    tell_reporter(notifications.Wrote, case, text="" if case.secret else text)
    return case


@dataclass(frozen=True, slots=True)
class Part:
    """One of the matters in a case that holds several."""

    text: str
    title: str
    unit: Unit | None = None
    service: Service | None = None
    kind: str = ""


@verb
def split(*, actor: Any, case: Case, parts: Sequence[Part]) -> list[Case]:
    """A case of its own for each further matter; day of receipt, flags, place, files and reporter are those of the
    first. The reporter opens them with the PIN of the first (`Case.first`) and finds them on its page."""
    case = locked(case)
    demand(permissions.can_handle(actor, case))
    if case.state != CaseState.VERIFYING:
        raise refuse(_("Laporan dipisah saat diverifikasi."), rule="state")
    if not parts:
        raise refuse(_("Tuliskan sedikitnya satu bagian."), field="parts")
    for part in parts:
        require_fields(
            [("text", part.text, _("Tuliskan isi bagian ini.")), ("title", part.title, _("Isi judulnya."))]
        )
    made = [_part(case, part, actor) for part in parts]
    advance(case, Action.SPLIT, party=Party.ADMIN, actor=actor, data={"parts": [row.number for row in made]})
    return made


def _part(case: Case, part: Part, actor: Any) -> Case:
    row = Case(
        number=numbers.new_number(case.received_on),
        kind=part.kind or case.kind,
        service=part.service,
        unit=part.unit or (part.service.unit if part.service else None),
        title=cleaned(part.title)[:150],
        text=part.text,
        anonymous=case.anonymous,
        secret=case.secret,
        place=case.place,
        lat=case.lat,
        long=case.long,
        channel=case.channel,
        received_at=case.received_at,
        received_on=case.received_on,
        split_from=case,
        filed_by=actor,
    )
    clocks = Clocks(row, fresh=True)
    clocks.start(Phase.VERIFY, row.received_on)
    clocks.start(Phase.FINAL, row.received_on)
    for name, value in mirrored(clocks).items():
        setattr(row, name, value)
    insert_together([row, *clocks.new])
    _copy_people(case, row)
    _copy_files(case, row)
    CaseStep.objects.create(
        case=row,
        version=row.version,
        action=Action.SPLIT,
        party=Party.ADMIN,
        actor=actor,
        to_state=CaseState.NEW,
        due_after=row.due_on,
        data={"from": case.number},
    )
    audit.record("feedback.split", row, actor=actor, data={"from": case.pk})
    wait(row, by=actor, fresh=True)
    tell_reporter(notifications.Received, row, occasion="receipt", due=row.due_on, first=case.first.number)
    return row


def _copy_files(case: Case, row: Case) -> None:
    """What the report came with; what an officer offered of it is offered anew."""
    files = CaseFile.objects.filter(case=case, message=None).order_by("id")
    insert_together(CaseFile(case=row, stored_id=file.stored_id, party=file.party) for file in files)


def _copy_people(case: Case, row: Case) -> None:
    reporter = Reporter.objects.filter(case=case).first()
    if reporter is not None:
        reporter.pk, reporter.case, reporter._state.adding = uuid7(), row, True
        reporter.save(force_insert=True)
    for party in CaseParty.objects.filter(case=case, withdrawn_at=None):
        party.pk, party.case, party._state.adding = uuid7(), row, True
        party.save(force_insert=True)
