import os
import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from quenotte.config import click_words
from quenotte.config.cli import main

_ENGLISH = re.compile(
    r"usage:|commands|show |message|exit|default|integer|range|error|such|invalid|value|try "
    r"|directory|\bfile\b|missing|required|for help|does not|unexpected|\bargs\b|command\b|text\b"
    r"|\bpaths|number|target|mean",
    re.IGNORECASE,
)


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not command.hidden:
        yield words
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _commands(below, (*words, name))


def said(*words: str) -> str:
    mask = os.umask(0o022)
    try:
        return CliRunner().invoke(main, words, prog_name="quenotte").output
    finally:
        os.umask(mask)


@pytest.mark.parametrize("words", list(_commands(main)))
def test_help_holds_no_english(words: tuple[str, ...]):
    text = said(*words, "--help")
    assert "Emploi : quenotte" in text
    assert "Affiche cette aide" in text
    # The name of a command of ours is also a word of click's.
    text = text.replace("certificate show", "").replace("  show  ", "")
    # So are the names of options, and the words that they choose among.
    text = re.sub(r"--[a-z-]+|\[[a-z-]+(\|[a-z-]+)+\]", "", text)
    assert _ENGLISH.findall(text) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nothing",), "La commande « nothing » n’existe pas."),
        (("serv",), "Vouliez-vous dire"),
        (("serve", "--nothing"), "L’option « --nothing » n’existe pas."),
        (("serve", "--prt", "1"), "L’option « --prt » n’existe pas."),
        (("serve", "--port", "abc"), "« abc » n’est pas un nombre entier."),
        (("serve", "--port", "70000"), "70000 n’est pas dans l’intervalle 1<=x<=65535."),
        (("serve", "--port"), "L’option « --port » attend une valeur."),
        (("serve", "un"), "Ce mot est de trop : un"),
        (("serve", "un", "deux"), "Ces mots sont de trop : un deux"),
        (("dicom", "send"), "Il manque l’argument"),
        (("dicom", "send", "/nowhere"), "Fichier « /nowhere » introuvable."),
        (("serve", "--data", __file__), "est un fichier."),
    ],
)
def test_error_is_french(words: tuple[str, ...], sentence: str):
    text = said(*words)
    assert "Erreur : " in text
    assert sentence in text
    told = text.replace("nothing", "").replace(__file__, "")
    assert _ENGLISH.findall(told) == []


def test_english_is_kept_for_who_asks_for_it():
    done = subprocess.run(
        [sys.executable, "-m", "quenotte", "--help"],
        env={**os.environ, "QUENOTTE_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: " in done.stdout
    assert "COMMAND [ARGS]" in done.stdout


def test_text_that_nobody_translated_is_kept():
    assert click_words.french("Unknown") == "Unknown"
