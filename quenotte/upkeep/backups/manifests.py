"""What a copy promises: written into it, sealed with a key of ours, compared at each proof."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups.engines import contents as figures
from quenotte.upkeep.backups.engines.contents import Contents

#: Where it lies in the tree of a snapshot.
NAME: Final = "manifest.json"
_VERSION: Final = 1
_PURPOSE: Final = b"quenotte backup manifest 1"


class NotOurs(Refusal):
    """The manifest is missing, damaged, or sealed by somebody else."""

    message = _("Cette copie ne porte pas le sceau de ce cabinet.")
    next_step = _("Rien n’a été modifié : prenez une autre copie, et gardez celle-ci telle quelle.")


@dataclass(frozen=True)
class Manifest:
    """What was saved. ``data_at`` is aware: the moment that the database was copied."""

    version: str
    data_at: datetime
    contents: Contents
    database_bytes: int
    #: Imports, migrations: what was meant to change a lot since the copy before.
    declared: tuple[Mapping[str, Any], ...] = ()
    #: Whether the files came along: those of a distant storage stay there.
    has_files: bool = True


def sealed(manifest: Manifest, key: str) -> bytes:
    """Return the manifest as it is stored: its text and the seal of it."""
    text = json.dumps(_plain(manifest), sort_keys=True, ensure_ascii=False)
    return json.dumps({"manifest": text, "seal": _seal(key, text)}, ensure_ascii=False).encode()


def opened(stored: bytes, key: str) -> Manifest:
    """Return what a stored manifest says, once its seal was found to be ours.

    Raises: NotOurs.
    """
    try:
        told = json.loads(stored)
        text, seal = str(told["manifest"]), str(told["seal"])
        if not hmac.compare_digest(_seal(key, text).encode(), seal.encode()):
            raise NotOurs
        return _read(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotOurs from error


def summary_of(manifest: Manifest) -> dict[str, Any]:
    """Return what is remembered of a copy: figures alone."""
    contents = manifest.contents
    return {
        "tables": len(contents.tables),
        "rows": contents.rows,
        "rows_of": dict(contents.tables),
        "blobs": contents.blobs[0],
        "blob_bytes": contents.blobs[1],
        "database_bytes": manifest.database_bytes,
        "has_files": manifest.has_files,
        "journal": contents.journal[0],
        "schema": contents.schema,
    }


def differences(promised: Contents, found: Contents) -> list[str]:
    """Return what of the database is not as promised: names of tables and of figures."""
    names = promised.tables.keys() | found.tables.keys()
    tables = sorted(name for name in names if promised.tables.get(name) != found.tables.get(name))
    others = ("hash", "schema", "migrations", "journal", "blobs")
    return [
        *tables,
        *(name for name in others if getattr(promised, name) != getattr(found, name)),
    ]


def _seal(key: str, text: str) -> str:
    own = hmac.digest(key.encode("ascii"), _PURPOSE, hashlib.sha256)
    return hmac.digest(own, text.encode(), hashlib.sha256).hex()


def _plain(manifest: Manifest) -> dict[str, Any]:
    return {
        "form": _VERSION,
        "version": manifest.version,
        "data_at": manifest.data_at.isoformat(),
        "database_bytes": manifest.database_bytes,
        "contents": asdict(manifest.contents),
        "has_files": manifest.has_files,
        "declared": list(map(dict, manifest.declared)),
    }


def _read(told: dict[str, Any]) -> Manifest:
    return Manifest(
        version=str(told["version"]),
        data_at=datetime.fromisoformat(told["data_at"]),
        contents=figures.read(told["contents"]),
        database_bytes=int(told["database_bytes"]),
        declared=tuple(told["declared"]),
        has_files=bool(told.get("has_files", True)),
    )
