"""Steps that a place lost, or that rotted there: found, put again, or made good by a base."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quenotte.devices.journal import asking, deltas, gaps, steps
from quenotte.devices.journal.carriers import Folder, Shelf
from quenotte.devices.journal.gaps import Gap
from quenotte.devices.journal.replay import replay
from quenotte.devices.journal.states import Chain
from quenotte.devices.repository.errors import Unreachable
from quenotte.devices.repository.folder import FolderStore
from tests.devices.journal.site import SEAL, Site


@pytest.fixture
def two(tmp_path: Path, frozen_clock: Any):
    """A site with two carriers, a base and four steps at each, a minute apart."""
    made = Site(tmp_path, names=("a", "b"))
    for _ in range(5):
        made.write(2)
        made.turn()
        frozen_clock.shift(60)
    yield made
    made.close()


def _paths(site: Site, carrier: int = 0) -> list[Path]:
    return sorted(site.carriers[carrier].path.iterdir())


def _made_at(site: Site, number: int) -> Any:
    path = _paths(site, 1)[number - 1]
    return gaps._made_at(deltas.opened(path.name, path.read_bytes(), SEAL))


def look(site: Site, **words: Any) -> list[Gap]:
    return gaps.gaps(site.carriers[0], SEAL, **words)


def _flip(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def test_whole_chain_has_no_gap(two: Site):
    assert look(two) == []
    assert look(two, known=5) == []


def test_step_that_is_gone_is_found_by_the_names_alone(two: Site):
    _paths(two)[2].unlink()
    expected = Gap(1, 5, ((3, 3),), (), _made_at(two, 2), is_last=True)
    assert look(two, is_read=lambda: False) == [expected]
    assert look(two) == [expected]
    assert two.replayed().is_whole


def test_flipped_byte_is_found_by_reading(two: Site):
    path = _paths(two)[3]
    _flip(path)
    assert look(two, is_read=lambda: False) == []
    (gap,) = look(two)
    assert (gap.damaged, gap.missing, gap.names) == ((path.name,), (), (path.name,))
    assert gap.since == _made_at(two, 3)


def test_rot_and_loss_at_the_end_are_found(two: Site):
    path = _paths(two)[4]
    _flip(path)
    (gap,) = look(two)
    assert (gap.damaged, gap.end) == ((path.name,), 5)
    path.unlink()
    assert look(two) == []
    (gap,) = look(two, known=5)
    assert (gap.missing, gap.names) == (((5, 5),), ("000000000005",))
    # Junk is what its name says.
    two.carriers[0].put(deltas.name_of(7, b"junk"), b"junk")
    assert look(two) == []


def test_rows_and_an_empty_place(two: Site):
    for number in (4, 3, 2):
        _paths(two)[number - 1].unlink()
    (gap,) = look(two)
    assert (gap.missing, gap.names) == (((2, 4),), ("000000000002…4",))
    for path in _paths(two):
        path.unlink()
    assert look(two) == []
    (gap,) = look(two, known=5)
    assert (gap.missing, gap.since) == (((5, 5),), None)


def test_end_that_is_gone_is_lost_from_what_is_left(two: Site):
    for path in _paths(two)[2:]:
        path.unlink()
    (gap,) = look(two, known=5)
    assert (gap.missing, gap.since) == (((3, 5),), _made_at(two, 2))


def test_end_that_rotted_is_lost_from_the_step_before(two: Site):
    _flip(_paths(two)[4])
    (gap,) = look(two)
    assert gap.since == _made_at(two, 4)


def test_what_was_found_before_is_read_whatever_time_is_left(two: Site):
    path = _paths(two)[3]
    _flip(path)
    (gap,) = look(two, is_read=lambda: False, suspects=[path.name])
    assert gap == look(two)[0]
    assert look(two, is_read=lambda: False, suspects=["000000000002…3"]) == []


def _in_parts(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Ask for a base in several parts and return those at the first place."""
    monkeypatch.setattr(steps, "PART_BYTES", 1)
    asking.ask_base(site.folder / "state")
    site.turn()
    parts = _paths(site)[5:]
    assert len(parts) > 2
    return parts


def _replays_to(site: Site) -> int:
    return replay(site.carriers[:1], site.folder / "x.sqlite3", SEAL).sequence


def test_base_closes_a_gap_when_its_last_part_is_there(two: Site, monkeypatch: pytest.MonkeyPatch):
    for carrier in (0, 1):
        _paths(two, carrier)[2].unlink()
    monkeypatch.setattr(steps, "PART_BYTES", 1)
    asking.ask_base(two.folder / "state")
    two.turn()
    parts = {path.name: path.read_bytes() for path in _paths(two)[4:]}
    assert len(parts) > 2
    for name in parts:
        (two.carriers[0].path / name).unlink()
    for number, (name, body) in enumerate(parts.items()):
        if number:
            (gap,) = look(two, only_last=True, known=5 + number)
            assert (gap.base, gap.missing, gap.is_last) == (1, ((3, 3),), True)
            assert gap.is_arriving
            assert _replays_to(two) == 2
        two.carriers[0].put(name, body)
    assert look(two, only_last=True, known=5 + len(parts)) == []
    assert _replays_to(two) == 5 + len(parts)


def test_base_that_arrives_behind_a_whole_chain_is_no_gap(
    two: Site, monkeypatch: pytest.MonkeyPatch
):
    parts = _in_parts(two, monkeypatch)
    for path in parts[1:]:
        path.unlink()
    assert look(two) == []
    # One that the place had whole, and lost, is one.
    (gap,) = look(two, known=5 + len(parts), only_last=True)
    assert (gap.base, gap.missing, gap.is_arriving) == (6, ((7, 5 + len(parts)),), False)
    assert gap.since == _made_at(two, 5)


