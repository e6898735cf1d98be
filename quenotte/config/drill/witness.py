"""The outside witness: a process that writes down each acknowledged write, and nothing else.

It lives outside what the attack reaches. A line is on its disk before the next is read; its own
clock dates them. Run as a program: reads lines of JSON, writes them to the file that is named.
"""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True)
class Write:
    """A write that the server acknowledged. ``at``: seconds since 1970 by the witness's clock.

    ``kind``: note, appointment or radiograph; ``mark``: what it is found again by; ``digest``: of
    its bytes, for a radiograph.
    """

    at: float
    kind: str
    mark: str
    digest: str = ""


class Witness:
    """The process, and the end of the pipe that the stations share."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._process = subprocess.Popen(
            [sys.executable, "-m", "quenotte.config.drill.witness", str(path)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._turn = threading.Lock()

    def hear(self, kind: str, mark: str, digest: str = "") -> None:
        """Tell the witness of a write, as soon as its answer is there."""
        line = json.dumps({"kind": kind, "mark": mark, "digest": digest}) + "\n"
        assert self._process.stdin is not None
        with self._turn:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()

    def close(self) -> list[Write]:
        """Let it end; return what it saw."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        return read(self.path)


def read(path: Path) -> list[Write]:
    """Return what a witness wrote down."""
    told: list[dict[str, Any]] = [json.loads(line) for line in path.read_text().splitlines()]
    return [Write(**one) for one in told]


def watch(lines: IO[str], path: Path) -> None:
    """Write down line after line, each synchronised."""
    with path.open("a") as book:
        for line in lines:
            book.write(json.dumps({"at": time.time(), **json.loads(line)}) + "\n")
            book.flush()
            os.fsync(book.fileno())


if __name__ == "__main__":
    watch(sys.stdin, Path(sys.argv[1]))
