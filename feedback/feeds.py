"""Published answers as RSS and Atom, of everybody or of one unit and what is below it."""

import datetime
import uuid
from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.models import Case, CaseMessage
from feedback.notifications import public_url
from kepegawaian.notifications.delivery import absolute
from kepegawaian.units.models import Unit

SHOWN = 30
QUARTER_HOUR = 900
WORDS = 80


def answered(unit: Unit | None) -> QuerySet[Case]:
    """Newest answer first."""
    rows = Case.objects.answered().select_related("unit", "service")
    if unit is not None:
        rows = rows.filter(unit__in=Unit.objects.filter(path__startswith=unit.path).values("pk"))
    answers = CaseMessage.objects.public().filter(official=True).order_by("id")
    return rows.order_by("-answered_at", "-id").prefetch_related(Prefetch("messages", answers, to_attr="official"))


class AnsweredCases(Feed):
    """`published_text` and answers alone: what stands on the public page of the case. A feed is known by its own
    address, an entry by that of its case (RFC 4287: an id is an IRI that no two share)."""

    feed_type: type[SyndicationFeed] = Atom1Feed
    language = settings.LANGUAGE_CODE
    route = "answers_atom"

    def get_object(self, request: HttpRequest, unit_id: uuid.UUID | None = None) -> Unit | None:  # type: ignore[override]
        if unit_id is None:
            return None
        found: Unit | None = Unit.objects.filter(pk=unit_id).first()
        if found is None:
            raise Http404
        return found

    def title(self, unit: Unit | None) -> str:
        what = _("Laporan warga yang sudah dijawab")
        return f"{what} · {unit.name if unit else settings.REGION_NAME}"

    def description(self, unit: Unit | None) -> str:
        return _("Laporan yang diumumkan beserta jawaban resminya.")

    subtitle = description

    def link(self, unit: Unit | None) -> str:
        chosen = {"keadaan": "dijawab"} | ({"unit": str(unit.pk)} if unit else {})
        return absolute(f"{reverse('feedback:reports')}?{urlencode(chosen)}")

    def feed_url(self, unit: Unit | None) -> str:
        whose = f"unit_{self.route}" if unit else self.route
        return absolute(reverse(f"feedback:{whose}", args=[unit.pk] if unit else []))

    feed_guid = feed_url

    def items(self, unit: Unit | None) -> Sequence[Case]:
        return list(answered(unit)[:SHOWN])

    def item_title(self, case: Case) -> str:
        return case.published_title

    def item_description(self, case: Case) -> str:
        last = case.official[-1].published_text if case.official else case.published_text  # type: ignore[attr-defined]
        return Truncator(last).words(WORDS)

    def item_link(self, case: Case) -> str:
        return absolute(public_url(case))

    item_guid = item_link

    def item_pubdate(self, case: Case) -> datetime.datetime | None:
        return case.answered_at

    def item_updateddate(self, case: Case) -> datetime.datetime:
        return case.updated_at

    def item_categories(self, case: Case) -> list[str]:
        return [str(part) for part in (case.get_kind_display(), case.unit) if part]


class AnsweredCasesRss(AnsweredCases):
    feed_type = Rss201rev2Feed
    route = "answers_rss"


def _kept(feed: Feed, request: HttpRequest, unit_id: uuid.UUID | None) -> HttpResponse:
    response = feed(request, unit_id=unit_id)
    patch_cache_control(response, public=True, max_age=QUARTER_HOUR)
    return response


@login_not_required
@require_safe
def atom(request: HttpRequest, unit_id: uuid.UUID | None = None) -> HttpResponse:
    return _kept(AnsweredCases(), request, unit_id)


@login_not_required
@require_safe
def rss(request: HttpRequest, unit_id: uuid.UUID | None = None) -> HttpResponse:
    return _kept(AnsweredCasesRss(), request, unit_id)
