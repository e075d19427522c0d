"""Pages of the year, the monitor and the assessor: who sees them, what they show and do."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from evaluations.enums import CycleState, DeadlineKind, EvaluationState, PlanState
from evaluations.models import AssessorAssignment, Cycle, Deadline, Evaluation, Participant
from evaluations.selectors import kept
from evaluations.selectors.monitor import Look
from evaluations.services import ratings
from evaluations.services.cycles import change_cycle
from evaluations.services.cycles_population import Population
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work import running
from kepegawaian.work.models import Job
from tests.employees.factories import UserFactory
from tests.evaluations.factories import YEAR, make_evaluation, make_plan, make_world
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(time_machine):
    time_machine.move_to(datetime.datetime(YEAR, 4, 20, 3, tzinfo=datetime.UTC))


@pytest.fixture
def world():
    world = make_world()
    world.hr = world.gov.hr.user
    world.cycle.population = {}
    rows = [(DeadlineKind.PLAN_AGREE, None, (1, 31)), (DeadlineKind.ASSESS, world.quarter, (4, 10))]
    for kind, period, date in rows:
        Deadline.objects.create(cycle=world.cycle, period=period, kind=kind, due_on=datetime.date(YEAR, *date))
    return world


def url(name, *args, query=""):
    return reverse(f"evaluations:{name}", args=args) + (f"?{query}" if query else "")


# --- The year -----------------------------------------------------------------------------------------
def test_hr_prepares_looks_and_opens(client, world):
    client.force_login(world.hr)
    answer = client.post(url("cycles"), {"year": YEAR + 1, "period_kind": "month"})
    cycle = Cycle.objects.get(year=YEAR + 1)
    assert answer.url == url("cycle", cycle.pk)
    page = client.get(answer.url).content.decode()
    assert "Yang akan ikut" in page
    assert "Tidak seorang pun terkunci" in page
    answer = client.post(url("cycle_open", cycle.pk))
    job = Job.objects.get(kind="evaluations.open_cycle")
    assert answer.url == reverse("work:job", args=[job.pk])
    assert "Lihat kemajuannya" in client.get(url("cycle", cycle.pk)).content.decode()
    running.run(job.pk)
    page = client.get(url("cycle", cycle.pk)).content.decode()
    assert "Pantau kemajuan" in page
    assert "Dapat ditutup sesudah tahunnya berakhir" in page


def test_the_calendar_is_kept_and_a_wrong_date_said_beside_its_field(client, world):
    client.force_login(world.hr)
    data = {f"due_{row.pk.hex}": row.due_on.isoformat() for row in world.cycle.deadlines.all()}
    row = world.cycle.deadlines.get(kind=DeadlineKind.ASSESS)
    data[f"due_{row.pk.hex}"] = f"{YEAR}-05-04"
    assert client.post(url("cycle_calendar", world.cycle.pk), data).status_code == 302
    row.refresh_from_db()
    assert row.due_on == datetime.date(YEAR, 5, 4)
    data[f"due_{row.pk.hex}"] = f"{YEAR - 1}-05-04"
    answer = client.post(url("cycle_calendar", world.cycle.pk), data)
    assert answer.status_code == 422
    assert "tidak mendahului" in answer.content.decode()


def test_a_kind_of_date_that_a_period_does_not_have_is_an_empty_cell(client, world):
    client.force_login(world.hr)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", client.get(url("cycle", world.cycle.pk)).content.decode(), re.S)
    assert "" in {cell.strip() for cell in cells}
    assert "None" not in cells


def test_what_is_plain_is_refused_without_a_source(client, world):
    client.force_login(world.hr)
    answer = client.post(url("cycles"), {"year": YEAR, "period_kind": "quarter"})
    assert answer.status_code == 422
    assert "Tahun kinerja ini sudah ada." in answer.content.decode()
    assert "belum diverifikasi" not in answer.content.decode()


def test_the_population_is_changed(client, world):
    cycle = Cycle.objects.create(year=YEAR + 1)
    client.force_login(world.hr)
    data = {
        "approach": "",
        "statuses": ["pns"],
        "states": ["active"],
        "unit": world.gov.office.name,
        "without": "",
    }
    assert client.post(url("cycle_population", cycle.pk), data).status_code == 302
    cycle.refresh_from_db()
    assert cycle.population["units"] == [str(world.gov.office.pk)]


def test_the_kind_of_a_prepared_year_is_changed_until_it_is_opened(client, world):
    client.force_login(world.hr)
    client.post(url("cycles"), {"year": YEAR + 1, "period_kind": "month"})
    cycle = Cycle.objects.get(year=YEAR + 1)
    data = {"approach": "", "statuses": ["pns"], "states": ["active"], "unit": "", "without": ""}
    client.post(url("cycle_population", cycle.pk), {**data, "period_kind": "quarter"})
    cycle.refresh_from_db()
    assert (cycle.period_kind, cycle.periods.count()) == ("quarter", 5)
    assert set(cycle.deadlines.exclude(period=None).values_list("period__kind", flat=True)) == {"quarter", "year"}
    Cycle.objects.filter(pk=cycle.pk).update(state=CycleState.OPEN, opened_at=timezone.now())
    assert 'name="period_kind"' not in client.get(url("cycle", cycle.pk)).content.decode()
    with pytest.raises(StateChanged, match="sudah berjalan"):
        change_cycle(actor=world.hr, cycle=cycle, approach="", population=Population(), period_kind="month")


def test_a_prepared_year_is_discarded_and_an_open_one_never(client, world):
    client.force_login(world.hr)
    client.post(url("cycles"), {"year": YEAR + 1, "period_kind": "month"})
    discard = url("cycle_discard", Cycle.objects.get(year=YEAR + 1).pk)
    assert "belum ada pegawai yang ikut" in client.get(discard).content.decode()
    assert client.post(discard).url == url("cycles")
    assert not Cycle.objects.filter(year=YEAR + 1).exists()
    page = client.post(url("cycle_discard", world.cycle.pk), follow=True)
    assert "sudah berjalan" in page.content.decode()
    assert Cycle.objects.filter(pk=world.cycle.pk).exists()


def test_the_year_is_closed_from_its_page(client, world, time_machine):
    client.force_login(world.hr)
    client.post(url("cycle_close", world.cycle.pk))
    world.cycle.refresh_from_db()
    assert world.cycle.state == CycleState.OPEN
    time_machine.move_to(datetime.datetime(YEAR + 1, 2, 1, 3, tzinfo=datetime.UTC))
    client.force_login(world.hr)
    client.post(url("cycle_close", world.cycle.pk))
    world.cycle.refresh_from_db()
    assert world.cycle.state == CycleState.CLOSED


@pytest.mark.parametrize("name", ["cycles", "cycle"])
def test_the_year_is_for_hr_of_the_whole_government(client, world, name):
    args = [world.cycle.pk] if name == "cycle" else []
    hr_unit = RoleAssignmentFactory(user=world.gov.colleague.user, role=Role.HR_UNIT, unit=world.gov.office).user
    for user in (world.gov.employee.user, world.gov.office_head.user, hr_unit):
        client.force_login(user)
        assert client.get(url(name, *args)).status_code == 403


# --- The monitor ----------------------------------------------------------------------------------------
def test_the_numbers_add_up_over_units(client, world):
    make_plan(world.me)
    make_evaluation(world.me, world.quarter, state=EvaluationState.FINAL)
    make_plan(world.of(world.gov.colleague), state=PlanState.SUBMITTED)
    client.force_login(world.hr)
    answer = client.get(url("unit", world.gov.office.pk))
    total = answer.context["total"]
    assert (total.people, total.agreed, total.submitted, total.final) == (7, 1, 1, 1)
    assert total.without_plan == 5
    assert total.predikat["baik"] == 1
    assert total.late == 6  # everybody but the one whose plan is agreed and whose evaluation is signed
    assert sum(row.tally.people for row in answer.context["page"]) == 7
    assert {row.unit.name: row.itself for row in answer.context["page"]}[world.gov.office.name]
    everything = client.get(url("monitor")).context["total"]
    assert everything.people == 8
    assert everything.without_assessor == 1


def test_few_people_are_counted_anew_each_time(client, world):
    client.force_login(world.hr)
    client.get(url("monitor"))
    make_plan(world.me)
    answer = client.get(url("monitor"))
    assert answer.context["total"].agreed == 1
    assert answer.context["counted_at"] is None


def test_numbers_of_many_people_are_kept_for_a_minute_and_say_so(client, world, monkeypatch, time_machine):
    monkeypatch.setattr(kept, "MANY", 8)
    client.force_login(world.hr)
    client.get(url("monitor"))
    make_plan(world.me)
    answer = client.get(url("monitor"))
    assert answer.context["total"].agreed == 0
    assert "Dihitung 20 Apr" in answer.content.decode()
    cache.delete_pattern("evaluations.monitor:*")
    assert client.get(url("monitor")).context["total"].agreed == 1


def test_numbers_that_are_kept_stay_within_their_scope_period_and_day(client, world, monkeypatch, time_machine):
    monkeypatch.setattr(kept, "MANY", 1)
    client.force_login(world.hr)
    assert client.get(url("monitor")).context["total"].people == 8
    assert client.get(url("unit", world.gov.office.pk)).context["total"].people == 7
    client.force_login(world.gov.section_head.user)
    assert client.get(url("monitor")).context["total"].people == 3
    asked = f"periode={world.quarter.pk}"
    assert client.get(url("monitor", query=asked)).context["total"].late == 3
    monkeypatch.setattr(Look, "is_over", lambda self, *kinds: False)
    assert client.get(url("monitor", query=asked)).context["total"].late == 0


def test_heads_see_their_units_and_nobody_elses(client, world):
    client.force_login(world.gov.section_head.user)
    assert client.get(url("monitor")).context["total"].people == 3
    assert client.get(url("unit", world.gov.section.pk)).status_code == 200
    assert client.get(url("unit", world.gov.second_section.pk)).status_code == 404
    client.force_login(world.gov.employee.user)
    assert client.get(url("monitor")).status_code == 403
    assert client.get(url("unit", world.gov.section.pk)).status_code == 404


def test_before_a_year_is_opened_the_monitor_says_so(client, world):
    Cycle.objects.update(state=CycleState.PREPARING)
    client.force_login(world.hr)
    assert "Belum ada tahun kinerja" in client.get(url("monitor")).content.decode()
    assert client.get(url("people")).status_code == 404


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("", 7),
        ("without_assessor", 1),
        ("without_plan", 5),
        ("submitted", 1),
        ("agreed", 1),
        ("final", 1),
        ("to_rate", 6),
        ("late", 6),
        ("excused", 0),
        ("left", 1),
    ],
)
def test_each_number_opens_its_people(client, world, what, expected):
    Participant.objects.filter(pk=world.of(world.gov.second_staff[0]).pk).update(left_on=today())
    make_plan(world.me)
    make_evaluation(world.me, world.quarter, state=EvaluationState.FINAL)
    make_plan(world.of(world.gov.colleague), state=PlanState.SUBMITTED)
    client.force_login(world.hr)
    answer = client.get(url("people", query=f"what={what}&periode={world.quarter.pk}"))
    shown = len(answer.context["page"].items)
    assert shown == expected
    tally = client.get(url("monitor", query=f"periode={world.quarter.pk}")).context["total"]
    if what in ("without_assessor", "without_plan", "submitted", "agreed", "final", "late"):
        assert shown == getattr(tally, what)


def test_whose_post_is_new_in_the_year_is_not_late_with_its_plan(client, world):
    end = world.quarter.end
    for person in (world.gov.colleague, world.gov.employee):
        world.of(person).postings.update(valid_to=end)
        world.of(person).postings.create(number=2, valid_from=end + datetime.timedelta(1), unit=world.gov.section)
    last = world.cycle.periods.get(number=4)
    client.force_login(world.hr)
    query = f"periode={last.pk}"
    total = client.get(url("monitor", query=query)).context["total"]
    assert (total.people, total.late) == (8, 6)
    html = client.get(url("people", query=f"what=late&{query}")).content.decode()
    assert html.count("Terlambat 79 hari") == 6
    assert client.get(url("people", query=query)).content.decode().count("Terlambat 79 hari") == 6


def test_the_list_is_searched_sorted_and_narrowed_to_a_unit(client, world):
    client.force_login(world.hr)
    found = client.get(url("people", query=f"q={world.gov.employee.name}")).context["page"].items
    assert [row.nip for row in found] == [world.gov.employee.current_nip]
    found = client.get(url("people", query=f"q={world.gov.employee.current_nip}")).context["page"].items
    assert [row.nip for row in found] == [world.gov.employee.current_nip]
    down = [row.pk for row in client.get(url("people", query="sort=-name")).context["page"].items]
    assert down == [row.pk for row in client.get(url("people", query="sort=name")).context["page"].items][::-1]
    office = client.get(url("people", query="unit=Bidang+Pelayanan+Kesehatan")).context["page"].items
    assert len(office) == 3


def test_the_list_is_taken_as_a_sheet_in_the_own_scope(client, world):
    make_plan(world.me)
    make_evaluation(world.me, world.quarter, state=EvaluationState.ASSESSED)
    client.force_login(world.gov.section_head.user)
    lines = client.get(url("people_export", query="jenis=csv")).content.decode().splitlines()
    assert len(lines) == 4
    assert "Baik" not in "".join(lines)  # not signed yet


def test_hr_reminds_those_of_the_list_whose_turn_it_is_once_a_day(client, world):
    make_plan(world.me)
    client.force_login(world.hr)
    row = world.cycle.deadlines.get(kind=DeadlineKind.PLAN_AGREE)
    query = "unit=Bidang+Pelayanan+Kesehatan"
    for said in ("2 orang diingatkan.", "0 orang diingatkan, 2 sudah diingatkan hari itu."):
        answer = client.post(url("people_remind", query=query), {"deadline": row.pk})
        assert running.run(answer.url.rstrip("/").rsplit("/", 1)[1])
        assert said in client.get(answer.url).content.decode()
    told = Message.objects.filter(kind="evaluations.reminder").values_list("recipient", flat=True)
    assert set(told) == {world.gov.colleague.user_id, world.gov.section_head.user_id}
    assert len(told) == 2


@pytest.mark.parametrize(("days", "said"), [(0, "Pejabat penilai diubah"), (20, "Tercatat: berlaku mulai")])
def test_hr_reads_from_when_the_assessor_holds(client, world, days, said):
    client.force_login(world.gov.hr.user)
    data = {
        "assessor": world.gov.personnel_head.current_nip,
        "reason": "SK",
        "valid_from": today() + datetime.timedelta(days),
    }
    answer = client.post(url("assessor", world.me.pk), data, follow=True)
    assert said in answer.content.decode()


def test_one_assessor_is_named_for_a_whole_list(client, world):
    client.force_login(world.hr)
    head = world.gov.second_section_head
    query = "unit=Bidang+Kesehatan+Masyarakat"
    assert client.get(url("people_assessor", query=query)).context["count"] == 3
    data = {
        "assessor": world.gov.section_head.current_nip,
        "reason": "Bidang digabung sementara",
        "valid_from": "",
    }
    answer = client.post(url("people_assessor", query=query), data)
    job = Job.objects.get(kind="evaluations.assign")
    assert answer.url == reverse("work:job", args=[job.pk])
    running.run(job.pk)
    job.refresh_from_db()
    assert job.result == {"changed": 3, "refused": {}}
    assert Participant.objects.filter(assessor=world.gov.section_head).count() == 5
    assert AssessorAssignment.objects.filter(source="hr").count() == 3
    assert world.of(head).assignments.filter(valid_to=None).get().assessor == world.gov.section_head


def test_late_people_are_late_by_days(client, world, time_machine):
    make_plan(world.me)
    client.force_login(world.hr)
    html = client.get(url("people", query=f"what=late&periode={world.quarter.pk}")).content.decode()
    assert html.count("Terlambat 79 hari") == Participant.objects.count() - 1  # no plan since 31 January
    assert html.count("Terlambat 10 hari") == Participant.objects.count()  # no evaluation since 10 April
    row = make_evaluation(world.me, world.quarter, state=EvaluationState.ASSESSED)
    time_machine.move_to(datetime.datetime(YEAR, 4, 13, 3, tzinfo=datetime.UTC))
    ratings.sign(actor=world.gov.section_head.user, evaluation=row)
    time_machine.move_to(datetime.datetime(YEAR, 4, 20, 3, tzinfo=datetime.UTC))
    html = client.get(url("people", query=f"what=late&periode={world.quarter.pk}")).content.decode()
    assert "Terlambat 3 hari" in html


def test_of_a_closed_year_the_year_itself_is_shown(client, world):
    client.force_login(world.hr)
    page = f"{url('monitor')}?tahun={world.cycle.year}"
    assert "evaluasi Triwulan 1" in client.get(page).content.decode()
    closed = {"state": CycleState.CLOSED, "closed_at": timezone.now()}
    Cycle.objects.filter(pk=world.cycle.pk).update(**closed)
    assert "evaluasi Tahunan" in client.get(page).content.decode()


def test_the_year_comes_last_among_the_periods(client, world):
    client.force_login(world.hr)
    periods = client.get(url("monitor")).context["periods"]
    assert [period.number for period in periods] == [1, 2, 3, 4, 0]


def test_reminding_and_naming_is_for_hr(client, world):
    client.force_login(world.gov.section_head.user)
    assert client.get(url("people_assessor")).status_code == 403
    assert client.post(url("people_remind")).status_code == 403


# --- The assessor -----------------------------------------------------------------------------------------
def test_the_person_corrects_the_assessor_on_a_page(client, world):
    client.force_login(world.gov.employee.user)
    page = url("assessor", world.me.pk)
    assert "Berlaku hari ini juga" in client.get(page).content.decode()
    data = {"assessor": world.gov.second_section_head.name, "reason": "Mutasi belum tercatat"}
    assert client.post(page, data).status_code == 302
    world.me.refresh_from_db()
    assert world.me.assessor == world.gov.second_section_head
    assert "Diperbaiki pegawai" in client.get(page).content.decode()


def test_hr_undoes_it(client, world):
    client.force_login(world.gov.employee.user)
    page = url("assessor", world.me.pk)
    client.post(page, {"assessor": world.gov.second_section_head.name, "reason": "Mutasi belum tercatat"})
    client.force_login(world.hr)
    assert client.post(url("assessor_by_line", world.me.pk), {"reason": "Keliru"}).status_code == 302
    world.me.refresh_from_db()
    assert world.me.assessor == world.gov.section_head


def test_the_page_of_an_assessor_is_for_who_may_see_the_person(client, world):
    client.force_login(world.gov.second_staff[0].user)
    assert client.get(url("assessor", world.me.pk)).status_code == 404
    client.force_login(world.gov.section_head.user)
    assert "Tidak dapat Anda ubah" in client.get(url("assessor", world.me.pk)).content.decode()
    assert client.post(url("assessor_by_line", world.me.pk)).status_code == 403


def test_officials_are_suggested(client, world):
    client.force_login(world.gov.employee.user)
    page = client.get(url("assessor_suggest", query="assessor=Citra")).content.decode()
    assert "Citra Bidang" in page
    assert (
        world.gov.colleague.name
        not in client.get(url("assessor_suggest", query=f"assessor={world.gov.colleague.name}")).content.decode()
    )


# --- Elsewhere ---------------------------------------------------------------------------------------------
def test_my_performance_says_what_is_late_and_what_comes_next(client, world):
    make_plan(world.me)
    second = world.cycle.periods.get(number=2)
    for period, kind, day in (
        (world.quarter, DeadlineKind.PROGRESS, (4, 5)),
        (world.quarter, DeadlineKind.READ, (4, 15)),
        (second, DeadlineKind.PROGRESS, (7, 5)),
        (second, DeadlineKind.READ, (7, 15)),
    ):
        Deadline.objects.create(cycle=world.cycle, period=period, kind=kind, due_on=datetime.date(YEAR, *day))
    client.force_login(world.gov.employee.user)

    def shown():
        html = client.get(url("mine")).content.decode()
        start = html.index("Batas waktu berikutnya")
        return html[start : html.index("</section>", start)], html

    card, _html = shown()
    assert card.count("Terlambat") == 1
    assert card.index("5 Apr 2026") < card.index("5 Jul 2026")
    assert "15 Apr 2026" not in card  # nothing to read yet
    row = make_evaluation(world.me, world.quarter, state=EvaluationState.FINAL)
    card, html = shown()
    assert ("15 Apr 2026" in card, "5 Apr 2026" in card.replace("15 Apr 2026", "")) == (True, False)
    assert "Belum Anda baca" in html
    Evaluation.objects.filter(pk=row.pk).update(received_at=timezone.now())
    card, html = shown()
    assert "15 Apr 2026" not in card
    assert "Belum Anda baca" not in html


def test_the_home_page_says_what_is_due(client, world):
    Deadline.objects.create(
        cycle=world.cycle, period=world.quarter, kind=DeadlineKind.PROGRESS, due_on=datetime.date(YEAR, 4, 25)
    )
    client.force_login(world.gov.employee.user)
    assert "Batas waktu kinerja" in client.get("/").content.decode()
    client.force_login(UserFactory())
    assert "Batas waktu kinerja" not in client.get("/").content.decode()


def test_the_page_of_a_unit_shows_its_progress_to_who_answers_for_it(client, world):
    page = reverse("units:detail", args=[world.gov.section.pk])
    client.force_login(world.gov.section_head.user)
    assert "Kemajuan selengkapnya" in client.get(page).content.decode()
    client.force_login(world.gov.second_section_head.user)
    assert "Kemajuan selengkapnya" not in client.get(page).content.decode()
