"""Files by their first bytes, and a letter."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from kepegawaian.documents.services import issue_document

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00" + b"\x00" * 24
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00" + b"\x00" * 200


def office(*names):
    """A zip with these parts, as Word and Excel files are."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return content.getvalue()


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")


def upload(content=PDF, name="surat.pdf", claimed="application/pdf"):
    return SimpleUploadedFile(name, content, content_type=claimed)


def letter(unit, subject, **fields):
    values = {
        "kind": "leave.letter",
        "subject": subject,
        "unit": unit,
        "facts": {"Nama": "Siti Aminah", "Tanggal cuti": "16–20 Mar 2026"},
        "template": "documents/pdf/letter.typ",
        "data": {"title": "Surat izin cuti", "paragraphs": ["Diberikan izin cuti."]},
        "number_template": "800/{sequence:03d}/{unit}/{month}/{year}",
    }
    return issue_document(**(values | fields))
