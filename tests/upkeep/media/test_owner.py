"""What an administrator's command makes in the data folder is the practice's own."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from quenotte.config import data_folder
from quenotte.config.cli import main
from quenotte.config.media import disks, journal, owner
from quenotte.devices.media import depots
from quenotte.devices.media.disks.fake import FakeSystem
from quenotte.devices.media.disks.register import Register
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.media import operations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_engine]

A = "1111-aaaa"
ROOT, PRACTICE = 0, 990


class Machine:
    """The calls of the system about accounts: root runs the command, the folder is another's."""

    def __init__(self) -> None:
        self.uid = self.gid = ROOT
        self.groups = [ROOT]
        self.folder_uid = PRACTICE
        self.file_uid = ROOT
        self.given: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def getuid(self) -> int:
        return ROOT

    def geteuid(self) -> int:
        return self.uid

    def getegid(self) -> int:
        return self.gid

    def getgroups(self) -> list[int]:
        return self.groups

    def seteuid(self, uid: int) -> None:
        assert ROOT in (self.uid, uid)
        self.uid = uid

    def setegid(self, gid: int) -> None:
        assert self.uid == ROOT
        self.gid = gid

    def setgroups(self, groups: list[int]) -> None:
        assert self.uid == ROOT
        self.groups = groups

    def stat(self, name: str, *, dir_fd: int, follow_symlinks: bool) -> Any:
        assert not follow_symlinks
        return self._told(Path(f"/proc/self/fd/{dir_fd}", name).lstat())

    def fstat(self, handle: int) -> Any:
        return self._told(os.fstat(handle), is_folder=_named(handle) == "data")

    def _told(self, found: os.stat_result, *, is_folder: bool = False) -> Any:
        uid = self.folder_uid if is_folder else self.file_uid
        return SimpleNamespace(
            st_uid=uid, st_gid=uid, st_mode=found.st_mode, st_nlink=found.st_nlink
        )

    def fchown(self, handle: int, uid: int, gid: int) -> None:
        assert (uid, gid) == (PRACTICE, PRACTICE)
        self.given.append(_named(handle))


def _named(handle: int) -> str:
    return Path(f"/proc/self/fd/{handle}").readlink().name


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(owner, "os", made)
    return made


@pytest.fixture(autouse=True)
def practice(folder: Path, machine: FakeSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "machine", lambda: machine)
    monkeypatch.setattr(disks, "_seen", machine.devices)
    (folder / "keys" / "journal.key").write_text("0" * 64)
    (folder / "db.sqlite3").touch()


def said(*wanted: object, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["media", *map(str, wanted)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_disk_is_mounted_by_the_administrator_and_noted_by_the_practice(
    place: str,
    folder: Path,
    machine: FakeSystem,
    accounts: Machine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    backups.run(place)
    acted: dict[str, set[int]] = {}

    def watched(subject: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(subject, name)

        def call(*values: Any, **named: Any) -> Any:
            acted.setdefault(name, set()).add(accounts.uid)
            return real(*values, **named)

        monkeypatch.setattr(subject, name, call)

    for subject, names in (
        (data_folder, ("key", "prepare")),
        (Register, ("read", "enrol", "note", "see")),
        (operations, ("tell", "note_run", "data_at_of")),
        (machine, ("mount", "unmount")),
    ):
        for name in names:
            watched(subject, name)
    said("enrol", "A", "--device", machine.plug(A).node)
    said("write", "disk", "--from", place)
    said("verify", "disk")
    said("list")
    said("write", "tape", "--from", place, "--to", tmp_path / "b.tap", "--new", "B-1")
    assert acted.pop("mount") == acted.pop("unmount") == {ROOT}
    assert set(acted) == {
        "key", "prepare", "read", "enrol", "note", "see", "tell", "note_run", "data_at_of",
    }  # fmt: skip
    assert set.union(*acted.values()) == {PRACTICE}
    assert (accounts.uid, accounts.gid, accounts.groups) == (ROOT, ROOT, [ROOT])


def test_what_an_administrator_left_before_is_given_back(folder: Path, accounts: Machine):
    (folder / "media").mkdir()
    (folder / "media" / "disks.json").write_text('{"disks": [], "runs": []}')
    (folder / "media" / "link").symlink_to(folder / "keys" / "journal.key")
    (folder / "media" / "named").write_text("x")
    (folder / "media" / "twice").hardlink_to(folder / "media" / "named")
    said("list")
    assert {"disks.json", "media", "keys", "journal.key"} <= set(accounts.given)
    assert not {"link", "named", "twice"} & set(accounts.given)
    # Nothing is touched that is the practice's already, nor by an account of no rights.
    accounts.file_uid, accounts.given = PRACTICE, []
    owner.give_back()
    accounts.file_uid, accounts.uid = ROOT, 1000
    owner.give_back()
    assert accounts.given == []


def test_folder_of_the_administrator_is_left_as_it_is(
    folder: Path, accounts: Machine, machine: FakeSystem
):
    accounts.folder_uid = ROOT
    owner.give_back()
    said("enrol", "A", "--device", machine.plug(A).node)
    assert accounts.given == []


def test_administrator_who_names_no_practice_is_told(
    folder: Path, accounts: Machine, machine: FakeSystem, tmp_path: Path, place: str
):
    backups.run(place)
    empty = tmp_path / "root" / "quenotte"
    node = machine.plug(A).node
    for words in (("enrol", "A", "--device", node), ("write", "disk", "--from", place)):
        output = said("--data", empty, *words, code=1)
        assert "pas de cabinet" in output
        assert "--data /var/lib/quenotte" in output
    assert "pas de cabinet" in said("--data", empty, "verify", "disk", code=1)
    assert "pas de cabinet" in said("--data", empty, "list")
    assert not empty.exists()
    tape = ("write", "tape", "--from", place, "--to", tmp_path / "b.tap", "--new", "B-1")
    assert "Aucun cabinet ne compte cette copie" in said("--data", empty, *tape)
    assert not empty.exists()


def test_account_that_may_not_read_the_folder_is_told(monkeypatch: pytest.MonkeyPatch):
    def closed(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Register, "read", closed)
    assert "Recommencez avec « sudo »" in said("list", code=1)


def test_command_of_an_account_that_may_not_read_the_folder_ends_in_words(
    folder: Path, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def closed(*_: object) -> bool:
        raise PermissionError(errno.EACCES, "closed", str(folder / "db.sqlite3"))

    backups.run(place)
    monkeypatch.setattr(journal, "is_practice", closed)
    monkeypatch.setattr(Register, "read", closed)
    output = said("verify", "disk", "--json", code=1)
    assert f"Ce compte ne peut pas lire {folder}. Rien n’a été écrit." in output
    assert json.loads(output.splitlines()[-1])["refusal"] == "NotAllowed"


def test_other_folder_of_another_account_is_named(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    wanted = tmp_path / "images"

    def closed(*_: object) -> bool:
        raise PermissionError(errno.EACCES, "closed", str(wanted))

    monkeypatch.setattr(depots, "gather", closed)
    output = said("read", "optical", "--from", tmp_path, "--to", wanted, code=1)
    assert f"Ce compte n’a pas accès à {wanted}." in output
    assert "Rien n’a été écrit" not in output
