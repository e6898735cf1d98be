"""The database made ready in another process: the supervisor opens none."""

import contextlib
import json
import logging
import os
import subprocess
import time
from typing import Any

from quenotte.config import console, copies, logs
from quenotte.config.processes import lifeline
from quenotte.config.words import _

logger = logging.getLogger(__name__)

#: How often a preparation in the foreground is looked at, in seconds.
_LOOK_S = 0.05


class Preparation:
    """Migrations (and the demo practice) under way; it speaks JSON lines."""

    def __init__(self, *, is_demo: bool) -> None:
        self._process = copies.begin(
            "quenotte.config.processes.preparing",
            ["demo"] if is_demo else [],
            environment={**os.environ, lifeline.SUPERVISOR: str(os.getpid())},
            has_own_errors=True,
        )
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            os.set_blocking(stream.fileno(), False)
        self._unfinished = b""
        self._errors = b""
        self.trouble = ""
        #: What the database engine said of the trouble, in its own English: for the log.
        self.engine = ""
        self.installation_code = ""
        self.hint = ""

    def look(self) -> int | None:
        """Take what was said; return the exit code once it is over."""
        code = self._process.poll()
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        said = self._unfinished + (self._process.stdout.read() or b"")
        self._errors = (self._errors + (self._process.stderr.read() or b""))[-8_000:]
        *lines, self._unfinished = said.split(b"\n")
        for line in lines:
            with contextlib.suppress(ValueError):
                self._take(json.loads(line))
        if code and not self.trouble:
            self.trouble = _(
                "La base de données n’a pas pu être préparée. Rien n’a été modifié. "
                "Détails :\n{details}"
            ).format(details=self._errors.decode("utf-8", "replace"))
        if code is not None:
            self._close()
        return code

    def stop(self) -> None:
        """Stop it; a database is never left half-prepared (one transaction per step)."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        self._process.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _take(self, word: dict[str, Any]) -> None:
        if "progress" in word:
            console.progress(str(word["progress"]), word.get("share"))
        self.trouble = str(word.get("trouble", self.trouble))
        self.engine = str(word.get("engine", self.engine))
        self.hint = str(word.get("hint", self.hint))
        self.installation_code = str(word.get("installation_code", self.installation_code))


def prepare_here() -> int:
    """Prepare the database in the foreground; return the exit code."""
    preparation = Preparation(is_demo=False)
    while (code := preparation.look()) is None:
        time.sleep(_LOOK_S)
    if code:
        if preparation.engine:
            logs.start("supervisor")
            logger.error("the database was not prepared: %s", preparation.engine)
        console.complain(preparation.trouble)
    else:
        console.say(_("La base de données est prête."))
    return code
