"""What an upload really is: told by its content, never by its name or what the browser claims."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kepegawaian.lib.exceptions import Problem, RuleRefused

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCANS = frozenset({PDF, JPEG, PNG, WEBP})
"""What people attach as proof, and the default everywhere."""
PICTURES = SCANS - {PDF}
OFFICE = SCANS | {DOCX, XLSX}

EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png", WEBP: "webp", DOCX: "docx", XLSX: "xlsx"}
_MARKERS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_HEAD_BYTES = 8192
_NAME_LENGTH = 120


def accept_attribute(allowed: Iterable[str] = SCANS) -> str:
    """For `<input type="file" accept=...>`."""
    return ",".join(sorted(allowed))


def checked_type(upload: UploadedFile, allowed: Iterable[str] = SCANS, *, max_mb: int | None = None) -> str:
    """The media type of an upload. Raises RuleRefused for one that is empty, too large or not allowed."""
    limit = max_mb or settings.MAX_UPLOAD_MB
    size = upload.size or 0
    if size == 0:
        raise _refused(_("Berkas kosong."))
    if size > limit * 1024 * 1024:
        raise _refused(_("Berkas paling besar %(limit)d MB.") % {"limit": limit})
    found = sniff(upload)
    if found not in set(allowed):
        kinds = ", ".join(sorted(EXTENSIONS[mime].upper() for mime in allowed))
        raise _refused(_("Jenis berkas ini tidak diterima. Yang diterima: %(kinds)s.") % {"kinds": kinds})
    return found


def sniff(upload: UploadedFile) -> str:
    """The media type by content, or empty when unknown or broken."""
    upload.seek(0)
    head = upload.read(_HEAD_BYTES)
    upload.seek(0)
    found = filetype.guess(head)
    mime = found.mime if found else ""
    if mime == "application/zip" or mime in _MARKERS:
        return _office_type(upload)
    return mime if mime in EXTENSIONS else ""


def safe_name(name: str, mime: str) -> str:
    """The name as the uploader knows it, without paths, controls or a lying extension."""
    flat = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in flat if unicodedata.category(letter)[0] != "C")
    stem = re.sub(r"[<>:\"|?*]", "_", shown.rpartition(".")[0] or shown).strip(" .")
    return f"{stem[:_NAME_LENGTH] or 'berkas'}.{EXTENSIONS[mime]}"


def _office_type(upload: UploadedFile) -> str:
    """A Word or Excel file by the part that makes it one; a zip without either is nothing we know."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(io.BytesIO(upload.read())) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    finally:
        upload.seek(0)
    if any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return next((mime for mime, marker in _MARKERS.items() if marker in names), "")


def _refused(message: str) -> RuleRefused:
    return RuleRefused([Problem(message, rule="file", field="file")])
