"""Where the journal of the database goes: told in a sealed file, for a process without a database.

That process holds locks which a look into the database through another descriptor would take away.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from quenotte.base import sealing
from quenotte.devices.repository.opening import open_store
from quenotte.devices.repository.repository import Repository

#: Kinds of destinations that are always there; a disk that comes and goes holds no journal.
KINDS: Final = ("folder", "vault", "cloud")
_PURPOSE: Final = "journal"


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


def told() -> list[Followed]:
    """Return where it goes; nowhere as long as nobody said it."""
    try:
        text = sealing.unseal(path().read_text("ascii"), _PURPOSE)
        return [Followed(**one) for one in json.loads(text)]
    except (OSError, ValueError, TypeError):
        return []
