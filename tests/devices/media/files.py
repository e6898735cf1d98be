"""Repositories whose content does not matter here."""

import hashlib
from pathlib import Path

from quenotte.devices.repository.folder import FolderStore


def a_repository(folder: Path, seed: bytes = b"lilas", packs: int = 1) -> FolderStore:
    """Return a store with a config, one file of each kind and so many packs."""
    store = FolderStore(folder)
    store.prepare()
    store.put("config", "", b"config of " + seed)
    bodies = [("keys", b"key"), ("index", b"index"), ("snapshots", b"snapshot")]
    bodies += [("data", b"pack %d " % number * 100) for number in range(packs)]
    for kind, body in bodies:
        store.put(kind, hashlib.sha256(body + seed).hexdigest(), body + seed)
    return store
