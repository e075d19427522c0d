"""A PPPK before a year's service: six days in all, for a family reason, which reduce the first right (E22)."""

import pytest

from kepegawaian.employees.enums import AsnStatus
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import RuleRefused
from leave import selectors, services, year_end
from leave.enums import FirstYearGround, MovementKind, Outcome
from leave.models import Movement
from tests.leave.factories import day

NEW = "/cuti/permohonan/baru/"
FAMILY = {"ground": FirstYearGround.FAMILY}


@pytest.fixture
def newcomer(flow):
    """In service since 1 August 2025, seven months: the right begins on 1 August 2026."""
    terms = {"contract_start": day(8, 1, 2025), "contract_end": day(7, 31, 2030)}
    Employee.objects.filter(pk=flow.employee.pk).update(
        status=AsnStatus.PPPK, tmt_cpns=None, tmt_pns=None, current_nip="", **terms
    )
    flow.employee.refresh_from_db()
    return flow


def rules_of(error):
    return {problem.rule for problem in error.value.problems}


def test_e22_a_family_reason_gives_six_days_and_no_seventh(newcomer):
    request = newcomer.submitted(day(4, 6), day(4, 13), **FAMILY)
    assert request.charged_days == 6
    assert newcomer.bucket_sums(2026, "F") == (6, 6, 0, 0, 0)
    with pytest.raises(RuleRefused) as error:
        newcomer.submitted(day(4, 20), day(4, 20), **FAMILY)
    assert rules_of(error) == {"CT-BALANCE"}


def test_e22_a_holiday_trip_gives_none(newcomer):
    with pytest.raises(RuleRefused, match="1 Agustus 2026") as error:
        newcomer.submitted(day(4, 6), day(4, 6))
    assert rules_of(error) == {"CT-SERVICE"}


def test_the_grant_names_the_request_it_was_given_to(newcomer):
    request = newcomer.submitted(day(4, 6), day(4, 7), **FAMILY)
    grant = Movement.objects.get(bucket__kind="F", kind=MovementKind.GRANT)
    assert (grant.request, grant.days, grant.rule) == (request, 6, "CT-FIRST-YR")


def test_what_is_left_of_them_is_not_for_other_reasons(newcomer):
    newcomer.granted(day(4, 6), day(4, 7), **FAMILY)
    with pytest.raises(RuleRefused):
        newcomer.submitted(day(4, 20), day(4, 20))
    newcomer.submitted(day(4, 20), day(4, 20), ground=FirstYearGround.FIRST_MARRIAGE)
    assert newcomer.bucket_sums(2026, "F") == (6, 1, 2, 0, 0)


def test_days_used_reduce_the_first_right_and_come_back_with_a_refusal(newcomer):
    own = lambda: newcomer.bucket_sums(2026)[0]  # noqa: E731
    request = newcomer.submitted(day(4, 6), day(4, 9), **FAMILY)
    assert own() == 8
    newcomer.opine(request)
    newcomer.decide(request, Outcome.REFUSED, reason="Bukti tidak cukup")
    assert (own(), newcomer.bucket_sums(2026, "F")) == (12, (6, 0, 0, 0, 0))


def test_granted_days_stay_taken_from_the_first_right(newcomer):
    newcomer.granted(day(4, 6), day(4, 9), **FAMILY)
    assert (newcomer.bucket_sums(2026)[0], newcomer.bucket_sums(2026, "F")) == (8, (6, 0, 4, 0, 0))
    corrections = Movement.objects.filter(bucket__kind="O", kind=MovementKind.CORRECTION)
    assert sum(corrections.values_list("days", flat=True)) == -4


def test_days_of_two_calendar_years_are_the_same_six(newcomer, time_machine):
    Employee.objects.filter(pk=newcomer.employee.pk).update(contract_start=day(3, 1))
    newcomer.employee.refresh_from_db()
    newcomer.granted(day(12, 14), day(12, 17), **FAMILY)
    assert newcomer.bucket_sums(2027, "F") == (6, 0, 4, 0, 0)
    time_machine.move_to("2027-01-11T02:00:00+00:00", tick=False)
    with pytest.raises(RuleRefused):
        newcomer.submitted(day(2, 1, 2027), day(2, 3, 2027), **FAMILY)
    newcomer.submitted(day(2, 1, 2027), day(2, 2, 2027), **FAMILY)
    assert newcomer.bucket_sums(2027)[0] == 6


