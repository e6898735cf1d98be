"""Old steps go from a folder by the rule; what is left makes the database as before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from quenotte.devices.journal import mending, retiring
from quenotte.devices.journal.retiring import KEPT
from tests.devices.journal.site import SEAL, Site


def chain(site: Site, clock: Any, days: int) -> None:
    """Work some days, each with a base of its own at its beginning."""
    for _ in range(days):
        clock.shift(timedelta(days=1))
        site.write()
        site.turn()
        mending.renew(site.shipper.end, site.shipper._watch)
        site.deliver()
        for _ in range(3):
            site.write()
            site.turn()


def retired(site: Site, **wish: Any) -> int:
    now = datetime.now(UTC)
    folder = site.carriers[0].path
    usual: dict[str, Any] = {"covered": retiring.last_in(folder), "now": now}
    return retiring.retire(folder, SEAL, **usual | wish)


def test_steps_before_a_base_that_is_old_enough_go(site: Site, frozen_clock: Any):
    folder: Path = site.carriers[0].path
    chain(site, frozen_clock, KEPT.days)
    assert retired(site) == 0
    before = len(list(site.carriers[0].names()))

    frozen_clock.shift(timedelta(days=1))
    first = sorted(site.carriers[0].names())
    gone = retired(site)
    assert gone > 0
    assert sorted(site.carriers[0].names()) == first[gone:]
    assert site.kinds()[0] == "base"
    assert (retired(site), len(list(folder.iterdir()))) == (0, before - gone)
    assert site.replayed_dump() == site.dump()
    # The journal goes on, after a start too, and asks for nothing again.
    site.write()
    site.turn()
    site.restart()
    site.turn()
    assert site.replayed_dump() == site.dump()
    assert site.kinds().count("base") == KEPT.days


def test_nothing_goes_beyond_what_was_proved(site: Site, frozen_clock: Any):
    chain(site, frozen_clock, 3)
    first = min(int(name[:12]) for name in site.carriers[0].names())
    frozen_clock.shift(KEPT * 3)
    # A copy of before them all, whatever date it bears.
    assert retired(site, covered=0) == 0
    assert retired(site, covered=first) == 0
    assert retired(site) > 0
    # However old the last chain is, it stays: it alone leads to the end.
    assert site.replayed_dump() == site.dump()


def test_journal_that_goes_elsewhere_by_now_goes_whole(site: Site, frozen_clock: Any):
    chain(site, frozen_clock, 2)
    assert retired(site, is_over=True) == 0
    frozen_clock.shift(KEPT * 2)
    last = retiring.last_in(site.carriers[0].path)
    assert retired(site, covered=0, is_over=True) == 0
    assert retired(site, covered=last - 1, is_over=True) < last
    assert retired(site, is_over=True) > 0
    assert list(site.carriers[0].names()) == []
    assert retired(site) == 0


def test_what_is_held_is_told(site: Site, tmp_path: Path):
    site.turn()
    ((_at, size),) = retiring.held(site.carriers[0].path)
    assert size > 0
    assert retiring.held(tmp_path / "nowhere") == []
    assert retiring.last_in(site.carriers[0].path) == 1
    assert retiring.last_in(tmp_path / "nowhere") == 0
