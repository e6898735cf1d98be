"""Where the file of state lies."""

import os
import sys
from pathlib import Path
from typing import Final

NAME: Final = "station.json"
_LINUX: Final = Path("/var/lib/quenotte-station")


def state_path(given: str | None, platform: str = sys.platform) -> Path:
    """Return where it is: where somebody says, else where services of the system keep theirs."""
    if given:
        return Path(given).absolute()
    if platform == "win32":
        return (
            Path(os.environ.get("PROGRAMDATA", "C:\\ProgramData")) / "Quenotte" / "Station" / NAME
        )
    return _LINUX / NAME
