"""The papers for the Ombudsman: for the reporter and the admin, after the last limit, and nothing more in them."""

import io
import re

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from feedback.enums import Phase
from feedback.models import CaseClock, FeedbackSetting, LimitRule
from feedback.papers_cases import bundle_pdf, can_bundle, last_limit
from feedback.services import cases
from kepegawaian.lib.exceptions import PermissionRefused
from tests.feedback.factories import CONTACT
from tests.support.feedback_world import PIXEL

pytestmark = pytest.mark.django_db
LAST, AFTER = "02-05", "02-06"
"""14 working days from Thursday 15 January 2026 (reference 1.4), and the day after."""


def words(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


def for_citizen(citizen, case):
    return citizen.client.post(reverse("feedback:bundle", args=[case.number]), **citizen.origin)


def for_officer(client, case):
    return client.get(reverse("feedback:case_bundle", args=[case.pk]))


def test_it_is_refused_with_the_day_until_the_last_limit_has_passed(desk, clock):
    case = desk.accepted()
    clock(LAST)
    with pytest.raises(PermissionRefused, match="5 Februari 2026"):
        bundle_pdf(case)
    clock(AFTER)
    assert bundle_pdf(case).startswith(b"%PDF")


def test_an_answer_in_time_does_not_take_the_way_away(desk, clock):
    case = desk.answered()
    clock(AFTER)
    assert can_bundle(case.clocks.all())


def test_while_the_reporter_is_asked_no_limit_passes(desk, clock):
    case = desk.opened()
    cases.ask(actor=desk.admin, case=case, question="Loket yang mana?")
    clock("03-02")
    assert last_limit(case.clocks.all()) is None
    with pytest.raises(PermissionRefused, match="tidak berjalan"):
        bundle_pdf(case)


def test_of_a_joined_report_it_is_the_limit_that_it_had(desk, clock):
    main, double = desk.accepted(), desk.opened()
    known = last_limit(double.clocks.all())
    cases.merge(actor=desk.admin, case=double, main=main, reason="Sama")
    assert known == last_limit(double.clocks.all()) == double.clocks.get(phase=Phase.FINAL).due_on
    clock(LAST)
    assert not can_bundle(double.clocks.all())
    clock(AFTER)
    assert can_bundle(double.clocks.all())


def test_where_no_final_limit_is_set_the_last_one_of_the_office_counts(desk, clock):
    LimitRule.objects.filter(phase=Phase.FINAL).delete()
    case = desk.accepted()
    first = CaseClock.objects.get(case=case, phase=Phase.FIRST)
    assert last_limit(case.clocks.all()) == first.due_on


def test_it_holds_what_the_reporter_may_read_and_how_the_deadlines_came_about(desk, clock):
    picture = SimpleUploadedFile("loket.png", PIXEL, content_type="image/png")
    case = desk.accepted(contact=CONTACT, files=(picture,), text="Antrean loket 😀 panjang.\n\nSejak Senin.")
    cases.message(actor=desk.liaison, case=case, text="Loket sedang diperiksa.", audience="reporter")
    cases.note(actor=desk.liaison, case=case, text="Jangan sampai keluar.")
    clock(AFTER)
    text = words(bundle_pdf(desk.fresh(case)))
    for part in (
        case.number,
        "Antrean loket □ panjang.",
        "Loket sedang diperiksa.",
        "Kam, 5 Feb 2026",
        "terlambat",
    ):
        assert part in text
    assert "14 hari kerja" in text
    assert "Jum, 16 Jan 2026 (Libur)" in text
    assert "SHA-256" in text
    assert "image/png" in text
    for part in ("Jangan sampai keluar", CONTACT.name, CONTACT.email, desk.liaison.name, desk.admin.name):
        assert part not in text


def test_deeds_are_told_by_who_did_them_in_their_own_words(desk, clock):
    words_said = 'Wewenang "provinsi" & <kami>.\r\nMohon maaf.'
    case = cases.assign(actor=desk.admin, case=desk.opened(), unit=desk.gov.office, public_text=words_said)
    answered = desk.answered()
    clock(AFTER)
    text = words(bundle_pdf(desk.fresh(case)))
    assert "&" in text
    for told in ("&quot;", "&amp;", "<br>", "&lt;", "□"):
        assert told not in text
    assert f"Ada pada {desk.gov.office.name}" in text
    steps = words(bundle_pdf(desk.fresh(answered))).split("Perjalanan laporan")[1].split("Jawaban dan pesan")[0]
    assert f"Dijawab {desk.gov.office.name}" in steps, "the office answered, the reporter has it now"


def test_the_reporter_takes_it_by_number_and_pin(desk, citizen, clock):
    case = desk.accepted()
    clock(AFTER)
    assert for_citizen(citizen, case).status_code == 404
    citizen.open(case, desk.pin)
    assert "Unduh berkas untuk Ombudsman" in citizen.mine(case).content.decode()
    answer = for_citizen(citizen, case)
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}-ombudsman.pdf"'
    assert answer["Cache-Control"] == "private, no-store"


def test_before_that_the_page_names_the_day_and_the_address_refuses(desk, citizen):
    case = desk.accepted()
    citizen.open(case, desk.pin)
    page = citizen.mine(case).content.decode()
    assert "setelah 5 Februari 2026" in page
    assert "Unduh berkas untuk Ombudsman" not in page
    refused = for_citizen(citizen, case)
    assert refused.status_code == 403
    assert "5 Februari 2026" in refused.content.decode()


def test_nobody_makes_papers_without_end(desk, citizen, clock):
    FeedbackSetting.objects.update(replies_an_hour=1)
    case = desk.accepted()
    clock(AFTER)
    citizen.open(case, desk.pin)
    assert [for_citizen(citizen, case).status_code for _ in range(2)] == [200, 403]


@pytest.mark.parametrize(
    ("person", "status"), [("admin", 200), ("liaison", 403), ("leader", 403), ("other_liaison", 404)]
)
def test_of_the_officers_the_admin_alone_takes_it(desk, sign_in, clock, person, status):
    case = desk.accepted()
    clock(AFTER)
    client = sign_in(getattr(desk, person))
    assert for_officer(client, case).status_code == status
    page = client.get(reverse("feedback:case", args=[case.pk])).content.decode()
    assert ("Berkas untuk Ombudsman" in page) == (status == 200)
