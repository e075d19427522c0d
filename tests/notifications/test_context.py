import datetime
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from kepegawaian.notifications.context import decode, encode
from kepegawaian.work.models import JobState

KEY = uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.mark.parametrize(
    "value",
    [
        "teks",
        7,
        None,
        True,
        datetime.date(2026, 3, 16),
        timezone.now(),
        Decimal("2.50"),
        JobState.DONE,
        [datetime.date(2026, 3, 16), "a"],
        {"a": {"b": [Decimal(1)]}},
    ],
)
def test_what_goes_in_comes_out(value):
    assert decode(encode(value)) == value
    assert type(decode(encode(value))) is type(value)


def test_an_id_comes_out_as_text():
    assert decode(encode(KEY)) == str(KEY)


def test_a_label_is_worded_by_its_reader():
    kept = encode({"state": JobState.DONE})
    with override("en"):
        assert str(decode(kept)["state"].label) == "Done"
    with override("id"):
        assert str(decode(kept)["state"].label) == "Selesai"


def test_an_enum_that_is_gone_leaves_its_value():
    assert decode({"$choice": "leave.enums.Gone", "value": "x"}) == "x"
    assert decode({"$choice": "kepegawaian.work.models.JobState", "value": "retired"}) == "retired"


@pytest.mark.parametrize("value", [gettext_lazy("Selesai"), object(), {"a": {1, 2}}])
def test_what_cannot_be_reworded_is_refused(value):
    with pytest.raises(TypeError, match="cannot be kept"):
        encode(value)
