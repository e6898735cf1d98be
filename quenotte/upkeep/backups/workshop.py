"""The workshop: the folder for what lasts as long as a copy or a proof."""

import shutil
from pathlib import Path

from django.conf import settings


def workshop() -> Path:
    """Return the folder, emptied of what a killed run left.

    Called by whoever holds the turn: nobody else writes there.
    """
    folder = Path(settings.DATA_DIR) / "cache" / "backup"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder
