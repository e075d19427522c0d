"""Files of strangers, made anew before they are kept: pictures as bare pixels, PDF without anything that acts.

A picture is drawn again at screen size: neither where it was taken nor what was hidden behind it survives. A PDF
is written again without scripts, actions, attachments and its properties. What cannot be read safely is refused.
"""

import io
import zlib
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from kepegawaian.documents.files import JPEG, PDF, PNG, WEBP
from kepegawaian.lib.exceptions import Problem, RuleRefused

LONGEST_SIDE = 2048
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_MOST_PIXELS = {JPEG: 120_000_000, PNG: 30_000_000, WEBP: 30_000_000}
"""JPEG is decoded at a fraction of its size, the others whole: four bytes a pixel."""
_QUALITY = 85


def scrubbed(content: bytes, mime: str) -> bytes:
    """The file without anything but what is seen. Raises RuleRefused for a bomb, a broken or a locked file."""
    if mime == PDF:
        from kepegawaian.documents import scrubbing_pdf

        return scrubbing_pdf.clean(content)
    return _redrawn(content, mime)


# --- Pictures -------------------------------------------------------------------------------------
def _redrawn(content: bytes, mime: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[mime]]) as picture:
            if picture.width * picture.height > _MOST_PIXELS[mime]:
                raise refused(_("Gambar ini terlalu besar. Kecilkan dahulu, lalu unggah lagi."))
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            ImageOps.exif_transpose(picture, in_place=True)
            return _pixels(picture, mime)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refused(_("Gambar ini terlalu besar. Kecilkan dahulu, lalu unggah lagi.")) from None
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error) as error:
        raise refused(_("Gambar ini tidak dapat dibaca. Simpan ulang, lalu unggah lagi.")) from error


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


def refused(message: str) -> RuleRefused:
    return RuleRefused([Problem(message, rule="file", field="files")])
