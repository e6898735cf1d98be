"""New Year's night: the year that serves is taken, whatever hour the machine believes it is."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from quenotte.devices.phoenix import choosing, opening
from quenotte.devices.phoenix.choosing import QUARANTINE, Wish
from quenotte.devices.phoenix.errors import OtherYear
from quenotte.devices.repository.errors import Damaged, WrongPassphrase
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from tests.devices.phoenix.conftest import PASSPHRASE, Practice, words_in

#: Half an hour after midnight in Paris; in UTC it is still the old year.
MIDNIGHT = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_today", lambda: date(2026, 12, 31))


def new_year(practice: Practice) -> Repository:
    store = FolderStore(practice.place / "2027")
    practice.repository = Repository.continued(store, practice.repository)
    return practice.repository


def back(practice: Practice, target: Path, wish: Wish | None = None) -> list[str]:
    repository, secret = opening.opened(str(practice.place), PASSPHRASE, wish=wish)
    practice.bring(target, repository, secret, wish, now=MIDNIGHT + timedelta(hours=2))
    return words_in(target)


def test_year_without_a_copy_gives_way_to_the_one_before(practice: Practice, target: Path):
    practice.copy("old", MIDNIGHT - timedelta(hours=3))
    new_year(practice)
    assert back(practice, target) == ["old"]


def test_year_with_a_copy_is_taken_by_a_machine_in_the_old_one(practice: Practice, target: Path):
    practice.copy("old", MIDNIGHT - timedelta(hours=3))
    new_year(practice)
    practice.copy("new", MIDNIGHT + timedelta(minutes=20))
    assert back(practice, target) == ["old", "new"]


def test_past_lies_in_the_year_before(practice: Practice, target: Path, tmp_path: Path):
    named = practice.copy("old", MIDNIGHT - timedelta(hours=3))
    new_year(practice)
    practice.copy("new", MIDNIGHT + timedelta(minutes=20))
    wish = Wish(as_of=MIDNIGHT - timedelta(minutes=1))
    assert back(practice, target, wish) == ["old"]
    assert back(practice, tmp_path / "named", Wish(snapshot=named[:8])) == ["old"]
    # All of them are offered, each from its own year.
    repository, secret = opening.opened(str(practice.place), PASSPHRASE)
    ((other, before),) = opening.earlier(secret, str(practice.place))
    assert [len(one.snapshots()) for one in (repository, other)] == [1, 1]
    assert before.place == str(practice.place)


def test_new_year_in_quarantine_is_not_taken_by_itself(practice: Practice, target: Path):
    practice.copy("old", MIDNIGHT - timedelta(hours=3))
    new_year(practice)
    practice.copy("garbled", MIDNIGHT + timedelta(minutes=20), tags=(QUARANTINE,))
    assert back(practice, target) == ["old"]


def test_year_that_somebody_made_up_hides_nothing(practice: Practice, target: Path):
    practice.copy("old", MIDNIGHT - timedelta(hours=3))
    foreign = Repository.create(FolderStore(practice.place / "2026"), "x", host="h", user="u")
    assert foreign.snapshots() == []
    (practice.place / "2027").mkdir()
    (practice.place / "2027" / "config").write_bytes(b"junk")
    (practice.place / "2027" / "keys").mkdir()
    for key in (practice.place / "keys").iterdir():
        (practice.place / "2027" / "keys" / key.name).write_bytes(key.read_bytes())
    assert back(practice, target) == ["old"]


def test_damage_is_said_when_nothing_else_opens(practice: Practice):
    (practice.place / "config").write_bytes(b"junk")
    with pytest.raises(Damaged):
        opening.opened(str(practice.place), PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        opening.opened(str(practice.place), "another")


def test_newer_year_that_stays_closed_is_said(practice: Practice):
    practice.copy("old", MIDNIGHT - timedelta(hours=3))
    practice.repository = Repository.create(
        FolderStore(practice.place / "2027"), "x", host="h", user="u"
    )
    practice.copy("new", MIDNIGHT)
    with pytest.raises(OtherYear, match="2027"):
        opening.opened(str(practice.place), PASSPHRASE)
    # Whoever asks for the past by name knows that it is the past.
    wish = Wish(as_of=MIDNIGHT)
    assert opening.opened(str(practice.place), PASSPHRASE, wish=wish)[1].place == str(
        practice.place
    )


def test_worth_of_a_year(practice: Practice):
    assert choosing.worth([], Wish()) == 0
    practice.copy("old", MIDNIGHT, tags=(QUARANTINE,))
    found = practice.repository.snapshots()
    assert choosing.worth(found, Wish()) == 1
    assert choosing.worth(found, Wish(snapshot=found[0].short_id)) == 2
    assert choosing.worth(found, Wish(as_of=MIDNIGHT - timedelta(days=1))) == 0
