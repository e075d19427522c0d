"""Private files after the check of their object, and the public page behind the QR code of a document."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.throttling import SimpleRateThrottle

from kepegawaian.documents import services
from kepegawaian.documents.downloads import download
from kepegawaian.documents.models import IssuedDocument, StoredFile


class Verifications(SimpleRateThrottle):
    """Per address; a cache that is away lets everybody in. Tokens cannot be guessed, this only limits load."""

    scope = "verify"
    rate = "30/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"verify:{get_adapter().get_client_ip(request)}"


@require_safe
def file(request: HttpRequest, file_id: uuid.UUID) -> FileResponse:
    """A download; whoever may not read its object learns not even that it exists."""
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None or not services.may_read(request.user, stored):
        raise Http404
    response = download(stored)
    services.note_reading(stored, request.user)
    return response


@login_not_required
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What a paper must say to be genuine. A wrong token and a missing document look the same."""
    if not Verifications().allow_request(request, None):  # type: ignore[arg-type]
        return render(request, "documents/verify_later.html", status=429)
    document = IssuedDocument.objects.select_related("unit").filter(token=token).first()
    context: dict[str, Any] = {"document": document}
    if document is not None:
        context["label"] = services.document_label(document.kind)
    response = render(request, "documents/verify.html", context, status=200 if document else 404)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
