"""The lights of the practice: they tell the truth or say that nobody feeds them yet.

Three are in the top bar of every page; the page of the gestionnaire shows all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Level(StrEnum):
    """What a light says; ``UNSET`` means that no source exists, never that all is well."""

    OK = "ok"
    ATTENTION = "attention"
    DANGER = "danger"
    UNSET = "unset"


@dataclass(frozen=True)
class Light:
    """The state of one light: colour, words, and where to act."""

    level: Level
    text: str | Promise
    url: str = ""


@dataclass(frozen=True)
class ShownLight:
    """A light with its name; ``is_on_top``: it is one of the top bar."""

    key: str
    label: str | Promise
    icon: str
    state: Light
    is_on_top: bool = True


Source = Callable[[HttpRequest], Light]

_PLACES = (
    ("backup", _("Sauvegarde"), "hard-drive", True),
    ("security", _("Sécurité"), "shield", True),
    ("messages", _("Messages"), "mail", True),
    ("pictures", _("Images"), "images", False),
    ("server", _("Serveur"), "server", False),
)
_NOT_SET_UP = Light(Level.UNSET, _("non configuré"))
#: What is known outweighs what nobody feeds; what is wrong outweighs what is well.
_RANK = {Level.UNSET: 0, Level.OK: 1, Level.ATTENTION: 2, Level.DANGER: 3}
_sources: dict[str, list[Source]] = {}
_hidden: set[str] = set()


def hide() -> None:
    """Show none of them: on a site of which they tell nothing."""
    _hidden.update(place[0] for place in _PLACES)


def register(key: str, source: Source) -> None:
    """Feed a light: ``key`` is one of backup, security, messages, pictures, server.

    Several rooms may feed one light: the worst of what they say is shown, the first room's
    when they agree. The source of a light of the top bar is asked by every page: it keeps its
    answer for a while (``remembered.ForAWhile``). Raises: ValueError for a light that does not
    exist.
    """
    if key not in {place[0] for place in _PLACES}:
        raise ValueError(key)
    _sources.setdefault(key, []).append(source)


def lights_for(request: HttpRequest) -> list[ShownLight]:
    """Return the three lights of the top bar with their present state."""
    return [_shown(request, place) for place in _PLACES if place[3] and place[0] not in _hidden]


def all_lights_for(request: HttpRequest) -> list[ShownLight]:
    """Return every light with its present state."""
    return [_shown(request, place) for place in _PLACES]


def _shown(request: HttpRequest, place: tuple[str, str | Promise, str, bool]) -> ShownLight:
    key, label, icon, is_on_top = place
    sources = _sources.get(key, []) if request.user.is_authenticated else []
    said = [source(request) for source in sources]
    state = max(said, key=lambda light: _RANK[light.level], default=_NOT_SET_UP)
    return ShownLight(key, label, icon, state, is_on_top)
