"""The verbs of files and documents: store, fetch, number, issue, revoke."""

import datetime
import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kepegawaian.audit import services as audit
from kepegawaian.documents.files import PDF, SCANS, checked_type, safe_name
from kepegawaian.documents.models import IssuedDocument, StoredFile
from kepegawaian.documents.pdf import qr_svg, render_pdf
from kepegawaian.documents.scrubbing import scrubbed
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import StateChanged
from kepegawaian.lib.ids import uuid7
from kepegawaian.lib.inserting import insert_together
from kepegawaian.lib.ui.formatting import long_day
from kepegawaian.notifications.delivery import absolute
from kepegawaian.units.models import Unit

__all__ = [
    "document_label",
    "hand_over",
    "issue_document",
    "keep_together",
    "may_read",
    "note_reading",
    "register_document_kind",
    "register_file_guard",
    "render_pdf",
    "revoke_document",
    "store_content",
    "store_file",
    "take_number",
]
Subject = models.Model | tuple[str, uuid.UUID]
Incoming = UploadedFile | StoredFile
Guard = Callable[[Any, uuid.UUID], bool]
_HAND_OVER = """
UPDATE documents_storedfile AS kept
SET subject_type = %(type)s, subject_id = %(subject)s, name = given.name, uploaded_by_id = %(by)s,
    uploaded_at = %(now)s
FROM unnest(%(files)s::uuid[], %(types)s::text[], %(subjects)s::uuid[], %(names)s::text[])
    AS given (id, type, subject, name)
WHERE kept.id = given.id AND kept.subject_type = given.type AND kept.subject_id = given.subject
"""
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_guards: dict[str, Guard] = {}
_issued_guards: dict[str, Guard] = {}
_kinds: dict[str, str | Promise] = {}
_TAKE = """
INSERT INTO documents_lettercounter (id, unit_id, kind, year, last) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (unit_id, kind, year) DO UPDATE SET last = documents_lettercounter.last + 1
RETURNING last
"""


# --- Files ----------------------------------------------------------------------------------------
def register_file_guard(subject_type: str, guard: Guard, *, issued: Guard | None = None) -> None:
    """`guard(user, subject_id)` says who may read files of such objects; without a guard nobody may.

    `issued`: for the letters that the portal made of it, where more people may read these than what was attached.
    """
    _guards[subject_type.lower()] = guard
    if issued is not None:
        _issued_guards[subject_type.lower()] = issued


def may_read(user: Any, file: StoredFile) -> bool:
    guard, issued = _guards.get(file.subject_type), _issued_guards.get(file.subject_type)
    if issued is not None and IssuedDocument.objects.filter(file=file).exists():
        guard = issued
    return guard is not None and guard(user, file.subject_id)


def note_reading(file: StoredFile, reader: Any) -> None:
    """Attachments say why somebody is ill or where he lives: reading another's is recorded."""
    if file.uploaded_by_id != reader.pk:
        audit.record("documents.read", file, actor=reader, data={"subject": [file.subject_type, file.subject_id]})


def store_file(
    *,
    upload: UploadedFile,
    subject: Subject,
    actor: Any,
    allowed: Iterable[str] = SCANS,
    max_mb: int | None = None,
    scrub: bool = False,
    untraced: bool = False,
) -> StoredFile:
    """Keep an upload for `subject`. Raises RuleRefused when it is empty, too large or of another type.

    `scrub`: made anew without scripts and traces of its maker, as files of strangers must be (scans only); a
    signed PDF loses its signature by it. `untraced`: of somebody whom nothing may lead to, so nobody owns it, the
    trail says nothing of it, and key and time tell the day at most.
    """
    if untraced and (actor is not None or not scrub):
        raise ValueError("an untraced file is nobody's and scrubbed")
    mime = checked_type(upload, allowed, max_mb=max_mb)
    content = scrubbed(upload.read(), mime) if scrub else upload.read()
    name = safe_name(upload.name or "", mime)
    return _keep(content, name=name, mime=mime, subject=subject, actor=actor, untraced=untraced)


def store_content(*, content: bytes, name: str, mime: str, subject: Subject, actor: Any) -> StoredFile:
    """Keep what the portal made itself (a PDF, an error sheet)."""
    return _keep(content, name=name, mime=mime, subject=subject, actor=actor)


def keep_together(*, files: Iterable[Incoming], subject: Subject, actor: Any, max_mb: int) -> list[StoredFile]:
    """Files of strangers for `subject`, in their order: uploads are scrubbed here, those that a form has kept for
    its next step were scrubbed when they came."""
    files = list(files)
    if kept := [file for file in files if isinstance(file, StoredFile)]:
        hand_over(files=kept, subject=subject, actor=actor)
    return [
        file
        if isinstance(file, StoredFile)
        else store_file(upload=file, subject=subject, actor=actor, max_mb=max_mb, scrub=True)
        for file in files
    ]


