"""How long nobody touched a machine, in steps: a minute more is no news."""

from typing import Final

_STEPS_S: Final = (0, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600)


def idle_s(seconds: float) -> int:
    """Return the last step that is over, in seconds."""
    return max(step for step in _STEPS_S if step <= max(seconds, 0))
