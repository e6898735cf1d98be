"""What the commands of the removable disks do and say."""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from quenotte.config import data_folder
from quenotte.config.media import journal, owner
from quenotte.config.media.journal import Deed
from quenotte.config.media.telling import Bar, answered, judged
from quenotte.config.words import _, ngettext
from quenotte.devices.media import programs
from quenotte.devices.media.carriers import Finding
from quenotte.devices.media.disks import rotation, system
from quenotte.devices.media.disks.register import Register, Rota
from quenotte.devices.media.disks.rotation import Alarm, Run
from quenotte.devices.media.disks.system import BY_UUID, Device, Linux, NotPlugged, System
from quenotte.devices.media.disks.visits import Disks, NotVerified
from quenotte.kernel.dates import day_and_clock

if TYPE_CHECKING:
    from quenotte.devices.repository.mirroring import Mirrored

_PROGRAMS: Final = ("blkid", "mount", "par2", "rclone", "xorriso")


def machine() -> System:
    """Return the machine that mounts."""
    return Linux()


def show(*, as_json: bool) -> int:
    """Say which disks there are, which is next, what is wrong; return the exit code."""

    def work() -> dict[str, Any]:
        rota = _rota()
        plugged = system.plugged(machine(), rota.uuids, links=BY_UUID)
        # Where nobody can tell, what was seen last is believed.
        plugged = rota.plugged if plugged is None else plugged
        alarms = rotation.alarms(
            rota.runs,
            plugged,
            now=_now(),
            opening=journal.opening_after,
            is_anomaly_open=journal.is_refused(rota),
            shelved=[one.ended_at for one in rota.shelved],
            since=rota.since,
            visited=_visited(),
        )
        following = rotation.next_letter([one.letter for one in rota.disks], rota.runs)
        told: dict[str, Any] = {
            "state": "shown",
            "disks": [_disk(rota, one.letter, one.uuid, plugged) for one in rota.disks],
            "next": following,
            "alarms": [str(one) for one in alarms] if rota.disks else [],
            "drives": [str(one) for one in _drives()],
            "programs": {name: programs.found(name) is not None for name in _PROGRAMS},
        }
        return told | {"outcome": "\n".join(_lines(told))}

    return answered(work, as_json=as_json)


def enrol(letter: str, node: str, practice: str) -> int:
    """Make a plugged disk one of ours; return the exit code."""

    def work() -> dict[str, Any]:
        owner.needs_practice()
        device = next((one for one in _seen() if one.node == node), None)
        if device is None:
            raise NotPlugged
        _disks().enrol(device, letter, practice, made_on=datetime.now().astimezone().date())
        with owner.acting():
            Register(_data()).enrol(letter, device.uuid)
        said = _("Le disque {letter} est prêt. Ce qu’il contenait est resté.")
        return {"state": "ready", "outcome": said.format(letter=letter)}

    return answered(work, as_json=False, deed=Deed("create", "disk", letter))


def write(place: str, *, as_json: bool) -> int:
    """Mirror a repository to the disk that is plugged; return the exit code."""

    def work() -> dict[str, Any]:
        from quenotte.config.media.yearly import Years

        owner.needs_practice()
        rota, disks = _rota(), _disks()
        data_at, years = journal.data_at_of(place), Years(place)
        device = disks.only(rota.uuids, rotation.next_letter(_letters(rota), rota.runs))
        counted: list[Mirrored] = []

        def copy(folder: Path) -> None:
            counted.extend(years.mirrored(folder, Bar(_("Copie"))))

        def look(folder: Path) -> Sequence[Finding]:
            return years.looked(folder, Bar(_("Relecture")))

        def mended(folder: Path) -> None:
            years.mended(folder, damaged)

        damaged: Sequence[Finding] = ()
        with _visiting(device.uuid):
            try:
                marker = disks.visit(device, copy, look, is_anomaly_open=journal.is_refused(rota))
            except NotVerified as found:
                # What had been damaged before is written again, once; it is read back as well.
                damaged = found.findings
                refused = journal.is_refused(_rota())
                marker = disks.visit(device, mended, look, is_anomaly_open=refused)
        letter = marker.letter
        if not journal.note_run(letter, device.uuid, data_at):
            _note(Run(letter, device.uuid, _now()))
        return {
            "state": "written",
            "letter": letter,
            "files": sum(one.files for one in counted),
            "bytes": sum(one.bytes for one in counted),
            "mended": len(damaged),
            "outcome": _done(letter) + _mended(len(damaged)),
        }

    return answered(work, as_json=as_json, deed=Deed("send", "disk"))


