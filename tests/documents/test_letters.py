import datetime
import io
import re
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from kepegawaian.audit.models import Event
from kepegawaian.documents import pdf, services
from kepegawaian.documents.models import IssuedDocument, LetterCounter, StoredFile
from kepegawaian.documents.pdf import qr_svg, render_pdf
from kepegawaian.lib.exceptions import StateChanged
from tests.accounts.factories import UserFactory
from tests.documents.factories import letter
from tests.support.races import at_once
from tests.units.factories import UnitFactory

pytestmark = pytest.mark.django_db
DATA = {
    "title": "Surat izin cuti",
    "number": "800/1",
    "date_text": "16 Maret 2026",
    "verify_url": "https://x/v/",
    "qr": qr_svg("https://x/v/"),
    "paragraphs": ["Siti #panic() *tebal* $x$ <a> @b"],
}


@pytest.fixture
def unit():
    return UnitFactory(government=True, short_name="BKPSDM")


# --- Numbers --------------------------------------------------------------------------------------
def test_numbers_count_up_per_unit_kind_and_year(unit):
    other = UnitFactory(parent=unit, office=True)
    asked = [(unit, "a", 2026), (unit, "a", 2026), (other, "a", 2026), (unit, "b", 2026), (unit, "a", 2027)]
    with transaction.atomic():
        taken = [services.take_number(unit=one, kind=kind, year=year) for one, kind, year in asked]
    assert taken == [1, 2, 1, 1, 1]


def test_a_letter_that_fails_leaves_no_gap(unit):
    def failing_letter():
        with transaction.atomic():
            services.take_number(unit=unit, kind="a", year=2026)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_letter()
    with transaction.atomic():
        assert services.take_number(unit=unit, kind="a", year=2026) == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given(unit):
    with pytest.raises(transaction.TransactionManagementError):
        services.take_number(unit=unit, kind="a", year=2026)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_letters_at_once_get_the_numbers_1_to_20(unit):
    subject, failed = UserFactory(), []

    def issue(number):
        try:
            with transaction.atomic():
                letter(unit, subject)
                if number % 5 == 0:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            failed.append(number)
            letter(unit, subject)

    at_once(*(partial(issue, number) for number in range(20)))
    assert len(failed) == 4
    assert sorted(IssuedDocument.objects.values_list("sequence", flat=True)) == list(range(1, 21))
    assert LetterCounter.objects.get().last == 20


def test_postgresql_refuses_the_same_number_twice(unit):
    first = letter(unit, UserFactory())
    with pytest.raises(IntegrityError, match="letter_number_once"):
        IssuedDocument.objects.create(
            kind=first.kind, unit=unit, year=first.year, sequence=1, token="x", subject_id=first.subject_id
        )


# --- Letters --------------------------------------------------------------------------------------
@time_machine.travel("2026-03-16 09:00+07:00", tick=False)
def test_a_letter_has_a_number_a_file_and_a_token(unit):
    actor, subject = UserFactory(), UserFactory()
    document = letter(unit, subject, actor=actor)
    assert document.number == "800/001/BKPSDM/III/2026"
    assert (document.year, document.subject_id) == (2026, subject.pk)
    assert len(document.token) == 43
    assert (document.file.mime, document.file.name) == ("application/pdf", "800-001-BKPSDM-III-2026.pdf")
    assert document.file.file.read(5) == b"%PDF-"
    assert Event.objects.filter(verb="documents.issued", actor=actor).count() == 1


def test_the_year_of_the_number_is_that_of_the_letter(unit):
    document = letter(unit, UserFactory(), on=datetime.date(2025, 12, 31))
    assert (document.number, document.year) == ("800/001/BKPSDM/XII/2025", 2025)


def test_when_the_pdf_fails_nothing_is_issued(unit):
    with pytest.raises(Exception, match="No such file"):
        letter(unit, UserFactory(), template="documents/pdf/missing.typ")
    assert not IssuedDocument.objects.exists()
    assert not StoredFile.objects.exists()


def test_text_is_data_never_markup():
    assert render_pdf("documents/pdf/letter.typ", DATA).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "text", ["😀 ꦗꦮ 漢字 العربية ไทย", "\u0378\u2065\ue000\ufffe", "a\x07\x00b", "\ud800", "“–…” é Ж Ω € ≤ □"]
)
def test_no_letter_that_anybody_types_keeps_a_paper_from_being_made(text):
    assert render_pdf("documents/pdf/letter.typ", DATA | {"paragraphs": [text]}).startswith(b"%PDF")


