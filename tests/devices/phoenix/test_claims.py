"""The chain of the journal goes before dates: a copy that claims a false one hides nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from quenotte.devices.journal import marks
from quenotte.devices.phoenix import returning
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.errors import Unreachable
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.store import JOURNAL
from quenotte.devices.repository.writing import save
from tests.devices.phoenix.conftest import Practice, words_in
from tests.devices.phoenix.test_returning import ship

HOUR = timedelta(hours=1)


def tag(practice: Practice) -> tuple[str, ...]:
    """Return the tag of a copy that is made now."""
    return (marks.of_name(marks.remembered(practice.folder / "state")).tag,)


def forge(practice: Practice, at: datetime, *, tags: tuple[str, ...] = ()) -> str:
    """Write a copy of a database that is not that of the practice, as somebody with its key."""
    other = practice.folder.with_name("other.sqlite3")
    practice.folder.rename(practice.folder.with_name("away"))
    practice.folder.mkdir()
    practice.write("forged")
    (practice.folder / "db.sqlite3").rename(other)
    practice.folder.rmdir()
    practice.folder.with_name("away").rename(practice.folder)
    sources = [Source("db.sqlite3", other, Chunking.PAGES), Source("manifest.json", b"{}")]
    return save(practice.repository, sources, time=at, host="srv", tags=tags).id


@pytest.fixture
def shipped(practice: Practice, frozen_clock: time_machine.Traveller) -> Practice:
    """A practice with a journal and a copy that bears its mark."""
    practice.write("first")
    ship(practice)
    frozen_clock.shift(60)
    practice.copy("one", datetime.now(UTC), tags=tag(practice))
    frozen_clock.shift(60)
    return practice


def fail(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Have the next listings of a journal fail; those that follow answer."""
    names, left = FolderStore.names, [times]

    def fails(self: FolderStore, kind: str) -> Iterator[tuple[str, int]]:
        if kind == JOURNAL and left[0]:
            left[0] -= 1
            raise Unreachable
        return names(self, kind)

    monkeypatch.setattr(FolderStore, "names", fails)


def go_on(practice: Practice, frozen_clock: time_machine.Traveller, words: str) -> None:
    practice.write(words)
    ship(practice)
    frozen_clock.shift(60)


