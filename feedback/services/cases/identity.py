"""Who the reporter is: shown to few, each time written down; of the anonymous only by a decision."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback import notifications, permissions
from feedback.enums import Party, Undecided
from feedback.models import Case, IdentityRelease, ReadKind, ReadLog, Reporter, current_setting
from feedback.services.cases.guards import locked, refuse, verb
from feedback.services.cases.steps import advance
from feedback.workflow import Action
from kepegawaian.accounts.crypto import unseal
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right, roles_with
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.readonly import allow_writes
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import RoleAssignment


@dataclass(frozen=True, slots=True)
class Identity:
    name: str
    email: str
    phone: str
    address: str
    nik: str

    def __bool__(self) -> bool:
        return any((self.name, self.email, self.phone, self.address, self.nik))


def note_reading(case: Case, reader: Any, what: str = ReadKind.SECRET) -> None:
    """Every opening of a protected case by an officer; allowed while a page is read."""
    with allow_writes():
        ReadLog.objects.create(case=case, reader=reader, what=what)


@verb
def reveal(*, actor: Any, case: Case) -> Identity:
    """The reporter's name and contacts, and a row in the log that the actor read them."""
    demand(permissions.can_see_identity(actor, case))
    note_reading(case, actor, ReadKind.IDENTITY)
    found = Reporter.objects.filter(case=case).select_related("user").first()
    if found is None:
        return Identity("", "", "", "", "")
    name = found.name or (found.user.name if found.user is not None else "")
    nik = unseal(found.sealed_nik) if found.sealed_nik else ""
    return Identity(name, found.email, found.phone, found.address, nik)


@verb
def ask_release(*, actor: Any, case: Case, reason: str, basis: str) -> IdentityRelease:
    """Ask to know who an anonymous reporter is; asking twice is asking once."""
    case = locked(case)
    demand(permissions.can_ask_identity(actor, case))
    if not case.anonymous:
        raise refuse(_("Pelapor tidak meminta anonim."), rule="anonymous")
    require_fields(
        [
            ("reason", reason, _("Tuliskan mengapa identitas diperlukan.")),
            ("basis", basis, _("Sebutkan dasar hukumnya.")),
        ]
    )
    waiting = IdentityRelease.objects.filter(case=case, asked_by=actor, state=Undecided.WAITING).first()
    if waiting is not None:
        return waiting
    row = IdentityRelease.objects.create(case=case, asked_by=actor, reason=reason[:1000], basis=basis[:200])
    notifications.tell(notifications.IdentityAsked, case, _deciders(row), occasion=row.pk)
    return row


def _deciders(row: IdentityRelease) -> list[User]:
    assigned = RoleAssignment.objects.in_force(today()).filter(
        role__in=roles_with(Right.DECIDE_IDENTITY), user__is_active=True
    )
    people = {item.user.pk: item.user for item in assigned.select_related("user").order_by("id")}
    return [user for user in people.values() if permissions.can_decide_identity(user, row)]


def last_day_of_release() -> datetime.date:
    """Of an identity that is opened today."""
    return today() + datetime.timedelta(days=current_setting().release_days)


@verb
def decide_release(*, actor: Any, release: IdentityRelease, granted: bool, decision: str) -> IdentityRelease:
    """By somebody else than who asked, with reasons; granted, it holds for the days of the setting."""
    case = locked(release.case)
    rows = IdentityRelease.objects.select_for_update(of=("self",)).select_related("case__unit", "asked_by")
    release = rows.get(pk=release.pk)
    demand(permissions.can_decide_identity(actor, release))
    require_fields([("decision", decision, _("Tuliskan pertimbangannya."))])
    if release.state != Undecided.WAITING:
        raise StateChanged(_("Permintaan ini sudah diputus."))
    release.state = Undecided.GRANTED if granted else Undecided.REFUSED
    release.decided_by, release.decided_at, release.decision = actor, timezone.now(), decision[:1000]
    if granted:
        release.valid_until = last_day_of_release()
    release.save()
    party = permissions.party_of(actor, case) or Party.ADMIN
    data = {"release": release.pk, "granted": granted}
    advance(case, Action.RELEASE, party=party, actor=actor, data=data)
    notifications.tell(
        notifications.IdentityDecided,
        case,
        [release.asked_by],
        occasion=release.pk,
        outcome=Undecided(release.state),
    )
    return release
