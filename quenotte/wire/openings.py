"""Who of the provider opened what of a practice: asked by its server, told to it alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple, Self

from quenotte.kernel.posture.values import Fault, moment_fault, moment_of, text_fault, text_of
from quenotte.wire.messages import Renewal
from quenotte.wire.reading import Trouble, Unreadable, a_list, a_whole, an_object, held, known_keys

#: More is told when it is asked again.
MOST: Final = 200
_LARGEST: Final = 2**53
_CODE: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)


def _renewed(body: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a question of the first version, which named an instant alone."""
    known_keys(body, {"since"})
    return {"after": 0, **body}


@dataclass(frozen=True, slots=True)
class OpeningsAsked:
    """What the practice's server asks: who opened what, by the provider's own numbers of it.

    ``after``: those of greater numbers; 0: all. ``since``: of former releases, an aware instant of
    the provider's clock, which may leap; None: since ever.
    """

    KIND: ClassVar = "openings_asked"
    VERSION: ClassVar = 2
    FORMER: ClassVar[Mapping[int, Renewal]] = {1: _renewed}

    after: int = 0
    since: datetime | None = None

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {"after": self.after, "since": self.since and text_of(self.since)}

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, {"after", "since"})
        return cls(
            a_whole(body["after"], "after", _LARGEST),
            None if body["since"] is None else _moment(body["since"], "since"),
        )


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
    """The answer: those that were asked for, the first first, and ``MOST`` of them at most."""

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
