"""``quenotte import bdpm``: the public drug file brought in from the command line."""

from pathlib import Path

from quenotte.config import console
from quenotte.config.words import _


def import_bdpm(folder: Path, *, is_sure: bool) -> int:
    """Read the files of a folder into the drug table, whole or not at all; return the exit code."""
    import django

    django.setup()
    from quenotte.care.prescriptions import operations
    from quenotte.kernel.errors import Refusal

    try:
        kept = operations.import_drugs(folder, progress=_tell_batches, is_sure=is_sure)
    except Refusal as refusal:
        console.complain(str(refusal))
        return 1
    console.say(
        _("Base publique des médicaments du {day} : {count} médicaments.").format(
            day=f"{kept.dated_on:%d/%m/%Y}", count=kept.drugs
        )
    )
    return 0


def _tell_batches(done: int, total: int) -> None:
    if done % 5000 == 0 or done == total:
        console.say(_("{done} sur {total}").format(done=done, total=total))
