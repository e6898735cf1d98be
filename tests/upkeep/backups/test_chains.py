"""A hole in the journal of a place: found, told, put again from elsewhere, or closed by a base."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.config.backups import running
from quenotte.devices.journal import asking, status, steps
from quenotte.devices.journal.carriers import Shelf, sealed_by
from quenotte.devices.journal.spool import Courier
from quenotte.devices.repository.errors import Unreachable
from quenotte.devices.repository.folder import FolderStore
from quenotte.upkeep.backups import broken, following, operations, places, queries
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations import chains
from quenotte.upkeep.backups.rules import Reason
from tests.upkeep.backups.test_marking import Journal
from tests.upkeep.conftest import PASSPHRASE

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


@dataclass
class Followed:
    """A place with a copy, and five steps of a journal, a minute apart."""

    place: str
    journal: Journal

    def write(self) -> None:
        self.journal.write()
        self.journal.turn()

    def paths(self) -> list[Path]:
        return sorted((Path(self.place) / "journal").iterdir())

    @property
    def destination(self) -> Destination:
        found = queries.destination_at(self.place)
        assert found is not None
        return found


@pytest.fixture
def followed(real_place: str, tmp_path: Path, frozen_clock: Any) -> Iterator[Followed]:
    operations.follow()
    made = Followed(real_place, Journal(tmp_path / "small.sqlite3", real_place))
    operations.run(real_place)
    for _ in range(5):
        frozen_clock.shift(60)
        made.write()
    yield made
    made.journal.shipper.close()


def flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(body)


def lose(path: Path) -> None:
    path.unlink()


@pytest.fixture(params=[lose, flip], ids=["lost", "flipped"])
def harm(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    found: Callable[[Path], None] = request.param
    return found


def told(place: str, capsys: Any) -> dict[str, Any]:
    running.verify(place, read_data=True, as_json=True)
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_hole_is_found_told_and_closed_by_a_base(
    followed: Followed, harm: Callable[[Path], None], frozen_clock: Any, capsys: Any
):
    place = followed.place
    assert operations.verify(place) == []
    harm(followed.paths()[2])
    found = told(place, capsys)
    assert found["state"] == "failed"
    assert found["findings"][0].startswith("journal/000000000003")
    # From the last step before it on, in the time of the practice.
    assert "perdrait ce qui a été écrit après 9 h 32" in found["outcome"]
    status_now = queries.status()
    assert Reason.JOURNAL in status_now.reasons
    assert "perdrait ce qui a été écrit après 9 h 32" in status_now.standings[0].trouble

    # Whoever follows the database sends a base; the next copy sees that it came.
    assert asking.is_base_asked(following.home())
    followed.write()
    operations.run(place)
    assert broken.noted(followed.destination.id) is None
    assert Reason.JOURNAL not in queries.status().reasons
    found = told(place, capsys)
    assert found["state"] == "done"
    assert "passed" in found["findings"][0]


def test_night_finds_it_and_the_copy_stays_proved(
    followed: Followed, harm: Callable[[Path], None], frozen_clock: Any
):
    harm(followed.paths()[2])
    proof = operations.prove(followed.place, reads_packs=True)
    assert proof.state == "done"
    assert "perdrait ce qui a été écrit après 9 h 32" in proof.outcome
    frozen_clock.shift(60)
    operations.run(followed.place)
    # Nothing was sent meanwhile: it is a hole still, though a copy covers it.
    assert asking.is_base_asked(following.home())
    proof = operations.prove(followed.place, reads_packs=True)
    words = "ne rendrait que la dernière copie, et perdrait ce qui a été écrit après 9 h 36"
    assert words in proof.outcome


def test_hole_is_filled_from_another_place(
    followed: Followed, harm: Callable[[Path], None], tmp_path: Path
):
    other = str(tmp_path / "other")
    operations.init(other, PASSPHRASE)
    repository = places.opened(other)
    shelf = Shelf(repository.store)
    for path in followed.paths():
        shelf.put(path.name, path.read_bytes())
    before = [path.read_bytes() for path in followed.paths()]
    harm(followed.paths()[2])
    proof = operations.prove(followed.place, reads_packs=True)
    assert "1 pas du journal de la base manquait ici ou était abîmé" in proof.outcome
    assert [path.read_bytes() for path in followed.paths()] == before
    assert broken.noted(followed.destination.id) is None
    assert not asking.is_base_asked(following.home())
    harm(followed.paths()[2])
    found = operations.verify(followed.place)
    assert [one.is_mended for one in found] == [True]


def test_check_fails_while_part_of_a_hole_is_left(followed: Followed, tmp_path: Path, capsys: Any):
    other = str(tmp_path / "other")
    operations.init(other, PASSPHRASE)
    path = followed.paths()[1]
    Shelf(places.opened(other).store).put(path.name, path.read_bytes())
    for lost in followed.paths()[1:4]:
        lost.unlink()
    assert running.verify(followed.place, read_data=True, as_json=True) == 1
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["state"] == "failed"
    assert found["findings"] == [
        "journal/000000000003…4: missing",
        "journal/000000000002: mended",
    ]


def test_status_names_the_place_and_says_no_more_than_is_so(followed: Followed, capsys: Any):
    followed.paths()[2].unlink()
    operations.verify(followed.place)
    assert running.status(as_json=False) == 0
    said = capsys.readouterr().out
    assert "en retard, ou incomplet à un emplacement" in said
    assert f"{followed.destination.label} : Trou dans le journal" in said
    running.status(as_json=True)
    told_now = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert "écrit après 9 h 32" in told_now["destinations"][0]["journal_hole"]


def test_what_a_hole_costs_is_told_as_it_is_now(followed: Followed, frozen_clock: Any, capsys: Any):
    """Hours later copies have gone on, and the journal behind the hole as well."""
    followed.paths()[2].unlink()
    operations.prove(followed.place)
    assert "perdrait ce qui a été écrit après 9 h 32" in queries.status().standings[0].trouble
    frozen_clock.shift(7 * 3600)
    operations.run(followed.place)
    words = "ne rendrait que la dernière copie, et perdrait ce qui a été écrit après 16 h 35"
    assert words in queries.status().standings[0].trouble
    assert words in queries.broken_words(followed.place)
    running.status(as_json=False)
    assert words in capsys.readouterr().out


def test_what_a_hole_costs_without_any_good_copy(followed: Followed):
    assert broken.noted(followed.destination.id) is None
    moment = timezone.now()
    hole = broken.Broken(1, ("000000000003",), moment.isoformat())
    assert "perdrait ce qui a été écrit après 9 h 35" in hole.words(None)
    assert "aucune bonne copie n’y est" in replace(hole, since="").words(None)


def test_end_that_a_place_lost_is_found_by_what_it_took(followed: Followed):
    label, last = followed.destination.label, followed.journal.shipper.end.memory.sequence
    told = status.Delivered(label, last, "", "")
    words = ("proven", "", "", last, "", "", 0, (), (told,), "2026-03-17T08:00:00+00:00")
    status.write(following.home(), status.Status(*words))
    assert operations.verify(followed.place) == []
    followed.paths()[-1].unlink()
    (found,) = operations.verify(followed.place)
    assert (found.name, found.is_error) == (f"{last:012d}", True)
    for path in followed.paths():
        path.unlink()
    assert operations.verify(followed.place)
    assert "ne rendrait que la dernière copie" in queries.broken_words(followed.place)


def told_of(followed: Followed, shipped_at: str = "2026-03-17T08:35:00+00:00") -> None:
    """Say what the journal says of itself after a turn."""
    label, last = followed.destination.label, followed.journal.shipper.end.memory.sequence
    told_now = status.Delivered(label, last, "", "")
    words = ("proven", "", "", last, shipped_at, "", 0, (), (told_now,), shipped_at)
    status.write(following.home(), status.Status(*words))


def test_end_that_a_place_lost_is_told_from_what_is_left_on(followed: Followed, frozen_clock: Any):
    told_of(followed)
    for path in followed.paths()[2:]:
        path.unlink()
    operations.verify(followed.place)
    assert "perdrait ce qui a été écrit après 9 h 32" in queries.broken_words(followed.place)
    frozen_clock.shift(60)
    operations.run(followed.place)
    operations.verify(followed.place)
    assert "perdrait ce qui a été écrit après 9 h 36" in queries.broken_words(followed.place)


def test_end_that_rotted_is_told_without_a_moment_that_nobody_knows(followed: Followed):
    flip(followed.paths()[-1])
    operations.verify(followed.place)
    assert "perdrait ce qui a été écrit après 9 h 34" in queries.broken_words(followed.place)


def test_base_that_is_half_there_closes_nothing(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
):
    place, shelf = followed.place, Shelf(places.opened(followed.place).store)
    followed.paths()[2].unlink()
    operations.verify(place)
    monkeypatch.setattr(steps, "PART_BYTES", 1)
    before = len(followed.paths())
    followed.journal.turn()
    last = followed.paths()[-1]
    assert len(followed.paths()) > before + 1
    body = last.read_bytes()
    last.unlink()
    for look in (operations.run, operations.prove):
        look(place)
        assert "perdrait" in queries.broken_words(place)
        # It is on its way: another would only come behind it.
        assert not asking.is_base_asked(following.home())
    shelf.put(last.name, body)
    operations.run(place)
    assert queries.broken_words(place) == ""


def test_base_that_is_half_there_gives_no_lost_end_back(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
):
    place, shelf = followed.place, Shelf(places.opened(followed.place).store)
    told_of(followed)
    for path in followed.paths()[2:]:
        path.unlink()
    operations.verify(place)
    assert asking.is_base_asked(following.home())
    monkeypatch.setattr(steps, "PART_BYTES", 1)
    followed.journal.turn()
    last = followed.paths()[-1]
    body = last.read_bytes()
    last.unlink()
    for look in (operations.run, operations.prove, operations.prove):
        look(place)
        assert "Trou dans le journal" in queries.broken_words(place)
        assert Reason.JOURNAL in queries.status().reasons
    shelf.put(last.name, body)
    operations.run(place)
    assert queries.broken_words(place) == ""


@pytest.mark.parametrize("is_filled", [False, True])
def test_look_that_takes_too_long_forgets_nothing(
    followed: Followed, is_filled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = followed.paths()[2]
    body = path.read_bytes()
    flip(path)
    operations.verify(followed.place)
    if is_filled:
        other = str(tmp_path / "other")
        operations.init(other, PASSPHRASE)
        Shelf(places.opened(other).store).put(path.name, body)
    monkeypatch.setattr(chains, "_LONGEST_S", -1.0)
    found = operations.verify(followed.place)
    assert [one.is_mended for one in found] == [is_filled]
    assert bool(queries.broken_words(followed.place)) is not is_filled


def test_place_that_goes_away_meanwhile_has_no_hole(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
):
    get = FolderStore.get

    def away(self: FolderStore, kind: str, *words: Any) -> bytes:
        if kind == "journal":
            raise Unreachable
        return get(self, kind, *words)

    monkeypatch.setattr(FolderStore, "get", away)
    with pytest.raises(Unreachable):
        operations.verify(followed.place)
    assert broken.noted(followed.destination.id) is None


def test_steps_of_another_key_are_no_journal_of_the_place(followed: Followed, tmp_path: Path):
    other = str(tmp_path / "other")
    operations.init(other, PASSPHRASE)
    repository = places.opened(other)
    courier = Courier(
        Shelf(repository.store), followed.journal.shipper.spool, sealed_by(repository.key)
    )
    courier.deliver()
    Shelf(repository.store).put("000000000009-" + "0" * 64, b"junk")
    assert operations.verify(other) == []