def verify(*, as_json: bool) -> int:
    """Read the plugged disk whole; return the exit code."""

    def work() -> dict[str, Any]:
        from quenotte.config.media.yearly import looked_alone

        owner.needs_practice()
        rota, disks = _rota(), _disks()
        device = disks.only(rota.uuids)

        def look(folder: Path) -> Sequence[Finding]:
            return looked_alone(folder, Bar(_("Relecture")))

        with _visiting(device.uuid):
            marker, findings = disks.look(device, look)
        sound = _("Le disque {letter} se relit en entier. Débranchez-le.")
        return judged(findings, sound.format(letter=marker.letter)) | {"letter": marker.letter}

    return answered(work, as_json=as_json, deed=Deed("read", "disk"))


def _data() -> Path:
    return data_folder.default_folder()


@owner.acting()
def _rota() -> Rota:
    return Register(_data()).read()


@owner.acting()
def _visited() -> str:
    return Register(_data()).visited


@contextlib.contextmanager
def _visiting(uuid: str) -> Iterator[None]:
    with contextlib.ExitStack() as mark:
        with owner.acting():
            mark.enter_context(Register(_data()).visiting(uuid))
        yield


@owner.acting()
def _note(run: Run) -> None:
    register = Register(_data())
    register.note(run)
    # It is plugged as long as nobody saw the contrary.
    register.see({run.uuid}, run.ended_at)


@owner.acting()
def _secret() -> bytes:
    return bytes.fromhex(data_folder.key(data_folder.prepare(_data()), "media"))


def _disks() -> Disks:
    return Disks(machine(), _secret())


def _seen() -> Sequence[Device]:
    return machine().devices() if programs.found("blkid") else []


def _drives() -> list[Path]:
    found = [*Path("/dev").glob("sr[0-9]*"), *Path("/dev").glob("nst[0-9]*")]
    return sorted(one for one in found if one.name.removeprefix("nst").removeprefix("sr").isdigit())


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _letters(rota: Rota) -> list[str]:
    return [one.letter for one in rota.disks]


def _disk(rota: Rota, letter: str, uuid: str, plugged: set[str]) -> dict[str, Any]:
    last = max((run.ended_at for run in rota.runs if run.uuid == uuid), default=None)
    return {
        "letter": letter,
        "uuid": uuid,
        "is_plugged": uuid in plugged,
        "last": last.isoformat() if last else None,
    }


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [_disk_line(one) for one in told["disks"]]
    if not lines and owner.is_elsewhere():
        lines = [str(owner.NotHere(_data()))]
    elif not lines:
        lines = [_("Aucun disque n’est préparé : « quenotte media enrol A --device … ».")]
    elif told["next"]:
        lines.append(_("Prochain disque à brancher : {letter}.").format(letter=told["next"]))
    lines += [_alarms()[Alarm(one)] for one in told["alarms"]]
    drives = ", ".join(told["drives"]) or _("aucun")
    lines.append(_("Lecteurs de disques optiques et de bandes : {drives}.").format(drives=drives))
    absent = ", ".join(name for name, is_there in told["programs"].items() if not is_there)
    if absent:
        lines.append(_("Programmes absents de cette machine : {names}.").format(names=absent))
    return lines


def _disk_line(disk: dict[str, Any]) -> str:
    last = disk["last"]
    when = day_and_clock(datetime.fromisoformat(last).astimezone()) if last else _("jamais")
    where = _("branché") if disk["is_plugged"] else _("débranché")
    said = _("Disque {letter} : {where}, dernière copie {when}.")
    return said.format(letter=disk["letter"], where=where, when=when)


def _alarms() -> dict[Alarm, str]:
    return {
        Alarm.STILL_PLUGGED: _(
            "Un disque est resté branché : débranchez-le et mettez-le à l’abri."
        ),
        Alarm.SAME_DISK: _("Le même disque a servi deux fois de suite : prenez l’autre."),
        Alarm.NO_OFFLINE: _(
            "Aucune copie de moins de 8 jours n’est hors d’atteinte : débranchez le disque qui "
            "vient de servir, ou branchez le prochain, copiez, débranchez."
        ),
        Alarm.REFUSED: _(
            "Une anomalie est ouverte et un disque est branché : débranchez-le maintenant."
        ),
    }


def _done(letter: str) -> str:
    said = _("La copie est sur le disque {letter}, refermé, rouvert et relu en entier.")
    return f"{said.format(letter=letter)} " + _("Débranchez-le et mettez-le à l’abri.")


def _mended(count: int) -> str:
    if not count:
        return ""
    return " " + ngettext(
        "{count} fichier y était abîmé et a été récrit : si cela se répète, remplacez ce disque.",
        "{count} fichiers y étaient abîmés et ont été récrits : si cela se répète, remplacez ce "
        "disque.",
        count,
    ).format(count=count)
