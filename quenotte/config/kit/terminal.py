"""The window in which a key is typed: it asks, and keeps nothing of what was typed."""

import sys
import textwrap
from typing import Final

import click

from quenotte.config import console
from quenotte.config.kit.wizard import STOP

#: Takes away what scrolled out of the window too. Source: xterm, "Erase in Display" (ED 3).
_ERASE_SCROLLED: Final = "\x1b[3J"
_UNKNOWN: Final = "\ufffd"
_WIDTH: Final = 78


def ask(question: str) -> str:
    """Return the line that was typed; a closed input is somebody who stops."""
    try:
        return input(question)
    except EOFError:
        return STOP
    except UnicodeDecodeError:
        # A letter with an accent, in a window of another alphabet: it is on no paper.
        return _UNKNOWN


def say(sentence: str) -> None:
    """Say something in lines that a window of 80 columns does not cut within a word."""
    for line in sentence.splitlines():
        console.say(textwrap.fill(line, _WIDTH))


def forget() -> None:
    """Take what was typed off the screen, where it is one."""
    click.clear()
    if sys.stdout.isatty() and sys.platform != "win32":
        sys.stdout.write(_ERASE_SCROLLED)
        sys.stdout.flush()
