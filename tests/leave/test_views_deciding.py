"""The decision on one screen: what the holder sees, the four outcomes, what is refused, and the next one."""

import pytest
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from leave import services
from leave.enums import Outcome, RequestState
from leave.models import UnitLeaveSetting
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.leave.factories import Flow, data, day, know_years
from tests.units.factories import RoleAssignmentFactory


def url_of(filed, name="request"):
    return reverse(f"leave:{name}", args=[filed.pk])


def text(response):
    return response.content.decode()


def verdict(filed, outcome=Outcome.APPROVED, **more):
    return {"outcome": outcome, "version": str(filed.version), "reason": "", **more}


@pytest.fixture
def superior(sign_in, gov):
    know_years(gov.employee, 2024, 2025)
    return sign_in(gov.section_head)


@pytest.fixture
def decider(sign_in, gov):
    know_years(gov.employee, 2024, 2025)
    return sign_in(gov.office_head)


# --- What the holder sees -------------------------------------------------------------------------
def test_the_superior_sees_facts_balance_and_four_outcomes(superior, flow):
    html = text(superior.get(url_of(flow.submitted())))
    assert "Menengok orang tua" in html
    assert "5 hari kerja" in html
    assert "Sisa cuti sesudah permohonan ini" in html
    assert html.count('name="outcome"') == 4
    assert "data-decide" in html
    assert url_of(flow.employee.leave_requests.get(), "opinion") in html


def test_the_decider_sees_what_the_superior_said(decider, flow):
    filed = flow.opine(flow.submitted(), Outcome.POSTPONED, reason="Pekan imunisasi")
    html = text(decider.get(url_of(filed)))
    assert "Pekan imunisasi" in html
    assert "Bayu Bidang" in html
    assert url_of(filed, "decide") in html


def test_who_else_is_away_is_named_and_a_thin_unit_warned_of(superior, flow, gov):
    other = gov.colleague
    request = services.save_draft(actor=other.user, employee=other, data=data(day(4, 7), day(4, 8)))
    services.submit(actor=other.user, request=request)
    html = text(superior.get(url_of(flow.submitted())))
    assert other.full_name in html
    assert "2 dari 3 orang di unit ini" in html


def test_who_holds_nothing_sees_the_request_and_no_form(sign_in, flow, gov):
    filed = flow.submitted()
    for person in (gov.employee, gov.hr):
        assert "data-decide" not in text(sign_in(person).get(url_of(filed)))


def test_superior_and_decider_in_one_are_told_that_one_form_fills_both(sign_in, gov):
    flow = Flow(gov)
    head = gov.section_head
    filed = services.save_draft(actor=head.user, employee=head, data=data())
    services.submit(actor=head.user, request=filed)
    html = text(sign_in(gov.office_head).get(url_of(filed)))
    assert "kotak VII dan VIII" in html
    filed.refresh_from_db()
    sign_in(gov.office_head).post(url_of(filed, "decide"), verdict(filed))
    filed.refresh_from_db()
    assert filed.state == RequestState.GRANTED
    assert flow.gov is gov


# --- The four outcomes ----------------------------------------------------------------------------
def test_an_opinion_passes_on_and_the_next_request_opens(superior, flow):
    first, second = flow.submitted(), flow.submitted(day(5, 4), day(5, 5))
    response = superior.post(url_of(first, "opinion"), verdict(first), follow=True)
    assert response.redirect_chain[-1][0] == url_of(second)
    assert "Berikutnya: " in text(response)
    assert "4–5 Mei 2026" in text(response)
    first.refresh_from_db()
    assert first.state == RequestState.OPINED


def test_after_the_last_one_comes_the_inbox(decider, flow):
    filed = flow.opined()
    response = decider.post(url_of(filed, "decide"), verdict(filed), follow=True)
    assert response.redirect_chain[-1][0] == reverse("work:inbox")
    assert "Tidak ada lagi permohonan cuti yang menunggu Anda" in text(response)
    filed.refresh_from_db()
    assert filed.state == RequestState.GRANTED


def test_a_change_needs_dates_and_reason_and_keeps_what_was_typed(decider, flow):
    filed = flow.opined()
    html = text(decider.post(url_of(filed, "decide"), verdict(filed, Outcome.CHANGED, reason="Ada rapat")))
    assert "Isi tanggal yang ditawarkan" in html
    assert "Ada rapat" in html
    sent = verdict(filed, Outcome.CHANGED, reason="Ada rapat", start="2026-04-13", end="2026-04-14")
    decider.post(url_of(filed, "decide"), sent)
    filed.refresh_from_db()
    assert (filed.state, filed.offered_start) == (RequestState.OFFERED, day(4, 13))


