import datetime

import pytest
from django.db import connection

from evaluations.enums import Approach, DeadlineKind, PlanState, ResultKind
from evaluations.models import AssessorAssignment, Deadline, Participant, Plan, PlanResult, PlanStep, Posting
from evaluations.services import plans as verbs
from evaluations.services.plans_lines import EXPECTATION, INDICATOR, RESULT
from kepegawaian.audit.models import Event
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused, StateChanged
from kepegawaian.notifications.models import Message
from kepegawaian.work.models import WorkItem
from tests.evaluations.factories import join, make_cycle, make_plan
from tests.evaluations.plans import agreed, started, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(world):
    return world.gov.section_head.user


def told(user):
    return list(
        Message.objects.filter(recipient=user, kind__startswith="evaluations").values_list("kind", flat=True)
    )


def waiting(user):
    return list(WorkItem.objects.filter(holder=user, closed_at=None).values_list("kind", flat=True))


# --- Begin ------------------------------------------------------------------------------------------
def test_a_plan_starts_empty_and_is_the_one_that_counts(me):
    plan = verbs.start(actor=me.employee.user, participant=me)
    assert (plan.state, plan.number, plan.approach) == (PlanState.DRAFT, 1, Approach.QUANTITATIVE)
    me.refresh_from_db()
    assert me.plan_id == plan.pk


def test_a_post_has_one_plan_in_the_making(me):
    started(me)
    with pytest.raises(StateChanged):
        started(me)


def test_only_the_person_starts_his_plan(me, head):
    with pytest.raises(PermissionRefused):
        verbs.start(actor=head, participant=me)


def test_who_is_excused_starts_none(me):
    Participant.objects.filter(pk=me.pk).update(excused_reason="CLTN")
    with pytest.raises(PermissionRefused):
        started(me)


def test_the_approach_that_the_cycle_fixes_holds(world, me):
    world.cycle.approach = Approach.QUALITATIVE
    world.cycle.save()
    plan = verbs.start(actor=me.employee.user, participant=me, approach=Approach.QUANTITATIVE)
    assert plan.approach == Approach.QUALITATIVE
    with pytest.raises(RuleRefused):
        verbs.set_approach(actor=me.employee.user, plan=plan, approach=Approach.QUANTITATIVE)


def test_a_head_of_an_office_gets_the_perspectives_and_a_section_head_does_not(world):
    for employee, wanted in ((world.gov.office_head, True), (world.gov.section_head, False)):
        participant = world.of(employee)
        Posting.objects.filter(participant=participant).update(heads=employee.current_unit)
        assert verbs.start(actor=employee.user, participant=participant).leader_form is wanted


def test_last_years_plan_is_copied_with_new_origins_and_the_superiors_words(world, me):
    past = make_cycle(2025)
    before = make_plan(join(past, me.employee, world.gov.section_head), results=3)
    above = make_plan(join(past, world.gov.section_head, world.gov.office_head)).results.first()
    PlanResult.objects.filter(plan=before).update(intervenes=above)
    source = verbs.Source(verbs.Origin.PLAN, before.pk)
    plan = verbs.start(actor=me.employee.user, participant=me, source=source)
    assert plan.results.count() == 3
    assert not set(plan.results.values_list("origin", flat=True)) & set(
        before.results.values_list("origin", flat=True)
    )
    first = plan.results.first()
    assert (first.intervenes, first.intervened_text) == (None, above.text)
    assert first.indicators.get().target == "12 laporan"


def test_a_copy_in_the_qualitative_form_takes_the_target_into_the_text(world, me):
    before = make_plan(join(make_cycle(2025), me.employee, world.gov.section_head), results=1)
    source = verbs.Source(verbs.Origin.PLAN, before.pk)
    plan = verbs.start(actor=me.employee.user, participant=me, source=source, approach=Approach.QUALITATIVE)
    indicator = plan.results.get().indicators.get()
    assert (indicator.text, indicator.target) == ("Jumlah laporan yang selesai, 12 laporan", "")


