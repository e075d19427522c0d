import uuid

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kepegawaian.audit.models import Event
from kepegawaian.documents import cleaning, files, services
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.exceptions import RuleRefused, StateChanged
from tests.accounts.factories import UserFactory
from tests.documents import factories
from tests.documents.factories import upload
from tests.documents.hostile import photo

pytestmark = pytest.mark.django_db
SUBJECT = ("test.thing", uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057"))


@pytest.fixture(autouse=True)
def _guard(monkeypatch):
    """Things of this kind are for people called Siti."""
    monkeypatch.setattr(services, "_guards", {})
    services.register_file_guard("test.Thing", lambda user, key: user.name == "Siti" and key == SUBJECT[1])


def _store(content=factories.PDF, name="surat.pdf", actor=None, **options):
    return services.store_file(upload=upload(content, name), subject=SUBJECT, actor=actor, **options)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (factories.PDF, files.PDF),
        (factories.PNG, files.PNG),
        (factories.JPEG, files.JPEG),
        (factories.WEBP, files.WEBP),
    ],
)
def test_scans_are_known_by_their_content(content, mime):
    assert _store(content, "apa saja.exe").mime == mime


@pytest.mark.parametrize(("content", "mime"), [(factories.DOCX, files.DOCX), (factories.XLSX, files.XLSX)])
def test_office_files_only_where_asked_for(content, mime):
    with pytest.raises(RuleRefused, match="tidak diterima"):
        _store(content)
    assert _store(content, allowed=files.OFFICE).mime == mime


@pytest.mark.parametrize(
    "content",
    [
        factories.HTML,
        factories.SVG,
        factories.EXE,
        b"hanya teks",
        factories.office("a.txt"),
        factories.office("word/document.xml", "word/vbaProject.bin"),
        factories.DOCX[:60],
    ],
    ids=["html", "svg", "exe", "text", "zip", "macro", "broken"],
)
def test_a_lying_name_does_not_help(content):
    with pytest.raises(RuleRefused, match="tidak diterima"):
        _store(content, "surat.pdf", allowed=files.OFFICE)
    assert not StoredFile.objects.exists()


