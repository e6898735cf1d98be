"""Reading and writing any message: its kind and its version first, then its own fields."""

from typing import Any, ClassVar, Final, Protocol, Self, TypeVar

from quenotte.wire.reading import Trouble, Unreadable, canonical, decoded

_ENVELOPE: Final = ("kind", "version")


class Message(Protocol):
    """What crosses. ``VERSION`` grows when a field comes, goes or changes its meaning."""

    KIND: ClassVar[str]
    VERSION: ClassVar[int]

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON, without its kind and version."""
        ...

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        ...


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
    version = body.get("version")
    if type(version) is not int or version != kind.VERSION:
        raise Unreadable(Trouble.UNKNOWN_VERSION)
    return kind.of({name: value for name, value in body.items() if name not in _ENVELOPE})
