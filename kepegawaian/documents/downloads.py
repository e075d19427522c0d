"""The answer with which a stored file leaves the portal."""

from django.http import FileResponse, Http404

from kepegawaian.documents.models import StoredFile


def download(stored: StoredFile, name: str = "") -> FileResponse:
    """As a file that runs nothing, whatever is in it; no cache keeps it. `name`: instead of its own. 404 where the
    file itself is gone. Who may have it is for the caller to ask."""
    try:
        opened = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=name or stored.name, content_type=stored.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
