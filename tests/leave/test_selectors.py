"""What pages and the API read: the balance with its movements and derivation, the timeline, who is away."""

import datetime
from dataclasses import replace

import pytest

from kepegawaian.documents.services import store_content
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import PermissionRefused
from kepegawaian.lib.prepared import Prepared
from leave import selectors, services
from leave.enums import Outcome
from leave.models import UnitLeaveSetting
from leave.selectors.absences import DAY, gathered, held_by, team_of
from leave.services.handing_over import follow_holders
from tests.employees.factories import make_head
from tests.leave.factories import data, day, know_years


def left(balance):
    return {bucket.kind: bucket.left for bucket in balance.buckets}


# --- Balance ----------------------------------------------------------------------------------------
def test_the_body_of_a_balance_is_as_the_design_says(flow):
    know_years(flow.employee, 2024, 2025, left=3)
    flow.submitted()
    body = selectors.balance_of(flow.employee).body()
    assert list(body) == ["year", "on", "confirmed", "buckets", "left", "movements"]
    assert body["buckets"] == [
        {
            "kind": "C1",
            "origin": 2025,
            "granted": 3,
            "taken": 0,
            "reserved": 3,
            "left": 0,
            "lapses_on": day(12, 31),
        },
        {
            "kind": "O",
            "origin": 2026,
            "granted": 12,
            "taken": 0,
            "reserved": 2,
            "left": 10,
            "lapses_on": day(12, 31),
        },
    ]
    assert (body["year"], body["on"], body["confirmed"], body["left"]) == (2026, day(3, 2), True, 10)


def test_the_movements_run_to_the_balance(flow):
    know_years(flow.employee, 2024, 2025, left=3)
    flow.granted()
    flow.submitted(day(5, 4), day(5, 5))
    balance = selectors.balance_of(flow.employee)
    assert balance.movements[-1].balance == balance.left == 8
    assert sum(line.effect for line in balance.movements) == balance.left


def test_every_movement_says_why_and_by_which_article(flow):
    know_years(flow.employee, 2024, 2025, left=3)
    request = flow.submitted()
    lines = selectors.balance_of(flow.employee).movements
    assert [line.text for line in lines[:2]] == ["Saldo awal, hak tahun 2025", "Hak cuti tahunan 2026"]
    assert lines[-1].text == "Dipesan oleh permohonan: cuti 6 April 2026 sampai 10 April 2026"
    assert lines[-1].request_id == request.pk
    assert lines[1].article == "PP 11/2017 Pasal 311 ayat (2)"


def test_every_figure_has_its_derivation(flow):
    know_years(flow.employee, 2024, 2025, left=8)
    figures = {bucket.kind: bucket for bucket in selectors.balance_of(flow.employee).buckets}
    assert [str(step.label) for step in figures["C1"].steps] == [
        "Sisa hak 2025 menurut saldo awal",
        "Sisa 8 hari tahun 2025, dibatasi 6 hari",
    ]
    assert figures["C1"].steps[-1].days == figures["C1"].granted == 6
    assert figures["O"].steps[0].rule == "R1"


def test_reading_a_balance_that_nobody_has_opened_writes_nothing(flow):
    balance = selectors.balance_of(flow.employee)
    assert (balance.left, len(balance.movements)) == (12, 1)
    assert not hasattr(Employee.objects.get(pk=flow.employee.pk), "leave_account")


def test_a_past_date_shows_what_was_known_then(flow, time_machine):
    flow.granted()
    time_machine.move_to(datetime.datetime(2026, 3, 20, 3, tzinfo=datetime.UTC))
    flow.submitted(day(5, 4), day(5, 5))
    assert selectors.balance_of(flow.employee, on=day(3, 1)).left == 12
    assert selectors.balance_of(flow.employee, on=day(3, 10)).left == 7
    assert selectors.balance_of(flow.employee).left == 5


def test_next_year_shows_own_days_as_not_confirmed(flow):
    know_years(flow.employee, 2024, 2025)
    balance = selectors.balance_of(flow.employee, year=2027)
    assert (balance.on, left(balance), balance.confirmed) == (day(1, 1, 2027), {"O": 12}, False)


def test_a_closed_year_is_empty_and_says_what_lapsed(flow, time_machine):
    know_years(flow.employee, 2024, 2025)
    flow.granted()
    time_machine.move_to(datetime.datetime(2027, 2, 1, 3, tzinfo=datetime.UTC))
    balance = selectors.balance_of(flow.employee, year=2026)
    assert (balance.left, balance.buckets[0].lapsed) == (0, 7)
    assert balance.movements[-1].text == "Akhir tahun: 6 hari dipindahkan, 1 hari hangus"


