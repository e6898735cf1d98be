"""Programs of the machine that some media need: never required by the rest of the product."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from quenotte.devices.media.errors import NoProgram, ProgramFailed

#: The Debian package of each.
PACKAGES: Final = {
    "blkid": "util-linux",
    "mount": "mount",
    "umount": "mount",
    "par2": "par2",
    "rclone": "rclone",
    "xorriso": "xorriso",
}
#: Where programs for administrators lie, whatever the path of the account says.
_SYSTEM: Final = ("/usr/sbin", "/sbin")


def found(name: str) -> str | None:
    """Return where a program is, None when it is not installed.

    The folder of our own Python is left out: a package there may carry the same name.
    """
    ours = Path(sys.executable).parent
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    usable = [one for one in (*folders, *_SYSTEM) if one and Path(one) != ours]
    return shutil.which(name, path=os.pathsep.join(usable))


def needed(name: str) -> str:
    """Return where a program is. Raises: NoProgram."""
    if (path := found(name)) is None:
        raise NoProgram(name, PACKAGES[name])
    return path


def run(
    name: str, *words: str, folder: Path | None = None, allowed: tuple[int, ...] = (0,)
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in its plain language, and return what it said.

    ``allowed`` are the exit codes that are answers. Raises: NoProgram, ProgramFailed.
    """
    done = subprocess.run(
        [needed(name), *words],
        cwd=folder,
        # The threads of par2 would burn a busy machine's time while they wait for one another.
        env={**os.environ, "LC_ALL": "C", "OMP_WAIT_POLICY": "passive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode not in allowed:
        raise ProgramFailed(name, done.returncode, f"{done.stdout}\n{done.stderr}".strip())
    return done
