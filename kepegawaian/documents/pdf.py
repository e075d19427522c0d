"""PDF by Typst from templates/<app>/pdf/<name>.typ; fonts come with the wheel, nothing is fetched."""

import io
import json
import re
from collections.abc import Mapping
from typing import Any

import segno
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

_UNPRINTABLE = re.compile(
    "[^\n -~\u00a0-\u0377\u0391-\u03a1\u03a3-\u03ce\u0400-\u04ff\u1e00-\u1eff\u2000-\u2040"
    "\u2044-\u2052\u2070\u2074-\u208e\u20a0-\u20bf\u2190-\u22ff\u2500-\u25ff]+"
)
"""What the fonts of the wheel have no letters for: PDF/A refuses a paper with such a gap as a whole."""


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
