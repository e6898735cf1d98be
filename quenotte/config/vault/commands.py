"""``quenotte vault``: hold the copies of practices without being able to read them."""

import sys
from pathlib import Path
from typing import Any

import click

from quenotte.config import click_words, console, logins
from quenotte.config.words import _
from quenotte.devices.media.vault.silences import USUAL_H

_GIB = 1 << 30
_STORE = click.option(
    "--store", required=True, type=click.Path(file_okay=False, path_type=Path),
    help=_("Dossier du coffre."),
)  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help=_("Répond en JSON."))
_PER_DAY = click.option(
    "--per-day", type=click.IntRange(1), default=256, show_default=True,
    help=_("Volume accepté par jour, en Gio."),
)  # fmt: skip
_TOTAL = click.option(
    "--total", type=click.IntRange(1), default=2048, show_default=True,
    help=_("Volume gardé en tout, en Gio."),
)  # fmt: skip
_SILENCE = click.option(
    "--silence", "silence_h", type=click.IntRange(1), default=USUAL_H, show_default=True,
    help=_("Heures sans copie après lesquelles un cabinet est dit muet."),
)  # fmt: skip
_AUTHORITY = click.option(
    "--authority", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Certificat de l’autorité du coffre, s’il l’a préparée lui-même."),
)  # fmt: skip
_REPOSITORY = click.argument("repository", metavar=_("DÉPÔT"))
_BY = click.option(
    "--by", "person", required=True, metavar=_("NOM"), help=_("Qui le demande, chez vous.")
)


@click.group(
    subcommand_metavar=click_words.french("COMMAND [ARGS]..."),
    help=_("Coffre : garder les copies de cabinets sans pouvoir les lire."),
)
def vault() -> None:
    """Hold the commands of the vault."""


@vault.command(
    short_help=_("Ouvre le coffre."),
    help=_("Ouvre le coffre : reçoit les copies, ne laisse rien effacer ni remplacer."),
)
@_STORE
@click.option("--host", default="127.0.0.1", show_default=True, help=_("Adresse d’écoute."))
@click.option("--port", type=click.IntRange(1, 65535), required=True, help=_("Port d’écoute."))
@click.option(
    "--certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Certificat, chaîne comprise (PEM)."),
)  # fmt: skip
@click.option(
    "--key", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Clé du certificat (PEM) ; sans elle, le fichier du certificat la contient."),
)  # fmt: skip
@click.option(
    "--tls", "name", metavar=_("NOM"),
    help=_("Sans certificat à vous : le coffre en prépare un à ce nom, avec son autorité."),
)  # fmt: skip
@_SILENCE
@click.option(
    "--alarm-command", default="", metavar=_("COMMANDE"),
    help=_(
        "Programme lancé quand un cabinet se tait et quand il revient ; QUENOTTE_VAULT_PRACTICE, "
        "_STATE (silent, back) et _SINCE le disent."
    ),
)  # fmt: skip
def serve(store: Path, **values: Any) -> None:
    """Serve a store until SIGTERM."""
    from quenotte.config.processes.vault import Options
    from quenotte.config.vault import serving

    sys.exit(serving.serve(Options(store.expanduser().resolve(), **values)))


@vault.command(
    short_help=_("Enrôle un cabinet."),
    help=_("Enrôle un cabinet : son mot de passe et son code, montrés une seule fois."),
)
@_STORE
@click.argument("name", metavar=_("CABINET"))
@_PER_DAY
@_TOTAL
@_JSON
def enrol(store: Path, name: str, per_day: int, total: int, as_json: bool) -> None:
    """Make a practice known."""
    from quenotte.config.vault import people

    sys.exit(people.enrol(store, name, per_day * _GIB, total * _GIB, as_json=as_json))


