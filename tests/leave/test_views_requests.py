"""My requests and the page of one request: who sees it, what it shows, withdrawing, answering an offer."""

import pytest
from django.urls import reverse

from kepegawaian.accounts.roles import Role
from leave import services
from leave.enums import LeavePhase, Outcome, RequestState
from leave.letters import issue_letter
from tests.employees.factories import UserFactory
from tests.leave.factories import day, know_years
from tests.units.factories import RoleAssignmentFactory

LIST = "/cuti/saya/"


@pytest.fixture
def me(sign_in, gov):
    know_years(gov.employee, 2024, 2025)
    return sign_in(gov.employee)


def url_of(filed):
    return reverse("leave:request", args=[filed.pk])


def text(response):
    return response.content.decode()


def shown(client, filed):
    response = client.get(url_of(filed))
    assert response.status_code == 200
    return text(response)


# --- The list -------------------------------------------------------------------------------------
def test_it_says_with_whom_each_request_is(me, flow):
    flow.submitted()
    html = text(me.get(LIST))
    assert "Bayu Bidang" in html
    assert "Menunggu pertimbangan atasan" in html


def test_it_filters_by_state_and_year(me, flow):
    waiting, draft = flow.submitted(), flow.draft(day(1, 11, 2027), day(1, 12, 2027))
    found = lambda **query: list(me.get(LIST, query).context["page"])  # noqa: E731
    assert found() == [draft, waiting]
    assert found(state="waiting") == [waiting]
    assert found(state="draft") == [draft]
    assert found(year="2027") == [draft]
    assert found(year="seribu") == []


def test_others_requests_are_not_in_it(me, flow, gov, sign_in):
    flow.submitted()
    assert sign_in(gov.colleague).get(LIST).context["page"].items == []


def test_an_empty_list_says_what_comes_here(me):
    assert "Permohonan cuti Anda akan tampil di sini" in text(me.get(LIST))


def test_the_list_costs_the_same_with_one_and_with_many(me, flow, django_assert_max_num_queries):
    flow.submitted()
    with django_assert_max_num_queries(10):
        me.get(LIST)
    for number in range(30):
        flow.draft(day(5, number % 28 + 1), day(5, number % 28 + 1))
    with django_assert_max_num_queries(10):
        assert len(me.get(LIST).context["page"]) == 25


# --- Who sees one ---------------------------------------------------------------------------------
def test_those_concerned_see_it_and_strangers_do_not(sign_in, flow, gov):
    filed = flow.opined()
    officer = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.section).user
    elsewhere = RoleAssignmentFactory(user=UserFactory(), role=Role.HR_UNIT, unit=gov.second_section).user
    for person in (gov.employee, gov.section_head, gov.office_head, gov.hr, officer):
        assert sign_in(person).get(url_of(filed)).status_code == 200
    for person in (gov.colleague, gov.second_section_head, elsewhere):
        assert sign_in(person).get(url_of(filed)).status_code == 404


def test_a_draft_opens_its_form_and_is_nobody_elses(me, sign_in, flow, gov):
    draft = flow.draft()
    assert me.get(url_of(draft)).url == reverse("leave:edit", args=[draft.pk])
    assert sign_in(gov.hr).get(url_of(draft)).status_code == 404


# --- What it shows --------------------------------------------------------------------------------
def test_the_timeline_names_holder_clock_and_coming_steps(me, flow):
    html = shown(me, flow.submitted())
    assert "Ada pada Bayu Bidang" in html
    assert "Batas Rab, 4 Mar 2026" in html
    assert "Diingatkan lagi" in html
    assert "Keputusan pejabat yang berwenang (VIII)" in html
    assert "Dewi Dinas" in html


def test_a_late_step_is_said_to_be_late(sign_in, flow, time_machine):
    filed = flow.submitted()
    time_machine.move_to("2026-03-09T02:00:00+00:00")
    assert "Lewat batas Rab, 4 Mar 2026" in shown(sign_in(flow.employee), filed)


def test_opinion_and_decision_stand_there_with_their_reasons(me, flow):
    filed = flow.opine(flow.submitted(), Outcome.REFUSED, reason="Sedang audit")
    filed = flow.decide(filed, Outcome.REFUSED, reason="Audit sampai Mei")
    html = shown(me, filed)
    assert "Sedang audit" in html
    assert "Audit sampai Mei" in html
    assert "Pertimbangan atasan langsung (VII): Tidak disetujui" in html
    assert "Ajukan lagi" in html


def test_charged_days_are_split_by_bucket(me, flow):
    flow.employee.leave_account.opening_years.update(left=3)
    html = shown(me, flow.submitted())
    assert "3 hari: Sisa tahun lalu (2025)" in html
    assert "2 hari: Hak tahun berjalan (2026)" in html


