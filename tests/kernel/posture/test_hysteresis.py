from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.hysteresis import Damping, Event, Memory, look, observe, rested
from quenotte.kernel.posture.terms import State
from tests.kernel.posture.samples import DAY, HOUR, NOW

MINUTE = timedelta(minutes=1)
THREE = Damping(opens_after=3, opens_within=None, closes_after=2, flaps=4)
HALF_HOUR = Damping(opens_after=None, opens_within=30 * MINUTE)
OK, BAD, UNKNOWN = State.OK, State.BAD, State.UNKNOWN


def play(seen, damping, *, memory=None, every=5 * MINUTE, start=NOW):
    """Return what is remembered and told after observations at a pace."""
    memory, told = memory or Memory(), []
    for number, state in enumerate(seen):
        memory, event = observe(memory, state, start + number * every, damping)
        told.append(event)
    return memory, told


def events(seen, damping, **how):
    return [event for event in play(seen, damping, **how)[1] if event]


def test_one_bad_observation_is_no_finding():
    assert events([BAD, OK, BAD, BAD, OK], THREE) == []


def test_finding_opens_at_the_third_and_closes_at_the_second():
    memory, told = play([BAD, BAD, BAD, BAD, OK, OK, OK], THREE)
    assert told == [None, None, Event.OPENED, None, None, Event.CLOSED, None]
    assert not memory.is_open


def test_time_alone_opens_a_finding():
    memory, told = play([BAD], HALF_HOUR)
    assert told == [None]
    assert memory.opens_at(HALF_HOUR) == NOW + 30 * MINUTE
    assert look(memory, NOW + 29 * MINUTE, HALF_HOUR) == (memory, None)
    opened, event = look(memory, NOW + 30 * MINUTE, HALF_HOUR)
    assert event is Event.OPENED
    assert opened.opens_at(HALF_HOUR) is None
    assert look(opened, NOW + DAY, HALF_HOUR) == (opened, None)


def test_time_alone_opens_nothing_where_it_does_not_count():
    memory, _ = play([BAD], THREE)
    assert memory.opens_at(THREE) is None
    assert look(memory, NOW + DAY, THREE) == (memory, None)


def test_what_is_unknown_proves_neither_fault_nor_repair():
    assert events([BAD, UNKNOWN, BAD, UNKNOWN, BAD], THREE) == [Event.OPENED]
    assert events([BAD, BAD, BAD, *[UNKNOWN] * 9, OK, UNKNOWN, OK], THREE) == [
        Event.OPENED,
        Event.CLOSED,
    ]
    assert events([UNKNOWN] * 50, HALF_HOUR) == []


def test_bad_that_went_unknown_still_opens_with_time():
    assert events([BAD, *[UNKNOWN] * 6], HALF_HOUR) == [Event.OPENED]


def test_flapping_is_told_once_a_window_and_closes_nothing():
    memory, told = play([BAD, OK] * 50, THREE)
    assert [event for event in told if event] == [Event.UNSTABLE]
    assert memory.is_open
    assert events([OK, OK], THREE, memory=memory, start=NOW + 500 * MINUTE) == []


def test_flapping_that_lasts_is_told_again_the_next_day():
    told = events([BAD, OK] * 12 * 24, THREE)
    assert told == [Event.UNSTABLE, Event.UNSTABLE]


def test_finding_closes_once_it_is_calm_again():
    memory, _ = play([BAD, OK] * 5, THREE)
    later = NOW + 2 * DAY
    assert events([OK, OK], THREE, memory=memory, start=later) == [Event.CLOSED]


def test_clock_that_went_back_changes_no_order():
    memory, _ = play([BAD, BAD], HALF_HOUR, every=-HOUR)
    assert memory.bad_since == memory.last_at == NOW


def test_end_of_a_window_counts_anew():
    memory, _ = play([BAD, BAD], THREE)
    assert events([BAD, BAD, BAD], THREE, memory=rested(memory)) == [Event.OPENED]
    assert events([BAD, BAD], THREE, memory=rested(memory)) == []


def test_end_of_a_window_forgets_no_finding():
    memory, _ = play([BAD] * 3, THREE)
    assert rested(memory).is_open
    assert rested(rested(memory)) == rested(memory)


DAMPINGS = st.builds(
    Damping,
    opens_after=st.integers(1, 5) | st.none(),
    opens_within=st.integers(1, 100).map(lambda n: n * MINUTE) | st.none(),
    closes_after=st.integers(1, 4),
    flaps=st.integers(2, 6),
    flap_window=st.integers(10, 300).map(lambda n: n * MINUTE),
)
STEPS = st.lists(st.tuples(st.sampled_from(State), st.integers(0, 60)), max_size=80)


@given(DAMPINGS, STEPS)
def test_what_is_told_follows_what_is_open(damping, steps):
    memory, at, told_at = Memory(), NOW, None
    for state, minutes in steps:
        at += minutes * MINUTE
        was_open = memory.is_open
        memory, event = observe(memory, state, at, damping)
        if event is Event.UNSTABLE:
            assert told_at is None or at - told_at >= damping.flap_window
            told_at = at
        assert (event is Event.CLOSED) is (was_open and not memory.is_open)
        assert (event in {Event.OPENED, Event.UNSTABLE}) or memory.is_open <= was_open
        assert event is not Event.OPENED or not was_open
        assert len(memory.flips) <= damping.flaps
        assert not (memory.bad_run and memory.good_run)


@given(DAMPINGS, STEPS)
def test_lasting_state_wins_in_the_end(damping, steps):
    memory, at = Memory(), NOW
    for state, minutes in steps:
        at += minutes * MINUTE
        memory, _ = observe(memory, state, at, damping)
    calm = at + damping.flap_window
    good, _ = play([OK] * 5, damping, memory=memory, start=calm)
    assert not good.is_open
    bad, _ = play([BAD] * 30, damping, memory=memory, start=calm)
    assert bad.is_open or (damping.opens_after, damping.opens_within) == (None, None)
