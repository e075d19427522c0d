"""Pages of surveys: answering without an account, the officers' desk, the publication; in both languages."""

import csv
import io
import re
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from feedback.enums import SurveyKind, SurveyState
from feedback.forms_surveys import OCCUPATIONS
from feedback.models import FollowUpPlan, Service, Survey, SurveyAnswer, SurveyToken
from feedback.rules.survey import SKM_ELEMENTS
from feedback.services import survey_answers, surveys
from feedback.services.survey_answers import Given
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.exceptions import PermissionRefused, StateChanged
from tests.accounts.factories import UserFactory
from tests.feedback.factories_surveys import make_bureau, many_answers, row
from tests.support.races import at_once
from tests.units.factories import RoleAssignmentFactory

pytestmark = pytest.mark.django_db
BUDGET = 80_000


@pytest.fixture(autouse=True)
def _january(time_machine):
    time_machine.move_to("2026-01-15T03:00:00+00:00", tick=False)


@pytest.fixture
def bureau(db):
    return make_bureau()


@pytest.fixture
def keeper(bureau, client):
    client.force_login(bureau.keeper)
    return client


def answer_url(bureau, survey):
    return reverse("feedback:survey_answer", args=[bureau.token(survey)])


# --- Answering ------------------------------------------------------------------------------------
def test_a_citizen_answers_by_a_link_without_account_cookie_or_script(bureau, client):
    url = answer_url(bureau, bureau.opened())
    page = client.get(url)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    assert len(page.content) < BUDGET
    for slug in SKM_ELEMENTS:
        assert len(re.findall(rf'type="radio"\s+name="{slug}"', page.text)) == 4
    strict = Client(enforce_csrf_checks=True)
    sent = strict.post(url, row("433434434") | {"sex": "P", "education": "SMA", "comment": "Antre lama"})
    assert (sent.status_code, sent.url) == (302, url)
    assert "Terima kasih" in client.get(url).text
    kept = SurveyAnswer.objects.get()
    assert (kept.values, kept.sex, kept.education, kept.comment) == (row("433434434"), "P", "SMA", "Antre lama")


def test_the_page_says_which_questions_are_missing_and_keeps_the_others(bureau, client):
    url = answer_url(bureau, bureau.opened())
    some = dict.fromkeys(SKM_ELEMENTS[:6], 4)
    page = client.post(url, some)
    assert page.status_code == 422
    assert page.text.count("Belum dijawab.") == 6  # beside three questions and in the summary
    assert page.text.count(" checked") == 6
    assert not SurveyAnswer.objects.exists()


def test_a_second_and_other_answer_is_thanked_but_not_counted(bureau, client):
    url = answer_url(bureau, bureau.opened())
    client.post(url, row("444444444"))
    second = client.post(url, row("111111111"))
    assert second.status_code == 409
    assert "Jawaban pertama yang dihitung" in second.text
    assert SurveyAnswer.objects.get().values == row("444444444")


def test_an_unknown_code_and_a_survey_not_open_say_so(bureau, client, time_machine):
    assert client.get(reverse("feedback:survey_answer", args=["tidak-ada"])).status_code == 404
    url = answer_url(bureau, bureau.opened())
    time_machine.move_to("2026-05-01T03:00:00+00:00")
    closed = client.get(url)
    assert closed.status_code == 410
    assert "sedang tidak dibuka" in closed.text


def test_questions_come_in_english(bureau, client):
    client.cookies["language"] = "en"
    page = client.get(answer_url(bureau, bureau.opened(service=bureau.service))).text
    for words in ("How fast was the service given?", "Very fast", "Clinic"):
        assert words in page


def test_staff_are_not_asked_who_they_are(bureau, client):
    page = client.get(answer_url(bureau, bureau.opened(kind=SurveyKind.STAFF))).text
    assert 'name="recommend"' in page
    assert 'name="sex"' not in page
    assert 'name="occupation"' not in page


