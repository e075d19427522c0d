"""The pages of an import: who may open them, what they show, how many statements they cost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kepegawaian.accounts.roles import Role
from kepegawaian.employees.importing import services
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.imports import ImportBatch, ImportState
from kepegawaian.work.models import Job, JobState
from tests.employees.factories import UserFactory
from tests.employees.imports import import_rows, preview_rows
from tests.employees.staff_files import csv_text, person, table
from tests.units.factories import RoleAssignmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
INDEX = reverse("employee_imports:index")
BAD = {"TANGGAL LAHIR": "31-02-1990"}


def signed_in(role=None, **where):
    user = UserFactory()
    if role:
        RoleAssignmentFactory(user=user, role=role, **where)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def hr():
    return signed_in(Role.HR_CENTRAL)


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def page(name, batch, *args):
    return reverse(f"employee_imports:{name}", args=[batch.pk, *args])


def text(response):
    return " ".join(response.content.decode().split())


# --- Who may --------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [None, Role.HR_UNIT, Role.LEADER, Role.INSPECTOR, Role.ADMIN])
def test_others_find_no_import(role, tmp_path):
    batch = preview_rows(tmp_path, person(1))
    client = signed_in(role)
    assert client.get(INDEX).status_code == 403
    for name, args in (("detail", ()), ("error_sheet", ("csv",))):
        assert client.get(page(name, batch, *args)).status_code == 404
    for name in ("confirm", "cancel", "retry"):
        assert client.post(page(name, batch)).status_code == 404
    assert client.get(reverse("employee_imports:blank", args=["siasn", "csv"])).status_code == 404


def test_a_right_over_one_office_is_not_enough(gov):
    assert signed_in(Role.HR_CENTRAL, unit=gov.office).get(INDEX).status_code == 403


def test_a_get_confirms_nothing(hr, tmp_path):
    batch = preview_rows(tmp_path, person(1))
    assert hr.get(page("confirm", batch)).status_code == 405


# --- The way through the pages --------------------------------------------------------------------
def test_from_the_upload_to_the_saved_people(hr, run):
    upload = SimpleUploadedFile("pegawai.csv", csv_text(table([person(1), person(2, **BAD)])).encode())
    with run(execute=True):
        response = hr.post(INDEX, {"file": upload})
    preview = hr.get(response.url)
    assert "1 baru, 0 berubah; 1 baris ditolak" in text(preview)
    assert "Bukan tanggal yang sah." in text(preview)
    batch = ImportBatch.objects.get()
    with run(execute=True):
        hr.post(page("confirm", batch))
    result = text(hr.get(page("detail", batch)))
    assert "Tersimpan" in result
    assert reverse("employee_activation:index") in result
    assert reverse("heads:missing") in result
    assert Employee.objects.count() == 1


def test_a_form_without_a_file_says_so_and_keeps_the_choice(hr):
    response = hr.post(INDEX, {"layout": "siasn"})
    assert response.status_code == 422
    assert '<option value="siasn" selected>' in text(response)


def test_a_file_that_is_no_sheet_is_refused_beside_the_field(hr):
    response = hr.post(INDEX, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    assert response.status_code == 422
    assert "Jenis berkas ini tidak diterima" in text(response)
    assert not ImportBatch.objects.exists()


def test_while_it_is_read_the_page_shows_progress_and_asks_again(hr):
    batch = services.start(upload=SimpleUploadedFile("a.csv", b"NIP\n1"), actor=hr.user)
    Job.objects.update(done=3000, total=10000, phase="Membaca")
    whole = text(hr.get(page("detail", batch)))
    assert "3.000 / 10.000" in whole
    assert 'http-equiv="refresh"' in whole
    part = hr.get(page("detail", batch), headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert f'hx-get="{page("detail", batch)}"' in text(part)


def test_when_it_is_over_the_part_asks_the_browser_for_the_page(hr, tmp_path):
    batch = preview_rows(tmp_path, person(1))
    response = hr.get(page("detail", batch), headers={"HX-Request": "true"})
    assert (response.headers["HX-Refresh"], response.content) == ("true", b"")


def test_an_import_whose_job_gave_up_offers_to_go_on(hr):
    batch = services.start(upload=SimpleUploadedFile("a.csv", b"NIP\n1"), actor=hr.user)
    Job.objects.update(state=JobState.FAILED, error="Ada galat di sistem. Kode: 7")
    shown = text(hr.get(page("detail", batch)))
    assert "Proses ini terhenti" in shown
    assert page("retry", batch) in shown


def test_a_file_that_could_not_be_read_says_why_in_both_languages(hr, run):
    with run(execute=True):
        batch = services.start(upload=SimpleUploadedFile("a.csv", b"NIP,UMUR\n1,2\n"), actor=hr.user)
    assert "Kolom NAMA tidak ada." in text(hr.get(page("detail", batch)))


def test_who_comes_too_late_reads_what_happened(hr, tmp_path):
    batch = preview_rows(tmp_path, person(1))
    ImportBatch.objects.update(state=ImportState.SAVING)
    response = hr.post(page("confirm", batch), follow=True)
    assert "tidak sedang menunggu konfirmasi" in text(response)


def test_a_cancelled_import_says_that_nothing_was_saved(hr, tmp_path):
    batch = preview_rows(tmp_path, person(1))
    assert "Tidak ada yang disimpan." in text(hr.post(page("cancel", batch), follow=True))


def test_an_import_with_nothing_new_has_no_button_to_save(hr, tmp_path):
    import_rows(tmp_path, person(1))
    shown = text(hr.get(page("detail", preview_rows(tmp_path, person(1)))))
    assert "Tidak ada baris yang perlu disimpan." in shown
    assert ">Simpan<" not in shown


# --- The rows -------------------------------------------------------------------------------------
@pytest.fixture
def mixed(tmp_path):
    """Rows 2 to 5: changed, unchanged with a warning, refused, new."""
    import_rows(tmp_path, person(1), person(2))
    changed = person(1, NAMA="Ani Baru", NIK="5371064201709999", ALAMAT="Jl. Rahasia")
    return preview_rows(tmp_path, changed, person(2, EMAIL="bukan-email"), person(3, **BAD), person(4))


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", [2, 3, 4, 5]),
        ("?hasil=changed", [2]),
        ("?hasil=refused&tingkat=error", [4]),
        ("?tingkat=warning", [3]),
        ("?q=NOMOR 4", [5]),
        ("?hasil=apa&page=9x", [2, 3, 4, 5]),
    ],
)
def test_rows_are_found_by_outcome_level_and_words(hr, mixed, query, rows):
    shown = hr.get(page("detail", mixed) + query).context["rows"]
    assert [row.number for row in shown] == rows


def test_rows_are_found_by_nip_however_it_is_typed(hr, mixed):
    nip = person(4)["NIP BARU"].strip("'")
    typed = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
    assert [row.number for row in hr.get(page("detail", mixed), {"q": typed}).context["rows"]] == [5]


def test_a_change_shows_old_and_new_and_hides_what_is_restricted(hr, mixed):
    shown = text(hr.get(page("detail", mixed) + "?hasil=changed"))
    assert "<del>PEGAWAI NOMOR 1</del>" in shown
    assert "<strong>Ani Baru</strong>" in shown
    assert "999</strong>" in shown
    assert "5371064201709999" not in shown
    assert "Rahasia" not in shown


def test_a_bad_nik_is_masked_in_its_remark(hr, tmp_path):
    batch = preview_rows(tmp_path, person(1, NIK="5371069999990007"))
    shown = text(hr.get(page("detail", batch)))
    assert "bukan tanggal lahir" in shown
    assert "5371069999990007" not in shown


def test_markup_in_a_file_is_only_text(hr, tmp_path):
    batch = preview_rows(tmp_path, person(1, NAMA="<script>alert(1)</script>"))
    assert "<script>alert" not in text(hr.get(page("detail", batch)))


def test_the_remarks_are_translated_when_they_are_read(hr, mixed, monkeypatch):
    english = {"Bukan tanggal yang sah.": "Not a valid date."}
    gettext = translation.gettext
    monkeypatch.setattr(translation, "gettext", lambda text: english.get(text) or gettext(text))
    shown = text(hr.get(page("detail", mixed) + "?tingkat=error"))
    assert "Not a valid date." in shown


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_error_sheet_is_never_cached(hr, mixed, kind):
    response = hr.get(page("error_sheet", mixed, kind))
    assert response["Cache-Control"] == "private, no-store"
    assert f"catatan-pegawai.{kind}" in response["Content-Disposition"]
    assert len(response.getvalue()) > 100


def test_there_is_no_error_sheet_without_remarks(hr, tmp_path):
    assert hr.get(page("error_sheet", preview_rows(tmp_path, person(1)), "csv")).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_empty_sheet_of_each_layout_can_be_had(hr, kind):
    assert hr.get(reverse("employee_imports:blank", args=["siasn", kind])).getvalue()
    assert hr.get(reverse("employee_imports:blank", args=["tidak-ada", kind])).status_code == 404


# --- What they cost -------------------------------------------------------------------------------
def statements(client, url, counter):
    client.get(url)
    with counter(30) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def test_the_preview_costs_the_same_for_one_row_and_for_fifty(hr, tmp_path, django_assert_max_num_queries):
    one = preview_rows(tmp_path, person(1), actor=hr.user)
    fifty = preview_rows(tmp_path, *(person(n, EMAIL="x") for n in range(1, 51)), actor=hr.user)
    counts = [statements(hr, page("detail", batch), django_assert_max_num_queries) for batch in (one, fifty)]
    assert counts[1] <= counts[0] + 1  # the count of the rows beyond the first page
    assert max(counts) <= 10


def test_the_history_costs_the_same_for_one_import_and_for_fifty(hr, django_assert_max_num_queries):
    ImportBatch.objects.create(created_by=hr.user)
    one = statements(hr, INDEX, django_assert_max_num_queries)
    for _number in range(49):
        ImportBatch.objects.create(created_by=UserFactory())
    assert statements(hr, INDEX, django_assert_max_num_queries) <= one + 1
    assert one <= 9
