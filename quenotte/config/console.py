"""What ``quenotte serve`` says in its window: little, and calmly."""

import sys
from collections.abc import Iterable
from pathlib import Path

from quenotte import __version__
from quenotte.config.words import _


def complain(sentence: str) -> None:
    """Say on the error output why we do not start."""
    print(sentence, file=sys.stderr, flush=True)


def say(sentence: str) -> None:
    """Say something; a closed window is no reason to stop serving."""
    try:
        print(sentence, flush=True)
    except OSError:
        sys.stdout = None


def progress(sentence: str, share: float | None = None) -> None:
    """Say how far a long preparation is (``share`` from 0.0 to 1.0)."""
    say(f"  {sentence}…" if share is None else f"  {sentence} : {share:4.0%}")


def banner(
    *,
    url: str,
    folder: Path,
    doors: Iterable[str],
    installation_code: str,
    hint: str = "",
    network: Iterable[str] = (),
) -> None:
    """Say where everything is."""
    say(_("Quenotte {version} est prête.").format(version=__version__))
    say(_("  Adresse      {url}").format(url=url))
    say(_("  Données      {folder}").format(folder=folder))
    for line in (*doors, *network):
        say(line)
    if hint:
        say(hint)
    if installation_code:
        say(_("  Code d’installation   {code}").format(code=installation_code))
        say(_("  Aucun compte n’existe encore : ouvrez l’adresse et saisissez ce code."))
    say(_("Pour arrêter : Ctrl+C."))


def note_restart(name: str) -> None:
    """Say that a process stopped by itself and is started again."""
    sentences = {
        "web": _(
            "Interruption du serveur de pages : redémarrage en cours, "
            "détails dans le dossier « logs »."
        ),
        "dicom": _(
            "Interruption de la réception des images : redémarrage en cours, "
            "détails dans le dossier « logs »."
        ),
        "trust": _(
            "Interruption de la page de connexion des postes : redémarrage en cours, "
            "détails dans le dossier « logs »."
        ),
        "wal": _(
            "Interruption du journal de la base : redémarrage en cours, "
            "détails dans le dossier « logs »."
        ),
        "worker": _(
            "Interruption du travail de fond : redémarrage en cours, "
            "détails dans le dossier « logs »."
        ),
    }
    say(sentences[name])


def stopping() -> None:
    """Say that everything is being stopped."""
    say(_("Arrêt en cours…"))
