"""One flipped bit on a medium: a tape's blocks, a disc's image, the files of a disk."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from quenotte.devices.media.disks.folder import FolderCarrier
from quenotte.devices.media.optical.sets import DiscSets
from quenotte.devices.media.tape.carrier import TapeCarrier
from quenotte.devices.media.tape.simulator import SimulatedTape

_FLIPS = 100


def in_tape_blocks(folder: Path) -> Iterator[bool]:
    """Flip bits anywhere on a tape: heads, files, padding, proofs."""
    path = folder / "flips.tap"
    device = SimulatedTape(path)
    tape = TapeCarrier(device)
    tape.begin("bench", [name for name, _path in _files(folder)])
    tape.put_all(_files(folder))
    device.close()

    def look() -> bool:
        again = SimulatedTape(path)
        try:
            return bool(TapeCarrier(again).verify())
        finally:
            again.close()

    yield from _flipped(path, look)


def in_discs(folder: Path) -> Iterator[bool]:
    """Flip bits anywhere in the image of a disc, where no file lies too."""
    place = folder / "flips-discs"
    place.mkdir()
    sets = DiscSets(place, capacity_bytes=4 << 20)
    (image,) = sets.write(_files(folder), "bench")
    yield from _flipped(image, lambda: bool(DiscSets(place).verify()))


def in_files_of_a_disk(folder: Path) -> Iterator[bool]:
    """Flip bits in each file of a disk, the list of files among them."""
    place = folder / "flips-disk"
    place.mkdir()
    carrier = FolderCarrier(place)
    for name, path in _files(folder):
        carrier.put(name, path)
    for path in sorted(one for one in place.rglob("*") if one.is_file()):
        yield from _flipped(path, lambda: bool(FolderCarrier(place).verify()), _FLIPS // 5)


def _files(folder: Path) -> Sequence[tuple[str, Path]]:
    dice, made = Random(11), []
    for name, size in (("keys/aa", 450), ("data/bb", 400_000), ("data/cc", 250_000)):
        path = folder / f"flips-{name.replace('/', '-')}"
        path.write_bytes(dice.randbytes(size))
        made.append((name, path))
    return made


def _flipped(path: Path, look: Callable[[], bool], flips: int = _FLIPS) -> Iterator[bool]:
    dice = Random(12)
    content = path.read_bytes()
    for _ in range(flips):
        changed = bytearray(content)
        changed[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        path.write_bytes(changed)
        yield look()
    path.write_bytes(content)
