"""Sessions in the database, as Django keeps them, read by a prepared read: each request asks."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from quenotte.base.prepared import prepared


class SessionStore(db.SessionStore):
    """Django's store; only the reading is ours."""

    def _get_session_from_db(self) -> Session | None:
        key: str | None = self.session_key
        for found in _alive(key, timezone.now()) if key else ():
            return found
        # Gone or never there: Django's own way forgets the key and says so in its log.
        missing: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        return missing


@prepared
def _alive(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
