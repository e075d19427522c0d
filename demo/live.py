"""Requests of these weeks, filed and decided through the portal's own verbs, so that every inbox has something."""

import datetime
import random
import uuid
from dataclasses import dataclass

from demo import names
from demo.people import Person
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import ApplicationError
from leave.enums import Outcome, RequestState
from leave.models import LeaveRequest
from leave.services import RequestData, Verdict, decide, file_request, give_opinion

MOST = 40


@dataclass(frozen=True)
class Scene:
    """One request: how many weeks ahead it starts, how long it is, how far it has come."""

    weeks: int
    days: int
    until: str
    outcome: str = Outcome.APPROVED
    reason: str = ""


OF_EMPLOYEE = (Scene(6, 2, RequestState.GRANTED), Scene(10, 3, RequestState.SUBMITTED))
OF_COLLEAGUES = (
    Scene(3, 2, RequestState.SUBMITTED),
    Scene(4, 4, RequestState.SUBMITTED),
    Scene(3, 1, RequestState.OPINED),
    Scene(5, 3, RequestState.OPINED),
    Scene(2, 2, RequestState.GRANTED),
    Scene(7, 5, RequestState.REFUSED, Outcome.REFUSED, "Bersamaan dengan pemeriksaan tahunan; ajukan sesudahnya."),
    Scene(8, 4, RequestState.OFFERED, Outcome.CHANGED, "Mohon digeser satu minggu karena akreditasi."),
    Scene(4, 3, RequestState.POSTPONED, Outcome.POSTPONED, "Ada penugasan mendesak dari kepala daerah."),
)


def file_current(people: list[Person], chosen: dict[str, Person], rng: random.Random, today: datetime.date) -> int:
    """How many requests were filed; a scene that the rules refuse for a person is left out."""
    employee = chosen["employee"]
    others = [
        p for p in people if p.status == "pns" and p.node is employee.node and p is not employee and not p.heads
    ]
    rest = [p for p in people if p.status == "pns" and p.node is not employee.node and not p.heads]
    cast = [(employee, scene) for scene in OF_EMPLOYEE]
    cast += [(person, OF_COLLEAGUES[place]) for place, person in enumerate(others[:6])]
    cast += [(person, rng.choice(OF_COLLEAGUES)) for person in rng.sample(rest, min(len(rest), MOST - len(cast)))]
    return sum(_play(_loaded(person.id), scene, rng, today) for person, scene in cast)


def _loaded(employee_id: uuid.UUID) -> Employee:
    return Employee.objects.select_related("user", "current_unit").get(pk=employee_id)


def _play(employee: Employee, scene: Scene, rng: random.Random, today: datetime.date) -> bool:
    monday = today + datetime.timedelta(weeks=scene.weeks, days=-today.weekday())
    data = RequestData(
        start=monday,
        end=monday + datetime.timedelta(days=scene.days - 1),
        reason=rng.choice(names.REASONS),
        address="Jl. Contoh No. 12, Kota Contoh",
        phone="081234567890",
    )
    try:
        request = file_request(actor=employee.user, employee=employee, data=data)
        _advance(request, scene)
    except ApplicationError:
        return False
    return True


def _advance(request: LeaveRequest, scene: Scene) -> None:
    """Let the holders of the open steps act until the scene's state is reached."""
    for act in (give_opinion, decide):
        request.refresh_from_db()
        step = request.steps.filter(closed_at=None).first()
        if scene.until in (request.state, RequestState.SUBMITTED) or step is None or step.holder is None:
            return
        outcome = scene.outcome if act is decide else Outcome.APPROVED
        shift = datetime.timedelta(weeks=1) if outcome == Outcome.CHANGED else datetime.timedelta()
        verdict = Verdict(
            outcome=outcome,
            reason=scene.reason if act is decide else "",
            start=request.start + shift if shift else None,
            end=request.end + shift if shift else None,
            not_before=datetime.date(request.start.year + 1, 1, 4) if outcome == Outcome.POSTPONED else None,
        )
        act(actor=step.holder, request=request, verdict=verdict)
