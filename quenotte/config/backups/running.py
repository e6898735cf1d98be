"""What the commands of the backups do and say; the last line is one object with ``--json``."""

import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from quenotte.config import console, logins, logs
from quenotte.config.words import _
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.devices.journal.status import Status as Journal
    from quenotte.devices.repository.checking import Finding
    from quenotte.devices.repository.progress import Progress
    from quenotte.upkeep.backups.queries import Standing

logger = logging.getLogger(__name__)

_REFUSED: Final = 1
#: A terminal is told each change of a percent; a file each tenth.
_STEP: Final = 0.1


def init(
    place: str,
    password_file: Path | None,
    file: Path | None,
    fingerprint: str,
    authority: Path | None,
    *,
    as_json: bool,
) -> int:
    """Prepare a place; return the exit code."""

    def work() -> dict[str, Any]:
        from quenotte.upkeep.backups import operations

        prepared = operations.init(
            logins.complete(place, password_file),
            _passphrase(file),
            fingerprint=fingerprint,
            authority=authority.read_bytes() if authority else b"",
        )
        destination = prepared.destination
        made = _("Le dépôt est prêt : {label}") if prepared.is_new else _("Dépôt repris : {label}")
        _say(made.format(label=destination.label), as_json=as_json)
        _say(
            _("Faites une première copie : quenotte backup run --to {label}").format(
                label=destination.label
            ),
            as_json=as_json,
        )
        return {
            "state": "ready",
            "is_new": prepared.is_new,
            "repository": destination.repository_id,
            "destination": str(destination.id),
            "label": destination.label,
        }

    return _answered(work, as_json=as_json)


def run(place: str, *, as_json: bool) -> int:
    """Copy the practice; return the exit code."""

    def work() -> dict[str, Any]:
        from quenotte.upkeep.backups import operations

        copy = operations.run(place, progress=_Bar(_("Sauvegarde")))
        _say(copy.outcome, as_json=as_json)
        return {
            "state": copy.state,
            "snapshot": copy.snapshot_id,
            "data_at": _iso(copy.data_at),
            "files": copy.files,
            "bytes_read": copy.bytes_read,
            "bytes_added": copy.bytes_added,
            "outcome": copy.outcome,
            "guard": copy.summary.get("guard", {}),
            "summary": {name: told for name, told in copy.summary.items() if name != "rows_of"},
        }

    return _answered(work, as_json=as_json)


def prove(place: str, *, as_json: bool) -> int:
    """Prove the newest copy of a place; return the exit code."""

    def work() -> dict[str, Any]:
        from quenotte.upkeep.backups import operations

        proof = operations.prove(place, progress=_Bar(_("Restauration d’essai")))
        _say(proof.outcome, as_json=as_json)
        return {
            "state": proof.state,
            "snapshot": proof.snapshot_id,
            "restorable_until": _iso(proof.restorable_until),
            "proven_at": _iso(proof.ended_at),
            "outcome": proof.outcome,
            "compared": proof.compared,
        }

    return _answered(work, as_json=as_json)


def verify(place: str, *, read_data: bool, as_json: bool) -> int:
    """Read a repository; return the exit code."""

    def work() -> dict[str, Any]:
        from quenotte.upkeep.backups import operations

        found = operations.verify(place, read_data=read_data)
        for finding in found:
            _say(str(finding), as_json=as_json)
        outcome = _verified(place, found, read_data=read_data)
        _say(outcome, as_json=as_json)
        state = "failed" if any(finding.is_error for finding in found) else "done"
        return {"state": state, "findings": [*map(str, found)], "outcome": outcome}

    return _answered(work, as_json=as_json)


def _verified(place: str, found: "Sequence[Finding]", *, read_data: bool) -> str:
    """Return what is said of a repository that was read, and what to do."""
    from quenotte.devices.repository.store import JOURNAL
    from quenotte.upkeep.backups import queries, wording

    files = [one for one in found if one.is_error and one.kind != JOURNAL]
    said = [
        wording.damaged(queries.kind_at(place)) if any(not one.is_past for one in files) else "",
        wording.damaged_past() if any(one.is_past for one in files) else "",
        queries.broken_words(place),
    ]
    if any(said):
        return " ".join(filter(None, said))
    if any(one.is_mended for one in found):
        return _("Ce qui était abîmé dans ce dépôt a été remis d’après un autre : prouvez-le.")
    if read_data:
        return _("Rien n’est abîmé dans ce dépôt. Seule une preuve dit qu’il revient.")
    return _(
        "Rien ne manque dans ce dépôt ; son contenu n’a pas été relu. Seule une preuve dit qu’il "
        "revient."
    )


def status(*, as_json: bool) -> int:
    """Say what the copies are worth; return the exit code: 0 whatever the light."""

    def work() -> dict[str, Any]:
        from quenotte.upkeep.backups import queries, rules

        found = queries.status()
        _say(found.sentence, as_json=as_json)
        words = [str(rules.REASON_WORDS[reason]) for reason in found.reasons]
        for line in words:
            _say(f"  {line}", as_json=as_json)
        for one in found.standings:
            if one.is_behind:
                late = _("  En retard : {label}").format(label=one.destination.label)
                _say(late, as_json=as_json)
            if one.hole:
                _say(f"  {one.destination.label} : {one.hole}", as_json=as_json)
        if found.journal is not None:
            _say(found.journal.sentence, as_json=as_json)
        return {
            "light": found.light.value,
            "sentence": found.sentence,
            "reasons": [reason.value for reason in found.reasons],
            "reasons_in_words": words,
            "at": found.at.isoformat(),
            "destinations": [_standing(one) for one in found.standings],
            "journal": _journal(found.journal),
        }

    return _answered(work, as_json=as_json)


