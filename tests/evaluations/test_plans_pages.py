import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.enums import EvaluationState, PlanState, Predikat
from evaluations.models import Plan, PlanComment, PlanResult, PlanTemplate
from evaluations.services import plans as verbs
from tests.employees.factories import Cast
from tests.evaluations.factories import join, make_cycle, make_evaluation, make_plan, make_world, move_plan
from tests.evaluations.plans import agreed, started, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def show(client):
    """`show(user, name, *args)` opens a page as somebody."""

    def open_page(user, name, *args, **query):
        client.force_login(user)
        return client.get(reverse(f"evaluations:{name}", args=args), query)

    return open_page


@pytest.fixture
def send(client):
    def post(user, name, *args, **data):
        client.force_login(user)
        return client.post(reverse(f"evaluations:{name}", args=args), data)

    return post


def fields(html):
    """Name -> value of every field of the form on which a plan is written."""
    found = dict(re.findall(r'<input type="(?:hidden|text)" name="([^"]+)" value="([^"]*)"', html))
    found |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\n([^<]*)</textarea>', html))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


# --- Mine, a person, history ------------------------------------------------------------------------
def test_before_a_cycle_is_open_the_page_says_what_comes(show, world, me):
    world.cycle.state = "preparing"
    world.cycle.save()
    assert "Belum ada tahun kinerja" in show(me.employee.user, "mine").content.decode()


def test_my_page_says_with_whom_the_plan_is(show, world, me):
    assert "Mulai menyusun SKP" in show(me.employee.user, "mine").content.decode()
    submitted(me)
    html = show(me.employee.user, "mine").content.decode()
    assert "Menunggu persetujuan" in html
    assert "Bayu Bidang" in html


def test_an_unknown_year_is_not_found(show, me):
    assert show(me.employee.user, "mine", tahun="2031").status_code == 404


def test_the_history_has_a_chart_and_its_numbers(show, world, me):
    for year, predikat in ((2024, Predikat.BAIK), (2025, Predikat.SANGAT_BAIK)):
        past = join(make_cycle(year), me.employee, world.gov.section_head)
        make_plan(past)
        for kind in ("quarter", "year"):
            period = past.cycle.periods.filter(kind=kind).first()
            make_evaluation(past, period, state=EvaluationState.FINAL, predikat=predikat)
    html = show(me.employee.user, "mine", tahun="2026").content.decode()
    assert html.count("<circle") == 2
    assert "Triwulan 1: Sangat baik" in html


def test_the_assessor_and_hr_open_a_person_and_strangers_do_not(show, world, me):
    for user in (world.gov.section_head.user, world.gov.office_head.user, world.gov.hr.user):
        assert show(user, "person", me.pk).status_code == 200
    for user in (world.gov.colleague.user, world.gov.second_section_head.user):
        assert show(user, "person", me.pk).status_code == 404
    assert show(me.employee.user, "person", me.pk).url == "/kinerja/?tahun=2026"


def test_a_person_is_reached_over_the_list_of_the_reader(show, world, me):
    for user, url in (
        (world.gov.section_head.user, reverse("evaluations:team")),
        (world.gov.hr.user, reverse("evaluations:monitor")),
    ):
        html = show(user, "person", me.pk).content.decode()
        assert re.search(rf'<nav class="crumbs".*?<a href="{url}"', html, re.DOTALL)
        assert re.search(rf'<a[^>]*href="{url}"[^>]*aria-current', html)


# --- Begin and write --------------------------------------------------------------------------------
def test_a_draft_begins_and_opens_for_writing(send, me):
    answer = send(me.employee.user, "plan_start", me.pk, source="empty:", approach="quantitative")
    assert answer.url == reverse("evaluations:plan_edit", args=[Plan.objects.get().pk])


def test_starting_asks_what_to_begin_with(show, send, world, me):
    make_plan(join(make_cycle(2025), me.employee, world.gov.section_head))
    assert "SKP 2025" in show(me.employee.user, "plan_start", me.pk).content.decode()
    assert send(me.employee.user, "plan_start", me.pk, source="", approach="").status_code == 422


