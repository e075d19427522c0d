"""PDF by Typst from templates/<app>/pdf/<name>.typ; fonts come with the wheel, nothing is fetched."""

import base64
import io
import json
import re
from collections.abc import Mapping
from typing import Any

import segno
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from PIL import Image

_UNPRINTABLE = re.compile(
    "[^\n -~\u00a0-\u0377\u0391-\u03a1\u03a3-\u03ce\u0400-\u04ff\u1e00-\u1eff\u2000-\u2040"
    "\u2044-\u2052\u2070\u2074-\u208e\u20a0-\u20bf\u2190-\u22ff\u2500-\u25ff]+"
)
"""What the fonts of the wheel have no letters for: PDF/A refuses a paper with such a gap as a whole."""


PRINTED_SIDE = 1000
"""Pixels of a photo's longer side on paper: 300 to an inch over half the width of A4."""


def render_pdf(template_name: str, data: Mapping[str, Any]) -> bytes:
    """Typeset `template_name` ("leave/pdf/letter.typ").

    The template reads its data by `#let data = json(bytes(sys.inputs.data))`; dates arrive as ISO text, and all
    text as data, so nobody's name is ever read as markup. Letters that the fonts lack (emoji, other scripts) are
    printed as an empty square.
    """
    import typst  # 7 MB that a web process which prints nothing does not hold

    root = settings.BASE_DIR / "templates"
    inputs = {"data": json.dumps(_printable(data), cls=DjangoJSONEncoder), "region": settings.REGION_NAME}
    return typst.compile(
        root / template_name,
        root=root,
        sys_inputs=inputs,
        ignore_system_fonts=True,  # the same paper from every machine
        format="pdf",
        pdf_standards="a-2b",  # for the archive
    )


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNPRINTABLE.sub("□", value.replace("\r\n", "\n"))  # as browsers send the lines of a text
    if isinstance(value, Mapping):
        return {name: _printable(inner) for name, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list | tuple) else value


def qr_svg(url: str) -> str:
    """The QR code of `url` as SVG; medium error correction survives a stamp on its corner."""
    drawing = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawing, kind="svg", border=2, xmldecl=False)
    return drawing.getvalue().decode()


def photo_svg(content: bytes) -> str:
    """A kept picture as SVG, the shape in which a template takes pictures, at the size that paper shows."""
    with Image.open(io.BytesIO(content)) as picture:
        sheet = picture.convert("RGBA")
    sheet.thumbnail((PRINTED_SIDE, PRINTED_SIDE))
    paper = Image.new("RGB", sheet.size, "white")  # where a picture is see-through
    paper.paste(sheet, mask=sheet)
    written = io.BytesIO()
    paper.save(written, "JPEG", quality=80)
    size = f'width="{paper.width}" height="{paper.height}"'
    data = base64.b64encode(written.getvalue()).decode()
    image = f'<image {size} href="data:image/jpeg;base64,{data}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'
