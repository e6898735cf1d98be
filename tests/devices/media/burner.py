"""A drive that burns, and the person who changes its discs."""

from pathlib import Path

from quenotte.devices.media.errors import ProgramFailed


class Disc:
    """A disc; what a write-once one holds stays."""

    def __init__(self, *, is_rewritable: bool = False) -> None:
        self.is_rewritable = is_rewritable
        self.content = b""


class FakeBurner:
    """A drive whose disc shows as a file. It holds one disc at a time, and none once it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._disc: Disc | None = None
        path.touch()

    def insert(self, disc: Disc) -> None:
        """Put a disc in."""
        assert self._disc is None
        self._disc = disc
        self._path.write_bytes(disc.content)

    def is_blank(self) -> bool:
        """Tell whether the disc in it holds nothing."""
        return self._disc is not None and not self._disc.content

    def burn(self, image: Path) -> None:
        """Write; a rewritable disc loses what it held."""
        if self._disc is None or (self._disc.content and not self._disc.is_rewritable):
            raise ProgramFailed("xorriso", 5, "")
        self._disc.content = image.read_bytes()
        self._path.write_bytes(self._disc.content)

    def eject(self) -> None:
        """Give the disc out."""
        self._disc = None
        self._path.write_bytes(b"")
