"""A server of PostgreSQL's that lives for one return: it goes through the log, then is dumped.

It listens on a socket of its own alone, asks nobody for a password there, and takes none of the
settings of the old server that reach outside: no archive, no certificate, no library.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from quenotte.devices.phoenix.errors import NoRestoreProgram

_PLACES: Final = "/usr/lib/postgresql"
#: The owners of clusters that are tried, in this order: nobody wrote down what it was called.
_OWNERS: Final = ("postgres", "quenotte")
#: Said on the command line, where nothing that the old server had set goes before it.
_FIRM: Final = (
    "listen_addresses=", "archive_mode=off", "ssl=off", "shared_preload_libraries=",
    "session_preload_libraries=", "local_preload_libraries=", "logging_collector=off",
    "log_destination=stderr", "hot_standby=off", "fsync=off", "recovery_end_command=",
    "archive_cleanup_command=", "primary_conninfo=", "max_wal_senders=0", "shared_buffers=128MB",
    "synchronous_standby_names=", "max_connections=20", "huge_pages=try",
)  # fmt: skip
_OPENS_S: Final = 0.1


class CannotRun(Exception):
    """No server of that version is here, or it did not get through the log; says why."""


@dataclass(frozen=True)
class Account:
    """Who runs the server: PostgreSQL refuses to be run by root."""

    name: str | None
    uid: int
    gid: int

    @classmethod
    def for_server(cls) -> "Account":
        """Return this account, or Debian's ``postgres`` for root. Raises: CannotRun."""
        if os.geteuid() != 0:
            return cls(None, os.geteuid(), os.getegid())
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            raise CannotRun("no account « postgres »") from None
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def take(self, folder: Path) -> None:
        """Make a folder and all in it the server's. Raises: OSError."""
        if self.name is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def programs(major: str) -> Path:
    """Return the folder of the programs of one version ("15"). Raises: NoRestoreProgram."""
    folder = Path(_PLACES) / major / "bin"
    if (folder / "postgres").exists():
        return folder
    on_path = shutil.which("postgres")
    said = on_path and subprocess.run(
        [on_path, "--version"], capture_output=True, text=True, check=False
    )
    if not on_path or not said or f" {major}." not in said.stdout:
        raise NoRestoreProgram
    return Path(on_path).resolve().parent


@dataclass(frozen=True)
class Running:
    """A server that has gone through its log and takes questions."""

    socket: Path
    programs: Path
    owner: str

    def named(self, name: str) -> str:
        """Return how a program of PostgreSQL's reaches one of its databases."""
        return f"host={self.socket} user={self.owner} dbname={name}"

    def dump(self, name: str, target: Path) -> None:
        """Write one of its databases as the copies hold it. Raises: CannotRun, OSError."""
        words = ("--format=directory", "--compress=0", "--no-owner", "--no-privileges", "--no-sync")
        program, known = str(self.programs / "pg_dump"), self.named(name)
        command = [program, *words, f"--file={target}", known]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotRun(done.stderr.strip()[-400:])


@contextmanager
def running(data: Path, account: Account, owner: str = "") -> Iterator[Running]:
    """Start a laid out cluster and wait until it has gone through its log; stop it in the end.

    ``owner``: one more account of the old server that may be its owner.

    Raises: CannotRun, NoRestoreProgram, OSError.
    """
    bin_folder = programs((data / "PG_VERSION").read_text("ascii").strip())
    # The path of a socket has a hundred letters at most: never below a data folder.
    with tempfile.TemporaryDirectory(prefix="qnt-") as name:
        socket = Path(name)
        settings = _settings(socket)
        account.take(socket)
        account.take(data)
        with (socket / "log").open("wb") as log:
            server = _started(bin_folder, data, socket, settings, account, log)
            try:
                yield Running(socket, bin_folder, _owner(server, data, socket, owner))
            finally:
                # SIGINT is its fast shutdown.
                with suppress(ProcessLookupError):
                    server.send_signal(2)
                server.wait()


def stop_left(data: Path) -> None:
    """Stop a server of a return that was killed: it would write into what is thrown away."""
    with suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text("ascii").splitlines()[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        if str(data).encode() in words:
            os.kill(pid, 3)
            _wait_for_end(pid)


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        os.kill(pid, 0)
        time.sleep(_OPENS_S)


def _settings(socket: Path) -> Path:
    """Write the settings of the server; Debian keeps the old one's outside of its data."""
    hba = socket / "hba"
    hba.write_text("local all all trust\n")
    hba.with_name("hba.ident").write_text("")
    settings = socket / "settings"
    settings.write_text("# Whatever counts is said on the command line.\n")
    return settings


def _started(
    programs: Path, data: Path, socket: Path, settings: Path, account: Account, log: Any
) -> "subprocess.Popen[bytes]":
    firm = [word for one in _FIRM for word in ("-c", one)]
    return subprocess.Popen(
        [
            *(programs / "postgres", "-D", data, "-k", socket, "-c", f"config_file={settings}"),
            *("-c", f"hba_file={socket / 'hba'}", "-c", f"ident_file={socket / 'hba.ident'}"),
            *firm,
        ],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        user=account.name,
        cwd=socket,
        # Its words are read.
        env={**os.environ, "LC_ALL": "C"},
    )


def _owner(server: "subprocess.Popen[bytes]", data: Path, socket: Path, more: str) -> str:
    """Wait until the log was gone through; return who may ask. Raises: CannotRun."""
    while server.poll() is None and not _is_ready(data):
        time.sleep(_OPENS_S)
    for owner in dict.fromkeys((*_OWNERS, more)):
        if owner and _answers(socket, owner):
            return owner
    said = (socket / "log").read_text("utf-8", "replace").splitlines()
    raise CannotRun(next((line for line in said if "FATAL" in line), "".join(said[-1:]))[-200:])


def _is_ready(data: Path) -> bool:
    """Tell by the last line of its own file whether a server takes questions."""
    with suppress(OSError, IndexError):
        return (data / "postmaster.pid").read_text("ascii").splitlines()[7].strip() == "ready"
    return False


def _answers(socket: Path, owner: str) -> bool:
    # A practice on SQLite never comes here, and starts without it.
    import psycopg

    known = f"host={socket} user={owner} dbname=template1"
    try:
        with psycopg.connect(known, autocommit=True) as database:
            return database.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
    except psycopg.OperationalError:
        return False