def test_a_plan_is_written_without_javascript(show, send, me):
    user, plan = me.employee.user, verbs.start(actor=me.employee.user, participant=me)
    data = {
        "action": "add:main",
        "new-main-text": "Tersusunnya data",
        "new-main-indicator": "Jumlah data",
        "new-main-target": "3 set",
    }
    assert "#line-result-" in send(user, "plan_edit", plan.pk, **data).url
    result = PlanResult.objects.get()
    typed = fields(show(user, "plan_edit", plan.pk).content.decode())
    typed |= {
        f"result-{result.pk}-text": "Tersusunnya data dasar",
        "expectation-loyal-text": "Menjaga rahasia",
        "appendix-dukungan-text": "Laptop\nAkses data",
    }
    send(user, "plan_edit", plan.pk, **typed, action=f"indicator:{result.pk}")
    result.refresh_from_db()
    assert (result.text, result.indicators.count()) == ("Tersusunnya data dasar", 2)
    assert (plan.expectations.count(), plan.appendix.count()) == (1, 2)
    assert send(user, "plan_edit", plan.pk, action="submit").status_code == 422
    empty = result.indicators.get(text="")
    typed = fields(show(user, "plan_edit", plan.pk).content.decode())
    answer = send(user, "plan_edit", plan.pk, **(typed | {f"indicator-{empty.pk}-text": "Mutu"}), action="submit")
    assert answer.url == reverse("evaluations:plan", args=[plan.pk])
    assert Plan.objects.get().state == PlanState.SUBMITTED


def test_what_is_missing_is_said_with_its_rule_on_submission(send, me):
    plan = verbs.start(actor=me.employee.user, participant=me)
    answer = send(me.employee.user, "plan_edit", plan.pk, action="submit")
    assert answer.status_code == 422
    assert "PermenPANRB 6/2022" in answer.content.decode()


def test_a_line_saves_itself_and_gives_its_new_mark(show, send, me):
    user, plan = me.employee.user, started(me)
    result = plan.results.get()
    typed = fields(show(user, "plan_edit", plan.pk).content.decode())
    typed[f"result-{result.pk}-text"] = "Tersusunnya laporan mutu"
    answer = send(user, "plan_save", plan.pk, **typed)
    html = answer.content.decode()
    assert answer["X-Saved"] == "1"
    assert f'data-forget="plan-{plan.pk}"' in html
    assert html.count("hx-swap-oob") == 3
    assert fields(html)[f"result-{result.pk}-seen"] != typed[f"result-{result.pk}-seen"]
    result.refresh_from_db()
    assert result.text == "Tersusunnya laporan mutu"


def test_two_tabs_lose_nothing(show, send, me):
    user, plan = me.employee.user, started(me)
    result = plan.results.get()
    name = f"result-{result.pk}-text"
    first = fields(show(user, "plan_edit", plan.pk).content.decode())
    second = dict(first)
    send(user, "plan_edit", plan.pk, **(first | {name: "Dari tab pertama"}), action="save")
    answer = send(user, "plan_edit", plan.pk, **(second | {name: "Dari tab kedua"}), action="submit")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Dari tab pertama" in html
    assert fields(html)[name] == "Dari tab kedua"
    assert Plan.objects.get().state == PlanState.DRAFT
    send(user, "plan_edit", plan.pk, **fields(html), action="save")
    result.refresh_from_db()
    assert result.text == "Dari tab kedua"


def test_a_clash_is_told_in_words(show, send, world, me):
    user, plan = me.employee.user, started(me)
    result = plan.results.get()
    above = make_plan(world.of(world.gov.section_head)).results.first()
    typed = fields(show(user, "plan_edit", plan.pk).content.decode())
    chosen = typed | {f"result-{result.pk}-intervenes": str(above.pk)}
    send(user, "plan_edit", plan.pk, **chosen, action="save")
    html = send(user, "plan_edit", plan.pk, **(typed | {f"result-{result.pk}-text": "Lain"}), action="save")
    clash = html.content.decode().split("Yang tersimpan sekarang:")[1].split("Simpan sekali lagi")[0]
    assert f'<p class="step-note">{above.text}</p>' in clash
    assert str(above.pk) not in clash


def test_a_refused_submission_calls_no_needed_field_optional(show, send, me):
    user, plan = me.employee.user, started(me)
    typed = fields(show(user, "plan_edit", plan.pk).content.decode())
    typed[f"result-{plan.results.get().pk}-text"] = ""
    answer = send(user, "plan_edit", plan.pk, **typed, action="submit")
    assert answer.status_code == 422
    for label in ("Rencana hasil kerja", "Indikator kinerja individu", "Target dan satuannya"):
        assert f"{label} <span" not in answer.content.decode()


