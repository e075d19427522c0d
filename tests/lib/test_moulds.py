"""A mould draws its template once and puts each use's own words into it, escaped."""

from decimal import Decimal

import pytest
from django.template import TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import override

from kepegawaian.lib.ui import moulds
from kepegawaian.lib.ui.moulds import Mould

CARD = Mould("components/card.html")
PAGES = Mould("components/pagination.html")
WORDS = {"title": "Sisa & hak", "href": "/cuti/?a=1&b=2", "content": format_html("<p>{}</p>", "<12>")}


@pytest.mark.parametrize("left_out", [(), ("href",), ("title", "href"), ("content",)])
def test_it_gives_what_its_template_gives(left_out):
    words = WORDS | dict.fromkeys(left_out, "")
    lines = render_to_string("components/card.html", words | {"level": 2}).strip().splitlines()
    assert CARD.fill(words, level=2) == "\n".join(line for line in lines if line)


def test_words_are_escaped_unless_they_are_safe():
    drawn = CARD.fill(WORDS | {"title": '"><script>'}, level=2)
    assert "&quot;&gt;&lt;script&gt;" in drawn
    assert "<p>&lt;12&gt;</p>" in drawn


def test_one_use_says_nothing_of_another():
    first, second = (CARD.fill({"title": name, "href": "", "content": name}, level=2) for name in ("Ani", "Budi"))
    assert "Budi" not in first
    assert "Ani" not in second


def test_a_mark_inside_a_word_is_a_word():
    assert CARD.fill({"title": "a", "href": "", "content": "\ue000title\ue001"}, level=2).count(">a<") == 1


def test_numbers_are_written_as_in_a_template():
    assert "1,5" in CARD.fill({"title": "", "href": "", "content": Decimal("1.5")}, level=2)
    assert ">0<" in Mould("components/pagination.html").fill(
        {"first": "", "last": "", "count": 0, "before": "", "after": ""}, capped=False
    )


def test_each_language_has_its_own_shape():
    words = {"first": "1", "last": "3", "count": "3", "before": "", "after": ""}
    assert "dari" in PAGES.fill(words, capped=False)
    with override("en"):
        assert "dari" not in PAGES.fill(words, capped=False)


def test_a_word_without_a_place_is_refused():
    with pytest.raises(TemplateSyntaxError, match="no place for colour"):
        CARD.fill(WORDS | {"colour": "red"}, level=2)


def test_its_template_is_drawn_once(monkeypatch):
    CARD.fill(WORDS, level=3)
    monkeypatch.setattr(moulds, "render_to_string", lambda *args: pytest.fail("drawn again"))
    assert "Lain" in CARD.fill(WORDS | {"title": "Lain"}, level=3)


def test_rows_stand_one_after_another():
    rows = [{"title": name, "href": "", "content": ""} for name in ("Ani", "Budi")]
    assert CARD.each(rows, level=2).count("<section") == 2