def test_end_that_was_lost_is_so_until_the_base_behind_it_is_whole(
    two: Site, monkeypatch: pytest.MonkeyPatch
):
    for path in _paths(two)[2:]:
        path.unlink()
    (noted,) = look(two, known=5)
    monkeypatch.setattr(steps, "PART_BYTES", 1)
    asking.ask_base(two.folder / "state")
    two.turn()
    parts = {path.name: path.read_bytes() for path in _paths(two)[2:]}
    assert len(parts) > 2
    for path in _paths(two)[2:]:
        path.unlink()
    for number, (name, body) in enumerate(parts.items()):
        if number:
            words = {"known": 5 + number, "suspects": noted.names, "only_last": True}
            (gap,) = look(two, **words)
            assert (gap.base, gap.missing, gap.is_arriving) == (1, ((3, 5),), True)
            assert gap.since == _made_at(two, 2)
            assert _replays_to(two) == 2
        two.carriers[0].put(name, body)
    assert look(two, known=5 + len(parts), suspects=noted.names, only_last=True) == []


def test_base_that_is_broken_falls_back_to_where_the_chain_before_leads(
    two: Site, monkeypatch: pytest.MonkeyPatch
):
    parts = _in_parts(two, monkeypatch)
    _paths(two)[3].unlink()
    parts[1].unlink()
    (gap,) = look(two, only_last=True)
    assert (gap.base, gap.missing, gap.since) == (6, ((7, 7),), _made_at(two, 3))
    assert _replays_to(two) == 3


def test_gap_is_filled_from_another_place(two: Site):
    _paths(two)[1].unlink()
    _flip(_paths(two)[2])
    (gap,) = look(two)
    assert gaps.fill(gap, two.carriers[0], [two.carriers[1]], SEAL) == 2
    assert look(two) == []
    assert [one.read_bytes() for one in _paths(two)] == [one.read_bytes() for one in _paths(two, 1)]


def test_what_was_filled_in_part_is_named_by_its_rows():
    digest = "0" * 64
    assert gaps.rows_of(["000000000002…14", "000000000016", f"000000000017-{digest}"]) == [
        (2, 14),
        (16, 16),
        (17, 17),
    ]
    row = ["000000000002…14", f"000000000017-{digest}"]
    assert gaps.without(row, []) == row
    assert gaps.without(row, row) == []
    left = ["000000000003…4", "000000000008", "000000000014"]
    named = ["000000000002", "000000000005…7", "000000000009…13", f"000000000017-{digest}"]
    assert gaps.without(row, left) == named


def test_what_nobody_has_stays_a_gap(two: Site):
    for carrier in (0, 1):
        _paths(two, carrier)[2].unlink()
    (gap,) = look(two)
    assert gaps.fill(gap, two.carriers[0], [two.carriers[1]], SEAL) == 0
    assert look(two) == [gap]


def test_base_that_is_asked_for_closes_the_gap_of_the_newest_return(two: Site):
    for carrier in (0, 1):
        _flip(_paths(two, carrier)[2])
    asking.ask_base(two.folder / "state")
    assert two.turn().chain is Chain.PROVEN
    assert not asking.is_base_asked(two.folder / "state")
    two.write()
    two.turn()
    last = [deltas.opened(path.name, path.read_bytes(), SEAL).head for path in _paths(two)[-2:]]
    assert [head.kind for head in last] == ["base", "delta"]
    assert look(two, only_last=True) == []
    (gap,) = look(two)
    assert (gap.base, gap.is_last) == (1, False)
    assert two.replayed_dump() == two.dump()


def test_place_that_joined_late_has_no_gap_before_its_first_base(two: Site, tmp_path: Path):
    late = Folder(tmp_path / "late")
    late.path.mkdir()
    for path in _paths(two)[3:]:
        late.put(path.name, path.read_bytes())
    # As it is: nobody comes back from deltas alone.
    (gap,) = gaps.gaps(late, SEAL)
    assert (gap.missing, gap.since) == (((1, 3),), None)
    asking.ask_base(two.folder / "state")
    two.turn()
    late.put(_paths(two)[5].name, _paths(two)[5].read_bytes())
    assert gaps.gaps(late, SEAL) == []


def test_place_that_goes_away_meanwhile_has_no_gap(two: Site, monkeypatch: pytest.MonkeyPatch):
    store = FolderStore(two.folder / "store")
    store.prepare()
    for path in _paths(two):
        store.put("journal", path.name, path.read_bytes())
    assert gaps.gaps(Shelf(store), SEAL) == []
    get, calls = FolderStore.get, [0]

    def away(self: FolderStore, *words: Any) -> bytes:
        calls[0] += 1
        if calls[0] > 5:
            raise Unreachable
        return get(self, *words)

    monkeypatch.setattr(FolderStore, "get", away)
    with pytest.raises(OSError, match=r"\w"):
        gaps.gaps(Shelf(store), SEAL)
    with pytest.raises(OSError, match=r"\w"):
        gaps.gaps(Folder(two.folder / "nowhere"), SEAL)


def test_fork_that_opens_is_not_the_step_that_is_gone(two: Site):
    """Its number is there, and belongs to another future."""
    path = _paths(two)[2]
    thing = deltas.opened(path.name, path.read_bytes(), SEAL)
    other = SEAL.close(deltas.pack(replace(thing.head, previous="0" * 64), thing.pages))
    path.unlink()
    two.carriers[0].put(deltas.name_of(3, other), other)
    (gap,) = look(two)
    assert (gap.missing, gap.damaged) == (((3, 3),), ())
