"""``quenotte provider verify-evidence``: for whoever was given files, without any account."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from quenotte.config.words import _
from quenotte.kernel.memento.verifying import Checked, Fault, Finding, Seen, verify

_SENTENCES: Final = {
    Fault.UNREADABLE: _("{name} : ce n’est pas un dossier de preuves, ou il ne se lit plus."),
    Fault.NEWER: _("{name} : établi par une version plus récente ; mettez Quenotte à jour."),
    Fault.EDITED: _("{name} : son contenu a été modifié après coup."),
    Fault.REWRITTEN: _("{name} : réécrit ; son contenu tient, ses octets ne sont plus les mêmes."),
    Fault.BROKEN: _("{name} : il ne suit pas le dossier qui le précède ici."),
    Fault.MISSING: _("{name} : il manque avant lui les dossiers n° {first} à {last}."),
    Fault.DOUBLED: _("{name} : deux dossiers différents portent le n° {first}."),
    Fault.BACKWARDS: _("{name} : il est plus ancien que celui qui le précède."),
    Fault.UNSIGNED: _("{name} : un questionnaire signé que le précédent connaissait n’y est plus."),
}


@click.command(
    "verify-evidence",
    help=_(
        "Vérifie des dossiers de preuves sur leurs seuls fichiers JSON : chacun, puis leur suite. "
        "Ni compte, ni base de données. Le code de retour est 0 si tout tient, 1 sinon."
    ),
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar=_("FICHIER.json..."),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
def verify_evidence(files: tuple[Path, ...]) -> None:
    """Check files of evidence, and the chain that they make."""
    found = verify((str(one), one.read_bytes()) for one in files)
    for line in _told(found):
        click.echo(line)
    sys.exit(0 if found.is_whole else 1)


def _told(found: Checked) -> Iterator[str]:
    faulty = {one.name for one in found.findings}
    for one in found.files:
        yield _line(one, is_intact=one.name not in faulty)
    for finding in found.findings:
        yield _sentence(finding)
    if not found.is_whole:
        return
    for first in found.begins_later:
        words = _("{practice} : ce qui précède le n° {number} n’a pas été remis, ni vérifié.")
        yield words.format(practice=first.practice, number=first.number)
    yield _(
        "Tout ce qui a été remis tient. Du dernier dossier, rien ne répond après lui : comparez "
        "son empreinte à celle du papier."
    )


def _line(one: Seen, *, is_intact: bool) -> str:
    state = _("intact") if is_intact else _("EN DÉFAUT")
    words = _("{practice}, n° {number}, {day} : {state}  {digest}")
    return words.format(
        practice=one.practice,
        number=one.number,
        day=f"{one.made_at:%d/%m/%Y}",
        state=state,
        digest=one.digest,
    )


def _sentence(one: Finding) -> str:
    if one.fault is Fault.MISSING and one.first == one.last:
        words = _("{name} : il manque avant lui le dossier n° {first}.")
        return words.format(name=one.name, first=one.first)
    return _SENTENCES[one.fault].format(name=one.name, first=one.first, last=one.last)
