"""Files kept between two snapshots: each is one blob, found again by the hash that names it.

Nothing refers to it until the next snapshot does, which then finds it stored already. Stock restic
checks such a repository without a complaint.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from quenotte.devices.repository.blobs import BlobWriter
from quenotte.devices.repository.indexes import Index
from quenotte.devices.repository.packs import CONTENT
from quenotte.devices.repository.sealing import MasterKey
from quenotte.devices.repository.store import Store

#: Larger files wait for the next snapshot: in one piece they would fill the memory. Bytes.
LARGEST_BYTES: Final = 16 << 20


def keep_files(store: Store, key: MasterKey, paths: Iterable[Path]) -> int:
    """Keep whole files as blobs of a repository; return how many. Durable when this returns.

    The index is not read: who calls knows that they are new.

    Raises: Full, Refused, Unreachable; OSError when a file cannot be read.
    """
    blobs, count = BlobWriter(store, key, Index()), 0
    for path in paths:
        if 0 < path.stat().st_size <= LARGEST_BYTES:
            blobs.put(CONTENT, path.read_bytes())
            count += 1
    blobs.finish()
    return count
