"""A set of several discs through one drive."""

import json
import os
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from quenotte.config.cli import main
from quenotte.config.media import burning, discs, journal
from quenotte.devices.media.disks.register import Burning, Register
from quenotte.devices.media.optical import images, volumes
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups.models import Copy
from tests.devices.media.burner import Disc, FakeBurner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_engine]


class Person:
    """Whoever changes the disc when asked to: for the next of a pile, while there is one."""

    def __init__(self, burner: FakeBurner, pile: list[Disc]) -> None:
        self.burner, self.pile = burner, pile
        self.asked: list[str] = []
        burner.insert(pile.pop(0))

    def change(self, name: str) -> None:
        self.asked.append(name)
        if self.pile:
            self.burner.insert(self.pile.pop(0))


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one file that stands for a drive."""
    path = tmp_path / "sr0"
    monkeypatch.setattr(discs, "is_drive", path.__eq__)
    return path


@pytest.fixture
def burner(drive: Path, monkeypatch: pytest.MonkeyPatch) -> FakeBurner:
    made = FakeBurner(drive)
    monkeypatch.setattr(discs, "burner", lambda _path: made)
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    return tmp_path / "images"


@pytest.fixture
def copy(place: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    """A repository that needs two discs."""
    monkeypatch.setattr(journal, "is_practice", lambda: True)
    monkeypatch.setitem(volumes.CAPACITIES, "cd", 2 << 20)
    (folder / "keys" / "journal.key").write_text("0" * 64)
    done = backups.run(place)
    for _ in range(2):
        body = os.urandom(1_000_000)
        name = sha256(body).hexdigest()
        (Path(place) / "data" / name[:2]).mkdir(exist_ok=True)
        (Path(place) / "data" / name[:2] / name).write_bytes(body)
    return done


def said(*wanted: object, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["media", *map(str, wanted)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def told(*wanted: object) -> dict[str, object]:
    return json.loads(said(*wanted, "--json").splitlines()[-1])


def there_is(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(burning, "_is_somebody_there", lambda: True)
    monkeypatch.setattr(burning, "_ask", person.change)


def the_set(folder: Path) -> Burning:
    (known,) = Register(folder).read().burnings
    return known


def test_each_disc_is_asked_for_and_the_whole_set_counts(
    place: str, folder: Path, target: Path, drive: Path, copy: Copy, burner: FakeBurner,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    pile = [Disc(), Disc()]
    person = Person(burner, [*pile])
    there_is(person, monkeypatch)
    wanted = ("--from", place, "--to", target, "--set", "S", "--disc", "cd", "--burn", drive)
    output = said("write", "optical", *wanted)
    assert person.asked == ["S-02.iso"]
    assert [disc.content for disc in pile] == [
        (target / f"S-0{volume}.iso").read_bytes() for volume in (1, 2)
    ]
    assert "Les 2 disques du jeu S sont gravés et relus en entier." in output
    (shelved,) = Register(folder).read().shelved
    assert (shelved.name, shelved.data_at) == ("S", copy.data_at)
    assert shelved.ended_at == the_set(folder).made_at


def test_rewritable_disc_that_nobody_changed_keeps_what_it_holds(
    place: str, folder: Path, target: Path, drive: Path, copy: Copy, burner: FakeBurner,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    first = Disc(is_rewritable=True)
    # It is pushed in again, as it is.
    person = Person(burner, [first, first])
    there_is(person, monkeypatch)
    wanted = ("--from", place, "--to", target, "--set", "S", "--disc", "cd", "--burn", drive)
    assert "pas de disque vierge" in said("write", "optical", *wanted, code=1)
    assert first.content == (target / "S-01.iso").read_bytes()
    assert (the_set(folder).left, Register(folder).read().shelved) == ([2], ())
    # The next run goes on from there.
    burner.eject()
    burner.insert(second := Disc())
    resumed = told("burn", "--from", target, "--set", "S", "--to", drive)
    assert (resumed["is_burnt"], resumed["left"]) == (True, 0)
    assert second.content == (target / "S-02.iso").read_bytes()
    assert len(Register(folder).read().shelved) == 1


def test_one_disc_is_burnt_where_nobody_is_there_to_change_it(
    place: str, folder: Path, target: Path, drive: Path, copy: Copy, burner: FakeBurner
):
    burner.insert(Disc())
    wanted = ("--from", place, "--to", target, "--set", "S", "--disc", "cd", "--burn", drive)
    answer = told("write", "optical", *wanted)
    assert (answer["is_burnt"], answer["left"]) == (False, 1)
    assert "Il manque encore 1 disque au jeu S, le 2 :" in str(answer["outcome"])
    assert not Register(folder).read().shelved
    # The drive is open and empty: nothing is burnt into the air.
    burn = ("burn", "--from", target, "--set", "S", "--to", drive)
    assert "pas de disque vierge" in said(*burn, code=1)


def test_discs_burnt_by_hand_are_judged_one_by_one_and_count_once_all_were_read(
    place: str, folder: Path, target: Path, drive: Path, copy: Copy
):
    said("write", "optical", "--from", place, "--to", target, "--set", "S", "--disc", "cd")
    drive.write_bytes((target / "S-02.iso").read_bytes())
    output = said("verify", "optical", "--from", drive)
    assert "Le disque 2 sur 2 du jeu S se relit en entier." in output
    assert "Il manque encore 1 disque au jeu S, le 1 :" in output
    assert not Register(folder).read().shelved
    damaged = bytearray((target / "S-01.iso").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    drive.write_bytes(damaged)
    assert the_set(folder).left == [1]
    said("verify", "optical", "--from", drive, code=1)
    assert the_set(folder).left == [1]
    drive.write_bytes((target / "S-01.iso").read_bytes())
    assert "Les 2 disques du jeu S" in said("verify", "optical", "--from", drive)
    (shelved,) = Register(folder).read().shelved
    assert (shelved.name, shelved.data_at) == ("S", copy.data_at)
    # Read again years later, it is no newer copy.
    said("verify", "optical", "--from", drive)
    assert len(Register(folder).read().shelved) == 1


def test_images_are_no_discs_and_those_of_others_none_of_ours(
    place: str, folder: Path, target: Path, drive: Path, copy: Copy
):
    said("write", "optical", "--from", place, "--to", target, "--set", "S", "--disc", "cd")
    said("verify", "optical", "--from", target)
    assert the_set(folder).left == [1, 2]
    # One that was made elsewhere under the same name is whole, and says nothing of this set.
    Register(folder).burn(Burning("S", the_set(folder).made_at.replace(year=2020), 2))
    drive.write_bytes((target / "S-01.iso").read_bytes())
    assert "Il manque" not in said("verify", "optical", "--from", drive)
    assert the_set(folder).left == [1, 2]


def test_images_that_are_read_one_by_one_are_no_discs_either(
    place: str, folder: Path, target: Path, drive: Path, copy: Copy
):
    said("write", "optical", "--from", place, "--to", target, "--set", "S", "--disc", "cd")
    for volume in (1, 2):
        output = said("verify", "optical", "--from", target / f"S-0{volume}.iso")
        assert "ce n’est pas un disque gravé" in output
    assert the_set(folder).left == [1, 2]
    assert not Register(folder).read().shelved
    assert "2 images se relisent" in said("verify", "optical", "--from", target)


def test_file_is_no_burner(place: str, folder: Path, target: Path, copy: Copy, tmp_path: Path):
    said("write", "optical", "--from", place, "--to", target, "--set", "S", "--disc", "cd")
    (tmp_path / "file").touch()
    burn = ("burn", "--from", target, "--set", "S", "--to", tmp_path / "file")
    assert "pas de disque vierge" in said(*burn, code=1)
    assert (tmp_path / "file").stat().st_size == 0
    assert not Register(folder).read().shelved


def test_folder_without_images_is_not_said_to_be_sound(folder: Path, target: Path):
    (target / "LISEZMOI.txt").touch()
    assert "*.iso" in said("verify", "optical", "--from", target, code=1)


def test_image_that_rotted_or_is_gone_is_not_burnt(
    place: str, folder: Path, target: Path, drive: Path, copy: Copy, burner: FakeBurner
):
    said("write", "optical", "--from", place, "--to", target, "--set", "S", "--disc", "cd")
    burner.insert(disc := Disc())
    image = target / "S-01.iso"
    body = bytearray(image.read_bytes())
    body[len(body) // 2] ^= 1
    image.write_bytes(body)
    burn = ("burn", "--from", target, "--set", "S", "--to", drive)
    assert "abîmé" in said(*burn, code=1)
    image.unlink()
    assert "S-01.iso" in said(*burn, code=1)
    assert disc.content == b""


def test_drive_is_asked_through_xorriso(tmp_path: Path):
    drive = tmp_path / "sr0"
    drive.touch()
    burner = burning.Drive(drive)
    assert burner.is_blank()
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a").write_text("a")
    images.make(tmp_path / "tree", tmp_path / "image", "X")
    burner.burn(tmp_path / "image")
    assert not burner.is_blank()
    burner.eject()
    assert not burning.Drive(tmp_path / "none" / "sr0").is_blank()