def test_copy_that_is_dated_ahead_keeps_no_journal_away(
    practice: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    practice.write("first")
    ship(practice)
    frozen_clock.shift(60)
    practice.copy("one", datetime.now(UTC) + 10 * HOUR, tags=tag(practice))
    frozen_clock.shift(60)
    go_on(practice, frozen_clock, "a minute later")
    found = practice.back(target, now=datetime.now(UTC))
    assert words_in(target) == ["first", "one", "a minute later"]
    assert "en avance" in found.notes[0]
    assert found.data_at < found.copy_at


def test_copy_that_the_journal_knows_nothing_of_is_left_aside(
    shipped: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    go_on(shipped, frozen_clock, "a minute later")
    forged = forge(shipped, datetime.now(UTC) + 10 * HOUR)
    # On Monday that date is over, and nothing tells that it was false but the journal.
    found = shipped.back(target, now=datetime.now(UTC) + 48 * HOUR)
    assert words_in(target) == ["first", "one", "a minute later"]
    assert "laissée de côté" in found.notes[0]
    assert forged[:8] in found.notes[0]
    named = target.with_name("named")
    assert shipped.back(named, Wish(forged)).notes == ()
    assert words_in(named) == ["forged"]


@pytest.mark.parametrize(
    ("failures", "words", "told"),
    [(1, ["first", "one", "a minute later"], "laissée de côté"), (2, ["forged"], "relu")],
)
def test_journal_whose_listing_fails_is_followed_throughout_or_not_at_all(
    shipped: Practice,
    target: Path,
    frozen_clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    failures: int,
    words: list[str],
    told: str,
):
    go_on(shipped, frozen_clock, "a minute later")
    forge(shipped, datetime.now(UTC) + 10 * HOUR)
    fail(monkeypatch, failures)
    found = shipped.back(target, now=datetime.now(UTC) + 48 * HOUR)
    assert words_in(target) == words
    assert [told in note for note in found.notes] == [True]


def test_journal_that_could_not_be_listed_is_asked_anew(
    shipped: Practice, monkeypatch: pytest.MonkeyPatch
):
    fail(monkeypatch, 2)
    held = [returning.known(shipped.repository, datetime.now(UTC)) for _time in range(2)]
    assert [one.chain is not None and one.chain.end > 0 for one in held] == [False, True]


def test_copy_with_the_number_of_another_chain_is_left_aside(
    shipped: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    go_on(shipped, frozen_clock, "a minute later")
    forge(shipped, datetime.now(UTC) + 10 * HOUR, tags=("journal:1-0123456789abcdef",))
    shipped.back(target, now=datetime.now(UTC) + 48 * HOUR)
    assert words_in(target) == ["first", "one", "a minute later"]


def test_copy_of_steps_that_are_not_here_yet_is_taken(
    shipped: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    """A vault that the journal is late at, and a copy that is not."""
    shipped.copy("two", datetime.now(UTC), tags=("journal:7-0123456789abcdef",))
    frozen_clock.shift(60)
    found = shipped.back(target, now=datetime.now(UTC))
    assert words_in(target) == ["first", "one", "two"]
    assert "s’arrête au" in found.notes[0]


def test_copy_after_the_last_step_needs_no_word(
    shipped: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    found = shipped.back(target, now=datetime.now(UTC))
    assert words_in(target) == ["first", "one"]
    assert found.notes == ()


def test_copies_of_before_go_by_their_dates_and_the_journal_is_told(
    practice: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    practice.copy("one", datetime.now(UTC))
    frozen_clock.shift(60)
    go_on(practice, frozen_clock, "a minute later")
    forge(practice, datetime.now(UTC) + HOUR)
    found = practice.back(target, now=datetime.now(UTC) + 2 * HOUR)
    assert words_in(target) == ["forged"]
    assert "n’a pas été suivi" in found.notes[0]
    then = target.with_name("then")
    practice.back(then, Wish(as_of=datetime.now(UTC)), now=datetime.now(UTC) + 2 * HOUR)
    assert words_in(then) == ["one", "a minute later"]


def test_chain_orders_copies_whatever_their_dates(
    shipped: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    go_on(shipped, frozen_clock, "two")
    # The clock was set back: this copy is the newer one.
    shipped.copy("three", datetime.now(UTC) - 3 * HOUR, tags=tag(shipped))
    found = shipped.back(target, now=datetime.now(UTC))
    assert found.copy_at == (datetime.now(UTC) - 3 * HOUR).isoformat()
    assert words_in(target) == ["first", "one", "two", "three"]


def test_journal_does_not_lead_past_a_doubted_copy_that_a_false_date_hides(
    practice: Practice, target: Path, frozen_clock: time_machine.Traveller
):
    practice.write("first")
    ship(practice)
    practice.copy("one", datetime.now(UTC) + 10 * HOUR, tags=tag(practice))
    frozen_clock.shift(60)
    go_on(practice, frozen_clock, "poisoned")
    practice.copy("poisoned still", datetime.now(UTC), tags=("quarantine", *tag(practice)))
    practice.back(target, now=datetime.now(UTC))
    assert words_in(target) == ["first", "one"]


@pytest.mark.parametrize(
    ("count", "named", "more"), [(1, 1, ""), (2, 2, ""), (3, 3, ""), (4, 2, " et 2 autres")]
)
def test_copies_that_are_spoken_of_are_counted_right(
    shipped: Practice,
    target: Path,
    frozen_clock: time_machine.Traveller,
    count: int,
    named: int,
    more: str,
):
    go_on(shipped, frozen_clock, "a minute later")
    there = datetime.now(UTC)
    ids = [forge(shipped, there + (10 + number) * HOUR) for number in range(count)]
    (note,) = shipped.back(target, now=there + 48 * HOUR).notes
    assert note.startswith("Copie laissée" if count == 1 else "Copies laissées")
    assert ("Elles se disent" in note) == (count > 1)
    assert sum(one[:8] in note for one in ids) == named
    assert f"){more}. Elle" in note


@pytest.mark.parametrize("count", [1, 5])
def test_dates_ahead_are_counted_right(
    shipped: Practice, target: Path, frozen_clock: time_machine.Traveller, count: int
):
    for number in range(count):
        shipped.copy("ahead", datetime.now(UTC) + (40 - number) * HOUR, tags=tag(shipped))
        go_on(shipped, frozen_clock, "later")
    (note,) = shipped.back(target, now=datetime.now(UTC)).notes
    assert note.startswith("Copie dont la date est" if count == 1 else "Copies dont les dates")
    assert ("et 3 autres" in note) == (count == 5)
