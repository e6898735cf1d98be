"""What the commands of the tapes do and say."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from quenotte.config.media import journal, rests
from quenotte.config.media.journal import Deed
from quenotte.config.media.telling import answered, judged, simulated
from quenotte.config.words import _, ngettext
from quenotte.devices.media import depots
from quenotte.devices.media.tape.carrier import TapeCarrier, TapeFull
from quenotte.devices.media.tape.device import LinuxTape, TapeDevice
from quenotte.devices.media.tape.simulator import SimulatedTape

SIMULATED: Final = ".tap"


def write(
    place: Path, drive: Path, label: str | None, *, is_rest: bool, overwrite: bool, as_json: bool
) -> int:
    """Append a repository to a tape, and read the tape back; return the exit code."""

    def work() -> dict[str, Any]:
        data_at = journal.data_at_of(str(place))
        rest = rests.kept() if is_rest else None
        files = depots.files_of(place)
        if rest is not None:
            # What is left of a copy brings back what that copy did, on whichever day it is written.
            data_at, files = rest.data_at, rest.among(files)
        with _opened(drive) as device:
            tape = TapeCarrier(device)
            if label is not None:
                tape.begin(label, [name for name, _path in files], overwrite=overwrite)
            try:
                tape.put_all(files)
                left: tuple[str, ...] = ()
            except TapeFull as full:
                left = full.left
            if rest is None:
                # Another copy was begun: what was left of the one before goes with no tape of this.
                rests.keep((), None)
            is_simulated = device.status().is_simulated
            told = judged(tape.verify(), _done(len(left), is_simulated=is_simulated))
            if told["state"] == "sound":
                rests.keep(left, data_at)
            # A file that plays a tape is out of reach of nobody; a part of a copy brings none back.
            if told["state"] == "sound" and not is_simulated:
                if not left:
                    journal.note_shelved("tape", tape.label, data_at)
                _give_out(device)
            return _with_kind(told | {"left": len(left)}, is_simulated=is_simulated)

    return answered(work, as_json=as_json, deed=Deed("send", "tape", label or ""))


def verify(drive: Path, *, as_json: bool) -> int:
    """Read each block of a tape; return the exit code."""

    def work() -> dict[str, Any]:
        with _opened(drive) as device:
            sound = _("La bande se relit en entier, bloc par bloc.")
            told = judged(TapeCarrier(device).verify(), sound)
            return _with_kind(told, is_simulated=device.status().is_simulated)

    return answered(work, as_json=as_json, deed=Deed("read", "tape"))


def read(drive: Path, target: Path, *, as_json: bool) -> int:
    """Gather a repository from a tape; return the exit code."""

    def work() -> dict[str, Any]:
        with _opened(drive) as device:
            tape = TapeCarrier(device)
            count = depots.gather([one.name for one in tape.list()], tape.get, target)
            said = _("{count} fichiers de cette bande sont dans {folder}, chacun prouvé.")
            told = {"state": "gathered", "files": count}
            outcome = said.format(folder=target, count=count)
            is_simulated = device.status().is_simulated
            return _with_kind(told | {"outcome": outcome}, is_simulated=is_simulated)

    return answered(work, as_json=as_json, deed=Deed("read", "tape"))


@contextlib.contextmanager
def _opened(drive: Path) -> Iterator[TapeDevice]:
    device: TapeDevice = SimulatedTape(drive) if drive.suffix == SIMULATED else LinuxTape(drive)
    with contextlib.closing(device):
        yield device


def _give_out(device: TapeDevice) -> None:
    """Take the tape out of reach; one that the drive keeps is taken out by hand."""
    with contextlib.suppress(OSError):
        device.eject()


def _with_kind(told: dict[str, Any], *, is_simulated: bool) -> dict[str, Any]:
    if is_simulated:
        told["outcome"] = f"{told['outcome']} {simulated()}"
    return told | {"is_simulated": is_simulated}


def _done(left: int, *, is_simulated: bool) -> str:
    if not left and is_simulated:
        return _("La copie est dans ce fichier, relue bloc par bloc.")
    if not left:
        return _("La copie est sur la bande, relue bloc par bloc. Sortez-la et mettez-la à l’abri.")
    return ngettext(
        "La bande est pleine, et se relit en entier. {count} fichier va sur la suivante : insérez "
        "une bande vierge et recommencez avec --new et --rest.",
        "La bande est pleine, et se relit en entier. {count} fichiers vont sur la suivante : "
        "insérez une bande vierge et recommencez avec --new et --rest.",
        left,
    ).format(count=left)
