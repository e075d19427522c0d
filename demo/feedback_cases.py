"""Reports of the last months, filed and handled through the verbs of cases, each at its own moment."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

from django.utils import timezone

from demo.feedback_texts import COMPLETED, FIRST_WORD, FORWARDED, PLACES, QUESTION, RATED, TALES
from demo.moments import ago, moment
from feedback.enums import Audience, CaseKind, CaseState
from feedback.models import Case, Moderation, ReporterMail, ReviewEntry, Service
from feedback.permissions import Reporting
from feedback.services import cases
from feedback.services.cases import Contact, Filing, closing
from feedback.workflow import Action
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit


@dataclass(frozen=True)
class Cast:
    """`liaisons`: two of every office by its id, the second of whom checks what the first wrote."""

    admin: User
    liaisons: dict[object, tuple[User, User]]
    citizen: User
    citizens: list[User]


@dataclass(frozen=True)
class Scene:
    """A report of so many days ago and the state that it has reached."""

    age: int
    until: str
    turn: str = ""
    secret: bool = False


S = CaseState
CLOSED_AGES = (*range(198, 100, -9), *range(97, 30, -6))
SCENES = (
    *(Scene(age, S.CLOSED, "silent" if age in (180, 117, 55) else "") for age in CLOSED_AGES),
    Scene(118, S.CLOSED, "objected"),
    Scene(95, S.LAPSED),
    Scene(88, S.REJECTED),
    Scene(69, S.CLOSED, secret=True),
    Scene(61, S.REFERRED),
    Scene(49, S.IN_PROCESS, "overdue"),
    Scene(36, S.REFERRED),
    Scene(33, S.CANCELLED),
    Scene(32, S.REOPENED),
    Scene(30, S.REJECTED),
    Scene(29, S.SPAM),
    Scene(28, S.CLOSED),
    *(Scene(age, S.ANSWERED) for age in (16, 15, 14, 13, 12, 11)),
    Scene(13, S.IN_PROCESS, "checking"),
    Scene(12, S.IN_PROCESS, "returned"),
    Scene(11, S.IN_PROCESS, "drafted"),
    Scene(10, S.IN_PROCESS, secret=True),
    *(Scene(age, S.IN_PROCESS) for age in (10, 9, 8)),
    Scene(9, S.INCOMPLETE),
    Scene(8, S.INCOMPLETE),
    Scene(7, S.VERIFYING, "completed"),
    Scene(6, S.DUPLICATE),
    *(Scene(age, S.ASSIGNED) for age in (6, 5, 4, 3)),
    *(Scene(age, S.VERIFYING) for age in (3, 2)),
    Scene(2, S.NEW, secret=True),
    *(Scene(age, S.NEW) for age in (1, 1, 0)),
    Scene(1, S.NEW, "held"),
)
"""Sorted by age when they are played, so that lists by number of the row are lists by time."""


@dataclass
class Story:
    """One report through its days; every verb happens at the moment that `on` opens."""

    cast: Cast
    scene: Scene
    service: Service
    words: tuple[str, str, str]
    case: Case = field(init=False)
    minute: int = 0

    @contextmanager
    def on(self, day: float) -> Iterator[None]:
        """So many days after the filing; two verbs of one day are some minutes apart."""
        self.minute = (self.minute + 7) % 60
        with moment(ago(max(self.scene.age - day, 0), hour=9 + min(int(day), 6), minute=self.minute)):
            yield

    @property
    def admin(self) -> User:
        return self.cast.admin

    @property
    def holder(self) -> Unit:
        """What has to be examined goes to another office than the one it is about."""
        if not self.scene.secret:
            return self.service.unit
        return next(office for office in offices() if office.pk != self.service.unit_id)

    @property
    def officers(self) -> tuple[User, User]:
        return self.cast.liaisons[self.holder.pk]

    @property
    def reporter(self) -> Reporting:
        return Reporting(case_id=self.case.pk)

    # --- The straight way ---------------------------------------------------------------------------
    def file(self, number: int, place: str) -> None:
        title, text, _answer = self.words
        kind = CaseKind.INFORMATION if "?" in text else CaseKind.SERVICE
        kind = CaseKind.ASPIRATION if title.startswith(("Usul", "Terima kasih")) else kind
        kind = CaseKind.SUPERVISION if self.scene.secret else kind
        user = None if number % 3 else self.cast.citizens[number % len(self.cast.citizens)]
        user = self.cast.citizen if number % 10 == 5 else user
        anonymous = self.scene.secret or (number % 7 == 2 and user is None)
        nameless = user is not None or anonymous
        filing = Filing(
            text=text,
            title=title,
            kind=kind,
            service=self.service,
            anonymous=anonymous,
            secret=self.scene.secret,
            place=place if self.service.location_needed else "",
            contact=Contact() if nameless else Contact(name=f"Warga {place}", email=f"warga{number}@contoh.test"),
        )
        held = ReviewEntry.Why.NO_PROOF if self.scene.turn == "held" else ""
        with self.on(0):
            self.case = cases.file_case(filing=filing, user=user, held=held).case

    def open(self) -> None:
        with self.on(1):
            cases.open_case(actor=self.admin, case=self.case)

    def assign(self) -> None:
        with self.on(1.5):
            cases.assign(actor=self.admin, case=self.case, unit=self.holder, public_text=FORWARDED)

    def accept(self) -> None:
        with self.on(3):
            cases.accept(actor=self.officers[0], case=self.case)
            cases.message(actor=self.officers[0], case=self.case, text=FIRST_WORD, audience=Audience.PUBLIC)

    def draft(self, day: float) -> None:
        with self.on(day):
            cases.draft_answer(actor=self.officers[0], case=self.case, text=self.words[2])

    def answer(self, day: float) -> None:
        self.draft(day)
        with self.on(day):
            cases.submit_answer(actor=self.officers[0], case=self.case)
        with self.on(day + 1):
            cases.check_answer(actor=self.officers[1], case=self.case, ok=True)

    def close(self) -> None:
        with self.on(self.scene.age / 2 if self.scene.age < 24 else 14):
            cases.accept_answer(by=self.reporter, case=self.case)

    def rate(self, score: int, text: str) -> None:
        with self.on(16):
            cases.rate(by=self.reporter, case=self.case, score=score, text=text)


WAY = (S.NEW, S.VERIFYING, S.ASSIGNED, S.IN_PROCESS, S.ANSWERED, S.CLOSED)
FROM = {
    S.INCOMPLETE: S.VERIFYING,
    S.LAPSED: S.VERIFYING,
    S.REJECTED: S.VERIFYING,
    S.SPAM: S.VERIFYING,
    S.REFERRED: S.VERIFYING,
    S.CANCELLED: S.ASSIGNED,
    S.DUPLICATE: S.VERIFYING,
    S.REOPENED: S.CLOSED,
}
"""The last state of the straight way before a turning."""


def play(cast: Cast, rng: random.Random) -> int:
    """How many reports there are now; an office without services has none."""
    services = [row for row in Service.objects.select_related("unit") if row.code in TALES]
    turns = {service.code: cycle(TALES[service.code]) for service in services}
    ratings = cycle(RATED)
    told: dict[str, Case] = {}
    for number, scene in enumerate(sorted(SCENES, key=lambda each: -each.age)):
        service, place = services[number % len(services)], rng.choice(PLACES)
        title, text, answer = (words.format(place=place) for words in next(turns[service.code]))
        story = Story(cast, scene, service, (title, text, answer))
        story.file(number, place)
        _straight(story)
        _turn(story, told)
        if scene.until == S.CLOSED and scene.turn != "silent" and number % 5:
            story.rate(*next(ratings))
        if story.case.is_public:
            told[service.code] = story.case
    _forget_mails()
    return len(SCENES)


def _straight(story: Story) -> None:
    until = CaseState(story.scene.until)
    last = WAY.index(FROM.get(until, until))
    for step in (story.open, story.assign, story.accept)[:last]:
        step()
    if last >= WAY.index(S.ANSWERED):
        story.answer(6)
    if story.scene.turn == "objected":
        with story.on(9):
            cases.object_to_answer(by=story.reporter, case=story.case, reason="Keadaannya belum berubah.")
        story.answer(11)
    if last >= WAY.index(S.CLOSED):
        if story.scene.turn == "silent":
            with story.on(30):
                closing.by_the_clock(story.case, Action.SILENCE, today())
        else:
            story.close()
    story.case.refresh_from_db()


def _turn(story: Story, told: dict[str, Case]) -> None:
    """Off the straight way."""
    case, admin, scene = story.case, story.admin, story.scene
    until = CaseState(scene.until)
    if until in (S.INCOMPLETE, S.LAPSED) or scene.turn == "completed":
        with story.on(2):
            cases.ask(actor=admin, case=case, question=QUESTION)
    with story.on(3):
        match until:
            case S.REJECTED:
                reason = Moderation.Reason.UNCLEAR
                cases.reject(
                    actor=admin, case=case, reason=reason, explanation="Isi laporan tidak dapat dipahami."
                )
            case S.SPAM:
                cases.mark_spam(actor=admin, case=case)
            case S.REFERRED:
                why = "Hal ini dikelola pemerintah pusat."
                cases.refer_outside(actor=admin, case=case, agency="Balai Besar Kementerian", reason=why)
            case S.CANCELLED:
                cases.cancel(by=story.reporter, case=case, reason="Sudah selesai sendiri.")
            case S.DUPLICATE:
                main = told.get(story.service.code) or next(iter(told.values()))
                cases.merge(actor=admin, case=case, main=main, reason="Keadaan yang sama.")
    _late_turn(story)


def _late_turn(story: Story) -> None:
    case, (first, second), scene = story.case, story.officers, story.scene
    if scene.until == S.LAPSED:
        with story.on(40):
            closing.by_the_clock(case, Action.LAPSE, today())
    if scene.until == S.REOPENED:
        with story.on(scene.age - 1):
            cases.reopen(by=story.reporter, case=case, reason="Keadaannya kembali seperti semula.")
    if scene.turn == "completed":
        with story.on(4):
            cases.complete(by=story.reporter, case=case, text=COMPLETED)
    if scene.turn in ("drafted", "checking", "returned"):
        story.draft(6)
    if scene.turn in ("checking", "returned"):
        with story.on(7):
            cases.submit_answer(actor=first, case=case)
    if scene.turn == "returned":
        with story.on(8):
            cases.check_answer(actor=second, case=case, ok=False, note="Sebutkan tanggal pengerjaannya.")


def _forget_mails() -> None:
    """What the past mailed to invented reporters was sent then."""
    now = timezone.now()
    rows = ReporterMail.objects.filter(state=ReporterMail.State.PENDING)
    rows.update(state=ReporterMail.State.SENT, sealed="", sent_at=now)


def offices() -> list[Unit]:
    """Those that have services, in the order of the tree."""
    return list(Unit.objects.filter(public_services__isnull=False).distinct().order_by("path"))
