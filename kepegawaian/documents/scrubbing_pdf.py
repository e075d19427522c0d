"""A PDF of strangers, written again without scripts, actions, attachments and its properties.

Only who receives one loads this: pikepdf takes 8 MB, which a web process that never does need not hold.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from kepegawaian.documents.scrubbing import refused

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


def clean(content: bytes) -> bytes:
    """Raises RuleRefused for a bomb, a broken or a locked file."""
    if not _inflates_within(content):
        raise refused(_("PDF ini tidak dapat dibaca dengan aman. Cetak ulang ke PDF, lalu unggah lagi."))
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.objects) > _MOST_OBJECTS:
                raise refused(_("PDF ini tidak dapat dibaca dengan aman. Cetak ulang ke PDF, lalu unggah lagi."))
            _strip(pdf)
            written = io.BytesIO()
            pdf.save(written, encryption=False, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise refused(_("PDF ini terkunci dengan kata sandi. Unggah yang tidak terkunci.")) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError) as error:
        raise refused(_("PDF ini tidak dapat dibaca. Cetak ulang ke PDF, lalu unggah lagi.")) from error
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
