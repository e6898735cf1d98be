"""Tokens that somebody made: who comes with another is turned away before a word is read."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from quenotte.kernel.enrolment import digest, plain_token

#: An order has one; the oldest is looked up again.
_MOST: Final = 2_000


class Opened:
    """Remembers the digests of tokens that were found; what was never made is not remembered.

    A token that was made stays one, whatever it is worth: each use is decided by the books.
    """

    def __init__(self, look: Callable[[str], Awaitable[bool]], most: int = _MOST) -> None:
        self._look, self._most = look, most
        self._known: OrderedDict[bytes, None] = OrderedDict()

    async def has(self, token: str) -> bool:
        """Tell whether somebody made this token. Raises: Busy."""
        key = digest(plain_token(token))
        if key not in self._known:
            if not await self._look(token):
                return False
            self._known[key] = None
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return True
