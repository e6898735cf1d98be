import errno
import hashlib
import json
import os
from pathlib import Path

import pytest

from quenotte.devices.media.vault import ledger, mending, witness
from quenotte.devices.media.vault import shelf as shelves
from quenotte.devices.media.vault.ledger import LogDamaged
from quenotte.devices.media.vault.practices import Allowance, NameTaken, NotAName, Practices
from quenotte.devices.media.vault.rules import Kind, Reason, Refused
from quenotte.devices.media.vault.shelf import Shelf
from quenotte.devices.media.vault.standing import RETIREMENT_US, Event

NOW = 1_780_000_000_000_000


@pytest.fixture
def shelf(tmp_path):
    made = Shelf(tmp_path / "repositories" / "lilas")
    made.create(NOW, "lilas")
    return made


def put(shelf, body, kind=Kind.DATA, now=NOW, name=None):
    name = "" if kind is Kind.CONFIG else name or hashlib.sha256(body).hexdigest()
    draft = shelf.draft(kind, name, shelf.folder.parent / "drafts")
    try:
        draft.write(body)
        draft.check()
        shelf.keep(draft, now, "lilas")
    finally:
        draft.drop()
    return name


def log_of(shelf):
    return shelf.folder / shelves.LOG


def test_what_was_received_is_there_from_then_on(shelf):
    first = put(shelf, b"one", now=NOW + 10)
    second = put(shelf, b"two", now=NOW + 20)

    assert shelf.names(Kind.DATA, None) == [(first, 3), (second, 3)]
    assert shelf.names(Kind.DATA, NOW + 15) == [(first, 3)]
    stream, size = shelf.open(Kind.DATA, first, NOW + 10)
    with stream:
        assert (stream.read(), size) == (b"one", 3)
    with pytest.raises(Refused):
        shelf.open(Kind.DATA, second, NOW + 19)


def test_another_process_reads_and_adds(shelf):
    put(shelf, b"one")
    other = Shelf(shelf.folder)
    assert other.exists()
    put(other, b"two")
    assert shelf.exists()
    assert len(shelf.names(Kind.DATA, None)) == 2
    assert ledger.follow(log_of(shelf)).head == shelf.ledger.chain.head


def test_times_only_grow(shelf):
    put(shelf, b"one", now=NOW)
    put(shelf, b"two", now=NOW - 99)
    received = [one.at for one in shelf.standing.objects.values()]
    assert received == [NOW + 1, NOW + 2]


def test_second_time_changes_nothing(shelf):
    name = put(shelf, b"one")
    before = log_of(shelf).read_bytes()
    put(shelf, b"one")
    assert log_of(shelf).read_bytes() == before
    assert len(list(shelf.path(Kind.DATA, name).parent.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"0ne", b"on", None])
def test_damage_is_found_and_healed_by_the_same_body_alone(shelf, damage):
    name = put(shelf, b"one")
    path = shelf.path(Kind.DATA, name)
    path.unlink() if damage is None else path.write_bytes(damage)
    expected = {b"0ne": "changed", b"on": "short", None: "missing"}[damage]
    assert [one.what for one in shelf.findings(read_data=True)] == [expected]
    with pytest.raises(Refused):
        put(shelf, b"two", name=name)
    put(shelf, b"one")
    assert list(shelf.findings(read_data=True)) == []
    assert b'"healed"' in log_of(shelf).read_bytes()


def test_what_the_disk_lost_is_not_listed_and_what_it_cut_is_as_long_as_it_is(shelf, caplog):
    names = [put(shelf, body, now=NOW + 10 * at) for at, body in enumerate([b"one", b"two", b"3"])]
    shelf.path(Kind.DATA, names[0]).unlink()
    shelf.path(Kind.DATA, names[1]).write_bytes(b"t")

    for _again in range(2):
        assert shelf.names(Kind.DATA, None) == [(names[1], 1), (names[2], 1)]
    # The view of the past tells no more than there is, and nothing that came later.
    assert shelf.names(Kind.DATA, NOW + 15) == [(names[1], 1)]
    assert shelf.names(Kind.DATA, NOW + 5) == []
    (told,) = caplog.messages
    assert told == f"lilas: 2 objects of data are missing or cut short, data/{names[0]} first"

    assert put(shelf, b"one") == names[0]
    assert put(shelf, b"two") == names[1]
    # They keep the place in the order, and the time, at which they came.
    assert shelf.names(Kind.DATA, None) == [(names[0], 3), (names[1], 3), (names[2], 1)]
    assert shelf.names(Kind.DATA, NOW + 5) == [(names[0], 3)]
    shelf.path(Kind.DATA, names[2]).unlink()
    shelf.names(Kind.DATA, None)
    assert len(caplog.messages) == 2


