"""A running leave that ends early: by the deciding officer alone, days given back, log, letter, messages, API."""

import datetime

import pytest
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from kepegawaian.calendars.models import Holiday
from kepegawaian.documents.models import IssuedDocument
from kepegawaian.lib.exceptions import PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from leave import letters, permissions, services
from leave.enums import MovementKind
from leave.models import HeldPeriod, LeaveRequest, Movement
from leave.selectors import balance_of
from tests.employees.factories import EmployeeFactory
from tests.leave.factories import day
from tests.leave.test_permissions import who
from tests.units.factories import RoleAssignmentFactory

START, END = day(6, 8), day(6, 19)


@pytest.fixture
def on(time_machine):
    def travel(month, number, year=2026):
        time_machine.move_to(datetime.datetime(year, month, number, 2, tzinfo=datetime.UTC), tick=False)

    return travel


@pytest.fixture
def running(flow, on):
    """W5: 8 to 19 June with 1 Muharam on the 16th, granted with nine days; it is the 12th."""
    Holiday.objects.create(date=day(6, 16), kind="national", name_id="1 Muharam", name_en="Islamic New Year")
    request = flow.granted(START, END, stand_in=flow.gov.colleague)
    assert request.charged_days == 9
    on(6, 12)
    return request


def recall(flow, request, back_on=None, **more):
    values = {"reason": "Banjir di kota", "back_on": back_on or day(6, 15), **more}
    return services.recall(actor=flow.gov.office_head.user, request=request, **values)


def page(request):
    return reverse("leave:recall", args=[request.pk])


def text(response):
    return " ".join(response.content.decode().split())


# --- What it does ---------------------------------------------------------------------------------
def test_w5_nine_granted_five_used_four_given_back(flow, running):
    done = recall(flow, running)
    assert (done.state, done.charged_days, done.end) == ("granted", 5, day(6, 14))
    assert flow.bucket_sums() == (12, 0, 5, 0, 0)
    assert balance_of(flow.employee).left == 7
    given = Movement.objects.get(kind=MovementKind.RETURN)
    assert (given.days, given.rule, given.request) == (4, "R10", running)
    assert [row.date for row in done.days.all()] == [day(6, 8 + n) for n in range(5)]


def test_the_dates_are_free_for_another_request(flow, running):
    recall(flow, running)
    period = HeldPeriod.objects.get(request=running).period
    assert (period.lower, period.upper) == (START, day(6, 15))
    assert flow.submitted(day(6, 18), day(6, 19)).charged_days == 2


def test_the_log_and_the_trail_keep_what_was_granted(flow, running):
    recall(flow, running)
    row = running.transitions.get(action="recall")
    assert (row.from_state, row.to_state, row.reason) == ("granted", "granted", "Banjir di kota")
    assert row.data == {"back_on": "2026-06-15", "until": "2026-06-19", "granted": 9, "returned": 4}
    assert Event.objects.get(verb="leave.recall").actor == flow.gov.office_head.user


def test_at_the_employees_own_wish_it_is_called_so(flow, running):
    recall(flow, running, own_wish=True)
    assert running.transitions.filter(action="shorten").count() == 1
    assert not running.transitions.filter(action="recall").exists()


def test_a_second_recall_counts_from_the_first(flow, running):
    recall(flow, running, back_on=day(6, 18))
    done = recall(flow, LeaveRequest.objects.get(pk=running.pk), back_on=day(6, 15))
    assert done.charged_days == 5
    assert balance_of(flow.employee).left == 7


def test_days_of_a_closed_year_go_back_and_the_carry_follows(flow, on):
    flow.granted(day(4, 6), day(4, 15))
    request = flow.granted(day(12, 28), day(1, 8, 2027))
    on(1, 4, 2027)
    assert balance_of(flow.employee, year=2027).of("C1") == 0
    done = recall(flow, request, back_on=day(12, 30))
    assert done.charged_days == 2
    assert flow.bucket_sums(2026)[2] == 10
    assert flow.bucket_sums(2027) == (12, 0, 0, 0, 0)
    assert balance_of(flow.employee, year=2027).of("C1") == 2


def test_the_employee_the_superior_and_the_stand_in_are_told(flow, running):
    recall(flow, running)
    told = set(Message.objects.filter(kind="leave.recalled").values_list("recipient", flat=True))
    gov = flow.gov
    assert told == {gov.employee.user_id, gov.section_head.user_id, gov.colleague.user_id}


def test_whoever_checks_the_letter_reads_that_the_leave_ended_early(flow, running):
    document = letters.issue_letter(request=running)
    recall(flow, running)
    facts = dict(IssuedDocument.objects.get(pk=document.pk).facts)
    assert facts["Masuk kerja kembali mulai"] == "15 Juni 2026"
    assert "Banjir" not in str(facts)


