from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture import storms as guard
from quenotte.kernel.posture.storms import LONG, TOGETHER, Quiet
from tests.kernel.posture.samples import NOW

MINUTE = timedelta(minutes=1)
#: When the guard looks: all that is told below happened before.
LATER = NOW + 90 * MINUTE
FLEET = Counter({"Orange": 600, "Free": 300, "Bouygues": 100})


def storms(silent, fleet, standing=(), *, now=LATER):
    return guard.storms(silent, fleet, standing, now=now)


def quiet(count, *, network="Orange", every=MINUTE / 60, first=0, a_practice=4):
    """Return machines that fell silent one after the other."""
    return [
        Quiet(
            f"{network}-{number}",
            f"cabinet-{network}-{number // a_practice}",
            network,
            NOW + number * every,
        )
        for number in range(first, first + count)
    ]


def test_more_than_a_twentieth_within_ten_minutes_is_a_storm():
    assert storms(quiet(50), FLEET) == []
    (storm,) = storms(quiet(51), FLEET)
    assert (storm.network, storm.since, len(storm.machines), storm.blown) == ("", NOW, 51, 51)


def test_as_many_over_an_hour_are_none():
    assert storms(quiet(60, every=MINUTE), FLEET) == []


def test_storm_is_the_ten_minutes_in_which_most_fell_silent():
    early = quiet(20, network="Free", every=MINUTE)
    (storm,) = storms([*quiet(80, every=-MINUTE / 60), *early], FLEET)
    assert len(storm.machines) == 89
    assert storms([], FLEET) == []


def test_more_than_half_of_a_network_is_a_storm_of_its_own():
    every = MINUTE / 3
    assert storms(quiet(50, network="Bouygues", every=every), FLEET) == []
    (storm,) = storms(quiet(51, network="Bouygues", every=every), FLEET)
    assert storm.network == "Bouygues"


def test_as_many_of_a_network_over_an_hour_are_none():
    assert storms(quiet(60, network="Bouygues", every=MINUTE), FLEET) == []


def test_unknown_network_is_no_network():
    assert storms(quiet(30, network="", every=5 * MINUTE), Counter({"": 40})) == []


def test_network_that_nobody_counted_is_whole():
    (storm,) = storms(quiet(12, network="Starlink", every=MINUTE), FLEET)
    assert storm.network == "Starlink"


def test_fuse_of_one_practice_is_no_storm():
    assert storms(quiet(30, a_practice=15), Counter({"Orange": 40})) == []
    assert storms(quiet(9), Counter({"Orange": 9})) == []


def test_network_and_fleet_do_not_share_machines():
    found = storms([*quiet(100), *quiet(90, network="Bouygues")], FLEET)
    assert [(one.network, len(one.machines)) for one in found] == [("Bouygues", 90), ("", 100)]


def test_storm_lasts_until_most_are_back():
    down = quiet(400)
    before = storms(down, FLEET)
    (still,) = storms(down[:80], FLEET, before)
    assert (len(still.machines), still.blown, still.over_at) == (80, 400, None)
    # The last ones come back within minutes: nobody is told of them in the meantime.
    ending = storms(down[:79:2], FLEET, before)
    assert [(len(one.machines), one.over_at) for one in ending] == [(40, LATER)]
    again = storms(down[:30], FLEET, ending, now=LATER + TOGETHER - MINUTE)
    assert [(len(one.machines), one.over_at) for one in again] == [(30, LATER)]
    assert storms(down[:30], FLEET, again, now=LATER + TOGETHER) == []
    assert storms([], FLEET, before) == []


def test_storm_that_was_nearly_over_goes_on_when_it_is_not():
    down = [*quiet(400), *quiet(100, network="Free")]
    ending = storms(down[:70], FLEET, storms(down[:400], FLEET))
    (ended,) = ending
    assert ended.over_at == LATER
    (still,) = storms(down[:100], FLEET, ending, now=LATER + TOGETHER)
    assert still.over_at is None


def test_who_falls_silent_later_behind_the_same_network_belongs_to_it():
    before = storms(quiet(301), FLEET)
    assert [(one.network, one.blown) for one in before] == [("Orange", 301)]
    found = storms(quiet(580), FLEET, before)
    assert [(one.network, len(one.machines), one.blown) for one in found] == [("Orange", 580, 580)]


def test_storm_of_the_fleet_takes_in_who_falls_silent_within_its_minutes():
    before = storms(quiet(51), FLEET)
    late = quiet(5, network="Free", first=1190)
    found = storms([*quiet(51), *late], FLEET, before)
    assert [(one.network, len(one.machines)) for one in found] == [("", 56)]
    other = quiet(5, network="Free", first=1205)
    assert len(storms([*quiet(51), *other], FLEET, before)[0].machines) == 51


def test_two_standing_storms_share_nobody():
    both = [*quiet(51), *quiet(90, network="Bouygues")]
    before = storms(both, FLEET)
    again = storms([*both, *quiet(95, network="Bouygues", first=0)[90:]], FLEET, before)
    assert [(one.network, len(one.machines)) for one in again] == [("Bouygues", 95), ("", 51)]


def test_who_falls_silent_elsewhere_is_no_part_of_it():
    before = storms(quiet(400), FLEET)
    found = storms([*quiet(400), *quiet(10, network="Free")], FLEET, before)
    assert [len(one.machines) for one in found] == [400]


