"""A government with its complaint officers, and short ways to the states of a case; every step by its own verb."""

import datetime
from dataclasses import dataclass, field

from feedback.enums import CaseKind, CaseState, Outcome
from feedback.models import Case, FeedbackSetting, Service
from feedback.permissions import Reporting
from feedback.services import cases
from feedback.services.cases import Contact, Filing
from feedback.services.defaults import seed_defaults
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.calendars.models import Holiday
from tests.employees.factories import EmployeeFactory, Government, UserFactory, make_government
from tests.support.remembered import remembered
from tests.units.factories import RoleAssignmentFactory, UnitFactory

THURSDAY = datetime.date(2026, 1, 15)
"""The day most tests begin: the first worked date of the reference, ten o'clock in Jakarta."""
HOLIDAYS = ("01-01", "01-16", "02-17", "03-19", "03-21", "03-22", "04-03")
TEXT = "Antrean loket panjang sekali, petugas hanya satu orang."


def set_up_feedback(**setting) -> FeedbackSetting:
    """The default limits and the one row of settings; `second_eye=False` and the like change it."""
    seed_defaults()
    for text in HOLIDAYS:
        date = datetime.date.fromisoformat(f"2026-{text}")
        Holiday.objects.create(date=date, kind="national", name_id="Libur", name_en="Holiday")
    FeedbackSetting.objects.update(**setting) if setting else None
    return FeedbackSetting.objects.get()


@dataclass
class Desk:
    """`admin` handles everything; `liaison` and `checker` answer for the office, `leader` leads it, `chief` the
    government; `inspector` looks on; `keeper` and `second` keep the protected channel; `citizen` has an account.
    `other` is an office apart with its own liaison."""

    gov: Government
    admin: User
    liaison: User
    checker: User
    leader: User
    chief: User
    inspector: User
    keeper: User
    second: User
    other: object
    other_liaison: User
    citizen: User
    service: Service
    filed: list = field(default_factory=list)

    # --- The ways --------------------------------------------------------------------------------
    def file(self, *, user=None, officer=None, key="", held="", **facts) -> Case:
        facts = {"text": TEXT, "service": self.service, **facts}
        done = cases.file_case(filing=Filing(**facts), user=user, officer=officer, key=key, held=held)
        self.filed.append(done)
        return done.case

    @property
    def pin(self) -> str:
        return self.filed[-1].pin

    def reporter(self, case: Case) -> Reporting:
        return Reporting(case_id=case.pk)

    def opened(self, **facts) -> Case:
        return cases.open_case(actor=self.admin, case=self.file(**facts))

    def assigned(self, **facts) -> Case:
        return cases.assign(actor=self.admin, case=self.opened(**facts), unit=self.gov.office)

    def accepted(self, **facts) -> Case:
        return cases.accept(actor=self.liaison, case=self.assigned(**facts))

    def answer(self, case: Case, text: str = "Loket ditambah mulai besok.", *, checker=None, **decided) -> Case:
        """A request for information is granted unless `decided` says otherwise."""
        if case.kind == CaseKind.REQUEST:
            decided = {"outcome": Outcome.GRANTED, **decided}
        cases.draft_answer(actor=self.liaison, case=case, text=text, **decided)
        cases.submit_answer(actor=self.liaison, case=case)
        cases.check_answer(actor=checker or self.checker, case=case, ok=True)
        return self.fresh(case)

    def answered(self, **facts) -> Case:
        return self.answer(self.accepted(**facts))

    def closed(self, **facts) -> Case:
        case = self.answered(**facts)
        return cases.accept_answer(by=self.reporter(case), case=case)

    def in_state(self, state: CaseState) -> Case:
        ways = {
            CaseState.NEW: self.file,
            CaseState.VERIFYING: self.opened,
            CaseState.ASSIGNED: self.assigned,
            CaseState.IN_PROCESS: self.accepted,
            CaseState.ANSWERED: self.answered,
            CaseState.CLOSED: self.closed,
        }
        return ways[state]()

    @staticmethod
    def fresh(case: Case) -> Case:
        return Case.objects.select_related("unit", "holder_unit", "officer").get(pk=case.pk)


def employed(unit, role=None, scope=None) -> User:
    user = EmployeeFactory(unit=unit).user
    if role is not None:
        RoleAssignmentFactory(user=user, role=role, unit=scope)
    return user


@remembered
def make_desk(**setting) -> Desk:
    set_up_feedback(**setting)
    gov = make_government()
    other = UnitFactory(office=True, name="Dinas Perhubungan", parent=gov.root)
    inspectorate = UnitFactory(office=True, name="Inspektorat", parent=gov.root)
    for user, role, unit in (
        (gov.employee.user, Role.COMPLAINT_LIAISON, gov.office),
        (gov.colleague.user, Role.COMPLAINT_LIAISON, gov.office),
        (gov.office_head.user, Role.LEADER, gov.office),
        (gov.secretary.user, Role.LEADER, gov.root),
    ):
        RoleAssignmentFactory(user=user, role=role, unit=unit)
    return Desk(
        gov=gov,
        admin=employed(gov.personnel, Role.COMPLAINT_ADMIN),
        liaison=gov.employee.user,
        checker=gov.colleague.user,
        leader=gov.office_head.user,
        chief=gov.secretary.user,
        inspector=employed(inspectorate, Role.INSPECTOR),
        keeper=employed(inspectorate, Role.WHISTLE_OFFICER),
        second=employed(gov.personnel, Role.WHISTLE_OFFICER),
        other=other,
        other_liaison=employed(other, Role.COMPLAINT_LIAISON, other),
        citizen=UserFactory(name="Warga Contoh"),
        service=Service.objects.create(unit=gov.office, code="rawat-jalan", name_id="Rawat jalan"),
    )


CONTACT = Contact(name="Siti Warga", email="siti@contoh.test", phone="081234567890", nik="3578105203850002")
