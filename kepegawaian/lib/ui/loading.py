"""Templates are indented for people; browsers are not sent it.

A third of a page was the blanks at the beginning of its lines. They are taken off once, when a template is read.
Line numbers stay, and so does what values hold (texts in a `<textarea>`); mails and papers are left alone.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

_INDENTATION = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        text: str = super().get_contents(origin)
        return _INDENTATION.sub("\n", text) if origin.name.endswith(".html") else text
