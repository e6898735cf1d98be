"""The commands of the provider's site."""

import os
import sys
from pathlib import Path

import click

from quenotte.config import click_words, data_folder, reach, sites
from quenotte.config.words import _

_DATA = click.option(
    "--data", "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=_(
        "Dossier de données (sinon QUENOTTE_DATA, sinon ~/quenotte-prestataire, ou "
        "~/quenotte-prestataire-demo pour la démonstration)."
    ),
)  # fmt: skip
_HOST = click.option(
    "--host", default="127.0.0.1", show_default=True, help=_("Adresse d’écoute des pages.")
)
_PORT = click.option(
    "--port", type=click.IntRange(1, 65535), default=8100, show_default=True,
    help=_("Port des pages."),
)  # fmt: skip
_AGENTS_HOST = click.option(
    "--agents-host", default="127.0.0.1", show_default=True,
    help=_("Adresse d’écoute de la porte des agents."),
)  # fmt: skip
_AGENTS_PORT = click.option(
    "--agents-port", type=click.IntRange(1, 65535), default=8101, show_default=True,
    help=_("Port de la porte des agents."),
)  # fmt: skip


@click.group(
    subcommand_metavar=click_words.french("COMMAND [ARGS]..."),
    help=_("Site du prestataire : les postes de tous ses cabinets, sans aucun patient."),
)
def provider() -> None:
    """Hold the commands of the provider."""


@provider.command(help=_("Met le site du prestataire en service : pages, agents, travail de fond."))
@_DATA
@_HOST
@_PORT
@_AGENTS_HOST
@_AGENTS_PORT
def serve(folder: Path | None, host: str, port: int, agents_host: str, agents_port: int) -> None:
    """Supervise the processes of the site."""
    _serve(_folder(folder, "quenotte-prestataire"), host, port, agents_host, agents_port)


@provider.command(help=_("Ouvre un prestataire de démonstration : 300 cabinets inventés."))
@_DATA
@_HOST
@_PORT
@_AGENTS_HOST
@_AGENTS_PORT
def demo(folder: Path | None, host: str, port: int, agents_host: str, agents_port: int) -> None:
    """Supervise the same on an invented fleet."""
    folder = _folder(folder, "quenotte-prestataire-demo")
    _serve(folder, host, port, agents_host, agents_port, is_demo=True)


@provider.command(help=_("Fait parler les machines simulées d’une démonstration ouverte."))
@_DATA
@_AGENTS_HOST
@_AGENTS_PORT
@click.option(
    "--every",
    "every_s",
    type=click.FloatRange(0, 3600),
    default=240.0,
    show_default=True,
    help=_("Secondes d’un tour : chaque machine parle une fois par tour."),
)
@click.option(
    "--rounds",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help=_("Nombre de tours ; 0 : jusqu’à Ctrl+C."),
)
@click.option(
    "--storm",
    default="",
    metavar="FOURNISSEUR",
    help=_("Les machines derrière ce fournisseur d’accès se taisent."),
)
@click.option(
    "--antivirus-off", type=click.IntRange(0), default=0, show_default=True,
    help=_("Nombre de postes qui disent leur antivirus arrêté."),
)  # fmt: skip
def simulate(
    folder: Path | None,
    agents_host: str,
    agents_port: int,
    every_s: float,
    rounds: int,
    storm: str,
    antivirus_off: int,
) -> None:
    """Let the machines of an open demo speak."""
    _folder(folder, "quenotte-prestataire-demo")
    sites.choose(sites.PROVIDER)
    from quenotte.config.provider import simulating

    sys.exit(
        simulating.run(
            agents_host, agents_port,
            every_s=every_s, rounds=rounds, storm=storm, antivirus_off=antivirus_off,
        )
    )  # fmt: skip


def _folder(folder: Path | None, name: str) -> Path:
    if folder is None and "QUENOTTE_DATA" not in os.environ:
        folder = Path.home() / name
    data_folder.use(folder)
    found = data_folder.default_folder()
    os.environ["QUENOTTE_DATA"] = str(found)
    return found


def _serve(
    folder: Path, host: str, port: int, agents_host: str, agents_port: int, *, is_demo: bool = False
) -> None:
    from quenotte.config import supervisor

    # The environment may name the practice's site: these commands are not of it.
    sites.choose(sites.PROVIDER)
    # The page of the tokens names the door.
    os.environ["QUENOTTE_AGENTS_PORT"] = str(agents_port)
    for place in (host, agents_host):
        reach.refuse_open_http(place)
    reach.refuse_bare_agents(agents_host, is_demo=is_demo)
    options = supervisor.Options(
        folder=folder,
        host=host,
        port=port,
        agents_host=agents_host,
        agents_port=agents_port,
        is_demo=is_demo,
    )
    sys.exit(supervisor.serve(options))