def test_the_screen_at_the_place_resets_itself(bureau, client):
    key = survey_answers.kiosk_key(actor=bureau.keeper, survey=bureau.opened())
    start = reverse("feedback:survey_screen", args=[key])
    assert reverse("feedback:survey_screen_answer", args=[key]) in client.get(start).text
    form = client.get(reverse("feedback:survey_screen_answer", args=[key]))
    assert f"url={start}" in form.text
    nonce = re.search(r'name="nonce" value="([^"]+)"', form.text)[1]
    for _time in range(2):
        sent = client.post(
            reverse("feedback:survey_screen_answer", args=[key]), row("333333333") | {"nonce": nonce}
        )
        assert sent.url == reverse("feedback:survey_screen_thanks", args=[key])
    thanks = client.get(sent.url).text
    assert f'content="10;url={start}"' in thanks
    assert "Orang berikutnya" in thanks
    assert SurveyAnswer.objects.count() == 1
    assert client.get(reverse("feedback:survey_screen", args=["palsu"])).status_code == 404


def test_a_flood_from_one_address_is_slowed_down(bureau, client):
    url = answer_url(bureau, bureau.opened())
    statuses = [client.post(url, {}).status_code for _time in range(61)]
    assert statuses[:60] == [422] * 60
    assert statuses[60] == 429


# --- The desk -------------------------------------------------------------------------------------
def test_who_keeps_surveys(bureau, client):
    survey = bureau.draft()
    desk, office = reverse("feedback:survey_desk", args=[survey.pk]), reverse("feedback:survey_office")
    for user, of_list, of_one in (
        (bureau.keeper, 200, 200),
        (bureau.stranger, 200, 404),
        (UserFactory(), 403, 404),
    ):
        client.force_login(user)
        assert (client.get(office).status_code, client.get(desk).status_code) == (of_list, of_one)
        assert (survey.title in client.get(office).text) == (user == bureau.keeper)


def test_a_published_survey_of_another_office_is_read_but_not_kept(bureau, client):
    survey = bureau.published()
    client.force_login(bureau.stranger)
    assert client.get(reverse("feedback:survey_desk", args=[survey.pk])).status_code == 404
    assert client.get(reverse("feedback:survey_act", args=[survey.pk, "close"])).status_code == 404
    assert client.get(reverse("feedback:survey", args=[survey.slug])).status_code == 200


def test_a_round_from_the_form_to_the_publication(bureau, keeper):
    assert "Belum ada survei" in keeper.get(reverse("feedback:survey_office")).text
    typed = {
        "kind": "skm",
        "title": "SKM 2026",
        "unit": "Dinas Kesehatan",
        "period_start": "2026-01-05",
        "period_end": "2026-03-31",
        "population": "100",
        "weight": "1/9",
        "service": "tidak-ada",
    }
    assert keeper.post(reverse("feedback:survey_create"), typed).status_code == 422
    made = keeper.post(reverse("feedback:survey_create"), typed | {"service": "rawat-jalan"})
    survey = Survey.objects.get()
    desk = reverse("feedback:survey_desk", args=[survey.pk])
    assert made.url == desk
    assert "Sistem, mekanisme, dan prosedur" in keeper.get(desk).text

    def act(verb):
        url = reverse("feedback:survey_act", args=[survey.pk, verb])
        assert keeper.get(url).status_code == 200
        return keeper.post(url, follow=True)

    act("open")
    assert "Belum ada jawaban" in keeper.get(desk).text
    bureau.answered(Survey.objects.get(), "433434434", "332433433")
    page = keeper.get(desk).text
    assert "Kurang dari jumlah minimal" in page
    assert "Paling sedikit 80 dari 100" in page
    act("close")
    refused = act("publish").text
    assert "Isi metode survei" in refused
    assert "rencana tindak lanjut" in refused
    keeper.post(reverse("feedback:survey_method", args=[survey.pk]), {"method": "Semua pengunjung"})
    plan = {
        "element": "time",
        "activity": "Tambah loket",
        "due_on": "2026-06-30",
        "owner_unit": "Dinas Kesehatan",
        "owner": bureau.stranger.nip,
    }
    assert keeper.post(reverse("feedback:survey_plan_add", args=[survey.pk]), plan).status_code == 302
    assert "Hasil survei diumumkan" in act("publish").text
    assert Survey.objects.get().state == SurveyState.PUBLISHED