def test_a_colleagues_plan_is_copied_only_as_a_shared_example(world, me):
    colleague = world.of(world.gov.colleague)
    theirs = agreed(colleague)
    with pytest.raises(ApplicationError, match="tidak ditemukan"):
        verbs.start(actor=me.employee.user, participant=me, source=verbs.Source(verbs.Origin.PLAN, theirs.pk))
    example = verbs.share(actor=colleague.employee.user, plan=theirs, title="Penata layanan")
    source = verbs.Source(verbs.Origin.TEMPLATE, example.pk)
    plan = verbs.start(actor=me.employee.user, participant=me, source=source)
    assert plan.results.get().text == "Tersusunnya laporan layanan"


def test_a_withdrawn_example_is_no_longer_offered(world, me):
    colleague = world.of(world.gov.colleague)
    example = verbs.share(actor=colleague.employee.user, plan=agreed(colleague), title="Penata layanan")
    verbs.unshare(actor=colleague.employee.user, template=example)
    source = verbs.Source(verbs.Origin.TEMPLATE, example.pk)
    with pytest.raises(ApplicationError, match="tidak ditemukan"):
        verbs.start(actor=me.employee.user, participant=me, source=source)


def test_a_draft_that_nobody_saw_is_discarded_and_one_that_was_submitted_is_not(me):
    plan = started(me)
    verbs.discard(actor=me.employee.user, plan=plan)
    me.refresh_from_db()
    assert (me.plan_id, Plan.objects.count()) == (None, 0)
    plan = submitted(me)
    plan = verbs.withdraw(actor=me.employee.user, plan=plan)
    with pytest.raises(PermissionRefused):
        verbs.discard(actor=me.employee.user, plan=plan)


# --- Lines ------------------------------------------------------------------------------------------
def line(row, kind=RESULT, **values):
    return verbs.LineChange((kind, str(row.pk)), values, values.pop("seen", None))


def test_a_line_that_was_changed_in_another_tab_is_kept_and_the_rest_is_saved(me):
    user, plan = me.employee.user, started(me)
    result, indicator = plan.results.get(), plan.results.get().indicators.get()
    seen = verbs.mark(verbs.Lines(plan).values((RESULT, str(result.pk))))
    verbs.save_lines(actor=user, plan=plan, changes=[line(result, text="Dari tab pertama", seen=seen)])
    saved = verbs.save_lines(
        actor=user,
        plan=plan,
        changes=[line(result, text="Dari tab kedua", seen=seen), line(indicator, INDICATOR, target="24 laporan")],
    )
    assert saved.clashes[RESULT, str(result.pk)]["text"] == "Dari tab pertama"
    result.refresh_from_db(), indicator.refresh_from_db()
    assert (result.text, indicator.target) == ("Dari tab pertama", "24 laporan")
    again = line(result, text="Dari tab kedua", seen=saved.marks[RESULT, str(result.pk)])
    assert not verbs.save_lines(actor=user, plan=plan, changes=[again]).clashes
    result.refresh_from_db()
    assert result.text == "Dari tab kedua"


def test_two_tabs_that_write_the_same_do_not_clash(me):
    plan = started(me)
    result = plan.results.get()
    for _tab in range(2):
        changes = [line(result, text="Sama", seen="lama" if result.text == "Sama" else None)]
        assert not verbs.save_lines(actor=me.employee.user, plan=plan, changes=changes).clashes
        result.refresh_from_db()


def test_a_line_that_was_removed_meanwhile_comes_back_as_gone(me):
    user, plan = me.employee.user, started(me)
    result = plan.results.get()
    verbs.remove_line(actor=user, plan=plan, line=result.pk)
    saved = verbs.save_lines(actor=user, plan=plan, changes=[line(result, text="Masih di tab ini")])
    assert saved.clashes == {(RESULT, str(result.pk)): {}}


