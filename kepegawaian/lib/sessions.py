"""Sessions in the database as Django keeps them, found by a ready made statement: every page asks for one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from kepegawaian.lib.prepared import Prepared

_FOUND: Prepared[Session] = Prepared(
    lambda slot: Session.objects.filter(session_key=slot("key"), expire_date__gt=slot("now"))
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        session = _FOUND.first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
