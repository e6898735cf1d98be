"""Who of the provider opened what of a practice: asked by its server, told to it alone."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple, Self

from quenotte.kernel.posture.values import Fault, moment_fault, moment_of, text_fault, text_of
from quenotte.wire.reading import Trouble, Unreadable, a_list, a_whole, an_object, held, known_keys

#: More is told when it is asked again.
MOST: Final = 200
_LARGEST: Final = 2**53
_CODE: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OpeningsAsked:
    """What the practice's server asks: who opened what since an instant of the provider's clock.

    None: since ever. Openings of that instant are told again; their numbers tell them apart.
    """

    KIND: ClassVar = "openings_asked"
    VERSION: ClassVar = 1

    since: datetime | None = None

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {"since": self.since and text_of(self.since)}

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, {"since"})
        return cls(None if body["since"] is None else _moment(body["since"], "since"))


class Opened(NamedTuple):
    """One opening. ``number``: the provider's own, which never comes again for something else.

    ``at`` is aware, by the provider's clock. ``who``: the technician's name. ``what``: a code of
    ours. ``about``: the name of the machine, "" when it was more than one, or none. ``machines``:
    how many were shown.
    """

    number: int
    at: datetime
    who: str
    what: str
    about: str = ""
    machines: int = 0

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {**self._asdict(), "at": text_of(self.at)}

    @classmethod
    def read(cls, found: object, where: str) -> Self:
        """Read it. Raises: Unreadable."""
        body = an_object(found, where)
        known_keys(body, set(cls._fields), where=where)
        held(text_fault("who", body["who"]), f"{where}.who")
        held(text_fault("machine.name", body["about"]), f"{where}.about")
        if not isinstance(body["what"], str) or not _CODE.fullmatch(body["what"]):
            raise Unreadable(Fault.WRONG_TYPE, f"{where}.what")
        return cls(
            a_whole(body["number"], f"{where}.number", _LARGEST),
            _moment(body["at"], f"{where}.at"),
            body["who"],
            body["what"],
            body["about"],
            a_whole(body["machines"], f"{where}.machines", _LARGEST),
        )


@dataclass(frozen=True, slots=True)
class Openings:
    """The answer: the openings since, the oldest first, and ``MOST`` of them at most."""

    KIND: ClassVar = "openings"
    VERSION: ClassVar = 1

    rows: tuple[Opened, ...] = ()

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {"rows": [one.body() for one in self.rows]}

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, {"rows"})
        told = a_list(body["rows"], "rows", MOST)
        rows = tuple(Opened.read(one, f"rows[{number}]") for number, one in enumerate(told))
        if len({one.number for one in rows}) < len(rows):
            raise Unreadable(Trouble.TWICE, "rows")
        return cls(rows)


def _moment(value: object, where: str) -> datetime:
    held(moment_fault(where, value), where)
    return moment_of(str(value))