@pytest.mark.parametrize(("outcome", "state"), [("postponed", "postponed"), ("refused", "refused")])
def test_the_other_two_need_a_reason(decider, flow, outcome, state):
    filed = flow.opined()
    assert "pegawai berhak mengetahuinya" in text(decider.post(url_of(filed, "decide"), verdict(filed, outcome)))
    sent = verdict(filed, outcome, reason="Kepentingan dinas", not_before="2026-06-01", start="2026-05-01")
    decider.post(url_of(filed, "decide"), sent)
    filed.refresh_from_db()
    assert filed.state == state
    assert filed.not_before == (day(6, 1) if outcome == "postponed" else None)
    assert filed.offered_start is None


def test_a_rule_that_refuses_names_itself_on_the_form(decider, flow):
    filed = flow.opined()
    sent = verdict(filed, Outcome.CHANGED, reason="Geser", start="2026-05-04", end="2026-06-30")
    html = text(decider.post(url_of(filed, "decide"), sent))
    assert "CT-BALANCE" in html
    assert "Geser" in html
    filed.refresh_from_db()
    assert filed.state == RequestState.OPINED


# --- Not so ---------------------------------------------------------------------------------------
def test_an_old_page_decides_nothing(decider, flow):
    filed = flow.opined()
    old = verdict(filed) | {"version": str(filed.version - 1)}
    assert "berubah sejak Anda membukanya" in text(decider.post(url_of(filed, "decide"), old, follow=True))
    filed.refresh_from_db()
    assert filed.state == RequestState.OPINED


def test_whoever_comes_second_is_told_who_was_first(decider, flow, gov):
    filed = flow.opined()
    sent = verdict(filed, Outcome.REFUSED, reason="Tidak bisa")
    flow.decide(filed)
    html = text(decider.post(url_of(filed, "decide"), sent, follow=True))
    assert "sudah diputuskan oleh Dewi Dinas" in html


def test_strangers_get_404_and_those_who_only_look_403(sign_in, flow, gov):
    filed = flow.submitted()
    for name in ("opinion", "decide", "check"):
        assert sign_in(gov.colleague).post(url_of(filed, name), verdict(filed)).status_code == 404
        assert sign_in(gov.employee).post(url_of(filed, name), verdict(filed)).status_code == 403
        assert sign_in(gov.hr).post(url_of(filed, name), verdict(filed)).status_code == 403
        assert sign_in(gov.hr).post(url_of(filed, name), {}).status_code == 403


def test_deciding_is_a_post(superior, flow):
    filed = flow.submitted()
    assert superior.get(url_of(filed, "opinion")).status_code == 405


def test_the_decision_page_costs_a_bounded_number_of_statements(decider, flow, gov, django_assert_max_num_queries):
    filed = flow.opined()
    with django_assert_max_num_queries(34) as alone:
        decider.get(url_of(filed))
    for person in EmployeeFactory.create_batch(5, unit=gov.section):
        request = services.save_draft(actor=person.user, employee=person, data=data())
        services.submit(actor=person.user, request=request)
    with django_assert_max_num_queries(len(alone) + 2):
        decider.get(url_of(filed))


# --- The completeness check -----------------------------------------------------------------------
@pytest.fixture
def officer(gov):
    UnitLeaveSetting.objects.create(unit=gov.office, hr_check=True)
    return RoleAssignmentFactory(user=UserFactory(name="Umi Umum"), role=Role.HR_UNIT, unit=gov.office).user


def test_the_personnel_staff_pass_it_on(sign_in, officer, flow):
    filed = flow.submitted()
    client = sign_in(officer)
    assert "Hasil pemeriksaan" in text(client.get(url_of(filed)))
    client.post(url_of(filed, "check"), {"result": "complete", "version": filed.version})
    assert filed.steps.get(closed_at=None).kind == "opinion"


def test_or_give_it_back_with_what_is_missing(sign_in, officer, flow):
    filed = flow.submitted()
    client = sign_in(officer)
    html = text(client.post(url_of(filed, "check"), {"result": "return", "version": filed.version}))
    assert "Tuliskan apa yang harus dilengkapi" in html
    sent = {"result": "return", "version": filed.version, "reason": "Lampirkan surat"}
    client.post(url_of(filed, "check"), sent)
    filed.refresh_from_db()
    assert filed.state == RequestState.DRAFT


# --- Many at once ---------------------------------------------------------------------------------
def test_the_inbox_offers_one_opinion_for_many(superior, flow):
    filed = [flow.submitted(), flow.submitted(day(5, 4), day(5, 5))]
    html = text(superior.get(reverse("work:inbox")))
    assert "6–10 Apr 2026 · 5 hari kerja" in html
    items = [str(item.pk) for item in superior.get(reverse("work:inbox")).context["page"]]
    url = reverse("work:bulk", args=["leave.opinion", "approve"])
    assert "Catatan" in text(superior.post(url, {"id": items}))
    sent = {"id": items, "confirmed": "1", "outcome": "approved", "reason": "Setuju"}
    assert "2 selesai" in text(superior.post(url, sent, follow=True))
    for request in filed:
        request.refresh_from_db()
        assert request.state == RequestState.OPINED
        assert request.steps.get(kind="opinion").reason == "Setuju"
