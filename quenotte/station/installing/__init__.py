"""Installing the companion as a service of its machine, and taking it away again."""

import sys
from pathlib import Path

from quenotte.station.installing import systemd, windows
from quenotte.station.refusals import NotHere
from quenotte.station.words import _


def install(state: Path, folder: Path | None = None) -> list[str]:
    """Install the service of this system; with ``folder``, write the files there and do no more.

    Returns what to tell. Raises: NotHere.
    """
    if folder is not None:
        return [_("Écrit : {path}").format(path=path) for path in _written(state, folder)]
    if _system() == "linux":
        return systemd.install(state)
    if _system() == "win32":
        return windows.install(state)
    raise NotHere


def uninstall(state: Path) -> list[str]:
    """Take the service and the file of state away; return what to tell. Raises: NotHere."""
    if _system() == "linux":
        return systemd.uninstall(state)
    if _system() == "win32":
        return windows.uninstall(state)
    raise NotHere


def _system() -> str:
    return sys.platform


def _written(state: Path, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    unit = folder / systemd.NAME
    unit.write_text(systemd.unit(Path(sys.executable), state), "utf-8")
    return [unit, *windows.write(folder)]