def test_results_change_places(me):
    user, plan = me.employee.user, started(me)
    second = verbs.add_result(actor=user, plan=plan, kind=ResultKind.MAIN, values={"text": "Kedua"})
    verbs.move_line(actor=user, plan=plan, line=second.pk, up=True)
    connection.check_constraints()
    assert plan.results.order_by("number").first().text == "Kedua"
    verbs.move_line(actor=user, plan=plan, line=second.pk, up=True)
    assert plan.results.get(pk=second.pk).number == 1


def test_only_results_of_the_superiors_plan_are_intervened(world, me):
    user, plan = me.employee.user, started(me)
    result = plan.results.get()
    above = make_plan(world.of(world.gov.section_head)).results.first()
    foreign = make_plan(world.of(world.gov.second_section_head)).results.first()
    verbs.save_lines(actor=user, plan=plan, changes=[line(result, intervenes=str(above.pk))])
    with pytest.raises(RuleRefused):
        verbs.save_lines(actor=user, plan=plan, changes=[line(result, intervenes=str(foreign.pk))])
    result.refresh_from_db()
    assert result.intervenes_id == above.pk


def test_a_superiors_draft_offers_nothing(world, me):
    above = make_plan(world.of(world.gov.section_head), state=PlanState.DRAFT).results.first()
    with pytest.raises(RuleRefused):
        verbs.add_result(
            actor=me.employee.user,
            plan=started(me),
            kind=ResultKind.MAIN,
            values={"text": "Hasil", "intervenes": str(above.pk)},
        )


def test_an_agreed_result_is_linked_later(world, me, head):
    plan = agreed(me)
    above = make_plan(world.of(world.gov.section_head)).results.first()
    verbs.link_result(actor=head, plan=plan, result=plan.results.get().pk, above=str(above.pk))
    assert plan.results.get().intervenes_id == above.pk


def test_an_appendix_is_one_text_with_a_line_each(me):
    plan = started(me)
    change = verbs.LineChange(("appendix", "dukungan"), {"text": "Laptop\n\n  Akses data \n"})
    verbs.save_lines(actor=me.employee.user, plan=plan, changes=[change])
    assert list(plan.appendix.values_list("number", "text")) == [(1, "Laptop"), (2, "Akses data")]


# --- From proposal to agreement ---------------------------------------------------------------------
def test_a_plan_without_a_main_result_is_not_submitted(me):
    plan = verbs.start(actor=me.employee.user, participant=me)
    with pytest.raises(RuleRefused) as caught:
        verbs.submit(actor=me.employee.user, plan=plan)
    assert caught.value.problems[0].rule == "plan.incomplete"


def test_a_result_without_an_indicator_is_not_submitted(me):
    plan = started(me)
    values = {"text": "Tanpa indikator"}
    row = verbs.add_result(actor=me.employee.user, plan=plan, kind=ResultKind.MAIN, values=values)
    with pytest.raises(RuleRefused) as caught:
        verbs.submit(actor=me.employee.user, plan=plan)
    assert [problem.field for problem in caught.value.problems] == [str(row.pk)]


def test_an_activity_in_place_of_a_result_is_only_a_hint(me):
    plan = started(me)
    verbs.save_lines(
        actor=me.employee.user, plan=plan, changes=[line(plan.results.get(), text="Melaksanakan rapat bulanan")]
    )
    assert verbs.submit(actor=me.employee.user, plan=plan).state == PlanState.SUBMITTED


