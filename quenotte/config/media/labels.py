"""``quenotte media label``: a PDF to print and cut."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from quenotte.config.media.journal import Deed
from quenotte.config.media.telling import answered
from quenotte.config.words import _
from quenotte.devices.media.errors import told
from quenotte.devices.media.labels import Form, Label, label_pdf
from quenotte.devices.media.optical.sets import manifest_in

_FORMS: Final = {"disk": Form.DISK, "optical": Form.DISC, "tape": Form.TAPE}


def draw(form: str, name: str, target: Path, practice: str, image: Path | None) -> int:
    """Write a label; return the exit code."""

    def work() -> dict[str, Any]:
        now = datetime.now(UTC)
        label = _label(_FORMS[form], name, practice, image, now)
        try:
            target.write_bytes(label_pdf(label, made_at=now))
        except OSError as error:
            told(error)
        return {
            "state": "drawn",
            "outcome": _("L’étiquette est prête : {file}").format(file=target),
        }

    return answered(work, as_json=False, deed=Deed("print", form, name))


def _label(form: Form, name: str, practice: str, image: Path | None, now: datetime) -> Label:
    said = manifest_in(image) if image is not None else None
    if said is None:
        return Label(form, practice, name, now.astimezone().date())
    manifest, volume = said
    pieces = manifest.on(volume)
    return Label(
        form,
        practice,
        manifest.label,
        manifest.made_at.astimezone().date(),
        volume,
        manifest.volumes,
        len(pieces),
        sum(piece.size_bytes for piece in pieces),
    )