# --- What it refuses ------------------------------------------------------------------------------
@pytest.mark.parametrize("back_on", [START, day(6, 1), day(6, 20), day(7, 1)])
def test_the_day_lies_within_the_leave(flow, running, back_on):
    with pytest.raises(RuleRefused) as refusal:
        recall(flow, running, back_on=back_on)
    [problem] = refusal.value.problems
    assert (problem.rule, problem.field, problem.verified) == ("CT-RECALL", "back_on", False)
    assert balance_of(flow.employee).left == 3


def test_without_a_charged_day_left_there_is_nothing_to_recall(flow, on):
    request = flow.granted(day(6, 8), day(6, 13))
    on(6, 9)
    with pytest.raises(RuleRefused, match="tidak ada lagi hari kerja"):
        recall(flow, request, back_on=day(6, 13))


def test_a_reason_is_wanted(flow, running):
    with pytest.raises(RuleRefused, match="alasan"):
        recall(flow, running, reason="  ")


def test_an_old_page_recalls_nothing(flow, running):
    recall(flow, running, back_on=day(6, 18))
    with pytest.raises(StateChanged):
        recall(flow, running, version=running.version)
    assert balance_of(flow.employee).left == 5


@pytest.mark.parametrize(("month", "number"), [(6, 7), (6, 20)])
def test_only_a_running_leave_is_recalled(flow, running, on, month, number):
    on(month, number)
    with pytest.raises(PermissionRefused, match="sedang dijalani"):
        recall(flow, running)


def test_what_is_not_granted_is_not_recalled(flow, on):
    request = flow.submitted(START, END)
    on(6, 12)
    with pytest.raises(PermissionRefused):
        recall(flow, request)


# --- Who may --------------------------------------------------------------------------------------
def test_the_deciding_officer_alone_recalls(flow, running):
    assert who(flow.gov, lambda user: permissions.can_recall(user, running)) == {"office_head"}
    officer = RoleAssignmentFactory(user=EmployeeFactory().user, role=Role.HR_CENTRAL).user
    assert not permissions.can_recall(officer, running)


def test_nobody_recalls_himself(flow, running):
    answer = permissions.can_recall(flow.employee.user, running)
    assert str(answer.reason) == str(permissions.NOT_ONESELF.reason)


def test_pages_of_others_refuse(sign_in, flow, running):
    values = {"ground": "service", "back_on": "2026-06-15", "reason": "x"}
    for name, status in (("employee", 403), ("section_head", 403), ("hr", 403), ("colleague", 404)):
        client = sign_in(getattr(flow.gov, name))
        assert client.get(page(running)).status_code == status
        assert client.post(page(running), values).status_code == status
    assert balance_of(flow.employee).left == 3


# --- Page and API ---------------------------------------------------------------------------------
def test_the_officer_recalls_on_a_page_and_everybody_reads_it(sign_in, flow, running):
    client = sign_in(flow.gov.office_head)
    assert page(running) in text(client.get(reverse("leave:request", args=[running.pk])))
    assert "tetap hak pegawai" in text(client.get(page(running)))
    values = {"ground": "service", "back_on": "2026-06-15", "reason": "Banjir di kota"}
    assert client.post(page(running), values).status_code == 302
    html = text(sign_in(flow.employee).get(reverse("leave:request", args=[running.pk])))
    assert "Dipanggil kembali bekerja" in html
    assert "Sen, 15 Jun 2026" in html
    assert "4 hari kerja kembali ke saldo" in html
    assert page(running) not in html


def test_a_mistake_keeps_what_was_typed(sign_in, flow, running):
    values = {"ground": "own_wish", "back_on": "2026-07-01", "reason": "Ingin menunda"}
    response = sign_in(flow.gov.office_head).post(page(running), values)
    assert response.status_code == 422
    assert "Ingin menunda" in text(response)
    assert "CT-RECALL" in text(response)


def test_the_api_recalls_with_the_same_refusals(sign_in, flow, running):
    url = reverse("leave_api:leave-request-recall", args=[running.pk])
    client = sign_in(flow.gov.office_head)
    body = {"back_on": "2026-07-01", "reason": "Banjir"}
    refused = client.post(url, body, content_type="application/json")
    assert (refused.status_code, refused.json()["rule"]) == (422, "CT-RECALL")
    done = client.post(url, body | {"back_on": "2026-06-15"}, content_type="application/json").json()
    assert (done["state"], done["end"], done["charged_days"]) == ("granted", "2026-06-14", 5)
    other = sign_in(flow.gov.section_head).post(url, body, content_type="application/json")
    assert other.status_code == 403