def test_they_end_when_the_right_begins(newcomer, time_machine):
    newcomer.granted(day(4, 6), day(4, 7), **FAMILY)
    time_machine.move_to("2026-08-03T02:00:00+00:00", tick=False)
    balance = selectors.balance_of(newcomer.employee)
    assert [(bucket.kind, bucket.left) for bucket in balance.buckets] == [("O", 10)]
    time_machine.move_to("2027-01-04T02:00:00+00:00", tick=False)
    newcomer.granted(day(2, 1, 2027), day(2, 1, 2027))
    lapse = Movement.objects.get(bucket__kind="F", kind=MovementKind.LAPSE)
    assert (lapse.days, lapse.rule) == (4, "CT-FIRST-YR")


@pytest.mark.parametrize("status", [AsnStatus.PNS, AsnStatus.PPPK])
def test_the_reason_is_refused_to_whom_it_does_not_concern(flow, status):
    Employee.objects.filter(pk=flow.employee.pk).update(status=status, contract_start=day(1, 1, 2020))
    flow.employee.refresh_from_db()
    with pytest.raises(RuleRefused, match="belum genap satu tahun") as error:
        flow.submitted(**FAMILY)
    assert rules_of(error) == {"CT-FIRST-YR"}


def test_the_preview_shows_what_sending_will_do_and_writes_nothing(newcomer):
    data = services.RequestData(day(4, 6), day(4, 7), ground=FirstYearGround.ESTATE)
    preview = services.preview(newcomer.employee.user, newcomer.employee, data)
    line = next(line for line in preview.buckets if line.kind == "F")
    assert (preview.allowed, line.before, line.after) == (True, 6, 4)
    assert not Movement.objects.exists()


def test_the_balance_explains_them_and_its_sum_holds(newcomer):
    newcomer.granted(day(4, 6), day(4, 7), **FAMILY)
    balance = selectors.balance_of(newcomer.employee)
    figure = next(bucket for bucket in balance.buckets if bucket.kind == "F")
    assert [(step.rule.value, step.days) for step in figure.steps] == [("CT-FIRST-YR", 6)]
    assert figure.left == 4
    assert sum(line.effect for line in balance.movements) == balance.left


def test_only_who_has_not_served_a_year_is_asked_for_the_reason(sign_in, newcomer):
    page = sign_in(newcomer.employee).get(NEW).content.decode()
    assert 'name="ground"' in page
    assert "6 hari kerja" in page
    assert 'name="ground"' not in sign_in(newcomer.gov.colleague).get(NEW).content.decode()


def test_a_request_with_the_reason_is_sent_from_the_page_and_shows_it(sign_in, newcomer):
    client = sign_in(newcomer.employee)
    fields = {
        "start": "2026-04-06",
        "end": "2026-04-07",
        "reason": "Ayah wafat",
        "address": "Jl. A",
        "phone": "0812 3456",
    }
    answer = client.post(
        NEW,
        fields
        | {
            "phone": "0812 3456",
            "ground": "family",
            "draft": "01a20131-d3d5-77b3-aa3c-06bbbbacf9e3",
            "action": "submit",
        },
    )
    assert answer.status_code == 302
    assert "sakit keras atau meninggal" in client.get(answer.url).content.decode()


def test_the_years_end_run_twice_keeps_what_was_used(newcomer, time_machine):
    newcomer.granted(day(4, 6), day(4, 9), **FAMILY)
    time_machine.move_to("2027-01-04T02:00:00+00:00", tick=False)
    year_end.close_year(2026)
    written = Movement.objects.count()
    year_end.close_year(2026)
    assert Movement.objects.count() == written
    assert newcomer.bucket_sums(2026, "F") == (6, 0, 4, 0, 2)
    assert newcomer.bucket_sums(2027, "C1")[0] == 6