def hand_over(*, files: Sequence[StoredFile], subject: Subject, actor: Any) -> None:
    """What was kept for something else becomes `subject`'s, under the names that the rows have here. Contents stay
    as they were checked and scrubbed. Raises StateChanged where one of them is no longer what the row says.

    Call it inside the transaction of the verb.
    """
    label, key = _identify(subject)
    given: dict[str, Any] = {
        "files": [row.pk for row in files],
        "types": [row.subject_type for row in files],
        "subjects": [row.subject_id for row in files],
        "names": [safe_name(row.name, row.mime) for row in files],
    }
    given |= {"type": label, "subject": key, "by": getattr(actor, "pk", None), "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(_HAND_OVER, given)
        if cursor.rowcount != len(files):
            raise StateChanged(_("Berkas ini sudah tidak tersimpan. Unggah sekali lagi."))
    insert_together(
        audit.build("documents.stored", row, actor=actor, data={"subject": [label, key], "size": row.size})
        for row in files
    )


def _keep(
    content: bytes, *, name: str, mime: str, subject: Subject, actor: Any, untraced: bool = False
) -> StoredFile:
    label, key = _identify(subject)
    stored = StoredFile(
        subject_type=label,
        subject_id=key,
        name=name,
        mime=mime,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
    )
    if untraced:
        stored.id = uuid.uuid4()
        stored.uploaded_at = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        stored.file.save(name, ContentFile(content), save=False)
        stored.save(force_insert=True)
        if not untraced:
            data = {"subject": [label, key], "size": stored.size}
            audit.record("documents.stored", stored, actor=actor, data=data)
    return stored


# --- Documents ------------------------------------------------------------------------------------
def register_document_kind(kind: str, label: str | Promise) -> None:
    """How documents of a kind are called on the verification page."""
    _kinds[kind] = label


def document_label(kind: str) -> str:
    return str(_kinds.get(kind, kind))


def take_number(*, unit: Unit, kind: str, year: int) -> int:
    """The next number of a unit, kind and year; given back, so without a gap, if the transaction rolls back.

    Whoever takes the next one waits until this transaction ends: take it late, and end soon after.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "a letter number is taken inside the transaction of the letter"
        )
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [uuid7(), unit.pk, kind, year])
        number: int = cursor.fetchone()[0]
    return number


def issue_document(
    *,
    kind: str,
    subject: Subject,
    unit: Unit,
    facts: Mapping[str, str],
    template: str,
    data: Mapping[str, Any],
    number_template: str,
    actor: Any = None,
    on: datetime.date | None = None,
) -> IssuedDocument:
    """Number a document, make its PDF with the QR code, and keep both.

    `facts` is all that the public page shows: label -> value, no more about the person than the paper needs to be
    checked. `number_template` knows {sequence}, {sequence:03d}, {month} (Roman), {year} and {unit} (short name).
    The Typst template gets `data` plus `number`, `date`, `date_text`, `qr` (SVG text) and `verify_url`;
    templates/documents/pdf/letter.typ is a plain letter that most papers can use or import.
    """
    on = on or today()
    label, key = _identify(subject)
    with transaction.atomic():
        sequence = take_number(unit=unit, kind=kind, year=on.year)
        document = IssuedDocument(
            subject_type=label,
            subject_id=key,
            kind=kind,
            unit=unit,
            year=on.year,
            sequence=sequence,
            number=number_template.format(
                sequence=sequence,
                month=ROMAN_MONTHS[on.month - 1],
                year=on.year,
                unit=unit.short_name or unit.code,
            ),
            token=secrets.token_urlsafe(32),
            facts=[list(pair) for pair in facts.items()],  # jsonb forgets the order of a dict
        )
        url = absolute(reverse("documents:verify", args=[document.token]))
        with translation.override("id"):
            written = long_day(on)
        printed = {
            **data,
            "number": document.number,
            "date": on,
            "date_text": written,
            "verify_url": url,
            "qr": qr_svg(url),
        }
        document.file = store_content(
            content=render_pdf(template, printed),
            name=safe_name(f"{document.number.replace('/', '-')}.pdf", PDF),
            mime=PDF,
            subject=subject,
            actor=actor,
        )
        document.save(force_insert=True)
        audit.record("documents.issued", document, actor=actor, data={"number": document.number, "kind": kind})
    return document


def revoke_document(*, document: IssuedDocument, actor: Any, reason: str) -> IssuedDocument:
    """The paper stays what it was, but its QR page says from now on that it no longer holds, and why."""
    with transaction.atomic():
        now = timezone.now()
        open_rows = IssuedDocument.objects.filter(pk=document.pk, revoked_at=None)
        if not open_rows.update(revoked_at=now, revoked_reason=reason[:200]):
            raise StateChanged(_("Dokumen ini sudah dicabut."))
        audit.record("documents.revoked", document, actor=actor, data={"reason": reason})
    document.refresh_from_db()
    return document


def _identify(subject: Subject) -> tuple[str, uuid.UUID]:
    return (subject._meta.label_lower, subject.pk) if isinstance(subject, models.Model) else subject
