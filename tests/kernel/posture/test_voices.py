from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.silence import CADENCES
from quenotte.kernel.posture.voices import OUTLIVED, Around, Voice, blind_for, listen
from tests.kernel.posture.samples import HOURS, PARIS

MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE


def paris(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


def voices(**heard: datetime) -> list[Voice]:
    return [Voice(agent, at) for agent, at in heard.items()]


def test_agent_that_died_alone_is_silent_and_the_machine_is_not():
    both = voices(station=paris(17, 9), practice=paris(17, 9, 40))
    before = listen(both, Around(paris(17, 9, 40)), paris(17, 9, 44))
    assert (before.machine.is_silent, before.silent) == (False, frozenset())
    assert before.look_at == paris(17, 9, 45)
    found = listen(both, Around(paris(17, 9, 40)), paris(17, 9, 45))
    assert (found.machine.is_silent, found.silent) == (False, frozenset({"station"}))
    # Of the companion something is heard; the other is waited for.
    assert found.look_at == paris(17, 10, 25)


def test_agents_that_stop_together_are_a_machine_that_stops():
    both = voices(station=paris(17, 9), practice=paris(17, 9, 4))
    around = Around(paris(17, 9, 4))
    found = listen(both, around, paris(17, 9, 46))
    assert (found.machine.is_silent, found.silent) == (False, frozenset())
    assert found.look_at == paris(17, 9, 49)
    found = listen(both, around, paris(17, 9, 49))
    assert (found.machine.is_silent, found.silent) == (True, frozenset())
    assert found.machine.is_sudden


def test_machine_with_an_inventory_agent_is_missed_as_soon_as_its_companion():
    both = voices(station=paris(17, 11), glpi=paris(17, 9))
    found = listen(both, Around(paris(17, 11)), paris(17, 11, 45))
    assert (found.machine.is_silent, found.silent) == (True, frozenset())


def test_companion_that_is_known_to_be_silent_is_not_waited_for():
    both = voices(station=paris(17, 9), glpi=paris(17, 10))
    found = listen(both, Around(paris(17, 10)), paris(17, 15))
    assert (found.machine.is_silent, found.silent) == (False, frozenset({"station"}))
    # A day and eight hours: the inventory agent is all that is left to be heard.
    assert found.machine.alert_after == found.look_at == paris(18, 18)


def test_inventory_agent_is_expected_once_a_day_and_by_opening_hours():
    # Heard on Friday at ten; expected on Monday at eight, and for eight hours of opening.
    both = voices(station=paris(16, 17, 55), glpi=paris(13, 10))
    before = listen(both, Around(paris(16, 17, 55), HOURS), paris(16, 17, 59))
    assert (before.silent, before.look_at) == (frozenset(), paris(16, 18))
    assert listen(both, Around(paris(16, 17, 55), HOURS), paris(16, 18)).silent == {"glpi"}


def test_night_is_no_silence_of_an_agent():
    both = voices(station=paris(16, 18, 40), osquery=paris(17, 6))
    assert not listen(both, Around(paris(17, 6), HOURS), paris(17, 8)).silent
    # Fifteen minutes of the evening, and the rest of forty in the morning.
    assert not listen(both, Around(paris(17, 8, 20), HOURS), paris(17, 8, 24)).silent
    assert listen(both, Around(paris(17, 8, 20), HOURS), paris(17, 8, 25)).silent == {"station"}
    # A server has no night.
    assert listen(both, Around(paris(17, 6)), paris(17, 6, 1)).silent == {"station"}


def test_machine_that_is_back_gives_its_agents_their_patience_anew():
    # Off since Friday, on again on Tuesday at eight: the inventory agent had no chance to speak.
    both = voices(station=paris(17, 8, 5), glpi=paris(13, 10))
    now = paris(17, 8, 6)
    assert listen(both, Around(paris(17, 8, 5), HOURS), now).silent == {"glpi"}
    back = Around(paris(17, 8, 5), HOURS, back_at=paris(17, 8, 5))
    assert not listen(both, back, now).silent
    both = voices(station=paris(17, 18), glpi=paris(13, 10))
    late = Around(paris(17, 18), HOURS, back_at=paris(17, 8, 5))
    assert not listen(both, late, paris(17, 18, 4)).silent
    assert listen(both, late, paris(17, 18, 5)).silent == {"glpi"}


def test_no_silence_counts_from_before_the_end_of_a_window():
    both = voices(station=paris(17, 9), practice=paris(17, 12))
    around = Around(paris(17, 12), counts_from=paris(17, 11, 30))
    assert not listen(both, around, paris(17, 12, 14)).silent
    assert listen(both, around, paris(17, 12, 15)).silent == {"station"}


def test_who_is_left_is_waited_for_though_another_that_is_gone_spoke_last():
    # Its other agent was revoked at ten.
    left = voices(station=paris(17, 8))
    found = listen(left, Around(paris(17, 10)), paris(17, 10, 30))
    assert (found.machine.is_silent, found.silent) == (False, frozenset({"station"}))
    found = listen(left, Around(paris(17, 10)), paris(17, 10, 45))
    assert (found.machine.is_silent, found.silent) == (True, frozenset())


def test_server_whose_rare_agent_is_left_is_unheard_for_a_day_and_more():
    at = paris(16, 9)
    station, inventory, osquery = (Voice(one, at) for one in ("station", "glpi", "osquery"))
    assert blind_for([station, inventory], {"station"}) == timedelta(hours=32)
    assert blind_for([station, inventory, osquery], {"station"}) is None
    assert blind_for([station, inventory], {"glpi"}) is None
    assert blind_for([station, inventory], set()) is None
    assert blind_for([inventory], set()) is None


@pytest.mark.parametrize("agent", sorted(CADENCES))
def test_one_agent_alone_is_its_machine(agent: str):
    cadence, patience = CADENCES[agent]
    at = paris(16, 9)
    for after in (timedelta(), cadence, cadence + patience, 2 * (cadence + patience)):
        found = listen([Voice(agent, at)], Around(at), at + after)
        assert not found.silent
        assert found.machine.is_silent == (after >= cadence + patience)


@given(
    st.dictionaries(st.sampled_from(sorted(CADENCES)), st.integers(0, 5_000), min_size=1),
    st.integers(0, 5_000),
)
def test_nothing_is_told_twice_and_nobody_is_looked_at_too_late(
    minutes: dict[str, int], after: int
):
    first = paris(16, 9)
    told = [Voice(agent, first + at * MINUTE) for agent, at in minutes.items()]
    last = max(one.at for one in told)
    now = last + after * MINUTE
    found = listen(told, Around(last, HOURS), now)
    assert not (found.machine.is_silent and found.silent)
    assert all(last - one.at >= OUTLIVED for one in told if one.agent in found.silent)
    # Whoever was heard last is never silent alone.
    assert not found.silent & {one.agent for one in told if one.at == last}
    if not found.machine.is_silent:
        assert now < found.look_at <= found.machine.alert_after
