"""Our side of `bench.backups.speed`: one step in a process of its own, as a command would be."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import restore
from quenotte.devices.repository.writing import Source, save


def main(place: str, step: str, path: str = "") -> None:
    """Do one step: ``begin``, ``save`` a folder, or ``restore`` the newest into one."""
    store, passphrase = FolderStore(place), os.environ["RESTIC_PASSWORD"]
    if step == "begin":
        Repository.create(store, passphrase, host="bench", user="bench")
        return
    repository = Repository.open(store, passphrase)
    if step == "restore":
        restore(repository, repository.snapshots()[-1], Path(path))
        return
    folder = Path(path)
    sources = [
        Source("practice/db.sqlite3", folder / "db.sqlite3", Chunking.PAGES),
        Source("practice/pictures", folder / "pictures"),
    ]
    save(repository, sources, time=datetime.now(UTC), host="bench")


if __name__ == "__main__":
    main(*sys.argv[1:])
