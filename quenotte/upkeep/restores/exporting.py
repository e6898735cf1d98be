"""The whole practice in open formats: a CSV for each table, its files as they are, a summary.

What lets somebody in (passwords, second factors, sessions, sealed texts) is left out.
"""

import csv
import html
import json
import mimetypes
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.files import operations as files
from quenotte.base.sealing import SealedTextField
from quenotte.devices.phoenix import returning
from quenotte.kernel.dates import day_and_clock
from quenotte.upkeep.restores.aliases import one_moment

if TYPE_CHECKING:
    from quenotte.base.files.models import Blob

#: Apps whose tables are the program's own business, not the practice's.
_NOT_OURS: Final = frozenset(
    {"sessions", "axes", "contenttypes", "admin", "messages", "django_tasks_db", "mfa", "account"}
)
_SECRET: Final = frozenset({"password"})
_ROWS: Final = 2_000

Told = Callable[[float, str], None]


@dataclass(frozen=True)
class Exported:
    """What was written. ``absent``: files whose bytes are not here."""

    tables: int
    rows: int
    files: int
    absent: int


def export(folder: Path, *, actor: Actor = SYSTEM, told: Told | None = None) -> Exported:
    """Write the practice into a new or empty folder.

    Raises: NotEmpty, NoRoom.
    """
    returning.check_folder(folder)
    with transaction.atomic():
        record(action=Action.EXPORT, actor=actor, object_kind="practice", detail={"format": "csv"})
    with files.refusing_when_full():
        for part in (folder, folder / "tables", folder / "fichiers"):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
            # An empty folder that was there keeps its own rights otherwise.
            part.chmod(0o700)
        # One moment for all tables: what refers to a row finds it.
        with one_moment() as alias:
            counts = {model: _table(model, folder / "tables", alias) for model in _models()}
        kept, absent = _files(folder / "fichiers", told)
        (folder / "index.html").write_text(_summary(counts, kept, absent), "utf-8")
    return Exported(len(counts), sum(counts.values()), kept, absent)


def _models() -> list[type[models.Model]]:
    found = (
        model for model in apps.get_models()
        if model._meta.app_label not in _NOT_OURS and model._meta.managed
    )  # fmt: skip
    return sorted(found, key=lambda model: model._meta.db_table)


def _columns(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, SealedTextField) and field.attname not in _SECRET
    ]


def _table(model: type[models.Model], folder: Path, alias: str) -> int:
    """Write one table, its rows in the order of their keys; return how many."""
    columns, count = _columns(model), 0
    names = [field.attname for field in columns]
    shown = [_json if isinstance(field, models.JSONField) else _shown for field in columns]
    path = folder / f"{model._meta.db_table}.csv"
    # With a mark at its beginning, and semicolons: as spreadsheets here open it.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(names)
        rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
        for row in rows.iterator(chunk_size=_ROWS):
            writer.writerow(show(value) for show, value in zip(shown, row, strict=True))
            count += 1
    return count


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes | memoryview):
        return value.hex()
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    # A spreadsheet would run what begins like a formula.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.replace(",", ".", 1).replace(".", "", 1).lstrip("+-").isdigit()


def _files(folder: Path, told: Told | None) -> tuple[int, int]:
    """Copy every file, named by its hash and its kind; return how many, and how many lack."""
    kept = absent = 0
    blobs: list[Blob] = list(apps.get_model("base.Blob")._base_manager.order_by("created_at"))
    for number, blob in enumerate(blobs, start=1):
        try:
            shutil.copyfile(files.local_path(blob), folder / name_of(blob))
            kept += 1
        except files.Missing:
            absent += 1
        if told is not None:
            told(number / len(blobs), blob.media_type)
    return kept, absent


def name_of(blob: "Blob") -> str:
    """Return the name of a file in an export: its hash, then what tells its kind."""
    known = {"application/dicom": ".dcm"}
    return blob.sha256 + (
        known.get(blob.media_type) or mimetypes.guess_extension(blob.media_type) or ".bin"
    )


def _summary(counts: dict[type[models.Model], int], kept: int, absent: int) -> str:
    rows = "\n".join(_rows(counts))
    title = _("Export du cabinet")
    made = day_and_clock(timezone.localtime())
    lead = _(
        "Chaque table est un fichier CSV (UTF-8, points-virgules). Une colonne « …_id » donne la "
        "clé d’une ligne d’une autre table ; « blob_id » est le nom d’un fichier du dossier "
        "« fichiers ». Mots de passe et textes scellés n’y sont pas."
    )
    forms = _(
        "Oui et non s’écrivent « true » et « false ». Une liste, ou ce qui a plusieurs parties, "
        "est en JSON dans sa colonne. Une apostrophe précède un texte qui commence par =, +, - "
        "ou @ : elle empêche un tableur de le calculer, et n’est pas du texte."
    )
    counted = _("{kept} fichiers dans « fichiers », {absent} manquants.").format(
        kept=kept, absent=absent
    )
    heads = "".join(
        f"<th>{html.escape(word)}</th>" for word in (_("Table"), _("Lignes"), _("Contenu"))
    )
    return (
        f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;"
        "padding:0 1rem}td,th{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #ccc}"
        "td:nth-child(2){text-align:right}</style>"
        f"<h1>{html.escape(title)}</h1><p>{made}</p><p>{html.escape(lead)}</p>"
        f"<p>{html.escape(forms)}</p>"
        f"<p>{html.escape(counted)}</p><table><tr>{heads}</tr>\n{rows}\n</table></html>\n"
    )


def _rows(counts: dict[type[models.Model], int]) -> Iterator[str]:
    for model, count in counts.items():
        name = html.escape(model._meta.db_table)
        words = html.escape((model.__doc__ or "").partition("\n")[0])
        yield (
            f'<tr><td><a href="tables/{name}.csv">{name}</a></td><td>{count}</td>'
            f"<td>{words}</td></tr>"
        )
