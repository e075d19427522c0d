"""A program files (reference 2.3): its fields become the same filing as the page's, by the same verb."""

import html
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from feedback import notifications
from feedback.enums import CaseKind, Channel
from feedback.models import ApiClient, Case, RequestToken, ReviewEntry, Service
from feedback.open311 import answers, asking, keys, reading
from feedback.open311.errors import Refused, Text, bad
from feedback.open311.writing import without_controls
from feedback.services.cases import Contact, Filing, file_case
from feedback.services.cases.filing import MAX_FILE_MB, MAX_FILES
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.notifications.delivery import absolute

LONGEST = 4000
LONGEST_URL = 1000
LONGEST_EMAIL = 254
LARGEST_BODY = (MAX_FILES * MAX_FILE_MB + 1) * 1024 * 1024
ACCEPTED = ("application/x-www-form-urlencoded", "multipart/form-data")
NOTICE = _("Laporan diverifikasi petugas lebih dahulu; sesudah itu baru terbit di daftar.")
WAITING = _("Kiriman ini dilihat petugas lebih dahulu. Nomornya menyusul lewat token.")
_MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Sent:
    """The parameters of a POST, without characters that neither XML nor the database can hold."""

    fields: Mapping[str, list[str]]

    def __call__(self, name: str) -> str:
        values = self.fields.get(name) or [""]
        return values[-1].strip()

    def every(self, name: str) -> list[str]:
        return [value.strip() for value in self.fields.get(name, ()) if value.strip()]


def client_for(request: HttpRequest) -> ApiClient:
    """Whose key the request carries, in the body or the address."""
    client = keys.client_of(request.POST.get("api_key", "") or request.GET.get("api_key", ""))
    if client is None:
        raise Refused(HTTPStatus.FORBIDDEN, _("api_key tidak ada, salah, atau sudah dicabut."))
    return client


def file(request: HttpRequest) -> list[dict[str, Any]]:
    """What GeoReport v2 answers to a filing: the number, or a token where a person looks at it first."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_BODY:  # before anything of it is read
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Kiriman terlalu besar."))
    if request.content_type not in ACCEPTED:
        raise bad(_("Kirim sebagai %(types)s.") % {"types": ", ".join(ACCEPTED)})
    client = client_for(request)
    sent = _sent(request.GET, request.POST)
    asking.check_jurisdiction({"jurisdiction_id": sent("jurisdiction_id")})
    if not sent("service_code"):
        raise bad(_("service_code required: isian ini wajib."))
    filing = _filing(sent, reading.service(sent("service_code")), request)
    wait = keys.spend(client)
    if wait:
        text = _("Batas kiriman kunci ini tercapai. Coba lagi nanti.")
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, text, retry_after=wait)
    keys.note_use(client)
    return [_filed(client, filing, extended=asking.wants_extensions({"extensions": sent("extensions")}))]


def _sent(*parts: QueryDict) -> Sent:
    found: dict[str, list[str]] = {}
    for part in parts:
        for name, values in part.lists():
            found[without_controls(name)] = [without_controls(str(value)) for value in values]
    return Sent(found)


def _filed(client: ApiClient, filing: Filing, *, extended: bool) -> dict[str, Any]:
    held = ReviewEntry.Why.CLIENT if client.reviewed else ""
    try:
        with transaction.atomic():
            done = file_case(filing=filing, client=client, held=held)
            token = _token(done.case) if held else ""
    except ApplicationError as error:
        texts: list[Text] = [problem.message for problem in error.problems] or [error.message]
        raise bad(*texts) from error
    if token:
        answer: dict[str, Any] = {"token": token, "service_notice": str(WAITING), "account_id": None}
    else:
        answer = {"service_request_id": done.case.number, "service_notice": str(NOTICE), "account_id": None}
    if extended and not token:
        url = absolute(notifications.tracking_url(done.case))
        answer["extended_attributes"] = {"pin": done.pin, "tracking_url": url}
    return answer


def _token(case: Case) -> str:
    return RequestToken.objects.create(token=secrets.token_urlsafe(32), case=case).token


def _filing(sent: Sent, service: Service, request: HttpRequest) -> Filing:
    """Every fault at once."""
    problems: list[Text] = []
    place, lat, long = _location(sent, problems)
    text = _text(sent, problems)
    contact = _contact(sent, problems)
    links = _links(sent, problems)
    files = tuple(upload for name in request.FILES for upload in request.FILES.getlist(name))
    if len(files) > MAX_FILES:
        problems.append(_("Paling banyak %(limit)d berkas.") % {"limit": MAX_FILES})
    given = answers.collected(sent.fields.items())
    attributes, more = answers.judged(service.attributes.all(), given)
    problems += more
    if problems:
        raise bad(*problems)
    return Filing(
        text=text or service.name_id,
        kind=service.suggested_kind or CaseKind.SERVICE,
        service=service,
        anonymous=not contact,
        place=place,
        lat=lat,
        long=long,
        attributes=attributes | ({"open311:media_url": links} if links else {}),
        contact=contact,
        channel=Channel.OPEN311,
        files=files,
    )


def _location(sent: Sent, problems: list[Text]) -> tuple[str, Decimal | None, Decimal | None]:
    place = sent("address_string") or sent("address_id")
    if not (sent("lat") or sent("long") or place):
        problems.append(_("Lokasi required: lat dan long, address_string, atau address_id."))
    if bool(sent("lat")) != bool(sent("long")):
        problems.append(_("lat dan long harus diisi bersama."))
        return place, None, None
    lat, long = _degrees(sent, "lat", 90, problems), _degrees(sent, "long", 180, problems)
    return place, lat, long


def _degrees(sent: Sent, name: str, limit: int, problems: list[Text]) -> Decimal | None:
    text = sent(name)
    if not text:
        return None
    try:
        degrees = Decimal(text)
        if degrees.is_finite() and abs(degrees) <= limit:
            return degrees.quantize(_MILLIONTH)
    except InvalidOperation:
        pass
    problems.append(_("%(name)s harus bilangan antara -%(limit)d dan %(limit)d.") % {"name": name, "limit": limit})
    return None


def _text(sent: Sent, problems: list[Text]) -> str:
    """Line breaks stay, HTML goes (reference 2.3); the limit counts what was sent."""
    text = sent("description").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST:
        problems.append(_("description paling panjang %(limit)d huruf.") % {"limit": LONGEST})
    plain = html.unescape(strip_tags(text)) if "<" in text else text
    return plain.strip()


def _contact(sent: Sent, problems: list[Text]) -> Contact:
    email = sent("email")
    if email:
        try:
            validate_email(email)
            if len(email) > LONGEST_EMAIL:
                raise ValidationError("")
        except ValidationError:
            problems.append(_("email bukan alamat surel."))
    name = " ".join(part for part in (sent("first_name"), sent("last_name")) if part)
    return Contact(name=name, email=email, phone=sent("phone"))


def _links(sent: Sent, problems: list[Text]) -> list[str]:
    """Addresses of pictures elsewhere: kept for the officer to open, never fetched from here."""
    links = sent.every("media_url")
    for link in links:
        if len(link) > LONGEST_URL or urlsplit(link).scheme not in ("http", "https"):
            problems.append(_("media_url harus alamat http atau https."))
            return []
    if len(links) > MAX_FILES:
        problems.append(_("Paling banyak %(limit)d media_url.") % {"limit": MAX_FILES})
    return links
