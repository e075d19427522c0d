"""One structure, written as JSON or as XML: lists become containers with one repeated child, None is empty."""

import io
import json
import re
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.functional import Promise
from django.utils.xmlutils import SimplerXMLGenerator

JSON, XML = "json", "xml"
FORMATS = (XML, JSON)
MIME = {XML: "text/xml", JSON: "application/json"}
CHILD = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "notes": "note",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
"""What the children of a container are called in XML."""
_NO_ATTRIBUTES: "AttributesImpl[str]" = AttributesImpl({})
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def without_controls(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold in any way (`Char`, section 2.2)."""
    return _NOT_XML.sub("", text)


def written(form: str, root: str, data: Any) -> bytes:
    """`data` in the wanted format; `root` names it in XML, JSON carries it bare."""
    if form == JSON:
        return json.dumps(data, ensure_ascii=False, default=_plain).encode()
    out = io.BytesIO()
    xml = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    _element(xml, root, data)
    xml.endDocument()
    return out.getvalue()


def _plain(value: Any) -> str:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written")


def _element(xml: SimplerXMLGenerator, name: str, value: Any) -> None:
    xml.startElement(name, _NO_ATTRIBUTES)
    if isinstance(value, dict):
        for child, inner in value.items():
            _element(xml, child, inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _element(xml, CHILD[name], inner)
    elif isinstance(value, bool):
        xml.characters("true" if value else "false")
    elif value is not None and value != "":
        xml.characters(without_controls(str(value)))
    xml.endElement(name)
