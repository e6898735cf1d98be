"""The window in which a key is typed: it asks, and keeps nothing of what was typed."""

import sys

import click

from quenotte.config.kit.wizard import STOP

#: Takes away what scrolled out of the window too. Source: xterm, "Erase in Display" (ED 3).
_ERASE_SCROLLED = "\x1b[3J"


def ask(question: str) -> str:
    """Return the line that was typed; a closed input is somebody who stops."""
    try:
        return input(question)
    except EOFError:
        return STOP


def forget() -> None:
    """Take what was typed off the screen, where it is one."""
    click.clear()
    if sys.stdout.isatty() and sys.platform != "win32":
        sys.stdout.write(_ERASE_SCROLLED)
        sys.stdout.flush()
