"""A vault: repositories of several practices below one folder.

``practices/`` who may write; ``repositories/`` what they wrote; ``retired/`` the logs of what went;
``drafts/`` bodies on their way in; ``alarms.log`` what was refused.
"""

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quenotte.devices.media.vault import allowances, rules, years
from quenotte.devices.media.vault.alarms import Alarms
from quenotte.devices.media.vault.allowances import Pace, Use
from quenotte.devices.media.vault.clocks import Clock
from quenotte.devices.media.vault.ledger import LogDamaged
from quenotte.devices.media.vault.practices import Allowance, Practices
from quenotte.devices.media.vault.rules import Kind, Reason, Refused
from quenotte.devices.media.vault.shelf import LOG, Draft, Shelf

#: Who writes while no practice is enrolled: this machine alone.
HERE: Final = "localhost"
#: Stands for "/" in the names of folders; no part of a name has it.
_JOINT: Final = "+"


class Vault:
    """The repositories of one store, and what its practices may do."""

    def __init__(self, root: Path, clock: Clock | None = None) -> None:
        self.root = root
        self.practices = Practices(root / "practices")
        self.alarms = Alarms(root / "alarms.log")
        self.clock = clock or Clock()
        self._shelves: dict[str, Shelf] = {}
        self._paces: dict[str, Pace] = {}
        self._coming = 0
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Make the folders, remove the drafts that a kill left, read every log.

        A damaged log closes its own repository alone.

        Raises: OSError.
        """
        for part in ("practices", "repositories"):
            (self.root / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(self.drafts, ignore_errors=True)
        self.drafts.mkdir(mode=0o700)
        for name in self.repositories():
            with contextlib.suppress(LogDamaged):
                self.shelf(name).exists()

    @property
    def drafts(self) -> Path:
        """Where bodies wait for their last byte."""
        return self.root / "drafts"

    def repositories(self) -> list[str]:
        """Return the names of the repositories."""
        folder = self.root / "repositories"
        if not folder.is_dir():
            return []
        found = [one.name for one in folder.iterdir() if (one / LOG).is_file()]
        return sorted("" if name == _JOINT else name.replace(_JOINT, "/") for name in found)

    def shelf(self, repository: str) -> Shelf:
        """Return a repository, which may not exist yet."""
        with self._lock:
            if repository not in self._shelves:
                name = repository.replace("/", _JOINT) or _JOINT
                self._shelves[repository] = Shelf(self.root / "repositories" / name)
            return self._shelves[repository]

    def found(self, repository: str) -> Shelf:
        """Return a repository that exists.

        Raises: Refused, LogDamaged, OSError.
        """
        shelf = self.shelf(repository)
        if not shelf.exists():
            raise self._forgotten(repository)
        return shelf

    def readable(self, repository: str) -> Shelf:
        """Return a repository that can be read, even when its log is damaged.

        Raises: Refused, OSError.
        """
        shelf = self.shelf(repository)
        if not shelf.is_readable():
            raise self._forgotten(repository)
        return shelf

    def _forgotten(self, repository: str) -> Refused:
        with self._lock:
            # Anybody may ask for any name, and a retired one may begin anew.
            self._shelves.pop(repository, None)
        return Refused(Reason.NO_REPOSITORY)

    def create(self, repository: str, who: str) -> None:
        """Begin a repository; one that exists stays as it is.

        Raises: Refused, LogDamaged, OSError.
        """
        with contextlib.suppress(Refused):
            self.found(repository)
            return
        if len(self._of(who)) >= self._allowance(who).repositories:
            raise Refused(Reason.TOO_MANY)
        self.check_room(0)
        self.shelf(repository).create(self.now(), who)

    def now(self) -> int:
        """Return the time of receipt of what comes now, in microseconds since 1970.

        Raises: Refused when the clock is not to be believed.
        """
        with self._lock:
            last = max((shelf.ledger.chain.at for shelf in self._shelves.values()), default=0)
            return self.clock.now(last)

    @contextlib.contextmanager
    def incoming(
        self, repository: str, kind: Kind, name: str, size: int, who: str
    ) -> Iterator[Draft]:
        """Take a body of ``size`` bytes in, if there is a part and room for it.

        Raises: Refused, LogDamaged, OSError.
        """
        shelf, now = self.found(repository), self.now()
        if size > rules.LIMITS[kind]:
            raise Refused(Reason.TOO_BIG)
        if not size:
            # Nothing that is kept is empty, and a name costs as much as a body.
            raise Refused(Reason.BAD_REQUEST)
        shelf.check_open(kind, name, now)
        self._check_year(repository, kind, name, now)
        use = self._use(who, now)
        is_reserved = allowances.is_reserved(use, kind, size)
        if (kind, name) not in shelf.standing.objects:
            if is_reserved is not rules.uses_reserve(kind, size):
                self.alarms.note(who, Reason.MANY_DELTAS, repository)
            allowances.check_quota(self._allowance(who), use, kind, size)
        self.check_room(size, is_reserved=is_reserved)
        with self._paced(who, size, is_reserved=is_reserved):
            draft = shelf.draft(kind, name, self.drafts)
            try:
                yield draft
            finally:
                draft.drop()

    @contextlib.contextmanager
    def _paced(self, who: str, size: int, *, is_reserved: bool) -> Iterator[None]:
        with self._lock:
            pace = self._paces.setdefault(who, Pace(self._allowance(who).objects_a_minute))
            pace.enter(time.monotonic(), is_reserved=is_reserved)
            self._coming += size
        try:
            yield
        finally:
            with self._lock:
                pace.leave(is_reserved=is_reserved)
                self._coming -= size

    def keep(self, draft: Draft, repository: str, who: str) -> bool:
        """Compare a whole body with its name and give it its place.

        Raises: Refused, LogDamaged, OSError.
        """
        draft.check()
        shelf, now = self.found(repository), self.now()
        self._check_year(repository, draft.kind, draft.name, now)
        return shelf.keep(draft, now, who)

    def _check_year(self, repository: str, kind: Kind, name: str, now: int) -> None:
        """Refuse the repository of a new year other keys than those of the year before.

        Raises: Refused, LogDamaged, OSError.
        """
        if kind not in rules.FROZEN:
            return
        earlier = years.before(repository, self.repositories())
        if earlier is None:
            return
        followed, shelf = self.shelf(earlier), self.shelf(repository)
        if followed.exists():
            years.check(
                repository, kind, name, own=shelf.standing, earlier=followed.standing, now=now
            )

    def check_room(self, size: int, *, is_reserved: bool = False) -> None:
        """Refuse what the disk has no room for; ``is_reserved``: the reserved part is room too.

        Raises: Refused, OSError.
        """
        held = sum(shelf.standing.bytes_held for shelf in list(self._shelves.values()))
        free = shutil.disk_usage(self.root).free
        allowances.check_room(
            free=free, held=held, coming=self._coming, size=size, is_reserved=is_reserved
        )

    def _allowance(self, who: str) -> Allowance:
        practice = self.practices.all().get(who)
        return practice.allowance if practice else Allowance()

    def _of(self, who: str) -> list[Shelf]:
        """Return the repositories of a practice; all of them are this machine's own."""
        shelves = list(self._shelves.items())
        return [shelf for name, shelf in shelves if who in (HERE, owner_of(name))]

    def _use(self, who: str, now: int) -> Use:
        told = [shelf.standing for shelf in self._of(who)]
        return Use(
            bytes_held=sum(one.bytes_held for one in told),
            bytes_today=sum(one.used_on(now, by_small_deltas=False) for one in told),
            deltas_today=sum(one.used_on(now, by_small_deltas=True) for one in told),
            objects_today=sum(one.count_on(now, by_small_deltas=False) for one in told),
            small_today=sum(one.count_on(now, by_small_deltas=True) for one in told),
        )


def owner_of(repository: str) -> str:
    """Return the practice to which a repository belongs, by its name."""
    return repository.split("/", 1)[0]