def test_the_whole_way_from_proposal_to_agreement(me, head):
    user, plan = me.employee.user, submitted(me)
    assert (waiting(head), told(head)) == (["evaluations.plan"], ["evaluations.plan_submitted"])
    plan = verbs.give_back(actor=head, plan=plan, note="Targetnya terlalu rendah", version=plan.version)
    assert (plan.state, waiting(head), waiting(user)) == (PlanState.RETURNED, [], ["evaluations.plan_returned"])
    plan = verbs.submit(actor=user, plan=plan)
    assert (waiting(head), waiting(user)) == (["evaluations.plan"], [])
    plan = verbs.agree(actor=head, plan=plan, version=plan.version)
    assert (plan.state, waiting(head)) == (PlanState.AGREED, [])
    assert sorted(told(user)) == ["evaluations.plan_agreed", "evaluations.plan_returned"]
    steps = list(PlanStep.objects.filter(plan=plan).values_list("action", "actor_id"))
    assert steps == [("submit", user.pk), ("return", head.pk), ("submit", user.pk), ("agree", head.pk)]
    assert Event.objects.filter(verb="evaluations.plan_agree", subject_id=str(plan.pk)).count() == 1
    connection.check_constraints()


def test_the_header_of_both_is_kept_as_it_was(me, head):
    plan = agreed(me)
    identity = Plan.objects.get(pk=plan.pk).identity
    assert identity["employee"]["nip"] == me.employee.current_nip
    assert identity["employee"]["rank"] == "Penata Muda (III/a)"
    assert identity["assessor"]["name"] == "Bayu Bidang"
    assert identity["submitted_at"] is not None


def test_a_return_needs_a_note(me, head):
    with pytest.raises(RuleRefused):
        verbs.give_back(actor=head, plan=submitted(me), note=" ")


def test_only_the_assessor_answers(world, me):
    plan = submitted(me)
    for other in (me.employee.user, world.gov.office_head.user, world.gov.hr.user):
        with pytest.raises(PermissionRefused):
            verbs.agree(actor=other, plan=plan)


def test_nobody_agrees_to_what_he_did_not_see(me, head):
    plan = submitted(me)
    old = plan.version
    plan = verbs.withdraw(actor=me.employee.user, plan=plan)
    plan = verbs.submit(actor=me.employee.user, plan=plan)
    with pytest.raises(StateChanged):
        verbs.agree(actor=head, plan=plan, version=old)


def test_the_assessor_writes_expectations_while_it_waits_and_nothing_else(me, head):
    plan = submitted(me)
    verbs.save_lines(actor=head, plan=plan, changes=[verbs.LineChange((EXPECTATION, "loyal"), {"text": "Awal"})])
    with pytest.raises(PermissionRefused):
        verbs.save_lines(actor=head, plan=plan, changes=[line(plan.results.get(), text="Lain")])
    change = verbs.LineChange((EXPECTATION, "loyal"), {"text": "Dari pegawai"})
    with pytest.raises(PermissionRefused):
        verbs.save_lines(actor=me.employee.user, plan=plan, changes=[change])
    verbs.agree(actor=head, plan=plan, expectations={"loyal": "Menjaga rahasia", "adaptif": "Mencoba hal baru"})
    assert dict(plan.expectations.values_list("value", "text")) == {
        "loyal": "Menjaga rahasia",
        "adaptif": "Mencoba hal baru",
    }


def test_a_second_click_changes_nothing(me, head):
    user, plan = me.employee.user, started(me)
    verbs.submit(actor=user, plan=plan)
    verbs.submit(actor=user, plan=plan)
    verbs.agree(actor=head, plan=plan)
    verbs.agree(actor=head, plan=plan)
    assert PlanStep.objects.filter(plan=plan).count() == 2


def test_late_is_marked_and_never_refused(world, me, head, time_machine):
    Deadline.objects.create(cycle=world.cycle, kind=DeadlineKind.PLAN_SUBMIT, due_on=datetime.date(2026, 1, 26))
    time_machine.move_to("2026-01-26T02:00:00+00:00", tick=False)
    assert not submitted(me).late
    colleague = world.of(world.gov.colleague)
    time_machine.move_to("2026-01-27T02:00:00+00:00", tick=False)
    assert submitted(colleague).late