def test_a_right_that_begins_later_is_shown_as_coming(flow):
    Employee.objects.filter(pk=flow.employee.pk).update(tmt_cpns=day(6, 1, 2025))
    flow.employee.refresh_from_db()
    balance = selectors.balance_of(flow.employee)
    assert (balance.left, balance.buckets) == (0, [])
    assert [(bucket.left, bucket.usable_from) for bucket in balance.coming] == [(12, day(6, 1))]


def test_what_lapses_at_the_end_of_the_year_is_named(flow):
    know_years(flow.employee, 2024, 2025, left=3)
    balance = selectors.balance_of(flow.employee)
    assert [(bucket.kind, bucket.left) for bucket in balance.lapsing] == [("C1", 3)]
    assert (balance.of("C1"), balance.of("C2"), balance.of("O")) == (3, 0, 12)


# --- Timeline ---------------------------------------------------------------------------------------
def entries(request):
    return [(entry.state, entry.code, entry.who) for entry in selectors.timeline(request)]


def test_a_submitted_request_shows_who_holds_it_and_who_comes_next(flow):
    gov = flow.gov
    request = flow.submitted()
    assert entries(request) == [
        ("done", "submitted", gov.employee.name),
        ("current", "opinion", gov.section_head.name),
        ("coming", "decision", gov.office_head.name),
    ]
    current = selectors.timeline(request)[1]
    assert (current.due_on, current.overdue) == (day(3, 4), False)


def test_a_step_past_its_clock_is_overdue(flow, time_machine):
    request = flow.submitted()
    time_machine.move_to(datetime.datetime(2026, 3, 9, 3, tzinfo=datetime.UTC))
    assert selectors.timeline(request)[1].overdue


def test_a_checked_unit_has_all_three_boxes_in_the_timeline(flow):
    UnitLeaveSetting.objects.create(unit=flow.gov.office, hr_check=True)
    codes = [(state, code) for state, code, _who in entries(flow.submitted())]
    assert codes == [("done", "submitted"), ("current", "check"), ("coming", "opinion"), ("coming", "decision")]


def test_done_boxes_show_outcome_reason_and_dates(flow):
    request = flow.offered(day(4, 20), day(4, 22))
    decision = next(entry for entry in selectors.timeline(request) if entry.code == "decision")
    assert (decision.outcome, decision.reason) == (Outcome.CHANGED, "Ada pemeriksaan")
    assert (decision.start, decision.end) == (day(4, 20), day(4, 22))
    assert decision.capacity == "Kepala Dinas Kesehatan"
    assert entries(request)[-1][:2] == ("current", "response")


def test_a_change_of_holder_stands_in_the_timeline(flow):
    request = flow.submitted()
    make_head(flow.gov.section, kind="plh", name="Plh Baru", since=day(3, 2))
    follow_holders()
    assert ("done", "handed_over", "") in entries(request)
    current = next(entry for entry in selectors.timeline(request) if entry.state == "current")
    assert (current.who, current.capacity.split()[0]) == ("Plh Baru", "Plh.")


def test_nothing_comes_after_the_end(flow):
    request = flow.decide(flow.opined(), Outcome.REFUSED, reason="Tidak")
    assert {state for state, _code, _who in entries(request)} == {"done"}


# --- Who is away ------------------------------------------------------------------------------------
def test_the_team_calendar_of_a_colleague_shows_his_own_unit(flow):
    flow.granted()
    found = selectors.team_absences(flow.gov.colleague.user, day(4, 1), day(4, 30))
    assert [(each.name, each.periods) for each in found] == [
        (flow.employee.full_name, [(day(4, 6), day(4, 10), True)])
    ]


def test_the_team_calendar_of_a_head_shows_everybody_below(flow):
    flow.submitted()
    other = flow.gov.second_staff[0]
    services.file_request(actor=other.user, employee=other, data=data())
    found = selectors.team_absences(flow.gov.office_head.user, day(4, 1), day(4, 30))
    assert {each.employee_id for each in found} == {flow.employee.pk, other.pk}
    assert selectors.team_absences(flow.gov.section_head.user, day(5, 1), day(5, 31)) == []


def test_another_units_absences_are_nobodys_business(flow):
    flow.granted()
    assert selectors.team_absences(flow.gov.second_staff[0].user, day(4, 1), day(4, 30)) == []


