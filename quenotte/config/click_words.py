"""The words that click writes by itself, in French: it knows English alone."""

import os
from importlib import import_module
from typing import Final

import click

#: click's own texts; what is not here is never reached by our commands.
_FRENCH: Final = {
    "Usage:": "Emploi :",
    "Options": "Options",
    "Commands": "Commandes",
    "Positional arguments": "Arguments",
    "Show this message and exit.": "Affiche cette aide et s’arrête.",
    "Show the version and exit.": "Affiche la version et s’arrête.",
    "default: {default}": "par défaut : {default}",
    "env var: {var}": "réglage : {var}",
    "required": "obligatoire",
    "(dynamic)": "(selon le moment)",
    "Aborted!": "Interrompu.",
    "Error: {message}": "Erreur : {message}",
    "Try '{command} {option}' for help.": "« {command} {option} » donne l’aide.",
    "Missing command.": "Il manque une commande.",
    "Missing argument": "Il manque l’argument",
    "Missing option": "Il manque l’option",
    "Missing parameter": "Il manque le paramètre",
    "Missing parameter: {param_name}": "Il manque le paramètre : {param_name}",
    "Invalid value: {message}": "Valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "Valeur refusée pour {param_hint} : {message}",
    "No such command {name!r}.": "La commande « {name} » n’existe pas.",
    "No such option {name!r}.": "L’option « {name} » n’existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility} ?",
    "(Did you mean one of: {possibilities}?)": "Vouliez-vous dire {possibilities} ?",
    "Got unexpected extra argument ({args})": "Ce mot est de trop : {args}",
    "Got unexpected extra arguments ({args})": "Ces mots sont de trop : {args}",
    "Option {name!r} requires an argument.": "L’option « {name} » attend une valeur.",
    "Option {name!r} requires {nargs} arguments.": "L’option « {name} » attend {nargs} valeurs.",
    "Option {name!r} does not take a value.": "L’option « {name} » n’attend aucune valeur.",
    "Argument {name!r} takes {nargs} values.": "L’argument « {name} » attend {nargs} valeurs.",
    "{value!r} is not a valid {number_type}.": "« {value} » n’est pas un {number_type}.",
    "{value} is not in the range {range}.": "{value} n’est pas dans l’intervalle {range}.",
    "{name} {filename!r} does not exist.": "{name} « {filename} » introuvable.",
    "{name} {filename!r} is a file.": "« {filename} » est un fichier.",
    "{name} {filename!r} is a directory.": "« {filename} » est un dossier.",
    "{name} {filename!r} is not readable.": "{name} « {filename} » illisible.",
    "{name} {filename!r} is not writable.": "{name} « {filename} » protégé en écriture.",
    "COMMAND [ARGS]...": "COMMANDE [ARGUMENTS]...",
    "[COMMAND] [ARGS]...": "[COMMANDE] [ARGUMENTS]...",
    "PATHS...": "FICHIER...",
    "NUMBER": "NUMÉRO",
    "TARGET": "FICHIER",
    "text": "texte",
    "integer": "nombre entier",
    "integer range": "nombre entier",
    "float": "nombre",
    "float range": "nombre",
    "file": "fichier",
    "directory": "dossier",
    "path": "chemin",
}
_MODULES: Final = (
    "click.core",
    "click.decorators",
    "click.exceptions",
    "click.formatting",
    "click.parser",
    "click.types",
)


def french(text: str) -> str:
    """Return one of click's texts in French, unless the language is another."""
    if os.environ.get("QUENOTTE_LANGUAGE", "fr") != "fr":
        return text
    return _FRENCH.get(text, text)


def _either(one: str, many: str, count: int) -> str:
    # In French, nothing is singular.
    return french(one if count < 2 else many)


def speak() -> None:
    """Give click its French words; call it before the first command is described.

    click asks the catalogues of the account's language, which is the computer's and not
    ours: its own doors to them are replaced.
    """
    for name in _MODULES:
        module = import_module(name)
        for door, ours in (("_", french), ("ngettext", _either)):
            if hasattr(module, door):
                setattr(module, door, ours)
    for kind in (click.STRING, click.INT, click.IntRange, click.FLOAT, click.FloatRange):
        kind.name = french(kind.name)