def test_empty_and_large_files_are_refused(settings):
    with pytest.raises(RuleRefused, match="kosong"):
        _store(b"")
    settings.MAX_UPLOAD_MB = 1
    with pytest.raises(RuleRefused, match="paling besar 1 MB"):
        _store(factories.PDF + b"\x00" * 1024 * 1024)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("surat dokter.pdf", "surat dokter.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\scan.PDF", "scan.pdf"),
        ("foto.jpg.exe", "foto.jpg.pdf"),
        ('a"b<c>\r\nSet-Cookie: x.pdf', "a_b_c_Set-Cookie_ x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("...", "berkas.pdf"),
        ("", "berkas.pdf"),
        ("ü" * 300 + ".pdf", "ü" * 120 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert files.safe_name(given, files.PDF) == kept


def test_what_is_kept_says_what_it_is_and_who_brought_it():
    actor = UserFactory()
    stored = _store(actor=actor)
    assert (stored.subject_type, stored.subject_id, stored.uploaded_by) == (*SUBJECT, actor)
    assert (stored.size, len(stored.sha256)) == (len(factories.PDF), 64)
    assert "surat" not in stored.file.name, "the name on disk tells nothing"
    assert Event.objects.get(verb="documents.stored").actor == actor


# --- Serving --------------------------------------------------------------------------------------
def _get(client, stored, **user):
    client.force_login(UserFactory(**user))
    return client.get(reverse("documents:file", args=[stored.pk]))


def test_whoever_may_see_the_object_gets_the_file_as_a_download(client):
    response = _get(client, _store(name="surat dokter.pdf"), name="Siti")
    assert b"".join(response.streaming_content) == factories.PDF
    assert response.headers["Content-Disposition"] == 'attachment; filename="surat dokter.pdf"'
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_reading_anothers_file_is_recorded_reading_ones_own_is_not(client):
    siti = UserFactory(name="Siti")
    client.force_login(siti)
    own, other = _store(actor=siti), _store(actor=UserFactory())
    for stored in (own, other):
        assert client.get(reverse("documents:file", args=[stored.pk])).status_code == 200
    assert Event.objects.get(verb="documents.read").subject_id == str(other.pk)


def test_a_stranger_gets_404(client):
    assert _get(client, _store(), name="Budi").status_code == 404


def test_without_a_guard_nobody_gets_it(client):
    stored = services.store_file(upload=upload(), subject=("test.other", uuid.uuid4()), actor=None)
    assert _get(client, stored, name="Siti").status_code == 404


def test_a_file_that_is_not_there_is_a_404(client):
    stored = _store()
    default_storage.delete(stored.file.name)
    assert _get(client, stored, name="Siti").status_code == 404
    assert client.get(reverse("documents:file", args=[uuid.uuid4()])).status_code == 404


def test_without_signing_in_there_is_no_file(client):
    response = client.get(reverse("documents:file", args=[_store().pk]))
    assert (response.status_code, "/akun/login/" in response.url) == (302, True)


@pytest.mark.parametrize("address", ["/media/", "/var/media/", "/files/"])
def test_the_storage_itself_has_no_address(client, address):
    client.force_login(UserFactory(name="Siti"))
    assert client.get(f"{address}{_store().file.name}").status_code == 404


# --- What a rolled back transaction leaves --------------------------------------------------------
@pytest.fixture
def empty_storage(settings):
    """One of its own: setting it anew forgets what other tests stored, some of them in the past."""
    settings.STORAGES = dict(settings.STORAGES)


@pytest.mark.usefixtures("empty_storage")
def test_a_file_of_no_row_is_removed_after_a_day_and_no_other():
    def failing_verb():
        with transaction.atomic():
            _store(name="hilang.pdf")
            raise ZeroDivisionError

    cleaning.remove_orphans(timezone.now() + 2 * cleaning.GRACE)  # what other tests left in memory
    kept = _store()
    with pytest.raises(ZeroDivisionError):
        failing_verb()
    folder = kept.file.name.rpartition("/")[0]
    assert len(default_storage.listdir(folder)[1]) == 2
    assert cleaning.remove_orphans() == 0
    assert cleaning.remove_orphans(timezone.now() + 2 * cleaning.GRACE) == 1
    assert default_storage.listdir(folder)[1] == [kept.file.name.rpartition("/")[2]]


def test_where_nothing_was_stored_nothing_is_removed(monkeypatch):
    monkeypatch.setattr(cleaning, "ROOT", "nowhere")
    assert cleaning.remove_orphans() == 0


# --- From one thing to another --------------------------------------------------------------------
OTHER = ("test.other", uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8058"))


def test_a_file_that_was_kept_is_handed_over_as_it_is():
    kept, actor = _store(factories.JPEG, "foto.jpg"), UserFactory()
    kept.name = "lampiran-1"
    services.hand_over(files=[kept], subject=OTHER, actor=actor)
    now = StoredFile.objects.get()
    assert (now.subject_type, now.subject_id, now.name, now.uploaded_by) == (*OTHER, "lampiran-1.jpg", actor)
    assert (now.file.name, now.sha256) == (kept.file.name, kept.sha256)
    assert Event.objects.filter(verb="documents.stored", subject_id=str(now.pk), actor_id=actor.pk).count() == 1


def test_a_file_that_is_gone_or_taken_is_not_handed_over():
    kept = _store(factories.PDF)
    services.hand_over(files=[kept], subject=OTHER, actor=None)
    with pytest.raises(StateChanged, match="sudah tidak tersimpan"), transaction.atomic():
        services.hand_over(files=[kept], subject=SUBJECT, actor=None)
    assert StoredFile.objects.get().subject_type == OTHER[0]


def test_files_keep_their_order_whether_they_were_kept_or_come_now():
    kept = _store(factories.PDF, "kedua.pdf")
    given = [upload(photo(), "pertama.jpg"), kept]
    found = services.keep_together(files=given, subject=OTHER, actor=None, max_mb=1)
    assert [row.name for row in found] == ["pertama.jpg", "kedua.pdf"]
    assert StoredFile.objects.filter(subject_type=OTHER[0]).count() == 2
