"""Reading and writing any message: its kind and its version first, then its own fields."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Protocol, Self, TypeAlias, TypeVar

from quenotte.wire.reading import Trouble, Unreadable, canonical, decoded

_ENVELOPE: Final = ("kind", "version")


class Message(Protocol):
    """What crosses. ``VERSION`` grows when a field comes, goes or changes its meaning.

    A kind that former releases send otherwise says so by ``FORMER``: versions, and what makes the
    fields of each into those of today. Who receives is renewed first: nobody reads what is newer.
    """

    KIND: ClassVar[str]
    VERSION: ClassVar[int]

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON, without its kind and version."""
        ...

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        ...


#: Makes the fields of a former version into those of today. Raises: Unreadable.
Renewal: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

M = TypeVar("M", bound=Message)


def write(message: Message) -> bytes:
    """Return a message as it crosses. Raises: Unreadable, when the other side would refuse it."""
    try:
        raw = canonical({"kind": message.KIND, "version": message.VERSION, **message.body()})
    except (TypeError, ValueError) as error:
        raise Unreadable(Trouble.NOT_JSON) from error
    read(raw, type(message))
    return raw


def read(raw: bytes, *kinds: type[M]) -> M:
    """Return a message of one of some kinds. Raises: Unreadable, and nothing else."""
    body = decoded(raw)
    kind = next((one for one in kinds if body.get("kind") == one.KIND), None)
    if kind is None:
        raise Unreadable(Trouble.WRONG_KIND)
    return kind.of(_of_today(kind, body))


def _of_today(kind: type[M], body: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a message as this release has them. Raises: Unreadable."""
    version = body.get("version")
    fields = {name: value for name, value in body.items() if name not in _ENVELOPE}
    if type(version) is int and version == kind.VERSION:
        return fields
    former: Mapping[int, Renewal] = getattr(kind, "FORMER", {})
    renewed = former.get(version) if type(version) is int else None
    if renewed is None:
        raise Unreadable(Trouble.UNKNOWN_VERSION)
    return renewed(fields)
