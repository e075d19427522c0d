"""The officers' desk: what each role sees, in which order, how it is searched, counted and taken along."""

import csv
import io

import pytest
from django.urls import reverse

from feedback.enums import CaseKind
from feedback.models import Case, CaseParty, FeedbackSetting, ReadLog
from feedback.services import cases
from feedback.services import desk as services
from tests.feedback.factories import employed

pytestmark = pytest.mark.django_db
DESK = "feedback:desk"


def listed(client, **query):
    page = client.get(reverse(DESK), query)
    assert page.status_code == 200
    return [case.pk for case in page.context["page"]]


@pytest.mark.parametrize(
    ("person", "status"),
    [("admin", 200), ("liaison", 200), ("leader", 200), ("inspector", 200), ("citizen", 403)],
)
def test_the_desk_is_for_officers(desk, sign_in, person, status):
    assert sign_in(getattr(desk, person)).get(reverse(DESK)).status_code == status


def test_who_has_not_signed_in_is_asked_to(desk, client):
    assert client.get(reverse(DESK)).status_code == 302


def test_what_breaches_first_stands_on_top(desk, sign_in, clock):
    early = desk.assigned()
    clock("01-20")
    late = desk.assigned()
    newest = desk.file()
    client = sign_in(desk.admin)
    assert listed(client) == [early.pk, newest.pk, late.pk]
    assert listed(client, sort="-received")[0] == newest.pk


def test_the_overdue_are_one_click_away_and_counted(desk, sign_in, clock):
    case = desk.assigned()
    desk.file(service=None, unit=desk.other)
    clock("01-23")
    assert case.due_on.isoformat() == "2026-01-23"
    client = sign_in(desk.liaison)
    assert listed(client, due="lewat") == []
    clock("01-26")
    assert listed(sign_in(desk.liaison), due="lewat") == [case.pk]
    assert services.tab_counts(desk.liaison) == {"waiting": 1, "open": 1, "overdue": 1}


def test_each_side_finds_what_waits_for_it(desk, sign_in):
    new, held_by_unit = desk.file(), desk.assigned()
    assert listed(sign_in(desk.admin), state="menunggu") == [new.pk]
    assert listed(sign_in(desk.liaison), state="menunggu") == [held_by_unit.pk]
    assert listed(sign_in(desk.leader), state="menunggu") == []


def test_a_draft_waits_for_the_second_eye_and_not_for_its_author(desk, sign_in):
    case = desk.accepted()
    cases.draft_answer(actor=desk.liaison, case=case, text="Sudah ditangani.")
    cases.submit_answer(actor=desk.liaison, case=case)
    assert listed(sign_in(desk.leader), state="menunggu") == [case.pk]


def test_a_liaison_sees_his_units_alone(desk, sign_in):
    case = desk.assigned()
    assert listed(sign_in(desk.liaison)) == [case.pk]
    assert listed(sign_in(desk.other_liaison)) == []
    answer = sign_in(desk.other_liaison).get(reverse("feedback:case", args=[case.pk]))
    assert answer.status_code == 404


def test_a_secret_case_is_invisible_to_leaders_and_written_down_when_read(desk, sign_in):
    case = desk.assigned(secret=True)
    for person in (desk.leader, desk.inspector, desk.other_liaison):
        client = sign_in(person)
        assert listed(client, state="semua") == []
        assert client.get(reverse("feedback:case", args=[case.pk])).status_code == 404
    assert not ReadLog.objects.exists()
    client = sign_in(desk.liaison)
    assert listed(client) == [case.pk]
    page = client.get(reverse(DESK)).content.decode()
    assert case.title not in page
    assert not ReadLog.objects.exists()
    assert client.get(reverse("feedback:case", args=[case.pk])).status_code == 200
    assert ReadLog.objects.get().reader_id == desk.liaison.pk


def test_who_is_named_neither_lists_nor_opens_it(desk, sign_in):
    case = desk.assigned()
    CaseParty.objects.create(case=case, name="X", user=desk.liaison)
    client = sign_in(desk.liaison)
    assert listed(client) == []
    assert client.get(reverse("feedback:case", args=[case.pk])).status_code == 404


def test_a_case_for_examination_is_hidden_from_the_unit_it_is_about(desk, sign_in):
    case = desk.assigned()
    Case.objects.filter(pk=case.pk).update(kind=CaseKind.SUPERVISION)
    assert listed(sign_in(desk.liaison)) == []
    assert listed(sign_in(desk.admin)) == [case.pk]


