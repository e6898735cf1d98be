"""What the commands of the clouds do and say."""

from pathlib import Path
from typing import Any

from quenotte.config import data_folder
from quenotte.config.media.telling import Bar, answered, judged
from quenotte.config.words import _
from quenotte.devices.media import cloud, depots
from quenotte.devices.media.cloud import Cloud
from quenotte.devices.repository.mirroring import mirror
from quenotte.devices.repository.opening import open_store


def write(place: str, remote: str, config: Path | None, *, as_json: bool) -> int:
    """Mirror a repository to a cloud; return the exit code."""

    def work() -> dict[str, Any]:
        with cloud.relayed(Cloud(remote, config), _log()) as there:
            done = mirror(open_store(place), open_store(there), progress=Bar(_("Envoi")))
        said = _("La copie est dans le nuage : {count} fichiers envoyés. Rien n’y est remplacé.")
        return {
            "state": "written",
            "files": done.files,
            "bytes": done.bytes,
            "outcome": said.format(count=done.files),
        }

    return answered(work, as_json=as_json)


def verify(remote: str, config: Path | None, *, as_json: bool) -> int:
    """Read a cloud whole; return the exit code."""

    def work() -> dict[str, Any]:
        with cloud.relayed(Cloud(remote, config), _log()) as there:
            findings = depots.look(open_store(there), None, Bar(_("Relecture")))
        return judged(findings, _("Le nuage se relit en entier."))

    return answered(work, as_json=as_json)


def _log() -> Path:
    return data_folder.prepare(data_folder.default_folder()) / "logs" / "rclone.log"
