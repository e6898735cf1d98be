"""The disks that an installation knows, and their visits: one small file of the data folder.

The disks describe themselves; this only remembers what a disk in a drawer cannot say.
"""

import contextlib
import json
import os
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from quenotte.devices.media.disks.rotation import Run

#: Runs remembered: more than a year of nights.
_RUNS: Final = 400
_LOOKS: Final = 20
_LOOK_S: Final = 0.05
#: Sets of discs remembered, the oldest forgotten first.
_SETS: Final = 40
#: That nothing is plugged is written down again after so long.
_LOOK_KEPT: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Known:
    """A disk that was enrolled. ``uuid``: that of its filesystem."""

    letter: str
    uuid: str


@dataclass(frozen=True, slots=True)
class Sight:
    """When a disk was last seen plugged, and since when it is now; None: it is not."""

    last_at: datetime
    plugged_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shelved:
    """Discs or a tape that took a copy, were read back, and are out of reach since.

    ``kind``: optical or tape; ``data_at``: what they bring back, None when nobody knew.
    """

    kind: str
    name: str
    ended_at: datetime
    data_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Burning:
    """A set of discs, and which of them are burnt and read back. ``made_at``: of its images."""

    label: str
    made_at: datetime
    volumes: int
    done: frozenset[int] = frozenset()
    data_at: datetime | None = None

    @property
    def left(self) -> list[int]:
        """Return the discs that nobody burnt yet."""
        return sorted(set(range(1, self.volumes + 1)) - self.done)


@dataclass(frozen=True, slots=True)
class Rota:
    """What is remembered. ``is_refused``: an anomaly is open, no disk may be written.

    ``sights`` by UUID; ``alarms``: those that were told last; ``looked_at``: when the machine last
    told what is plugged, None when it never did.
    """

    disks: tuple[Known, ...] = ()
    runs: tuple[Run, ...] = ()
    is_refused: bool = False
    sights: Mapping[str, Sight] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()
    shelved: tuple[Shelved, ...] = ()
    looked_at: datetime | None = None
    burnings: tuple[Burning, ...] = ()

    def burning(self, label: str, made_at: datetime) -> Burning | None:
        """Return what is known of a set, None when it was not made here."""
        found = (one for one in self.burnings if (one.label, one.made_at) == (label, made_at))
        return next(found, None)

    @property
    def uuids(self) -> set[str]:
        """Return the filesystems of our disks."""
        return {disk.uuid for disk in self.disks}

    @property
    def plugged(self) -> set[str]:
        """Return those of our disks that were plugged at the last look."""
        return {*self.since} & self.uuids

    @property
    def since(self) -> dict[str, datetime]:
        """Return since when each of those that were plugged was."""
        return {
            uuid: sight.plugged_since for uuid, sight in self.sights.items() if sight.plugged_since
        }