@pytest.mark.parametrize("words", ["PGD", "antrean", "number", "antri loket"])
def test_a_case_is_found_by_number_and_by_words(desk, sign_in, words):
    case = desk.assigned()
    desk.file(text="Jalan berlubang di depan kantor.", service=None, unit=desk.other)
    client = sign_in(desk.admin)
    wanted = case.number.lower().replace("-", " ") if words == "number" else words
    found = listed(client, q=case.number[:12] if words == "PGD" else wanted)
    assert found == ([] if words == "antri loket" else [case.pk])


def test_filters_narrow_by_kind_unit_and_officer(desk, sign_in):
    mine = desk.accepted()
    other = desk.file(kind=CaseKind.INFORMATION, service=None, unit=desk.other)
    client = sign_in(desk.admin)
    assert listed(client, kind="informasi") == [other.pk]
    assert listed(client, unit=desk.other.name) == [other.pk]
    assert listed(client, whose="tanpa") == [other.pk]
    assert listed(sign_in(desk.liaison), whose="saya") == [mine.pk]


def test_held_filings_are_the_admins(desk, sign_in):
    case = desk.file(held="no_proof")
    assert listed(sign_in(desk.admin), state="ditinjau") == [case.pk]
    assert listed(sign_in(desk.liaison), state="ditinjau") == []


@pytest.mark.parametrize("count", [1, 50])
def test_the_desk_costs_the_same_with_one_and_with_fifty(desk, sign_in, django_assert_max_num_queries, count):
    for _n in range(count):
        desk.file()
    client = sign_in(desk.admin)
    client.get(reverse(DESK))
    with django_assert_max_num_queries(10):
        assert len(listed(client)) == min(count, 25)


def test_the_sheet_has_what_the_list_has_and_of_secret_cases_the_number_alone(desk, sign_in):
    open_case, secret = desk.file(), desk.file(secret=True, text="=cmd rahasia sekali")
    answer = sign_in(desk.admin).get(reverse("feedback:desk_export"), {"jenis": "csv"})
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {row[0]: row[1] for row in rows[1:]} == {open_case.number: open_case.title, secret.number: ""}
    assert sign_in(desk.liaison).get(reverse("feedback:desk_export"), {"jenis": "exe"}).status_code == 404
    assert sign_in(desk.citizen).get(reverse("feedback:desk_export")).status_code == 403


@pytest.mark.parametrize(("language", "words"), [("id", "Meja laporan warga"), ("en", "Desk of citizens")])
def test_the_desk_speaks_both_languages(desk, sign_in, language, words):
    client = sign_in(desk.admin)
    client.cookies["django_language"] = language
    desk.admin.language = language
    desk.admin.save(update_fields=["language"])
    page = client.get(reverse(DESK), headers={"accept-language": language}).content.decode()
    assert f'lang="{language}"' in page
    if language == "id":
        assert words in page


# --- Several at once ------------------------------------------------------------------------------
def ticked(*rows):
    return [f"{case.pk}:{Case.objects.get(pk=case.pk).version}" for case in rows]


def test_forwarding_several_asks_first_and_says_what_became_of_each(desk, sign_in):
    new, opened, done = desk.file(), desk.opened(), desk.answered()
    client, url = sign_in(desk.admin), reverse("feedback:desk_bulk")
    asked = client.post(url, {"action": "forward", "id": ticked(new, opened, done)})
    assert asked.status_code == 200
    assert {case.state for case in Case.objects.filter(pk__in=[new.pk, opened.pk])} == {"baru", "verifikasi"}
    answer = client.post(
        url, {"action": "forward", "id": ticked(new, opened, done), "step": "do", "unit": desk.gov.office.name}
    )
    outcomes = {outcome.case.pk: outcome.ok for outcome in answer.context["outcomes"]}
    assert outcomes == {new.pk: True, opened.pk: True, done.pk: False}
    assert set(Case.objects.values_list("state", flat=True)) == {"disposisi", "dijawab"}


def test_what_changed_since_it_was_ticked_is_left_alone(desk, sign_in):
    case = desk.file()
    old = ticked(case)
    cases.open_case(actor=desk.admin, case=case)
    answer = sign_in(desk.admin).post(reverse("feedback:desk_bulk"), {"action": "spam", "id": old, "step": "do"})
    assert [outcome.ok for outcome in answer.context["outcomes"]] == [False]
    assert Case.objects.get().state == "verifikasi"


def test_a_liaison_gives_several_to_a_colleague(desk, sign_in):
    rows = [desk.assigned(), desk.accepted()]
    answer = sign_in(desk.liaison).post(
        reverse("feedback:desk_bulk"),
        {"action": "assign", "id": ticked(*rows), "step": "do", "officer": str(desk.checker.pk)},
    )
    assert answer.context["good"] == 2
    assert set(Case.objects.values_list("officer", flat=True)) == {desk.checker.pk}


