"""What the vault refused, written where the one who holds it looks: never one line a request."""

import json
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quenotte.devices.media.vault.rules import Reason

#: What anybody may ask without meaning harm.
_QUIET = frozenset({Reason.NOT_FOUND, Reason.NO_REPOSITORY, Reason.BROKEN_OFF})
#: The file is begun again behind this size, in bytes; the one before is kept.
_MOST = 1 << 20


class Alarms:
    """Counts refusals by practice and reason; writes the 1st, 10th, 100th... of a day."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._day = ""
        self._counts: Counter[tuple[str, Reason]] = Counter()
        self._lock = threading.Lock()

    def note(self, who: str, reason: Reason, repository: str = "") -> None:
        """Count one refusal."""
        if reason in _QUIET:
            return
        now = datetime.now(UTC)
        with self._lock:
            if self._day != f"{now:%F}":
                self._day = f"{now:%F}"
                self._counts.clear()
            self._counts[who, reason] += 1
            count = self._counts[who, reason]
        if set(str(count)[1:]) <= {"0"} and str(count)[0] == "1":
            self._write(now, who, reason, repository, count)

    def _write(self, now: datetime, who: str, reason: Reason, repository: str, count: int) -> None:
        told = {
            "at": f"{now:%FT%TZ}",
            "practice": who,
            "reason": str(reason),
            "repository": repository,
            "count": count,
        }
        try:
            if self._path.exists() and self._path.stat().st_size > _MOST:
                self._path.replace(self._path.with_suffix(".before.log"))
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(told) + "\n")
        except OSError:
            # A full disk is what is being told: the answer 507 says it too.
            return


def last(path: Path, count: int = 20) -> list[dict[str, Any]]:
    """Return the latest alarms, the oldest of them first."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines[-count:] if line.endswith("}")]
