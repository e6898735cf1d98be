"""How the commands of the media speak: one sentence, or one object with ``--json``."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from quenotte.config import console
from quenotte.config.media import journal, owner
from quenotte.config.media.journal import Deed
from quenotte.config.words import _, ngettext
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.devices.media.carriers import Finding
    from quenotte.devices.repository.progress import Progress

_STEP: Final = 0.1
#: More damaged files than that are counted, not named one by one.
_NAMED: Final = 20


def answered(work: Callable[[], dict[str, Any]], *, as_json: bool, deed: Deed | None = None) -> int:
    """Do the work, say what came of it (``outcome``), return the exit code.

    ``deed``: what the journal of accesses is told of it, however it ended. Codes: 1 when something
    is refused or damaged.
    """
    begun = time.monotonic()
    try:
        told = _done(work)
        if not as_json and told["state"] != "damaged":
            console.say(told["outcome"])
        elif not as_json:
            console.complain(told["outcome"])
    except Refusal as refusal:
        console.complain(str(refusal))
        told = {"state": "refused", "refusal": type(refusal).__name__, "outcome": str(refusal)}
    if deed is not None:
        journal.write(deed, told)
    if as_json:
        told["seconds"] = round(time.monotonic() - begun, 3)
        console.say(json.dumps(told, ensure_ascii=False))
    return 0 if told["state"] not in {"refused", "damaged"} else 1


def _done(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except PermissionError as error:
        named = error.filename
        raise owner.NotAllowed(Path(named) if isinstance(named, str) else None) from error


def judged(findings: Sequence["Finding"], sound: str) -> dict[str, Any]:
    """Return what a reading found; ``sound`` is said when there is nothing to find."""
    lines = [{"sort": str(one.sort), "name": one.name} for one in findings]
    if not findings:
        return {"state": "sound", "findings": lines, "outcome": sound}
    count = len(findings)
    first = ngettext(
        "{count} fichier n’est pas comme il a été écrit :",
        "{count} fichiers ne sont pas comme ils ont été écrits :",
        count,
    ).format(count=count)
    last = _("Rien n’a été modifié. Copiez de nouveau sur un autre support, et gardez celui-ci.")
    named = [f"  {one}" for one in findings[:_NAMED]]
    return {"state": "damaged", "findings": lines, "outcome": "\n".join([first, *named, last])}


class Bar:
    """Says how far a long work has come, on the error output."""

    def __init__(self, what: str) -> None:
        self._what, self._told = what, 0.0

    def __call__(self, progress: "Progress") -> None:
        """Take a figure."""
        share = progress.done_bytes / progress.total_bytes if progress.total_bytes else 1.0
        if share - self._told >= _STEP:
            self._told = share
            print(f"  {self._what} : {share:4.0%}", file=sys.stderr, flush=True)


def simulated() -> str:
    """Return what is said of a tape that is a file."""
    return _("Bande simulée : un fichier de ce disque, pas une copie de plus.")
