"""Keys: made by us, or sent by somebody."""

import pytest

from kepegawaian.lib.ids import as_uuid, uuid7


def test_a_key_that_was_sent_is_read():
    key = uuid7()
    assert as_uuid(str(key)) == as_uuid(key) == key


@pytest.mark.parametrize("text", ["", None, "me", "1", "x" * 36, "018f0000-0000-7000-8000-00000000000g"])
def test_anything_else_is_none(text):
    assert as_uuid(text) is None
