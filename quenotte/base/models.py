"""The tables of the rooms of ``base``, gathered for Django."""

from quenotte.base.audit.models import Head, Line
from quenotte.base.files.models import Blob
from quenotte.base.jobs.models import Run
from quenotte.base.keyboard.models import Grant, Hours, Pin, Sitting
from quenotte.base.live.models import Event
from quenotte.base.people.models import Draft, Person
from quenotte.base.practice.models import Chair, Practice, Room, Workstation
from quenotte.base.tablets.models import TabletLink

__all__ = [
    "Blob",
    "Chair",
    "Draft",
    "Event",
    "Grant",
    "Head",
    "Hours",
    "Line",
    "Person",
    "Pin",
    "Practice",
    "Room",
    "Run",
    "Sitting",
    "TabletLink",
    "Workstation",
]
