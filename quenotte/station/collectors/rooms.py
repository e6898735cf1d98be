"""Room left on a disk, in steps: a file that comes or goes is no news."""

from typing import Final

#: From so many MiB on, steps of so many MiB; the first that fits.
_STEPS: Final = ((1 << 16, 8192), (1 << 12, 1024), (0, 64))


def free_mib(mib: int) -> int:
    """Return MiB rounded down to a step that grows with them."""
    step = next(size for least, size in _STEPS if mib >= least)
    return mib // step * step
