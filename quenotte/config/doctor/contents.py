"""The journal and a sample of the files."""

import random
from collections.abc import Iterator

from quenotte.config.doctor.finding import Finding, State
from quenotte.config.words import _

#: How many files are read again; « quenotte files verify » reads them all.
SAMPLE = 20


def journal() -> Iterator[Finding]:
    """Follow the journal to its head."""
    from quenotte.base.audit import operations as audit

    report = audit.verify()
    if report.is_sound:
        yield Finding(
            _("Journal"), State.OK, _("{count} lignes, entier.").format(count=report.lines)
        )
    else:
        yield Finding(
            _("Journal"), State.BAD, str(report.findings[0]),
            _("Conservez tout en l’état et lancez « quenotte audit verify »."),
        )  # fmt: skip


def files() -> Iterator[Finding]:
    """Read a few files again."""
    from quenotte.base.files.models import Blob
    from quenotte.base.files.shelves import shelf
    from quenotte.base.files.verification import check

    digests = list(Blob.objects.values_list("pk", flat=True))
    sample = random.sample(digests, min(SAMPLE, len(digests)))
    place = shelf()
    wrong = [blob for blob in Blob.objects.filter(pk__in=sample) if check(place, blob)]
    if wrong:
        yield Finding(
            _("Fichiers"), State.BAD,
            _("{count} fichiers manquants ou modifiés sur {sample} relus.").format(
                count=len(wrong), sample=len(sample)
            ),
            _("Lancez « quenotte files verify », puis restaurez ce qui manque."),
        )  # fmt: skip
    else:
        yield Finding(
            _("Fichiers"), State.OK,
            _("{sample} relus sur {total}, intacts.").format(
                sample=len(sample), total=len(digests)
            ),
        )  # fmt: skip
