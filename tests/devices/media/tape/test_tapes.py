"""The rules of a tape, and one carrier that keeps to them."""

import errno
import fcntl
import os
import random
import re
import struct
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from quenotte.devices.media.carriers import Finding
from quenotte.devices.media.errors import Absent, BadName, Declined, MediaError, NoAnswer, Otherwise
from quenotte.devices.media.sorts import Sort
from quenotte.devices.media.tape import carrier as carriers
from quenotte.devices.media.tape import device as devices
from quenotte.devices.media.tape.carrier import BlankTape, ForeignTape, TapeCarrier, TapeFull
from quenotte.devices.media.tape.device import BLOCK_BYTES, LinuxTape, NoTape, NotATape, Protected
from quenotte.devices.media.tape.simulator import SimulatedTape

BLOCK = bytes(range(256)) * (BLOCK_BYTES // 256)
#: Lengths stand before and behind each block.
STEP = BLOCK_BYTES + 8


@pytest.fixture
def insert(tmp_path):
    """Tapes put into drives that are closed at the end."""
    with ExitStack() as closed:

        def made(name: str = "a.tap", **rules) -> SimulatedTape:
            tape = SimulatedTape(tmp_path / name, **rules)
            closed.callback(tape.close)
            return tape

        yield made


@pytest.fixture
def drive(insert):
    return insert()


def small(blocks: int) -> dict[str, int]:
    return {"capacity_bytes": blocks * STEP, "warning_bytes": 4 * STEP}


def a_file(folder: Path, name: str, size: int = 1000) -> Path:
    path = folder / name.replace("/", "-")
    path.write_bytes(random.Random(name).randbytes(size))
    return path


def code_of(act) -> int | None:
    with pytest.raises(OSError) as told:  # noqa: PT011 - its number is what is looked at
        act()
    return told.value.errno


class TestRules:
    def test_only_forward_and_filemarks_stop_reading(self, drive):
        for fill in (1, 2):
            drive.write(bytes([fill]) * BLOCK_BYTES)
            drive.mark()
        assert code_of(drive.read) == errno.EIO
        drive.rewind()
        assert [drive.read()[:1], drive.read(), drive.read()[:1]] == [b"\1", b"", b"\2"]
        drive.rewind()
        drive.forward(1)
        assert drive.read()[:1] == b"\2"
        assert code_of(lambda: drive.forward(2)) == errno.EIO
        drive.to_end()
        assert drive.status().is_at_end

    def test_a_write_after_a_rewind_truncates(self, drive):
        for _ in range(3):
            drive.write(BLOCK)
            drive.mark()
        drive.rewind()
        drive.write(BLOCK)
        drive.mark()
        assert drive.status().is_at_end
        drive.rewind()
        assert code_of(lambda: drive.forward(2)) == errno.EIO

    def test_blocks_have_one_size(self, drive, insert):
        assert code_of(lambda: drive.write(BLOCK[:-1])) == errno.EINVAL
        drive.write(BLOCK)
        drive.mark()
        assert code_of(insert(block_bytes=1024).read) == errno.EIO

    def test_the_end_warns_then_writes_short_then_ends(self, insert):
        tape = insert(**small(blocks=8))
        assert tape.write(BLOCK * 6) == 4 * BLOCK_BYTES
        assert code_of(lambda: tape.write(BLOCK)) == errno.ENOSPC
        assert tape.write(BLOCK * 2) == BLOCK_BYTES
        assert code_of(lambda: tape.write(BLOCK)) == errno.ENOSPC
        assert [tape.write(BLOCK)] == [BLOCK_BYTES]

    def test_protected(self, insert):
        tape = insert(is_protected=True)
        assert tape.status().is_protected
        assert code_of(lambda: tape.write(BLOCK)) == errno.EACCES
        assert code_of(tape.mark) == errno.EACCES
        with pytest.raises(Protected):
            TapeCarrier(tape).begin("A")


class TestCarrier:
    @pytest.fixture
    def tape(self, drive):
        made = TapeCarrier(drive)
        made.begin("2026-1", ["keys/aa", "data/bb"])
        return made

    def test_what_was_put_comes_back(self, tape, tmp_path):
        big = a_file(tmp_path, "data/bb", 3 * BLOCK_BYTES)
        tape.put_all([("keys/aa", a_file(tmp_path, "keys/aa")), ("data/bb", big)])
        tape.put("index/cc", a_file(tmp_path, "index/cc"))
        tape.put("index/cc", a_file(tmp_path, "index/cc"))
        assert [one.name for one in tape.list()] == ["keys/aa", "data/bb", "index/cc"]
        assert tape.label == "2026-1"
        assert tape.verify() == []
        tape.get("data/bb", tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == big.read_bytes()
        with pytest.raises(Absent):
            tape.get("data/none", tmp_path / "none")

    def test_it_never_replaces_and_shows_the_past(self, tape, tmp_path):
        tape.put("keys/aa", a_file(tmp_path, "keys/aa"))
        with pytest.raises(Otherwise):
            tape.put("keys/aa", a_file(tmp_path, "other"))
        with pytest.raises(BadName):
            tape.put("../aa", a_file(tmp_path, "other"))
        (kept,) = tape.list()
        assert tape.as_of(kept.put_at).list() == [kept]
        past = tape.as_of(kept.put_at - timedelta(seconds=1))
        assert past.list() == []
        with pytest.raises(Absent):
            past.get("keys/aa", tmp_path / "back")
        with pytest.raises(Declined):
            past.put("keys/zz", a_file(tmp_path, "other"))

    def test_what_was_announced_and_is_missing_is_named(self, tape, tmp_path):
        tape.put("keys/aa", a_file(tmp_path, "keys/aa"))
        assert tape.verify() == [Finding(Sort.ABSENT, "data/bb")]

    def test_a_damaged_head_leaves_the_other_archives(self, tape, tmp_path, insert):
        for name in ("keys/aa", "data/bb"):
            tape.put(name, a_file(tmp_path, name))
        path = tmp_path / "a.tap"
        body = bytearray(path.read_bytes())
        # The first file, then the first archive: two blocks and a mark each.
        for start in (0, 2 * STEP + 4):
            body[start + 4 + 20] ^= 1
        path.write_bytes(body)
        again = TapeCarrier(insert())
        assert [one.name for one in again.list()] == ["data/bb"]
        assert Finding(Sort.CHANGED, "archive 1") in again.verify()
        again.get("data/bb", tmp_path / "back")

    def test_each_flipped_byte_is_found(self, tape, tmp_path, insert):
        names = ("keys/aa", "data/bb")
        for name in names:
            tape.put(name, a_file(tmp_path, name))
        path = tmp_path / "a.tap"
        whole = path.read_bytes()
        dice = random.Random(7)
        places = [0, 2, 4, len(whole) - 1, *(dice.randrange(len(whole)) for _ in range(5))]
        for place in places:
            body = bytearray(whole)
            body[place] ^= 1 << dice.randrange(8)
            path.write_bytes(body)
            tape = TapeCarrier(insert())
            assert tape.verify(), place
            for name in names:
                target = tmp_path / f"{place}-{name[-2:]}"
                try:
                    tape.get(name, target)
                except MediaError:
                    assert not target.exists()
                else:
                    assert target.read_bytes() == a_file(tmp_path, name).read_bytes()

    def test_a_full_tape_says_what_goes_on_the_next(self, tmp_path, insert):
        tape = TapeCarrier(insert(**small(blocks=16)))
        tape.begin("1", ["a", "b", "c"])
        tape.put("a", a_file(tmp_path, "a", 3 * BLOCK_BYTES))
        two = [(name, a_file(tmp_path, name, 6 * BLOCK_BYTES)) for name in ("b", "c")]
        with pytest.raises(TapeFull) as told:
            tape.put_all(two)
        assert told.value.left == ("b", "c")
        assert [one.name for one in tape.list()] == ["a"]
        assert tape.verify() == []
        # It may be asked again: still full, still whole.
        with pytest.raises(TapeFull):
            tape.put_all(two)
        assert [one.name for one in tape.list()] == ["a"]
        assert tape.verify() == []

    def test_blank_and_foreign_tapes(self, drive, tmp_path):
        tape = TapeCarrier(drive)
        with pytest.raises(BlankTape):
            tape.list()
        drive.write(BLOCK)
        drive.mark()
        with pytest.raises(ForeignTape):
            tape.list()
        with pytest.raises(ForeignTape):
            tape.begin("1")
        tape.begin("1", overwrite=True)
        assert tape.list() == []

    def test_many_files_part_into_archives(self, tape, tmp_path, monkeypatch):
        monkeypatch.setattr(carriers, "ARCHIVE_BYTES", 2000)
        names = ["keys/aa", "data/bb", "x1", "x2", "x3"]
        tape.put_all([(name, a_file(tmp_path, name, 900)) for name in names])
        assert [one.name for one in tape.list()] == names
        assert tape.verify() == []


def test_numbers_of_the_real_drive_are_those_of_the_kernel():
    """The header of the kernel, where it is installed, else its facts as they are known."""
    facts = {"MTFSF": 1, "MTWEOF": 5, "MTREW": 6, "MTOFFL": 7, "MTEOM": 12, "MTSETBLK": 20}
    ours = (
        devices._FORWARD,
        devices._MARK,
        devices._REWIND,
        devices._OUT,
        devices._END,
        devices._BLOCK_SIZE,
    )
    assert ours == tuple(facts.values())
    header = Path("/usr/include/linux/mtio.h")
    if header.exists():
        said = dict(re.findall(r"#define\s+(MT[A-Z]+)\s+(\d+)\b", header.read_text()))
        assert {name: int(said[name]) for name in facts} == facts
        for name, bits in [("GMT_EOD", devices._AT_END), ("GMT_WR_PROT", devices._PROTECTED),
                           ("GMT_DR_OPEN", devices._DOOR_OPEN)]:  # fmt: skip
            assert f"#define {name}(x)" in header.read_text()
            found = re.search(rf"{name}\(x\)\s+\(\(x\) & (0x[0-9a-f]+)\)", header.read_text())
            assert found
            assert int(found[1], 16) == bits


def test_what_is_no_drive_is_declined(tmp_path):
    with pytest.raises(NotATape):
        LinuxTape(Path("/dev/null"))
    (tmp_path / "plain").touch()
    with pytest.raises(NotATape):
        LinuxTape(tmp_path / "plain")


def test_the_real_drive_is_asked_as_the_kernel_wants_it(tmp_path, monkeypatch):
    """What `mt` itself sends, seen by `strace -X raw`: 0x40086d01 and 0x80306d02."""
    asked = []

    def ioctl(_handle, number, body):
        asked.append((number, body))
        state = [0] * 7
        state[4] = 0x04000000 | 0x08000000
        return struct.pack("lllllii", *state) if number == 0x80306D02 else body

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    (tmp_path / "drive").write_bytes(BLOCK)
    drive = LinuxTape(tmp_path / "drive")
    drive.rewind()
    drive.forward(0)
    drive.forward(3)
    drive.to_end()
    drive.mark()
    status = drive.status()
    assert drive.read() == BLOCK
    assert drive.write(BLOCK) == BLOCK_BYTES
    drive.eject()
    drive.close()
    assert (status.is_loaded, status.is_protected, status.is_at_end) == (True, True, True)
    assert not status.is_simulated
    orders = [struct.unpack("hi", body) for number, body in asked if number == 0x40086D01]
    assert orders == [(20, BLOCK_BYTES), (6, 1), (1, 3), (12, 1), (5, 1), (7, 1)]


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOMEDIUM, NoTape), (errno.EACCES, Protected), (errno.EBUSY, NoAnswer)],
)
def test_what_a_drive_says_is_told_in_our_words(tmp_path, monkeypatch, number, kind):
    def refuse(*_words):
        raise OSError(number, "")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(kind):
        LinuxTape(tmp_path / "drive")
