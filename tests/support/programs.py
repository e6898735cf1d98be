"""The machine's own programs, never those of the same name in the Python environment.

pynetdicom installs a ``storescu`` and an ``echoscu`` of its own: with the environment on the path
we would talk to the library that we are made of, not to the program that everybody uses.
"""

import os
import shutil
import sys
from pathlib import Path


def program(name: str) -> str:
    """Return where the machine keeps a program.

    Raises: AssertionError when it is not installed.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    ours = Path(sys.executable).parent
    found = shutil.which(name, path=os.pathsep.join(one for one in folders if Path(one) != ours))
    assert found, f"{name} is not installed"
    return found
