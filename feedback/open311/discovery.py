"""Where the endpoint is, who answers for it and how a key is got (reference 2.1, row 0)."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from feedback.open311.writing import FORMATS, MIME
from kepegawaian.notifications.delivery import absolute

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-22T00:00:00+07:00"
"""When what stands here last changed its meaning; by hand, and never in the future."""


def described() -> dict[str, Any]:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return {
        "changeset": CHANGESET,
        "contact": f"{settings.REGION_NAME}, {address}",
        "key_service": _("Minta kunci lewat surel ke %(address)s.") % {"address": address},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": absolute("/open311/v2"),
                "changeset": CHANGESET,
                "type": settings.OPEN311_TYPE,
                "formats": [MIME[form] for form in FORMATS],
            }
        ],
    }
