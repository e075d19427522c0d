"""Messages with a way back: "Pengajuan ditarik. [Batalkan]"."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise
_UNDO = "undo="


def done(request: HttpRequest, text: Text, *, undo_url: str = "") -> None:
    """Say what happened; with `undo_url` a button there takes it back by POST."""
    messages.success(request, str(text), extra_tags=f"{_UNDO}{undo_url}" if undo_url else "")


def undo_url(extra_tags: str | None) -> str:
    """The address in a message's tags, only ever one of our own paths."""
    url = (extra_tags or "").removeprefix(_UNDO)
    return url if url.startswith("/") and not url.startswith("//") else ""
