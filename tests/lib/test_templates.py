"""What every template must keep to, whatever it shows."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = settings.BASE_DIR / "templates"
BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock %}", re.DOTALL)
NAMED = re.compile(r"{% (?:url|translate|blocktranslate)\b[^%]*? as(?:var)? (\w+)")


EVERY = pytest.mark.parametrize(
    "path", sorted(FOLDER.rglob("*.html")), ids=lambda path: str(path.relative_to(FOLDER))
)


@EVERY
def test_a_template_can_be_read(path):
    """Also the ones that people meet rarely: a mistake shows only when somebody opens the page."""
    assert get_template(str(path.relative_to(FOLDER))).template.nodelist is not None


@EVERY
def test_a_name_given_in_a_block_is_used_in_that_block_alone(path):
    """It is forgotten at the end of the block: a link of another one would lead nowhere, a button would send."""
    blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
    lost = [
        (name, place, other)
        for place, body in blocks
        for name in NAMED.findall(body)
        for other, text in blocks
        if other != place and re.search(rf"\b{name}\b(?!=)", text) and name not in NAMED.findall(text)
    ]
    assert lost == []
