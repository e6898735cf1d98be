"""Which lot of the stock a typed number means."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from quenotte.kernel.names import fold

#: A number so long is of one lot; a shorter one must go with the name of its article.
_TELLING: Final = 4


def lot_meant(number: str, name: str, known: Iterable[tuple[UUID, str]]) -> UUID | None:
    """Return the lot that a typed number means; None when that leaves a doubt.

    ``known`` are the lots of the stock with this number, each with the name of its article;
    ``name`` is what was typed beside it.
    """
    lots = dict(known)
    named = [one for one, article in lots.items() if _telling(name) & _telling(article)]
    sure = named or (list(lots) if len("".join(number.split())) >= _TELLING else [])
    return sure[0] if len(sure) == 1 else None


def _telling(name: str) -> set[str]:
    return {word for word in fold(name).split() if len(word) > 2}