def test_the_log_tells_every_transition(me, flow):
    html = shown(me, flow.granted())
    log = html[html.index("Catatan lengkap") :]
    for words in ("Diajukan", "Pertimbangan diberikan", "Diberikan"):
        assert words in log


def test_the_letter_can_be_fetched_once_it_is_there(me, flow):
    filed = flow.granted()
    document = issue_letter(request=filed)
    html = shown(me, filed)
    assert document.number in html
    assert reverse("documents:file", args=[document.file_id]) in html


def test_a_granted_leave_is_ahead_then_running_then_finished(sign_in, flow, time_machine):
    filed = flow.granted()
    phases = []
    for moment in ("2026-03-03", "2026-04-06", "2026-04-11"):
        time_machine.move_to(f"{moment}T03:00:00+00:00")
        phases.append(sign_in(flow.employee).get(url_of(filed)).context["page"].status)
    assert phases == [LeavePhase.AHEAD, LeavePhase.RUNNING, LeavePhase.FINISHED]


def test_only_what_this_person_may_do_is_offered(me, sign_in, flow, gov):
    filed = flow.submitted()
    actions = [reverse(f"leave:{name}", args=[filed.pk]) for name in ("edit", "withdraw")]
    assert all(url in shown(me, filed) for url in actions)
    assert not any(url in shown(sign_in(gov.hr), filed) for url in actions)


def test_an_opened_page_costs_a_bounded_number_of_statements(me, flow, django_assert_max_num_queries):
    filed = flow.granted()
    with django_assert_max_num_queries(20):
        me.get(url_of(filed))


# --- Withdrawing ----------------------------------------------------------------------------------
def test_it_asks_on_a_page_of_its_own_and_then_frees_the_days(me, flow):
    filed = flow.submitted()
    url = reverse("leave:withdraw", args=[filed.pk])
    assert "5 hari kerja kembali ke saldo Anda" in text(me.get(url))
    response = me.post(url, {"reason": "Batal berangkat"}, follow=True)
    assert "Permohonan dibatalkan" in text(response)
    assert "Batal berangkat" in text(response)
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)


def test_the_same_question_stands_in_the_dialog(me, flow):
    html = shown(me, flow.submitted())
    assert 'data-dialog="confirm-withdraw"' in html
    assert '<dialog id="confirm-withdraw"' in html


def test_a_leave_that_has_begun_is_not_withdrawn(sign_in, flow, time_machine):
    filed = flow.granted()
    time_machine.move_to("2026-04-06T03:00:00+00:00")
    response = sign_in(flow.employee).post(reverse("leave:withdraw", args=[filed.pk]))
    assert response.status_code == 403
    assert "Cuti sudah dimulai" in text(response)


def test_nobody_withdraws_for_another(sign_in, flow, gov):
    filed = flow.submitted()
    assert sign_in(gov.section_head).post(reverse("leave:withdraw", args=[filed.pk])).status_code == 403
    assert sign_in(gov.colleague).post(reverse("leave:withdraw", args=[filed.pk])).status_code == 404


# --- Answering an offer ---------------------------------------------------------------------------
@pytest.fixture
def offered(flow):
    know_years(flow.employee, 2024, 2025)
    return flow.offered(day(4, 13), day(4, 15))


def answer(client, filed, accept):
    return client.post(reverse("leave:respond", args=[filed.pk]), {"accept": accept}, follow=True)


def test_the_offer_stands_on_top_with_its_reason(sign_in, offered, gov):
    html = shown(sign_in(gov.employee), offered)
    assert "<strong>13–15 Apr 2026</strong>" in html
    assert "Ada pemeriksaan" in html


def test_accepting_grants_the_new_dates(sign_in, offered, gov, flow):
    response = answer(sign_in(gov.employee), offered, "yes")
    assert "cuti Anda diberikan" in text(response)
    offered.refresh_from_db()
    assert (offered.state, offered.start) == (RequestState.GRANTED, day(4, 13))
    assert flow.bucket_sums() == (12, 0, 3, 0, 0)


def test_declining_frees_all_days(sign_in, offered, gov, flow):
    assert "Tawaran ditolak" in text(answer(sign_in(gov.employee), offered, "no"))
    assert flow.bucket_sums() == (12, 0, 0, 0, 0)


def test_only_the_applicant_answers_and_only_once(sign_in, offered, gov):
    assert sign_in(gov.office_head).post(reverse("leave:respond", args=[offered.pk])).status_code == 403
    services.respond(actor=gov.employee.user, request=offered, accept=False)
    response = sign_in(gov.employee).post(reverse("leave:respond", args=[offered.pk]), {"accept": "yes"})
    assert response.status_code == 403