def test_without_an_assessor_it_waits_for_nobody_until_there_is_one(world, me, head):
    Participant.objects.filter(pk=me.pk).update(assessor=None)
    me.refresh_from_db()
    plan = submitted(me)
    assert WorkItem.objects.get(subject_id=plan.pk).holder is None
    Participant.objects.filter(pk=me.pk).update(assessor=world.gov.section_head)
    assert verbs.hand_over_plans([me]) == 1
    assert waiting(head) == ["evaluations.plan"]


def test_a_new_assessor_takes_over_what_waits(world, me, head):
    plan = submitted(me)
    AssessorAssignment.objects.filter(participant=me).update(assessor=world.gov.second_section_head)
    Participant.objects.filter(pk=me.pk).update(assessor=world.gov.second_section_head)
    assert verbs.hand_over_plans([me, world.of(world.gov.colleague)]) == 1
    new = world.gov.second_section_head.user
    assert (waiting(head), waiting(new), told(new)) == ([], ["evaluations.plan"], ["evaluations.plan_handed_over"])
    with pytest.raises(PermissionRefused):
        verbs.agree(actor=head, plan=plan)
    assert verbs.agree(actor=new, plan=plan).state == PlanState.AGREED


# --- Versions ---------------------------------------------------------------------------------------
def test_the_agreed_version_holds_until_the_new_one_is_agreed(me, head):
    user, old = me.employee.user, agreed(me)
    new = verbs.change(actor=user, plan=old, reason="Anggaran berubah")
    assert (new.number, new.state) == (2, PlanState.DRAFT)
    me.refresh_from_db()
    assert me.plan_id == old.pk
    verbs.submit(actor=user, plan=new)
    verbs.agree(actor=head, plan=new)
    old.refresh_from_db(), me.refresh_from_db()
    assert (old.state, me.plan_id) == (PlanState.SUPERSEDED, new.pk)
    connection.check_constraints()


def test_lines_keep_their_origin_from_version_to_version(me):
    old = agreed(me)
    new = verbs.change(actor=me.employee.user, plan=old, reason="Prioritas baru")
    assert new.results.get().origin == old.results.get().origin
    assert new.results.get().indicators.get().origin == old.results.get().indicators.get().origin


def test_a_change_needs_a_reason_and_there_is_one_at_a_time(me):
    old = agreed(me)
    with pytest.raises(RuleRefused):
        verbs.change(actor=me.employee.user, plan=old, reason="")
    verbs.change(actor=me.employee.user, plan=old, reason="Prioritas baru")
    with pytest.raises(StateChanged):
        verbs.change(actor=me.employee.user, plan=old, reason="Sekali lagi")


def test_the_assessor_may_begin_a_change_and_the_employee_writes_it(me, head):
    new = verbs.change(actor=head, plan=agreed(me), reason="Target unit naik")
    assert "evaluations.plan_change" in told(me.employee.user)
    with pytest.raises(PermissionRefused):
        verbs.add_result(actor=head, plan=new, kind=ResultKind.MAIN, values={"text": "Dari atasan"})


def test_a_transfer_gives_a_second_plan_and_both_are_kept(world, me, head):
    old = agreed(me)
    Posting.objects.filter(participant=me).update(valid_to=datetime.date(2026, 6, 30))
    Posting.objects.create(
        participant=me, number=2, unit=world.gov.second_section, position="Analis", valid_from="2026-07-01"
    )
    above = make_plan(world.of(world.gov.section_head)).results.first()
    old.results.update(intervenes=above, serves=above.indicators.get())
    source = verbs.Source(verbs.Origin.PLAN, old.pk)
    new = verbs.start(actor=me.employee.user, participant=me, source=source)
    for row, before in zip(new.results.all(), old.results.all(), strict=True):
        assert (row.origin, row.intervenes, row.serves) == (before.origin, None, None), "another superior's"
        assert row.intervened_text == above.text
    assert not new.expectations.exists()
    with pytest.raises(PermissionRefused):
        verbs.change(actor=me.employee.user, plan=old, reason="Jabatan lama")
    verbs.submit(actor=me.employee.user, plan=new)
    verbs.agree(actor=head, plan=new)
    old.refresh_from_db(), me.refresh_from_db()
    assert (old.state, me.plan_id, me.plans.count()) == (PlanState.SUPERSEDED, new.pk, 2)


