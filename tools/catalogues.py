"""Compile the translation catalogues (.po to .mo) without gettext on the machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path


def stale(root: Path) -> Iterator[Path]:
    """Yield the catalogues whose compiled form is absent or older."""
    for source in sorted((root / "quenotte").rglob("*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source


def compile_catalogues(root: Path) -> int:
    """Compile every stale catalogue and return how many there were.

    Raises: babel.messages.pofile.PoFileError when a catalogue cannot be read.
    """
    # Babel is a build tool: it is not there while the set-up program only looks for work.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    done = 0
    for source in stale(root):
        with source.open("rb") as lines:
            catalogue = read_po(lines, abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
        done += 1
    return done


if __name__ == "__main__":
    print(compile_catalogues(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()))