def test_what_no_line_tells_of_is_not_listed(shelf):
    name = put(shelf, b"one")
    junk = hashlib.sha256(b"junk").hexdigest()
    for place in (shelf.path(Kind.DATA, junk), shelf.folder / "data" / "zz" / name):
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"junk")
    assert shelf.names(Kind.DATA, None) == [(name, 3)]
    shelf.path(Kind.DATA, name).unlink()
    # A file of that name elsewhere is not in its place.
    assert shelf.names(Kind.DATA, None) == []


def test_disk_that_does_not_answer_has_lost_nothing(shelf, monkeypatch):
    put(shelf, b"one")

    def broken(*_values):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "scandir", broken)
    with pytest.raises(OSError, match="broken"):
        shelf.names(Kind.DATA, None)


def test_listing_opens_no_file(shelf, monkeypatch):
    name = put(shelf, b"one")
    put(shelf, b"snapshot", Kind.SNAPSHOTS)

    def refused(*_values, **_named):
        raise AssertionError

    for opener in ("builtins.open", "io.open", "os.open"):
        monkeypatch.setattr(opener, refused)
    assert shelf.names(Kind.DATA, None) == [(name, 3)]
    assert len(shelf.names(Kind.SNAPSHOTS, None)) == 1


def test_config_is_never_replaced(shelf):
    put(shelf, b"config", Kind.CONFIG)
    with pytest.raises(Refused) as caught:
        put(shelf, b"another", Kind.CONFIG)
    assert caught.value.reason is Reason.NO_OVERWRITE
    shelf.path(Kind.CONFIG, "").write_bytes(b"rotten")
    assert [one.what for one in shelf.findings(read_data=False)] == []
    assert [one.what for one in shelf.findings(read_data=True)] == ["changed"]
    put(shelf, b"config", Kind.CONFIG)
    assert (shelf.folder / "config").read_bytes() == b"config"


def full(*_values, **_named):
    raise OSError(errno.ENOSPC, "full")


@pytest.mark.parametrize("call", ["write", "fsync", "pwrite"])
def test_full_disk_is_a_refusal_that_leaves_nothing(shelf, call, monkeypatch):
    put(shelf, b"one")
    before = {path: path.read_bytes() for path in shelf.folder.rglob("*") if path.is_file()}
    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        with pytest.raises(Refused) as caught:
            put(shelf, b"two")
    assert caught.value.reason is Reason.FULL
    assert {path: path.read_bytes() for path in shelf.folder.rglob("*") if path.is_file()} == before
    assert list((shelf.folder.parent / "drafts").iterdir()) == []
    put(shelf, b"two")
    assert len(shelf.names(Kind.DATA, None)) == 2


def test_other_trouble_of_the_disk_is_no_refusal(shelf, monkeypatch):
    def broken(*_values):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(OSError, match="broken"):
        put(shelf, b"two")


def test_line_cut_by_a_kill_was_never_there(shelf):
    put(shelf, b"one")
    with log_of(shelf).open("ab") as stream:
        stream.write(b'{"number":3,"at":17')
    again = Shelf(shelf.folder)
    assert again.exists()
    assert len(again.names(Kind.DATA, None)) == 1
    put(again, b"two")
    assert ledger.follow(log_of(shelf)).number == 3


class Killed(BaseException):
    """Nothing that the code could catch, like a kill."""


def killing_at(monkeypatch, point):
    """Let the process die before its ``point``-th call that writes."""
    left = [point]

    def counted(call):
        def act(*values, **named):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return call(*values, **named)

        return act

    for name in ("write", "fsync", "pwrite", "ftruncate", "replace", "mkdir"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))