@vault.command(
    short_help=_("Donne un autre mot de passe à un cabinet."),
    help=_("Donne à un cabinet un autre mot de passe ; l’ancien n’ouvre plus rien."),
)
@_STORE
@click.argument("name", metavar=_("CABINET"))
@_JSON
def password(store: Path, name: str, as_json: bool) -> None:
    """Replace the password of a practice."""
    from quenotte.config.vault import people

    sys.exit(people.renew_password(store, name, as_json=as_json))


@vault.command(help=_("Change le volume convenu avec un cabinet."))
@_STORE
@click.argument("name", metavar=_("CABINET"))
@_PER_DAY
@_TOTAL
@click.option(
    "--repositories", type=click.IntRange(1, 1_000), default=64, show_default=True,
    help=_("Combien de dépôts au plus : un par an, et de quoi en commencer d’autres."),
)  # fmt: skip
def allow(store: Path, name: str, per_day: int, total: int, repositories: int) -> None:
    """Change the allowance of a practice."""
    from quenotte.config.vault import people

    sys.exit(people.allow(store, name, per_day * _GIB, total * _GIB, repositories))


@vault.command(
    short_help=_("Change après combien d’heures un cabinet est dit muet."),
    help=_("Change après combien d’heures sans copie un cabinet est dit muet ; 0 : jamais."),
)
@_STORE
@click.argument("name", metavar=_("CABINET"))
@click.option(
    "--hours", type=click.IntRange(0), help=_("Sans cette option : comme les autres cabinets.")
)
def watch(store: Path, name: str, hours: int | None) -> None:
    """Change when a practice is missed."""
    from quenotte.config.vault import people

    sys.exit(people.watch(store, name, hours))


@vault.command(
    short_help=_("Clôt la cérémonie : les clés sont closes."),
    help=_("Clôt la cérémonie d’un dépôt : ses clés ne changent plus."),
)
@_STORE
@_REPOSITORY
@_BY
def close(store: Path, repository: str, person: str) -> None:
    """Freeze the keys of a repository."""
    from quenotte.config.vault import wishes

    sys.exit(wishes.close(store, repository, person))


@vault.command(
    short_help=_("Demande de nouvelles clés pour un jour."),
    help=_("Demande à rouvrir la cérémonie un jour ; le cabinet doit y consentir avec son code."),
)
@_STORE
@_REPOSITORY
@_BY
def reopen(store: Path, repository: str, person: str) -> None:
    """Give the provider's word for new keys."""
    from quenotte.config.vault import wishes

    sys.exit(wishes.ask_reopening(store, repository, person))


@vault.command(
    short_help=_("Demande le départ d’un dépôt."),
    help=_(
        "Demande à laisser partir un dépôt ; le cabinet y consent avec son code, puis quatorze "
        "jours passent. « --finish » l’efface ensuite."
    ),
)
@_STORE
@_REPOSITORY
@_BY
@click.option("--finish", is_flag=True, help=_("Les quatorze jours sont passés : effacer."))
def retire(store: Path, repository: str, person: str, finish: bool) -> None:
    """Give the provider's word, or let the repository go."""
    from quenotte.config.vault import wishes

    act = wishes.finish_retirement if finish else wishes.ask_retirement
    sys.exit(act(store, repository, person))


@vault.command(
    short_help=_("Annule ce qui était demandé."),
    help=_("Annule ce qui était demandé pour un dépôt (départ, réouverture)."),
)
@_STORE
@_REPOSITORY
@_BY
def cancel(store: Path, repository: str, person: str) -> None:
    """Take the words back."""
    from quenotte.config.vault import wishes

    sys.exit(wishes.cancel(store, repository, person))


