"""The command line, in French: argparse knows English alone."""

import argparse
import os
from typing import Final, NoReturn

from quenotte import __version__
from quenotte.station.words import _

#: argparse's own texts; what is not here is never reached by our commands.
_FRENCH: Final = {
    "usage: ": "emploi : ",
    "options": "options",
    "positional arguments": "commandes",
    "show this help message and exit": "affiche cette aide et s’arrête",
    "show program's version number and exit": "affiche la version et s’arrête",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "ces mots sont de trop : %s",
    "expected one argument": "une valeur est attendue",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "« %(value)s » n’existe pas (possible : %(choices)s)"
    ),
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
}


def french(text: str) -> str:
    """Return one of argparse's texts in French, unless the language is another."""
    if os.environ.get("QUENOTTE_LANGUAGE", "fr") != "fr":
        return text
    return _FRENCH.get(text, text)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and how it is written, on standard error."""
        self.exit(2, f"{self.format_usage()}{self.prog} : {message}\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the commands."""
    argparse._ = french  # type: ignore[attr-defined]
    made = _Parser(
        prog="quenotte-station",
        description=_(
            "Le compagnon du poste : dit à votre prestataire l’état de cette machine, jamais un "
            "nom de patient, de fichier ni d’utilisateur."
        ),
    )
    made.add_argument(
        "--version",
        action="version",
        version=f"Quenotte {__version__}",
        help=_("affiche la version et s’arrête"),
    )
    made.add_argument("--state", metavar=_("FICHIER"), help=_("fichier d’état"))
    commands = made.add_subparsers(dest="command", metavar=_("COMMANDE"), required=True)
    for name, text in _COMMANDS.items():
        one = commands.add_parser(name, help=text, description=text)
        if name == "enrol":
            _enrol(one)
        if name == "install":
            one.add_argument(
                "--to", metavar=_("DOSSIER"), help=_("écrit les fichiers, n’active rien")
            )
    return made


_COMMANDS: Final = {
    "enrol": _("inscrit ce poste chez un prestataire"),
    "run": _("tourne jusqu’à ce qu’on l’arrête (ce que fait le service)"),
    "once": _("regarde, envoie une fois et s’arrête"),
    "show": _("montre tout ce qui serait envoyé, et n’envoie rien"),
    "status": _("dit si le poste est inscrit et quand il a été entendu"),
    "install": _("installe le service de cette machine"),
    "uninstall": _("retire le service et le fichier d’état"),
}


def _enrol(one: argparse.ArgumentParser) -> None:
    one.add_argument("--server", required=True, metavar="URL", help=_("adresse https de la porte"))
    one.add_argument(
        "--token", required=True, metavar=_("JETON"), help=_("jeton, « - » : lu sur l’entrée")
    )
    one.add_argument(
        "--ca", default="", metavar=_("FICHIER"), help=_("n’accepte que cette autorité (PEM)")
    )
    one.add_argument(
        "--client-cert",
        default="",
        metavar=_("FICHIER"),
        help=_("certificat de ce poste (PEM), si le serveur en demande un"),
    )
    one.add_argument(
        "--client-key", default="", metavar=_("FICHIER"), help=_("sa clé (PEM), sans mot de passe")
    )
    # For tests on the loopback: it is no door for anything else, and no help tells of it.
    one.add_argument("--plain-loopback", action="store_true", help=argparse.SUPPRESS)
