"""What the commands of the clouds do and say."""

from pathlib import Path
from typing import Any

from quenotte.config import data_folder
from quenotte.config.media import owner
from quenotte.config.media.journal import Deed
from quenotte.config.media.telling import Bar, answered, judged
from quenotte.config.media.yearly import Years, looked_at
from quenotte.config.words import _
from quenotte.devices.media import cloud
from quenotte.devices.media.cloud import Cloud


def write(place: str, remote: str, config: Path | None, *, as_json: bool) -> int:
    """Mirror a repository to a cloud; return the exit code."""

    def work() -> dict[str, Any]:
        with cloud.relayed(Cloud(remote, config), _log()) as there:
            done = Years(place).mirrored_to(there, Bar(_("Envoi")))
        count = sum(one.files for one in done)
        said = _("La copie est dans le nuage : {count} fichiers envoyés. Rien n’y est remplacé.")
        return {
            "state": "written",
            "files": count,
            "bytes": sum(one.bytes for one in done),
            "outcome": said.format(count=count),
        }

    return answered(work, as_json=as_json, deed=Deed("send", "cloud", remote))


def verify(remote: str, config: Path | None, *, as_json: bool) -> int:
    """Read a cloud whole; return the exit code."""

    def work() -> dict[str, Any]:
        with cloud.relayed(Cloud(remote, config), _log()) as there:
            findings = looked_at(there, Bar(_("Relecture")))
        return judged(findings, _("Le nuage se relit en entier."))

    return answered(work, as_json=as_json, deed=Deed("read", "cloud", remote))


@owner.acting()
def _log() -> Path:
    log = data_folder.prepare(data_folder.default_folder()) / "logs" / "rclone.log"
    # Made here: what opens it later may be an administrator's.
    log.touch(0o600)
    return log
