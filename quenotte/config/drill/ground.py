"""Where a drill happens: folders of its own, the real commands, processes that are always ended."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from quenotte.config.drill.attackers import MARKER

#: What a child of the drill must not take from us: it would reach the practice in use.
_OURS: Final = ("QUENOTTE_DATABASE_URL", "QUENOTTE_S3_BUCKET", "QUENOTTE_LAN")
_START_S: Final = 120.0
_LOOK_S: Final = 0.05
_MODE: Final = 0o700


class DrillFailed(Exception):
    """A step of the drill did not do what it must; the words say which."""


@dataclass
class Ground:
    """The folders of one drill. What lies below ``server`` is what the attack reaches."""

    root: Path
    #: How often the journal and the files leave, in seconds; None: as in a practice.
    every_s: float | None = None
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @classmethod
    def make(cls, every_s: float | None) -> "Ground":
        """Make the folders in a temporary place."""
        ground = cls(Path(tempfile.mkdtemp(prefix="quenotte-exercice-")), every_s)
        for folder in (ground.server, ground.outside):
            folder.mkdir(mode=_MODE)
        (ground.server / MARKER).write_text("Dossier d’un exercice : tout y est inventé.\n")
        return ground

    @property
    def server(self) -> Path:
        """The machine of the practice: data, local repository, mounted disk."""
        return self.root / "server"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.server / "data"

    @property
    def outside(self) -> Path:
        """What no password of the server reaches: the vault's disk, the witness, the paper."""
        return self.root / "outside"

    def quenotte(self, *words: str, data: Path | None = None) -> dict[str, Any]:
        """Run a command to its end; return the object that it printed last.

        Raises: DrillFailed.
        """
        done = subprocess.run(
            [sys.executable, "-m", "quenotte", *words],
            env=self.environment(data or self.data),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            told = f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
            raise DrillFailed(f"quenotte {words[0]}: {done.returncode}\n{told}")
        try:
            told_last: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        except (ValueError, IndexError):
            return {}
        return told_last

    def module(self, name: str, *words: str) -> dict[str, Any]:
        """Run a module of the drill; return what it printed. Raises: DrillFailed."""
        done = subprocess.run(
            [sys.executable, "-m", f"quenotte.config.drill.{name}", *words],
            env=self.environment(self.data),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DrillFailed(f"{name}: {done.stderr[-2000:]}")
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told

    def begin(self, *words: str, port: int, data: Path | None = None) -> "subprocess.Popen[bytes]":
        """Begin a server; return once it answers on its port. Raises: DrillFailed."""
        folder = data or self.data
        folder.mkdir(mode=_MODE, exist_ok=True)
        with (self.root / f"{words[0]}-{port}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "quenotte", *words],
                env=self.environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        wait_until(lambda: process.poll() is not None or answers(port), _START_S, words[0])
        if process.poll() is not None:
            told = (self.root / f"{words[0]}-{port}.log").read_text("utf-8", "replace")
            raise DrillFailed(f"{words[0]} ended with {process.returncode}\n{told[-2000:]}")
        return process

    def environment(self, data: Path) -> dict[str, str]:
        """Return the environment of a child that works on a data folder."""
        env = {name: value for name, value in os.environ.items() if name not in _OURS}
        env |= {
            "QUENOTTE_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.practice",
        }
        if self.every_s is not None:
            env["QUENOTTE_JOURNAL_S"] = str(self.every_s)
        return env

    def end(self, process: "subprocess.Popen[bytes]", how: int = signal.SIGTERM) -> None:
        """End a server of ours and its children; SIGKILL is the power that is cut."""
        if how == signal.SIGKILL:
            for child in [*_children(process.pid), process.pid]:
                _signal(child, how)
        else:
            _signal(process.pid, how)
        process.wait(30)

    def close(self) -> None:
        """End what still runs, take the folders away."""
        for process in self.processes:
            if process.poll() is None:
                self.end(process, signal.SIGKILL)
        for path in [self.root, *self.root.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(_MODE)
        shutil.rmtree(self.root, ignore_errors=True)


def wait_until(is_so: Callable[[], object], seconds: float, what: str) -> None:
    """Wait for something. Raises: DrillFailed when it does not come."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise DrillFailed(f"waited too long: {what}")
        time.sleep(_LOOK_S)


def answers(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _children(pid: int) -> list[int]:
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(one) for one in told.split()]


def _signal(pid: int, how: int) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return
