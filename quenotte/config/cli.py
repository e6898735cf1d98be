"""``quenotte``: the one command line. Nothing slow is imported before it is needed."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from quenotte import __version__
from quenotte.config import click_words, collector, data_folder, reach
from quenotte.config.words import _

# The descriptions below are built as they are read.
click_words.speak()

_SUBCOMMAND = click_words.french("COMMAND [ARGS]...")
_DATA = click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("Dossier de données (sinon QUENOTTE_DATA, sinon ~/quenotte)."),
)
_HOST = click.option(
    "--host", default="127.0.0.1", show_default=True, help=_("Adresse d’écoute des pages.")
)
_PORT = click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True,
    help=_("Port des pages."),
)  # fmt: skip
_DICOM_HOST = click.option(
    "--dicom-host", default="127.0.0.1", show_default=True,
    help=_("Adresse d’écoute du port DICOM."),
)  # fmt: skip
_DICOM_PORT = click.option(
    "--dicom-port", type=click.IntRange(1, 65535), default=11112, show_default=True,
    envvar="QUENOTTE_DICOM_PORT", help=_("Port DICOM."),
)  # fmt: skip


_LAN = click.option(
    "--lan", "name", is_flag=False, flag_value="", default=None, metavar=_("[NOM]"),
    help=_(
        "Ouvre au réseau du cabinet, en HTTPS, sous ce nom (sinon celui de la machine). Écoute "
        "alors sur 0.0.0.0, port 8443."
    ),
)  # fmt: skip
_TRUST_PORT = click.option(
    "--trust-port", type=click.IntRange(0, 65535), default=8080, show_default=True,
    help=_("Avec --lan : port de la page qui explique comment relier un poste (0 : aucun)."),
)  # fmt: skip


@click.group(
    subcommand_metavar=_SUBCOMMAND,
    help=_("Quenotte : le système d’information complet et libre d’un cabinet dentaire."),
)
@click.version_option(__version__, prog_name="Quenotte", message="%(prog)s %(version)s")
@_DATA
def main(folder: Path | None) -> None:
    """Hold the commands."""
    collector.look_rarely()
    # Whatever we write is for our own account alone; the children inherit this.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    data_folder.use(folder)


@main.command(help=_("Met le cabinet en service : pages, réception des images, travail de fond."))
@_DATA
@_HOST
@_PORT
@_DICOM_HOST
@_DICOM_PORT
@_LAN
@_TRUST_PORT
@click.pass_context
def serve(context: click.Context, /, folder: Path | None, **values: Any) -> None:
    """Supervise the three processes."""
    _serve(context, folder, is_demo=False, **values)


@main.command(help=_("Ouvre un cabinet de démonstration, aux patients inventés."))
@_DATA
@_HOST
@_PORT
@_DICOM_HOST
@_DICOM_PORT
@_LAN
@_TRUST_PORT
@click.pass_context
def demo(context: click.Context, /, folder: Path | None, **values: Any) -> None:
    """Supervise the three processes on a demo data folder."""
    if folder is None and "QUENOTTE_DATA" not in os.environ:
        folder = Path.home() / "quenotte-demo"
    _serve(context, folder, is_demo=True, **values)


@main.command(help=_("Lance les pages seules."))
@_DATA
@_HOST
@_PORT
@_LAN
@click.pass_context
def web(
    context: click.Context, folder: Path | None, host: str, port: int, name: str | None
) -> None:
    """Run the web process alone."""
    data_folder.use(folder)
    if name is None:
        reach.refuse_open_http(host)
    else:
        from quenotte.config import certificate_words

        host, port, _dicom_host = reach.on_network(context, host=host, port=port)
        certificate_words.open_alone(name, host=host, port=port)
    from quenotte.config.processes import web as process

    process.main(host, port)


@main.group(
    invoke_without_command=True,
    subcommand_metavar=click_words.french("[COMMAND] [ARGS]..."),
    help=_("Lance la réception des images seule ; « send » et « echo » parlent à un appareil."),
)
@_DATA
@_DICOM_HOST
@_DICOM_PORT
@click.pass_context
def dicom(context: click.Context, folder: Path | None, dicom_host: str, dicom_port: int) -> None:
    """Run the DICOM process alone, unless a sub-command is given."""
    data_folder.use(folder)
    if context.invoked_subcommand is None:
        from quenotte.config.processes import dicom as process

        process.main(dicom_host, dicom_port)


@main.command(help=_("Lance le travail de fond seul."))
@_DATA
def worker(folder: Path | None) -> None:
    """Run the worker process alone."""
    data_folder.use(folder)
    from quenotte.config.processes import worker as process

    process.main()


@main.command(help=_("Prépare ou met à jour la base de données, puis s’arrête."))
@_DATA
def migrate(folder: Path | None) -> None:
    """Apply the missing migrations."""
    data_folder.use(folder)
    from quenotte.config.preparation import prepare_here

    sys.exit(prepare_here())


@main.command(help=_("Vérifie le dossier, le disque, la base, l’horloge et les ports."))
@_DATA
@_HOST
@_PORT
@_DICOM_HOST
@_DICOM_PORT
@click.option("--json", "as_json", is_flag=True, help=_("Répond en JSON."))
def doctor(
    folder: Path | None, host: str, port: int, dicom_host: str, dicom_port: int, as_json: bool
) -> None:
    """Check what can be checked from here."""
    data_folder.use(folder)
    from quenotte.config import doctor as checks

    where = [(host, port, _("pages")), (dicom_host, dicom_port, "DICOM")]
    sys.exit(checks.run(where, as_json=as_json))


@main.group(subcommand_metavar=_SUBCOMMAND, help=_("Journal des accès."))
@_DATA
def audit(folder: Path | None) -> None:
    """Hold the commands of the journal."""
    data_folder.use(folder)


@audit.command("verify", help=_("Vérifie que le journal est entier et inchangé."))
def audit_verify() -> None:
    """Follow the whole journal."""
    from quenotte.config import proofs

    sys.exit(proofs.verify_journal())


@main.group(subcommand_metavar=_SUBCOMMAND, help=_("Comptes du cabinet."))
@_DATA
def people(folder: Path | None) -> None:
    """Hold the commands of the accounts."""
    data_folder.use(folder)


@people.command("password", help=_("Donne un mot de passe bon pour une seule connexion."))
@click.argument("username", metavar="IDENTIFIANT")
def people_password(username: str) -> None:
    """Let somebody in who forgot her password."""
    from quenotte.config import accounts

    sys.exit(accounts.give_password(username))


@people.command("factor", help=_("Retire les seconds facteurs perdus d’un compte."))
@click.argument("username", metavar="IDENTIFIANT")
def people_factor(username: str) -> None:
    """Let somebody in who lost her telephone and her passkeys."""
    from quenotte.config import accounts

    sys.exit(accounts.reset_factors(username))


@main.group(subcommand_metavar=_SUBCOMMAND, help=_("Fichiers du cabinet."))
@_DATA
def files(folder: Path | None) -> None:
    """Hold the commands of the files."""
    data_folder.use(folder)


@files.command("verify", help=_("Relit chaque fichier et nomme ce qui manque ou a changé."))
@click.option("--sizes", is_flag=True, help=_("Ne relit rien : compte ceux qui sont là, entiers."))
@click.option("--json", "as_json", is_flag=True, help=_("Avec --sizes, répond en JSON."))
def files_verify(sizes: bool, as_json: bool) -> None:
    """Re-hash every blob, or count them alone."""
    from quenotte.config import proofs

    sys.exit(proofs.count_files(as_json=as_json) if sizes else proofs.verify_files())


@files.command("reindex", help=_("Rend une ligne aux fichiers entiers qui n’en ont plus."))
def files_reindex() -> None:
    """Adopt the orphans."""
    from quenotte.config import proofs

    sys.exit(proofs.reindex_files())


@main.group(subcommand_metavar=_SUBCOMMAND, help=_("Remise d’un dossier."))
@_DATA
def export(folder: Path | None) -> None:
    """Hold the commands that hand something over."""
    data_folder.use(folder)


@export.command("fhir", help=_("Écrit un dossier au format FHIR R4B, relu avant d’être donné."))
@click.argument("number", type=click.IntRange(1), metavar=_("NUMÉRO"))
@click.option(
    "--to", "target", type=click.Path(dir_okay=False, path_type=Path),
    help=_("Fichier à écrire (sinon la sortie)."),
)  # fmt: skip
@click.option("--files", is_flag=True, help=_("Joint le contenu des documents."))
def export_fhir(number: int, target: Path | None, files: bool) -> None:
    """Write the record of a patient."""
    from quenotte.config import handing_over

    sys.exit(handing_over.export_fhir(number, target, with_files=files))


@main.group("import", subcommand_metavar=_SUBCOMMAND, help=_("Fichiers officiels."))
@_DATA
def imports(folder: Path | None) -> None:
    """Hold the commands that bring official files in."""
    data_folder.use(folder)


@imports.command(
    "ccam",
    help=_("Met le catalogue des actes à jour avec la CCAM d’ameli.fr (.xlsx, .xls ou CSV)."),
)
@click.argument(
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=_("FICHIER"),
)
@click.option("--yes", "is_agreed", is_flag=True, help=_("Applique sans demander."))
def import_ccam(path: Path, is_agreed: bool) -> None:
    """Bring the nomenclature in."""
    from quenotte.config import nomenclature

    sys.exit(nomenclature.import_ccam(path, is_agreed=is_agreed))


@imports.command("bdpm", help=_("Met à jour la base publique des médicaments."))
@click.argument(
    "path",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar=_("DOSSIER"),
)
@click.option(
    "--anyway", "is_sure", is_flag=True,
    help=_("Même si le fichier compte beaucoup moins de médicaments."),
)  # fmt: skip
def import_bdpm(path: Path, is_sure: bool) -> None:
    """Bring the public drug file in."""
    from quenotte.config import drug_file

    sys.exit(drug_file.import_bdpm(path, is_sure=is_sure))


@main.group(subcommand_metavar=_SUBCOMMAND, help=_("Certificat du réseau du cabinet."))
@_DATA
def certificate(folder: Path | None) -> None:
    """Hold the commands of the certificate."""
    data_folder.use(folder)


@certificate.command("show", help=_("Montre l’autorité et le certificat : noms, fin, empreinte."))
def certificate_show() -> None:
    """Say what the certificates say."""
    from quenotte.config import certificate_words

    sys.exit(certificate_words.show())


@certificate.command("renew", help=_("Renouvelle le certificat du serveur sans attendre sa fin."))
@click.argument("name", default="", metavar=_("[NOM]"))
@click.option(
    "--authority", is_flag=True,
    help=_("Renouvelle aussi l’autorité : chaque poste devra lui faire confiance à nouveau."),
)  # fmt: skip
def certificate_renew(name: str, authority: bool) -> None:
    """Make a new certificate now."""
    from quenotte.config import certificate_words

    sys.exit(certificate_words.renew(name, with_authority=authority))


_AE = click.option("--aet", default="QUENOTTE", show_default=True, help=_("Titre AE appelé."))
_CALLING = click.option(
    "--calling", default="QUENOTTE-CLI", show_default=True, help=_("Titre AE appelant.")
)
_TO_HOST = click.option("--host", default="127.0.0.1", show_default=True, help=_("Adresse."))
_TO_PORT = click.option(
    "--port", type=click.IntRange(1, 65535), default=11112, show_default=True, help=_("Port.")
)


@dicom.command("send", help=_("Envoie des fichiers DICOM à un port DICOM."))
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=click_words.french("PATHS..."),
)
@_TO_HOST
@_TO_PORT
@_AE
@_CALLING
def dicom_send(paths: tuple[Path, ...], host: str, port: int, aet: str, calling: str) -> None:
    """Store files elsewhere."""
    from quenotte.config import dicom_words

    sys.exit(dicom_words.send(paths, host=host, port=port, called_ae=aet, calling_ae=calling))


@dicom.command("echo", help=_("Demande à un port DICOM s’il répond."))
@_TO_HOST
@_TO_PORT
@_AE
@_CALLING
def dicom_echo(host: str, port: int, aet: str, calling: str) -> None:
    """Send a C-ECHO."""
    from quenotte.config import dicom_words

    sys.exit(dicom_words.echo(host=host, port=port, called_ae=aet, calling_ae=calling))


@dicom.command("draw", help=_("Dessine une radiographie d’essai d’un patient de démonstration."))
@_DATA
@click.argument("number", type=int, metavar=click_words.french("NUMBER"))
@click.argument(
    "target",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar=click_words.french("TARGET"),
)
def dicom_draw(folder: Path | None, number: int, target: Path) -> None:
    """Draw something to send."""
    data_folder.use(folder)
    from quenotte.config import dicom_words

    sys.exit(dicom_words.draw(number, target))


@main.command(
    hidden=True, context_settings={"ignore_unknown_options": True, "help_option_names": []}
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Pass a command on to Django."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["quenotte manage", *words])


def _add_groups() -> None:
    """Add what has a file of its own; imported here, once click speaks French."""
    from quenotte.config.backups.commands import backup
    from quenotte.config.drill.commands import drill
    from quenotte.config.media.commands import media
    from quenotte.config.phoenix.commands import phoenix
    from quenotte.config.provider.commands import provider
    from quenotte.config.provider.proofs import verify_evidence
    from quenotte.config.restores.commands import restore
    from quenotte.config.vault.commands import vault

    main.add_command(backup)
    main.add_command(drill)
    main.add_command(media)
    main.add_command(phoenix)
    provider.add_command(verify_evidence)
    main.add_command(provider)
    main.add_command(restore)
    main.add_command(vault)


_add_groups()


def _serve(
    context: click.Context,
    folder: Path | None,
    *,
    host: str,
    port: int,
    dicom_host: str,
    dicom_port: int,
    name: str | None,
    trust_port: int,
    is_demo: bool,
) -> None:
    data_folder.use(folder)
    from quenotte.config import supervisor
    from quenotte.config.lan import places

    if name is None:
        reach.refuse_open_http(host)
    else:
        host, port, dicom_host = reach.on_network(
            context, host=host, port=port, dicom_host=dicom_host
        )
    options = supervisor.Options(
        folder=data_folder.default_folder(),
        host=host,
        port=port,
        dicom_host=dicom_host,
        dicom_port=dicom_port,
        is_demo=is_demo,
        lan=None if name is None else places.Lan(name, trust_port),
    )
    os.environ["QUENOTTE_DATA"] = str(options.folder)
    # The page that says how to connect a device reads it there.
    os.environ["QUENOTTE_DICOM_PORT"] = str(dicom_port)
    sys.exit(supervisor.serve(options))


if __name__ == "__main__":
    main()
