"""What says in a data folder that its practice is still coming back, and from where.

``recovery.json`` may be read by anybody of this account and names no secret; ``recovery.key``
holds the address with its login and the master key: whoever fills the folder needs no paper. Both
are gone when everything is there; ``returned.json`` then says what the practice came back from.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from quenotte.devices.phoenix.errors import Busy

MARKER: Final = "recovery.json"
SECRET: Final = "recovery.key"  # noqa: S105 - a name
#: What the marker said last.
RETURNED: Final = "returned.json"
_LOCK: Final = "recovery.lock"
#: Where a folder's parts are made before they have their place.
WORKSHOP: Final = "recovery"


class Stage(StrEnum):
    """How far a folder has come. From PICTURES on the practice opens."""

    DATABASE = "database"
    REST = "rest"
    PICTURES = "pictures"


@dataclass(frozen=True)
class Marker:
    """A return under way. Instants are ISO 8601 with their zone; sizes in bytes.

    ``label`` is the place without its login; ``data_at`` the moment that the database shows,
    ``copy_at`` the moment of the copy that it began from ("": as told before it was noted).
    """

    stage: Stage
    label: str
    repository: str
    snapshot: str
    begun_at: str
    data_at: str = ""
    total_files: int = 0
    total_bytes: int = 0
    done_files: int = 0
    done_bytes: int = 0
    #: Files that rows speak of and that the copy does not hold.
    absent: int = 0
    #: Why it does not go on now; "" when it does.
    trouble: str = ""
    seen_at: str = ""
    notes: tuple[str, ...] = ()
    #: Whether the journal of the practice has a line of its return.
    is_told: bool = False
    #: Where its rows are: a file of the folder, or a database of a server.
    engine: str = "sqlite"
    copy_at: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether the practice can be opened."""
        return self.stage is Stage.PICTURES

    @property
    def share(self) -> float:
        """Return how much of the files is there, from 0.0 to 1.0."""
        if self.total_bytes:
            return min(1.0, self.done_bytes / self.total_bytes)
        return 0.0


@dataclass(frozen=True)
class Secret:
    """What opens the repository without paper: its place with the login, and the master key.

    ``database``: the address of the PostgreSQL database that the rows go to, with its password.
    """

    place: str
    master: bytes
    fingerprint: str = ""
    ca_file: str = ""
    database: str = ""

    def __repr__(self) -> str:
        return "Secret()"


def load(folder: Path) -> Marker | None:
    """Return the marker of a folder, None when nothing is under way there."""
    return _read(folder / MARKER)


def last(folder: Path) -> Marker | None:
    """Return what a practice came back from, None for one that never did."""
    return _read(folder / RETURNED)


def _read(path: Path) -> Marker | None:
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        told["stage"] = Stage(told["stage"])
        told["notes"] = tuple(told.get("notes", ()))
        return Marker(**told)
    except FileNotFoundError:
        return None


def save(folder: Path, marker: Marker) -> Marker:
    """Keep the marker durably; return it."""
    _keep(folder / MARKER, _written(marker))
    return marker


def _written(marker: Marker) -> bytes:
    return json.dumps(asdict(marker), indent=1, ensure_ascii=False).encode()


def change(folder: Path, **values: Any) -> Marker | None:
    """Change some values of the marker, where there is one; return it."""
    found = load(folder)
    return None if found is None else save(folder, replace(found, **values))


def save_secret(folder: Path, secret: Secret) -> None:
    """Keep what opens the repository."""
    told = {
        "place": secret.place,
        "master": secret.master.decode("ascii"),
        "fingerprint": secret.fingerprint,
        "ca_file": secret.ca_file,
        "database": secret.database,
    }
    _keep(folder / SECRET, json.dumps(told).encode())


def load_secret(folder: Path) -> Secret | None:
    """Return what opens the repository, None when it is not there."""
    try:
        told = json.loads((folder / SECRET).read_text("utf-8"))
        return Secret(**{**told, "master": told["master"].encode("ascii")})
    except FileNotFoundError:
        return None


def remove(folder: Path) -> None:
    """Say that everything is there: the key goes first, the marker last, its words stay."""
    if found := load(folder):
        _keep(folder / RETURNED, _written(found))
    (folder / SECRET).unlink(missing_ok=True)
    _sync(folder)
    (folder / MARKER).unlink(missing_ok=True)
    _sync(folder)


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Be the only one who fills a folder, for the work inside. Raises: Busy."""
    (folder / "run").mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder / "run" / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield
    finally:
        os.close(handle)


def _keep(path: Path, body: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
