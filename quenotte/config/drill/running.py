"""The drill from its first step to its figures."""

import json
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from quenotte.config import console
from quenotte.config.drill import attackers, judging, thieves
from quenotte.config.drill.filling import STATIONS
from quenotte.config.drill.ground import DrillFailed, Ground, free_port, wait_until
from quenotte.config.drill.stations import Room, Station
from quenotte.config.drill.witness import Witness, Write
from quenotte.config.words import _
from quenotte.devices.recovery import shares
from quenotte.kernel import passphrases

_PRACTICE: Final = "exercice"
#: Copies after which an attack that nobody saw is called unseen.
_NIGHTS: Final = 3
#: How long a copy that the practice makes by itself is waited for, in seconds.
_BUSY_S: Final = 90.0
#: Letters of the name of a file that is kept for ever.
_DIGEST: Final = 64
_POISON: Final = (
    "UPDATE care_patient SET birth_name = 'X', mobile_phone = ''",
    "DROP TRIGGER care_note_never_changes",
    "UPDATE care_note SET text = 'X' WHERE rowid % 3 = 0",
)


@dataclass(frozen=True)
class Size:
    """How large the practice is, and how long people work before the attack, in seconds."""

    patients: int
    work_s: float
    pause_s: float
    flood: int
    every_s: float | None = None


SMALL: Final = Size(patients=12, work_s=1.5, pause_s=0.4, flood=10, every_s=1.0)
WHOLE: Final = Size(patients=2_000, work_s=150.0, pause_s=0.3, flood=400)


