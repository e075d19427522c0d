"""The page of a case and each act on it: who may, what a change in between does, what stays typed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback import desk_look
from feedback.desk_acts import ACTS, Seat, acts_of
from feedback.enums import AnswerState, CaseState
from feedback.models import (
    Case,
    CaseAnswer,
    CaseMessage,
    CaseParty,
    IdentityRelease,
    Merge,
    Moderation,
    ReadLog,
    ResponseTemplate,
    Watch,
)
from feedback.services import cases, suggesting
from feedback.services.catalogue import telling_words
from kepegawaian.documents.models import StoredFile
from tests.feedback.factories import CONTACT

pytestmark = pytest.mark.django_db
PERSONAL = "Hubungi saya di 081234567890, Bu Ratna tidak mau melayani."


def url(case, name=""):
    return reverse("feedback:case_act", args=[case.pk, name]) if name else reverse("feedback:case", args=[case.pk])


def send(client, case, act, /, **data):
    version = data.pop("version", Case.objects.get(pk=case.pk).version)
    return client.post(url(case, act), {"version": version, **data})


def offered(person, case):
    case = Case.objects.select_related("unit", "holder_unit", "officer", "service").get(pk=case.pk)
    return {act.name for _heading, acts in acts_of(Seat(person, case)) for act in acts}


# --- The page -------------------------------------------------------------------------------------
def test_both_texts_stand_side_by_side(desk, sign_in):
    case = desk.opened(text=PERSONAL)
    page = sign_in(desk.admin).get(url(case)).content.decode()
    assert "081234567890" in page
    assert "[nomor telepon]" in page


def test_messages_stand_25_a_page_the_newest_first_page_in_the_order_they_were_said(desk, sign_in):
    case = desk.accepted()
    for number in range(27):
        cases.note(actor=desk.liaison, case=case, text=f"catatan-{number:02}")
    newest = sign_in(desk.liaison).get(url(case)).content.decode()
    assert re.findall(r"catatan-\d\d", newest) == [f"catatan-{number:02}" for number in range(2, 27)]
    assert "?page=2#thread" in newest
    older = sign_in(desk.liaison).get(url(case), {"page": "2"}).content.decode()
    assert re.findall(r"catatan-\d\d", older) == ["catatan-00", "catatan-01"]
    assert "?page=1#thread" in older


def test_messages_are_no_steps_unless_they_moved_a_deadline(desk):
    case = desk.accepted()
    for number in range(3):
        cases.message(actor=desk.liaison, case=case, text=f"Kabar {number}", audience="public")
    titles = [step.title for step in desk_look.story(desk.fresh(case)).steps]
    assert titles.count("Menulis pesan") == 1, "the first one stopped the clock of the first answer"


def test_a_long_story_is_cut_and_can_be_read_whole(desk, sign_in):
    """With as many steps as it takes: the statement that reads them keeps its limit for the whole process."""
    case = desk.accepted()
    for number in range(desk_look.SHOWN):
        officer = (desk.checker, desk.liaison)[number % 2]
        case = cases.reassign(actor=desk.leader, case=case, officer=officer)
    page = sign_in(desk.liaison).get(url(case)).content.decode()
    assert "?langkah=semua#story" in page
    assert "Menerima laporan" not in page
    whole = sign_in(desk.liaison).get(url(case), {"langkah": "semua"}).content.decode()
    assert "Menerima laporan" in whole
    assert "?langkah=semua#story" not in whole


def test_a_deadline_has_its_derivation_on_a_page_of_its_own(desk, sign_in):
    case = desk.assigned()
    way = reverse("feedback:case_clocks", args=[case.pk])
    assert way in sign_in(desk.liaison).get(url(case)).content.decode()
    page = sign_in(desk.liaison).get(way).content.decode()
    assert "Hari libur mingguan tidak dihitung" in page
    assert sign_in(desk.other_liaison).get(way).status_code == 404


@pytest.mark.parametrize("person", ["admin", "liaison", "leader"])
def test_a_case_costs_few_statements(desk, sign_in, person):
    case = desk.accepted(anonymous=True)
    client = sign_in(getattr(desk, person))
    client.get(url(case))
    with CaptureQueriesContext(connection) as captured:
        client.get(url(case))
    assert len(captured) <= 13, "one more than of somebody with a name, for the requests to know him"


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("person", ["admin", "liaison", "leader"])
def test_nothing_is_offered_that_the_verb_would_refuse_for_state_or_side(desk, person, state):
    """Every offered step is one that the table has, for a side on which the person stands."""
    case = desk.assigned()
    row = Case.objects.select_related("unit", "holder_unit", "officer", "service").get(pk=case.pk)
    row.state = state
    seat = Seat(getattr(desk, person), row)
    names = {act.name for _heading, acts in acts_of(seat) for act in acts}
    if person == "leader":
        assert names <= {"alihkan", "ganti-petugas"}
    if person == "liaison":
        assert not names & {"buka", "teruskan", "tolak", "bukan-laporan", "gabung", "pisah", "batalkan"}
        assert "golongkan" not in names
    if not row.is_open:
        assert not names & {"golongkan", "pesan", "terlapor", "ucapan"}


def test_each_state_offers_its_steps(desk):
    new = desk.file()
    assert {"buka", "bukan-laporan"} <= offered(desk.admin, new)
    opened = desk.opened()
    assert {"teruskan", "tanya", "luar", "gabung", "pisah", "tolak"} <= offered(desk.admin, opened)
    assigned = desk.assigned()
    assert {"terima", "kembalikan", "catatan"} <= offered(desk.liaison, assigned)
    assert offered(desk.leader, assigned) == {"ganti-petugas"}
    assert "konsep" in offered(desk.liaison, desk.accepted())


@pytest.mark.parametrize("person", ["leader", "inspector"])
def test_who_only_reads_is_told_so_and_refused(desk, sign_in, person):
    case = desk.assigned()
    client = sign_in(getattr(desk, person))
    assert client.get(url(case)).status_code == 200
    for name in ("teruskan", "terima", "catatan", "sunting", "bukan-laporan", "ucapan"):
        assert send(client, case, name, text="x").status_code == 403
    assert client.post(reverse("feedback:case_identity", args=[case.pk])).status_code == 403
    assert Case.objects.get().state == "disposisi"


@pytest.mark.parametrize("name", list(ACTS))
def test_every_act_has_a_page_or_leads_back(desk, sign_in, name):
    case = desk.opened()
    answer = sign_in(desk.admin).get(url(case, name))
    assert answer.status_code in (200, 302, 403, 404)
    if ACTS[name].form.__name__ != "NothingForm" and name in offered(desk.admin, case):
        assert answer.status_code == 200


def test_opening_the_page_costs_a_bounded_number_of_statements(desk, sign_in, django_assert_max_num_queries):
    case = desk.accepted()
    for n in range(30):
        cases.note(actor=desk.liaison, case=case, text=f"Catatan {n}", mentions=[desk.checker])
    client = sign_in(desk.admin)
    client.get(url(case))
    with django_assert_max_num_queries(50):
        assert client.get(url(case)).status_code == 200


# --- Acts -----------------------------------------------------------------------------------------
def test_a_case_goes_all_the_way_by_its_pages(desk, sign_in):
    case = desk.file()
    client = sign_in(desk.admin)
    assert send(client, case, "buka").status_code == 302
    assert send(client, case, "teruskan", unit=desk.gov.office.name, note="Mohon segera").status_code == 302
    client = sign_in(desk.liaison)
    assert send(client, case, "terima").status_code == 302
    assert send(client, case, "konsep", text="Loket ditambah.", then="submit", seen="").status_code == 302
    assert CaseAnswer.objects.get().state == AnswerState.CHECKING
    assert send(client, case, "periksa", ok="1").status_code == 403
    client = sign_in(desk.checker)
    assert send(client, case, "periksa", ok="1").status_code == 302
    client = sign_in(desk.liaison)
    assert send(client, case, "terjawab").status_code == 302
    assert Case.objects.get().state == CaseState.CLOSED


def test_a_case_that_changed_in_between_is_not_acted_on_and_nothing_typed_is_lost(desk, sign_in):
    case = desk.opened()
    old = case.version
    cases.classify(actor=desk.admin, case=case, kind="informasi")
    client = sign_in(desk.admin)
    answer = send(client, case, "tolak", version=old, reason="unclear", explanation="Kurang jelas sekali.")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Kurang jelas sekali." in page
    assert "berubah sejak Anda membukanya" in page
    assert answer.context["changes"]
    assert Case.objects.get().state == "verifikasi"
    again = send(client, case, "tolak", reason="unclear", explanation="Kurang jelas sekali.")
    assert again.status_code == 302
    assert Case.objects.get().state == "ditolak"


def test_an_act_that_no_longer_fits_says_the_state_and_keeps_the_text(desk, sign_in):
    case = desk.assigned()
    answer = send(sign_in(desk.admin), case, "tanya", question="Kapan kejadiannya?")
    assert answer.status_code == 422
    assert "Kapan kejadiannya?" in answer.content.decode()
    assert "Diteruskan ke unit" in answer.content.decode()


def test_two_liaisons_do_not_write_over_each_others_draft(desk, sign_in):
    case = desk.accepted()
    cases.draft_answer(actor=desk.checker, case=case, text="Konsep rekan.")
    client = sign_in(desk.liaison)
    answer = send(client, case, "konsep", text="Konsep saya.", seen="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Konsep saya." in page
    assert "Konsep rekan." in page
    assert CaseAnswer.objects.get().text == "Konsep rekan."
    seen = answer.context["seat"].mark
    assert send(client, case, "konsep", text="Konsep berdua.", seen=seen).status_code == 302
    assert CaseAnswer.objects.get().text == "Konsep berdua."


def test_the_redaction_is_proposed_from_what_was_found_and_the_words_given(desk, sign_in):
    case = desk.opened(text=PERSONAL)
    client = sign_in(desk.admin)
    answer = send(client, case, "sunting", propose="1", words="Bu Ratna", title="x", text="y")
    proposed = answer.context["form"].initial["text"]
    assert "[nomor telepon]" in proposed
    assert "Ratna" not in proposed
    saved = send(client, case, "sunting", title="Layanan ditolak", text=proposed, reason="personal")
    assert saved.status_code == 302
    assert Case.objects.get().published_text == proposed
    assert Case.objects.get().text == PERSONAL


def test_a_template_goes_under_what_was_typed(desk, sign_in):
    case = desk.accepted()
    row = ResponseTemplate.objects.create(title="Terima kasih", text="Laporan {nomor} kami terima.")
    other = ResponseTemplate.objects.create(title="Milik lain", text="x", unit=desk.other)
    client = sign_in(desk.liaison)
    answer = send(client, case, "konsep", use="1", template=str(row.pk), text="Yth. pelapor,")
    assert answer.context["form"].initial["text"] == f"Yth. pelapor,\n\nLaporan {case.number} kami terima."
    answer = send(client, case, "konsep", use="1", template=str(other.pk), text="Halo")
    assert answer.context["form"].initial["text"] == "Halo"
    assert not CaseAnswer.objects.exists()


def test_notes_call_colleagues_and_stay_inside(desk, sign_in):
    case = desk.accepted()
    client = sign_in(desk.liaison)
    assert send(client, case, "catatan", text="Tolong lihat", mentions=[str(desk.checker.pk)]).status_code == 302
    note = CaseMessage.objects.get()
    assert (note.audience, note.mentions.get().user) == ("internal", desk.checker)
    refused = send(client, case, "catatan", text="Halo", mentions=[str(desk.other_liaison.pk)])
    assert refused.status_code == 422


def test_joining_and_taking_it_back(desk, sign_in):
    main, double = desk.opened(), desk.opened()
    client = sign_in(desk.admin)
    assert send(client, double, "gabung", main="PGD-2601-ZZZZZZ").status_code == 422
    assert send(client, double, "gabung", main=main.number).status_code == 302
    assert Case.objects.get(pk=double.pk).merged_into == main
    assert double.number in client.get(url(main)).content.decode()
    assert send(client, double, "batalkan", reason="Ternyata lain").status_code == 302
    assert Merge.objects.get().undone_at is not None


def test_open_cases_in_like_words_are_offered_to_join_with(desk, sign_in):
    double = desk.opened()
    main, closed = desk.opened(text="Antrean panjang di loket, hubungi 081234567890."), desk.closed()
    hidden, strange = desk.opened(secret=True), desk.opened(text="Lampu jalan padam.")
    about_admin = desk.opened()
    CaseParty.objects.create(case=about_admin, user=desk.admin, added_by=desk.chief)
    client = sign_in(desk.admin)
    page = client.get(url(double, "gabung")).content.decode()
    assert f'value="{main.number}"' in page
    assert "Antrean panjang di loket, hubungi [nomor telepon]." in page
    for other in (double, closed, hidden, strange, about_admin):
        assert f'value="{other.number}"' not in page, other.text
    assert send(client, double, "gabung", same=main.number, main=strange.number).status_code == 422
    assert send(client, double, "gabung", same="", main="").status_code == 422
    assert send(client, double, "gabung", same=main.number, main="").status_code == 302
    assert Case.objects.get(pk=double.pk).merged_into == main


def test_a_case_is_split_into_its_matters(desk, sign_in):
    case = desk.opened()
    client = sign_in(desk.admin)
    assert send(client, case, "pisah", title_1="Parkir", text_1="").status_code == 422
    assert send(client, case, "pisah", title_1="Parkir", text_1="Parkir penuh.").status_code == 302
    assert Case.objects.get(split_from=case).title == "Parkir"


def test_spam_leaves_the_public_and_can_be_taken_back(desk, sign_in):
    case = desk.opened()
    client = sign_in(desk.admin)
    assert send(client, case, "bukan-laporan").status_code == 302
    assert Case.objects.get().state == "spam"
    assert send(client, case, "batalkan", reason="Keliru").status_code == 302
    assert Case.objects.get().state == "verifikasi"


@pytest.mark.parametrize(("passed", "state"), [("1", "baru"), ("0", "spam")])
def test_a_held_filing_is_decided(desk, sign_in, passed, state):
    case = desk.file(held="no_proof")
    assert "Tanpa JavaScript" in sign_in(desk.admin).get(url(case, "tinjau")).content.decode()
    assert send(sign_in(desk.admin), case, "tinjau", passed=passed).status_code == 302
    found = Case.objects.get()
    assert (found.state, found.held) == (state, False)


def test_a_hidden_message_leaves_the_public_with_a_reason(desk, sign_in):
    case = desk.answered()
    message = CaseMessage.objects.get(official=True)
    client = sign_in(desk.admin)
    assert client.get(url(case, "sembunyikan"), {"pesan": message.pk}).status_code == 200
    answer = send(client, case, "sembunyikan", message=message.pk, reason="personal", explanation="Memuat nama.")
    assert answer.status_code == 302
    assert not CaseMessage.objects.public().exists()
    assert Moderation.objects.get().act == "hide"
    assert client.get(url(case, "sembunyikan"), {"pesan": message.pk}).status_code == 404


def test_accusing_an_officer_takes_the_case_out_of_his_sight(desk, sign_in):
    case = desk.assigned()
    client = sign_in(desk.admin)
    assert send(client, case, "terlapor", name="", nip=desk.liaison.nip).status_code == 302
    assert sign_in(desk.liaison).get(url(case)).status_code == 404


def test_what_a_citizen_says_at_the_desk_is_written_in_his_name(desk, sign_in):
    case = desk.answered()
    client = sign_in(desk.liaison)
    assert send(client, case, "belum-terjawab", text="Loket masih satu.").status_code == 302
    message = CaseMessage.objects.latest("id")
    assert (message.party, message.author) == ("reporter", None)
    step = Case.objects.get().steps.latest("version")
    assert step.for_reporter
    assert step.actor == desk.liaison


def test_watching_is_a_switch(desk, sign_in):
    case = desk.assigned()
    client = sign_in(desk.leader)
    client.post(reverse("feedback:case_watch", args=[case.pk]), {"on": "1"})
    assert Watch.objects.filter(user=desk.leader).exists()
    client.post(reverse("feedback:case_watch", args=[case.pk]), {"on": "0"})
    assert not Watch.objects.exists()


# --- Identity -------------------------------------------------------------------------------------
def test_the_identity_is_shown_on_request_and_the_reading_is_kept(desk, sign_in):
    case = desk.assigned(contact=CONTACT)
    client = sign_in(desk.liaison)
    assert CONTACT.name not in client.get(url(case)).content.decode()
    answer = client.post(reverse("feedback:case_identity", args=[case.pk]))
    assert CONTACT.name in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert ReadLog.objects.get().what == "identity"
    assert client.get(reverse("feedback:case_identity", args=[case.pk])).status_code == 405


def test_the_anonymous_are_named_only_after_a_decision_of_somebody_else(desk, sign_in):
    case = desk.assigned(contact=CONTACT, anonymous=True)
    client, reveal = sign_in(desk.liaison), reverse("feedback:case_identity", args=[case.pk])
    assert client.post(reveal).status_code == 403
    assert send(client, case, "minta-identitas", reason="Ancaman", basis="UU 31/2014").status_code == 302
    assert send(client, case, "putus-identitas", granted="1", decision="Ya").status_code == 403
    client = sign_in(desk.admin)
    page = client.get(url(case, "putus-identitas")).content.decode()
    assert re.search(r"Identitas terbuka 7 hari, sampai\s[^.]*22 Jan[^.]* 2026, hanya", page)
    assert send(client, case, "putus-identitas", granted="1", decision="Beralasan").status_code == 302
    assert IdentityRelease.objects.get().state == "granted"
    assert CONTACT.name in sign_in(desk.liaison).post(reveal).content.decode()
    assert sign_in(desk.checker).post(reveal).status_code == 403


def test_who_read_a_secret_case_is_listed_for_the_admin(desk, sign_in):
    case = desk.assigned(secret=True)
    sign_in(desk.liaison).get(url(case))
    reads = reverse("feedback:case_reads", args=[case.pk])
    assert sign_in(desk.liaison).get(reads).status_code == 403
    assert desk.liaison.name in sign_in(desk.admin).get(reads).content.decode()


def test_files_are_for_those_who_see_the_case(desk, sign_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.documents.hostile import photo

    upload = SimpleUploadedFile("foto.jpg", photo(), "image/jpeg")
    case = desk.assigned(secret=True, files=(upload,))
    row = case.files.get()
    address = reverse("feedback:desk_file", args=[case.pk, row.pk])
    assert sign_in(desk.leader).get(address).status_code == 404
    assert sign_in(desk.liaison).get(address).status_code == 200
    assert "file" in set(ReadLog.objects.values_list("what", flat=True))
    assert StoredFile.objects.count() == 1


# --- Suggestions and templates --------------------------------------------------------------------
def test_a_unit_is_suggested_with_its_reason(desk, sign_in):
    for _n in range(3):
        desk.answered(text="Antrean loket rumah sakit panjang sekali.")
    case = desk.opened(text="Loket rumah sakit: antrean sejak subuh.", service=None)
    found = suggesting.suggest_units(case)
    assert [row.unit for row in found] == [desk.gov.office]
    assert "3 dari 3" in str(found[0].reason)
    page = sign_in(desk.admin).get(url(case, "teruskan"))
    assert "3 dari 3" in page.content.decode()
    chosen = send(sign_in(desk.admin), case, "teruskan", use=str(desk.gov.office.pk), note="Mohon segera")
    assert desk.gov.office.name in str(chosen.context["form"]["unit"].value())
    assert "Mohon segera" in chosen.content.decode()
    assert Case.objects.get(pk=case.pk).state == "verifikasi"


def test_the_unit_that_the_reporter_chose_is_suggested_first(desk):
    desk.answered(text="Antrean loket rumah sakit panjang sekali.")
    case = desk.opened(text="Loket rumah sakit: antrean sejak subuh.", service=None, unit=desk.gov.school)
    found = suggesting.suggest_units(case)
    assert [row.unit for row in found] == [desk.gov.school, desk.gov.office]
    assert "dipilih pelapor" in str(found[0].reason)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zzqwe dan surel saya x@contoh.test", ["surel", "zzqwe"]),
        ("Hubungi 0812 9876 5432 atau DH 1234 AB", ["hubungi"]),
        ("KTP dan KK saya belum jadi, terima kasih banyak", ["ktp", "kk"]),
    ],
)
def test_a_case_is_known_by_its_own_words_not_by_masks(text, words):
    assert telling_words(text) == words


def test_secret_cases_never_show_through_a_suggestion(desk):
    desk.answered(text="Antrean loket rumah sakit panjang sekali.", secret=True)
    case = desk.opened(text="Loket rumah sakit: antrean sejak subuh.", service=None)
    assert suggesting.suggest_units(case) == []


def test_templates_are_kept_by_their_unit(desk, sign_in):
    client, new = sign_in(desk.liaison), reverse("feedback:desk_template_new")
    data = {"title": "Salam", "text": "Terima kasih.", "active": "on"}
    assert client.post(new, data).status_code == 422
    assert client.post(new, data | {"unit": desk.gov.office.name}).status_code == 302
    row = ResponseTemplate.objects.get()
    edit = reverse("feedback:desk_template", args=[row.pk])
    assert sign_in(desk.other_liaison).get(edit).status_code == 404
    assert sign_in(desk.admin).post(edit, data | {"title": "Salam semua"}).status_code == 302
    assert ResponseTemplate.objects.get().unit is None
    assert sign_in(desk.liaison).get(edit).status_code == 404


def test_only_a_next_step_stands_out(desk, sign_in):
    for case, stands_out in ((desk.opened(), 1), (desk.assigned(), 0)):
        html = sign_in(desk.admin).get(reverse("feedback:case", args=[case.pk])).content.decode()
        acts = html[html.index('aria-labelledby="acts"') :]
        assert acts[: acts.index("</section>")].count("button-primary") == stands_out
