"""Where the bytes lie: the data folder, or any storage that django-storages speaks to."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from quenotte.base.files import disk, rescue
from quenotte.base.files.rules import blob_name, is_digest


class Shelf(Protocol):
    """A place for immutable bytes named by their digest."""

    def put(self, part: Path, sha256: str) -> None:
        """Take a finished, synchronised file; it is gone from ``part`` afterwards."""

    def local_path(self, sha256: str) -> Path | None:
        """Return a file of this machine with these bytes; None when they are missing."""

    def open_original(self, sha256: str) -> BinaryIO | None:
        """Open what is really kept, past any cache; None when it is missing."""

    def size_bytes(self, sha256: str) -> int | None:
        """Return the length of what is kept under this digest; None when it is missing."""

    def digests(self) -> Iterator[str]:
        """Return every digest under which something is kept."""

    def sizes(self) -> Iterator[tuple[str, int | None]]:
        """Return these digests with the length of what is kept, None where it takes a question."""

    def remove(self, sha256: str) -> None:
        """Let go of what is kept under a digest, if anything is. Raises: OSError."""


class LocalShelf:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, part: Path, sha256: str) -> None:
        """Rename the file to its place."""
        disk.put_in_place(part, self.root, sha256)

    def local_path(self, sha256: str) -> Path | None:
        """Return the file itself, brought back first when its practice is coming back."""
        path = self.root / blob_name(sha256)
        return path if path.is_file() else rescue.brought_back(sha256, self.root)

    def open_original(self, sha256: str) -> BinaryIO | None:
        """Open the file."""
        path = self.root / blob_name(sha256)
        return path.open("rb") if path.is_file() else None

    def size_bytes(self, sha256: str) -> int | None:
        """Return the length of the file."""
        path = self.root / blob_name(sha256)
        return path.stat().st_size if path.is_file() else None

    def digests(self) -> Iterator[str]:
        """Walk the folder in order."""
        for path in sorted(self.root.glob("??/??/*")):
            if is_digest(path.name):
                yield path.name

    def sizes(self) -> Iterator[tuple[str, int | None]]:
        """Walk the folder in order."""
        for sha256 in self.digests():
            yield sha256, self.size_bytes(sha256)

    def remove(self, sha256: str) -> None:
        """Remove the file."""
        disk.remove(self.root / blob_name(sha256))


class RemoteShelf:
    """A storage elsewhere (S3); what is read stays in a cache folder of this machine."""

    def __init__(self, storage: Storage, cache_root: Path) -> None:
        self.storage = storage
        self.cache_root = cache_root

    def put(self, part: Path, sha256: str) -> None:
        """Send the file, unless the same bytes are already there; keep it in the cache."""
        if self.size_bytes(sha256) != part.stat().st_size:
            self._send(part, sha256)
        self.cache_root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if disk.same_disk(part, self.cache_root):
            disk.put_in_place(part, self.cache_root, sha256)
        else:
            part.unlink()

    def local_path(self, sha256: str) -> Path | None:
        """Return the cached file, fetched (and checked) first when it is not there."""
        cached = self.cache_root / blob_name(sha256)
        if cached.is_file():
            return cached
        return self._fetch(sha256)

    def open_original(self, sha256: str) -> BinaryIO | None:
        """Fetch the object, whatever the cache holds."""
        name = blob_name(sha256)
        if not self.storage.exists(name):
            return None
        return cast("BinaryIO", self.storage.open(name))

    def size_bytes(self, sha256: str) -> int | None:
        """Ask the storage for the length."""
        name = blob_name(sha256)
        return self.storage.size(name) if self.storage.exists(name) else None

    def digests(self) -> Iterator[str]:
        """List the storage, two levels of folders down."""
        for first in sorted(self.storage.listdir("")[0]):
            for second in sorted(self.storage.listdir(first)[0]):
                for name in sorted(self.storage.listdir(f"{first}/{second}")[1]):
                    if is_digest(name):
                        yield name

    def sizes(self) -> Iterator[tuple[str, int | None]]:
        """List the storage, which tells of no length."""
        for sha256 in self.digests():
            yield sha256, None

    def remove(self, sha256: str) -> None:
        """Remove the object, and what the cache holds of it. Raises: OSError, whatever refused."""
        disk.remove(self.cache_root / blob_name(sha256))
        name = blob_name(sha256)
        try:
            if self.storage.exists(name):
                self.storage.delete(name)
        except OSError:
            raise
        except Exception as error:
            # Each kind of storage has errors of its own client, which no caller of ours knows.
            raise OSError(f"the storage does not let go: {type(error).__name__}") from error

    def _send(self, part: Path, sha256: str) -> None:
        name = blob_name(sha256)
        if self.storage.exists(name):
            self.storage.delete(name)
        with part.open("rb") as stream:
            self.storage.save(name, File(stream, name=name))

    def _fetch(self, sha256: str) -> Path | None:
        stream = self.open_original(sha256)
        if stream is None:
            return None
        self.cache_root.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = disk.new_part(self.cache_root)
        with stream, disk.removed_on_failure(part):
            found, _size = disk.copy_to_part(stream, part)
            if found == sha256:
                return disk.put_in_place(part, self.cache_root, sha256)
        part.unlink()
        return None


def shelf() -> Shelf:
    """Return where the settings say that blobs lie."""
    storage = storages["blobs"]
    if isinstance(storage, FileSystemStorage):
        root = Path(storage.location)
        return LocalShelf(root)
    return RemoteShelf(storage, settings.DATA_DIR / "cache" / "blobs")
