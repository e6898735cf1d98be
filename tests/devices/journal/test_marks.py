"""Where copies stand in a chain."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quenotte.devices.journal import marks
from quenotte.devices.journal.deltas import Damaged
from quenotte.devices.journal.marks import Chain, Mark, Since
from quenotte.devices.journal.shelves import Shelves
from tests.devices.journal.site import SEAL, Site

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("last", [7, 9])
def test_tag_is_read_as_it_was_written(last: int):
    mark = Mark(7, "0123456789abcdef", last)
    assert marks.mark_in(["quenotte", mark.tag, "nightly"]) == mark


@pytest.mark.parametrize(
    "tag", ["journal:7", "journal:-1-0123456789abcdef", "journal:7-0123", "journal:7-xyz", ""]
)
def test_other_tags_are_none(tag: str):
    assert marks.mark_in([tag]) is None


def test_dates_have_to_do_where_the_chain_does_not_know_a_copy():
    since = Since(NOW)
    assert since.is_passed_by(1, NOW + HOUR)
    assert not since.is_passed_by(99, NOW)
    assert not since.holds(1)


def test_numbers_go_before_dates():
    since = Since(NOW, Mark(7, "0123456789abcdef", 9))
    assert since.is_passed_by(10, NOW - HOUR)
    assert not since.is_passed_by(7, NOW + HOUR)
    # While the database was read, the clock of one machine tells.
    assert since.is_passed_by(8, NOW + HOUR)
    assert not since.is_passed_by(9, NOW)
    assert since.holds(9)
    assert not since.holds(10)


def chain_of(site: Site) -> Chain:
    return Chain(Shelves(site.carriers, SEAL, marks.opened))


def test_chain_knows_copies_by_the_hash_of_their_step(site: Site, frozen_clock: Any):
    assert chain_of(site).ends_at is None
    assert not chain_of(site).is_stranger(NOW, ())
    assert marks.remembered(site.folder / "state") == ""
    for _ in range(3):
        site.write()
        site.turn()
        frozen_clock.shift(60)
    mark = marks.of_name(marks.remembered(site.folder / "state"))
    assert mark.sequence == 3
    site.write()
    site.turn()
    chain, at = chain_of(site), datetime.now(UTC)
    assert (chain.end, chain.ends_at) == (4, at)
    assert chain.mark(["nightly", mark.tag]) == mark
    assert chain.mark([replace(mark, digest="0" * 16).tag]) is None
    assert chain.followed_at(mark) == at
    assert chain.followed_at(replace(mark, sequence=4, last=4)) is None
    assert chain.is_stranger(at + HOUR, ())
    assert chain.is_stranger(at + HOUR, [replace(mark, digest="0" * 16).tag])
    # Steps that came later than the place knows of, or that it let go, tell nothing against one.
    assert not chain.is_stranger(at + HOUR, [Mark(44, "0" * 16, 44).tag])
    assert not chain.is_stranger(at, ())


def test_state_of_another_form_is_none(tmp_path: Path):
    (tmp_path / "state.json").write_text('{"sequence": 3, "previous": "not a hash"}')
    assert marks.remembered(tmp_path) == ""
    with pytest.raises(Damaged):
        marks.opened("000000000001-" + "0" * 64, b"junk", SEAL)
