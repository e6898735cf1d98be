"""A site of its own for tests of processes: a data folder, a database, Python run within it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.installations import free_port, wait_until


class Site:
    """A data folder of a practice's or a provider's site, and a port of loopback."""

    def __init__(self, folder: Path, settings: str) -> None:
        self.port = free_port()
        self.environment = {
            **os.environ,
            "QUENOTTE_DATA": str(folder),
            "QUENOTTE_DATABASE_URL": "",
            "QUENOTTE_DISK_FLOOR_BYTES": "0",
            "DJANGO_SETTINGS_MODULE": f"quenotte.config.settings.{settings}",
        }

    def run(self, *words: str) -> str:
        """Run Python in the site; return what it printed last."""
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return (done.stdout.strip().splitlines() or [""])[-1]

    def script(self, text: str) -> str:
        """Run a script with Django set up."""
        return self.run("-c", f"import django; django.setup()\n{text}")

    @contextmanager
    def serving(self, process: str) -> Iterator[None]:
        """Let a process of the site answer on its port."""
        words = [sys.executable, "-m", f"quenotte.config.processes.{process}"]
        door = subprocess.Popen([*words, "127.0.0.1", str(self.port)], env=self.environment)
        try:
            wait_until(self._answers)
            yield
        finally:
            door.terminate()
            door.wait(timeout=30)

    def _answers(self) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0