@dataclass
class Figures:
    """What a drill measured. Times in seconds; see the manual, « L’exercice »."""

    variant: str
    rpo_s: float = 0.0
    rto_agenda_s: float = 0.0
    rto_full_s: float = 0.0
    acknowledged: int = 0
    lost_acknowledged: int = 0
    lost_last_minute: int = 0
    detected_s: float | None = None
    copies_until_seen: int = 0
    flips_found: int = 0
    detected_by: list[str] = field(default_factory=list)
    vault_objects_altered: int = 0
    vault_asked: int = 0
    vault_refused: int = 0
    files_encrypted: int = 0
    false_alarms: int = 0
    lost: dict[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Tell whether the practice is back as it must be."""
        lost = 0 if self.variant == "vault-lost" else self.lost_acknowledged
        bad = (lost, self.vault_objects_altered, self.false_alarms)
        return not any(bad) and self.detected_s is not None


def run(*, is_small: bool, variant: str, as_json: bool, model: Path | None = None) -> int:
    """Play it; print what was measured; return the exit code.

    ``model``: a data folder that is migrated already, for whoever plays many.
    """
    try:
        figures = play(SMALL if is_small else WHOLE, variant, model)
    except DrillFailed as failure:
        console.complain(_("L’exercice s’est arrêté : {why}").format(why=failure))
        return 1
    if as_json:
        console.say(json.dumps(asdict(figures)))
    else:
        _tell(figures)
    return 0 if figures.is_good else 1


def play(size: Size, variant: str, model: Path | None = None) -> Figures:
    """Play a drill and return its figures. Raises: DrillFailed."""
    ground = Ground.make(size.every_s)
    try:
        return _Drill(ground, size, variant).play(model)
    finally:
        ground.close()


class _Drill:
    def __init__(self, ground: Ground, size: Size, variant: str) -> None:
        self._ground, self._size = ground, size
        self._figures = Figures(variant)
        self._store = ground.outside / "vault"
        self._key = ground.outside / "paper.txt"
        self._local, self._disk = ground.server / "copies", ground.server / "disk"
        self._drawer = ground.outside / "disk"
        self._vault_port, self._port = free_port(), free_port()
        self._url = self._server_key = ""
        self._back_to: float | None = None

    def play(self, model: Path | None) -> Figures:
        variant = self._figures.variant
        _say(_("Un cabinet inventé se prépare, avec son coffre."))
        sample = self._prepare(model)
        witness = Witness(self._ground.outside / "seen.jsonl")
        with self._open() as server:
            room = Room(self._port, witness, sample, self._size.pause_s)
            stations = [Station(room, number) for number in range(STATIONS)]
            for station in stations:
                station.start()
            _say(_("Cinq postes écrivent ; le témoin note chaque accusé de réception."))
            self._work(stations)
            if variant == "bitrot":
                self._rot()
            self._look_for_false_alarms()
            _say(_("L’attaque commence."))
            before = thieves.pictured(self._store)
            ended_at = self._attack(room)
            self._rob(before)
            self._ground.end(server, signal.SIGKILL)
        writes = witness.close()
        shutil.rmtree(self._ground.server)
        _say(_("La machine est effacée. Il reste le papier et le coffre."))
        self._return(writes, ended_at)
        return self._figures

    def _prepare(self, model: Path | None) -> dict[str, Any]:
        ground = self._ground
        if model is not None:
            shutil.copytree(model, ground.data)
        else:
            ground.quenotte("migrate")
        told = ground.quenotte("vault", "enrol", _PRACTICE, "--store", str(self._store), "--json")
        ground.begin(
            *("vault", "serve", "--store", str(self._store), "--port", str(self._vault_port)),
            port=self._vault_port,
        )
        where = f"127.0.0.1:{self._vault_port}/{_PRACTICE}/2026"
        self._url = f"http://{_PRACTICE}:{told['password']}@{where}"
        self._key.write_text(self._passphrase())
        # As `quenotte backup init` and `run` do, without a start of the program for each.
        places = (self._url, str(self._local))
        sample = ground.module("filling", str(self._size.patients), str(self._key), *places)
        self._store_evening()
        self._server_key = (ground.data / "keys" / "backup.key").read_text().strip()
        return sample

    def _passphrase(self) -> str:
        """Return the key of the paper, or what two of three shares give."""
        if self._figures.variant != "share-missing":
            return passphrases.new_passphrase()
        secret = shares.new_secret()
        first, _lost, third = shares.split(secret)
        if shares.combine([first, third]) != secret:
            raise DrillFailed("two shares do not make the key")
        return shares.password_of(shares.combine([first, third]))

    @contextmanager
    def _open(self) -> Iterator[Any]:
        """Serve the practice; the attack ends it."""
        ports = ["--port", str(self._port), "--dicom-port", str(free_port())]
        yield self._ground.begin("serve", *ports, port=self._port)

    def _store_evening(self) -> None:
        """Copy the local repository to the disk that is plugged in, and to the one in a drawer."""
        if self._figures.variant == "vault-lost":
            # The other disk of the rotation lies in a drawer, unplugged.
            shutil.copytree(self._local, self._drawer)
        if self._figures.variant != "disk-lost":
            shutil.copytree(self._local, self._disk)

    def _rot(self) -> None:
        """Flip one byte of the largest pack of the vault; the check finds it, the copy mends it."""
        packs = [path for path in attackers.everything(self._store) if "/data/" in str(path)]
        pack = max(packs, key=lambda path: path.stat().st_size)
        pack.chmod(0o600)
        body = bytearray(pack.read_bytes())
        body[len(body) // 2] ^= 1
        pack.write_bytes(body)
        try:
            self._ground.quenotte("backup", "verify", "--from", self._url, "--json")
        except DrillFailed as failure:
            self._figures.flips_found += pack.name in str(failure)

    def _work(self, stations: list[Station]) -> None:
        time.sleep(self._size.work_s)
        wait_until(lambda: all(one.acknowledged >= 3 for one in stations), 120, "stations")

    def _look_for_false_alarms(self) -> None:
        """An ordinary copy, an hour later: the guard keeps quiet."""
        told = self._run_on_vault()
        self._figures.false_alarms += told.get("guard", {}).get("state", "calm") != "calm"

    def _attack(self, room: Room) -> float:
        """Begin as the variant does, until a copy shows it; then encrypt everything.

        Returns when the practice stopped answering.
        """
        begun_at = time.time()
        if self._figures.variant == "rows":
            # What was written after the poison is not wanted back.
            self._back_to = begun_at
        for _night in range(_NIGHTS):
            self._harm()
            self._figures.copies_until_seen += 1
            told = self._run_on_vault().get("guard", {})
            if told.get("state", "calm") != "calm":
                self._figures.detected_s = round(time.time() - begun_at, 1)
                self._figures.detected_by = told["signs"]
                break
        room.stop.set()
        ended_at = time.time()
        for folder in (self._ground.data, self._local, self._disk):
            self._encrypt(attackers.everything(folder))
            if folder.is_dir():
                attackers.leave_note(self._ground.server, folder)
        return ended_at

    def _harm(self) -> None:
        """Do what an attacker of this variant does between two copies."""
        blobs = attackers.everything(self._ground.data / "blobs")
        match self._figures.variant:
            case "rows":
                database = self._ground.data / "db.sqlite3"
                attackers.poison(self._ground.server, database, _POISON)
            case "slow":
                pictures = [path for path in blobs if len(path.name) == _DIGEST]
                self._encrypt(pictures[: max(1, len(pictures) // 100)])
            case "sixteenth":
                self._encrypt(blobs, attackers.sixteenth)
            case _:
                self._encrypt(blobs)

    def _encrypt(self, paths: list[Path], pick: attackers.Pick = attackers.every_block) -> None:
        self._figures.files_encrypted += attackers.encrypt(self._ground.server, paths, pick)

    def _run_on_vault(self) -> dict[str, Any]:
        return self._copy_to(self._url)

    def _copy_to(self, place: str) -> dict[str, Any]:
        """Copy the practice; one that the practice makes by itself at this moment ends first."""
        deadline = time.monotonic() + _BUSY_S
        while True:
            try:
                return self._ground.quenotte("backup", "run", "--to", place, "--json")
            except DrillFailed as failure:
                if '"Busy"' not in str(failure) or time.monotonic() > deadline:
                    raise

    def _rob(self, before: dict[str, bytes]) -> None:
        """Attack the vault with what the server knew."""
        booty = thieves.Thief(self._url, self._server_key).attack(self._size.flood)
        self._figures.vault_asked, self._figures.vault_refused = booty.asked, booty.refused
        self._figures.vault_objects_altered = thieves.altered(before, self._store)

    def _return(self, writes: list[Write], ended_at: float) -> None:
        """Come back from the paper, on an empty folder; compare."""
        new, begun_at = self._ground.root / "new", time.monotonic()
        place = str(self._drawer) if self._figures.variant == "vault-lost" else self._url
        words = ["--from", place, "--passphrase-file", str(self._key), "--data", str(new)]
        if self._back_to is not None:
            ended_at = self._back_to
            writes = [one for one in writes if one.at <= ended_at]
            moment = datetime.fromtimestamp(ended_at, UTC).isoformat(timespec="seconds")
            words += ["--as-of", moment]
        told = self._ground.quenotte("phoenix", *words, "--yes", "--json", data=new)
        whole_s = time.monotonic() - begun_at
        # What Python took to begin counts too.
        self._figures.rto_agenda_s = round(whole_s - told["rto_full_s"] + told["rto_agenda_s"], 1)
        self._figures.rto_full_s = round(whole_s, 1)
        losses = judging.compared(writes, new, ended_at)
        self._figures.acknowledged, self._figures.rpo_s = losses.acknowledged, losses.rpo_s
        old = losses.older_than(judging.MINUTE_S, ended_at)
        self._figures.lost_acknowledged = old
        self._figures.lost_last_minute = len(losses.lost) - old
        for one in losses.lost:
            self._figures.lost[one.kind] = self._figures.lost.get(one.kind, 0) + 1


def _say(words: str) -> None:
    console.progress(words.rstrip("."))


def _tell(figures: Figures) -> None:
    console.say(
        _(
            "{acknowledged} écritures accusées, {lost} perdues. Agenda revenu en {agenda} s, tout "
            "en {full} s. Objets du coffre modifiés : {altered}."
        ).format(
            acknowledged=figures.acknowledged,
            lost=figures.lost_acknowledged + figures.lost_last_minute,
            agenda=figures.rto_agenda_s,
            full=figures.rto_full_s,
            altered=figures.vault_objects_altered,
        )
    )
