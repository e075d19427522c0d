"""A quarter that has just ended, plans agreed upon, and short ways to act by the verbs."""

import datetime
import uuid

from evaluations.enums import DeadlineKind, Rating
from evaluations.models import Deadline, Evaluation, Indicator, Participant, Period
from evaluations.services import feedback
from evaluations.services.ratings import Assessment, assess, receive, sign
from kepegawaian.accounts.models import User
from kepegawaian.work import running
from kepegawaian.work.models import Job, JobState
from tests.evaluations.factories import PerformanceWorld, make_plan, make_world

AFTER_QUARTER = "2026-04-02T02:00:00+00:00"
"""Two days after the first quarter; feedback is taken until the 5th, assessments are due on the 10th."""
IN_QUARTER = "2026-03-10T02:00:00+00:00"
AFTER_FEEDBACK = "2026-04-06T02:00:00+00:00"


def quarter_world(**kwargs) -> PerformanceWorld:
    """Everybody of the first section has an agreed plan; the first quarter has its deadlines."""
    world = make_world(**kwargs)
    for employee in (*world.gov.staff, world.gov.section_head):
        make_plan(world.of(employee))
    for kind, day in (
        (DeadlineKind.PROGRESS, 5),
        (DeadlineKind.FEEDBACK, 5),
        (DeadlineKind.ORGANISATION, 5),
        (DeadlineKind.ASSESS, 10),
    ):
        due = datetime.date(2026, 4, day)
        Deadline.objects.create(cycle=world.cycle, period=world.quarter, kind=kind, due_on=due)
    return world


def rated(results_rating: str = Rating.EXPECTED, behaviour_rating: str = Rating.EXPECTED, **more) -> Assessment:
    facts = {
        "results_reason": "Dua belas laporan selesai tepat waktu.",
        "behaviour_reason": "Warga memuji keramahannya di loket.",
    }
    return Assessment(results_rating=results_rating, behaviour_rating=behaviour_rating, **{**facts, **more})


def ratings_sent(results=Rating.EXPECTED, behaviour=Rating.EXPECTED, **more) -> dict[str, str]:
    """The same as a form."""
    return {
        "results_rating": results,
        "results_reason": "Semua laporan selesai dan lengkap.",
        "behaviour_rating": behaviour,
        "behaviour_reason": "Dipuji dua warga di loket.",
        **more,
    }


def user_of(participant: Participant) -> User:
    user = participant.employee.user
    assert user is not None
    return user


def assessor_of(participant: Participant) -> User:
    assert participant.assessor is not None
    assert participant.assessor.user is not None
    return participant.assessor.user


def assessed(participant: Participant, period: Period, given: Assessment | None = None) -> Evaluation:
    return assess(actor=assessor_of(participant), participant=participant, period=period, given=given or rated())


def signed(participant: Participant, period: Period, given: Assessment | None = None) -> Evaluation:
    return sign(actor=assessor_of(participant), evaluation=assessed(participant, period, given))


def read(participant: Participant, period: Period, given: Assessment | None = None) -> Evaluation:
    return receive(actor=user_of(participant), evaluation=signed(participant, period, given))


def indicators(participant: Participant) -> list[uuid.UUID]:
    rows = Indicator.objects.filter(result__plan=participant.plan).order_by("result__number", "number")
    return list(rows.values_list("origin", flat=True))


def published() -> int:
    """Feedback of closed periods, by the jobs that publish it; how many periods."""
    found = feedback.publish_due()
    for job in Job.objects.filter(kind=feedback.PUBLISH, state=JobState.WAITING):
        assert running.run(job.pk)
    return found