def test_a_liaison_marks_nothing_as_spam_and_a_leader_has_no_bulk(desk, sign_in):
    case = desk.assigned()
    url, data = reverse("feedback:desk_bulk"), {"action": "spam", "id": ticked(case), "step": "do"}
    answer = sign_in(desk.liaison).post(url, data)
    assert [outcome.ok for outcome in answer.context["outcomes"]] == [False]
    assert sign_in(desk.leader).post(url, data).status_code == 403
    assert Case.objects.get().state == "disposisi"


def test_cases_of_others_cannot_be_ticked(desk, sign_in):
    case = desk.assigned()
    data = {"action": "spam", "id": ticked(case)}
    answer = sign_in(desk.other_liaison).post(reverse("feedback:desk_bulk"), data)
    assert answer.status_code == 302


# --- The counter ----------------------------------------------------------------------------------
COUNTER = {"channel": "phone", "kind": "tidak_berkadar", "text": "Antrean panjang.", "name": "Siti Warga"}


def test_a_report_by_phone_gets_a_receipt_with_number_and_pin(desk, sign_in):
    client = sign_in(desk.liaison)
    token = client.get(reverse("feedback:counter")).context["token"]
    data = COUNTER | {"form": token, "nik": "3578105203850002"}
    answer = client.post(reverse("feedback:counter"), data)
    assert answer.status_code == 200
    case = Case.objects.get()
    assert (case.channel, case.filed_by) == ("phone", desk.liaison)
    page = answer.content.decode()
    assert case.number in page
    assert answer.context["pin"] in page
    assert answer["Cache-Control"] == "private, no-store"
    again = client.post(reverse("feedback:counter"), data)
    assert again.context["pin"] == answer.context["pin"]
    assert Case.objects.count() == 1


def test_a_name_or_anonymity_is_asked_for_and_nothing_typed_is_lost(desk, sign_in):
    client = sign_in(desk.admin)
    answer = client.post(reverse("feedback:counter"), COUNTER | {"name": "", "nik": "12"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "nik"}
    assert "Antrean panjang." in answer.content.decode()
    assert not Case.objects.exists()


def test_an_officer_goes_through_the_tree_and_nothing_typed_is_lost(desk, sign_in):
    client, url = sign_in(desk.liaison), reverse("feedback:counter")
    typed = COUNTER | {"form": client.get(url).context["token"], "nik": "3578105203850002", "place": "Loket 3"}
    page = client.post(url, typed | {"step": "pick"})
    assert page["Cache-Control"] == "private, no-store"
    carried = typed | {"step": "pick"}
    assert dict(page.context["carried"]).items() <= carried.items()
    assert f'action="{url}"' in page.content.decode()
    page = client.post(url, carried | {"at": str(desk.gov.office.pk)})
    assert "Rawat jalan" in page.content.decode()
    page = client.post(url, carried | {"choose": f"s:{desk.service.code}"})
    form = page.context["form"]
    assert (form.chosen.service, form.errors) == (desk.service, {})
    assert [form[name].value() for name in ("channel", "nik", "place")] == ["phone", "3578105203850002", "Loket 3"]
    named = {"about": form.chosen.label, "looked": form.chosen.label, "choice": form.chosen.value}
    client.post(url, typed | named)
    assert Case.objects.get().service == desk.service


def test_an_officer_points_at_the_map_where_there_is_one(desk, sign_in):
    client, url = sign_in(desk.liaison), reverse("feedback:counter")
    typed = COUNTER | {"form": client.get(url).context["token"], "step": "place"}
    assert "Tunjuk di peta" not in client.post(url, typed).content.decode()
    FeedbackSetting.objects.update(map_tiles="/peta/{z}/{x}/{y}.png")
    assert "Tekan tempatnya pada peta" in client.post(url, typed).content.decode()
    page = client.post(url, typed | {"placed": "-7.25750, 112.75210"})
    assert page.context["form"]["point"].value() == "-7.25750, 112.75210"


def test_leaders_file_for_nobody(desk, sign_in):
    assert sign_in(desk.leader).post(reverse("feedback:counter"), COUNTER).status_code == 403
    assert not Case.objects.exists()


def test_an_employee_without_a_role_meets_no_desk(desk, sign_in):
    client = sign_in(employed(desk.gov.office))
    for name in (DESK, "feedback:counter", "feedback:desk_templates", "feedback:desk_export"):
        assert client.get(reverse(name)).status_code == 403
