"""Which folders are known to have canaries: remembered in a file, and with each copy.

Whoever deletes canaries may delete the file that knows of them; what the database remembers of the
copies still tells that they were there.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from quenotte.upkeep.guard import canaries, queries


def folders() -> list[Path]:
    """Return where canaries lie."""
    data = Path(settings.DATA_DIR)
    return [data, data / "blobs"]


def planted() -> list[Path]:
    """Return the folders that are known to have had canaries."""
    names = _written() | _copied()
    return [one for one in folders() if _named(one) in names]


def plant() -> None:
    """Put canaries where there never were any: deleted ones are not put back unseen.

    Raises: OSError.
    """
    known = planted()
    fresh = [one for one in folders() if one not in known and one.is_dir()]
    for folder in fresh:
        canaries.plant(folder)
    if fresh or not _path().is_file():
        _remember([*known, *fresh])


def plant_anew() -> None:
    """Put canaries where there are none: this folder is one that was just made of a copy.

    Raises: OSError.
    """
    there = [one for one in folders() if one.is_dir()]
    for folder in there:
        canaries.plant(folder)
    _remember(there)


def renew() -> None:
    """Put whole canaries everywhere: whoever asks for it knows what touched the old ones."""
    there = [one for one in folders() if one.is_dir()]
    for folder in there:
        with suppress(OSError):
            canaries.renew(folder)
    with suppress(OSError):
        _remember([*planted(), *there])


def mark() -> list[str]:
    """Return what a copy remembers: the folders that have canaries, in this very data folder.

    One that is made of the copy elsewhere has none yet, and misses none.
    """
    return sorted(f"{_here()} {_named(one)}" for one in planted())


def _copied() -> set[str]:
    """Return what the last copies remember of this very data folder."""
    here = _here()
    marks = [one.split(" ", 1) for one in queries.canaries_remembered()]
    return {name for folder, name in marks if folder == here}


def _written() -> set[str]:
    """Return what the file remembers; each folder there is when somebody made it unreadable."""
    try:
        return set(_path().read_text("utf-8").split())
    except FileNotFoundError:
        return set()
    except (OSError, UnicodeDecodeError):
        return {_named(one) for one in folders() if one.is_dir()}


def _remember(known: Iterable[Path]) -> None:
    path = _path()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("\n".join(sorted({_named(one) for one in known})), "utf-8")
    part.replace(path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "run" / "canaries"


def _here() -> str:
    """Return what tells this data folder from one that was made of a copy elsewhere."""
    return str(Path(settings.DATA_DIR).stat().st_ino)


def _named(folder: Path) -> str:
    return folder.relative_to(settings.DATA_DIR).as_posix()