def test_the_editor_begins_with_why_the_plan_came_back_and_what_shall_change(show, send, world, me):
    head, plan = world.gov.section_head.user, submitted(me)
    result = plan.results.get()
    send(head, "plan_comment", plan.pk, line=result.origin, text="Angkanya dari mana?", asks_change="on")
    send(head, "plan_comment", plan.pk, line="", text="Sudah baik")
    send(head, "plan_answer", plan.pk, outcome="return", note="Tambahkan mutu", version=plan.version)
    html = show(me.employee.user, "plan_edit", plan.pk).content.decode()
    assert html.index("Tambahkan mutu") < html.index("Angkanya dari mana?") < html.index("Hasil kerja utama")
    assert f'href="?buka={result.pk}#line-result-{result.pk}"' in html
    assert "Sudah baik" not in html


def test_a_text_that_is_too_long_is_said_and_the_rest_is_saved(show, send, me):
    user, plan = me.employee.user, started(me)
    result = plan.results.get()
    typed = fields(show(user, "plan_edit", plan.pk).content.decode())
    typed |= {f"result-{result.pk}-text": "x" * 1001, "appendix-skema-text": "Laporan bulanan"}
    answer = send(user, "plan_save", plan.pk, **typed)
    assert answer["X-Saved"] == "0"
    assert "data-forget" not in answer.content.decode()
    assert plan.appendix.get().text == "Laporan bulanan"


def test_the_form_changes_with_the_approach(show, send, me):
    user, plan = me.employee.user, started(me)
    assert "Target dan satuannya" in show(user, "plan_edit", plan.pk).content.decode()
    send(user, "plan_edit", plan.pk, action="approach:qualitative")
    html = show(user, "plan_edit", plan.pk).content.decode()
    assert "Target dan satuannya" not in html
    assert "Jumlah laporan, 12 laporan" in html


def test_hints_never_stand_in_the_way(show, me):
    user, plan = me.employee.user, started(me)
    PlanResult.objects.update(text="Melaksanakan rapat koordinasi", intervened_text="")
    html = show(user, "plan_edit", plan.pk).content.decode()
    assert "menyebut kegiatan" in html
    assert "Belum dikaitkan dengan hasil kerja atasan" in html


def test_of_many_results_only_the_one_that_is_written_is_a_form(show, send, client, me):
    user = me.employee.user
    make_plan(me, state=PlanState.DRAFT, results=6)
    plan = Plan.objects.get()
    first, second, *_rest, last = plan.results.order_by("number")
    html = show(user, "plan_edit", plan.pk).content.decode()
    assert not [name for name in fields(html) if name.startswith("result-")]
    assert html.count('value="open:') == 6
    answer = send(user, "plan_edit", plan.pk, action=f"open:{second.pk}")
    assert answer.url.endswith(f"?buka={second.pk}#line-result-{second.pk}")
    typed = fields(client.get(answer.url).content.decode())
    assert {name[:43] for name in typed if name.startswith("result-")} == {f"result-{second.pk}"}
    typed[f"result-{second.pk}-text"] = "Tersusunnya pedoman"
    answer = send(user, "plan_edit", plan.pk, **typed, action=f"open:{last.pk}")
    texts = dict(plan.results.values_list("pk", "text"))
    assert (texts[first.pk], texts[second.pk]) == (first.text, "Tersusunnya pedoman")
    assert f"result-{last.pk}-text" in fields(client.get(answer.url).content.decode())


def test_a_line_that_lacks_something_is_open_and_stays_so(show, send, client, me):
    user = me.employee.user
    make_plan(me, state=PlanState.DRAFT, results=6)
    plan = Plan.objects.get()
    third = plan.results.get(number=3)
    PlanResult.objects.filter(pk=third.pk).update(text="")
    name = f"result-{third.pk}-text"
    typed = fields(show(user, "plan_edit", plan.pk).content.decode())
    assert name in typed
    answer = send(user, "plan_edit", plan.pk, action="submit")
    assert (answer.status_code, name in fields(answer.content.decode())) == (422, True)
    saved = send(user, "plan_edit", plan.pk, **(typed | {name: "Tersusunnya peta"}), action="save")
    assert name in fields(client.get(saved.url).content.decode())
    indicator = third.indicators.get()
    typed = fields(client.get(saved.url).content.decode())
    removed = send(user, "plan_edit", plan.pk, **typed, action=f"remove:{indicator.pk}")
    assert name in fields(client.get(removed.url).content.decode())


# --- One plan ---------------------------------------------------------------------------------------
def test_a_draft_stays_with_its_author(show, world, me):
    plan = started(me)
    assert show(me.employee.user, "plan", plan.pk).status_code == 200
    for user in (world.gov.section_head.user, world.gov.hr.user, world.gov.colleague.user):
        assert show(user, "plan", plan.pk).status_code == 404


