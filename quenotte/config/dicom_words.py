"""``quenotte dicom send``, ``quenotte dicom echo`` and ``quenotte dicom draw``."""

import os
from collections.abc import Sequence
from pathlib import Path

from quenotte.config import console
from quenotte.config.words import _
from quenotte.devices.dicom import sender
from quenotte.kernel.errors import Refusal


def send(paths: Sequence[Path], *, host: str, port: int, called_ae: str, calling_ae: str) -> int:
    """Send files, say what became of each; return the exit code."""
    try:
        results = sender.send(
            paths, host=host, port=port, called_ae=called_ae, calling_ae=calling_ae
        )
    except Refusal as refusal:
        console.complain(str(refusal))
        return 1
    for result in results:
        if result.is_stored:
            console.say(_("{name} : envoyé.").format(name=result.path.name))
        else:
            status = "—" if result.status is None else f"{result.status:04X}"
            console.say(
                _("{name} : refusé (réponse {status}).").format(
                    name=result.path.name, status=status
                )
            )
    return 0 if all(result.is_stored for result in results) else 1


def echo(*, host: str, port: int, called_ae: str, calling_ae: str) -> int:
    """Ask whether somebody answers; return the exit code."""
    try:
        sender.echo(host=host, port=port, called_ae=called_ae, calling_ae=calling_ae)
    except Refusal as refusal:
        console.complain(str(refusal))
        return 1
    console.say(_("Le port DICOM {port} de {host} répond.").format(port=port, host=host))
    return 0


def draw(number: int, target: Path) -> int:
    """Draw a radiograph of a demo patient into ``target``; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()
    from quenotte.config.demo import drawing

    try:
        drawing.draw(number, target)
    except (Refusal, OSError) as problem:
        console.complain(str(problem))
        return 1
    console.say(_("{name} : radiographie d’essai dessinée.").format(name=target.name))
    return 0