def test_the_service_is_chosen_from_the_catalogue_of_the_units_one_keeps(bureau, keeper):
    Service.objects.create(unit=bureau.below, code="posyandu", name_id="Posyandu")
    Service.objects.create(unit=bureau.other, code="uji-kir", name_id="Uji KIR")
    page = keeper.get(reverse("feedback:survey_create")).text
    assert '<option value="" selected>Unit sebagai keseluruhan</option>' in page
    assert '<optgroup label="Puskesmas Sungai Jang"><option value="posyandu">Posyandu</option></optgroup>' in page
    assert '<option value="rawat-jalan">Rawat jalan</option>' in page
    assert "uji-kir" not in page
    survey = bureau.draft(service=bureau.service)
    Service.objects.filter(pk=bureau.service.pk).update(active=False)
    page = keeper.get(reverse("feedback:survey_change", args=[survey.pk])).text
    assert '<option value="rawat-jalan" selected>Rawat jalan</option>' in page
    assert "posyandu" not in page


def test_a_sheet_of_codes_may_be_for_one_service(bureau, keeper):
    survey = bureau.opened()
    url = reverse("feedback:survey_tokens", args=[survey.pk])
    assert "Dipilih responden sendiri" in keeper.get(url).text
    keeper.post(url, {"count": "1", "service": "rawat-jalan"})
    assert SurveyToken.objects.get().service == bureau.service
    wrong = keeper.post(url, {"count": "1", "service": "tidak-ada"})
    assert wrong.status_code == 422
    assert "Pilih layanan dari daftar." in wrong.text


@pytest.mark.parametrize("kind", ["spkp", "spak", "staff"])
def test_only_an_skm_has_a_weight(bureau, keeper, kind):
    dates = {"period_start": "2026-01-05", "period_end": "2026-03-31"}
    typed = {"kind": kind, "title": "Survei", "unit": "Dinas Kesehatan", "weight": "0.11", **dates}
    keeper.post(reverse("feedback:survey_create"), typed)
    survey = Survey.objects.get()
    assert survey.weight == "1/9"
    assert 'name="weight"' not in keeper.get(reverse("feedback:survey_change", args=[survey.pk])).text


def test_slips_are_printed_before_the_first_day_and_nobody_answers_before_it(bureau, keeper, time_machine):
    time_machine.move_to("2026-01-02T03:00:00+00:00")
    survey = bureau.opened()
    tokens, counter, kiosk = (
        reverse(f"feedback:survey_{name}", args=[survey.pk]) for name in ("tokens", "counter", "kiosk")
    )
    assert counter not in keeper.get(tokens).text
    assert keeper.post(tokens, {"count": "2"}).content.startswith(b"%PDF-")
    for url in (counter, kiosk):
        assert "sedang tidak dibuka" in keeper.post(url, follow=True).text
    assert SurveyToken.objects.count() == 2
    assert keeper.get(answer_url(bureau, survey)).status_code == 410
    time_machine.move_to("2026-01-05T03:00:00+00:00")
    assert counter in keeper.get(tokens).text
    time_machine.move_to("2026-04-01T03:00:00+00:00")
    with pytest.raises(StateChanged):
        bureau.token(survey)


# --- Personnel ------------------------------------------------------------------------------------
def test_personnel_runs_the_staff_survey_and_no_other(bureau, client):
    personnel = UserFactory()
    RoleAssignmentFactory(user=personnel, role=Role.HR_CENTRAL, unit=None)
    citizens, other = bureau.published(), bureau.opened(kind=SurveyKind.SPAK)
    client.force_login(personnel)
    office, create = reverse("feedback:survey_office"), reverse("feedback:survey_create")
    assert office in client.get(reverse("ui:door", args=["office"])).text
    assert "Survei pegawai dijawab tanpa nama" in client.get(office).text
    page = client.get(create).text
    assert re.findall(r'<option value="(\w+)"', page) == ["staff"]
    assert not re.search('name="(service|population|weight)"', page)
    dates = {"period_start": "2026-01-05", "period_end": "2026-03-31"}
    typed = {"kind": "staff", "title": "Survei Pegawai", "unit": "Dinas Kesehatan", **dates}
    assert client.post(create, typed | {"kind": "skm"}).status_code == 422
    made = client.post(create, typed)
    survey = Survey.objects.get(kind="staff")
    assert made.url == reverse("feedback:survey_desk", args=[survey.pk])
    assert client.get(reverse("feedback:survey_change", args=[survey.pk])).status_code == 200
    client.post(reverse("feedback:survey_act", args=[survey.pk, "open"]))
    sheet = client.post(
        reverse("feedback:survey_tokens", args=[survey.pk]), {"count": "2", "group": "Sekretariat"}
    )
    assert sheet.content.startswith(b"%PDF-")
    for each in (citizens, other):
        assert client.get(reverse("feedback:survey_desk", args=[each.pk])).status_code == 404
        assert each.title not in client.get(office).text
    with pytest.raises(PermissionRefused):
        surveys.create(actor=personnel, facts=bureau.facts())
    assert list(Survey.objects.visible_to(personnel).order_by("kind")) == [citizens, survey]


