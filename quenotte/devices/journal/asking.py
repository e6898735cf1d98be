"""A base asked of the process that follows the database: by a file in its folder.

Who looks after the places has no hold of the log; who holds it looks here at each turn.
"""

import contextlib
from pathlib import Path

from quenotte.devices.journal import durable

_ASKED = "base.asked"


def ask_base(folder: Path) -> None:
    """Ask for all pages anew: a chain is broken at a place. Raises: OSError."""
    durable.kept(folder / _ASKED, b"")


def is_base_asked(folder: Path) -> bool:
    """Tell whether somebody asked."""
    return (folder / _ASKED).exists()


def base_is_sent(folder: Path) -> None:
    """Forget that somebody asked; a file that stays asks for one more base."""
    with contextlib.suppress(OSError):
        (folder / _ASKED).unlink(missing_ok=True)