def test_kill_at_each_write_leaves_the_repository_whole(tmp_path, monkeypatch):
    for point in range(99):
        shelf = Shelf(tmp_path / str(point) / "lilas")
        shelf.create(NOW, "lilas")
        first = put(shelf, b"one")
        second = hashlib.sha256(b"two").hexdigest()
        with monkeypatch.context() as patched:
            draft = shelf.draft(Kind.DATA, second, tmp_path / "drafts")
            killing_at(patched, point)
            try:
                draft.write(b"two")
                draft.check()
                shelf.keep(draft, NOW, "lilas")
                is_done = True
            except Killed:
                is_done = False
        again = Shelf(shelf.folder)
        assert again.exists()
        held = [name for name, _size in again.names(Kind.DATA, None)]
        assert held in ([first], [first, second])
        assert list(again.findings(read_data=True)) == []
        put(again, b"two")
        assert [name for name, _size in again.names(Kind.DATA, None)] == [first, second]
        if is_done:
            assert held == [first, second]
            assert point > 8
            return


def change(line, **values):
    return json.dumps(json.loads(line) | values, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [lines[0], change(lines[1], name="x"), *lines[2:]],
        lambda lines: [*lines[:1], *lines[2:]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [lines[0], change(lines[1], size=7), *lines[2:]],
        lambda lines: [lines[0], change(lines[1], at=1), *lines[2:]],
        lambda lines: [lines[0], change(lines[1], more=1), *lines[2:]],
        lambda lines: [lines[0], lines[1].replace(b":", b": ", 1), *lines[2:]],
        lambda lines: [lines[0], b"[]\n", *lines[2:]],
        lambda lines: [lines[0], change(lines[1], number="2"), *lines[2:]],
        lambda lines: [lines[0], b"\xff\n", *lines[2:]],
    ],
)
def test_log_that_was_touched_is_not_believed(shelf, tamper):
    for body in (b"one", b"two", b"three"):
        put(shelf, body)
    lines = log_of(shelf).read_bytes().splitlines(keepends=True)
    log_of(shelf).write_bytes(b"".join(tamper(lines)))
    with pytest.raises(LogDamaged) as caught:
        Shelf(shelf.folder).exists()
    # A line that was well rewritten is betrayed by the next one.
    assert caught.value.number in {2, 3}


def test_log_rewritten_whole_contradicts_the_remembered_head(shelf, tmp_path):
    put(shelf, b"one")
    head = shelf.ledger.chain.head
    put(shelf, b"two")
    assert ledger.follow(log_of(shelf), {2: head}).number == 3
    other = Shelf(tmp_path / "other" / "lilas")
    other.create(NOW, "lilas")
    put(other, b"0ne")
    put(other, b"two")
    with pytest.raises(LogDamaged):
        ledger.follow(log_of(other), {2: head})
    with pytest.raises(LogDamaged):
        ledger.follow(log_of(shelf), {9: head})


def test_witness_asks_for_what_is_new_and_notices_what_is_rewritten(shelf, tmp_path):
    memory, asked = tmp_path / "memory", []

    def fetch(first):
        asked.append(first)
        return log_of(shelf).read_bytes()[first:]

    put(shelf, b"one")
    first = witness.look(fetch, memory)
    put(shelf, b"two")
    assert witness.look(fetch, memory).number == 3
    assert witness.look(fetch, memory, whole=True).head == shelf.ledger.chain.head
    assert asked == [0, first.offset, 0]

    remembered = memory.read_bytes()
    lines = log_of(shelf).read_bytes().splitlines(keepends=True)
    other = change(lines[2], name="another")
    for served, whole in (
        ([*lines[:2], other], True),
        ([*lines[:2], other, change(lines[2], number=4)], False),
        (lines[:2], True),
        ([*lines, b'{"number"'], False),
    ):
        log_of(shelf).write_bytes(b"".join(served))
        with pytest.raises(LogDamaged):
            witness.look(fetch, memory, whole=whole)
        assert memory.read_bytes() == remembered


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("at", [20, 200, 300, 500])
def test_damaged_log_is_mended_from_what_is_left(shelf, at):
    put(shelf, b"config", Kind.CONFIG)
    names = [put(shelf, body) for body in (b"one", b"two")]
    shelf.path(Kind.DATA, names[1]).write_bytes(b"tw0")
    flip(log_of(shelf), at)
    assert mending.mend(shelf.folder, NOW + 99, "provider:x") in {1, 2}
    again = Shelf(shelf.folder)
    assert again.is_readable()
    assert again.names(Kind.DATA, None) == [(names[0], 3)]
    stream, _size = again.open(Kind.CONFIG, "", None)
    with stream:
        assert stream.read() == b"config"
    put(again, b"two")
    assert list(again.findings(read_data=True)) == []
    assert len(list(shelf.folder.glob("received.log.damaged-*"))) == 1
    assert mending.mend(shelf.folder, NOW + 99, "provider:x") == 0


