"""What a link may be about: rooms above say which page of theirs follows « c’est moi »."""

from collections.abc import Callable
from uuid import UUID

#: The name of the page (it takes the token), and what to do when somebody else holds the tablet.
_pages: dict[str, str] = {}
_givers: dict[str, Callable[[UUID], None]] = {}


def register(purpose: str, url_name: str, *, given_back: Callable[[UUID], None]) -> None:
    """Offer a page to the tablets; ``given_back(subject_id)`` hears « ce n’est pas moi »
    of a link that a tablet had taken.
    """
    _pages[purpose] = url_name
    _givers[purpose] = given_back


def page_of(purpose: str) -> str:
    """Return the name of the page of a purpose. Raises: KeyError."""
    return _pages[purpose]


def give_back(purpose: str, subject_id: UUID) -> None:
    """Tell the room above that the tablet was in the wrong hands."""
    _givers[purpose](subject_id)