@pytest.mark.parametrize(
    ("first", "last", "seen"),
    [
        (day(4, 6), day(4, 8), True),
        (day(4, 1), day(4, 6), True),
        (day(4, 8), day(4, 30), True),
        (day(4, 7), day(4, 7), True),
        (day(4, 1), day(4, 5), False),
        (day(4, 9), day(4, 30), False),
    ],
)
def test_few_and_many_people_are_found_alike(flow, first, last, seen):
    """`few` decides which index is walked, never who is found."""
    flow.granted(day(4, 6), day(4, 8))
    team, values = team_of(flow.gov.office_head.user)

    def found(few):
        held = Prepared(lambda slot: held_by(replace(team, few=few), slot))
        return gathered(held.all(start=first, after=last + DAY, **values))

    assert found(few=True) == found(few=False)
    assert bool(found(few=True)) is seen


def test_the_decider_sees_who_else_is_away(flow):
    flow.granted()
    other = flow.gov.colleague
    request = services.file_request(actor=other.user, employee=other, data=data(day(4, 9), day(4, 13)))
    assert [each.name for each in selectors.colleagues_away(request)] == [flow.employee.full_name]


def test_lists_of_requests_keep_to_their_scope(flow):
    request, draft = flow.submitted(), flow.draft(day(6, 1), day(6, 2))
    assert list(selectors.requests_of(flow.employee)) == [draft, request]
    assert list(selectors.team_requests(flow.gov.section_head.user)) == [request]
    assert list(selectors.team_requests(flow.gov.second_section_head.user)) == []
    assert selectors.detail(flow.gov.hr.user).get() == request


def test_attachments_of_a_request(flow):
    draft = flow.draft()
    arguments = {"content": b"x", "name": "surat.pdf", "mime": "application/pdf"}
    store_content(**arguments, subject=draft, actor=flow.employee.user)
    assert [file.name for file in selectors.attachments_of(draft)] == ["surat.pdf"]


# --- Preview ----------------------------------------------------------------------------------------
def preview(flow, *args, **kwargs):
    return services.preview(flow.employee.user, flow.employee, data(*args, **kwargs))


def test_a_preview_names_each_skipped_day(flow):
    found = preview(flow, day(4, 9), day(4, 13))
    assert [(each.date.day, each.charged, each.name("id")) for each in found.days] == [
        (9, True, ""),
        (10, True, ""),
        (11, False, "Sabtu"),
        (12, False, "Minggu"),
        (13, True, ""),
    ]
    assert found.charged_days == 3


def test_a_preview_shows_the_balance_before_and_after_by_bucket(flow):
    know_years(flow.employee, 2024, 2025, left=2)
    found = preview(flow)
    assert [(line.kind, line.before, line.after) for line in found.buckets] == [("C1", 2, 0), ("O", 12, 9)]
    assert (found.balance_before, found.balance_after, found.allowed) == (14, 9, True)


def test_a_preview_says_who_will_decide(flow):
    found = preview(flow)
    assert [each.holder.title for each in found.deciders] == [
        "Kepala Bidang Pelayanan Kesehatan",
        "Kepala Dinas Kesehatan",
    ]
    assert not found.fills_both


def test_a_preview_refuses_with_rule_and_article(flow):
    found = preview(flow, day(4, 6), day(4, 30))
    assert [each.rule.value for each in found.refusals] == ["CT-BALANCE"]
    assert found.refusals[0].article.startswith("PP 11/2017 Pasal")
    assert not found.allowed


def test_a_preview_of_impossible_dates_is_a_refusal_too(flow):
    found = preview(flow, day(4, 10), day(4, 6))
    assert (found.charged_days, found.allowed) == (0, False)


def test_a_preview_warns_when_too_many_of_the_unit_are_away(flow):
    other = flow.gov.colleague
    services.file_request(actor=other.user, employee=other, data=data())
    assert [caution.code for caution in preview(flow).warnings] == ["overlap"]
    assert "dengan Anda 2 dari 3 orang" in preview(flow).warnings[0].message


def test_a_preview_warns_of_a_stand_in_who_is_away(flow):
    other = flow.gov.second_staff[0]
    services.file_request(actor=other.user, employee=other, data=data())
    assert [caution.code for caution in preview(flow, stand_in=other).warnings] == ["stand_in"]


def test_a_preview_of_an_edit_counts_its_own_days_as_free(flow):
    request = flow.submitted(day(4, 6), day(4, 21))
    found = services.preview(flow.employee.user, flow.employee, data(day(4, 7), day(4, 22)), request=request)
    assert (found.charged_days, found.balance_before, found.allowed) == (12, 12, True)


@pytest.mark.parametrize("who", ["colleague", "hr", "section_head"])
def test_nobody_previews_for_another_person(flow, who):
    with pytest.raises(PermissionRefused):
        services.preview(getattr(flow.gov, who).user, flow.employee, data())
