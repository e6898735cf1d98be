"""``quenotte doctor``: what is well, what is not, and what to do about it."""

import dataclasses
import json
from collections.abc import Sequence

from quenotte.config import console, data_folder
from quenotte.config.doctor.finding import Finding, State, guarded
from quenotte.config.words import _

#: A place where we listen: address, port, what for.
Place = tuple[str, int, str]


def run(places: Sequence[Place], *, as_json: bool = False) -> int:
    """Check everything, say each result; return 1 when something is bad, else 0."""
    findings = examine(places)
    if as_json:
        rows = [dataclasses.asdict(finding) for finding in findings]
        console.say(json.dumps(rows, ensure_ascii=False))
    else:
        for finding in findings:
            _tell(finding)
    return 1 if any(finding.state is State.BAD for finding in findings) else 0


def examine(places: Sequence[Place]) -> list[Finding]:
    """Return one finding for each thing that was looked at."""
    from quenotte.config.doctor import contents, database, folder, machine, network

    findings = list(guarded(_("Dossier de données"), folder.examine))
    if not data_folder.default_folder().is_dir():
        # Looking further would make the folder that we are asked about.
        return findings
    findings += [
        *guarded(_("Horloge"), machine.clock),
        *guarded(_("Ports"), lambda: machine.ports(places)),
        *guarded(_("Réseau du cabinet"), network.examine),
    ]
    rows = guarded(_("Base de données"), database.examine)
    findings += rows
    if all(finding.state is not State.BAD for finding in rows) and database.is_there():
        findings += guarded(_("Journal"), contents.journal)
        findings += guarded(_("Fichiers"), contents.files)
    return findings


def _tell(finding: Finding) -> None:
    signs = {State.OK: "✓", State.ATTENTION: "!", State.BAD: "✗"}
    console.say(f"{signs[finding.state]} {finding.subject} : {finding.words}")
    if finding.advice:
        console.say(f"  → {finding.advice}")
