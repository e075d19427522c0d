"""Every state has a tone and an icon in a table of its own; a forgotten one stops the program at its start."""

import pytest
from django.db import models

from kepegawaian.lib.looks import Looks

TABLE = {"draft": ("neutral", "pencil-square"), "done": ("success", "check-circle")}


def test_a_member_knows_its_tone_and_icon():
    class State(Looks, models.TextChoices, looks=TABLE):
        DRAFT = "draft", "Draf"
        DONE = "done", "Selesai"

    assert [(state.tone, state.icon) for state in State] == list(TABLE.values())
    assert State.choices == [("draft", "Draf"), ("done", "Selesai")]
    assert State("done") is State.DONE


def test_a_member_without_look_is_refused_at_once():
    with pytest.raises(ValueError, match="'lost'"):

        class State(Looks, models.TextChoices, looks=TABLE):
            DRAFT = "draft", "Draf"
            LOST = "lost", "Hilang"
