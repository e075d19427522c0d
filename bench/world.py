"""What a measurement needs from the database: signed-in people, free dates, requests that wait."""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import Count, QuerySet

from bench.client import Client
from evaluations.enums import CycleState
from evaluations.models import Participant
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.calendars import rules as days
from kepegawaian.calendars.services import holidays_between
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.units.models import RoleAssignment
from leave import services
from leave.enums import Outcome, StepKind
from leave.models import LeaveRequest, LeaveStep

ROUNDS_AHEAD, PEOPLE = 60, 400


@dataclass(frozen=True)
class Filing:
    """A person and a working day on which no request of his stands."""

    employee: Employee
    day: datetime.date


class World:
    """Everything is prepared before the clock runs; nothing of it is measured."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS bench_floor (id bigserial PRIMARY KEY, word text)")
        self.filings = self._filings()

    def anonymous(self) -> Client:
        return Client(self.host, self.port)

    def signed_in(self, user: User) -> Client:
        """A session as sign-in makes it, without its deliberately slow password hash."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        client = self.anonymous()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        client.get("/cuti/permohonan/baru/" if hasattr(user, "employee") else "/")
        return client

    def employees(self, count: int) -> list[Employee]:
        """Staff with a balance."""
        return list(self._staff().order_by("id")[:count])

    def _staff(self) -> "QuerySet[Employee]":
        people = Employee.objects.filter(
            status="pns", leave_account__isnull=False, current_position_kind="functional"
        )
        return people.select_related("user", "current_unit")

    def _spread(self, count: int) -> list[Employee]:
        """Staff from all over the government."""
        keys = list(self._staff().order_by("current_path", "id").values_list("pk", flat=True))
        return list(self._staff().filter(pk__in=keys[:: max(1, len(keys) // count)][:count]).order_by("id"))

    def waiting(self, kind: StepKind, count: int) -> list[LeaveStep]:
        """So many boxes to fill of a kind, the newest; what is missing is filed, and opined, first. Fewer only
        where nobody is left who could file."""
        open_steps = LeaveStep.objects.filter(kind=kind, closed_at=None, holder__isnull=False, request__type="CT")
        missing, without = count - open_steps.count(), set()
        for filing in self.filings:
            if missing <= 0:
                break
            if filing.employee.pk in without:
                continue
            if self._filed_until(kind, filing):
                missing -= 1
            else:
                without.add(filing.employee.pk)
        return list(open_steps.select_related("holder", "request").order_by("-opened_at")[:count])

    def _filed_until(self, kind: StepKind, filing: Filing) -> bool:
        """Whether the request now waits in that box: of some the superior decides too, or no days are left."""
        day, person = filing.day, filing.employee
        data = services.RequestData(
            day, day, reason="Keperluan keluarga", address="Jl. Contoh No. 1", phone="0812"
        )
        try:
            filed = services.file_request(actor=person.user, employee=person, data=data)
            opinion = self._open_step(filed, StepKind.OPINION)
            if kind == StepKind.DECISION and opinion is not None:
                verdict = services.Verdict(Outcome.APPROVED)
                services.give_opinion(actor=opinion.holder, request=filed, verdict=verdict)
        except ApplicationError:
            return False
        return self._open_step(filed, kind) is not None

    @staticmethod
    def _open_step(filed: LeaveRequest, kind: StepKind) -> LeaveStep | None:
        steps = filed.steps.filter(kind=kind, closed_at=None, holder__isnull=False)
        return steps.select_related("holder").first()

    def hr(self) -> User:
        assignment = RoleAssignment.objects.filter(role=Role.HR_CENTRAL, unit=None).select_related("user").first()
        if assignment is None:
            raise LookupError("the demo data has no HR officer of the whole government")
        return assignment.user

    def busy_holder(self) -> User:
        """Somebody for whom requests wait."""
        step = LeaveStep.objects.filter(closed_at=None, holder__isnull=False).select_related("holder").first()
        if step is None or step.holder is None:
            raise LookupError("no request waits for anybody")
        return step.holder

    def busy_assessor(self) -> User:
        """Who assesses the most people of the newest year that is open, so a team as large as there is."""
        teams = Participant.objects.filter(
            assessor__user__isnull=False, left_on=None, cycle__state=CycleState.OPEN
        )
        found = teams.values("cycle__year", "assessor__user").annotate(people=Count("pk"))
        largest = found.order_by("-cycle__year", "-people").first()
        if largest is None:
            raise LookupError("nobody is assessed by anybody")
        return User.objects.get(pk=largest["assessor__user"])

    def _filings(self) -> Iterator[Filing]:
        """One day for each person after another, then the next day for each."""
        people = self._spread(PEOPLE)
        start = datetime.date(today().year + 1, 1, 10)
        end = datetime.date(start.year, 12, 20)
        weekly = [days.PatternPeriod(start, None, days.FIVE_DAY)]
        holidays = list(holidays_between(start, end).values())
        free = days.working_days(start, end, patterns=weekly, holidays=holidays)[::3]
        used = {
            (employee_id, day)
            for employee_id, first, last in LeaveStep.objects.filter(request__end__gte=start).values_list(
                "request__employee_id", "request__start", "request__end"
            )
            for day in (first + datetime.timedelta(n) for n in range((last - first).days + 1))
        }
        for day, person in itertools.product(free[:ROUNDS_AHEAD], people):
            if (person.pk, day) not in used:
                yield Filing(person, day)
