"""``quenotte export``: a record leaves in a format that others read."""

import dataclasses
import os
from pathlib import Path

from quenotte.config import console
from quenotte.config.words import _


def export_fhir(number: int, target: Path | None, *, with_files: bool) -> int:
    """Write the record of a file number as FHIR R4B, on the output without ``target``.

    Return the exit code. A file that is there is never written over, and what is written is for
    its owner alone.
    """
    import django

    django.setup()
    from quenotte.base.audit.rules import SYSTEM
    from quenotte.base.practice import queries as practices
    from quenotte.care.patients import queries as patients
    from quenotte.exchange.fhir import operations

    found = [
        patient
        for practice_id in practices.practice_ids()
        for patient in patients.of_practice(practice_id).filter(file_number=number)
    ]
    if len(found) != 1:
        console.complain(
            _("Aucun dossier, ou plusieurs, portent le n° {number}.").format(number=number)
        )
        return 1
    (patient,) = found
    actor = dataclasses.replace(SYSTEM, practice_id=patient.practice_id)
    if target is not None and target.exists():
        console.complain(
            _("{target} existe déjà. Rien n’a été écrit : donnez un autre nom.").format(
                target=target
            )
        )
        return 1
    text = operations.export_record(actor=actor, patient=patient, with_files=with_files)
    if target is None:
        console.say(text)
        return 0
    return _written(target, text)


def _written(target: Path, text: str) -> int:
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        part.touch(0o600, exist_ok=False)
        with part.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        console.complain(
            _(
                "Le dossier n’a pas été écrit : {reason}. Libérez de la place, ou donnez un autre "
                "lieu."
            ).format(reason=error.strerror)
        )
        return 1
    console.say(_("Dossier écrit : {target}").format(target=target))
    return 0