def inspect() -> int:
    """Say what this data folder holds, as one line; return the exit code."""
    _set_up()
    from quenotte.upkeep.backups import inspection

    console.say(inspection.said())
    return 0


def _journal(found: "Journal | None") -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "chain": found.chain,
        "why": found.why,
        "sentence": found.sentence,
        "waiting_bytes": found.waiting_bytes,
        "carriers": {one.name: one.current_to or None for one in found.carriers},
    }


def _standing(one: "Standing") -> dict[str, Any]:
    whole, copy, proof = one.last_good_copy, one.last_copy, one.last_proof
    good = one.last_good_proof
    return {
        "id": str(one.destination.id),
        "label": one.destination.label,
        "kind": one.destination.kind,
        "is_behind": one.is_behind,
        "journal_hole": one.hole or None,
        "repository": one.destination.repository_id,
        "restorable_until": _iso(whole.data_at) if whole else None,
        "snapshot": whole.snapshot_id if whole else None,
        "proven_at": _iso(good.ended_at) if good else None,
        "last_copy": {"state": copy.state, "outcome": copy.outcome} if copy else None,
        "last_proof": {"state": proof.state, "outcome": proof.outcome} if proof else None,
    }


def _answered(work: Callable[[], dict[str, Any]], *, as_json: bool) -> int:
    """Do the work, say what came of it, return the exit code."""
    begun = time.monotonic()
    try:
        told = _worked(work)
    except Refusal as refusal:
        console.complain(str(refusal))
        told = {"state": "refused", "refusal": type(refusal).__name__, "outcome": str(refusal)}
    except Exception:  # the window of a person is no place for the frames of ours
        logs.start("backup")
        logger.exception("a command of the backups failed")
        outcome = _(
            "Incident imprévu. Les copies précédentes restent bonnes ; les détails sont dans "
            "« logs/backup.log »."
        )
        console.complain(outcome)
        told = {"state": "failed", "outcome": outcome}
    if as_json:
        told["seconds"] = round(time.monotonic() - begun, 3)
        console.say(json.dumps(told, ensure_ascii=False))
    return _REFUSED if told.get("state") in {"refused", "failed"} else 0


def _worked(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do the work on a practice that is ready; one that is not, or is taken up, is a refusal."""
    _set_up()
    from django.db import OperationalError

    from quenotte.config.backups import readiness

    readiness.check()
    try:
        return work()
    except OperationalError as error:
        logs.start("backup")
        logger.exception("the database did not let a command of the backups work")
        raise readiness.DatabaseBusy from error


class NoKeyGiven(Refusal):
    """Nobody is there to type the key."""

    message = _("La clé de la feuille de secours n’a pas été donnée. Rien n’a été fait.")
    next_step = _("Donnez la clé dans un fichier : --passphrase-file.")


class UnreadableKey(Refusal):
    """The file of the key cannot be read."""

    def __init__(self, file: Path) -> None:
        said = _("Le fichier de la clé ne se lit pas : {file}. Rien n’a été fait.")
        super().__init__(said.format(file=file))

    next_step = _("Vérifiez son nom et ses droits, puis recommencez.")


def _passphrase(file: Path | None) -> str:
    """Return the passphrase of a file, or the one that somebody types twice.

    Raises: NoKeyGiven, UnreadableKey.
    """
    if file is None:
        if not sys.stdin.isatty():
            raise NoKeyGiven
        typed: str = click.prompt(
            _("Clé de la feuille de secours"), hide_input=True, confirmation_prompt=True
        )
        return typed
    try:
        return file.expanduser().read_text("utf-8").strip("\r\n\t \ufeff")
    except (OSError, UnicodeDecodeError):
        raise UnreadableKey(file) from None


class _Bar:
    """Says how far a long work has come, on the error output."""

    def __init__(self, what: str) -> None:
        self._what, self._told = what, 0.0
        self._is_terminal = sys.stderr.isatty()

    def __call__(self, progress: "Progress") -> None:
        """Take a figure."""
        share = progress.done_bytes / progress.total_bytes if progress.total_bytes else 1.0
        if self._is_terminal:
            end = "\n" if share >= 1.0 and not progress.what else ""
            print(f"\r  {self._what} : {share:4.0%}", file=sys.stderr, end=end, flush=True)
        elif share - self._told >= _STEP:
            self._told = share
            print(f"  {self._what} : {share:4.0%}", file=sys.stderr, flush=True)


def _say(sentence: str, *, as_json: bool) -> None:
    if not as_json:
        console.say(sentence)


def _iso(at: Any) -> str | None:
    return at.isoformat() if at else None


def _set_up() -> None:
    import django

    django.setup()