def test_the_assessor_returns_with_a_note_and_then_agrees(show, send, world, me):
    head, plan = world.gov.section_head.user, submitted(me)
    assert "Simpan jawaban" in show(head, "plan", plan.pk).content.decode()
    version = Plan.objects.get().version
    assert send(head, "plan_answer", plan.pk, outcome="return", note="", version=version).status_code == 422
    send(head, "plan_answer", plan.pk, outcome="return", note="Tambahkan mutu", version=version)
    assert Plan.objects.get().state == PlanState.RETURNED
    assert "Tambahkan mutu" in show(me.employee.user, "mine").content.decode()
    send(me.employee.user, "plan_submit", plan.pk)
    version = Plan.objects.get().version
    answer = send(head, "plan_answer", plan.pk, outcome="agree", version=version, loyal="Menjaga rahasia")
    assert answer.url == reverse("evaluations:team")
    assert Plan.objects.get().state == PlanState.AGREED
    assert "Menjaga rahasia" in show(head, "plan", plan.pk).content.decode()


def test_after_an_answer_the_next_plan_follows(send, world, me):
    plan, other = submitted(me), submitted(world.of(world.gov.colleague))
    answer = send(world.gov.section_head.user, "plan_answer", plan.pk, outcome="agree", version=plan.version)
    assert answer.url == reverse("evaluations:plan", args=[other.pk])


def test_an_old_page_says_so_instead_of_agreeing(send, client, world, me):
    plan = submitted(me)
    answer = send(world.gov.section_head.user, "plan_answer", plan.pk, outcome="agree", version=1)
    assert Plan.objects.get().state == PlanState.SUBMITTED
    assert "berubah sejak Anda membukanya" in client.get(answer.url).content.decode()


def test_only_the_assessor_answers(send, world, me):
    plan = submitted(me)
    for user in (world.gov.hr.user, me.employee.user):
        answer = send(user, "plan_answer", plan.pk, outcome="agree", version=plan.version)
        assert answer.status_code == 403


def test_a_withdrawn_plan_opens_for_writing(send, me):
    plan = submitted(me)
    assert send(me.employee.user, "plan_withdraw", plan.pk).url == reverse("evaluations:plan_edit", args=[plan.pk])


def test_a_comment_stands_beside_its_line_and_is_settled(show, send, world, me):
    head, plan = world.gov.section_head.user, submitted(me)
    line = plan.results.get().origin
    send(head, "plan_comment", plan.pk, line=line, text="Angkanya dari mana?", asks_change="on")
    html = show(me.employee.user, "plan", plan.pk).content.decode()
    assert "Angkanya dari mana?" in html
    assert "1 permintaan perubahan belum selesai" in html
    send(me.employee.user, "plan_settle", PlanComment.objects.get().pk)
    assert "Ditandai selesai oleh" in show(head, "plan", plan.pk).content.decode()
    assert send(head, "plan_comment", plan.pk, line="", text="").status_code == 422


def test_a_new_version_is_begun_with_a_reason(show, send, me):
    user, plan = me.employee.user, agreed(me)
    assert show(user, "plan_change", plan.pk).status_code == 200
    version = Plan.objects.get().version
    assert send(user, "plan_change", plan.pk, reason="", version=version).status_code == 422
    answer = send(user, "plan_change", plan.pk, reason="Anggaran turun", version=version)
    new = Plan.objects.get(number=2)
    assert answer.url == reverse("evaluations:plan_edit", args=[new.pk])
    assert "versi 2" in show(user, "mine").content.decode()


def test_an_example_is_shared_and_withdrawn(show, send, me):
    user, plan = me.employee.user, agreed(me)
    assert show(user, "plan_share", plan.pk).status_code == 200
    send(user, "plan_share", plan.pk, title="Penata layanan")
    template = PlanTemplate.objects.get()
    assert "Penata layanan" in show(user, "plan_share", plan.pk).content.decode()
    send(user, "plan_unshare", template.pk)
    template.refresh_from_db()
    assert template.withdrawn_at is not None


def test_a_result_is_linked_from_the_page_of_an_agreed_plan(show, send, world, me):
    above = make_plan(world.of(world.gov.section_head)).results.first()
    plan = agreed(me)
    assert "Kaitkan dengan hasil kerja atasan" in show(me.employee.user, "plan", plan.pk).content.decode()
    result = plan.results.get()
    send(me.employee.user, "plan_link", plan.pk, **{f"above-{result.pk}": str(above.pk)})
    assert plan.results.get().intervenes_id == above.pk


