"""Any cloud that rclone knows, as a place for a repository: through ``rclone serve restic``.

The relay listens on this machine alone, under a password drawn for it, and takes additions only
(``--append-only``). It ends with whoever started it.
"""

import base64
import contextlib
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from quenotte.devices.media import messages
from quenotte.devices.media.errors import MediaError
from quenotte.devices.media.programs import needed

_USER: Final = "quenotte"
_STARTS_WITHIN_S: Final = 30.0
_ENDS_WITHIN_S: Final = 10.0


class NotStarted(MediaError):
    """rclone ended at once, or does not answer; ``said`` is its own words, for the log."""

    message = messages.NOT_STARTED
    next_step = messages.NOT_STARTED_NEXT

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said


@dataclass(frozen=True, slots=True)
class Cloud:
    """A remote of rclone (``nuage:cabinet/2026``); ``config`` its file, None for rclone's own."""

    remote: str
    config: Path | None = None


class Relay:
    """A running ``rclone serve restic``; ``place`` is what ``open_store`` takes."""

    def __init__(self, cloud: Cloud, log: Path) -> None:
        """Start it and wait until it answers. Raises: NoProgram, NotStarted."""
        self._log = log
        self._password = secrets.token_urlsafe(24)
        self.port = _free_port()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._words(cloud),
                env={**os.environ, "RCLONE_USER": _USER, "RCLONE_PASS": self._password},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    @property
    def place(self) -> str:
        """Return the address of the repository, with its password of today."""
        return f"rest:http://{_USER}:{self._password}@127.0.0.1:{self.port}/"

    @property
    def pid(self) -> int:
        """Return the number of the process: it is stopped by it, never by a name."""
        return self._process.pid

    def stop(self) -> None:
        """Ask it to end, and see that it did."""
        self._process.terminate()
        try:
            self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> "Relay":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _words(self, cloud: Cloud) -> list[str]:
        config = [] if cloud.config is None else ["--config", str(cloud.config)]
        where = ["--addr", f"127.0.0.1:{self.port}", "--append-only"]
        return [needed("rclone"), *config, "serve", "restic", *where, "--", cloud.remote]

    def _wait(self) -> None:
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise NotStarted(self._log.read_text("utf-8", "replace"))
            time.sleep(0.05)

    def _answers(self) -> bool:
        known = base64.b64encode(f"{_USER}:{self._password}".encode()).decode()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/config", headers={"Authorization": f"Basic {known}"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=5):  # noqa: S310 - our own address
                return True
        except urllib.error.HTTPError as error:
            with error:
                # Nothing there yet is an answer; a door that is not ours is none.
                return error.code == 404
        except OSError:
            return False


@contextlib.contextmanager
def relayed(cloud: Cloud, log: Path) -> Iterator[str]:
    """Give the place of a cloud's repository for as long as it is worked with."""
    with Relay(cloud, log) as relay:
        yield relay.place


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
