"""The drill from its first step to its figures."""

import json
import math
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from quenotte.config import console
from quenotte.config.drill import attackers, judging, thieves
from quenotte.config.drill.figures import SMALL, WHOLE, Figures, Size
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
#: How long people write beyond what may be lost, in seconds.
_MORE_S: Final = 1.5


def run(*, is_small: bool, variant: str, as_json: bool, model: Path | None = None) -> int:
    """Play it; print what was measured; return the exit code.

    ``model``: a data folder that is migrated already, for whoever plays many.
    """
    figures = Figures(variant)
    try:
        play(SMALL if is_small else WHOLE, variant, model, figures)
    except Exception as failure:  # noqa: BLE001 - scripts are told of whatever broke off
        # Other errors than ours may name what they were given, passwords among it.
        why = str(failure) if isinstance(failure, DrillFailed) else type(failure).__name__
        console.complain(_("L’exercice s’est arrêté : {why}").format(why=why))
        figures.failed.append(why)
    else:
        _tell(figures)
        if not figures.is_good:
            what = ", ".join(figures.failed)
            console.complain(_("L’exercice a échoué : {what}").format(what=what))
    if as_json:
        console.say(json.dumps(asdict(figures)))
    return 0 if figures.is_good else 1


def play(
    size: Size, variant: str, model: Path | None = None, figures: Figures | None = None
) -> Figures:
    """Play a drill and return its figures; those that were given are filled on the way.

    Raises: DrillFailed.
    """
    ground = Ground.make(size.every_s)
    try:
        return _Drill(ground, size, figures or Figures(variant)).play(model)
    finally:
        ground.close()


class _Drill:
    def __init__(self, ground: Ground, size: Size, figures: Figures) -> None:
        self._ground, self._size = ground, size
        self._figures = figures
        self._store = ground.outside / "vault"
        self._key = ground.outside / "paper.txt"
        self._local, self._disk = ground.server / "copies", ground.server / "disk"
        self._drawer = ground.outside / "disk"
        self._vault_port, self._port = free_port(), free_port()
        self._url = self._server_key = ""
        #: The moment that the last good copy shows, and that at which the attack begins.
        self._good_at = self._begun_at = 0.0

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
            self._work_past_the_copy()
            _say(_("L’attaque commence."))
            before = thieves.pictured(self._store)
            self._attack(room)
            self._rob(before)
            self._ground.end(server, signal.SIGKILL)
        writes = witness.close()
        shutil.rmtree(self._ground.server)
        _say(_("La machine est effacée. Il reste le papier et le coffre."))
        self._return(writes)
        self._figures.judge()
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
        self._good_at = datetime.fromisoformat(told["data_at"]).timestamp()
        self._figures.false_alarms += told.get("guard", {}).get("state", "calm") != "calm"

    def _work_past_the_copy(self) -> None:
        """Let people write until a journal that stands still would lose more than is allowed."""
        if self._is_named:
            time.sleep(max(0.0, self._good_at + self._size.allowance_s + _MORE_S - time.time()))

    @property
    def _is_named(self) -> bool:
        """Tell whether the return names the moment of the attack, so that the journal serves.

        Where rows were poisoned nobody names one: the last good copy is what comes back.
        """
        return self._figures.variant not in {"rows", "vault-lost"}

    def _attack(self, room: Room) -> None:
        """Begin as the variant does, until a copy shows it; then encrypt everything."""
        begun_at = self._begun_at = time.time()
        for _night in range(_NIGHTS):
            self._harm()
            self._figures.copies_until_seen += 1
            told = self._run_on_vault().get("guard", {})
            if told.get("state", "calm") != "calm":
                self._figures.detected_s = round(time.time() - begun_at, 1)
                self._figures.detected_by = told["signs"]
                break
        room.stop.set()
        for folder in (self._ground.data, self._local, self._disk):
            self._encrypt(attackers.everything(folder))
            if folder.is_dir():
                attackers.leave_note(self._ground.server, folder)

    def _harm(self) -> None:
        """Do what an attacker of this variant does between two copies."""
        blobs = attackers.everything(self._ground.data / "blobs")
        match self._figures.variant:
            case "rows":
                database = self._ground.data / "db.sqlite3"
                attackers.poison(self._ground.server, database, attackers.POISON)
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

    def _return(self, writes: list[Write]) -> None:
        """Come back from the paper, on an empty folder; compare with what was before the attack."""
        new, begun_at = self._ground.root / "new", time.monotonic()
        place = str(self._drawer) if self._figures.variant == "vault-lost" else self._url
        words = ["--from", place, "--passphrase-file", str(self._key), "--data", str(new)]
        end, allowance_s = self._begun_at, self._size.allowance_s
        if self._is_named:
            end = math.floor(end)
            self._figures.as_of = datetime.fromtimestamp(end, UTC).isoformat(timespec="seconds")
            words += ["--as-of", self._figures.as_of]
        elif self._figures.variant == "rows":
            allowance_s = end - self._good_at
        told = self._ground.quenotte("phoenix", *words, "--yes", "--json", data=new)
        whole_s = time.monotonic() - begun_at
        # What Python took to begin counts too.
        self._figures.rto_agenda_s = round(whole_s - told["rto_full_s"] + told["rto_agenda_s"], 1)
        self._figures.rto_full_s = round(whole_s, 1)
        judging.judge(self._figures, writes, new, end=end, allowance_s=allowance_s)


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