@vault.command(
    short_help=_("Donne l’accord du cabinet, de chez lui."),
    help=_("Côté cabinet : consent avec le code sur papier, ou annule (« cancel »)."),
)
@click.argument("url", metavar=_("ADRESSE"), callback=logins.seen)
@click.argument("wish", type=click.Choice(["retire", "reopen", "cancel"]), metavar=_("QUOI"))
@click.option(
    "--code", "code_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Fichier qui contient le code (sinon il est demandé)."),
)  # fmt: skip
@logins.option
@_AUTHORITY
def agree(
    url: str, wish: str, code_file: Path | None, password_file: Path | None, authority: Path | None
) -> None:
    """Give the practice's word over the network."""
    from quenotte.config.vault import consent

    url = _complete(url, password_file)
    code = ""
    if wish != "cancel":
        typed = code_file.read_text("utf-8") if code_file else click.prompt(_("Code"))
        code = str(typed).strip()
    sys.exit(consent.send(url, wish, code, authority))


@vault.command(
    short_help=_("Vérifie, de chez le cabinet, que rien n’est réécrit."),
    help=_(
        "Côté cabinet : suit le journal de réception du coffre depuis la dernière fois, et dit si "
        "quelque chose d’antérieur a été réécrit."
    ),
)
@click.argument("url", metavar=_("ADRESSE"), callback=logins.seen)
@click.option(
    "--memory", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help=_("Fichier où la tête du journal est retenue."),
)  # fmt: skip
@click.option("--whole", is_flag=True, help=_("Relit le journal depuis sa première ligne."))
@logins.option
@_AUTHORITY
@_JSON
def witness(
    url: str,
    memory: Path,
    whole: bool,
    password_file: Path | None,
    authority: Path | None,
    as_json: bool,
) -> None:
    """Compare the log with what is remembered of it."""
    from quenotte.config.vault import witnessing

    url = _complete(url, password_file)
    sys.exit(witnessing.look(url, memory, authority, whole=whole, as_json=as_json))


@vault.command(
    short_help=_("Remet en état un journal abîmé."),
    help=_(
        "Remet en état le journal de réception d’un dépôt, abîmé par le disque ; la copie que le "
        "cabinet en garde (« witness ») le rend entier."
    ),
)
@_STORE
@_REPOSITORY
@_BY
@click.option(
    "--log", "copy", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Copie du journal gardée par le cabinet."),
)  # fmt: skip
def mend(store: Path, repository: str, person: str, copy: Path | None) -> None:
    """Make a damaged log good again."""
    from quenotte.config.vault import wishes

    sys.exit(wishes.mend(store, repository, person, copy))


@vault.command(
    short_help=_("Vérifie journaux et objets."),
    help=_("Vérifie les journaux de réception et la présence de chaque objet."),
)
@_STORE
@click.option("--read-data", is_flag=True, help=_("Relit aussi chaque objet en entier."))
@_JSON
def verify(store: Path, read_data: bool, as_json: bool) -> None:
    """Follow the logs and look at the objects."""
    from quenotte.config.vault import looks

    sys.exit(looks.verify(store, read_data=read_data, as_json=as_json))


@vault.command(
    short_help=_("Donne la tête de chaque journal."),
    help=_("Donne la tête du journal de chaque dépôt, à garder hors du coffre."),
)
@_STORE
@_JSON
def heads(store: Path, as_json: bool) -> None:
    """Say what a witness remembers."""
    from quenotte.config.vault import looks

    sys.exit(looks.heads(store, as_json=as_json))


@vault.command(
    short_help=_("Montre dépôts, demandes, refus et silences."),
    help=_(
        "Montre les dépôts, ce qui est demandé, ce que le coffre a refusé, et quels cabinets se "
        "taisent. Sort avec 1 quand un cabinet se tait."
    ),
)
@_STORE
@_SILENCE
@_JSON
def status(store: Path, silence_h: int, as_json: bool) -> None:
    """Say how the vault stands."""
    from quenotte.config.vault import looks

    sys.exit(looks.status(store, silence_h, as_json=as_json))


def _complete(url: str, file: Path | None) -> str:
    try:
        return logins.complete(url, file)
    except logins.UnreadablePassword as refusal:
        console.complain(str(refusal))
        sys.exit(2)