def test_damaged_log_is_made_whole_by_the_practices_copy(shelf, tmp_path):
    put(shelf, b"one")
    memory = tmp_path / "memory"
    witness.look(lambda first: log_of(shelf).read_bytes()[first:], memory)
    put(shelf, b"two")
    witness.look(lambda first: log_of(shelf).read_bytes()[first:], memory)
    before, head = log_of(shelf).read_bytes(), shelf.ledger.chain.head
    assert witness.copy_of(memory).read_bytes() == before
    flip(log_of(shelf), 250)
    assert mending.mend(shelf.folder, NOW + 99, "x", witness.copy_of(memory)) == 0
    assert log_of(shelf).read_bytes() == before
    assert witness.look(lambda first: before[first:], memory).head == head
    other = tmp_path / "other"
    other.write_bytes(before.replace(b"lilas", b"roses"))
    with pytest.raises(LogDamaged):
        mending.mend(shelf.folder, NOW + 99, "x", other)
    assert log_of(shelf).read_bytes() == before


def test_log_cut_short_while_it_is_served_is_not_believed(shelf):
    put(shelf, b"one")
    log_of(shelf).write_bytes(log_of(shelf).read_bytes()[:-9])
    with pytest.raises(LogDamaged):
        shelf.exists()


def test_repository_retires_when_two_said_so_and_days_have_passed(shelf, tmp_path):
    put(shelf, b"one")
    target = tmp_path / "retired" / "lilas"
    for event in (Event.ASKED_RETIRE, Event.AGREED_RETIRE):
        with pytest.raises(Refused):
            shelf.retire(NOW + 99 * RETIREMENT_US, "provider:x", target)
        shelf.say(event, NOW + 9, "x")
    with pytest.raises(Refused):
        shelf.retire(NOW + RETIREMENT_US, "provider:x", target)
    shelf.retire(NOW + RETIREMENT_US + 99, "provider:x", target)
    assert [path.name for path in target.iterdir()] == [shelves.LOG]
    assert not shelf.exists()
    assert not Shelf(shelf.folder).exists()
    assert ledger.follow(target / shelves.LOG).number == 5


def test_practice_is_known_by_hashes(tmp_path):
    practices = Practices(tmp_path / "practices")
    given = practices.enrol("lilas", Allowance(bytes_a_day=7))
    text = (tmp_path / "practices" / "lilas.json").read_text()
    assert given.password not in text
    assert given.code not in text
    known = Practices(tmp_path / "practices").all()["lilas"]
    assert known.allowance.bytes_a_day == 7
    assert known.opens_with(given.password)
    assert not known.opens_with(given.code)
    assert known.agrees_with(f" {given.code[:4].lower()} {given.code[4:]}\n")
    for name, error in {
        "Lilas": NameTaken,
        "../x": NotAName,
        "data": NotAName,
        "": NotAName,
    }.items():
        with pytest.raises(error):
            practices.enrol(name, Allowance())


def test_password_is_renewed(tmp_path):
    practices = Practices(tmp_path / "practices")
    given = practices.enrol("lilas", Allowance())
    renewed = practices.renew_password("lilas")
    known = practices.all()["lilas"]
    assert known.opens_with(renewed)
    assert not known.opens_with(given.password)
    assert known.agrees_with(given.code)
    with pytest.raises(KeyError):
        practices.renew_password("roses")
    assert Path(tmp_path / "practices" / "lilas.json").stat().st_mode & 0o077 == 0