def test_every_letter_that_is_let_through_can_be_printed():
    letters = [chr(code) for code in range(0x20, 0x2600) if not pdf._UNPRINTABLE.match(chr(code))]
    assert render_pdf("documents/pdf/letter.typ", DATA | {"paragraphs": [" ".join(letters)]}).startswith(b"%PDF")


def test_line_ends_of_a_browser_are_printed_as_lines():
    pdf = render_pdf("documents/pdf/letter.typ", DATA | {"paragraphs": ["Baris satu\r\nBaris dua"]})
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Baris satu" in text
    assert "□" not in text


def test_the_same_letter_is_typeset_without_the_machines_fonts_in_a_moment():
    pdf = render_pdf(
        "documents/pdf/letter.typ", DATA | {"facts": [["Nama", "Siti"], ["NIP", "1"]], "to": ["Yth."]}
    )
    assert b"LibertinusSerif" in pdf
    assert b"GTS_PDFA1" in pdf, "made for the archive (PDF/A)"


def test_the_qr_code_holds_the_address_of_the_check(unit, monkeypatch):
    printed = {}
    monkeypatch.setattr(services, "render_pdf", lambda template, data: printed.update(data) or b"%PDF-1.7 x")
    document = letter(unit, UserFactory())
    address = f"http://127.0.0.1:8000/verifikasi/{document.token}/"
    assert printed["verify_url"] == address
    assert printed["qr"] == qr_svg(address) != qr_svg(address + "x")


# --- The public check -----------------------------------------------------------------------------
def _verify(client, token):
    return client.get(reverse("documents:verify", args=[token]))


def test_anybody_can_check_a_letter(client, unit):
    services.register_document_kind("leave.letter", "Surat izin cuti")
    document = letter(unit, UserFactory())
    response = _verify(client, document.token)
    assert response.status_code == 200
    for words in (
        "Dokumen ini asli",
        "Surat izin cuti",
        document.number,
        "Siti Aminah",
        "16–20 Mar 2026",
        unit.name,
    ):
        assert words in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_the_check_shows_nothing_beyond_the_facts(client, unit):
    subject = UserFactory(name="Nama Rahasia", nip="198609262015052001")
    response = _verify(client, letter(unit, subject).token)
    for secret in (subject.name, subject.nip, str(subject.pk), "/berkas/"):
        assert secret not in response.text


def test_a_wrong_code_is_not_found(client):
    response = _verify(client, "x" * 43)
    assert response.status_code == 404
    assert "Tidak ada dokumen dengan kode ini" in response.text


def test_a_revoked_letter_no_longer_holds(client, unit):
    document = letter(unit, UserFactory())
    services.revoke_document(document=document, actor=UserFactory(), reason="Salah tanggal")
    page = _verify(client, document.token).text
    assert "sudah tidak berlaku" in page
    assert "Dokumen ini asli" not in page
    assert "Salah tanggal" not in page, "the reason may be personal"
    with pytest.raises(StateChanged):
        services.revoke_document(document=document, actor=None, reason="lagi")


def test_facts_stand_in_the_order_of_the_paper(client, unit):
    facts = {"Tanggal cuti": "16 Mar 2026", "Nama": "Siti", "A": "1"}
    page = _verify(client, letter(unit, UserFactory(), facts=facts).token).text
    assert page.index("Tanggal cuti") < page.index("Nama") < page.index("<dt>A")


def test_facts_are_escaped(client, unit):
    document = letter(unit, UserFactory(), facts={"Nama": "<script>x</script>"})
    assert "<script>x" not in _verify(client, document.token).text


def test_whoever_checks_too_often_waits(client, unit):
    token = letter(unit, UserFactory()).token
    answers = [_verify(client, token).status_code for _time in range(32)]
    assert answers == [200] * 30 + [429] * 2
    assert client.get(reverse("documents:verify", args=[token]), REMOTE_ADDR="10.0.0.9").status_code == 200


def test_a_forged_forwarding_header_does_not_help(client, unit):
    token = letter(unit, UserFactory()).token
    address = reverse("documents:verify", args=[token])
    answers = [client.get(address, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(32)]
    assert answers[-1] == 429


def test_the_check_costs_one_statement(client, unit, django_assert_num_queries):
    token = letter(unit, UserFactory()).token
    with django_assert_num_queries(1):
        assert re.search("asli", _verify(client, token).text)
