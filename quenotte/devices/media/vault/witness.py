"""Remembers how far a vault's log went, so that the vault cannot rewrite it unseen.

Kept outside the vault: how many lines there were, the hash of the last one and where it ended.
Next time only what follows is asked for; each line holds the hash of the one before, so the first
new one proves all the old ones.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

from quenotte.devices.media.vault.ledger import Chain, LogDamaged

#: Returns the log from a byte on (bytes).
Fetch: TypeAlias = Callable[[int], bytes]


def look(fetch: Fetch, memory: Path, *, whole: bool = False) -> Chain:
    """Follow what came since the last look, and remember it.

    ``whole``: read the log from its first line again, which shows a log that tells its witness
    another tale than it keeps.

    Raises: LogDamaged when the log contradicts what is remembered (nothing is remembered then).
    """
    known = recalled(memory)
    chain = Chain() if whole else Chain(**asdict(known))
    data = fetch(chain.offset)
    if data and not data.endswith(b"\n"):
        raise LogDamaged(chain.number + 1)
    for line in data.split(b"\n")[:-1]:
        chain.follow(line)
        if chain.number == known.number and chain.head != known.head:
            raise LogDamaged(chain.number)
    if chain.number < known.number:
        raise LogDamaged(chain.number + 1)
    with copy_of(memory).open("wb" if whole else "ab") as stream:
        # A kill between the two files leaves more here than was remembered.
        stream.truncate(0 if whole else known.offset)
        stream.write(data)
    _remember(memory, chain)
    return chain


def copy_of(memory: Path) -> Path:
    """Return where the log itself is kept: it mends the vault's own, should that be damaged."""
    return memory.with_name(f"{memory.name}.log")


def recalled(memory: Path) -> Chain:
    """Return what is remembered; the beginning when there is nothing."""
    try:
        return Chain(**json.loads(memory.read_bytes()))
    except FileNotFoundError:
        return Chain()


def _remember(memory: Path, chain: Chain) -> None:
    draft = memory.with_name(f".{memory.name}.part")
    draft.write_text(json.dumps(asdict(chain)), "utf-8")
    draft.replace(memory)
