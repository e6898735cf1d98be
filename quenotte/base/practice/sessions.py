"""Open logins, found by what they remember: Django keeps them as opaque text."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from quenotte.base.practice.access import SEAT


def rename_seats(workstation_id: UUID, name: str) -> None:
    """Tell the open logins of a workstation its new name."""
    for session, data in _open_logins():
        seat = data.get(SEAT) or {}
        if seat.get("id") == str(workstation_id):
            data[SEAT] = {**seat, "name": name}
            session.session_data = Session.objects.encode(data)
            session.save(update_fields=["session_data"])


def end_logins(person_id: UUID) -> int:
    """Delete the open logins of a person; return how many there were."""
    keys = [
        session.session_key
        for session, data in _open_logins()
        if data.get(SESSION_KEY) == str(person_id)
    ]
    return Session.objects.filter(session_key__in=keys).delete()[0]


def _open_logins() -> Iterator[tuple[Session, dict[str, Any]]]:
    # A practice has tens of open logins: reading them all costs a few milliseconds.
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        yield session, session.get_decoded()
