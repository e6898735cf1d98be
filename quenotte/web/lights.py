"""The three lights of the top bar: they tell the truth or say that nobody feeds them yet."""

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
    """A light with its place in the top bar."""

    key: str
    label: str | Promise
    icon: str
    state: Light


Source = Callable[[HttpRequest], Light]

_PLACES = (
    ("backup", _("Sauvegarde"), "hard-drive"),
    ("security", _("Sécurité"), "shield"),
    ("messages", _("Messages"), "mail"),
)
_NOT_SET_UP = Light(Level.UNSET, _("non configuré"))
_sources: dict[str, Source] = {}


def register(key: str, source: Source) -> None:
    """Feed a light: ``key`` is "backup", "security" or "messages".

    Raises: ValueError for a light that does not exist.
    """
    if key not in {place[0] for place in _PLACES}:
        raise ValueError(key)
    _sources[key] = source


def lights_for(request: HttpRequest) -> list[ShownLight]:
    """Return the three lights with their present state."""
    return [
        ShownLight(key, label, icon, _sources[key](request) if key in _sources else _NOT_SET_UP)
        for key, label, icon in _PLACES
    ]