def test_a_draft_is_discarded(send, me):
    plan = started(me)
    assert send(me.employee.user, "plan_discard", plan.pk).url == reverse("evaluations:mine")
    assert not Plan.objects.exists()


# --- Team -------------------------------------------------------------------------------------------
def test_what_waits_stands_first_in_the_team(show, world, me):
    head = world.gov.section_head.user
    submitted(world.of(world.gov.staff[-1]))
    html = show(head, "team").content.decode()
    names = [world.gov.staff[-1].full_name, world.gov.staff[0].full_name]
    assert html.index(names[0]) < html.index(names[1])


def test_the_team_does_not_read_drafts(show, world, me):
    plan = started(me)
    html = show(world.gov.section_head.user, "team").content.decode()
    assert "Draf" in html
    assert str(plan.pk) not in html


def test_who_assesses_nobody_is_told_so(show, me):
    assert "tidak menilai siapa pun" in show(me.employee.user, "team").content.decode()


def test_the_matrix_is_filled_without_javascript(show, send, world, me):
    head = world.gov.section_head.user
    above = make_plan(world.of(world.gov.section_head), results=1).results.get().indicators.get()
    name = f"cell-{me.pk}-{above.pk}"
    assert f'name="{name}"' in show(head, "team_matrix").content.decode()
    answer = send(head, "team_matrix", **{name: "Tersusunnya data dasar"})
    assert answer.status_code == 302
    row = PlanResult.objects.get(plan__participant=me)
    assert (row.text, row.serves, row.intervenes) == ("Tersusunnya data dasar", above, above.result)
    html = show(head, "team_matrix").content.decode()
    assert "sudah ada dalam draf" in html
    assert "Tersusunnya data dasar" not in html


def test_the_matrix_has_a_column_for_each_indicator_and_for_what_serves_a_whole_result(show, world, me):
    head = world.gov.section_head.user
    draft = make_plan(world.of(world.gov.section_head), state=PlanState.DRAFT, results=1)
    above = draft.results.get()
    above.indicators.create(origin=uuid.uuid4(), number=2, text="Laporan tepat waktu")
    move_plan(draft, PlanState.AGREED)
    plan = make_plan(me, state=PlanState.SUBMITTED, results=2)
    exact, whole = plan.results.order_by("number")
    plan.results.update(intervenes=above)
    plan.results.filter(pk=exact.pk).update(serves=above.indicators.get(number=2))
    shown = show(head, "team_matrix").context
    assert [column.indicator and column.indicator.number for column in shown["columns"]] == [1, 2, None]
    [cells] = [cells for row, cells in shown["rows"] if row.participant == me]
    assert [cell.texts for cell in cells] == [[], [exact.text], [whole.text]]
    assert not any(cell.name for cell in cells)


def test_the_matrix_wants_the_superiors_own_plan_first(show, world):
    assert "SKP Anda belum diajukan" in show(world.gov.section_head.user, "team_matrix").content.decode()


@pytest.mark.parametrize(("name", "statements", "shown"), [("team", 4, 50), ("team_matrix", 7, 25)])
def test_a_team_of_fifty_costs_the_statements_of_a_team_of_two(show, name, statements, shown):
    counts, world, signing_in = [], make_world(), 5
    for size in (2, 50):
        grown(world, size)
        head = world.gov.section_head
        show(head.user, name)
        with CaptureQueriesContext(connection) as captured:
            html = show(head.user, name).content.decode()
        counts.append(len(captured))
        assert html.count("<tr") > min(size, shown)
    assert counts == [signing_in + statements] * 2


def grown(world, size):
    """More people in the team, each with an agreed plan and a rated quarter."""
    cast = Cast()
    people = [cast.person(world.gov.section) for _ in range(size - 2)]
    cast.write()
    for person in people:
        person.refresh_from_db()
        world.people[person.pk] = join(world.cycle, person, world.gov.section_head)
    for participant in world.people.values():
        mine = participant.assessor_id == world.gov.section_head.pk
        if participant.plan_id is None and (mine or participant.employee_id == world.gov.section_head.pk):
            make_plan(participant)
            make_evaluation(participant, world.quarter, state=EvaluationState.FINAL)


def test_the_page_of_a_year_shows_progress_and_results(client):
    world = make_world()
    make_plan(world.me)
    done = make_evaluation(world.me, world.quarter, state=EvaluationState.FINAL)
    client.force_login(world.gov.employee.user)
    page = client.get("/kinerja/?tahun=2026").content.decode()
    assert f"/kinerja/realisasi/{world.me.pk}/?periode={world.quarter.pk}" in page
    assert f"/kinerja/evaluasi/{done.pk}/" in page
