"""Where the journal of the database goes: told in a sealed file, for a process without a database.

That process holds locks which a look into the database through another descriptor would take away.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base import sealing
from quenotte.devices.journal import durable, status
from quenotte.devices.journal.states import Chain, Why
from quenotte.devices.journal.status import Status
from quenotte.devices.repository.opening import open_store
from quenotte.devices.repository.repository import Repository

#: Kinds of destinations that are always there; a disk that comes and goes holds no journal.
KINDS: Final = ("folder", "vault", "cloud")
_PURPOSE: Final = "journal"
_ABSENT: Final = "absent.json"
#: What was said so long ago is said no more: a turn comes each few seconds.
_LATE: Final = timedelta(minutes=10)
#: Why a PostgreSQL practice is not followed at all: its server, or somebody, does not want it.
_NOT_MEANT: Final = frozenset({Why.NO_PROGRAM, Why.SETTINGS, Why.NO_ROLE, Why.NO_DOOR})
_BEGUN: Final = time.monotonic()


@dataclass(frozen=True)
class Followed:
    """A repository that takes the journal: its name for people, where it lies, whom it trusts."""

    label: str
    place: str
    fingerprint: str = ""
    ca_file: str = ""

    def opened(self) -> Repository:
        """Open it with the server's own key, without a look into the database.

        Raises: NotThere, WrongPassphrase, Damaged, Refused, Unreachable.
        """
        store = open_store(
            self.place,
            ca_file=Path(self.ca_file) if self.ca_file else None,
            fingerprint=self.fingerprint or None,
        )
        return Repository.open(store, settings.BACKUP_KEY)


def path() -> Path:
    """Return where it is told."""
    return Path(settings.DATA_DIR) / "run" / "journal.places"


def tell(followed: Sequence[Followed]) -> None:
    """Say where the journal goes from now on. Raises: OSError."""
    text = sealing.seal(json.dumps([asdict(one) for one in followed]), _PURPOSE)
    part = path().with_suffix(".part")
    part.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    part.replace(path())


def home() -> Path:
    """Return the folder of the journal, made when it is not there. Raises: OSError."""
    folder = Path(settings.DATA_DIR) / "journal"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def note_absent(labels: Iterable[str]) -> None:
    """Keep since when places take no journal: they do not answer, or have another key.

    Raises: OSError.
    """
    before, now = absent(), timezone.now().isoformat()
    durable.kept(
        home() / _ABSENT, json.dumps({label: before.get(label, now) for label in labels}).encode()
    )


def absent() -> dict[str, str]:
    """Return the places that take no journal, each with since when (ISO 8601, in UTC)."""
    try:
        found: dict[str, str] = json.loads((home() / _ABSENT).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    meant = {one.label for one in told()}
    return {label: since for label, since in found.items() if label in meant}


def standing() -> Status | None:
    """Return how the journal of the database stands; None when nobody follows it now."""
    found = status.read(home())
    if found is None:
        return None
    if timezone.now() - datetime.fromisoformat(found.written_at) >= _LATE:
        return None
    if missed := sorted(absent()):
        words = _("Il n’arrive pas à : %(names)s.") % {"names": ", ".join(missed)}
        return replace(found, sentence=f"{found.sentence} {words}")
    return found


def is_late(now: datetime) -> bool:
    """Tell whether nobody has followed the database to the minute for a while, and should.

    A practice that never was followed, or whose PostgreSQL lets nobody, lives by its copies: that
    is told, not held against it. ``now`` is aware.
    """
    found = status.read(home())
    if found is None or Why(found.why) in _NOT_MEANT:
        return False
    if now - datetime.fromisoformat(found.written_at) >= _LATE:
        # Nobody says anything any more: the process fell, unless the server has just begun.
        return time.monotonic() - _BEGUN >= _LATE.total_seconds()
    if found.chain != Chain.PROVEN:
        return _is_old(found.since, now)
    moments = [one.current_to or found.since for one in found.carriers]
    return any(_is_old(moment, now) for moment in [*moments, *absent().values()])


def _is_old(moment: str, now: datetime) -> bool:
    return bool(moment) and now - datetime.fromisoformat(moment) >= _LATE


def told() -> list[Followed]:
    """Return where it goes; nowhere as long as nobody said it."""
    try:
        text = sealing.unseal(path().read_text("ascii"), _PURPOSE)
        return [Followed(**one) for one in json.loads(text)]
    except (OSError, ValueError, TypeError):
        return []
