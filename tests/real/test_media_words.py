"""``quenotte media``: the commands, on the programs that everybody has."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from quenotte.config.cli import main
from quenotte.config.media import disks as words
from quenotte.config.media import tapes
from quenotte.devices.media import programs
from quenotte.devices.media.cloud import Cloud, NotStarted, Relay
from quenotte.devices.media.disks.fake import FakeSystem
from quenotte.devices.media.disks.register import Register
from quenotte.devices.media.tape import carrier
from quenotte.devices.media.tape.device import BLOCK_BYTES
from quenotte.devices.media.tape.simulator import SimulatedTape
from quenotte.devices.paper import reading
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.rest import RestStore
from quenotte.devices.repository.writing import Source, save
from tests.support.programs import program

KEY = "une phrase pour essayer"

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("QUENOTTE_DATA", str(tmp_path / "data"))
    # That of a practice, whoever runs the tests.
    (tmp_path / "data" / "keys").mkdir(parents=True, mode=0o700)
    (tmp_path / "data" / "keys" / "journal.key").write_text("0" * 64)
    return tmp_path / "data"


@pytest.fixture(scope="module")
def depot(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("source") / "depot"
    repository = Repository.create(FolderStore(folder), KEY, host="lilas", user="lilas")
    given = [Source(f"images/{n}.dcm", os.urandom(150_000)) for n in range(3)]
    save(repository, given, time=datetime(2026, 3, 17, 20, tzinfo=UTC), host="lilas")
    return folder


def said(*wanted: object, code: int = 0) -> dict:
    done = CliRunner().invoke(main, ["media", *map(str, wanted), "--json"])
    assert done.exit_code == code, (done.output, done.exception)
    return json.loads(done.output.strip().splitlines()[-1])


def spoken(*wanted: object, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["media", *map(str, wanted)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def content(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def restic_checks(place: object) -> None:
    done = subprocess.run(
        [program("restic"), "-r", str(place), "--no-cache", "--no-lock", "check", "--read-data"],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "RESTIC_PASSWORD": KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_discs_are_made_gathered_and_opened_by_restic(data, depot, tmp_path):
    discs = tmp_path / "discs"
    discs.mkdir()
    wanted = ["--from", depot, "--to", discs, "--set", "2026-03", "--disc", "cd"]
    told = said("write", "optical", *wanted)
    assert (told["state"], len(told["images"]), told["is_burnt"]) == ("written", 1, False)
    assert said("verify", "optical", "--from", discs)["state"] == "sound"
    back = tmp_path / "back"
    assert said("read", "optical", "--from", discs, "--to", back)["left"] == 0
    assert content(back) == content(depot)
    restic_checks(back)

    pdf = tmp_path / "label.pdf"
    drawn = ["optical", "x", "--to", pdf, "--practice", "Cabinet des Lilas"]
    spoken("label", *drawn, "--image", told["images"][0])
    text = reading.text_of(pdf.read_bytes())
    assert "Jeu 2026-03" in text
    assert "Disque 1 sur 1" in text
    assert reading.pages_of(pdf.read_bytes()) == 1

    # The names of a set are used once.
    assert said("write", "optical", *wanted, code=1)["refusal"] == "Otherwise"
    image = Path(told["images"][0])
    body = bytearray(image.read_bytes())
    body[len(body) // 2] ^= 1
    image.write_bytes(body)
    assert "contenu/data" in spoken("verify", "optical", "--from", discs, code=1)


def test_without_xorriso_it_is_said_what_to_do(data, depot, tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "found", lambda _name: None)
    wanted = ["--from", depot, "--to", tmp_path, "--set", "S"]
    said_ = spoken("write", "optical", *wanted, code=1)
    assert "apt install" in said_
    assert "Programmes absents" in spoken("list")


def test_a_simulated_tape_says_so_and_stock_tar_reads_it(data, depot, tmp_path):
    tape = tmp_path / "b.tap"
    assert said("write", "tape", "--from", depot, "--to", tape, code=1)["refusal"] == "BlankTape"
    told = said("write", "tape", "--from", depot, "--to", tape, "--new", "B-1")
    assert told["is_simulated"]
    assert "Bande simulée" in told["outcome"]
    assert said("verify", "tape", "--from", tape)["state"] == "sound"
    back = tmp_path / "back"
    said("read", "tape", "--from", tape, "--to", back)
    assert content(back) == content(depot)

    # The blocks of the second file, as a drive would give them to tar.
    blocks, body = [], tape.read_bytes()
    at, marks = 0, 0
    while marks < 2:
        length = int.from_bytes(body[at : at + 4], "little")
        if marks == 1 and length:
            blocks.append(body[at + 4 : at + 4 + length])
        marks += not length
        at += 4 if not length else length + 8
    stock = tmp_path / "stock"
    stock.mkdir()
    subprocess.run(
        [program("tar"), "-b", "512", "-xf", "-", "-C", str(stock)],
        input=b"".join(blocks), check=True,
    )  # fmt: skip
    assert content(depot).items() <= content(stock).items()


def test_a_full_tape_leaves_the_rest_to_the_next(data, depot, tmp_path, monkeypatch):
    def small(path: Path) -> SimulatedTape:
        return SimulatedTape(path, capacity_bytes=20 * BLOCK_BYTES)

    monkeypatch.setattr(tapes, "SimulatedTape", small)
    monkeypatch.setattr(carrier, "ARCHIVE_BYTES", 1)
    names = [tmp_path / "1.tap", tmp_path / "2.tap"]
    first = said("write", "tape", "--from", depot, "--to", names[0], "--new", "B-1")
    assert (first["state"], first["left"] > 0) == ("sound", True)
    assert "--rest" in first["outcome"]
    wanted = ["--from", depot, "--to", names[1], "--new", "B-2", "--rest"]
    assert said("write", "tape", *wanted)["left"] == 0
    for name in names:
        said("read", "tape", "--from", name, "--to", tmp_path / "back")
    assert content(tmp_path / "back") == content(depot)


def test_what_is_no_drive_is_declined(data, depot):
    assert said("verify", "tape", "--from", "/dev/null", code=1)["refusal"] == "NotATape"


def test_a_cloud_takes_additions_only(data, depot, tmp_path):
    config = tmp_path / "rclone.conf"
    config.write_text("[nuage]\ntype = alias\nremote = " + str(tmp_path / "cloud") + "\n")
    (tmp_path / "cloud").mkdir()
    wanted = ["--remote", "nuage:cabinet", "--config", config]
    assert said("write", "cloud", "--from", depot, *wanted)["files"] == 4
    assert said("verify", "cloud", *wanted)["state"] == "sound"
    assert said("write", "cloud", "--from", depot, *wanted)["files"] == 0

    with Relay(Cloud("nuage:cabinet", config), tmp_path / "log") as relay:
        store = RestStore(relay.place.removeprefix("rest:"))
        assert sorted(store.names("snapshots")) == sorted(FolderStore(depot).names("snapshots"))
        store.close()
        restic_checks(relay.place)
        pid = relay.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    # A new year goes there beside the old one.
    before = Repository.open(FolderStore(depot), KEY)
    Repository.continued(FolderStore(depot / "2027"), before)
    try:
        assert said("write", "cloud", "--from", depot, *wanted)["files"] == 0
        assert (tmp_path / "cloud" / "cabinet" / "2027" / "config").is_file()
        assert said("verify", "cloud", *wanted)["state"] == "sound"
    finally:
        shutil.rmtree(depot / "2027")
    with pytest.raises(NotStarted):
        Relay(Cloud("unknown:cabinet", config), tmp_path / "log")


def test_disks_from_enrolment_to_alarm(data, depot, tmp_path, monkeypatch):
    machine = FakeSystem(tmp_path / "machine")
    monkeypatch.setattr(words, "machine", lambda: machine)
    monkeypatch.setattr(words, "BY_UUID", tmp_path)
    assert "Aucun disque n’est préparé" in spoken("list")
    ours = machine.plug("1111-aaaa")
    assert "Aucun disque utilisable" in spoken("enrol", "A", "--device", "/dev/none", code=1)
    spoken("enrol", "A", "--device", ours.node, "--practice", "Cabinet des Lilas")

    told = said("write", "disk", "--from", depot)
    assert (told["letter"], told["files"]) == ("A", 4)
    assert said("verify", "disk")["state"] == "sound"
    assert content(machine.content("1111-aaaa") / "QUENOTTE" / "depot") == content(depot)
    # The only copy is plugged: none is out of reach.
    assert said("list")["alarms"] == ["no_offline"]
    machine.unplug("1111-aaaa")
    shown = said("list")
    assert (shown["alarms"], shown["next"]) == ([], "A")
    assert "débranché" in spoken("list")
    assert "disque A" in spoken("write", "disk", "--from", depot, code=1)

    Register(data).refuse(True)
    machine.plug("1111-aaaa")
    assert "ne branchez pas" in spoken("write", "disk", "--from", depot, code=1)
    assert "débranchez-le maintenant" in spoken("list")
    Register(data).refuse(False)
    # What rotted in the drawer is written again from what is whole, and read back.
    pack = next((machine.content("1111-aaaa") / "QUENOTTE/depot/data").glob("*/*"))
    pack.write_bytes(b"!" + pack.read_bytes()[1:])
    assert said("verify", "disk", code=1)["state"] == "damaged"
    assert said("write", "disk", "--from", depot)["mended"] == 1
    assert said("verify", "disk")["state"] == "sound"
    assert "same_disk" in said("list")["alarms"]

    # A new year lies beside the old one on the disk, and rots and heals on its own.
    before = Repository.open(FolderStore(depot), KEY)
    new = Repository.continued(FolderStore(depot / "2027"), before)
    save(new, [Source("a.dcm", os.urandom(90_000))], time=datetime.now(UTC), host="lilas")
    try:
        assert said("write", "disk", "--from", depot)["files"] == 4
        mirror = machine.content("1111-aaaa") / "QUENOTTE" / "depot"
        assert content(mirror) == content(depot)
        pack = next((mirror / "2027" / "data").glob("*/*"))
        pack.write_bytes(b"!" + pack.read_bytes()[1:])
        assert "2027/data" in said("verify", "disk", code=1)["outcome"]
        assert said("write", "disk", "--from", depot)["mended"] == 1
        for place in (mirror, mirror / "2027"):
            restic_checks(place)
    finally:
        shutil.rmtree(depot / "2027")
