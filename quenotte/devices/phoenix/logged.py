"""What the journal of a PostgreSQL practice adds to a copy: its own log, gone through again.

The journal holds a whole cluster and the log since. A server of the same version goes through it on
this machine, apart from any other, up to the end or to a moment; what it then holds is dumped as a
copy would be, and enters the new server by the same door.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from quenotte.devices.journal import pieces
from quenotte.devices.journal.marks import Since
from quenotte.devices.journal.postgres_replay import Laid, lay_out
from quenotte.devices.journal.replay import CannotReplay
from quenotte.devices.journal.shelves import Shelves
from quenotte.devices.phoenix import databases, journals, messages, rerunning, servers
from quenotte.devices.phoenix.errors import NoRestoreProgram
from quenotte.devices.phoenix.journals import Journal
from quenotte.devices.phoenix.moments import moment_words
from quenotte.devices.phoenix.rerunning import Account, CannotRun
from quenotte.devices.repository.repository import Repository

#: Where root lays a cluster out that another account has to read, when it may not read here.
_COMMON: Final = Path("/var/tmp")  # noqa: S108 - a folder of its own name, closed to others


@dataclass(frozen=True)
class Further:
    """A dump that shows ``data_at`` (aware); None where the copy is all there is."""

    dump: Path | None
    data_at: datetime
    notes: tuple[str, ...] = ()


def further(
    repository: Repository,
    dump: Path,
    since: Since,
    *,
    until: datetime | None,
    owner: str = "",
    say: Callable[[str], None] = lambda words: None,
) -> Further:
    """Go through the journal past a copy, whose ``dump`` is there; return a dump beside it.

    ``since`` tells what the copy holds, ``until`` (aware) how far to go at most, ``owner`` an
    account of the old server. Nothing that goes wrong costs the copy: it is said in the notes.
    Raises: OSError when the disk is full.
    """
    journal = journals.of(repository)
    shelves = Shelves([journal.carrier] if journal.is_listed else [], journal.seal, pieces.opened)
    newest = shelves.newest()
    if newest is None or (until is not None and until <= since.time):
        return Further(None, since.time, () if journal.is_listed else (messages.SKIPPED_JOURNAL,))
    number, end = newest.head.sequence, _moment(newest.head.made_at)
    if not since.is_passed_by(number, end):
        return Further(None, since.time, () if until else databases.older(since, number, end))
    say(messages.LOG)
    try:
        rerun = _Rerun(journal, Account.for_server(), dump, owner)
        laid = rerun.run(until if until is not None and until < end else None)
    except NoRestoreProgram:
        return Further(None, since.time, (messages.NO_SAME_SERVER,))
    except (CannotReplay, CannotRun) as failure:
        return Further(None, since.time, (messages.SKIPPED_LOG.format(said=failure),))
    reached = min(_moment(laid.made_at), until or end)
    is_short = not laid.is_whole and reached < (until or end)
    notes = (messages.ENDS_AT.format(moment=moment_words(reached)),) if is_short else ()
    if not since.is_passed_by(laid.sequence, reached):
        return Further(None, since.time, notes)
    return Further(rerun.target, reached, notes)


@dataclass(frozen=True)
class _Rerun:
    """One walk through the log, on a ground of its own that is swept in the end."""

    journal: Journal
    account: Account
    dump: Path
    owner: str

    @property
    def target(self) -> Path:
        """Where the dump of what the log leads to is written."""
        return self.dump.with_name("further")

    def run(self, wanted: datetime | None) -> Laid:
        """Lay the cluster out, go through its log, dump the practice's database.

        A moment after the last thing that was written is none that a server finds in its log: the
        log is then gone through to its end, which shows the same.

        Raises: CannotReplay, CannotRun, NoRestoreProgram, OSError.
        """
        ground = _ground(self.dump.parent, self.account)
        try:
            try:
                return self._gone_through(ground, wanted)
            except CannotRun as failure:
                if wanted is None or "recovery target" not in str(failure):
                    raise
                return self._gone_through(ground, None)
        finally:
            shutil.rmtree(ground, ignore_errors=True)

    def _gone_through(self, ground: Path, until: datetime | None) -> Laid:
        laid = lay_out([self.journal.carrier], ground / "data", self.journal.seal, until=until)
        self.account.take(ground)
        with rerunning.running(ground / "data", self.account, self.owner) as server:
            server.dump(_name_in(self.dump), self.target)
        return laid


def _name_in(dump: Path) -> str:
    """Return what the database was called that a dump was made of. Raises: CannotRun."""
    command = [str(servers.program()), "--list", str(dump)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    _before, _is_said, after = listed.partition("dbname:")
    if not after.strip():
        raise CannotRun("no name in the dump")
    return after.splitlines()[0].strip()


def _ground(workshop: Path, account: Account) -> Path:
    """Make an empty folder that the server's account can reach. Raises: OSError."""
    ground = workshop / "server"
    if account.name is not None and not _is_reached(workshop):
        ground = _COMMON / f"quenotte-return-{workshop.parent.name}"
    rerunning.stop_left(ground / "data")
    shutil.rmtree(ground, ignore_errors=True)
    ground.mkdir(mode=0o700)
    return ground


def _is_reached(folder: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)
