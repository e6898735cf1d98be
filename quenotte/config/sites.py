"""Two sites of one code base: what each of them runs, and what makes its database ready.

Which one this process belongs to is told by its settings; a child inherits them.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Final

from quenotte.config.words import _

if TYPE_CHECKING:
    from quenotte.config.agents.door import Door

#: Called with a French sentence and the share done, from 0.0 to 1.0.
Progress = Callable[[str, float], None]
#: Works beside the jobs until the event is set.
Background = Callable[[Event], None]

_SETTINGS: Final = "DJANGO_SETTINGS_MODULE"


@dataclass(frozen=True)
class Site:
    """A site: its settings, its processes beside the pages, its own steps."""

    settings: str
    #: Children of the supervisor beside ``web``, by the names of their modules.
    children: tuple[str, ...]
    #: After the migrations, before anybody logs in.
    settle: Callable[[], None]
    #: Fills an empty database with invented things; returns a line for the banner.
    prepare_demo: Callable[[Progress], str]
    #: After that: what this release ships.
    load: Callable[[], None]
    #: The process that then brings what devices would.
    demo: str
    #: Tells the schedule what runs how often.
    register: Callable[[], None]
    #: What the worker does beside its jobs, by the names of the threads.
    background: Callable[[], dict[str, Background]]
    #: The door of the agents in the web process; None where it has a process of its own.
    agents: "Callable[[], Door | None]"


def _settle_practice() -> None:
    """Do again what a practice that came back must know before anybody logs in."""
    from quenotte.upkeep.restores.operations import settle_return

    settle_return()


def _load_practice() -> None:
    """Bring every practice to the catalogue of acts that this release ships."""
    from quenotte.office.catalogue.operations import load_everywhere

    load_everywhere()


def _prepare_practice(progress: Progress) -> str:
    from quenotte.config.demo import practice, staff

    practice.prepare(progress)
    return _("  Connexion    identifiant « alice », mot de passe « {password} »").format(
        password=staff.PASSWORD
    )


def _register_practice() -> None:
    from quenotte.config.clocks import practice

    practice.register()


def _background_of_practice() -> dict[str, Background]:
    from quenotte.upkeep.backups.shipping import keep_shipping
    from quenotte.upkeep.restores.operations import keep_filling

    # The files of a practice that comes from a copy (most have none to bring); those that came
    # since the last copy, as the journal sends the rows.
    return {"return": keep_filling, "files": keep_shipping}


def _agents_of_practice() -> "Door":
    from quenotte.config.agents.door import Door
    from quenotte.config.agents.own import OwnBooks

    return Door(OwnBooks())


def _settle_provider() -> None:
    """Make the months of the histories before anything is written into them."""
    from quenotte.provider.fleet.operations import make_coming_months

    make_coming_months()


def _nothing() -> None:
    """Do nothing: there is no such step."""


def _prepare_provider(progress: Progress) -> str:
    from quenotte.config.fleet_demo import parc

    parc.prepare(progress)
    words = _(
        "  Connexion    identifiant « tom », mot de passe « {password} » ; la page d’après "
        "montre le code du second facteur"
    )
    return words.format(password=parc.PASSWORD)


def _register_provider() -> None:
    from quenotte.config.clocks import provider

    provider.register()


PRACTICE: Final = Site(
    settings="quenotte.config.settings.practice",
    children=("dicom", "worker", "wal"),
    settle=_settle_practice,
    prepare_demo=_prepare_practice,
    load=_load_practice,
    demo="demo_pictures",
    register=_register_practice,
    background=_background_of_practice,
    agents=_agents_of_practice,
)
PROVIDER: Final = Site(
    settings="quenotte.config.settings.provider",
    children=("agents", "worker"),
    settle=_settle_provider,
    prepare_demo=_prepare_provider,
    load=_nothing,
    demo="demo_fleet",
    register=_register_provider,
    background=dict,
    agents=_nothing,
)


def choose(site: Site) -> None:
    """Make this process, and its children, belong to a site."""
    os.environ[_SETTINGS] = site.settings


def here() -> Site:
    """Return the site that this process belongs to; the practice's unless somebody chose."""
    chosen = os.environ.setdefault(_SETTINGS, PRACTICE.settings)
    return PROVIDER if chosen == PROVIDER.settings else PRACTICE
