"""Files of strangers, made anew before they are kept: pictures as bare pixels, PDF without anything that acts.

A picture is drawn again at screen size: neither where it was taken nor what was hidden behind it survives. A PDF
is written again without scripts, actions, attachments and its properties. What cannot be read safely is refused.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from kepegawaian.documents.files import JPEG, PDF, PNG, WEBP
from kepegawaian.lib.exceptions import Problem, RuleRefused

LONGEST_SIDE = 2048
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_MOST_PIXELS = {JPEG: 120_000_000, PNG: 30_000_000, WEBP: 30_000_000}
"""JPEG is decoded at a fraction of its size, the others whole: four bytes a pixel."""
_QUALITY = 85
_MOST_OBJECTS = 100_000
_LARGEST_STREAM, _LARGEST_PDF = 128 * 1024 * 1024, 512 * 1024 * 1024
"""Bytes that the compressed streams of a PDF may come to, one and all together."""
_STREAM = re.compile(rb"stream\r?\n")
_PIECE = 1024 * 1024
_ACTING_KEYS = ("/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/AF", "/PieceInfo")
_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/RichMediaExecute",
        "/Movie",
        "/Sound",
        "/ResetForm",
        "/Hide",
    }
)
_ATTACHING = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/Sound", "/3D"})


def scrubbed(content: bytes, mime: str) -> bytes:
    """The file without anything but what is seen. Raises RuleRefused for a bomb, a broken or a locked file."""
    return _clean_pdf(content) if mime == PDF else _redrawn(content, mime)


# --- Pictures -------------------------------------------------------------------------------------
def _redrawn(content: bytes, mime: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[mime]]) as picture:
            if picture.width * picture.height > _MOST_PIXELS[mime]:
                raise _refused(_("Gambar ini terlalu besar. Kecilkan dahulu, lalu unggah lagi."))
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            ImageOps.exif_transpose(picture, in_place=True)
            return _pixels(picture, mime)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refused(_("Gambar ini terlalu besar. Kecilkan dahulu, lalu unggah lagi.")) from None
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error) as error:
        raise _refused(_("Gambar ini tidak dapat dibaca. Simpan ulang, lalu unggah lagi.")) from error


def _pixels(picture: Image.Image, mime: str) -> bytes:
    """Pixels alone, on a new sheet: no EXIF, XMP, colour profile, comments or trailing bytes. One copy: each of a
    large picture takes as long as a third of drawing it."""
    see_through = mime != JPEG and ("A" in picture.getbands() or "transparency" in picture.info)
    sheet = picture.convert("RGBA" if see_through else "RGB")
    sheet.info = {}  # all that a writer takes from a picture beside its pixels
    sheet.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    options: dict[str, Any] = {"optimize": True} if mime == PNG else {"quality": _QUALITY}
    sheet.save(written, _FORMATS[mime], **options)
    return written.getvalue()


# --- PDF ------------------------------------------------------------------------------------------
def _clean_pdf(content: bytes) -> bytes:
    if not _inflates_within(content):
        raise _refused(_("PDF ini tidak dapat dibaca dengan aman. Cetak ulang ke PDF, lalu unggah lagi."))
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.objects) > _MOST_OBJECTS:
                raise _refused(_("PDF ini tidak dapat dibaca dengan aman. Cetak ulang ke PDF, lalu unggah lagi."))
            _strip(pdf)
            written = io.BytesIO()
            pdf.save(written, encryption=False, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise _refused(_("PDF ini terkunci dengan kata sandi. Unggah yang tidak terkunci.")) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError) as error:
        raise _refused(_("PDF ini tidak dapat dibaca. Cetak ulang ke PDF, lalu unggah lagi.")) from error
    return written.getvalue()


def _strip(pdf: pikepdf.Pdf) -> None:
    for name in ("/Names", "/Metadata", "/Collection"):
        if name in pdf.Root:
            del pdf.Root[name]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for thing in _dictionaries(pdf):
        for name in _ACTING_KEYS:
            if name in thing:
                del thing[name]
        for name in ("/A", "/PA", "/Next"):
            if name in thing and _acts(thing[name]):
                del thing[name]
        if str(thing.get("/Subtype", "")) in _ATTACHING:
            thing["/Subtype"] = pikepdf.Name("/Text")


def _acts(action: Any) -> bool:
    """A list of actions is never needed to read a page."""
    if isinstance(action, pikepdf.Array):
        return True
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _ACTIONS


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary of the file: numbered objects, and those written inside them."""
    waiting = list(pdf.objects)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            waiting += [item for item in thing if _nested(item)]
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            waiting += [thing[name] for name in thing.keys() if _nested(thing[name])]  # noqa: SIM118


def _nested(value: Any) -> bool:
    return isinstance(value, pikepdf.Array | pikepdf.Dictionary) and not value.is_indirect


def _inflates_within(content: bytes) -> bool:
    """Whether every compressed stream, and all of them together, stay small when they are unpacked."""
    total = 0
    for found in _STREAM.finditer(content):
        size = _inflated(content, found.end())
        total += size
        if size > _LARGEST_STREAM or total > _LARGEST_PDF:
            return False
    return True


def _inflated(content: bytes, start: int) -> int:
    """Bytes that come out of the deflated data at `start`, counted up to just beyond the limit."""
    unpacker, size, at = zlib.decompressobj(), 0, start
    try:
        while not unpacker.eof and size <= _LARGEST_STREAM:
            piece = unpacker.unconsumed_tail or content[at : at + 65536]
            if not piece:
                break
            at += 0 if unpacker.unconsumed_tail else len(piece)
            size += len(unpacker.decompress(piece, _PIECE))
    except zlib.error:
        return size  # not deflated, or broken: whoever reads it stops here too
    return size


def _refused(message: str) -> RuleRefused:
    return RuleRefused([Problem(message, rule="file", field="files")])
