"""Whether a mounted medium is one that Quenotte writes backups on.

Its marker is signed by a key of the practice's server alone: here it is only seen to be there,
which is enough to say what was left plugged, and is trusted for nothing else.
"""

from pathlib import Path
from typing import Final

#: Where the marker lies: ``devices.media.disks.markers``, which is not read here, for it stands on
#: a library of ciphers that a companion does without.
MARK: Final = ("QUENOTTE", "disque.json")


def is_ours(mount: Path) -> bool:
    """Tell whether a medium bears our mark."""
    try:
        return mount.joinpath(*MARK).is_file()
    except OSError:
        return False


def named(model: str, *, is_ours: bool) -> str:
    """Return how a medium is told: by its maker and model, ours by our name before it."""
    return f"Quenotte ({model[:100]})" if is_ours else model
