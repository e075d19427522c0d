"""Templates reach browsers without their indentation; nothing else of them changes."""

from django.template import engines
from django.template.base import Origin
from django.template.loader import render_to_string

from kepegawaian.lib.ui.loading import Loader


def read(path, text):
    path.write_text(text, encoding="utf-8")
    return Loader(engines["django"].engine).get_contents(Origin(name=str(path), template_name=path.name))


def test_lines_of_a_page_begin_without_blanks(tmp_path):
    assert read(tmp_path / "page.html", "<ul>\n    <li>a b</li>\n\n\t</ul>\n") == "<ul>\n<li>a b</li>\n\n</ul>\n"


def test_a_mail_keeps_its_own(tmp_path):
    assert read(tmp_path / "mail.txt", "Butir:\n  - satu\n") == "Butir:\n  - satu\n"


def test_the_portal_reads_its_templates_so():
    assert "\n " not in render_to_string("components/pagination.html")
