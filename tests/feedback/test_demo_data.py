"""What `make demo` shows of public feedback."""

import json
from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection

from demo.feedback_cases import SCENES
from feedback.enums import (
    AnswerState,
    CaseKind,
    CaseState,
    Outcome,
    Phase,
    PhaseKind,
    ProcessKind,
    SurveyState,
)
from feedback.models import (
    Appeal,
    Ballot,
    Case,
    CaseAnswer,
    CaseStep,
    Comment,
    FollowUpPlan,
    InformationObjection,
    Meeting,
    OfficialAnswer,
    Poll,
    Process,
    Proposal,
    Rating,
    Registration,
    Reporter,
    ReporterMail,
    ResultUpdate,
    Service,
    ServiceHours,
    StatisticsSheet,
    Support,
    Survey,
    WhistleReport,
)
from feedback.services import statistics
from feedback.services.whistle import open_mailbox
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today
from kepegawaian.work.models import WorkItem

EMPLOYEES = 80


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once for all tests of this file, and taken back at the end; its sign-ins by role."""
    from django.db import transaction

    path = tmp_path_factory.mktemp("demo") / "accounts.json"
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        call_command("seed_demo", employees=EMPLOYEES, accounts=path, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        yield {row["role"]: row for row in json.loads(path.read_text())}
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_everybody_who_has_a_part_can_sign_in(demo):
    assert {"citizen", "complaint_admin", "complaint_liaison", "leader", "open311"} <= set(demo)
    for role in ("citizen", "complaint_admin", "complaint_liaison"):
        user = User.objects.filter(nip=demo[role]["login"]).first() or User.objects.get(email=demo[role]["login"])
        assert user.check_password(demo[role]["password"])
        assert EmailAddress.objects.get(user=user).verified


def test_services_of_several_offices_show_all_components_and_hours():
    services = Service.objects.all()
    assert services.count() >= 12
    offices = {service.unit_id for service in services}
    assert len(offices) >= 4
    for service in services:
        parts = ("requirements", "procedure", "duration", "cost", "product", "complaints")
        assert all(getattr(service, part) for part in parts), service.code
    assert {row.unit_id for row in ServiceHours.objects.all()} == offices


def test_cases_stand_in_every_state_and_happened_over_months():
    states = Counter(Case.objects.values_list("state", flat=True))
    assert set(states) == {str(state) for state in CaseState}
    requests = Case.objects.filter(kind=CaseKind.REQUEST).count()
    assert requests == 3
    assert sum(states.values()) == len(SCENES) + requests
    assert len(SCENES) >= 60
    days = [today() - day for day in Case.objects.values_list("received_on", flat=True)]
    assert max(days).days > 150
    assert Case.objects.filter(received_at__gt=CaseStep.objects.latest("at").at).count() == 0


def test_requests_for_information_were_granted_refused_and_objected_to():
    decided = CaseAnswer.objects.exclude(outcome="").values_list("outcome", flat=True)
    assert set(decided) == {Outcome.GRANTED, Outcome.REFUSED, Outcome.PARTLY}
    objection = InformationObjection.objects.get()
    assert objection.answer.checked_by_id not in (objection.answer.drafted_by_id, None)
    assert Case.objects.get(pk=objection.case_id).due_phase == Phase.DISPUTE


def test_a_poll_is_open_and_another_one_stands_in_the_minutes():
    closed, opened = Poll.objects.order_by("closed_at")
    assert (closed.meeting.closed_at is not None, opened.closed_at) == (True, None)
    assert all(Ballot.objects.filter(poll=poll).count() == 9 for poll in (closed, opened))


def test_steps_of_a_case_follow_one_another():
    for case in Case.objects.prefetch_related("steps"):
        steps = list(case.steps.all())
        assert [step.version for step in steps] == list(range(1, case.version + 1))
        assert steps == sorted(steps, key=lambda step: step.at)
        assert steps[-1].to_state == case.state


def test_secret_anonymous_held_overdue_and_waiting_ones_are_among_them():
    assert Case.objects.filter(secret=True).count() >= 3
    assert not Case.objects.public().filter(secret=True).exists()
    assert Case.objects.filter(anonymous=True, secret=False).exists()
    assert Case.objects.filter(held=True).count() == 1
    assert Case.objects.filter(state=CaseState.IN_PROCESS, due_on__lt=today()).exists()
    states = set(CaseAnswer.objects.values_list("state", flat=True))
    assert states >= {AnswerState.DRAFT, AnswerState.CHECKING, AnswerState.RETURNED, AnswerState.PUBLISHED}
    assert Rating.objects.count() > 10
    assert ReporterMail.objects.filter(state=ReporterMail.State.PENDING).count() == 0


def test_every_officer_of_the_demo_and_its_citizen_find_work(demo):
    for role in ("complaint_admin", "complaint_liaison"):
        assert WorkItem.objects.filter(holder__nip=demo[role]["login"], closed_at=None).exists(), role
    assert Reporter.objects.filter(user__email=demo["citizen"]["login"]).count() >= 3


def test_surveys_are_published_open_and_in_preparation():
    states = set(Survey.objects.values_list("state", flat=True))
    assert states == {SurveyState.PUBLISHED, SurveyState.OPEN, SurveyState.DRAFT}
    published = Survey.objects.get(state=SurveyState.PUBLISHED)
    assert published.result["n"] == 32
    assert published.result["grade"] in "ABCD"
    assert FollowUpPlan.objects.filter(survey=published).count() == 2


def test_forums_take_opinions_and_votes():
    assert _phase(ProcessKind.FKP).kind == PhaseKind.PROPOSALS
    vote = _phase(ProcessKind.MUSRENBANG)
    assert vote.kind == PhaseKind.PRIORITISATION
    assert vote.supports
    assert sum(Proposal.objects.values_list("supports", flat=True)) == Support.objects.count() == 50
    assert Proposal.objects.filter(merged_into__isnull=False).exists()
    assert OfficialAnswer.objects.exclude(published_at=None).exists()
    assert ResultUpdate.objects.count() == 2
    assert Comment.objects.filter(flags=1).exists()
    assert Appeal.objects.count() == 1


def _phase(kind):
    process = Process.objects.published().get(kind=kind)
    return process.phases.get(starts_on__lte=today(), ends_on__gte=today())


def test_a_meeting_is_closed_with_minutes_and_another_one_has_a_queue():
    assert Meeting.objects.exclude(closed_at=None).get().minutes
    assert Registration.objects.filter(waiting=True).exists()


def test_statistics_are_computed():
    assert StatisticsSheet.objects.filter(year=today().year, unit=None).exists()
    assert today().year in statistics.refresh_due()


def test_the_protected_channel_has_reports_at_every_stage_and_an_officer_who_sees_them(demo):
    states = set(WhistleReport.objects.values_list("state", flat=True))
    assert states == {"diterima", "penelitian", "selesai", "ditolak"}
    officer = User.objects.get(nip=demo["whistle_officer"]["login"])
    assert WhistleReport.objects.visible_to(officer).count() == WhistleReport.objects.count()
    assert WhistleReport.objects.filter(officer=officer).count() == 3
    report = WhistleReport.objects.get(number=demo["wbs"]["login"])
    assert open_mailbox(report.number, demo["wbs"]["password"], "demo") == report
    assert report.messages.filter(author=None).count() == 2


def test_loading_it_again_changes_nothing_where_that_is_asked():
    before = Case.objects.count(), Service.objects.count()
    call_command("seed_demo", employees=EMPLOYEES, if_empty=True, verbosity=0)
    assert (Case.objects.count(), Service.objects.count()) == before
