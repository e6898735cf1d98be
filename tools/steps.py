"""Run the steps of the set-up: one line each, a log, a second try, a clear word on failure."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Union

#: A command: its program, then its arguments.
Words = Sequence[Union[str, Path]]  # noqa: UP007 - read by older Pythons, which are then refused

_LAST_LINES = 15


class StepFailed(Exception):
    """A step of the set-up failed; the message says in French what happened and what to do."""


class Steps:
    """Prints each step as it is done, and remembers by stamps what needs not be done again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".setup"
        self._started_at = time.monotonic()
        self._done = 0

    def run(self, title: str, work: Callable[[], None]) -> None:
        """Do a piece of work under a title, and tell how long it took."""
        print(f"→ {title} … ", end="", flush=True)
        started_at = time.monotonic()
        work()
        self._done += 1
        print(f"fait en {_seconds(time.monotonic() - started_at)}", flush=True)

    def is_current(self, name: str, key: str) -> bool:
        """Tell whether the step of this name was last done with this key."""
        stamp = self.folder / name
        return stamp.is_file() and stamp.read_text(encoding="utf-8") == key

    def mark(self, name: str, key: str) -> None:
        """Remember that a step was done with this key."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_text(key, encoding="utf-8")

    def forget(self, *names: str) -> None:
        """Have these steps done again."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def finish(self) -> None:
        """Close with one line, silent when there was nothing to do."""
        if self._done:
            duration = _seconds(time.monotonic() - self._started_at)
            print(f"Installation prête en {duration}.", flush=True)

    def command(
        self,
        *attempts: Words,
        advice: str,
        log: str,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Run the first command; if it fails, try the next ones in turn.

        Raises: StepFailed with ``advice`` and the end of the log when all have failed.
        """
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{log}.log"
        for number, words in enumerate(attempts):
            if number:
                print("échec, nouvel essai … ", end="", flush=True)
            if self._succeeds(words, path, env):
                return
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        end = "\n".join(f"    {line}" for line in lines[-_LAST_LINES:])
        raise StepFailed(f"{end}\n{advice}\nLe détail est dans {path.relative_to(self.root)}.")

    def _succeeds(self, words: Words, log: Path, env: Mapping[str, str] | None) -> bool:
        with log.open("w", encoding="utf-8") as output:
            try:
                done = subprocess.run(
                    [str(word) for word in words],
                    cwd=self.root,
                    env=None if env is None else dict(env),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                )
            except OSError as error:
                output.write(f"{error}\n")
                return False
        return done.returncode == 0


def digest(paths: Iterable[Path], *more: str) -> str:
    """Return a digest of the contents of files and of some more words."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    for word in more:
        total.update(f"\0{word}".encode())
    return total.hexdigest()


def _seconds(duration_s: float) -> str:
    return f"{duration_s:.1f} s".replace(".", ",")
