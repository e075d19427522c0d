"""What nobody needs any more is forgotten: the listing of ended sessions, dead codes."""

import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from kepegawaian.accounts.models import ActivationCode

KEEP_DEAD_CODES = datetime.timedelta(days=90)
"""So long can be told when a code was used or ran out; the trail knows for ever that there was one."""


def forget() -> dict[str, int]:
    """Set-based, safe to run at any time and twice; how many rows went."""
    now = timezone.now()
    running = Session.objects.filter(expire_date__gte=now).values("session_key")
    listed, _rows = UserSession.objects.exclude(session_key__in=running).delete()
    before = now - KEEP_DEAD_CODES
    codes, _rows = ActivationCode.objects.filter(Q(used_at__lt=before) | Q(expires_at__lt=before)).delete()
    return {"sessions": listed, "codes": codes}
