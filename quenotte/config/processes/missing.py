"""An open vault notices which practices went silent, and says so: in its log, and by a program.

The machine that makes copies is never the one that tells that it makes none any more.
"""

import contextlib
import json
import logging
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from quenotte.devices.media.vault import clocks
from quenotte.devices.media.vault.silences import Silence, silences
from quenotte.devices.media.vault.vault import Vault

logger = logging.getLogger("quenotte.vault")

#: A silence that lasts is told again each day; a program may take so long (seconds).
_AGAIN_US: Final = 24 * 3_600_000_000
_PROGRAM_S: Final = 60.0


class Watch:
    """Remembers, across restarts, whose silence was told and when."""

    def __init__(
        self, vault: Vault, usual_h: int, command: str, now: Callable[[], int] = clocks.wall_us
    ) -> None:
        self._vault, self._usual_h, self._command, self._now = vault, usual_h, command, now
        self._path = vault.root / "run" / "silences.json"

    def look(self) -> list[Silence]:
        """Tell what became silent, or is since a day, and what came back; return who is silent.

        Raises: OSError.
        """
        now, told = self._now(), self._read()
        found = {one.practice: one for one in self._silent(now)}
        for name in sorted(told.keys() - found.keys()):
            logger.warning("practice %s puts copies again", name)
            self._call(name, "back", "")
        for name, silence in found.items():
            if now - told.get(name, 0) >= _AGAIN_US:
                told[name] = now
                since = _moment(silence.since_us)
                logger.error("practice %s put nothing since %s", name, since)
                self._call(name, "silent", since)
        self._write({name: at for name, at in told.items() if name in found})
        return list(found.values())

    def _silent(self, now: int) -> list[Silence]:
        return silences(self._vault, usual_h=self._usual_h, now_us=now)

    def _call(self, name: str, state: str, since: str) -> None:
        """Run the program of who holds the vault; one that fails is said, and holds up nothing."""
        if not self._command:
            return
        said = {"PRACTICE": name, "STATE": state, "SINCE": since}
        told = os.environ | {f"QUENOTTE_VAULT_{key}": value for key, value in said.items()}
        try:
            done = subprocess.run(
                shlex.split(self._command), env=told, stdin=subprocess.DEVNULL,
                timeout=_PROGRAM_S, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            logger.exception("the program of the alarm did not run")
        else:
            if done.returncode:
                logger.error("the program of the alarm ended with %s", done.returncode)

    def _read(self) -> dict[str, int]:
        # Told once more is better than not at all.
        with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
            said = json.loads(self._path.read_bytes())
            return {str(name): int(at) for name, at in said.items()}
        return {}

    def _write(self, told: dict[str, int]) -> None:
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = self._path.with_suffix(".part")
        draft.write_text(json.dumps(told), "utf-8")
        draft.replace(self._path)


def program_of(command: str) -> str | None:
    """Return the program that a command runs, None when there is none of that name here."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    return shutil.which(words[0]) if words else None


def _moment(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / 1e6, UTC).isoformat(timespec="seconds")