class Register:
    """The file ``media/disks.json`` of a data folder. Raises: OSError."""

    def __init__(self, data: Path) -> None:
        self._path = data / "media" / "disks.json"
        self._mark = data / "media" / "visit.lock"

    def read(self) -> Rota:
        """Return what is remembered; nothing when there is no file yet."""
        try:
            said = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return Rota()
        disks = tuple(Known(one["letter"], one["uuid"]) for one in said["disks"])
        runs = tuple(
            Run(one["letter"], one["uuid"], _moment(one["ended_at"]), _maybe(one.get("data_at")))
            for one in said["runs"]
        )
        sights = {
            uuid: Sight(_moment(one["last_at"]), _maybe(one["plugged_since"]))
            for uuid, one in said.get("sights", {}).items()
        }
        alarms = tuple(map(str, said.get("alarms", ())))
        shelved = tuple(
            Shelved(one["kind"], one["name"], _moment(one["ended_at"]), _maybe(one["data_at"]))
            for one in said.get("shelved", ())
        )
        return Rota(
            disks,
            runs,
            bool(said.get("refused")),
            sights,
            alarms,
            shelved,
            _maybe(said.get("looked_at")),
            tuple(map(_burning, said.get("burnings", ()))),
        )

    def enrol(self, letter: str, uuid: str) -> None:
        """Remember a disk; one that takes its letter or comes again replaces the former."""
        with self._changing() as said:
            left = [one for one in said["disks"] if letter != one["letter"] and uuid != one["uuid"]]
            said["disks"] = [*left, {"letter": letter, "uuid": uuid}]

    def note(self, run: Run) -> None:
        """Remember a visit that ended well."""
        with self._changing() as said:
            line = {"letter": run.letter, "uuid": run.uuid, "ended_at": run.ended_at.isoformat()}
            line |= {"data_at": run.data_at.isoformat()} if run.data_at else {}
            said["runs"] = [*said["runs"], line][-_RUNS:]

    def shelve(self, shelved: Shelved) -> None:
        """Remember discs or a tape that were written and read back."""
        line = {
            "kind": shelved.kind,
            "name": shelved.name,
            "ended_at": shelved.ended_at.isoformat(),
            "data_at": shelved.data_at and shelved.data_at.isoformat(),
        }
        with self._changing() as said:
            said["shelved"] = [*said.get("shelved", []), line][-_RUNS:]

    def burn(self, burning: Burning) -> None:
        """Remember a set of discs as it is now; one of the same name is forgotten."""
        line = {
            "label": burning.label,
            "made_at": burning.made_at.isoformat(),
            "volumes": burning.volumes,
            "done": sorted(burning.done),
            "data_at": burning.data_at and burning.data_at.isoformat(),
        }
        with self._changing() as said:
            left = [one for one in said.get("burnings", ()) if one["label"] != burning.label]
            said["burnings"] = [*left, line][-_SETS:]

    def see(self, plugged: Collection[str], now: datetime) -> Rota:
        """Remember which of our disks are plugged now (UUIDs), and since when.

        That none is goes to the disk once in a while: a look each minute is nothing to write down.
        """
        rota = self.read()
        seen = set(plugged) & rota.uuids
        if not seen and not rota.plugged and not _is_long_ago(rota.looked_at, now):
            return rota
        sights = dict(rota.sights)
        for uuid in seen:
            before = sights.get(uuid)
            sights[uuid] = Sight(now, (before and before.plugged_since) or now)
        for uuid in rota.plugged - seen:
            sights[uuid] = Sight(sights[uuid].last_at)
        with self._changing() as said:
            said["looked_at"] = now.isoformat()
            said["sights"] = {
                uuid: {
                    "last_at": sight.last_at.isoformat(),
                    "plugged_since": sight.plugged_since and sight.plugged_since.isoformat(),
                }
                for uuid, sight in sights.items()
            }
        return replace(rota, sights=sights, looked_at=now)

    @contextlib.contextmanager
    def visiting(self, uuid: str) -> Iterator[None]:
        """Hold a mark, which ends with this process, while a disk is written or read."""
        self._mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._mark.open("a+", encoding="utf-8") as mark:
            if _is_taken(mark):
                mark.truncate(0)
                mark.write(uuid)
                mark.flush()
            yield

    @property
    def visited(self) -> str:
        """Return which disk (UUID) is written or read at this moment, "" for none."""
        try:
            with self._mark.open(encoding="utf-8") as mark:
                return mark.read() if _is_held(mark) else ""
        except FileNotFoundError:
            return ""

    def tell(self, alarms: Collection[str]) -> None:
        """Remember which alarms were told."""
        with self._changing() as said:
            said["alarms"] = sorted(alarms)

    def refuse(self, is_refused: bool) -> None:
        """Refuse the disks while an anomaly is open, or take them again."""
        with self._changing() as said:
            said["refused"] = is_refused

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _held(self._path.with_suffix(".lock")):
            said: dict[str, Any] = {"disks": [], "runs": []}
            with contextlib.suppress(FileNotFoundError):
                said = json.loads(self._path.read_bytes())
            yield said
            draft = self._path.with_suffix(".part")
            with draft.open("w", encoding="utf-8") as file:
                json.dump(said, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)


def _is_long_ago(looked_at: datetime | None, now: datetime) -> bool:
    return looked_at is None or abs(now - looked_at) >= _LOOK_KEPT


def _burning(one: Mapping[str, Any]) -> Burning:
    return Burning(
        one["label"],
        _moment(one["made_at"]),
        one["volumes"],
        frozenset(one["done"]),
        _maybe(one["data_at"]),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _is_taken(mark: IO[str]) -> bool:
    """Take the mark of a visit; a second visit at a time, which no disk lets happen, has none."""
    for _look in range(_LOOKS):
        # Who asks whether there is a visit holds it for an instant.
        if not _is_held(mark, is_shared=False):
            return True
        time.sleep(_LOOK_S)
    return False


def _is_held(mark: IO[str], *, is_shared: bool = True) -> bool:
    """Tell whether a visit holds the mark; it is ours when none does. Windows visits no disk."""
    if os.name == "nt":
        return False
    import fcntl

    try:
        fcntl.flock(mark, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


_turn = threading.Lock()


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    """Let one process, and one thread of it, change the file at a time."""
    with _turn, path.open("w") as lock:
        if os.name != "nt":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
