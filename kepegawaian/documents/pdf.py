"""PDF by Typst from templates/<app>/pdf/<name>.typ; fonts come with the wheel, nothing is fetched."""

import io
import json
from collections.abc import Mapping
from typing import Any

import segno
import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder


def render_pdf(template_name: str, data: Mapping[str, Any]) -> bytes:
    """Typeset `template_name` ("leave/pdf/letter.typ").

    The template reads its data by `#let data = json(bytes(sys.inputs.data))`; dates arrive as ISO text, and all
    text as data, so nobody's name is ever read as markup.
    """
    root = settings.BASE_DIR / "templates"
    inputs = {"data": json.dumps(dict(data), cls=DjangoJSONEncoder), "region": settings.REGION_NAME}
    return typst.compile(
        root / template_name,
        root=root,
        sys_inputs=inputs,
        ignore_system_fonts=True,  # the same paper from every machine
        format="pdf",
        pdf_standards="a-2b",  # for the archive
    )


def qr_svg(url: str) -> str:
    """The QR code of `url` as SVG; medium error correction survives a stamp on its corner."""
    drawing = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawing, kind="svg", border=2, xmldecl=False)
    return drawing.getvalue().decode()
