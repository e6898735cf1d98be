"""Try the backups of an installed wheel where no program of Debian is: a folder, then a vault."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

#: The kit's passphrase is made by the product; a file of one's own will do for a trial.
PASSPHRASE = "phrase d’essai du paquet"


class BackupsFailed(Exception):
    """A copy was not made, not proved or did not come back."""


class Trial:
    """One practice of an installed wheel, and the programs of that wheel alone."""

    def __init__(self, quenotte: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.quenotte, self.folder = quenotte, folder
        #: No restic, no par2, no xorriso, no PostgreSQL: what the wheel brought, nothing else.
        self.environment = {**environment, "PATH": str(quenotte.parent)}
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE, "utf-8")

    def run(self, *words: str, data: str = "data") -> dict[str, Any]:
        """Run a command of the practice and return the object of its last line.

        Raises: BackupsFailed with what the command said when it does not end well.
        """
        done = subprocess.run(
            [str(self.quenotte), "--data", str(self.folder / data), *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BackupsFailed(f"{' '.join(words[:2])}: {(done.stdout + done.stderr)[-2000:]}")
        last = done.stdout.strip().rpartition("\n")[2]
        told: dict[str, Any] = json.loads(last) if "--json" in words else {}
        return told

    def there_and_back(self, place: str, back: str) -> str:
        """Copy the practice to a place, prove it and bring it back; return what came back.

        Raises: BackupsFailed when any step says no, or when files differ.
        """
        key = str(self.passphrase)
        self.run("backup", "init", "--to", place, "--passphrase-file", key)
        self.run("backup", "run", "--to", place, "--json")
        self.run("backup", "prove", "--from", place, "--json")
        words = ["--from", place, "--passphrase-file", key, "--data", str(self.folder / back)]
        self.run("phoenix", *words, "--yes", data=back)
        sent, came = (_pictures(self.folder / name) for name in ("data", back))
        if not sent or sent != came:
            raise BackupsFailed(f"{len(came)} files came back of {len(sent)}, or other ones")
        return f"{len(came)} files"


def try_backups(
    trial: Trial, port: int, started: Callable[[list[str]], Any], told: Callable[[str], None]
) -> None:
    """Copy to a folder and to a vault of the same wheel, and come back from each.

    Raises: BackupsFailed when a step fails.
    """
    told(f"folder: {trial.there_and_back(str(trial.folder / 'copies'), 'from-folder')} back")
    store = str(trial.folder / "store")
    words = [str(trial.quenotte), "vault", "serve", "--store", store, "--port", str(port)]
    with started(words):
        place = f"rest:http://127.0.0.1:{port}/essai/"
        told(f"vault: {trial.there_and_back(place, 'from-vault')} back")


def _pictures(data: Path) -> dict[str, str]:
    """Return the hash of each file of the records; canaries, above them, are planted anew."""
    paths = (path for path in (data / "blobs").glob("*/**/*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