def test_who_falls_silent_an_hour_later_has_a_fault_of_its_own():
    before = storms(quiet(400), FLEET)
    late = Quiet("Orange-late", "cabinet-other", "Orange", NOW + 60 * MINUTE)
    (still,) = storms([*quiet(400), late], FLEET, before)
    assert (len(still.machines), still.blown) == (400, 400)


def test_second_wave_of_a_network_joins_the_storm_that_stands():
    first = quiet(400)
    before = storms(first, FLEET)
    second = [
        Quiet(f"wave-{one.machine}", one.practice, "Orange", NOW + 60 * MINUTE)
        for one in quiet(301)
    ]
    (still,) = storms([*first, *second], FLEET, before)
    assert (still.since, len(still.machines), still.blown) == (NOW, 701, 701)


def test_second_wave_of_a_storm_that_lasts_begins_it_anew():
    before = storms(quiet(400), FLEET)
    begun = NOW + LONG + 60 * MINUTE
    second = [Quiet(f"wave-{one.machine}", one.practice, "Orange", begun) for one in quiet(301)]
    (still,) = storms([*quiet(400), *second], FLEET, before, now=begun + 45 * MINUTE)
    assert (still.since, len(still.machines), still.blown) == (begun, 701, 701)


def test_storm_lasts_as_long_as_its_machines_are_silent():
    down = quiet(400)
    before = storms(down, FLEET)
    for hours in (4, 5, 72):
        (still,) = storms(down, FLEET, before, now=NOW + hours * 60 * MINUTE)
        assert (still.since, len(still.machines)) == (NOW, 400)
    # Nobody knew of it: it is none any more.
    assert storms(down, FLEET, now=NOW + LONG + 10 * MINUTE) == []


def test_few_that_stay_silent_for_long_are_no_storm():
    down = quiet(36, a_practice=12)
    fleet = Counter({"Orange": 40})
    before = storms(down, fleet)
    assert [one.blown for one in before] == [36]
    few, narrow = down[::4], down[:24]
    assert len(storms(few, fleet, before, now=NOW + LONG - MINUTE)) == 1
    assert storms(few, fleet, before, now=NOW + LONG) == []
    assert storms(narrow, fleet, before, now=NOW + LONG) == []


def away(count, *, network="Orange", first=0, every=MINUTE / 60, heard=False):
    """Return workstations that did not come back in the morning."""
    return [
        replace(one, is_sudden=False, is_line_heard=heard)
        for one in quiet(count, network=network, first=first, every=every)
    ]


def test_most_of_a_network_that_do_not_come_back_in_the_morning_are_a_storm():
    # The practices open over an hour.
    every = MINUTE * 60 / 51
    assert storms(away(50, network="Bouygues", every=every), FLEET) == []
    (storm,) = storms(away(51, network="Bouygues", every=every), FLEET)
    assert (storm.network, len(storm.machines)) == ("Bouygues", 51)


def test_ordinary_morning_is_none():
    # A quarter of the workstations are not switched on, all over the fleet.
    late = [*away(150), *away(75, network="Free"), *away(25, network="Bouygues")]
    assert storms(late, FLEET) == []


def test_who_is_off_where_another_one_is_heard_is_behind_no_dead_line():
    assert storms(away(90, network="Bouygues", heard=True), FLEET) == []
    (storm,) = storms([*away(60, network="Bouygues"), *away(10, heard=True)], FLEET)
    assert len(storm.machines) == 60


def test_most_of_the_whole_fleet_is_one_storm():
    all_of_them = [*away(500), *away(250, network="Free"), *away(90, network="Bouygues")]
    (storm,) = storms(all_of_them, FLEET)
    assert (storm.network, len(storm.machines)) == ("", 840)


def test_storm_of_the_night_takes_in_who_does_not_come_back_in_the_morning():
    servers = quiet(301)
    before = storms(servers, FLEET)
    morning = [
        replace(one, machine=f"post-{one.machine}", last_seen_at=NOW + 7 * 60 * MINUTE)
        for one in [*away(200), *away(20, network="Free")]
    ]
    (still,) = storms([*servers, *morning], FLEET, before, now=NOW + 8 * 60 * MINUTE)
    assert (still.network, still.since, len(still.machines)) == ("Orange", NOW, 501)


@given(
    st.lists(
        st.builds(
            Quiet,
            st.integers(0, 200).map(str),
            st.integers(0, 9).map(str),
            st.sampled_from(["", "Orange", "Free"]),
            st.integers(0, 60).map(lambda minutes: NOW + minutes * MINUTE),
        ),
        unique_by=lambda one: one.machine,
        max_size=80,
    ),
    st.integers(1, 400),
)
def test_no_machine_is_in_two_storms(silent, size):
    fleet = Counter({"Orange": size, "Free": size})
    found = storms(silent, fleet)
    names = [name for one in found for name in one.machines]
    assert len(names) == len(set(names))
    assert set(names) <= {one.machine for one in silent}
    again = storms(silent, fleet, found)
    for before, after in zip(found, again, strict=False):
        assert (before.network, before.since) == (after.network, after.since)
        assert before.machines <= after.machines
    names = [name for one in again for name in one.machines]
    assert len(names) == len(set(names))
