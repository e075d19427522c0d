"""A government with organisers and citizens, and short ways to a forum in each of its phases."""

import datetime
from dataclasses import dataclass
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from django.utils import timezone

from feedback.enums import ProcessKind
from feedback.models import FeedbackSetting, Meeting, Process, Proposal
from feedback.services import forums, forums_meetings, forums_proposals
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from tests.accounts.factories import UserFactory
from tests.support.remembered import remembered
from tests.units.factories import RoleAssignmentFactory, UnitFactory

START = datetime.date(2026, 3, 2)
"""The first day of the phase of proposals; support runs from 16 March, the decision from 30 March."""
SUPPORT, DECISION, OVER = "2026-03-16", "2026-03-30", "2027-06-01"
NIK = "3578014101900001"


def citizen(name: str = "Siti Warga", *, confirmed: bool = True) -> User:
    user = UserFactory(nip=None, name=name, email=f"{name.lower().replace(' ', '.')}@warga.test")
    if confirmed:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    RoleAssignmentFactory(user=user, role=Role.CITIZEN)
    return user


def officer(name: str, role: Role, unit=None) -> User:
    user = UserFactory(name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    RoleAssignmentFactory(user=user, role=role, unit=unit)
    return user


@dataclass
class Square:
    """`organiser` and `second` organise the forums of `office`, `stranger` those of another office."""

    root: object
    office: object
    other: object
    organiser: User
    second: User
    stranger: User
    siti: User
    budi: User
    forum: Process

    def propose(self, by: User | None = None, title: str = "Lampu jalan di Jalan Melati", **facts) -> Proposal:
        facts = {"title": title, "text": "Jalan gelap sehingga rawan kecelakaan.", **facts}
        return forums_proposals.propose(actor=by or self.siti, process=self.forum, facts=facts)

    def meeting(self, *, start: str = "2026-04-01T02:00:00+00:00", **facts) -> Meeting:
        starts = datetime.datetime.fromisoformat(start)
        values = {
            "title": "Musyawarah kecamatan",
            "text": "",
            "mode": "in_person",
            "address": "Aula Kecamatan",
            "hints": "",
            "link": "",
            "registration": True,
            "seats": 2,
            "starts_at": starts,
            "ends_at": starts + datetime.timedelta(hours=3),
            **facts,
        }
        agenda = [{"title": "Pembukaan", "minutes": 10, "speaker": "Camat"}]
        return forums_meetings.save_meeting(actor=self.organiser, process=self.forum, facts=values, agenda=agenda)

    def change(self, **settings) -> Process:
        Process.objects.filter(pk=self.forum.pk).update(**settings)
        self.forum = Process.objects.select_related("unit", "area").get(pk=self.forum.pk)
        return self.forum


@remembered
def make_square(kind: str = ProcessKind.GENERAL, **setting) -> Square:
    FeedbackSetting.objects.update_or_create(singleton=True, defaults=setting)
    root = UnitFactory(government=True)
    office = UnitFactory(office=True, name="Dinas Pekerjaan Umum", short_name="DPU", parent=root)
    other = UnitFactory(office=True, name="Dinas Sosial", parent=root)
    organiser = officer("Rina Penyelenggara", Role.COMPLAINT_LIAISON, office)
    forum = forums.create_process(
        actor=organiser,
        unit=office,
        slug="jalan-2026",
        kind=kind,
        facts={"title": "Jalan kita", "summary": "Usulan perbaikan jalan.", "starts_on": START},
    )
    return Square(
        root=root,
        office=office,
        other=other,
        organiser=organiser,
        second=officer("Tono Penyelenggara", Role.COMPLAINT_LIAISON, office),
        stranger=officer("Umar Dinsos", Role.COMPLAINT_LIAISON, other),
        siti=citizen("Siti Warga"),
        budi=citizen("Budi Warga"),
        forum=forums.publish_process(actor=organiser, process=forum),
    )


def fresh(row):
    """As it is in the database, with nothing remembered."""
    return type(row)._default_manager.get(pk=row.pk)


def phase(start: str, end: str, *, proposals=False, supports=False, comments=False):
    day = datetime.date.fromisoformat
    return SimpleNamespace(
        starts_on=day(start), ends_on=day(end), proposals=proposals, supports=supports, comments=comments
    )


def hours_ago(hours: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(hours=hours)