# --- Dialogue and matrix ----------------------------------------------------------------------------
def test_who_agrees_has_what_he_asked_for_and_leaves_open_what_the_other_one_asked(me, head):
    plan = submitted(me)
    theirs = verbs.comment(actor=head, plan=plan, text="Targetnya 800", asks_change=True)
    own = verbs.comment(actor=me.employee.user, plan=plan, text="Ekspektasinya apa?", asks_change=True)
    verbs.agree(actor=head, plan=plan)
    for row in (theirs, own):
        row.refresh_from_db()
    assert (theirs.settled_by, own.settled_at) == (head, None)


def test_a_request_for_change_is_settled_by_name_and_time(me, head):
    plan = submitted(me)
    said = verbs.comment(
        actor=head, plan=plan, text="Tambahkan mutu", line=plan.results.get().origin, asks_change=True
    )
    assert "evaluations.plan_commented" in told(me.employee.user)
    done = verbs.settle(actor=me.employee.user, comment=said)
    assert (done.settled_by_id, done.settled_at is not None) == (me.employee.user_id, True)
    with pytest.raises(PermissionRefused):
        verbs.settle(actor=head, comment=done)


def test_others_do_not_talk_in(world, me):
    plan = submitted(me)
    for other in (world.gov.office_head.user, world.gov.hr.user, world.gov.colleague.user):
        with pytest.raises(PermissionRefused):
            verbs.comment(actor=other, plan=plan, text="Halo")


def test_a_draft_is_not_talked_about(me, head):
    with pytest.raises(PermissionRefused):
        verbs.comment(actor=head, plan=started(me), text="Halo")


def test_a_cell_of_the_matrix_becomes_a_draft_result(world, me, head):
    above = make_plan(world.of(world.gov.section_head)).results.first().indicators.get()
    cells = [verbs.Cell(me, above.pk, "Tersusunnya data dasar"), verbs.Cell(me, above.pk, " ")]
    assert verbs.fill_matrix(actor=head, cells=cells) == 1
    row = PlanResult.objects.get(plan__participant=me)
    assert (row.serves, row.intervenes, row.plan.state) == (above, above.result, PlanState.DRAFT)
    assert told(me.employee.user) == ["evaluations.plan_matrix"]
    verbs.link_result(actor=me.employee.user, plan=row.plan, result=row.pk, above="")
    row.refresh_from_db()
    assert (row.serves, row.intervenes) == (None, None)


def test_the_matrix_leaves_what_is_submitted_alone(world, me, head):
    above = make_plan(world.of(world.gov.section_head)).results.first().indicators.get()
    submitted(me)
    with pytest.raises(RuleRefused):
        verbs.fill_matrix(actor=head, cells=[verbs.Cell(me, above.pk, "Tambahan")])


def test_the_matrix_is_for_ones_own_team(world, me):
    above = make_plan(world.of(world.gov.second_section_head)).results.first().indicators.get()
    with pytest.raises(PermissionRefused):
        verbs.fill_matrix(
            actor=world.gov.second_section_head.user, cells=[verbs.Cell(me, above.pk, "Bukan tim saya")]
        )


def test_a_closed_year_is_only_read(world, me):
    plan = started(me)
    world.cycle.closed_at, world.cycle.state = world.cycle.opened_at, "closed"
    world.cycle.save()
    plan = Plan.objects.get(pk=plan.pk)
    with pytest.raises(PermissionRefused):
        verbs.submit(actor=me.employee.user, plan=plan)
