"""The door to a day of the practice: it names patients, so looking is a line of the journal."""

from datetime import date

from django.core.exceptions import PermissionDenied

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.rules import may


def open_day(actor: Actor, day: date) -> None:
    """Open the agenda of a day: one line in the journal.

    Raises: PermissionDenied when the role has nothing to do with the agenda.
    """
    if not may(actor.roles, "agenda.read"):
        raise PermissionDenied
    audit.record(action=Action.READ, actor=actor, object_kind="day", object_id=day.isoformat())
