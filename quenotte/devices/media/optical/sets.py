"""Sets of discs as a carrier: images in a folder, or the discs that were burnt from them."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quenotte.devices.media.carriers import Finding, Kept, checked, digest_of
from quenotte.devices.media.errors import Absent, Damaged, Declined, Full, Otherwise, told
from quenotte.devices.media.optical import images, manifests, parity
from quenotte.devices.media.optical.manifests import Manifest
from quenotte.devices.media.optical.volumes import CAPACITIES, Piece, plan
from quenotte.devices.media.sorts import Sort

SUFFIX: Final = ".iso"
#: ``(volume, volumes)``, told before each disc is made.
Listener = Callable[[int, int], None]


class DiscSets:
    """The images of a folder. Each put makes a set of its own: a disc is never written twice."""

    def __init__(
        self,
        folder: Path,
        *,
        capacity_bytes: int = CAPACITIES["bd"],
        until: datetime | None = None,
    ) -> None:
        self._folder, self._capacity, self._until = folder, capacity_bytes, until
        self._known: dict[Path, tuple[Manifest, int] | None] = {}

    def put(self, name: str, source: Path) -> None:
        """Make a set of one file."""
        there = {one.name: one.sha256 for one in self.list()}
        sha256, _size = digest_of(source)
        if there.get(checked(name), sha256) != sha256:
            raise Otherwise(name)
        if name not in there:
            self.write([(name, source)], f"Q{len(self._manifests()) + 1:03}")

    def write(
        self,
        files: Sequence[tuple[str, Path]],
        label: str,
        *,
        progress: Listener | None = None,
    ) -> Sequence[Path]:
        """Make the images of a whole set, each read back before the next.

        Raises: NoProgram, TooSmall, Full, Damaged when an image does not read as it was made.
        """
        if self._until is not None:
            raise Declined
        manifest = _manifest_of(files, label, self._capacity)
        sources, made = dict(files), []
        for volume in range(1, manifest.volumes + 1):
            if progress is not None:
                progress(volume, manifest.volumes)
            made.append(self._image(manifest, volume, sources))
        return made

    def list(self) -> Sequence[Kept]:
        """Return what the sets announce, oldest set first."""
        return [kept for manifest in self._manifests() for kept in manifest.kept]

    def here(self) -> Sequence[str]:
        """Return the names of the files whose discs are all at hand."""
        there = {(manifest.label, volume) for manifest, volume in self._read()}
        return [
            kept.name
            for manifest in self._manifests()
            for kept in manifest.kept
            if all((manifest.label, one.volume) in there for one in manifest.of(kept.name))
        ]

    def get(self, name: str, target: Path) -> None:
        """Bring a file back, repaired where its discs are damaged."""
        found = [(one, kept) for one in self._manifests() for kept in one.kept if kept.name == name]
        if not found:
            raise Absent(name)
        manifest, kept = found[-1]
        with tempfile.TemporaryDirectory(dir=target.parent) as aside:
            draft = Path(aside) / "whole"
            with draft.open("wb") as file:
                for piece in manifest.of(name):
                    file.write(self._piece(manifest, piece, Path(aside)).read_bytes())
            if digest_of(draft) != (kept.sha256, kept.size_bytes):
                raise Damaged(name)
            draft.replace(target)

    def verify(self) -> Sequence[Finding]:
        """Read each disc whole, and look for those that are missing of a set.

        A drive holds one disc at a time: of that one alone it is told.
        """
        findings = []
        for image in self._images():
            findings += [
                Finding(one.sort, f"{image.name}: {one.name}") for one in images.check(image)
            ]
        for manifest in self._manifests() if self._folder.is_dir() else ():
            there = {volume for one, volume in self._read() if one.label == manifest.label}
            lost = set(range(1, manifest.volumes + 1)) - there
            findings += [Finding(Sort.ABSENT, name_of(manifest.label, one)) for one in sorted(lost)]
        return findings

    def count(self) -> int:
        """Return how many images or discs are there to be read."""
        return len(self._images())

    def said(self) -> tuple[Manifest, int] | None:
        """Return what the first disc says of its set, and which of it this is."""
        return next(self._read(), None)

    def images_of(self, label: str) -> Sequence[tuple[Path, Manifest, int]]:
        """Return the images of a set, in their order. Raises: Absent when one is not there."""
        found = sorted(
            (said[1], image, said[0])
            for image in self._images()
            if (said := manifest_in(image)) is not None and said[0].label == label
        )
        volumes = found[0][2].volumes if found else 1
        lost = set(range(1, volumes + 1)) - {volume for volume, _image, _manifest in found}
        if lost:
            raise Absent(name_of(label, min(lost)))
        return [(image, manifest, volume) for volume, image, manifest in found]

    def as_of(self, time: datetime) -> "DiscSets":
        """Return the sets that were there then."""
        return DiscSets(self._folder, capacity_bytes=self._capacity, until=time)

    def _image(self, manifest: Manifest, volume: int, sources: dict[str, Path]) -> Path:
        image = self._folder / name_of(manifest.label, volume)
        if image.exists():
            raise Otherwise(image.name)
        try:
            with tempfile.TemporaryDirectory(dir=self._folder) as aside:
                tree = Path(aside) / "tree"
                fill(tree, manifest, volume, sources)
                draft = Path(aside) / "image"
                images.make(tree, draft, f"{manifest.label}_{volume}")
                if draft.stat().st_size > self._capacity:
                    raise Full
                if images.check(draft):
                    raise Damaged(image.name)
                draft.replace(image)
        except OSError as error:
            told(error)
        return image

    def _images(self) -> Sequence[Path]:
        if not self._folder.is_dir():
            return [self._folder]
        return sorted(self._folder.glob(f"*{SUFFIX}"))

    def _read(self) -> Iterator[tuple[Manifest, int]]:
        """Yield what each disc says of its set, those that cannot be read left out."""
        for image in self._images():
            if image not in self._known:
                self._known[image] = manifest_in(image)
            said = self._known[image]
            if said is not None and (self._until is None or said[0].made_at <= self._until):
                yield said

    def _manifests(self) -> Sequence[Manifest]:
        """Return each set once, oldest first."""
        sets = {manifest.label: manifest for manifest, _volume in self._read()}
        return sorted(sets.values(), key=lambda one: one.made_at)

    def _piece(self, manifest: Manifest, piece: Piece, aside: Path) -> Path:
        wanted = manifest.sums[piece.path]
        for image in self._images():
            said = self._known.get(image)
            if said is None or (said[0].label, said[1]) != (manifest.label, piece.volume):
                continue
            target = aside / f"{piece.number}"
            if images.bring(image, f"/{piece.path}", target) and digest_of(target)[0] == wanted:
                return target
            return _mended(image, piece, wanted, aside)
        raise Absent(piece.name)


def name_of(label: str, volume: int) -> str:
    """Return the file name of an image."""
    return f"{label}-{volume:02}{SUFFIX}"


def manifest_in(image: Path) -> tuple[Manifest, int] | None:
    """Return what a disc says of its set; a damaged one is repaired first."""
    with tempfile.TemporaryDirectory() as aside:
        target = Path(aside) / manifests.NAME
        if images.bring(image, f"/{manifests.NAME}", target):
            try:
                return manifests.read(target.read_bytes())
            except (ValueError, OSError):
                pass
        return _mended_manifest(image, Path(aside) / "whole")


def fill(tree: Path, manifest: Manifest, volume: int, sources: dict[str, Path]) -> None:
    """Lay out what goes on one disc. Raises: OSError, NoProgram, Damaged (a source changed)."""
    tree.mkdir()
    for piece in manifest.on(volume):
        _copied(sources[piece.name], piece, tree / piece.path, manifest.sums[piece.path])
    texts = {
        manifests.NAME: manifests.written(manifest, volume),
        manifests.SUMS: manifests.sums_of(manifest, volume),
        manifests.READ_ME: manifests.read_me(manifest, volume),
    }
    for name, body in texts.items():
        (tree / name).write_bytes(body)
    parity.protect(tree, sorted(path for path in tree.rglob("*") if path.is_file()))


def repaired(image: Path, tree: Path) -> bool:
    """Copy a disc, and compute again what is damaged; tell whether all is whole."""
    images.bring(image, "/", tree)
    return (tree / parity.NAME).exists() and parity.repair(tree)


def _mended(image: Path, piece: Piece, wanted: str, aside: Path) -> Path:
    tree = aside / f"disc-{piece.volume}"
    if not tree.exists():
        repaired(image, tree)
    target = tree / piece.path
    if not target.exists() or digest_of(target)[0] != wanted:
        raise Damaged(piece.name)
    return target


def _mended_manifest(image: Path, tree: Path) -> tuple[Manifest, int] | None:
    try:
        repaired(image, tree)
        return manifests.read((tree / manifests.NAME).read_bytes())
    except (ValueError, OSError):
        return None


def _manifest_of(files: Sequence[tuple[str, Path]], label: str, capacity_bytes: int) -> Manifest:
    now = datetime.now(UTC).replace(microsecond=0)
    kept = []
    for name, path in files:
        sha256, size = digest_of(path)
        kept.append(Kept(checked(name), size, sha256, now))
    pieces = plan([(one.name, one.size_bytes) for one in kept], capacity_bytes)
    whole = {one.name: one.sha256 for one in kept}
    paths = dict(files)
    sums = {
        piece.path: whole[piece.name] if piece.of == 1 else _sum_of(paths[piece.name], piece)
        for piece in pieces
    }
    volumes = max((piece.volume for piece in pieces), default=1)
    return Manifest(checked(label), now, volumes, tuple(kept), tuple(pieces), sums)


def _parts(source: Path, piece: Piece) -> Iterator[bytes]:
    with source.open("rb") as file:
        file.seek(piece.offset)
        left = piece.size_bytes
        while left and (part := file.read(min(left, 1 << 20))):
            left -= len(part)
            yield part


def _sum_of(source: Path, piece: Piece) -> str:
    sums = hashlib.sha256()
    for part in _parts(source, piece):
        sums.update(part)
    return sums.hexdigest()


def _copied(source: Path, piece: Piece, target: Path, wanted: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    sums = hashlib.sha256()
    with target.open("wb") as file:
        for part in _parts(source, piece):
            sums.update(part)
            file.write(part)
    if sums.hexdigest() != wanted:
        raise Damaged(piece.name)
