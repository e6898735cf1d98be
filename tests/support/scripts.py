"""Runs Python in an installation: Django is set up once, each script is a fork of that process.

Run as a program it reads requests, one JSON object a line, and answers them in the same way.
"""

import faulthandler
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TextIO, cast


@dataclass(frozen=True)
class Done:
    """What a script left: its code as a shell tells it, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


class Scripts:
    """The process that scripts of one installation are forked from."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.support.scripts"],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, *words: str) -> Done:
        """Run ``code`` to its end in a process of its own, with ``words`` as its arguments."""
        requests, answers = cast("TextIO", self._parent.stdin), cast("TextIO", self._parent.stdout)
        requests.write(json.dumps([code, words]) + "\n")
        requests.flush()
        line = answers.readline()
        assert line, "the process of the scripts has ended"
        return Done(**json.loads(line))

    def close(self) -> None:
        """End it; one that does not end says where it stands, then is killed."""
        try:
            self._parent.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._parent.send_signal(signal.SIGUSR1)
            time.sleep(1)
            self._parent.kill()
            self._parent.communicate()


def _serve() -> None:
    import django

    faulthandler.register(signal.SIGUSR1)
    django.setup()
    answers = os.fdopen(os.dup(1), "w")
    # Whatever a library prints while it is imported is no answer.
    os.dup2(2, 1)
    for line in sys.stdin:
        code, words = json.loads(line)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
            pid = os.fork()
            if pid == 0:
                _run(code, words, out, errors)
            _pid, status = os.waitpid(pid, 0)
            answer = {"returncode": os.waitstatus_to_exitcode(status)}
            answers.write(json.dumps(answer | {"stdout": _read(out), "stderr": _read(errors)}))
        answers.write("\n")
        answers.flush()
    # Taking a whole Django apart takes a second and more, for nothing.
    os._exit(0)


def _run(code: str, words: list[str], out: TextIO, errors: TextIO) -> None:
    """Be the script: its own arguments, its own output, nothing to read; then end."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    sys.argv = ["-c", *words]
    names: dict[str, Any] = {"__name__": "__main__"}
    status = 1
    try:
        exec(compile(code, "<script>", "exec"), names)
        status = 0
    except Exception:  # noqa: BLE001 - it is told to who asked for the script
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _read(stream: TextIO) -> str:
    stream.seek(0)
    return stream.read()


if __name__ == "__main__":
    _serve()
