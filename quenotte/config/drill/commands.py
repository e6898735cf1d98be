"""``quenotte drill``: the worst night, in a folder of its own."""

import sys

import click

from quenotte.config import click_words
from quenotte.config.words import _

VARIANTS = (
    "fast", "slow", "sixteenth", "rows", "bitrot", "vault-lost", "disk-lost", "share-missing",
)  # fmt: skip


@click.group(
    subcommand_metavar=click_words.french("COMMAND [ARGS]..."),
    help=_("Exercices : le pire est joué dans un dossier à part, sans toucher au cabinet."),
)
def drill() -> None:
    """Hold the drills."""


@drill.command(
    short_help=_("Joue un rançongiciel, puis le retour depuis le papier seul."),
    help=_(
        "Joue un rançongiciel dans un dossier temporaire : un cabinet inventé, cinq postes qui "
        "écrivent, une attaque avec les droits du serveur, la machine effacée, puis le retour "
        "depuis le papier et le coffre. Un témoin compare. Le cabinet de cette machine n’est pas "
        "touché."
    ),
)
@click.option("--small", is_flag=True, help=_("Un petit cabinet, en moins d’une minute."))
@click.option(
    "--variant", type=click.Choice(VARIANTS), default="fast", show_default=True,
    help=_("L’attaque, ou ce qui manque au retour."),
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help=_("Répond en JSON."))
def ransomware(small: bool, variant: str, as_json: bool) -> None:
    """Play the attack and the return."""
    from quenotte.config.drill import running

    sys.exit(running.run(is_small=small, variant=variant, as_json=as_json))
