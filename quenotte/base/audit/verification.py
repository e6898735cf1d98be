"""Proving that the journal is whole, and leaving marks outside the database."""

import hashlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from quenotte.base.audit.chain import Chain, Fault, Finding, Mark, Sealed
from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import COLUMNS

#: Lines read at once: the verification of a million lines stays under a few megabytes.
_CHUNK = 2000
#: Findings told in full; a lost key makes every line a finding.
_TOLD = 200


@dataclass(frozen=True)
class Report:
    """What a verification found: ``lines`` checked, ``findings`` (the first 200), ``count``."""

    lines: int
    findings: tuple[Finding, ...]
    count: int

    @property
    def is_sound(self) -> bool:
        """Nothing was altered, forged, moved or removed."""
        return not self.count


def verify() -> Report:
    """Follow the whole journal and name each line that is not as it was written.

    Memory stays the same whatever the length; writers are not held up. Lines written
    after the start are left for the next time.
    """
    head, last = _bounds()
    marks, broken = _anchors()
    findings = Chain(settings.AUDIT_KEY, head, marks).findings(_lines(last))
    told = [*broken, *islice(findings, _TOLD)][:_TOLD]
    return Report(lines=last, findings=tuple(told), count=len(told) + sum(1 for _ in findings))


def anchor() -> bool:
    """Write the last line's number and seal to the anchors file, outside the database.

    Who cuts the end of the journal and puts an older head back is then found out. Returns False
    when nothing was written since the last anchor.
    """
    last = Line.objects.order_by("-number").values_list("number", "seal").first()
    marks, _ = _anchors()
    if last is None or last[0] in marks:
        return False
    number, seal = last
    text = f"{number} {seal} {timezone.now().isoformat(timespec='seconds')}"
    path = _anchors_file()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as stream:
        stream.write(f"{text} {_proof(text)}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return True


def _anchors_file() -> Path:
    return Path(settings.DATA_DIR) / "anchors" / "journal.txt"


def _proof(text: str) -> str:
    key = settings.AUDIT_KEY.encode("ascii")
    return hmac.digest(key, b"anchor " + text.encode(), hashlib.sha256).hex()


def _anchors() -> tuple[dict[int, str], list[Finding]]:
    """Return the marks of the anchors file, and its lines that were tampered with."""
    marks: dict[int, str] = {}
    broken: list[Finding] = []
    path = _anchors_file()
    lines = path.read_text("utf-8", errors="replace").splitlines() if path.exists() else []
    for place, line in enumerate(lines, start=1):
        text, _, proof = line.rpartition(" ")
        if hmac.compare_digest(_proof(text).encode(), proof.encode()):
            number, seal = text.split(" ")[:2]
            # The first that was written counts: a later one may be of a rewritten journal.
            marks.setdefault(int(number), seal)
        else:
            broken.append(Finding(Fault.ANCHOR, place))
    return marks, broken


def _bounds() -> tuple[Mark, int]:
    """Return the head, and the number of the last line, as they are at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.number, h.seal, (SELECT MAX(number) FROM base_line) "
            "FROM (SELECT 1 AS id) one LEFT JOIN base_head h ON h.id = one.id"
        )
        number, seal, last = cursor.fetchone()
    return Mark(number or 0, seal or ""), last or 0


def _lines(last: int) -> Iterator[Sealed]:
    after = 0
    while after < last:
        chunk = _chunk(after, last)
        yield from chunk
        after = chunk[-1].number if chunk else last


def _chunk(after: int, last: int) -> list[Sealed]:
    lines = Line.objects.filter(number__gt=after, number__lte=last).order_by("number")
    try:
        rows = list(lines.values_list(*COLUMNS, "seal")[:_CHUNK])
    except (TypeError, ValueError):
        # Somebody wrote there what is no date or no identifier: find which line it is.
        numbers = list(lines.values_list("number", flat=True)[:_CHUNK])
        return [_legible(number) for number in numbers]
    return [Sealed(row[:-1], row[-1]) for row in rows]


def _legible(number: int) -> Sealed:
    lines = Line.objects.filter(number=number)
    try:
        row = lines.values_list(*COLUMNS, "seal").get()
    except (TypeError, ValueError):
        previous, seal = lines.values_list("previous_seal", "seal").get()
        return Sealed((number, *[None] * (len(COLUMNS) - 2), previous), seal)
    return Sealed(row[:-1], row[-1])
