"""What the commands of the restores do and say."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quenotte.config import console
from quenotte.config.phoenix.asked import Asked
from quenotte.config.phoenix.running import Bar
from quenotte.config.words import _
from quenotte.kernel.errors import Refusal


def restore_to(target: Path, place: str, snapshot: str, as_of: str, *, as_json: bool) -> int:
    """Restore a copy beside the practice; return the exit code."""

    def work() -> dict[str, Any]:
        from quenotte.upkeep.restores import operations

        asked = Asked(place, target, snapshot, as_of)
        done = operations.restore_to(
            asked.view, asked.wish, target.expanduser().resolve(), progress=Bar().bytes
        )
        words = _("La copie du {moment} est dans {folder} : {files} fichiers.")
        _say(
            words.format(moment=done.moment, folder=done.folder, files=done.files), as_json=as_json
        )
        return {"snapshot": done.snapshot, "files": done.files, "bytes": done.bytes}

    return _answered(work, as_json=as_json)


def export(target: Path, *, as_json: bool) -> int:
    """Write the practice in open formats; return the exit code."""

    def work() -> dict[str, Any]:
        from quenotte.upkeep.restores import operations

        done = operations.export(target.expanduser().resolve(), told=Bar().show)
        words = _("Tout le cabinet est dans {folder} : ouvrez index.html.")
        _say(words.format(folder=target), as_json=as_json)
        if done.absent:
            told = _("{count} fichiers manquent : « quenotte files verify » les nomme.")
            _say(told.format(count=done.absent), as_json=as_json)
        return {
            "tables": done.tables,
            "rows": done.rows,
            "files": done.files,
            "absent": done.absent,
        }

    return _answered(work, as_json=as_json)


def _answered(work: Callable[[], dict[str, Any]], *, as_json: bool) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()
    try:
        told = work()
    except Refusal as refusal:
        console.complain(str(refusal))
        return 1
    if as_json:
        console.say(json.dumps(told, ensure_ascii=False))
    return 0


def _say(words: str, *, as_json: bool) -> None:
    if not as_json:
        console.say(words)