def test_answers_without_one_of_an_element_are_counted_on_the_desk(bureau, keeper):
    survey = bureau.opened()
    given = Given({slug: 3 for slug in SKM_ELEMENTS if slug != "time"})
    survey_answers.answer(token=bureau.token(survey), given=given)
    desk = reverse("feedback:survey_desk", args=[survey.pk])
    named = "Tidak seorang pun menjawab Waktu penyelesaian"
    assert named in keeper.get(reverse("feedback:survey_act", args=[survey.pk, "close"])).text
    keeper.post(reverse("feedback:survey_act", args=[survey.pk, "close"]))
    page = keeper.get(desk).text
    assert "Belum ada jawaban" not in page
    assert '<p class="figure">1</p>' in page
    assert named in page
    refused = keeper.post(reverse("feedback:survey_act", args=[survey.pk, "publish"]), follow=True)
    assert "hasilnya tidak dapat dihitung dan diumumkan" in refused.text


def test_questions_are_reworded_on_the_page(bureau, keeper):
    survey = bureau.draft()
    url = reverse("feedback:survey_reword", args=[survey.pk])
    page = keeper.get(url)
    formset = page.context["formset"]
    data = {f"form-{key}": value for key, value in formset.management_form.initial.items()}
    for number, form in enumerate(formset):
        data |= {f"form-{number}-{name}": form.initial[name] for name in form.fields if name in form.initial}
        data[f"form-{number}-id"] = str(form.instance.pk)
    data["form-3-text_id"] = "Apakah gratis?"
    assert keeper.post(url, data).status_code == 302
    assert survey.questions.get(slug="cost").text_id == "Apakah gratis?"


def test_codes_are_in_the_sheet_and_nowhere_else(bureau, keeper):
    survey = bureau.opened()
    url = reverse("feedback:survey_tokens", args=[survey.pk])
    assert keeper.get(url).status_code == 200
    sheet = keeper.post(url, {"count": "3"})
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet["Cache-Control"] == "no-store"
    assert sheet.content.startswith(b"%PDF-")
    assert SurveyToken.objects.count() == 3
    shown = keeper.post(reverse("feedback:survey_counter", args=[survey.pk]))
    token = re.search(r"/survei/isi/([^/]+)/", shown.text)[1]
    assert survey_answers.find_token(token).survey == survey
    assert "<svg" in shown.text
    kiosk = keeper.post(reverse("feedback:survey_kiosk", args=[survey.pk])).text
    assert "/survei/layar/" in kiosk


def test_an_owner_reports_his_plan_and_a_stranger_does_not_find_it(bureau, client):
    owner = UserFactory()
    plan = bureau.planned(bureau.closed(), owner=owner)
    url = reverse("feedback:survey_plan", args=[plan.pk])
    client.force_login(bureau.stranger)
    assert client.get(url).status_code == 404
    client.force_login(owner)
    page = client.get(url).text
    assert "Ubah rencana" not in page
    assert client.post(url, {"state": "done", "progress": ""}).status_code == 422
    client.post(url, {"state": "done", "progress": "Loket keempat dibuka"})
    assert FollowUpPlan.objects.get().state == "done"
    assert client.get(reverse("feedback:survey_plan_change", args=[plan.pk])).status_code == 403


def test_lists_cost_the_same_with_one_survey_and_with_many(bureau, keeper, django_assert_max_num_queries):
    bureau.draft()
    for number in range(12):
        bureau.draft(title=f"SKM {number}")
    with django_assert_max_num_queries(8):
        keeper.get(reverse("feedback:survey_office"))


# --- Publication ----------------------------------------------------------------------------------
def test_the_publication_has_all_that_the_regulation_asks(bureau, client, django_assert_max_num_queries):
    survey = bureau.published()
    url = reverse("feedback:survey", args=[survey.slug])
    with django_assert_max_num_queries(4):
        page = client.get(url)
    for words in (
        "Semua orang yang dilayani menerima kode.",
        "82,22",
        "Baik",
        "Waktu penyelesaian",
        "2,6000",
        "Menambah satu loket pada jam sibuk",
        "PermenPANRB 14/2017",
        "1/9 tepat",
    ):
        assert words in page.text, words
    assert page["Cache-Control"] == "public, max-age=300"
    assert "Cookie" in page["Vary"]
    assert not page.cookies
    assert len(page.content) < BUDGET


def test_the_publication_as_data_and_paper(bureau, client):
    survey = bureau.published()
    data = client.get(reverse("feedback:survey_json", args=[survey.slug])).json()
    assert (data["result"]["index"], data["result"]["weight"], data["plans"][0]["element"]) == (
        "82.22",
        "1/9",
        "time",
    )
    sheet = client.get(reverse("feedback:survey_csv", args=[survey.slug])).text
    rows = {line["slug"]: line["mean"] for line in csv.DictReader(io.StringIO(sheet))}
    assert (len(rows), rows["time"]) == (9, "2.6000")
    paper = client.get(reverse("feedback:survey_pdf", args=[survey.slug]))
    assert b"".join(paper.streaming_content).startswith(b"%PDF-")


def test_only_what_is_published_is_public(bureau, client):
    survey = bureau.closed()
    for name in ("survey", "survey_json", "survey_csv", "survey_pdf"):
        assert client.get(reverse(f"feedback:{name}", args=[survey.slug])).status_code == 404
    assert "Belum ada hasil survei" in client.get(reverse("feedback:surveys")).text


def test_the_list_is_searched_by_unit_and_speaks_english(bureau, client):
    bureau.published()
    url = reverse("feedback:surveys")
    assert "SKM Rawat Jalan 2026" in client.get(url, {"q": "kesehatan"}).text
    assert "Tidak ada hasil survei yang cocok" in client.get(url, {"q": "perhubungan"}).text
    assert "SKM Rawat Jalan 2026" not in client.get(url, {"unit": str(bureau.other.pk)}).text
    client.cookies["language"] = "en"
    page = client.get(reverse("feedback:survey", args=["skm-dinkes-2026-01"])).text
    for words in ("How fast was the service given?", "82.22", "Facilities"):
        assert words in page


def test_staff_results_show_no_small_group(bureau, keeper):
    survey = bureau.opened(kind=SurveyKind.STAFF)
    slugs = list(survey.questions.values_list("slug", flat=True))
    for group, size in (("Bidang Besar", 30), ("Bidang Kecil", 4), ("Bidang Sedang", 11)):
        many_answers(survey, size, group=group, values=dict.fromkeys(slugs, 4))
    desk = reverse("feedback:survey_desk", args=[survey.pk])
    assert "Hasil terlihat sesudah survei ditutup" in keeper.get(desk).text
    keeper.post(reverse("feedback:survey_act", args=[survey.pk, "close"]))
    page = keeper.get(desk).text
    assert re.search(r"Bidang Kecil</th>\s*<td[^>]*>disembunyikan", page)
    assert re.search(r'Bidang Besar</th>\s*<td class="number">30', page)


# --- At the same moment ---------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_answers_at_once_on_one_token_are_one(time_machine):
    bureau = make_bureau()
    survey = bureau.opened()
    token = bureau.token(survey)

    def send(number):
        digits = str(number % 4 + 1) * 9
        return survey_answers.answer(token=token, given=Given(row(digits)))

    results = at_once(*(partial(send, number) for number in range(20)))
    kept = SurveyAnswer.objects.get()
    same = [result for result in results if isinstance(result, SurveyAnswer)]
    assert len(same) == 5
    assert {result.pk for result in same} == {kept.pk}


def test_an_other_occupation_is_other_in_english_and_not_more():
    with translation.override("en"):
        assert str(dict(OCCUPATIONS)["lainnya"]) == "Other"
