"""The provider's door writes down that it listens: when it does not, nobody's silence counts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

logger = logging.getLogger(__name__)

_Say: TypeAlias = Callable[[], Awaitable[None]]
#: How often, in seconds; a few that are lost are no gap (``kernel.posture.hearing.AFTER``).
EVERY_S: Final = 60.0
#: A database that hangs does not keep the door from opening, in seconds.
_WITHIN_S: Final = 10.0


async def keep_saying(say: _Say, *, every_s: float = EVERY_S) -> None:
    """Say it again and again until cancelled; what cannot be written now is, the next time."""
    while True:
        await asyncio.sleep(every_s)
        await say_once(say)


async def say_once(say: _Say) -> None:
    """Say it, and go on whatever becomes of it: a door that cannot write it down still hears."""
    try:
        await asyncio.wait_for(say(), _WITHIN_S)
    except Exception as error:  # noqa: BLE001 - the kind alone is written down
        logger.warning("the door could not say that it listens: %s", type(error).__name__)
