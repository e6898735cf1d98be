"""What a full tape left to the next one, and the copy that it is of."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quenotte.config import data_folder
from quenotte.config.media import owner
from quenotte.devices.media import messages
from quenotte.devices.media.errors import MediaError


class RestGone(MediaError):
    """Files that the first tape had no room for are not in the repository any more."""

    message = messages.REST_GONE
    next_step = messages.REST_GONE_NEXT


@dataclass(frozen=True, slots=True)
class Rest:
    """Names of files that are on no tape yet. ``data_at``: what their copy brings back."""

    names: frozenset[str]
    data_at: datetime | None

    def among(self, files: Sequence[tuple[str, Path]]) -> list[tuple[str, Path]]:
        """Return those of the files that are left. Raises: RestGone."""
        found = [(name, path) for name, path in files if name in self.names]
        if len(found) < len(self.names):
            raise RestGone
        return found


@owner.acting()
def kept() -> Rest | None:
    """Return what the last tape left, None when it left nothing."""
    if not _path().exists():
        return None
    said = json.loads(_path().read_text("utf-8"))
    data_at = said["data_at"]
    return Rest(frozenset(said["names"]), datetime.fromisoformat(data_at) if data_at else None)


@owner.acting()
def keep(names: Collection[str], data_at: datetime | None) -> None:
    """Remember what goes on the next tape."""
    if not names:
        _path().unlink(missing_ok=True)
        return
    _path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    said = {"names": [*names], "data_at": data_at and data_at.isoformat()}
    _path().write_text(json.dumps(said), "utf-8")


def _path() -> Path:
    return data_folder.default_folder() / "media" / "tape-rest.json"
